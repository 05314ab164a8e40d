"""A picture as a mail carries it: the bytes, what it is called inside the mail, and its words."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG. `alt` states what it shows; `width` and `height` are as shown, in CSS pixels."""

    name: str  # unique within a mail: the part of its Content-ID before the @
    png: bytes
    alt: str
    width: int
    height: int

    @property
    def cid(self) -> str:
        """Its Content-ID, without the angle brackets."""
        return f"{self.name}@pictures.invalid"


def data_address(png: bytes) -> str:
    """The picture as a `data:` address, for pages that stand alone; no mail uses it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def standing_alone(html: str, enclosed: Iterable[tuple[str, bytes]]) -> str:
    """The HTML of a mail as a page of its own: pictures, by Content-ID, stand in it as data."""
    for cid, png in enclosed:
        html = html.replace(f'"cid:{cid}"', f'"{data_address(png)}"')
    return html

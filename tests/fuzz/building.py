"""Parts of documents of any size, for the families that make careless readers slow."""

from __future__ import annotations

import json
from collections.abc import Callable

Builder = Callable[[int], bytes]

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ITEM = "<guid>a</guid><link>https://feeds.example/a</link><pubDate>2026-01-02T03:04:05Z</pubDate>"


def rss(inside: str, head: str = "") -> bytes:
    """An RSS document around the elements of a channel."""
    return (
        f"<rss version='2.0'{head}><channel><title>t</title>"
        f"<link>https://feeds.example/</link>{inside}</channel></rss>"
    ).encode()


def item(inside: str) -> str:
    """An item with an id, a link and a date beside what is given."""
    return f"<item>{ITEM}{inside}</item>"


def titled(text: str) -> bytes:
    """RSS with one item whose title is this text, as CDATA."""
    return rss(item(f"<title><![CDATA[{text}]]></title>"))


def described(text: str) -> bytes:
    """RSS with one item whose description is this text, as CDATA."""
    return rss(item(f"<title>t</title><description><![CDATA[{text}]]></description>"))


def alert(fields: str, info: str = "", area: str = "") -> bytes:
    """A CAP alert around further fields, parts of its block and parts of its area."""
    return (
        f"<alert xmlns='{CAP}'><identifier>i</identifier><sender>s</sender>"
        "<sent>2026-01-02T03:04:05+00:00</sent><status>Actual</status><msgType>Update</msgType>"
        f"{fields}<info><event>Flood</event><headline>h</headline>{info}"
        f"<area><areaDesc>a</areaDesc>{area}</area></info></alert>"
    ).encode()


def filled(part: str, size: int) -> str:
    return part * (size // len(part.encode()))


def many(pattern: str, size: int) -> str:
    """`pattern` with a running number, as often as fits."""
    return "".join(pattern.format(n) for n in range(size // len(pattern.encode())))


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def features(count: int, **members: object) -> bytes:
    one = {"type": "Feature", "id": "a", "properties": {"mag": 5, "ids": ",a,"}} | members
    return as_json(
        {"type": "FeatureCollection", "features": [one | {"id": n} for n in range(count)]}
    )


def feed(**members: object) -> bytes:
    return as_json(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a"} | dict(members)]}
    )

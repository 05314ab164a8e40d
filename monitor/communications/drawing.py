"""A picture as plain values: lines, marks and words on a white ground, and the SVG of them.

Lengths are pixels; the origin is the upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape, quoteattr

_FONT = "Sarabun, 'Noto Sans Thai', 'Leelawadee UI', Tahoma, 'Noto Sans', sans-serif"

Anchor = Literal["start", "middle", "end"]
Form = Literal["diamond", "circle", "square"]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled mark around a point."""

    form: Form
    x: float
    y: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `y` is where the letters stand."""

    x: float
    y: float
    text: str
    size: int
    colour: str
    bold: bool = False
    anchor: Anchor = "start"


Part: TypeAlias = "Line | Shape | Words"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The parts in the order in which they are drawn; `title` says what is seen."""

    width: int
    height: int
    title: str
    language: str
    parts: tuple[Part, ...]


def svg(of: Drawing) -> str:
    """The drawing as a file that needs nothing from outside."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {of.width} {of.height}" '
        f'width="{of.width}" height="{of.height}" lang="{of.language}" role="img" '
        f"aria-label={quoteattr(of.title)} font-family={quoteattr(_FONT)}>\n"
        f'<rect width="{of.width}" height="{of.height}" fill="#ffffff"/>\n'
        + "\n".join(_element(part) for part in of.parts)
        + "\n</svg>\n"
    )


def diamond(of: Shape) -> tuple[tuple[float, float], ...]:
    """The corners of a diamond."""
    return ((of.x, of.y - 12), (of.x + 12, of.y), (of.x, of.y + 12), (of.x - 12, of.y))


def _element(of: Part) -> str:
    if isinstance(of, Line):
        dashes = ' stroke-dasharray="3 4"' if of.dashed else ""
        return (
            f'<line x1="{of.x1:.1f}" y1="{of.y1:.1f}" x2="{of.x2:.1f}" y2="{of.y2:.1f}" '
            f'stroke="{of.colour}" stroke-width="{of.width:g}"{dashes}/>'
        )
    if isinstance(of, Shape):
        return _shape(of)
    anchor = f' text-anchor="{of.anchor}"' if of.anchor != "start" else ""
    weight = ' font-weight="bold"' if of.bold else ""
    return (
        f'<text x="{of.x:.1f}" y="{of.y:.1f}" font-size="{of.size}" fill="{of.colour}"'
        f"{anchor}{weight}>{escape(of.text)}</text>"
    )


def _shape(of: Shape) -> str:
    if of.form == "diamond":
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in diamond(of))
        return f'<polygon points="{points}" fill="{of.colour}"/>'
    if of.form == "circle":
        return f'<circle cx="{of.x:.1f}" cy="{of.y:.1f}" r="10" fill="{of.colour}"/>'
    return (
        f'<rect x="{of.x - 10:.1f}" y="{of.y - 10:.1f}" width="20" height="20" fill="{of.colour}"/>'
    )

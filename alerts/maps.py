"""A small map as a PNG: where it happened, and our missions around it.

Drawn here because a mail loads nothing from elsewhere. The picture stays readable when a mail
program inverts colours: its ground is opaque, its marks differ in shape and have white edges.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from alerts.outlines import rings
from storage.records import Level

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDTH, HEIGHT = 1120, 600  # shown at half of it, sharp on a phone
_TEXT = 36  # legible where a phone shows the map 330 pixels wide
LEAST_KM = 500.0  # from the middle to the edge
_KM_A_DEGREE = 111.2
_SEA, _LAND, _BORDER, _GRID = "#d5e1ea", "#f7f4ec", "#8c8a84", "#c3d0da"
_INK, _WHITE, _MISSION = "#1d1d1b", "#ffffff", "#0b5394"
_COLOURS = {
    Level.FLASH: "#8B1A1A",
    Level.ALERT: "#B34700",
    Level.WATCH: "#7A5C00",
    Level.INFO: "#00558C",
}
_BARS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_STEPS = (0.5, 1, 2, 5, 10, 20, 30)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place, in degrees. `level` None is a mission, else an event of that level.

    `over`: the event is withdrawn, lifted or closed, and its mark is hollow.
    `label` stands inside the mark of an event (a number) and beside a mission (its city), in
    Latin letters; others are left out.
    """

    lat: float
    lon: float
    level: Level | None = None
    label: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the map shows, in degrees; `east` is past 180 where it crosses the date line."""

    south: float
    west: float
    north: float
    east: float


def bounds_around(marks: Sequence[Mark], *, least_km: float = LEAST_KM) -> Bounds:
    """Bounds that hold all marks with some room, at least `least_km` from the middle each way.

    Raises ValueError without any mark.
    """
    if not marks:
        raise ValueError("a map needs at least one mark")
    first = marks[0]
    lons = [first.lon + _turned(each.lon - first.lon) for each in marks]
    lats = [min(max(each.lat, -85.0), 85.0) for each in marks]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    narrow = max(math.cos(math.radians(lat)), 0.1)
    high = max((max(lats) - min(lats)) * 0.68, least_km / _KM_A_DEGREE * HEIGHT / WIDTH)
    wide = max((max(lons) - min(lons)) * 0.62 * narrow, least_km / _KM_A_DEGREE)
    wide = max(wide, high * WIDTH / HEIGHT)
    high = wide * HEIGHT / WIDTH
    return Bounds(lat - high, lon - wide / narrow, lat + high, lon + wide / narrow)


@lru_cache(maxsize=32)
def region_map(marks: tuple[Mark, ...], *, bounds: Bounds) -> bytes:
    """A PNG of 1120 × 600 pixels, about 15 kB. Raises OSError, ValueError or ImportError.

    The last 32 are remembered: everybody who is told of an incident gets the same picture.
    """
    from PIL import Image, ImageDraw, ImageFont  # only a mail with a map needs them

    image = Image.new("RGB", (WIDTH, HEIGHT), _SEA)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=_TEXT)
    view = _View(bounds)
    for turn in (-360.0, 0.0, 360.0):
        for ring in rings():
            if not view.sees(ring.west + turn, ring.south, ring.east + turn, ring.north):
                continue
            dots = list(map(tuple, view.pixels(ring.points, turn).tolist()))
            pen.polygon(dots, fill=_SEA if ring.hole else _LAND)
            pen.line(dots, fill=_BORDER, width=2)
    _grid(pen, view)
    for mark in sorted(marks, key=lambda each: -1 if each.level is None else each.level):
        if mark.level is None:
            _mission(pen, font, view, mark)
        else:
            _event(pen, font, view, mark, mark.level)
    _scale(pen, font, view)
    pen.rectangle((0, 0, WIDTH - 1, HEIGHT - 1), outline=_BORDER, width=2)
    file = io.BytesIO()
    image.quantize(colors=40, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def warm() -> None:
    """Read now what the first map would read; that there is no map is told by its absence."""
    with suppress(ImportError, OSError, ValueError, KeyError):
        where = (Mark(0.0, 0.0),)
        region_map(where, bounds=bounds_around(where))


class _View:
    """From degrees to pixels: equal steps of latitude, longitude narrowed as in the middle."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.x = WIDTH / max(bounds.east - bounds.west, 1e-6)
        self.y = HEIGHT / max(bounds.north - bounds.south, 1e-6)

    def sees(self, west: float, south: float, east: float, north: float) -> bool:
        of = self.bounds
        return west < of.east and east > of.west and south < of.north and north > of.south

    def pixels(self, points: NDArray[np.float32], turn: float) -> NDArray[np.float32]:
        import numpy as np

        corner = np.array([self.bounds.west - turn, self.bounds.north], dtype=np.float32)
        return (points - corner) * np.array([self.x, -self.y], dtype=np.float32)

    def pixel(self, lat: float, lon: float) -> tuple[float, float]:
        middle = (self.bounds.west + self.bounds.east) / 2
        lon = middle + _turned(lon - middle)
        return (lon - self.bounds.west) * self.x, (self.bounds.north - lat) * self.y


def _grid(pen: ImageDraw, view: _View) -> None:
    of = view.bounds
    wanted = (of.north - of.south) / 3
    step = max((each for each in _STEPS if each <= wanted), default=_STEPS[0])
    for n in range(math.ceil(of.south / step), math.floor(of.north / step) + 1):
        y = (of.north - n * step) * view.y
        pen.line((0, y, WIDTH, y), fill=_GRID, width=1)
    for n in range(math.ceil(of.west / step), math.floor(of.east / step) + 1):
        x = (n * step - of.west) * view.x
        pen.line((x, 0, x, HEIGHT), fill=_GRID, width=1)


def _event(
    pen: ImageDraw, font: FreeTypeFont | ImageFont, view: _View, mark: Mark, level: Level
) -> None:
    x, y = view.pixel(mark.lat, mark.lon)
    rings = [(36, _WHITE), (30, _COLOURS[level])]
    if mark.over:
        rings.append((24, _WHITE))
    for size, colour in rings:
        _shape(pen, level, x, y, size, colour)
    label = _latin(mark.label)[:3]
    if label:
        ink = _COLOURS[level] if mark.over else _WHITE
        pen.text((x, y), label, font=font, fill=ink, anchor="mm")
    elif level is Level.INFO:
        pen.ellipse((x - 17, y - 17, x + 17, y + 17), fill=_WHITE)


def _shape(pen: ImageDraw, level: Level, x: float, y: float, size: float, colour: str) -> None:
    """The shape that stands beside the level's word everywhere: ◆ ▲ ● ○."""
    if level is Level.FLASH:
        pen.polygon([(x, y - size), (x + size, y), (x, y + size), (x - size, y)], fill=colour)
    elif level is Level.ALERT:
        foot = y + 0.7 * size
        pen.polygon([(x, y - 1.1 * size), (x + size, foot), (x - size, foot)], fill=colour)
    else:
        pen.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def _mission(pen: ImageDraw, font: FreeTypeFont | ImageFont, view: _View, mark: Mark) -> None:
    x, y = view.pixel(mark.lat, mark.lon)
    pen.rectangle((x - 16, y - 16, x + 16, y + 16), fill=_WHITE)
    pen.rectangle((x - 12, y - 12, x + 12, y + 12), fill=_MISSION)
    label = _latin(mark.label)[:24]
    left = x + 22 + pen.textlength(label, font=font) > WIDTH - 8
    at, anchor = ((x - 22, y), "rm") if left else ((x + 22, y), "lm")
    pen.text(at, label, font=font, fill=_INK, anchor=anchor, stroke_width=3, stroke_fill=_WHITE)


def _scale(pen: ImageDraw, font: FreeTypeFont | ImageFont, view: _View) -> None:
    a_km = view.y / _KM_A_DEGREE
    km = max((each for each in _BARS if each * a_km <= WIDTH / 4), default=_BARS[0])
    x, y = 24.0, HEIGHT - 24.0
    pen.line((x, y, x + km * a_km, y), fill=_WHITE, width=10)
    pen.line((x, y, x + km * a_km, y), fill=_INK, width=5)
    said = f"{km:,} km"
    pen.text(
        (x, y - 12), said, font=font, fill=_INK, anchor="lb", stroke_width=3, stroke_fill=_WHITE
    )


def _latin(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and sign <= "\u017f").strip()


def _turned(degrees: float) -> float:
    """The same turn, from -180 up to 180."""
    return (degrees + 180.0) % 360.0 - 180.0

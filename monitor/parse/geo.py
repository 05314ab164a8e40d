"""Coordinates as feeds write them, to latitude and longitude in degrees."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?")
_MAX_POINTS = 20_000


def number(raw: object) -> float | None:
    """The first number in a text, or the number itself; None for none, NaN or infinity."""
    if isinstance(raw, bool) or raw is None:
        return None
    if isinstance(raw, int | float):
        value = float(raw) if -1e300 < raw < 1e300 else math.inf
    else:
        match = _NUMBER.search(str(raw)[:200].replace(",", "."))
        if match is None:
            return None
        value = float(match.group())
    return value if math.isfinite(value) else None


def point(lat: object, lon: object) -> tuple[float, float] | None:
    """Latitude and longitude when both are numbers on the globe."""
    north, east = number(lat), number(lon)
    if north is None or east is None or abs(north) > 90 or abs(east) > 360:
        return None
    if east > 180:
        east -= 360
    elif east < -180:
        east += 360
    return north, east


def first_pair(text: str) -> tuple[float, float] | None:
    """The point of a "lat lon" or "lat,lon" text."""
    found = _NUMBER.findall(text[:400])
    return point(found[0], found[1]) if len(found) >= 2 else None


def centre_of_text(text: str) -> tuple[float, float] | None:
    """The middle of a polygon or line written as latitude, longitude pairs."""
    found = [float(value) for value in _NUMBER.findall(text[: _MAX_POINTS * 30])]
    pairs = [point(lat, lon) for lat, lon in zip(found[::2], found[1::2], strict=False)]
    return centre(pair for pair in pairs if pair)


def centre(points: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """The mean of the points, also across the date line; None for no points.

    A ring's closing point that repeats its first one does not count twice.
    """
    ring = list(points)[:_MAX_POINTS]
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    if not ring:
        return None
    lons = [lon for _, lon in ring]
    if max(lons) - min(lons) > 180:
        lons = [lon + 360 if lon < 0 else lon for lon in lons]
    east = sum(lons) / len(lons)
    north = sum(lat for lat, _ in ring) / len(ring)
    return round(north, 4), round(east - 360 if east > 180 else east, 4)


def centre_of_geometry(geometry: object) -> tuple[float, float] | None:
    """The middle of a GeoJSON geometry (its coordinates are longitude first)."""
    found: list[tuple[float, float]] = []
    _collect(geometry, found, 0)
    return centre(found)


def _collect(part: object, found: list[tuple[float, float]], depth: int) -> None:
    if depth > 12 or len(found) > _MAX_POINTS:
        return
    if isinstance(part, dict):
        for name in ("coordinates", "geometries", "geometry"):
            if name in part:
                _collect(part[name], found, depth + 1)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        if len(part) >= 2 and all(isinstance(value, int | float) for value in part[:2]):
            pair = point(part[1], part[0])
            if pair:
                found.append(pair)
            return
        for inner in part:
            _collect(inner, found, depth + 1)

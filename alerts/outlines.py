"""Outlines of countries as rings of longitude and latitude, read from the vendored TopoJSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FILE = "countries-50m.json"
_ROUND_THE_POLE = -85.0


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed line, shape (n, 2), longitude and latitude in degrees; `hole`: water in land.

    One that crosses the date line goes on past 180 or -180.
    """

    points: NDArray[np.float32]
    west: float
    south: float
    east: float
    north: float
    hole: bool


@cache
def rings() -> tuple[Ring, ...]:
    """Every country's rings, land before the holes in it. Raises OSError or ValueError.

    A quarter of a second and 2 MiB at the first call, nothing later.
    """
    import numpy as np  # only a mail with a map needs it

    whole: dict[str, Any] = json.loads(
        files("alerts").joinpath("geography", _FILE).read_text(encoding="utf-8")
    )
    scale = np.array(whole["transform"]["scale"])
    origin = np.array(whole["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in whole["arcs"]]

    def ring(numbers: list[int], hole: bool) -> Ring:
        # A negative number is an arc backwards; each begins where the one before ended.
        parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        points = np.concatenate([part[1:] if place else part for place, part in enumerate(parts)])
        if points[:, 1].min() > _ROUND_THE_POLE:  # across the date line as one piece, past 180
            points[:, 0] = np.unwrap(points[:, 0], period=360)
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        return Ring(
            points.astype(np.float32), float(west), float(south), float(east), float(north), hole
        )

    found = []
    for shape in whole["objects"]["countries"]["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
        for polygon in polygons:
            found += [ring(numbers, place > 0) for place, numbers in enumerate(polygon)]
    return tuple(sorted(found, key=lambda each: each.hole))

"""Where the earth has shaken of late: the earthquakes and tsunamis at hand, by their latitude.

Words lead no notice of a seismic network to its shock, for all its notices have the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from math import floor

from monitor.incidents.geometry import aftershock_radius_km, distance_km
from monitor.incidents.shocks import SAME_KM, is_notice
from monitor.incidents.subject import Subject, figure, first_point
from storage.records import Sketch

SHAKING = frozenset(["EQ", "TS"])
FARTHEST = 9.0  # no greater magnitude's aftershocks are looked for farther away
KM_OF_DEGREE = 111.0
BAND = 2.0  # degrees of latitude, more than SAME_KM


class Shaken:
    """Incidents with a shock, by bands of latitude; those that reach farther than one apart."""

    def __init__(self) -> None:
        self._bands: defaultdict[int, dict[int, Sketch]] = defaultdict(dict)
        self._great: dict[int, Sketch] = {}

    def __len__(self) -> int:
        return len(self._great) + sum(map(len, self._bands.values()))

    def put(self, sketch: Sketch) -> None:
        """Add an incident; one without a point is found in other ways."""
        if sketch.lat is None or sketch.lon is None:
            return
        if _reach_km(sketch) > SAME_KM:
            self._great[sketch.id] = sketch
        else:
            self._bands[floor(sketch.lat / BAND)][sketch.id] = sketch

    def drop(self, sketch: Sketch) -> None:
        """Forget an incident, as it was when it was added."""
        self._great.pop(sketch.id, None)
        if sketch.lat is not None:
            band = floor(sketch.lat / BAND)
            self._bands[band].pop(sketch.id, None)
            if not self._bands[band]:
                del self._bands[band]

    def near(self, subject: Subject) -> Iterator[int]:
        """The incidents of which the item may be, as far as its point tells; none without one.

        A network's notice of an earthquake is of no shock out of reach. Reports are looked at
        within all degrees of latitude that the greatest one's aftershocks may lie apart.
        """
        point = first_point(subject.values.places)
        if point is None:
            return
        if subject.hazard == "EQ" and is_notice(subject):
            band = floor(point[0] / BAND)
            close = (self._bands.get(each, {}) for each in (band - 1, band, band + 1))
            for sketch in chain(self._great.values(), *(each.values() for each in close)):
                if _km(point, sketch) <= _reach_km(sketch):
                    yield sketch.id
            return
        reach = aftershock_radius_km(FARTHEST) / KM_OF_DEGREE
        for sketch in chain(
            self._great.values(), *(each.values() for each in self._bands.values())
        ):
            if sketch.lat is not None and abs(sketch.lat - point[0]) <= reach:
                yield sketch.id


def _km(point: tuple[float, float], sketch: Sketch) -> float:
    return distance_km(*point, sketch.lat or 0.0, sketch.lon or 0.0)


def _reach_km(sketch: Sketch) -> float:
    """How far from it a notice may be of this shock or of an aftershock."""
    known = figure(sketch.figures, "magnitude")
    return SAME_KM if known is None else max(SAME_KM, aftershock_radius_km(known))

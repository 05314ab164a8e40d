"""The incidents that may still take items, and how to find the few that one item may belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from storage.records import Incident, Item, Sketch

TITLES = 8


class Window:
    """The sketches by incident."""

    def __init__(self, sketches: Sequence[Sketch] = ()) -> None:
        self._known = {each.id: each for each in sketches}

    def __iter__(self) -> Iterator[Sketch]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def put(self, sketch: Sketch) -> None:
        self._known[sketch.id] = sketch

    def drop_before(self, since: datetime) -> list[int]:
        gone = [each.id for each in self if each.last_item_at < since]
        for incident_id in gone:
            del self._known[incident_id]
        return gone


def sketch_of(incident: Incident, members: Sequence[Item]) -> Sketch:
    """What linking needs to know of `incident`; its `members` are oldest first."""
    return Sketch(
        id=incident.id,
        number=incident.number,
        hazard=incident.hazard,
        categories=incident.categories,
        countries=incident.countries,
        lat=incident.lat,
        lon=incident.lon,
        event_at=incident.event_at,
        opened_at=incident.opened_at,
        last_item_at=incident.last_item_at,
        level=incident.level,
        exercise=incident.exercise,
        figures=incident.figures,
        titles=tuple(item.values.title for item in reversed(members[-TITLES:])),
    )

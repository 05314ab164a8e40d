"""What linking looks at: one item, with its source's facts and what was read from its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.incidents.places import local
from storage.records import Figure, Item, ItemValues, Place, Reading, Role


@dataclass(frozen=True, slots=True)
class Subject:
    """One item on its way to an incident.

    `events` are its identities that hold across feeds, as (kind, value). `at` is the time of
    what it tells of: of the event where the source gives it, else of publication.
    """

    values: ItemValues
    reading: Reading
    events: tuple[tuple[str, str], ...]
    role: Role
    feed_kind: str
    publisher: str
    speaker: str | None
    seen_at: datetime

    @property
    def hazard(self) -> str | None:
        """The source's own hazard, else the one read from the text."""
        given = self.values.hazard.type if self.values.hazard else None
        return given or self.reading.hazard

    @property
    def at(self) -> datetime:
        """When it happened, as far as the item tells; never later than when we saw it."""
        hazard = self.values.hazard
        told = (hazard.event_at if hazard else None) or self.values.effective_at
        told = told or self.values.published_at
        return min(told, self.seen_at) if told else self.seen_at

    @property
    def event_at(self) -> datetime | None:
        """The source's own time of the event, None when it only has a publication time."""
        return self.values.hazard.event_at if self.values.hazard else None

    @property
    def countries(self) -> tuple[str, ...]:
        """Where the event is: the source's places first, then those read from the text."""
        given = [place.country for place in self.values.places if place.country]
        if self.values.advice and self.values.advice.country:
            given.insert(0, self.values.advice.country)
        return tuple(dict.fromkeys([*given, *self.reading.countries]))

    @property
    def point(self) -> tuple[float, float] | None:
        """A map point: the source's own, else of the first place in the text, no whole country."""
        return first_point(self.values.places) or first_point(local(self.reading.places))

    @property
    def magnitude(self) -> float | None:
        """The magnitude, from the source's facts or its words."""
        if self.values.hazard and self.values.hazard.magnitude is not None:
            return self.values.hazard.magnitude
        return figure(self.reading.figures, "magnitude")

    @property
    def drill(self) -> bool:
        """True when the source or its words say exercise or test."""
        return self.values.status != "actual" or "exercise" in self.reading.flags


def subject_of(item: Item, events: Sequence[tuple[str, str]], seen_at: datetime) -> Subject:
    """The item as linking looks at it, seen at `seen_at`."""
    return Subject(
        values=item.values,
        reading=item.reading,
        events=tuple(events),
        role=item.role,
        feed_kind=item.feed_kind,
        publisher=item.publisher,
        speaker=item.speaker,
        seen_at=seen_at,
    )


def first_point(places: Sequence[Place]) -> tuple[float, float] | None:
    """Latitude and longitude of the first place that has them."""
    for place in places:
        if place.lat is not None and place.lon is not None:
            return place.lat, place.lon
    return None


def figure(figures: Sequence[Figure], kind: str) -> float | None:
    """The largest figure of that kind."""
    return max((each.value for each in figures if each.kind == kind), default=None)

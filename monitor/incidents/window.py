"""The incidents that may still take items, and how to find the few that one item may belong to.

Words, places, storms and hazards of a country lead to their incidents, so that the time of a link
does not grow with the number of incidents that have nothing in common with the item.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush, nlargest
from itertools import product
from math import floor
from typing import TypeAlias

from monitor.incidents.evidence import (
    Told,
    diseases_told,
    places_in,
    told_of,
    trace_of,
    words_of,
)
from monitor.incidents.hazards import kin
from monitor.incidents.headline import headline
from monitor.incidents.rarity import rarity
from monitor.incidents.shaken import SHAKING, Shaken
from monitor.incidents.subject import Subject, subject_of
from storage.records import Incident, Item, Place, Sketch

TITLES = 8
MOST = 32  # incidents that are looked at closely for one item
TELLING = 0.4  # rarity of a word by which incidents are looked up
SPARE_AGES = 1000  # times of items that were followed by others, kept until they are cleared out
_AROUND = tuple(product((0, -1, 1), repeat=2))
RECENT = 16  # incidents of a country that are looked at whatever the words
# What leads to incidents: a word, a square degree, or a disease in a country.
Lead: TypeAlias = str | tuple[int, int] | tuple[str, str]
_Land: TypeAlias = tuple[str, str | None]  # a country and a hazard, or any


class _Held:
    """An incident of the window with what leads to it, and what it tells once that was asked."""

    __slots__ = ("diseases", "headlines", "others", "sketch", "told", "words")

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.headlines = tuple(map(headline, sketch.titles))
        self.words = words_of(self.headlines)
        self.diseases = diseases_told(sketch)
        self.others = _others(sketch, self.diseases)
        self.told: Told | None = None

    @property
    def lands(self) -> list[_Land]:
        """Under what its country lists it."""
        kinds = (None, self.sketch.hazard) if self.sketch.hazard else (None,)
        return [(each, kind) for each in set(self.sketch.countries) for kind in kinds]

    def leads(self) -> Iterator[Lead]:
        """Each once."""
        yield from self.words
        yield from self.others


class Window:
    """The sketches by incident, with what leads to them.

    All that is made ready for an incident is held as long as the incident is and no longer, so
    that an item costs the same however many incidents there are.
    """

    def __init__(self, sketches: Iterable[Sketch] = ()) -> None:
        self._held: dict[int, _Held] = {}
        self._leading: defaultdict[Lead, set[int]] = defaultdict(set)
        self._of_land: defaultdict[_Land, list[tuple[datetime, int]]] = defaultdict(list)
        self._shocks = Shaken()
        self._awaits: dict[int, None] = {}
        self._ages: list[tuple[datetime, int]] = []
        for sketch in sketches:
            self.put(sketch)

    def __iter__(self) -> Iterator[Sketch]:
        return (held.sketch for held in self._held.values())

    def __len__(self) -> int:
        return len(self._held)

    def get(self, incident_id: int | None) -> Sketch | None:
        """The incident's sketch, None if it takes no more items."""
        held = None if incident_id is None else self._held.get(incident_id)
        return None if held is None else held.sketch

    def told(self, sketch: Sketch) -> Told:
        """What its items tell, made ready; `sketch` is one of those held."""
        held = self._held[sketch.id]
        if held.told is None:
            held.told = told_of(sketch, held.headlines, held.words, held.diseases)
        return held.told

    def held_by(self, word: str) -> int:
        """How many of the incidents' headlines hold the word."""
        return len(self._leading.get(word, ()))

    def put(self, sketch: Sketch) -> None:
        """Add an incident, or take it as it is now."""
        before, after = self._held.get(sketch.id), _Held(sketch)
        if before is not None:
            self._drop_aged(before)
            kept = {*after.words, *after.others}
            self._drop_leads(sketch.id, (lead for lead in before.leads() if lead not in kept))
        for lead in after.leads():
            self._leading[lead].add(sketch.id)
        aged = (sketch.last_item_at, sketch.id)
        for land in after.lands:
            insort(self._of_land[land], aged)
        self._held[sketch.id] = after
        if before is not None:
            self._shocks.drop(before.sketch)
        if sketch.hazard in SHAKING:
            self._shocks.put(sketch)
        if sketch.awaits:
            self._awaits[sketch.id] = None
        else:
            self._awaits.pop(sketch.id, None)
        heappush(self._ages, aged)
        if len(self._ages) > 2 * len(self._held) + SPARE_AGES:
            self._ages = sorted((each.last_item_at, each.id) for each in self)

    def drop_before(self, since: datetime) -> list[int]:
        """Forget the incidents whose last item is older; which ones."""
        gone: list[int] = []
        while self._ages and self._ages[0][0] < since:
            at, incident_id = heappop(self._ages)
            held = self._held.get(incident_id)
            if held is None or held.sketch.last_item_at != at:
                continue  # it has had an item since
            self._drop_aged(held)
            self._drop_leads(incident_id, held.leads())
            del self._held[incident_id]
            self._shocks.drop(held.sketch)
            self._awaits.pop(incident_id, None)
            gone.append(incident_id)
        return gone

    def sizes(self) -> dict[str, int]:
        """How many entries each of its tables has: bounded by the incidents that it holds."""
        every = self._held.values()
        return {
            "incidents": len(self._held),
            "leads": sum(len(each.words) + len(each.others) for each in every),
            "leading": sum(map(len, self._leading.values())),
            "lands": sum(len(each.lands) for each in every),
            "of_lands": sum(map(len, self._of_land.values())),
            "told": sum(each.told is not None for each in every),
            "ages": len(self._ages),
            "shocks": len(self._shocks),
            "awaits": len(self._awaits),
        }

    def awaiting(self) -> list[Sketch]:
        """The incidents that an officer opened and no source has told of yet."""
        return [self._held[incident_id].sketch for incident_id in self._awaits]

    def candidates(self, subject: Subject) -> list[Sketch]:
        """The incidents that `subject` may belong to, most alike first, at most a few dozen."""
        points: defaultdict[int, float] = defaultdict(float)
        for word in subject.headline.words:
            held = self._leading.get(word)
            if held and (weight := rarity(word, len(held))) >= TELLING:
                square = weight * weight
                for incident_id in held:
                    points[incident_id] += square
        for place in subject.located:
            for cell in _cells(place):
                for incident_id in self._leading.get(cell, ()):
                    points[incident_id] += 1.0
        for country in subject.countries:
            for disease in subject.diseases:
                for incident_id in self._leading.get((disease.partition(".")[0], country), ()):
                    points[incident_id] += 3.0
            for incident_id in self._of_country(country, subject):
                points[incident_id] += 0.6
        ranked = nlargest(MOST, ((score, -each) for each, score in points.items()))
        best = [-each for _, each in ranked]
        if subject.hazard in SHAKING:
            best += [each for each in self._shocks.near(subject) if each not in points]
        return [self._held[incident_id].sketch for incident_id in dict.fromkeys(best)]

    def _of_country(self, country: str, subject: Subject) -> Iterator[int]:
        """Those of the hazard and its kin that changed last; without a hazard those of any."""
        for kind in kin(subject.hazard) or (None,):
            for _, incident_id in self._of_land.get((country, kind), ())[-RECENT:]:
                yield incident_id

    def _drop_aged(self, held: _Held) -> None:
        """Take an incident out of its countries' order of age; it is still as it was there."""
        aged = (held.sketch.last_item_at, held.sketch.id)
        for land in held.lands:
            listed = self._of_land[land]
            del listed[bisect_left(listed, aged)]
            if not listed:
                del self._of_land[land]

    def _drop_leads(self, incident_id: int, leads: Iterable[Lead]) -> None:
        for lead in leads:
            led = self._leading[lead]
            led.discard(incident_id)
            if not led:
                del self._leading[lead]


def with_traces(sketch: Sketch, members: Sequence[Item]) -> Sketch:
    """The sketch with what its items tell; the titles it has already stand behind theirs."""
    traces = tuple(trace_of(subject_of(item, (), item.first_seen_at)) for item in told_by(members))
    titles = (*(trace.title for trace in traces), *sketch.titles)
    return replace(sketch, titles=titles, traces=traces)


def sketch_of(incident: Incident, members: Sequence[Item], given: Sequence[str] = ()) -> Sketch:
    """What linking needs to know of `incident`; its `members` are oldest first.

    `given` are titles beside those of the items.
    """
    sketch = Sketch(
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
        titles=tuple(given),
    )
    return with_traces(sketch, members)


def told_by(members: Sequence[Item]) -> Sequence[Item]:
    """The items that speak for an incident: the newest ones, newest first, and its first."""
    newest = list(reversed(members[-TITLES:]))
    return newest if len(members) <= TITLES else [*newest[:-1], members[0]]


def _others(sketch: Sketch, diseases: Iterable[str]) -> tuple[Lead, ...]:
    """What leads to it beside the words, each once."""
    found: set[Lead] = {
        _cell(floor(place.lat), floor(place.lon))
        for place in places_in(sketch)
        if place.lat is not None and place.lon is not None
    }
    for disease in diseases:
        kind = disease.partition(".")[0]
        found.update((kind, country) for country in sketch.countries)
    return tuple(found)


def _cells(place: Place) -> list[tuple[int, int]]:
    """The square degree of a place and those around it."""
    if place.lat is None or place.lon is None:
        return []
    row, column = floor(place.lat), floor(place.lon)
    return [_cell(row + up, column + right) for up, right in _AROUND]


def _cell(row: int, column: int) -> tuple[int, int]:
    return row, (column + 180) % 360

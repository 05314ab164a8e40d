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

from monitor.incidents.evidence import Told, places_in, told_of, trace_of
from monitor.incidents.geometry import aftershock_radius_km
from monitor.incidents.hazards import kin
from monitor.incidents.headline import headline
from monitor.incidents.outbreaks import diseases_in
from monitor.incidents.rarity import rarity
from monitor.incidents.subject import Subject, first_point, subject_of
from storage.records import Incident, Item, Place, Sketch

TITLES = 8
MOST = 32  # incidents that are looked at closely for one item
TELLING = 0.4  # rarity of a word by which incidents are looked up
KM_OF_DEGREE = 111.0
MOST_TOLD = 4096  # incidents of which what they tell is held ready
SPARE_AGES = 1000  # times of items that were followed by others, kept until they are cleared out
_AROUND = tuple(product((0, -1, 1), repeat=2))
RECENT = 16  # incidents of a country that are looked at whatever the words


class Window:
    """The sketches by incident, with what leads to them."""

    def __init__(self, sketches: Iterable[Sketch] = ()) -> None:
        self._known: dict[int, Sketch] = {}
        self._by_key: defaultdict[str, set[int]] = defaultdict(set)
        self._keys: dict[int, frozenset[str]] = {}
        self._by_country: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
        self._told: dict[int, Told] = {}
        self._shocks: dict[int, None] = {}
        self._awaits: dict[int, None] = {}
        self._ages: list[tuple[datetime, int]] = []
        self.held_by: dict[str, int] = {}
        for sketch in sketches:
            self.put(sketch)

    def __iter__(self) -> Iterator[Sketch]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def get(self, incident_id: int | None) -> Sketch | None:
        """The incident's sketch, None if it takes no more items."""
        return None if incident_id is None else self._known.get(incident_id)

    def told(self, sketch: Sketch) -> Told:
        """What its items tell, made ready."""
        held = self._told.pop(sketch.id, None) or told_of(sketch)
        self._told[sketch.id] = held  # the newest stand last
        if len(self._told) > MOST_TOLD:
            del self._told[next(iter(self._told))]
        return held

    def put(self, sketch: Sketch) -> None:
        """Add an incident, or take it as it is now."""
        before, after = self._keys.get(sketch.id, frozenset()), _keys_of(sketch)
        if before:
            self._drop_aged(sketch.id, before)
        for key in before - after:
            self._drop(key, sketch.id)
        for key in after - before:
            if key[0] != "h":
                self._by_key[key].add(sketch.id)
            if key[0] == "w":
                self.held_by[key[1:]] = self.held_by.get(key[1:], 0) + 1
        aged = (sketch.last_item_at, sketch.id)
        for key in after:
            if key[0] == "h":
                insort(self._by_country[key], aged)
        self._keys[sketch.id] = after
        self._known[sketch.id] = sketch
        self._told.pop(sketch.id, None)
        if sketch.hazard in ("EQ", "TS"):
            self._shocks[sketch.id] = None
        else:
            self._shocks.pop(sketch.id, None)
        if sketch.awaits:
            self._awaits[sketch.id] = None
        else:
            self._awaits.pop(sketch.id, None)
        heappush(self._ages, aged)
        if len(self._ages) > 2 * len(self._known) + SPARE_AGES:
            self._ages = sorted((each.last_item_at, each.id) for each in self)

    def drop_before(self, since: datetime) -> list[int]:
        """Forget the incidents whose last item is older; which ones."""
        gone: list[int] = []
        while self._ages and self._ages[0][0] < since:
            at, incident_id = heappop(self._ages)
            sketch = self._known.get(incident_id)
            if sketch is None or sketch.last_item_at != at:
                continue  # it has had an item since
            keys = self._keys.pop(incident_id)
            self._drop_aged(incident_id, keys)
            for key in keys:
                self._drop(key, incident_id)
            del self._known[incident_id]
            self._told.pop(incident_id, None)
            self._shocks.pop(incident_id, None)
            self._awaits.pop(incident_id, None)
            gone.append(incident_id)
        return gone

    def sizes(self) -> dict[str, int]:
        """How many entries each of its tables has: bounded by the incidents that it holds."""
        return {
            "incidents": len(self._known),
            "keys": sum(map(len, self._keys.values())),
            "leading": sum(map(len, self._by_key.values())),
            "of_countries": sum(map(len, self._by_country.values())),
            "words": len(self.held_by),
            "told": len(self._told),
            "ages": len(self._ages),
            "shocks": len(self._shocks),
            "awaits": len(self._awaits),
        }

    def awaiting(self) -> list[Sketch]:
        """The incidents that an officer opened and no source has told of yet."""
        return [self._known[incident_id] for incident_id in self._awaits]

    def candidates(self, subject: Subject) -> list[Sketch]:
        """The incidents that `subject` may belong to, most alike first, at most a few dozen."""
        points: defaultdict[int, float] = defaultdict(float)
        for word in subject.headline.words:
            held = self._by_key.get(f"w{word}")
            if held and (weight := rarity(word, len(held))) >= TELLING:
                square = weight * weight
                for incident_id in held:
                    points[incident_id] += square
        for place in subject.located:
            for key in _cells(place):
                for incident_id in self._by_key.get(key, ()):
                    points[incident_id] += 1.0
        for country in subject.countries:
            for disease in subject.diseases:
                for incident_id in self._by_key.get(f"d{disease.partition('.')[0]} {country}", ()):
                    points[incident_id] += 3.0
            for incident_id in self._of_country(country, subject):
                points[incident_id] += 0.6
        ranked = nlargest(MOST, ((score, -each) for each, score in points.items()))
        best = [-each for _, each in ranked]
        if subject.hazard in ("EQ", "TS"):
            best += [each for each in self._shocks_near(subject) if each not in points]
        return [self._known[incident_id] for incident_id in dict.fromkeys(best)]

    def _of_country(self, country: str, subject: Subject) -> Iterator[int]:
        """Those of the hazard and its kin that changed last; without a hazard those of any."""
        keys = [f"h{country} {each}" for each in kin(subject.hazard)] or [f"h{country}"]
        for key in keys:
            for _, incident_id in self._by_country.get(key, ())[-RECENT:]:
                yield incident_id

    def _shocks_near(self, subject: Subject) -> Iterator[int]:
        point = first_point(subject.values.places)
        if point is None:
            return
        reach = aftershock_radius_km(9.0) / KM_OF_DEGREE
        for incident_id in self._shocks:
            sketch = self._known[incident_id]
            if sketch.lat is not None and abs(sketch.lat - point[0]) <= reach:
                yield incident_id

    def _drop_aged(self, incident_id: int, keys: Iterable[str]) -> None:
        """Take an incident out of its countries' order of age; it is still as it was there."""
        aged = (self._known[incident_id].last_item_at, incident_id)
        for key in keys:
            if key[0] == "h":
                held = self._by_country[key]
                del held[bisect_left(held, aged)]
                if not held:
                    del self._by_country[key]

    def _drop(self, key: str, incident_id: int) -> None:
        if key[0] == "h":
            return
        held = self._by_key[key]
        held.discard(incident_id)
        if not held:
            del self._by_key[key]
        if key[0] == "w":
            left = self.held_by[key[1:]] - 1
            if left:
                self.held_by[key[1:]] = left
            else:
                del self.held_by[key[1:]]


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


def _keys_of(sketch: Sketch) -> frozenset[str]:
    """What leads to it; the first letter tells of what kind a key is."""
    keys: set[str] = set()
    for title in sketch.titles:
        keys.update(f"w{word}" for word in headline(title).words)
        for disease in diseases_in(title):
            kind = disease.partition(".")[0]
            keys.update(f"d{kind} {country}" for country in sketch.countries)
    for place in places_in(sketch):
        if place.lat is not None and place.lon is not None:
            keys.add(_cell(floor(place.lat), floor(place.lon)))
    for country in sketch.countries:
        keys.add(f"h{country}")
        if sketch.hazard:
            keys.add(f"h{country} {sketch.hazard}")
    return frozenset(keys)


def _cells(place: Place) -> list[str]:
    """The square degree of a place and those around it."""
    if place.lat is None or place.lon is None:
        return []
    row, column = floor(place.lat), floor(place.lon)
    return [_cell(row + up, column + right) for up, right in _AROUND]


def _cell(row: int, column: int) -> str:
    return f"p{row} {(column + 180) % 360}"

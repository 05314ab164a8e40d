"""What an incident is: the kind of event, where and when; its own items decide, not merged ones.

An officer who merges one incident into another says that both are one event, and that the other
lives on. What came with the one that ended adds figures, sources and countries; kind, place and
time are those of the survivor, where its own items tell them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from monitor.incidents.held import MOST_COUNTRIES
from monitor.incidents.places import local
from monitor.incidents.subject import first_point
from storage.records import Item

_SHAKING = frozenset(["EQ", "TS", None])


@dataclass(frozen=True, slots=True)
class Identity:
    """The kind of event, the countries likeliest first, its place, map point and time."""

    hazard: str | None
    countries: tuple[str, ...]
    place: str | None
    point: tuple[float, float] | None
    event_at: datetime | None

    @property
    def shakes(self) -> bool:
        """Whether a magnitude can be the size of it."""
        return self.hazard in _SHAKING


def identity(items: Sequence[Item], telling: Sequence[Item], standing: Sequence[Item]) -> Identity:
    """What the event is by `items`; `telling` surely tell of it, `standing` still hold."""
    own = [item for item in telling if not item.brought]
    if not own or len(own) == len(telling):
        return Identity(
            hazard=_hazard(standing),
            countries=_countries(telling) or _countries(items),
            place=_place(telling),
            point=_point(telling),
            event_at=_event_at(telling),
        )
    countries = _countries(own)
    # A report of another country says nothing of where and when it was.
    joined = [
        item for item in telling if not countries or set(_item_countries(item)) & set(countries)
    ]
    where = own if _place(own) or _point(own) else joined
    in_force = [item for item in standing if not item.brought] or own
    return Identity(
        hazard=_hazard(in_force) or _hazard(standing),
        countries=tuple(dict.fromkeys((*countries, *_countries(telling))))[:MOST_COUNTRIES],
        place=_place(where),
        point=_point(where),
        event_at=_event_at(own) or _event_at(joined),
    )


def _hazard(items: Sequence[Item]) -> str | None:
    """An officer's word, then a source's own hazard, then those read from words, the most named."""
    judged = [item.reading.hazard for item in items if "hazard" in item.reading.corrected]
    if judged and judged[-1]:
        return judged[-1]
    for item in items:
        if hazard := given_hazard(item):
            return hazard
    said = {(item.publisher, item.reading.hazard): None for item in items}  # in order of coming
    named = Counter(hazard for _, hazard in said if hazard)
    return named.most_common(1)[0][0] if named else None


def _countries(items: Sequence[Item]) -> tuple[str, ...]:
    """Most named first; among equals the first named.

    One that a text names in passing is none of the event's: it must be named a third as often
    as the first, unless a source gives it as the place. A publisher counts once, whatever the
    number of its items: what it names in half of them counts one half.
    """
    of_publisher = Counter(item.publisher for item in items)
    times: defaultdict[str, Counter[int]] = defaultdict(
        Counter
    )  # by how many items a publisher has
    for item in items:
        for code in dict.fromkeys(_item_countries(item)):
            times[code][of_publisher[item.publisher]] += 1
    named = {
        code: sum((Fraction(count, many) for many, count in each.items()), Fraction(0))
        for code, each in times.items()
    }
    given = {place.country for item in items for place in item.values.places}
    most = max(named.values(), default=Fraction(0))
    ordered = sorted(named, key=named.__getitem__, reverse=True)
    kept = (code for code in ordered if named[code] * 3 >= most or code in given)
    return tuple(kept)[:MOST_COUNTRIES]


def _item_countries(item: Item) -> list[str]:
    if "countries" in item.reading.corrected:
        return list(item.reading.countries)
    given = [place.country for place in item.values.places if place.country]
    if item.values.advice and item.values.advice.country:
        given.append(item.values.advice.country)
    return given or list(item.reading.countries)


def _place(items: Sequence[Item]) -> str | None:
    for item in items:
        for place in item.values.places:
            if place.name:
                return place.name
    named = (place.name for item in items for place in local(item.reading.places))
    return next((name for name in named if name), None)


def _point(items: Sequence[Item]) -> tuple[float, float] | None:
    for item in items:
        if point := first_point(item.values.places):
            return point
    for item in items:
        if point := first_point(local(item.reading.places)):
            return point
    return None


def _event_at(items: Sequence[Item]) -> datetime | None:
    """The first time of the event that a source gives."""
    times = (item.values.hazard.event_at for item in items if item.values.hazard)
    return next((at for at in times if at is not None), None)


def given_hazard(item: Item) -> str | None:
    """The hazard that a source, or an officer, gives in so many words."""
    if "hazard" in item.reading.corrected:
        return item.reading.hazard
    return item.values.hazard.type if item.values.hazard else None

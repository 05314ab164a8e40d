"""What linking looks at: one item, with its source's facts and what was read from its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache

from monitor.incidents.hazards import category_of
from monitor.incidents.headline import Headline, headline
from monitor.incidents.outbreaks import countries_of_names, diseases_in
from monitor.incidents.places import local
from monitor.incidents.proper import begins, goes_on, names_in
from monitor.incidents.rarity import Rarities, rarity
from storage.records import Figure, Item, ItemValues, Place, Reading, Role

TELLING = 0.62  # rarity of a word that may be a name
_MAGNITUDE = re.compile(
    r"(?i)\b(?:magnitude|mag|m[wlbs]?)[ :=]*(\d\.\d+|\d)(?:m\b|\b)(?!\s*(?:km|m ))"
)
_BRAZZAVILLE = re.compile(r"(?i)brazzaville|republic of (?:the )?congo|république du congo")
_STAMP = re.compile(
    r"\b(?:(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)|(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<c>20\d\d))"
    r"[T ,]+(?:at )?(?P<h>\d{1,2}):(?P<min>\d\d)(?::\d\d)?(?:\s*(?P<half>[AP]M)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)  # without slots: what follows from it is asked once for each incident
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

    @cached_property
    def hazard(self) -> str | None:
        """What an officer set, else the source's own hazard, else the one read from the text."""
        if "hazard" in self.reading.corrected:
            return self.reading.hazard
        given = self.values.hazard.type if self.values.hazard else None
        return given or self.reading.hazard

    @cached_property
    def at(self) -> datetime:
        """When it happened, as far as the item tells; never later than when we saw it."""
        hazard = self.values.hazard
        told = (hazard.event_at if hazard else None) or self.values.effective_at
        if told is None and self.feed_kind == "hazard":
            told = told_at(self.values.title, self.values.summary, self.seen_at)
        told = told or self.values.published_at
        return min(told, self.seen_at) if told else self.seen_at

    @property
    def event_at(self) -> datetime | None:
        """The source's own time of the event, None when it only has a publication time."""
        return self.values.hazard.event_at if self.values.hazard else None

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Where the event is: the source's places first, then those read from the text.

        What an officer set stands alone.
        """
        if "countries" in self.reading.corrected:
            return self.reading.countries
        given = [place.country for place in self.values.places if place.country]
        if self.values.advice and self.values.advice.country:
            given.insert(0, self.values.advice.country)
        named_by = countries_of_names(self.values.title, self.reading.places)
        read = [code for code in self.reading.countries if code not in named_by]
        if "CG" in read and "CD" not in read and not _BRAZZAVILLE.search(self.values.title):
            read.append("CD")  # "Congo" in a headline is either of the two
        return tuple(dict.fromkeys([*given, *read]))

    @cached_property
    def country_set(self) -> frozenset[str]:
        """The same, whatever their order."""
        return frozenset(self.countries)

    @cached_property
    def headline(self) -> Headline:
        """Its title, made ready for comparing."""
        return headline(self.values.title)

    @cached_property
    def rarities(self) -> Rarities:
        """How rare its headline's words are in our corpus, whatever incidents are at hand."""
        return Rarities.of(self.headline.words)

    @cached_property
    def names(self) -> frozenset[str]:
        """Rare words with a capital in its headline, of no known place."""
        return self._telling(names_in(self.values.title))

    @cached_property
    def telling(self) -> frozenset[str]:
        """Rare words of its headline, of no known place."""
        return self._telling(self.headline.words)

    def _telling(self, words: frozenset[str]) -> frozenset[str]:
        rare = (word for word in words if rarity(word) >= TELLING)
        return frozenset(rare) - self.words_of_places

    @cached_property
    def goes_on(self) -> bool:
        """Whether its headline tells a later turn of a story."""
        return goes_on(self.values.title)

    @cached_property
    def begins(self) -> bool:
        """Whether its headline tells of something as nobody did before."""
        return begins(self.values.title)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories given for sure."""
        return self.reading.categories

    @cached_property
    def sure(self) -> frozenset[str]:
        """The same, and that of the source's own hazard."""
        given = category_of(self.values.hazard.type if self.values.hazard else None)
        if given is None or "categories" in self.reading.corrected:
            return frozenset(self.categories)
        return frozenset((*self.categories, given))

    @cached_property
    def unsure(self) -> frozenset[str]:
        """The categories that wait for an officer's look."""
        return frozenset(self.reading.unsure)

    @cached_property
    def numbers(self) -> frozenset[tuple[str, float]]:
        """What it counts above one, and its magnitude, as (kind, value)."""
        found = {(each.kind, each.value) for each in self.reading.figures if each.value > 1}
        if self.magnitude is not None:
            found.add(("magnitude", self.magnitude))
        return frozenset(found)

    @cached_property
    def dead(self) -> float:
        """The most dead that it tells of, 0 for none."""
        return figure(self.reading.figures, "dead") or 0.0

    @cached_property
    def located(self) -> tuple[Place, ...]:
        """Its places that are smaller than a country, with points."""
        given = (place for place in self.values.places if place.lat is not None)
        return (*given, *local(self.reading.places))

    @cached_property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Where they are, each once."""
        return points_of(self.located)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """What they are called, folded."""
        return tuple(place.name.casefold() for place in self.located if place.name)

    @cached_property
    def words_of_places(self) -> frozenset[str]:
        """The words of the names of all its places, countries too."""
        places = (*self.values.places, *self.reading.places)
        return headline(" ".join(place.name for place in places if place.name)).words

    @cached_property
    def diseases(self) -> frozenset[str]:
        """The diseases that its headline names, else those of its summary."""
        return diseases_in(self.values.title) or diseases_in(self.values.summary)

    @property
    def point(self) -> tuple[float, float] | None:
        """A map point: the source's own, else of the first place in the text, no whole country."""
        return first_point(self.values.places) or first_point(local(self.reading.places))

    @cached_property
    def magnitude(self) -> float | None:
        """The magnitude, from the source's facts or its words."""
        if self.values.hazard and self.values.hazard.magnitude is not None:
            return self.values.hazard.magnitude
        read = figure(self.reading.figures, "magnitude")
        if read is None and self.hazard in ("EQ", "TS"):
            text = f"{self.values.title}\n{self.values.summary[:400]}"
            read = next((float(found) for found in _MAGNITUDE.findall(text)), None)
        return read

    @cached_property
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


def points_of(places: Sequence[Place]) -> tuple[tuple[float, float], ...]:
    """Latitudes and longitudes of the places that have them, each once."""
    known = ((place.lat, place.lon) for place in places)
    return tuple(
        dict.fromkeys((lat, lon) for lat, lon in known if lat is not None and lon is not None)
    )


def figure(figures: Sequence[Figure], kind: str) -> float | None:
    """The largest figure of that kind."""
    return max((each.value for each in figures if each.kind == kind), default=None)


@lru_cache(maxsize=1024)
def told_at(title: str, summary: str, seen_at: datetime) -> datetime | None:
    """The time of day that a notice's text gives for the event, None if it gives none.

    12/11 may be a day of November or of December: the one closest before `seen_at` is meant.
    """
    for text in (title, summary):
        for stamp in _STAMP.finditer(text[:600]):
            found = [at for at in _readings(stamp) if at - timedelta(hours=1) <= seen_at]
            if found:
                return max(found)
    return None


def _readings(stamp: re.Match[str]) -> Iterator[datetime]:
    hour, minute = int(stamp["h"]), int(stamp["min"])
    if stamp["half"]:
        hour = hour % 12 + (12 if stamp["half"].upper() == "PM" else 0)
    if stamp["y"]:
        days = [(int(stamp["y"]), int(stamp["m"]), int(stamp["d"]))]
    else:
        one, other, year = int(stamp["a"]), int(stamp["b"]), int(stamp["c"])
        days = [(year, other, one), (year, one, other)]
    for year, month, day in days:
        try:
            yield datetime(year, month, day, hour, minute, tzinfo=UTC)
        except ValueError:
            continue

"""What speaks for and against an item being of an incident, as numbers that one rule weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import timedelta
from math import log1p

from monitor.incidents.geometry import distance_km
from monitor.incidents.hazards import contrary, related
from monitor.incidents.headline import Headline, headline, is_piece, stem
from monitor.incidents.outbreaks import diseases_in, most_precise, same_diseases
from monitor.incidents.proper import begins, goes_on, names_in
from monitor.incidents.rarity import rarity
from monitor.incidents.subject import Subject, first_point
from storage.records import Figure, Place, Sketch, Trace

SAME_KM, NEAR_KM = 30.0, 100.0
FAR_KM = 250.0  # more than that
SUMMARY = 300  # letters of it that are kept
TELLING = 0.62  # rarity of a word that may be a name
UNUSUAL = 0.78  # of one that stands in hardly any line of the corpus


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signs, each 0 to 1 or a small count; the names are those of the weights.

    `words` is the likeness of the headlines, rare words counting more, `covered` the part of the
    item's that any of the incident's holds. `names` counts the rare ones that both have, `unusual`
    the very rare ones, the names of known places apart. `same_place` and `far` are of the closest
    places that both name, `far` being 1 from 350 km on; `new_place`: the item names one and the
    incident none. `days` is the logarithm of the days since the incident's last item.
    """

    words: float = 0.0
    names: float = 0.0
    unusual: float = 0.0
    same_place: float = 0.0
    far: float = 0.0
    same_hazard: float = 0.0
    related_hazard: float = 0.0
    other_hazard: float = 0.0
    same_country: float = 0.0
    no_country: float = 0.0
    new_place: float = 0.0
    placeless: float = 0.0
    covered: float = 0.0
    same_figure: float = 0.0
    same_number: float = 0.0
    other_numbers: float = 0.0
    smaller_toll: float = 0.0
    same_storm: float = 0.0
    other_storm: float = 0.0
    same_disease: float = 0.0
    other_disease: float = 0.0
    other_language: float = 0.0
    proper: float = 0.0
    only: float = 0.0
    goes_on: float = 0.0
    begins: float = 0.0
    late: float = 0.0
    unsure: float = 0.0
    days: float = 0.0


NAMES = tuple(part.name for part in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Told:
    """What an incident's items tell, made ready once for all items that are compared with it."""

    headlines: tuple[Headline, ...]
    sizes: tuple[float, ...]
    words: frozenset[str]
    numbers: frozenset[str]
    storms: frozenset[str]
    diseases: frozenset[str]
    hazards: frozenset[str]
    tongues: frozenset[str | None]
    places: tuple[Place, ...]
    heard: str
    proper: frozenset[str]


def told_of(sketch: Sketch) -> Told:
    """The same for a sketch at hand."""
    headlines = tuple(headline(title) for title in sketch.titles)
    hazards = (sketch.hazard, *(trace.hazard for trace in sketch.traces))
    return Told(
        headlines=headlines,
        sizes=tuple(each.size for each in headlines),
        words=frozenset[str]().union(*(each.words for each in headlines)),
        numbers=frozenset[str]().union(*(each.numbers for each in headlines)),
        storms=frozenset[str]().union(*(each.storms for each in headlines)),
        diseases=diseases_told(sketch),
        hazards=frozenset(each for each in hazards if each is not None),
        tongues=frozenset(trace.language for trace in sketch.traces),
        places=tuple({(each.lat, each.lon): each for each in places_in(sketch)}.values()),
        heard="\n".join(sketch.titles).casefold(),
        proper=frozenset[str]().union(*(names_in(title) for title in sketch.titles)),
    )


def evidence(
    subject: Subject,
    sketch: Sketch,
    held_by: Mapping[str, int] | None = None,
    told: Told | None = None,
    *,
    only: bool = False,
) -> Evidence:
    """The signs; `held_by` is how many incidents at hand hold each word, `told` the sketch's."""
    told = told or told_of(sketch)
    ours = headline(subject.values.title)
    places = places_of(subject)
    likeness = _likeness(ours, told, subject.words_of_places, held_by or {})
    same_storm = bool(ours.storms & told.storms) or any(
        stem(name) in ours.words for name in told.storms
    )
    sick = diseases_of(subject)
    same_disease = bool(sick and told.diseases) and same_diseases(sick, told.diseases)
    foreign = likeness.words == 0.0 and subject.reading.language not in told.tongues
    km = 0.0 if _named(places, told.heard) else closest_km(places, told.places)
    hazard = subject.hazard
    same = hazard is not None and hazard in told.hazards
    kin = not same and any(related(hazard, each) for each in told.hazards)
    countries = subject.countries
    gap = max(timedelta(0), subject.at - sketch.last_item_at)
    days = log1p(min(30.0, gap / timedelta(days=1)))
    later = goes_on(subject.values.title)
    return Evidence(
        words=likeness.words,
        names=likeness.names,
        unusual=likeness.unusual,
        same_place=float(km is not None and km <= SAME_KM),
        far=0.0 if km is None or km <= NEAR_KM else min(1.0, (km - NEAR_KM) / FAR_KM),
        same_hazard=float(same),
        related_hazard=float(kin),
        other_hazard=float(not same and not kin and contrary(hazard, sketch.hazard)),
        same_country=float(any(each in sketch.countries for each in countries)),
        no_country=float(not countries or not sketch.countries),
        new_place=float(km is None and bool(places)),
        placeless=float(not places),
        covered=likeness.covered,
        same_figure=float(min(2, _same_figures(subject, sketch.figures))),
        same_number=float(min(2, len(ours.numbers & told.numbers))),
        other_numbers=float(
            bool(ours.numbers) and bool(told.numbers) and not ours.numbers & told.numbers
        ),
        smaller_toll=float(_smaller_toll(subject, sketch.figures)),
        same_storm=float(same_storm),
        other_storm=float(bool(ours.storms and told.storms) and not same_storm and not foreign),
        same_disease=float(same_disease),
        other_disease=float(bool(sick and told.diseases) and not same_disease),
        other_language=float(foreign),
        unsure=float(not subject.reading.categories),
        proper=_proper(subject.values.title, ours, told, subject.words_of_places),
        only=float(only and not places and (later or likeness.names > 0)),
        goes_on=float(later),
        begins=float(begins(subject.values.title)),
        late=0.0 if later else days,
        days=days,
    )


def _proper(title: str, ours: Headline, told: Told, of_places: Set[str]) -> float:
    """How many names both have that are of no known place, 2 at most."""
    shared = (names_in(title) & told.words) | (ours.words & told.proper)
    found = sum(rarity(word) >= TELLING for word in shared - of_places)
    return float(min(2, found))


def _named(places: Iterable[Place], heard: str) -> bool:
    """Whether a headline of the incident names one of the places."""
    return any(place.name and place.name.casefold() in heard for place in places)


@dataclass(frozen=True, slots=True)
class _Likeness:
    words: float
    names: float
    unusual: float
    covered: float


def _likeness(
    ours: Headline, told: Told, of_places: Set[str], counts: Mapping[str, int]
) -> _Likeness:
    """The best likeness to one of the headlines, and what all of them share with ours."""
    shared = ours.words & told.words
    if not shared:
        return _Likeness(0.0, 0.0, 0.0, 0.0)
    weight = {word: rarity(word, counts.get(word, 0)) for word in shared}
    mine = ours.size
    best = 0.0
    for headline_, size in zip(told.headlines, told.sizes, strict=True):
        common = headline_.words & shared
        both = sum(weight[word] ** 2 for word in common) if common else 0.0
        if both:
            few = 0.5 if ours.few or headline_.few else 1.0
            best = max(best, few * both / (mine * size) ** 0.5)
    telling = [(weight[word], _share(word)) for word in shared - of_places]
    return _Likeness(
        words=best,
        names=float(min(3, int(sum(part for each, part in telling if each >= TELLING)))),
        unusual=float(min(2, int(sum(part for each, part in telling if each >= UNUSUAL)))),
        covered=sum(each * each for each in weight.values()) / mine if mine else 0.0,
    )


def may_copy(ours: Headline, told: Told) -> bool:
    """Whether one of the headlines may be nine tenths like ours, or name the same storm.

    Shared words bound the likeness; the bound is low enough for what rounding does.
    """
    shared = sum(rarity(word) ** 2 for word in ours.words & told.words)
    return bool(told.storms) or (shared > 0 and shared >= 0.8 * ours.size)


def _share(word: str) -> float:
    """What a shared word counts; of the pieces of a script without spaces three make a name."""
    return 0.34 if is_piece(word) else 1.0


def diseases_of(subject: Subject) -> frozenset[str]:
    """The diseases that an item's headline names, else those of its summary."""
    return subject.diseases


def diseases_told(sketch: Sketch) -> frozenset[str]:
    """The diseases that an incident's headlines name."""
    return most_precise(each for title in sketch.titles for each in diseases_in(title))


def places_of(subject: Subject) -> tuple[Place, ...]:
    """The places of an item that are smaller than a country, with points."""
    return subject.located


def places_in(sketch: Sketch) -> list[Place]:
    """The places that its items name; its own point when they name none."""
    found = [place for trace in sketch.traces for place in trace.places]
    if not found and sketch.lat is not None:
        return [Place(None, None, sketch.lat, sketch.lon)]
    return found


def closest_km(ours: Sequence[Place], theirs: Sequence[Place]) -> float | None:
    """The distance between the closest of them, None if a side has none."""
    if not ours or not theirs:
        return None
    others = {(each.lat, each.lon) for each in theirs}
    distances = [
        distance_km(one.lat, one.lon, lat, lon)
        for one in {(each.lat, each.lon): each for each in ours}.values()
        for lat, lon in others
        if one.lat is not None and one.lon is not None and lat is not None and lon is not None
    ]
    return min(distances, default=None)


def _same_figures(subject: Subject, figures: Sequence[Figure]) -> int:
    if not figures:
        return 0
    ours = {(each.kind, each.value) for each in subject.reading.figures if each.value > 1}
    if subject.magnitude is not None:
        ours.add(("magnitude", subject.magnitude))
    return len(ours & {(each.kind, each.value) for each in figures})


def _smaller_toll(subject: Subject, figures: Iterable[Figure]) -> bool:
    """Whether it tells of fewer dead than are known, or of so many more that it is no update."""
    dead = max((each.value for each in subject.reading.figures if each.kind == "dead"), default=0)
    known = max((each.value for each in figures if each.kind == "dead"), default=0)
    return bool(dead and known) and (dead < known or dead > 4 * known + 10)


def trace_of(subject: Subject) -> Trace:
    """What an incident keeps of an item that it takes."""
    measured = subject.event_at is not None and first_point(subject.values.places) is not None
    return Trace(
        title=subject.values.title,
        summary=subject.values.summary[:SUMMARY],
        language=subject.reading.language,
        at=subject.at,
        feed_kind=subject.feed_kind,
        publisher=subject.publisher,
        hazard=subject.hazard,
        magnitude=subject.magnitude,
        measured=measured,
        countries=subject.countries,
        places=tuple(dict.fromkeys(places_of(subject))),
    )

"""What speaks for and against an item being of an incident, as numbers that one rule weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log1p
from typing import NamedTuple

from monitor.incidents.geometry import distance_km
from monitor.incidents.hazards import category_of, contrary, kin
from monitor.incidents.headline import Headline, is_piece, once, stem
from monitor.incidents.outbreaks import diseases_in, most_precise, same_diseases
from monitor.incidents.proper import names_in
from monitor.incidents.rarity import Rarities
from monitor.incidents.subject import TELLING, Subject, figure, first_point, points_of
from storage.records import Place, Sketch, Trace

SAME_KM, NEAR_KM = 30.0, 100.0
FAR_KM = 250.0  # more than that
SUMMARY = 300  # letters of it that are kept
DAY = timedelta(days=1)
UNUSUAL = 0.78  # of one that stands in hardly any line of the corpus


class Evidence(NamedTuple):  # a tuple: some twenty are made and weighed for each item
    """Signs, each 0 to 1 or a small count; names and order are those of the weights.

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
    unsure: float = 0.0
    proper: float = 0.0
    only: float = 0.0
    goes_on: float = 0.0
    begins: float = 0.0
    late: float = 0.0
    days: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What an incident's items tell, made ready once for all items that are compared with it."""

    headlines: tuple[Headline, ...]
    words: frozenset[str]
    numbers: frozenset[str]
    storms: frozenset[str]
    diseases: frozenset[str]
    hazards: frozenset[str]
    categories: frozenset[str]
    tongues: frozenset[str | None]
    points: tuple[tuple[float, float], ...]
    figures: frozenset[tuple[str, float]]
    dead: float
    heard: str
    proper: frozenset[str]


def told_of(
    sketch: Sketch,
    headlines: tuple[Headline, ...],
    words: frozenset[str],
    diseases: frozenset[str],
) -> Told:
    """The same for a sketch at hand, its `headlines` made ready and what is known of them."""
    hazards = (sketch.hazard, *(trace.hazard for trace in sketch.traces))
    kinds = (*sketch.categories, category_of(sketch.hazard))
    return Told(
        headlines=headlines,
        words=words,
        numbers=_all([each.numbers for each in headlines]),
        storms=_all([each.storms for each in headlines]),
        diseases=diseases,
        hazards=once(frozenset(each for each in hazards if each is not None)),
        categories=once(frozenset(each for each in kinds if each is not None)),
        tongues=once(frozenset(trace.language for trace in sketch.traces)),
        points=points_of(places_in(sketch)),
        figures=once(frozenset((each.kind, each.value) for each in sketch.figures)),
        dead=figure(sketch.figures, "dead") or 0.0,
        heard="\n".join(sketch.titles).casefold(),
        proper=_all([names_in(title) for title in sketch.titles]),
    )


def words_of(headlines: Sequence[Headline]) -> frozenset[str]:
    """The words of all headlines."""
    return _all([each.words for each in headlines])


def _all(parts: Sequence[frozenset[str]]) -> frozenset[str]:
    """What any of them holds; a single one is given as it is, for most incidents have one item."""
    return parts[0] if len(parts) == 1 else once(frozenset[str]().union(*parts))


def evidence(
    subject: Subject,
    sketch: Sketch,
    told: Told,
    rarities: Rarities | None = None,
    *,
    only: bool = False,
) -> Evidence:
    """The signs; `told` is the sketch's, `rarities` those of our words among the incidents at hand.

    Whatever follows from one side alone is worked out once for it: some twenty incidents are
    compared with each item.
    """
    ours = subject.headline
    likeness = _likeness(subject, told, rarities or subject.rarities)
    same_storm = bool(told.storms) and _same_storm(ours, told)
    sick = subject.diseases
    same_disease = bool(sick and told.diseases) and same_diseases(sick, told.diseases)
    foreign = likeness.words == 0.0 and subject.reading.language not in told.tongues
    placed = bool(subject.located)
    km = 0.0 if placed and _named(subject, told) else _closest_km(subject.points, told.points)
    hazard = subject.hazard
    same = hazard is not None and hazard in told.hazards
    kindred = not same and not told.hazards.isdisjoint(kin(hazard))
    numbers = len(ours.numbers & told.numbers)
    days = log1p(max(0.0, min(30.0, (subject.at - sketch.last_item_at) / DAY)))
    later = subject.goes_on
    return Evidence(
        words=likeness.words,
        names=likeness.names,
        unusual=likeness.unusual,
        same_place=float(km is not None and km <= SAME_KM),
        far=0.0 if km is None or km <= NEAR_KM else min(1.0, (km - NEAR_KM) / FAR_KM),
        same_hazard=float(same),
        related_hazard=float(kindred),
        other_hazard=float(not same and not kindred and contrary(hazard, sketch.hazard)),
        same_country=float(not subject.country_set.isdisjoint(sketch.countries)),
        no_country=float(not subject.countries or not sketch.countries),
        new_place=float(km is None and placed),
        placeless=float(not placed),
        covered=likeness.covered,
        same_figure=float(min(2, len(subject.numbers & told.figures))),
        same_number=float(min(2, numbers)),
        other_numbers=float(bool(ours.numbers) and bool(told.numbers) and not numbers),
        smaller_toll=float(_smaller_toll(subject.dead, told.dead)),
        same_storm=float(same_storm),
        other_storm=float(bool(ours.storms and told.storms) and not same_storm and not foreign),
        same_disease=float(same_disease),
        other_disease=float(bool(sick and told.diseases) and not same_disease),
        other_language=float(foreign),
        unsure=float(not subject.categories),
        proper=float(min(2, len((subject.names & told.words) | (subject.telling & told.proper)))),
        only=float(only and not placed and (later or likeness.names > 0)),
        goes_on=float(later),
        begins=float(subject.begins),
        late=0.0 if later else days,
        days=days,
    )


def _named(subject: Subject, told: Told) -> bool:
    """Whether a headline of the incident names one of the item's places."""
    heard = told.heard
    for name in subject.named:  # noqa: SIM110 - asked of each of some twenty incidents
        if name in heard:
            return True
    return False


def _same_storm(ours: Headline, told: Told) -> bool:
    """Whether our headline names one of the incident's storms, with or without that word."""
    return not ours.storms.isdisjoint(told.storms) or any(
        stem(name) in ours.words for name in told.storms
    )


class _Likeness(NamedTuple):
    words: float
    names: float
    unusual: float
    covered: float


_UNLIKE = _Likeness(0.0, 0.0, 0.0, 0.0)


def _likeness(subject: Subject, told: Told, rarities: Rarities) -> _Likeness:
    """The best likeness to one of the headlines, and what all of them share with ours."""
    ours = subject.headline
    shared = ours.words & told.words
    if not shared:
        return _UNLIKE
    square = rarities.squares.__getitem__
    mine = ours.size
    covered = sum(map(square, shared))
    best = 0.0
    for theirs in told.headlines:
        alone = theirs.words is told.words  # then all that is shared is shared with it
        both = covered if alone else sum(map(square, theirs.words & shared))
        if both:
            few = 0.5 if ours.few or theirs.few else 1.0
            best = max(best, few * both / (mine * theirs.size) ** 0.5)
    names = unusual = 0.0
    for word in shared - subject.words_of_places:
        value = rarities.by_word[word]
        if value >= TELLING:
            names += (part := _share(word))
            if value >= UNUSUAL:
                unusual += part
    return _Likeness(
        words=best,
        names=float(min(3, int(names))),
        unusual=float(min(2, int(unusual))),
        covered=covered / mine if mine else 0.0,
    )


def may_copy(subject: Subject, told: Told) -> bool:
    """Whether one of the headlines may be nine tenths like ours, or name the same storm.

    Shared words bound the likeness; the bound is low enough for what rounding does.
    """
    if told.storms:
        return True
    ours = subject.headline
    shared = sum(map(subject.rarities.squares.__getitem__, ours.words & told.words))
    return shared > 0 and shared >= 0.8 * ours.size


def _share(word: str) -> float:
    """What a shared word counts; of the pieces of a script without spaces three make a name."""
    return 0.34 if not word.isascii() and is_piece(word) else 1.0


def diseases_told(sketch: Sketch) -> frozenset[str]:
    """The diseases that an incident's headlines name."""
    return once(most_precise(each for title in sketch.titles for each in diseases_in(title)))


def places_in(sketch: Sketch) -> list[Place]:
    """The places that its items name; its own point when they name none."""
    found = [place for trace in sketch.traces for place in trace.places]
    if not found and sketch.lat is not None:
        return [Place(None, None, sketch.lat, sketch.lon)]
    return found


def closest_km(ours: Sequence[Place], theirs: Sequence[Place]) -> float | None:
    """The distance between the closest of them, None if a side has none."""
    return _closest_km(points_of(ours), points_of(theirs))


def _closest_km(
    ours: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]]
) -> float | None:
    if not ours or not theirs:
        return None
    if len(ours) == len(theirs) == 1:
        return distance_km(*ours[0], *theirs[0])
    return min(distance_km(*one, *other) for one in ours for other in theirs)


def _smaller_toll(dead: float, known: float) -> bool:
    """Whether it tells of fewer dead than are known, or of so many more that it is no update."""
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
        places=tuple(dict.fromkeys(subject.located)),
    )

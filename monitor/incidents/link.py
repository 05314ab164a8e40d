"""Does this item belong to an incident that we know, does it open one, or neither?

Known identities come first. Otherwise an incident must agree in hazard, place and time, and
then either the words are alike, or the numbers or the map points are; each link says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.incidents.geometry import aftershock_radius_km, distance_km
from monitor.incidents.hazards import HEALTH, category_of, contrary, related, window
from monitor.incidents.places import far_apart, same_storm
from monitor.incidents.similarity import best_likeness, numbers_clash
from monitor.incidents.subject import Subject, figure, first_point
from storage.records import Level, Role, Sketch, Why

ALIKE = 0.62  # words alone, hazard and country agreeing
ALIKE_NEAR = 0.42  # within a day
ALIKE_UNKNOWN = 0.72  # the hazard unknown on one side
ALIKE_NOWHERE = 0.80  # no country known on one side, or other signs speak against it
QUAKE_APART = timedelta(hours=18)
SAME_QUAKE_APART = timedelta(minutes=20)
SPOKEN_WITHIN = timedelta(days=3)  # of its opening, ministries speak about an incident
QUAKES = ("EQ", "TS")
WIDE = frozenset({*QUAKES, *HEALTH})
CLOSE_KM = 60.0


@dataclass(frozen=True, slots=True)
class Link:
    """The outcome: join `incident_id`, or open a new one, or neither; always with reasons."""

    incident_id: int | None
    opens: bool
    why: tuple[Why, ...]
    relates_to: int | None = None


def choose(
    subject: Subject, by_event: Mapping[tuple[str, str], int], sketches: Iterable[Sketch]
) -> Link:
    """The incident `subject` belongs to.

    `by_event` holds the incidents that already own one of its identities; `sketches` are the
    incidents that may still take items. The oldest of equally good ones wins, so the same
    stream gives the same incidents.
    """
    for key in subject.events:
        if key in by_event:
            return Link(by_event[key], False, (Why("link_identity", {"kind": key[0]}),))
    if subject.role is Role.SIGNAL and "retrospective" in subject.reading.flags:
        return Link(None, False, (Why("retrospective"),))
    best: tuple[float, Why, Sketch] | None = None
    for sketch in sorted(_possible(subject, sketches), key=lambda each: each.id):
        scored = _score(subject, sketch)
        if scored and (best is None or scored[0] > best[0]):
            best = (*scored, sketch)
    if best:
        return Link(best[2].id, False, (best[1],))
    return _open_or_not(subject)


def unlinkable(subject: Subject) -> Why | None:
    """Why `subject` neither joins nor opens an incident, whichever there are; None if it might.

    It says what `choose` would say with any incidents: a signal that surely tells of no kind of
    crisis, nor of the end of one, fits none of them.
    """
    if subject.role is not Role.SIGNAL or subject.events:
        return None
    if "retrospective" in subject.reading.flags:
        return Why("retrospective")
    if _ends(subject) or _kinds(subject):
        return None
    return _open_or_not(subject).why[0]


def _possible(subject: Subject, sketches: Iterable[Sketch]) -> Sequence[Sketch]:
    """Those that `_score` does not refuse at its first looks; with many incidents most are."""
    ours = frozenset(subject.countries)
    drill, quake = subject.drill, subject.hazard in QUAKES
    kinds = None if subject.role is not Role.SIGNAL or _ends(subject) else _kinds(subject)
    if kinds is not None and not kinds:
        return ()
    return [
        sketch
        for sketch in sketches
        if sketch.exercise == drill
        and (quake or not ours or not sketch.countries or not ours.isdisjoint(sketch.countries))
        and (
            kinds is None
            or sketch.hazard
            or kinds & set(sketch.categories)
            or not sketch.categories
        )
    ]


def advised(subject: Subject, sketches: Iterable[Sketch]) -> Link | None:
    """The grave incident that a change of travel advice follows, though its words may not say so.

    It is one of the advised country, at ALERT or above, not older than a few days, and of no
    other hazard than the advice names; the gravest and then the newest. None if there is none.
    """
    country = subject.values.advice.country if subject.values.advice else None
    fitting = [
        sketch
        for sketch in sketches
        if country in sketch.countries
        and sketch.level >= Level.ALERT
        and not sketch.exercise
        and timedelta(0) <= subject.seen_at - sketch.opened_at <= SPOKEN_WITHIN
        and not contrary(subject.hazard, sketch.hazard)
    ]
    if not fitting:
        return None
    gravest = max(fitting, key=lambda each: (each.level, each.opened_at, -each.id))
    return Link(gravest.id, False, (Why("link_advice", {"publisher": subject.publisher}),))


def _open_or_not(subject: Subject) -> Link:
    reading = subject.reading
    if not reading.categories:
        why = Why("unsure") if reading.unsure else Why("no_crisis")
        return Link(None, False, (why,))
    if subject.values.advice is not None:
        return Link(None, False, (Why("advice_unchanged"),))
    if _ends(subject):
        return Link(None, False, (Why("nothing_to_lift"),))
    if "retrospective" in reading.flags:
        return Link(None, False, (Why("retrospective"),))
    return Link(None, True, (Why("opened_by", {"publisher": subject.publisher}),))


def _ends(subject: Subject) -> bool:
    """Whether it lifts or takes back something: such a text need not read as a crisis."""
    message = subject.values.message_type
    return "all_clear" in subject.reading.flags or message in ("cancel", "ack", "error")


def _score(subject: Subject, sketch: Sketch) -> tuple[float, Why] | None:
    """How well the two agree (higher is better) with the reason, None when they do not."""
    if subject.drill != sketch.exercise:
        return None
    if subject.role is Role.SIGNAL and not _fits(subject, sketch):
        return None
    age = subject.at - sketch.last_item_at
    before = sketch.opened_at - subject.at
    if age > window(sketch.hazard or subject.hazard) or before > timedelta(days=2):
        return None
    if subject.hazard in QUAKES and "EQ" in (subject.hazard, sketch.hazard):
        measured = subject.role is Role.SIGNAL and first_point(subject.values.places)
        # A place in a report's words is where it was felt: only a source's own point is a shock's.
        if measured and sketch.event_at is not None and sketch.lat is not None:
            return _quake(subject, sketch) if related(subject.hazard, sketch.hazard) else None
    return _by_words_and_place(subject, sketch)


def _fits(subject: Subject, sketch: Sketch) -> bool:
    """Whether the item surely tells of a crisis of the incident's kind, or of its end."""
    if _ends(subject):
        return True
    ours = _kinds(subject)
    theirs = {*sketch.categories, category_of(sketch.hazard)} - {None}
    return bool(ours) and (bool(ours & theirs) or not theirs)


def _kinds(subject: Subject) -> set[str]:
    """The kinds of crisis that the item surely tells of."""
    found = set(subject.reading.categories)
    if category := category_of(subject.values.hazard.type if subject.values.hazard else None):
        found.add(category)
    return found


def _quake(subject: Subject, sketch: Sketch) -> tuple[float, Why] | None:
    """Same shock, or an aftershock of it, by the sources' points, time and magnitude."""
    point = first_point(subject.values.places)
    if point is None or sketch.lat is None or sketch.lon is None:
        return None
    km = distance_km(*point, sketch.lat, sketch.lon)
    theirs = figure(sketch.figures, "magnitude")
    ours = subject.magnitude
    apart = abs(subject.at - (sketch.event_at or sketch.opened_at))
    if apart <= SAME_QUAKE_APART and km <= 200 and _near(ours, theirs, 1.0):
        return 3.0, Why("link_same_quake", {"km": round(km)})
    if theirs is None or ours is None or ours >= theirs:
        return None
    if km <= aftershock_radius_km(theirs) and subject.at - sketch.opened_at <= timedelta(days=30):
        return 2.5, Why("link_aftershock", {"km": round(km), "magnitude": ours})
    return None


def _by_words_and_place(subject: Subject, sketch: Sketch) -> tuple[float, Why] | None:
    ours, theirs = set(subject.countries), set(sketch.countries)
    shared = sorted(ours & theirs)
    if ours and theirs and not shared:
        return None
    if "EQ" in (subject.hazard, sketch.hazard) and not _near(
        subject.magnitude, figure(sketch.figures, "magnitude"), 0.6
    ):
        return None
    alike = best_likeness(subject.values.title, sketch.titles)
    why = {"percent": round(alike * 100), "country": shared[0] if shared else None}
    if _elsewhere(subject, sketch):
        return None
    if not shared or contrary(subject.hazard, sketch.hazard) or _in_passing(subject, sketch):
        clash = any(numbers_clash(subject.values.title, title) for title in sketch.titles[:1])
        if alike >= ALIKE_NOWHERE and not clash:
            return 1 + alike, Why("link_words_place" if shared else "link_words", why)
        return None
    same_hazard = related(subject.hazard, sketch.hazard)
    near_in_time = abs(subject.at - sketch.last_item_at) <= timedelta(days=1)
    enough = (ALIKE_NEAR if near_in_time else ALIKE) if same_hazard else ALIKE_UNKNOWN
    if alike >= enough:
        return 1 + alike, Why("link_words_place", why)
    if subject.role is Role.COMMUNICATION and _speaks_of(subject, sketch):
        return 0.9, Why("link_communication", {"country": shared[0]})
    if not same_hazard:
        return None
    if _shared_numbers(subject, sketch, more_than=3):
        return 1.5, Why("link_numbers", {"country": shared[0]})
    if subject.hazard in HEALTH:
        return 1.2, Why("link_outbreak", {"country": shared[0]})
    if _close(subject, sketch) and near_in_time:
        return 1.4, Why("link_place", {"country": shared[0]})
    if (
        sketch.hazard in QUAKES
        and abs(subject.at - (sketch.event_at or sketch.opened_at)) <= QUAKE_APART
    ):
        return 1.1, Why("link_hazard_country_time", {"country": shared[0]})
    return None


def _in_passing(subject: Subject, sketch: Sketch) -> bool:
    """Whether the item is about another country first, and names the incident's only beside it."""
    first = subject.countries[:1]
    return subject.role is Role.SIGNAL and bool(first) and first[0] not in sketch.countries


def _elsewhere(subject: Subject, sketch: Sketch) -> bool:
    """Whether the item names places too far from the incident to be of one event.

    Earthquakes are felt and outbreaks spread far and wide, and a storm is known by its name;
    otherwise only a toll that both tell speaks for one event at two places.
    """
    if subject.role is not Role.SIGNAL or {subject.hazard, sketch.hazard} & WIDE:
        return False
    point = None if sketch.lat is None or sketch.lon is None else (sketch.lat, sketch.lon)
    return (
        far_apart(subject.reading.places, point, sketch.titles)
        and not same_storm(subject.values.title, sketch.titles)
        and not _shared_numbers(subject, sketch, more_than=9)
    )


def _speaks_of(subject: Subject, sketch: Sketch) -> bool:
    """A ministry that names the country and either the hazard or a crisis, soon after."""
    soon = subject.at - sketch.opened_at <= SPOKEN_WITHIN
    names_hazard = subject.hazard is not None and sketch.hazard is not None
    crisis = bool(set(subject.reading.categories) & set(sketch.categories))
    return soon and (names_hazard or crisis)


def _shared_numbers(subject: Subject, sketch: Sketch, *, more_than: float) -> bool:
    ours = {(each.kind, each.value) for each in subject.reading.figures if each.value > more_than}
    return bool(ours & {(each.kind, each.value) for each in sketch.figures})


def _close(subject: Subject, sketch: Sketch) -> bool:
    """Places of one event: those of an earthquake lie as far apart as it is felt."""
    point = subject.point
    if point is None or sketch.lat is None or sketch.lon is None:
        return False
    within = CLOSE_KM
    if sketch.hazard in QUAKES:
        within = max(within, aftershock_radius_km(figure(sketch.figures, "magnitude") or 0.0))
    return distance_km(*point, sketch.lat, sketch.lon) <= within


def _near(one: float | None, other: float | None, apart: float) -> bool:
    return one is None or other is None or abs(one - other) <= apart

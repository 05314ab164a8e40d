"""Does this item belong to an incident that we know, does it open one, or neither?

Known identities come first. Earthquakes, outbreaks and bulletins have rules of their own. For
everything else the signs for and against are weighed (`evidence`, `weights`); each link says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.incidents import shocks
from monitor.incidents.bulletins import is_bulletin, same_bulletin
from monitor.incidents.evidence import Evidence, Told, evidence, may_copy
from monitor.incidents.hazards import HEALTH, contrary, related
from monitor.incidents.hazards import window as takes_for
from monitor.incidents.nearness import NEAR, REACH, confirmed, installed, nearness
from monitor.incidents.outbreaks import same_diseases
from monitor.incidents.rarity import Rarities
from monitor.incidents.subject import Subject, figure
from monitor.incidents.weights import ENOUGH, KIN, weigh
from monitor.incidents.window import Window
from storage.records import Level, Role, Sketch, Why

SPOKEN_WITHIN = timedelta(days=3)  # of its opening, ministries speak about an incident
LATE = timedelta(days=15)  # after the last item, what tells of it well enough still joins
OUTBREAK = timedelta(days=60)
BEFORE = timedelta(days=2)  # an item may tell of what happened this long before the opening
QUAKES = frozenset(["EQ", "TS"])
WIDE = QUAKES | HEALTH  # far places of one event
COPIES = 0.8  # likeness of headlines that are one text
TOO_FAR = 0.6  # 250 km
FAR = 0.08  # 120 km
MOST_NEAR = 3  # incidents that are asked whether they mean the same


@dataclass(frozen=True, slots=True)
class Link:
    """The outcome: join `incident_id`, or open a new one, or neither; always with reasons.

    `relates_to` is the incident that a new one is a part of, or follows from.
    """

    incident_id: int | None
    opens: bool
    why: tuple[Why, ...]
    relates_to: int | None = None


def choose(
    subject: Subject,
    by_event: Mapping[tuple[str, str], int],
    known: Window | Iterable[Sketch],
) -> Link:
    """The incident `subject` belongs to.

    `by_event` holds the incidents that already own one of its identities; `known` are the
    incidents that may still take items. The oldest of equally good ones wins, so the same
    stream gives the same incidents.
    """
    for key in subject.events:
        if key in by_event:
            return Link(by_event[key], False, (Why("link_identity", {"kind": key[0]}),))
    if subject.role is Role.SIGNAL and "retrospective" in subject.reading.flags:
        return Link(None, False, (Why("retrospective"),))
    window = known if isinstance(known, Window) else Window(known)
    sketches = window.candidates(subject) if isinstance(known, Window) else window
    sketches = [each for each in sketches if _in_time(subject, each)]
    only = _only_one_of_its_kind(subject, sketches)
    rarities = Rarities.of(subject.headline.words, window.held_by)
    best: tuple[float, Why, Sketch] | None = None
    kin: tuple[float, Sketch] | None = None
    close: list[tuple[float, Sketch]] = []
    for sketch in sorted(sketches, key=lambda each: each.id):
        told = window.told(sketch)
        score, why = _score(subject, sketch, told, rarities, only=sketch.id == only)
        if why is not None and (best is None or score > best[0]):
            best = (score, why, sketch)
        if why is None and score >= ENOUGH - REACH:
            close.append((score, sketch))
        if why is None and score >= KIN and (kin is None or score > kin[0]):
            kin = (score, sketch)
    if best:
        return Link(best[2].id, False, (best[1],))
    near = _near(subject, close, window, rarities, only)
    if near:
        return near
    link = _open_or_not(subject)
    if link.opens and kin:
        return Link(None, True, link.why, relates_to=kin[1].id)
    return link


def _near(
    subject: Subject,
    close: Sequence[tuple[float, Sketch]],
    known: Window,
    rarities: Rarities,
    only: int | None,
) -> Link | None:
    """The incident whose headlines mean the same, among those that nearly fit."""
    ours = subject.headline
    if not close or ours.few or not ours.words or is_bulletin(subject) or not installed():
        return None
    best: tuple[float, Sketch] | None = None
    for _, sketch in sorted(close, key=lambda each: (-each[0], each[1].id))[:MOST_NEAR]:
        told = known.told(sketch)
        signs = evidence(subject, sketch, told, rarities, only=sketch.id == only)
        if not confirmed(signs) or _contradicted(subject, sketch, told, signs):
            continue
        found = nearness(subject.values.title, sketch.titles)
        if found >= NEAR and (best is None or found > best[0]):
            best = (found, sketch)
    if best is None:
        return None
    why = Why(
        "link_meaning", {"percent": round(best[0] * 100), "country": _shared(subject, best[1])}
    )
    return Link(best[1].id, False, (why,))


def unlinkable(subject: Subject) -> Why | None:
    """Why `subject` neither joins nor opens an incident, whichever there are; None if it might."""
    if subject.role is not Role.SIGNAL or subject.events:
        return None
    return Why("retrospective") if "retrospective" in subject.reading.flags else None


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


def _in_time(subject: Subject, sketch: Sketch) -> bool:
    if subject.drill != sketch.exercise:
        return False
    if sketch.opened_at - subject.at > BEFORE:
        return False
    age = subject.at - sketch.last_item_at
    return age <= LATE or age <= _longest(subject, sketch)


def _longest(subject: Subject, sketch: Sketch) -> timedelta:
    """How long after its last item the incident takes this one, LATE at least."""
    longest = max(LATE, takes_for(sketch.hazard or subject.hazard))
    if HEALTH & {sketch.hazard, subject.hazard} or set(sketch.categories) == {"health"}:
        longest = max(longest, OUTBREAK)
    if {subject.hazard, sketch.hazard} & QUAKES:
        longest = max(longest, timedelta(days=60))  # aftershocks; what follows looks closer
    return longest


def _only_one_of_its_kind(subject: Subject, sketches: Iterable[Sketch]) -> int | None:
    """The one incident of this hazard in this country, if there is but one."""
    kind = [
        sketch.id
        for sketch in sketches
        if related(subject.hazard, sketch.hazard) and _shared(subject, sketch) is not None
    ]
    return kind[0] if len(kind) == 1 else None


def _score(
    subject: Subject, sketch: Sketch, told: Told, rarities: Rarities, *, only: bool = False
) -> tuple[float, Why | None]:
    """How well the two agree (higher is better), and the reason if they do."""
    if "EQ" in (subject.hazard, sketch.hazard) and shocks.is_notice(subject):
        found = shocks.same_shock(subject, sketch) if _may_shake(subject, sketch) else None
        return found or (KIN - 1, None)
    if _apart(subject, sketch) and not _alike_copies(subject, sketch, told):
        return KIN - 1, None
    if is_bulletin(subject) and all(trace.feed_kind == "hazard" for trace in sketch.traces):
        if sketch.traces:
            return same_bulletin(subject, sketch, told) or (KIN - 1, None)
    elif (found := _same_outbreak(subject, sketch, told)) is not None:
        return found
    signs = evidence(subject, sketch, told, rarities, only=only)
    score = weigh(signs)
    if not _fits(subject, told, signs) or _contradicted(subject, sketch, told, signs):
        return min(score, KIN), None
    if _place_alone(subject, signs):
        return min(score, KIN), None
    shakes = subject.hazard in QUAKES or sketch.hazard in QUAKES
    if shakes and not _felt(subject, sketch, signs):
        return KIN - 1, None
    if score >= ENOUGH:
        return score, _reason(subject, sketch, signs)
    if subject.role is Role.COMMUNICATION and _speaks_of(subject, sketch, signs):
        return ENOUGH, Why("link_communication", {"country": _shared(subject, sketch)})
    if shakes and _only_one_meant(subject, sketch):
        size = figure(sketch.figures, "magnitude") or 0.0
        why = Why("link_hazard_country_time", {"country": _shared(subject, sketch)})
        return ENOUGH + size / 100, why
    return score, None


def _may_shake(subject: Subject, sketch: Sketch) -> bool:
    return related(subject.hazard, sketch.hazard)


def _apart(subject: Subject, sketch: Sketch) -> bool:
    """Both name countries and none is the same."""
    ours = subject.country_set
    return bool(ours and sketch.countries) and ours.isdisjoint(sketch.countries)


def _alike_copies(subject: Subject, sketch: Sketch, told: Told) -> bool:
    """One storm over several countries, or one text of which the country was read otherwise."""
    if not may_copy(subject, told):
        return False
    signs = evidence(subject, sketch, told)
    return bool(signs.same_storm) or (signs.words >= 0.9 and not signs.far)


def _same_outbreak(subject: Subject, sketch: Sketch, told: Told) -> tuple[float, Why] | None:
    """An outbreak is one of a disease in a country, however long apart its notices are."""
    sick = subject.hazard in HEALTH or sketch.hazard in HEALTH or subject.feed_kind == "health"
    if not sick:
        return None
    country = _shared(subject, sketch)
    if country is None or not same_diseases(subject.diseases, told.diseases):
        return None
    newest = (subject.at - sketch.last_item_at) / timedelta(days=1)
    return 6.0 - newest / 100, Why("link_outbreak", {"country": country})


def _fits(subject: Subject, told: Told, signs: Evidence) -> bool:
    """Whether the item tells of a crisis of the incident's kind, or of its end.

    One that was not read as a crisis may still go on about one: then its words must say so.
    """
    ours = subject.headline
    if not ours.words or (ours.few and not subject.countries):  # "Flood", of nowhere
        return bool(signs.same_place and signs.same_hazard)
    if _ends(subject):
        return True
    theirs = told.categories
    if theirs & subject.unsure and (signs.words >= 0.1 or signs.same_place):
        return True
    if not subject.sure:
        return _goes_on_unread(subject, signs)
    kin = signs.same_hazard or signs.related_hazard  # a blaze is natural or made by people
    return bool(subject.sure & theirs or kin) or not theirs or signs.names >= 2


def _goes_on_unread(subject: Subject, signs: Evidence) -> bool:
    """Whether a text that was not read as a crisis goes on about one.

    A later turn of the story says so or repeats its numbers, and has a name in common.
    """
    kin = signs.same_hazard or signs.related_hazard
    if signs.same_storm or (subject.role is Role.COMMUNICATION and kin):
        return True
    repeats = signs.goes_on or signs.same_figure or signs.same_number
    if repeats:
        return bool((signs.words >= 0.1 or signs.same_place) and signs.names >= 1)
    return bool(signs.words >= 0.3 and signs.names >= 2)


def _contradicted(subject: Subject, sketch: Sketch, told: Told, signs: Evidence) -> bool:
    """Whether one sign speaks so strongly against it that others must be overwhelming.

    The item is of another kind of event, at places far from all that the incident names, or
    about another country first.
    """
    copies = signs.words >= COPIES and not signs.other_numbers
    if signs.other_disease or signs.other_storm or _nothing_shared(subject, signs):
        return True
    if signs.other_hazard and not (copies or (signs.names >= 2 and signs.words >= 0.35)):
        return True
    if _in_passing(subject, sketch) and not copies and not signs.same_storm:
        return True
    wide = subject.hazard in WIDE or sketch.hazard in WIDE
    too_far = TOO_FAR if signs.names else FAR
    if signs.far >= too_far and not wide and not signs.same_storm and not signs.other_language:
        return not _shared_toll(subject, told)
    return False


def _nothing_shared(subject: Subject, signs: Evidence) -> bool:
    """Whether hazard and country alone speak for it, told in a language that the incident has."""
    if subject.role is not Role.SIGNAL or signs.other_language or signs.covered >= 0.05:
        return False
    told = signs.same_place or signs.same_number or signs.same_figure
    return not (told or signs.same_storm or signs.same_disease)


def _place_alone(subject: Subject, signs: Evidence) -> bool:
    """Whether a text that tells no hazard has nothing but a place in common."""
    if subject.hazard is not None or subject.role is not Role.SIGNAL:
        return False
    copies = signs.words >= COPIES and not signs.other_numbers
    numbers = signs.same_number or signs.same_figure
    abroad = signs.other_language and signs.same_place
    return not (
        signs.names or signs.words >= 0.3 or numbers or signs.same_storm or abroad or copies
    )


def _in_passing(subject: Subject, sketch: Sketch) -> bool:
    """Whether the item is about another country first, and names the incident's only beside it."""
    first = subject.countries[:1]
    return subject.role is Role.SIGNAL and bool(first) and first[0] not in sketch.countries


def _shared_toll(subject: Subject, told: Told) -> bool:
    ours = {(each.kind, each.value) for each in subject.reading.figures if each.value > 9}
    return bool(ours & told.figures)


def _only_one_meant(subject: Subject, sketch: Sketch) -> bool:
    """Whether a report of a quake or tsunami comes so soon that it needs not say which is meant."""
    return (
        _shared(subject, sketch) is not None
        and related(subject.hazard, sketch.hazard)
        and sketch.hazard in QUAKES
        and shocks.soon_after(subject, sketch)
    )


def _felt(subject: Subject, sketch: Sketch, signs: Evidence) -> bool:
    """Whether words may be of the earthquake, in reach, in size and in time."""
    if not related(subject.hazard, sketch.hazard):
        return signs.words >= 0.5 or signs.same_place > 0
    return shocks.may_report(subject, sketch)


def _speaks_of(subject: Subject, sketch: Sketch, signs: Evidence) -> bool:
    """A ministry that names the country and either the hazard or a crisis, soon after.

    One that speaks of its own country tells what happens there, as others do.
    """
    soon = subject.at - sketch.opened_at <= SPOKEN_WITHIN
    if not soon or not signs.same_country or signs.far or signs.other_hazard:
        return False
    if subject.speaker is not None and subject.speaker in sketch.countries:
        return False
    crisis = bool(set(subject.reading.categories) & set(sketch.categories))
    return bool(signs.same_hazard or signs.related_hazard) or crisis


def _shared(subject: Subject, sketch: Sketch) -> str | None:
    return next((each for each in subject.countries if each in sketch.countries), None)


def _reason(subject: Subject, sketch: Sketch, signs: Evidence) -> Why:
    """The weightiest sign, in words."""
    country = _shared(subject, sketch)
    if subject.role is Role.COMMUNICATION and country and signs.words < 0.25:
        return Why("link_communication", {"country": country})
    values = {"percent": round(signs.words * 100), "country": country}
    if signs.same_storm:
        return Why("link_storm", {"country": country})
    if signs.words >= 0.25 or country is None:
        return Why("link_words_place" if country else "link_words", values)
    if signs.same_number or signs.same_figure:
        return Why("link_numbers", {"country": country})
    if signs.same_place:
        return Why("link_place", {"country": country})
    if signs.words >= 0.1:
        return Why("link_words_place", values)
    return Why("link_hazard_country_time", {"country": country})

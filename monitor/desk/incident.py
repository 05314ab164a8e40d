"""One incident's page: what is known, from whom, why it has its level, and who was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from alerts import clean, phrases, standing, words
from monitor.communications import said
from monitor.communications.drawing import svg
from monitor.communications.picture import timeline
from monitor.desk.facts import Fact, facts, people
from monitor.desk.folding import EVERYTHING, MOST, Fold, all_folded, rest_folded
from monitor.desk.itemrows import Headline, ItemRow, row
from monitor.desk.outcomes import Outcome, outcomes, rule_name, state_of, team_name
from monitor.desk.page import Ask, Page
from monitor.desk.queue import IncidentRow, incident_row
from monitor.desk.voice import Moment, Voice
from monitor.desk.whosaid import Who, who
from monitor.incidents.homeword import home_word
from monitor.incidents.numbers import AFTERSHOCK, Given, Number
from monitor.incidents.show import (
    BY_PERSONS,
    EXPLAINED,
    EXPLAINING,
    Dossier,
    change_said,
    dossier,
    split_off,
    standing_of,
)
from monitor.oncall.care import care_said
from monitor.oncall.deeds import is_taken
from storage import incidents, itemreads
from storage.records import (
    Change,
    Communication,
    Decision,
    Figure,
    Item,
    NationalsStatus,
    Notice,
)

if TYPE_CHECKING:
    from storage.database import Connection

STEPS, SOURCES, TOLD, KNOWN = 10, 5, 4, 3  # what is open at once of each list
_COMMON = frozenset(["joined", "communication", "moved", "related", "reviewed"])


@dataclass(frozen=True, slots=True)
class Spoken:
    """A ministry's communication; `delay` is its distance from the first signal."""

    speaker: str
    home: bool
    kind: str
    advice: str | None
    headline: Headline
    at: Moment | None
    delay: str
    by_hand: str


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One kind of number: what each publisher says now, and what was said before."""

    label: str
    now: tuple[str, ...]
    differ: bool
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of our people at a time, from whom, and who wrote it down."""

    at: Moment | None
    text: str
    source: str
    by: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the timeline; `explains`: its reasons say more than the line itself."""

    at: Moment | None
    text: str
    by: str | None
    why: tuple[str, ...]
    explains: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What one rule said: whom to tell and when, or why nobody."""

    at: Moment | None
    rule: str
    team: str
    state: str
    due: Moment | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One notice and how far it got."""

    id: int
    at: Moment | None
    who: str
    kind: str
    subject: str
    state: str
    key: str
    answer: str


@dataclass(frozen=True, slots=True)
class HomeSays:
    """Our own ministry's newest word on our people, in its own words, and what to do with it."""

    text: str
    headline: Headline
    at: Moment | None
    remedy: str


@dataclass(frozen=True, slots=True)
class SplitFrom:
    """The incident that this one was split off, and who did it when, in words."""

    number: str
    said: str


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Everything about one incident; `merged_into` is the number of the one it lives on in.

    `whole` is the address of the page with every line, None where nothing is left out.
    """

    head: IncidentRow
    drill: str | None
    merged_into: str | None
    split_from: SplitFrom | None
    confirmation: str
    home_word: HomeSays | None
    taken: str
    care: tuple[str, ...]
    reasons: tuple[str, ...]
    people: tuple[str, ...]
    facts: tuple[Fact, ...]
    known: Fold[Known]
    numbers: tuple[NumberRow, ...]
    who: Who | None
    spoken: Fold[Spoken]
    steps: Fold[Step]
    items: Fold[ItemRow]
    outcomes: tuple[Outcome, ...]
    decided: Fold[Decided]
    told: Fold[Told]
    whole: str | None


def incident(conn: Connection, ask: Ask) -> Page:
    """The page of the incident with the number in the address. Raises HTTPException 404."""
    found = incidents.by_number(conn, ask.parts["number"])
    if found is None:
        raise HTTPException(404)
    of = dossier(conn, found, ask.voice.policy, now=ask.voice.now)
    page = content(of, ask.voice, whole=ask.query.get("all") == "1")
    return Page("incident.html", f"#{found.number} {page.head.title}", page)


def incident_picture(conn: Connection, ask: Ask) -> str:
    """Its signals and communications on one time line, as SVG. Raises HTTPException 404."""
    found = incidents.by_number(conn, ask.parts["number"])
    if found is None:
        raise HTTPException(404)
    voice = ask.voice
    members = itemreads.of_incident(conn, found.id)
    spoken = incidents.communications(conn, found.id, by_hand=True)
    return svg(timeline(found, members, spoken, voice.policy, language=voice.language))


def content(of: Dossier, voice: Voice, *, whole: bool) -> IncidentPage:
    """All that is told of it, in the reader's words; `whole` leaves no line out."""
    found = of.incident
    most = EVERYTHING if whole else MOST
    newest = list(reversed(of.changes))
    ordered = phrases.ordered(of.items)
    page = IncidentPage(
        head=incident_row(found, voice),
        drill=voice.say("mail.exercise") if found.exercise else None,
        merged_into=of.lives_in,
        split_from=_split_from(of, voice),
        confirmation=standing_of(of, voice.language),
        home_word=_home_word(of, voice),
        taken=_taken(of, voice),
        care=care_said(found, of.care, voice.policy, voice.language, voice.now) if of.care else (),
        reasons=voice.reasons(found.level_why),
        people=people(found, voice),
        facts=facts(found, of.items, voice),
        known=rest_folded(
            of.nationals[::-1], lambda each: _known(each, voice), seen=KNOWN, most=most
        ),
        numbers=tuple(
            _number(each, voice)
            for each in of.numbers
            if each.differ or len(each.history) > 1 or each.kind == AFTERSHOCK
        ),
        who=who(of.who, voice),
        spoken=rest_folded(
            of.communications[::-1], lambda each: _spoken(each, of, voice), seen=0, most=most
        ),
        steps=all_folded(
            newest,
            [change for change in newest if change.kind not in _COMMON],
            lambda each: _step(each, of, voice),
            seen=STEPS,
            most=most,
        ),
        items=rest_folded(
            [*ordered[:SOURCES], *_newest_first(ordered[SOURCES:])],
            lambda each: _source(each, of, voice),
            seen=SOURCES,
            most=most,
        ),
        outcomes=outcomes(of.decisions, of.changes, voice, taken=is_taken(of.incident)),
        decided=rest_folded(
            of.decisions[::-1], lambda each: _decided(each, voice), seen=0, most=most
        ),
        told=rest_folded(
            of.notices[::-1], lambda each: _told(each, voice, voice.language), seen=TOLD, most=most
        ),
        whole=None,
    )
    lists = (page.known, page.spoken, page.steps, page.items, page.decided, page.told)
    left = any(each.left for each in lists)
    return replace(page, whole=f"/incidents/{found.number}?all=1") if left and not whole else page


def _newest_first(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.first_seen_at, item.id), reverse=True)


def _source(of: Item, dossier: Dossier, voice: Voice) -> ItemRow:
    linked = voice.reasons(dossier.link_why.get(of.id, ()))
    return row(of, voice, dossier.incident.number, linked, dossier.ended.get(of.id))


def _taken(of: Dossier, voice: Voice) -> str:
    found = of.incident
    if found.acknowledged_at is None:
        return voice.say("mail.nobody_yet")
    who = phrases.office(found.acknowledged_by, voice.language, voice.policy)
    at = phrases.at_short(found.acknowledged_at, voice.language, voice.zone, voice.now)
    return voice.say("mail.taken_by", who=who, at=at)


def _split_from(of: Dossier, voice: Voice) -> SplitFrom | None:
    found = split_off(of.changes)
    if found is None or found.old is None:
        return None
    by = phrases.office(found.by, voice.language, voice.policy)
    at = phrases.at_short(found.at, voice.language, voice.zone, voice.now)
    number = clean.one_line(found.old, 20)
    return SplitFrom(number, voice.say("incident.split.off", number=number, by=by, at=at))


def _home_word(of: Dossier, voice: Voice) -> HomeSays | None:
    found = home_word(of.items, of.nationals)
    if found is None:
        return None
    head = phrases.headline(found.item)
    return HomeSays(
        text=voice.say("people.home_safe" if found.safe else "people.home_word"),
        headline=Headline(
            head.title, head.language, clean.outward(head.link), clean.host(head.link)
        ),
        at=voice.moment(found.at),
        remedy=voice.say("people.home_remedy", number=of.incident.number),
    )


def _spoken(of: Communication, dossier: Dossier, voice: Voice) -> Spoken:
    item = next((each for each in dossier.items if each.id == of.item_id), None)
    link = clean.link(of.link)
    headline = Headline(clean.one_line(of.title, 160), "", clean.outward(link), clean.host(link))
    if item is not None:
        head = phrases.headline(item)
        headline = Headline(
            head.title, head.language, clean.outward(head.link), clean.host(head.link)
        )
    by_hand = ""
    if of.channel is not None:
        by = phrases.office(of.by, voice.language, voice.policy)
        by_hand = voice.say("voices.by_hand", by=by, channel=clean.one_line(of.channel, 80))
    speaker = clean.one_line(of.publisher, 80)
    if of.speaker:
        speaker = f"{words.country(of.speaker, voice.language, short=True)} · {speaker}"
    return Spoken(
        speaker=speaker,
        home=of.home,
        kind=voice.say_or(f"communication.{of.kind}", of.kind),
        advice=phrases.advice(of.advice, voice.language) if of.advice else None,
        headline=headline,
        at=voice.moment(of.at),
        delay=said.delay(of.delay_s, voice.language),
        by_hand=by_hand,
    )


def _number(of: Number, voice: Voice) -> NumberRow:
    def told(each: Given) -> str:
        figure = Figure(of.kind, each.value, each.words, each.publisher, each.at)
        return phrases.figure_with_source(figure, voice.language, voice.zone, voice.now)

    return NumberRow(
        label=phrases.sentence(voice.say_or(f"figure.{of.kind}", of.kind)),
        now=tuple(told(each) for each in of.now[:6]),
        differ=of.differ,
        history=tuple(told(each) for each in of.history[-20:]) if len(of.history) > 1 else (),
    )


def _known(of: NationalsStatus, voice: Voice) -> Known:
    by = voice.say("label.by_machine")
    if of.by != "machine":
        by = phrases.office(of.by, voice.language, voice.policy)
    return Known(
        at=voice.moment(of.at),
        text=standing.written(of, voice.language),
        source=clean.one_line(of.source, 120),
        by=by,
    )


def _step(of: Change, dossier: Dossier, voice: Voice) -> Step:
    by = None
    names_him = any(why.values.get("by") == of.by for why in of.why)
    if of.by != "machine" and of.kind not in BY_PERSONS and not names_him:
        by = phrases.office(of.by, voice.language, voice.policy)
    return Step(
        at=voice.moment(of.at),
        text=change_said(of, dossier, voice.policy, voice.language),
        by=by,
        why=voice.reasons(of.why),
        explains=of.kind in EXPLAINED or any(why.code in EXPLAINING for why in of.why),
    )


def _decided(of: Decision, voice: Voice) -> Decided:
    return Decided(
        at=voice.moment(of.made_at),
        rule=rule_name(of, voice),
        team=team_name(of.team, voice),
        state=state_of(of, voice),
        due=voice.moment(of.due_at),
        why=voice.reasons(of.why),
    )


def _told(of: Notice, voice: Voice, language: str) -> Told:
    return Told(
        id=of.id,
        at=voice.moment(of.created_at),
        who=phrases.office(of.person, language, voice.policy),
        kind=notice_kind(of, voice),
        subject=clean.one_line(of.subject, 200),
        state=phrases.delivery(of.state, of.response, language),
        key=of.state,
        answer=clean.one_line(of.response, 300),
    )


def notice_kind(of: Notice, voice: Voice) -> str:
    """What kind of notice it is, in words."""
    key = f"message.{of.kind}"
    if not words.current().has(key):
        return clean.one_line(of.kind, 40)
    return voice.say(key, number=of.number)

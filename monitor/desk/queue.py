"""The first page: what waits for the desk, and what the feeds said last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts import phrases, words
from alerts.digest.choice import PEOPLE
from alerts.roster import on_duty
from monitor.desk.itemrows import ItemRow, rows
from monitor.desk.page import Ask, Page
from monitor.desk.voice import LevelMark, Moment, Voice
from monitor.incidents.overlooked import overlooked
from monitor.oncall.care import care_said
from storage import incidents, itemreads, oncall
from storage.records import Incident, Level

if TYPE_CHECKING:
    from storage.database import Connection

MOST_INCIDENTS, LAST_ITEMS = 200, 30
REFRESH_S = 60


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident of the queue.

    `marks` are words that must not be overlooked (exercise, withdrawn); `state` is None while it
    is simply open. `urgent`: ALERT or above, and nobody has taken it. `care` says who looks after
    it and until when it is put off.
    """

    number: str
    level: LevelMark
    title: str
    countries: str
    categories: tuple[str, ...]
    marks: tuple[str, ...]
    state: str | None
    nationals: str | None
    opened: Moment | None
    age: str
    last: Moment | None
    independent: int
    total: int
    taken_by: str | None
    urgent: bool
    care: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """`everything`: INFO too. `cut`: more incidents are open than are listed.

    `closed` are closed ones of which something grave was told since. `duty` says who is on duty,
    one line for each team with a roster.
    """

    everything: bool
    duty: tuple[str, ...]
    cut: bool
    closed: tuple[IncidentRow, ...]
    incidents: tuple[IncidentRow, ...]
    items: tuple[ItemRow, ...]


def queue(conn: Connection, ask: Ask) -> Page:
    """The open and quiet incidents, highest level first, and the last items."""
    everything = ask.query.get("all") == "1"
    found = incidents.listing(
        conn,
        states=("open", "quiet"),
        min_level=Level.INFO if everything else Level.WATCH,
        limit=MOST_INCIDENTS + 1,
    )
    cares = oncall.cares(conn)
    content = Queue(
        everything=everything,
        duty=duty(ask.voice),
        cut=len(found) > MOST_INCIDENTS,
        closed=tuple(incident_row(each, ask.voice) for each in overlooked(conn, ask.voice.now)),
        incidents=tuple(
            incident_row(each, ask.voice, cares.get(each.id)) for each in found[:MOST_INCIDENTS]
        ),
        items=rows(conn, itemreads.recent(conn, limit=LAST_ITEMS), ask.voice),
    )
    urgent = sum(each.urgent for each in content.incidents)
    title = ask.voice.say("page.queue")
    return Page(
        "queue.html", f"({urgent}) {title}" if urgent else title, content, refresh_s=REFRESH_S
    )


def incident_row(of: Incident, voice: Voice, care: oncall.Care | None = None) -> IncidentRow:
    """One incident as a row, with who looks after it where that is given."""
    language = voice.language
    taken = None
    if of.acknowledged_at is not None:
        taken = phrases.office(of.acknowledged_by, language, voice.policy)
    return IncidentRow(
        number=of.number,
        level=voice.level(of.level),
        title=phrases.title(of, language),
        countries=words.countries(of.countries, language, short=True),
        categories=tuple(words.category(each, language, short=True) for each in of.categories),
        marks=marks(of, voice),
        state=None if of.state == "open" else voice.say_or(f"incident.{of.state}", of.state),
        nationals=nationals(of, voice),
        opened=voice.moment(of.opened_at),
        age=voice.length(of.opened_at),
        last=voice.moment(of.last_item_at),
        independent=of.independent_sources,
        total=of.sources,
        taken_by=taken,
        urgent=taken is None and of.level >= Level.ALERT and not of.exercise,
        care=care_said(of, care, voice.policy, language, voice.now),
    )


def marks(of: Incident, voice: Voice) -> tuple[str, ...]:
    """What must not be overlooked about an incident's standing."""
    found = []
    if of.exercise:
        found.append(voice.say("message.exercise"))
    if of.withdrawn:
        found.append(voice.say("message.withdrawn"))
    if of.lifted:
        found.append(voice.say("message.lifted"))
    return tuple(found)


def duty(voice: Voice) -> tuple[str, ...]:
    """Who is on duty now, by office."""
    policy, lines = voice.policy, []
    for team in policy.teams.values():
        if not team.roster:
            continue
        now_is = on_duty(team, policy, voice.now)
        offices = [
            phrases.office(person, voice.language, policy)
            for person in (now_is.primary, now_is.backup)
            if person
        ]
        name = team.name.in_(voice.language)
        said = (
            voice.say("page.on_duty", who=", ".join(offices))
            if offices
            else voice.say("page.nobody_on_duty")
        )
        lines.append(f"{name} · {said}")
    return tuple(lines)


def nationals(of: Incident, voice: Voice) -> str | None:
    """What is reported of our people, None when nothing is."""
    if of.nationals in PEOPLE:
        return voice.say("mail.nationals", state=voice.say(f"nationals.{of.nationals}"))
    return None

"""One incident with its items, communications, timeline, decisions and notices, to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from alerts import clean, dates, missions, phrases, standing, words
from alerts.policy import Policy
from alerts.review import confirmation, is_reviewed
from monitor.communications import said
from monitor.communications.table import WhoSaid, who_said
from monitor.incidents import messages
from monitor.incidents.messages import Ending
from monitor.incidents.numbers import Number, numbers
from storage import decisions, incidents, itemreads, outbox
from storage.records import (
    Change,
    Communication,
    Decision,
    Figure,
    Incident,
    Item,
    NationalsStatus,
    Notice,
    Why,
)

if TYPE_CHECKING:
    from storage.database import Connection

BY_PERSONS = ("acknowledged", "unacknowledged")
EXPLAINED = ("closed", "reopened", "quiet", "level_raised", "level_lowered", "related")


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything stored about one incident, each list oldest first.

    `ended` says, by item id, which messages no longer stand.
    """

    incident: Incident
    items: tuple[Item, ...]
    link_why: dict[int, tuple[Why, ...]]
    communications: tuple[Communication, ...]
    changes: tuple[Change, ...]
    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]
    who: WhoSaid | None = None
    nationals: tuple[NationalsStatus, ...] = ()
    numbers: tuple[Number, ...] = ()
    ended: Mapping[int, Ending] = field(default_factory=dict)


def dossier(conn: Connection, incident: Incident, policy: Policy, *, now: datetime) -> Dossier:
    """Gather everything about `incident` as it is known and stands at `now`."""
    members = sorted(itemreads.of_incident(conn, incident.id), key=lambda each: each.first_seen_at)
    spoken = incidents.communications(conn, incident.id, by_hand=True)
    return Dossier(
        incident=incident,
        items=tuple(members),
        link_why=incidents.why_of(conn, incident.id),
        communications=tuple(spoken),
        changes=tuple(incidents.changes(conn, incident.id)),
        decisions=tuple(decisions.of_incident(conn, incident.id)),
        notices=tuple(outbox.of_incident(conn, incident.id)),
        who=who_said(conn, incident, spoken, policy.home_country, now=now),
        nationals=tuple(incidents.nationals_of(conn, incident.id)),
        numbers=numbers(itemreads.versions_of_incident(conn, incident.id), incident.event_at),
        ended=messages.standing(members, now),
    )


def _who_lines(found: Dossier, policy: Policy, language: str, now: datetime) -> list[str]:
    """Who has said what, a line each, our own ministry first whether it was heard or not."""
    if found.who is None:
        return []
    zone = ZoneInfo(policy.timezone)
    lines = ["", words.say("mail.who_spoke", language)]
    silent = said.home_line(found.who, language, zone, now)
    if silent is not None:
        ours = words.country(policy.home_country, language, short=True)
        lines.append(f"  {ours}: {silent}")
    for row in found.who.rows:
        who = words.country(row.country, language, short=True) if row.country else row.publisher
        parts = [
            dates.moment(row.first.at, language, zone=zone),
            phrases.after(row.first.delay_s, language),
            ", ".join(words.say_or(f"communication.{kind}", language, kind) for kind in row.kinds),
            words.say("voices.count", language, count=row.count) if row.count > 1 else "",
            said.on_the_scale(row.step, row.flags, language) if row.advice else "",
            phrases.advice(row.advice, language) if row.advice else "",
            clean.link(row.newest.link) or "",
        ]
        lines.append(f"  {who}: {' · '.join(part for part in parts if part)}")
    return lines


def _state(incident: Incident, language: str) -> str:
    """What is told beside the title where an incident is no longer open."""
    return (
        ""
        if incident.state == "open"
        else f"  · {words.say(f'incident.{incident.state}', language)}"
    )


def as_text(found: Dossier, policy: Policy, language: str, now: datetime | None = None) -> str:
    """For a person, in Thai or English; times are told as seen at `now`."""
    now = now or found.incident.last_item_at
    incident = found.incident
    zone = ZoneInfo(policy.timezone)

    def when(at: Any) -> str:
        return dates.moment(at, language, zone=zone) if at else "-"

    title = incident.title_th if language == "th" else incident.title_en
    level = words.say(f"level.{incident.level.name}", language)
    lines = [
        f"#{incident.number}  [{level}]  {title}{_state(incident, language)}",
        f"  {standing_of(found, language)} · {_counted(incident, language)}",
        *(f"  {reason}" for reason in words.reasons(incident.level_why, language)),
    ]
    lines += [f"  {line}" for line in missions.lines(incident, policy, language)]
    for status in found.nationals:
        by = "" if status.by == "machine" else f" · {phrases.office(status.by, language, policy)}"
        known = f"{standing.written(status, language)} ({status.source}{by})"
        lines.append(f"  {when(status.at)}  {known}")
    for number in found.numbers:
        lines.append(f"  {said_now(number, language, zone, now)}")
    lines += _who_lines(found, policy, language, now)
    lines.append("")
    for item in found.items:
        named = f"[{item.id}] {item.feed_name}"  # the number is what move and split ask for
        lines.append(f"{when(item.first_seen_at)}  {named}: {item.values.title}")
        if item.id in found.ended:
            lines.append(f"    {ending_said(found.ended[item.id], language, zone)}")
        whys = (*found.link_why.get(item.id, ()), *item.disposition)
        lines += [f"    {reason}" for reason in words.reasons(whys, language)]
    lines.append("")
    for change in found.changes:
        said = change_said(change, found, policy, language)
        by = "" if change.by == "machine" or change.kind in BY_PERSONS else change.by
        who = phrases.office(by, language, policy) if by else ""
        why = words.reasons(change.why, language) if change.kind in EXPLAINED else ()
        told = " · ".join(part for part in (said, who, *why) if part)
        lines.append(f"{when(change.at)}  {told}")
    lines.append("")
    lines += [
        _decision(each, policy, language, when(each.due_at))
        for each in found.decisions
        if not _is_noise(each)
    ]
    for notice in found.notices:
        state = phrases.delivery(notice.state, notice.response, language)
        lines.append(f"{when(notice.created_at)}  {notice.person}: {notice.subject} [{state}]")
    return "\n".join(lines)


def standing_of(of: Dossier, language: str) -> str:
    """How far it is confirmed, and whether an officer has looked at it."""
    looked = is_reviewed(of.incident, of.changes)
    checked = words.say(f"confirmation.{'reviewed' if looked else 'machine'}", language)
    parts = (confirmation(of.incident, of.items, language), checked)
    return " · ".join(dict.fromkeys(parts))


def _counted(of: Incident, language: str) -> str:
    independent, total = of.independent_sources, of.sources
    return words.say("label.sources_count", language, independent=independent, total=total)


def said_now(of: Number, language: str, zone: ZoneInfo, now: datetime) -> str:
    """What every independent publisher says now, side by side: `144 dead (Wire 13:05) · 35 …`."""
    return " · ".join(
        phrases.figure_with_source(
            Figure(of.kind, told.value, told.words, told.publisher, told.at), language, zone, now
        )
        for told in of.now[:4]
    )


def ending_said(of: Ending, language: str, zone: tzinfo) -> str:
    """What ended a message and when, in words."""
    at = dates.moment(of.at, language, zone=zone)
    by = clean.one_line(of.by.values.title, 120) if of.by else ""
    return words.say(f"ended.{of.state}", language, at=at, by=clean.isolated(by or "–"))


def change_said(of: Change, found: Dossier, policy: Policy, language: str) -> str:
    """A line of the timeline in words; a kind that the catalogue lacks is shown as it is."""
    if not words.current().has(f"change.{of.kind}"):
        return clean.one_line(of.kind, 60)
    told = phrases.change(
        # What is new about an acknowledgement is who gave it, not at which level.
        replace(of, new=None) if of.kind in BY_PERSONS else of,
        language,
        items={item.id: item for item in found.items},
        communications={each.item_id: each for each in found.communications if each.item_id},
        policy=policy,
    )
    return told or words.say(f"change.{of.kind}", language)


def _decision(of: Decision, policy: Policy, language: str, due: str) -> str:
    """What one rule said: whom to tell, or why nobody, and until when it waits."""
    rule = next((each.name.in_(language) for each in policy.rules if each.id == of.rule), of.rule)
    team = policy.teams.get(of.team or "")
    who = team.name.in_(language) if team else of.team or words.say("desk.nobody", language)
    state = words.say_or(f"desk.decision.{of.state}", language, of.state)
    if of.state == "due":
        state = f"{state}: {due}"
    if of.shadow:
        state = words.say("label.shadow", language)
    whys = "; ".join(words.reasons(of.why, language))
    rule = clean.one_line(rule, 80) or words.say("desk.no_rule", language)
    return f"{rule} → {clean.one_line(who, 80)} [{state}] {whys}".rstrip()


def _is_noise(of: Decision) -> bool:
    """A change of which nobody need be told: of use to programs, not to a reader."""
    return of.team is None and {why.code for why in of.why} <= {"not_material", "duplicate_of"}

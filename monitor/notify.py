"""Due decisions become notices in the outbox, one incident a time, in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.context import AlertContext
from alerts.message import message_id, to_mime
from alerts.policy import Policy
from alerts.render import render_alert
from alerts.review import is_reviewed
from alerts.situation import Plan, PlannedNotice, Recent, Situation
from alerts.ticker import plan
from monitor.config.settings import Settings
from monitor.oncall import answering, channels
from storage import decisions, feeds, incidents, items, oncall, outbox, silences
from storage.records import Decision, Incident, Level, NationalsStatus, NewNotice, Notice

if TYPE_CHECKING:
    from storage.database import Connection

MAPS = 10  # incidents of one pass whose mails show a map


def decide_due(
    conn: Connection,
    policy: Policy,
    settings: Settings,
    *,
    now: datetime,
    waits_elapsed: bool = False,
) -> int:
    """Make notices of the decisions that are due at `now`; how many notices.

    `waits_elapsed` takes the first decisions of every chain as due, whatever their wait; the
    later steps keep their times, for nobody has had the chance to acknowledge.
    """
    horizon = now + max(policy.timing.group_wait.values(), default=timedelta(0))
    found = decisions.due(conn, horizon if waits_elapsed else now)
    due = [each for each in found if each.step == 0 or (each.due_at or now) <= now]
    by_incident: dict[int, list[Decision]] = defaultdict(list)
    for decision in due:
        by_incident[decision.incident_id].append(decision)
    made = 0
    for place, incident_id in enumerate(_most_urgent_first(by_incident)):
        with_map = place < MAPS  # a picture must not make a great many alerts late
        of_it = by_incident[incident_id]
        made += _notify(conn, incident_id, of_it, policy, settings, now, with_map=with_map)
    return made


def _most_urgent_first(by_incident: dict[int, list[Decision]]) -> list[int]:
    """News before reminders, so that no reminder takes the place of a first notice."""

    def urgency(incident_id: int) -> tuple[bool, int, int]:
        due = by_incident[incident_id]
        reminds = all(each.step > 0 for each in due)
        return reminds, -max(each.level for each in due), incident_id

    return sorted(by_incident, key=urgency)


def _notify(
    conn: Connection,
    incident_id: int,
    due: Sequence[Decision],
    policy: Policy,
    settings: Settings,
    now: datetime,
    *,
    with_map: bool,
) -> int:
    incident = incidents.get(conn, incident_id)
    notices = channels.mails_only(outbox.of_incident(conn, incident_id))
    planned = plan(
        Situation(
            incident=incident,
            due=tuple(due),
            changes=tuple(incidents.changes(conn, incident_id)),
            notices=tuple(notices),
            recent=_recent(conn, now - policy.timing.flood_window, now),
            silences=tuple(silences.active(conn, now)),
            snoozed_until=oncall.care_of(conn, incident_id).snoozed(now, incident.level),
        ),
        policy,
        now=now,
    )
    made = sum(
        _enqueue(conn, incident, notices, each, policy, settings, now, with_map=with_map)
        for each in planned.notices
    )
    _settle(conn, incident, planned, now)
    return made


def _settle(conn: Connection, incident: Incident, planned: Plan, now: datetime) -> None:
    """Write down what became of every due decision."""
    if planned.follow_ups and planned.follow_up_change is not None:
        decisions.add(
            conn, incident.id, planned.follow_up_change, planned.follow_ups, incident.level, now
        )
    decisions.mark(conn, planned.done, "done")
    for decision_id, why in planned.dropped:
        decisions.mark(conn, [decision_id], "dropped", (why,))
    for decision_id, until, _ in planned.postponed:
        decisions.postpone(conn, [decision_id], until)


def _enqueue(
    conn: Connection,
    incident: Incident,
    earlier: Sequence[Notice],
    planned: PlannedNotice,
    policy: Policy,
    settings: Settings,
    now: datetime,
    *,
    with_map: bool,
) -> int:
    """Render one notice and put it into the outbox; 0 when it is there already."""
    mine = [each for each in earlier if each.person == planned.person.id]
    identifier = message_id(
        incident.number,
        planned.number,
        planned.person.email,
        sender=settings.mail_from,
        origin=incident.opened_at.isoformat(),
        part=f"s{planned.step}" if planned.step else "",
    )
    changes = incidents.changes(conn, incident.id)
    since = mine[-1].created_at if mine else None
    rules = {rule.id: rule for rule in policy.rules}
    message = render_alert(
        AlertContext(
            incident=incident,
            kind=planned.kind,
            number=planned.number,
            person=planned.person,
            team=policy.teams[planned.team],
            policy=policy,
            now=now,
            rules=tuple(rules[name] for name in planned.rules if name in rules),
            why=planned.why,
            changes=tuple(
                each
                for each in changes
                if each.id in planned.changes or (since is not None and each.at > since)
            ),
            items=tuple(items.of_incident(conn, incident.id)),
            communications=tuple(incidents.communications(conn, incident.id, by_hand=True)),
            next_steps=planned.steps,
            level_before=planned.previous_level,
            thread_subject=mine[-1].subject if mine and not planned.new_thread else None,
            first_told_at=_first_told(earlier, planned.team),
            nationals=_by_officer(conn, incident),
            reviewed=is_reviewed(incident, changes),
            ministries_read_at=_ministries_read_at(conn),
            base_url=settings.base_url,
            message_id=identifier,
            ack_url=answering.ack_url(settings, identifier, planned.person.email, now),
            answers=settings.answers_read,
            with_map=with_map,
        )
    )
    notice = NewNotice(
        kind=planned.kind,
        recipient=planned.person.email,
        person=planned.person.id,
        team=planned.team,
        language=planned.person.language,
        level=planned.level,
        subject=message.subject,
        message_id=identifier,
        mime=to_mime(
            message,
            sender=settings.mail_from,
            recipient=planned.person.email,
            message_id=identifier,
            now=now,
            references=planned.thread,
            reply_to=answering.reply_to(settings, identifier, planned.person.email),
        ),
        due_at=planned.due_at,
        incident_id=incident.id,
        number=planned.number,
        step=planned.step,
        why=planned.why,
        exercise=planned.exercise,
    )
    added = outbox.enqueue(conn, notice, now) is not None
    if added:
        channels.second_road(conn, policy, settings, incident, notice, now)
    return int(added)


def _by_officer(conn: Connection, incident: Incident) -> NationalsStatus | None:
    """What an officer last wrote of our people in this incident."""
    if "nationals" not in incident.held:
        return None
    known = [each for each in incidents.nationals_of(conn, incident.id) if each.by != "machine"]
    return known[-1] if known else None


def _first_told(earlier: Sequence[Notice], team: str) -> datetime | None:
    """When anybody of the team was first told of the incident, None when nobody was."""
    return min((each.created_at for each in earlier if each.team == team), default=None)


def _recent(conn: Connection, since: datetime, now: datetime) -> tuple[Recent, ...]:
    return tuple(
        Recent(notice.person, notice.level, notice.created_at, notice.kind)
        for notice in outbox.between(conn, since, now + timedelta(microseconds=1))
        if notice.level >= Level.WATCH and notice.incident_id is not None
    )


def _ministries_read_at(conn: Connection) -> datetime | None:
    """When a feed by which a ministry speaks was last read without fault."""
    times = [
        state.last_ok_at
        for state in feeds.states(conn)
        if state.listed and state.kind in ("ministry", "advice") and state.last_ok_at
    ]
    return max(times, default=None)

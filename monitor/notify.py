"""Due decisions become notices in the outbox, one incident a time, in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.alike import Alike
from alerts.context import AlertContext, DrillMode
from alerts.message import to_mime
from alerts.policy import Policy
from alerts.review import is_reviewed
from alerts.situation import Pause, Plan, PlannedNotice, Recent, Situation
from alerts.ticker import plan
from monitor import modes
from monitor.config.settings import Settings
from monitor.lists import Lists, identifier_of
from monitor.oncall import answering, channels
from storage import decisions, feeds, incidents, itemreads, oncall, outbox, silences
from storage.records import (
    CHANNEL,
    Change,
    Communication,
    Decision,
    Incident,
    Item,
    NationalsStatus,
    NewNotice,
    Notice,
)

if TYPE_CHECKING:
    from storage.database import Connection

TOGETHER = 100  # notices that are written in one statement; each holds a whole mail
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
    if not by_incident:
        return 0
    run = _Run(conn, policy, settings, now)
    for place, incident_id in enumerate(_most_urgent_first(by_incident)):
        with_map = place < MAPS  # a picture must not make a great many alerts late
        run.notify(incident_id, by_incident[incident_id], with_map=with_map)
    return run.finish()


def _most_urgent_first(by_incident: dict[int, list[Decision]]) -> list[int]:
    """News before reminders, so that no reminder takes the place of a first notice."""

    def urgency(incident_id: int) -> tuple[bool, int, int]:
        due = by_incident[incident_id]
        reminds = all(each.step > 0 for each in due)
        return reminds, -max(each.level for each in due), incident_id

    return sorted(by_incident, key=urgency)


class _Run:
    """One run over what is due; what every incident's planning needs is read once."""

    def __init__(self, conn: Connection, policy: Policy, settings: Settings, now: datetime) -> None:
        self._conn = conn
        self._policy = policy
        self._settings = settings
        self._now = now
        since = now - policy.timing.flood_window
        self._recent = [Recent(*each) for each in outbox.told_since(conn, since)]
        self._silences = tuple(silences.active(conn, now))
        self._ministries_read_at = _ministries_read_at(conn)
        drill = modes.current(conn, "drill", now)
        self._drill = drill is not None
        self._drill_mode = DrillMode(drill.since, drill.by) if drill else None
        pause = modes.current(conn, "maintenance", now)
        self._pause = Pause(pause.until, pause.by, pause.because) if pause else None
        self._lists = Lists(policy, settings, now, drill=self._drill_mode)
        self._waiting: list[tuple[Incident, NewNotice]] = []
        self._made = 0

    def notify(self, incident_id: int, due: Sequence[Decision], *, with_map: bool) -> None:
        """Make the notices of one incident; `finish` must follow."""
        conn = self._conn
        known = _Known(
            incidents.get(conn, incident_id),
            channels.mails_only(outbox.of_incident(conn, incident_id)),
            incidents.changes(conn, incident_id),
        )
        planned = plan(
            Situation(
                incident=known.incident,
                due=tuple(due),
                changes=tuple(known.changes),
                notices=tuple(known.notices),
                recent=tuple(self._recent),
                silences=self._silences,
                snoozed_until=oncall.care_of(conn, incident_id).snoozed(
                    self._now, known.incident.level
                ),
                pause=self._pause,
            ),
            self._policy,
            now=self._now,
        )
        for each in planned.notices:
            if each.grouped:
                self._lists.add(known.incident, each)
                continue
            fell_due = min(
                (d.due_at for d in due if d.id in each.decisions and d.due_at), default=None
            )
            self._enqueue(known, each, with_map=with_map, due_at=fell_due)
            self._recent.append(Recent(each.person.id, each.level, self._now, each.kind))
        _settle(conn, known.incident, planned, self._now)
        if len(self._waiting) >= TOGETHER:
            self._write()

    def finish(self) -> int:
        """Put what waits, and the mails with the list, into the outbox; how many in all."""
        self._write()
        return self._made + self._lists.send(self._conn)

    def _write(self) -> None:
        """Put the notices that wait into the outbox; what is there already stays as it is."""
        added = outbox.enqueue_many(self._conn, [each for _, each in self._waiting], self._now)
        for incident, notice in self._waiting:
            if notice.message_id in added:
                channels.second_road(
                    self._conn, self._policy, self._settings, incident, notice, self._now
                )
        self._made += len(added)
        self._waiting.clear()

    def _enqueue(
        self, known: _Known, planned: PlannedNotice, *, with_map: bool, due_at: datetime | None
    ) -> None:
        """Render one notice, to be put into the outbox with others."""
        incident, person, now = known.incident, planned.person, self._now
        if person.email.startswith(CHANNEL):
            self._made += channels.by_step(
                self._conn, self._policy, self._settings, incident, planned, now, drill=self._drill
            )
            return
        mine = [
            each for each in known.notices if each.person == person.id and each.state != "grouped"
        ]
        identifier = identifier_of(incident, planned, self._settings)
        since = mine[-1].created_at if mine else None
        rules = {rule.id: rule for rule in self._policy.rules}
        # A drill's subject is marked: what is real does not run on under it.
        thread = mine and not planned.new_thread and mine[-1].exercise is self._drill
        known.read(self._conn)
        message = known.alike.render(
            AlertContext(
                incident=incident,
                kind=planned.kind,
                number=planned.number,
                person=person,
                team=self._policy.teams[planned.team],
                policy=self._policy,
                now=now,
                rules=tuple(rules[name] for name in planned.rules if name in rules),
                why=planned.why,
                changes=tuple(
                    each
                    for each in known.changes
                    if each.id in planned.changes or (since is not None and each.at > since)
                ),
                items=known.items,
                communications=known.communications,
                next_steps=planned.steps,
                level_before=planned.previous_level,
                thread_subject=mine[-1].subject if thread else None,
                first_told_at=_first_told(known.notices, planned.team),
                nationals=known.nationals,
                reviewed=is_reviewed(incident, known.changes),
                ministries_read_at=self._ministries_read_at,
                base_url=self._settings.base_url,
                message_id=identifier,
                ack_url=answering.ack_url(self._settings, identifier, person.email, now),
                answers=self._settings.answers_read,
                due_at=due_at,
                with_map=with_map,
                exercise=self._drill,
                drill_mode=self._drill_mode,
            )
        )
        notice = NewNotice(
            kind=planned.kind,
            recipient=person.email,
            person=person.id,
            team=planned.team,
            language=person.language,
            level=planned.level,
            subject=message.subject,
            message_id=identifier,
            mime=to_mime(
                message,
                sender=self._settings.mail_from,
                recipient=person.email,
                message_id=identifier,
                now=now,
                references=planned.thread,
                reply_to=answering.reply_to(self._settings, identifier, person.email),
            ),
            due_at=planned.due_at,
            incident_id=incident.id,
            number=planned.number,
            step=planned.step,
            why=planned.why,
            exercise=planned.exercise or self._drill,
        )
        self._waiting.append((incident, notice))


@dataclass(slots=True)
class _Known:
    """One incident with what its notices share; the second half is read when one is rendered."""

    incident: Incident
    notices: Sequence[Notice]
    changes: Sequence[Change]
    items: tuple[Item, ...] = ()
    communications: tuple[Communication, ...] = ()
    nationals: NationalsStatus | None = None
    alike: Alike = field(default_factory=Alike)
    _complete: bool = False

    def read(self, conn: Connection) -> None:
        """Read its items, what ministries said of it, and what officers wrote of our people."""
        if not self._complete:
            self.items = tuple(itemreads.of_incident(conn, self.incident.id))
            self.communications = tuple(
                incidents.communications(conn, self.incident.id, by_hand=True)
            )
            self.nationals = _by_officer(conn, self.incident)
            self._complete = True


def _settle(conn: Connection, incident: Incident, planned: Plan, now: datetime) -> None:
    """Write down what became of every due decision."""
    if planned.follow_ups and planned.follow_up_change is not None:
        decisions.add(
            conn, incident.id, planned.follow_up_change, planned.follow_ups, incident.level, now
        )
    decisions.mark(conn, planned.done, "done")
    for decision_id, why in planned.dropped:
        decisions.mark(conn, [decision_id], "dropped", (why,))
    for decision_id, until, why in planned.postponed:
        decisions.postpone(conn, [decision_id], until, why)


def _by_officer(conn: Connection, incident: Incident) -> NationalsStatus | None:
    """What an officer last wrote of our people in this incident."""
    if "nationals" not in incident.held:
        return None
    known = [each for each in incidents.nationals_of(conn, incident.id) if each.by != "machine"]
    return known[-1] if known else None


def _first_told(earlier: Sequence[Notice], team: str) -> datetime | None:
    """When anybody of the team was first told of the incident, None when nobody was."""
    return min((each.created_at for each in earlier if each.team == team), default=None)


def _ministries_read_at(conn: Connection) -> datetime | None:
    """When a feed by which a ministry speaks was last read without fault."""
    times = [
        state.last_ok_at
        for state in feeds.states(conn)
        if state.listed and state.kind in ("ministry", "advice") and state.last_ok_at
    ]
    return max(times, default=None)

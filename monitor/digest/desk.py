"""What the desk did in a period, and what it hands over, for the desk's own edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.digest.parts import (
    Deed,
    Desk,
    FaultyFile,
    Handed,
    Hidden,
    Muted,
    RulePart,
    RulesChanged,
)
from alerts.policy import Both, Policy
from alerts.roster import OnDuty, on_duty
from monitor import faulty, silencing
from monitor.rules import changes as rule_changes
from storage import incidents, oncall, silences
from storage.records import Change, Incident, Level, Notice, Silence

if TYPE_CHECKING:
    from storage.database import Connection

MACHINE = "machine"
MOST_DEEDS, MOST_NOTES, MOST_SILENCES, MOST_HIDDEN = 40, 20, 500, 20
MOST_HANDED, MOST_RULE_CHANGES = 20, 10
_NOT_DEEDS = ("note", "joined", "figure")
_ESCALATING = ("reminder", "escalation")


def desk(
    conn: Connection,
    policy: Policy,
    *,
    start: datetime,
    end: datetime,
    changes: Sequence[Change],
    known: Mapping[int, Incident],
    notices: Sequence[Notice],
    team: str,
    now: datetime,
) -> Desk:
    """The record of `team`; `known` are the incidents of the changes."""
    by_people = [each for each in changes if each.by != MACHINE and each.incident_id in known]
    duty = on_duty(policy.teams[team], policy, now)
    after = on_duty(policy.teams[team], policy, duty.shift_end) if duty.shift_end else OnDuty()
    going_on = [
        each
        for each in known.values()
        if each.level >= Level.ALERT and each.state in ("open", "quiet") and not each.exercise
    ]
    return Desk(
        on_duty=tuple(each for each in (duty.primary, duty.backup) if each),
        deeds=tuple(_deed(each, known) for each in by_people if each.kind not in _NOT_DEEDS)[
            -MOST_DEEDS:
        ],
        notes=tuple(_deed(each, known) for each in by_people if each.kind == "note")[-MOST_NOTES:],
        muted=tuple(
            _muted(conn, each, start, end)
            for each in silences.listing(conn, limit=MOST_SILENCES)
            if each.starts_at < end and each.ends_at > start
        ),
        escalations=sum(each.kind in _ESCALATING for each in notices),
        rules_changed=_rules_changed(conn, start, end),
        handed=_handed(conn, going_on, now),
        next_duty=tuple(each for each in (after.primary, after.backup) if each),
        shift_end=duty.shift_end,
        faulty=tuple(_faulty(each) for each in faulty.standing(conn) if each.since < end),
    )


def _faulty(of: faulty.Standing) -> FaultyFile:
    said = Both(*("".join(of.lines.get(language, ())[:1]) for language in ("th", "en")))
    return FaultyFile(of.what, of.since, said, more=max(0, len(of.lines.get("en", ())) - 1))


def _handed(conn: Connection, going_on: Sequence[Incident], now: datetime) -> tuple[Handed, ...]:
    """What is open at ALERT or above, and who has it."""
    cares = oncall.cares(conn)
    found = []
    for each in sorted(going_on, key=lambda of: (-of.level, of.number))[:MOST_HANDED]:
        care = cares.get(each.id)
        found.append(
            Handed(
                number=each.number,
                level=each.level,
                title=Both(each.title_th, each.title_en),
                taken_by=each.acknowledged_by or "",
                taken_at=each.acknowledged_at,
                assigned_to=(care.assigned_to or "") if care else "",
                snoozed_until=care.snoozed(now, each.level) if care else None,
            )
        )
    return tuple(found)


def _rules_changed(conn: Connection, start: datetime, end: datetime) -> tuple[RulesChanged, ...]:
    """The newest versions of the rules that were taken over, oldest first."""
    return tuple(
        RulesChanged(
            each.at, tuple(RulePart(of.name, of.added, of.removed, of.changed) for of in each.parts)
        )
        for each in rule_changes.changes_between(conn, start, end)[-MOST_RULE_CHANGES:]
    )


def _muted(conn: Connection, of: Silence, start: datetime, end: datetime) -> Muted:
    quiet = [each for each in silencing.hidden(conn, of) if start <= each.made_at < end]
    found = [incidents.get(conn, each.incident_id) for each in quiet]
    found.sort(key=lambda each: (-each.level, each.number))
    return Muted(
        owner=of.owner,
        reason=of.reason,
        ends_at=of.ends_at,
        number=incidents.get(conn, of.incident_id).number if of.incident_id is not None else "",
        countries=of.countries,
        hazards=of.hazards,
        feeds=of.feeds,
        hid=tuple(
            Hidden(each.number, each.level, Both(each.title_th, each.title_en))
            for each in found[:MOST_HIDDEN]
        ),
        hid_total=len(found),
    )


def _deed(of: Change, known: Mapping[int, Incident]) -> Deed:
    return Deed(
        kind=of.kind,
        at=of.at,
        by=of.by,
        number=known[of.incident_id].number,
        old=of.old or "",
        new=of.new or "",
    )

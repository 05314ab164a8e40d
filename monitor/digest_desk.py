"""What the desk did in a period, and what it hands over, for the desk's own edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.digest_parts import Deed, Desk, Hidden, Muted
from alerts.policy import Both, Policy
from alerts.roster import on_duty
from monitor import silencing
from storage import incidents, silences
from storage.records import Change, Incident, Notice, Silence

if TYPE_CHECKING:
    from storage.database import Connection

MACHINE = "machine"
MOST_DEEDS, MOST_NOTES, MOST_SILENCES, MOST_HIDDEN = 40, 20, 500, 20
_NOT_DEEDS = ("note", "communication", "nationals", "joined", "figure")
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

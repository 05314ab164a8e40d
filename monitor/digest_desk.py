"""What the desk did in a period, and what it hands over, for the desk's own edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.digest_parts import Deed, Desk, Muted
from alerts.policy import Policy
from alerts.roster import on_duty
from storage import silences
from storage.records import Change, Incident, Notice

if TYPE_CHECKING:
    from storage.database import Connection

MACHINE = "machine"
MOST_DEEDS, MOST_NOTES, MOST_SILENCES = 40, 20, 500
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
            Muted(
                owner=each.owner,
                reason=each.reason,
                ends_at=each.ends_at,
                number=_number(each.incident_id, known),
                countries=each.countries,
            )
            for each in silences.listing(conn, limit=MOST_SILENCES)
            if each.starts_at < end and each.ends_at > start
        ),
        escalations=sum(each.kind in _ESCALATING for each in notices),
    )


def _number(incident_id: int | None, known: Mapping[int, Incident]) -> str:
    found = known.get(incident_id) if incident_id is not None else None
    return found.number if found else ""


def _deed(of: Change, known: Mapping[int, Incident]) -> Deed:
    return Deed(
        kind=of.kind,
        at=of.at,
        by=of.by,
        number=known[of.incident_id].number,
        old=of.old or "",
        new=of.new or "",
    )

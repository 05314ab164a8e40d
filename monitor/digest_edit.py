"""An officer's changes to the next issue of a digest, before it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.digest_period import next_day
from alerts.policy import DigestPlan, Policy
from monitor.errors import MonitorError
from storage import audit, drafts, incidents
from storage.codec import encode
from storage.records import DigestEdits

if TYPE_CHECKING:
    from storage.database import Connection

MOST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to change; None leaves a part as it is. `clear` takes all earlier changes back."""

    bottom_line_th: str | None = None
    bottom_line_en: str | None = None
    hide: Sequence[str] | None = None
    pick: Sequence[str] | None = None
    clear: bool = False


def edit(
    conn: Connection,
    plan: DigestPlan,
    policy: Policy,
    *,
    wanted: Wanted,
    by: str,
    now: datetime,
) -> str:
    """Change the next issue and write down who did; what then stands, in words.

    Raises MonitorError for a number that no incident has, or a text too long.
    """
    day = next_day(plan, policy, now)
    before = drafts.get(conn, plan.id, day).edits
    after = DigestEdits() if wanted.clear else before
    for text in (wanted.bottom_line_th, wanted.bottom_line_en):
        if text is not None and len(text) > MOST_TEXT:
            raise MonitorError(f"a bottom line has at most {MOST_TEXT} signs: make it shorter")
    if wanted.bottom_line_th is not None:
        after = replace(after, bottom_line_th=wanted.bottom_line_th.strip())
    if wanted.bottom_line_en is not None:
        after = replace(after, bottom_line_en=wanted.bottom_line_en.strip())
    if wanted.hide is not None:
        hidden = _known(conn, wanted.hide)
        picked = tuple(each for each in after.picked if each not in hidden)
        after = replace(after, hidden=_joined(after.hidden, hidden), picked=picked)
    if wanted.pick is not None:
        picked = _known(conn, wanted.pick)
        shown = tuple(each for each in after.hidden if each not in picked)
        after = replace(after, picked=picked, hidden=shown)
    if after != before:
        drafts.change(conn, plan.id, day, after, by=by, now=now)
        audit.record(
            conn,
            at=now,
            who=by,
            action="digest edit",
            subject=f"digest {plan.id} {day.isoformat()}",
            before=encode(before),
            after=encode(after),
        )
    return _said(plan, policy, after, now)


def _known(conn: Connection, numbers: Sequence[str]) -> tuple[str, ...]:
    found = []
    for number in numbers:
        incident = incidents.by_number(conn, number.removeprefix("#"))
        if incident is None:
            raise MonitorError(
                f"there is no incident {number}: `monitor incidents list --all` shows all"
            )
        found.append(incident.number)
    return tuple(dict.fromkeys(found))


def _joined(one: Sequence[str], two: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *two)))


def _said(plan: DigestPlan, policy: Policy, edits: DigestEdits, now: datetime) -> str:
    day, zone = next_day(plan, policy, now), ZoneInfo(policy.timezone)
    at = datetime.combine(day, plan.at, zone).astimezone(UTC)
    lines = [f"{plan.id}, the issue of {at.astimezone(zone):%Y-%m-%d %H:%M} ({policy.timezone}):"]
    for name, text in (("Thai", edits.bottom_line_th), ("English", edits.bottom_line_en)):
        lines.append(f"  bottom line in {name}: {text or 'made from facts'}")
    lines.append(f"  first: {', '.join(edits.picked) or 'by level'}")
    lines.append(f"  left out: {', '.join(edits.hidden) or 'nothing'}")
    lines.append(f"See it: monitor digest --digest {plan.id}")
    return "\n".join(lines)

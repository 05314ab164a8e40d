"""An officer's changes to the next issue of a digest, before it goes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import words
from alerts.digest.period import next_day
from alerts.policy import DigestPlan, Policy
from monitor.refusal import Refusal
from storage import audit, drafts, incidents
from storage.codec import encode
from storage.records import DigestEdits

if TYPE_CHECKING:
    from storage.database import Connection

MOST_TEXT = 2_000


class Refused(Refusal):
    """A change that is not made."""

    section = "digest_edit"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to change; None leaves a part as it is. `clear` takes all earlier changes back.

    `show` puts incidents back to where their level has them.
    """

    bottom_line_th: str | None = None
    bottom_line_en: str | None = None
    hide: Sequence[str] | None = None
    pick: Sequence[str] | None = None
    clear: bool = False
    show: Sequence[str] | None = None


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

    Raises Refused.
    """
    after = change(conn, plan, policy, wanted=wanted, by=by, now=now)
    return _said(plan, policy, after, now)


def change(
    conn: Connection,
    plan: DigestPlan,
    policy: Policy,
    *,
    wanted: Wanted,
    by: str,
    now: datetime,
    day: date | None = None,
    seen: str | None = None,
) -> DigestEdits:
    """Change the next issue and write down who did; what then stands.

    `day` is the issue that the officer had before him and `seen` the `mark_of` what it then said.
    Raises Refused: the issue has gone out, somebody changed it meanwhile, no incident has that
    number, or a text is too long.
    """
    coming = next_day(plan, policy, now)
    if day is not None and day != coming:
        raise Refused("gone")
    draft = drafts.get(conn, plan.id, coming)
    before = draft.edits
    if seen is not None and seen != mark_of(before):
        raise Refused("changed_since")
    after = _after(conn, DigestEdits() if wanted.clear else before, wanted)
    if after != before:
        drafts.change(conn, plan.id, coming, after, by=by, now=now)
        audit.record(
            conn,
            at=now,
            who=by,
            action="digest edit",
            subject=f"digest {plan.id} {coming.isoformat()}",
            before=encode(before),
            after=encode(after),
        )
    return after


def mark_of(edits: DigestEdits) -> str:
    """What tells these changes from others."""
    told = json.dumps(encode(edits), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def standing(edits: DigestEdits, language: str) -> tuple[str, ...]:
    """What an officer has set of an issue, for a reader: bottom lines, what is first, left out."""

    def say(key: str, **values: object) -> str:
        return words.say(f"digest_edit.{key}", language, zone=None, **values)

    facts = say("from_facts")
    return (
        say("standing_th", text=edits.bottom_line_th or facts),
        say("standing_en", text=edits.bottom_line_en or facts),
        say("standing_first", numbers=_numbers(edits.picked) or say("by_level")),
        say("standing_out", numbers=_numbers(edits.hidden) or say("nothing")),
    )


def _numbers(of: Sequence[str]) -> str:
    return ", ".join(f"#{number}" for number in of)


def _after(conn: Connection, before: DigestEdits, wanted: Wanted) -> DigestEdits:
    after = before
    for text in (wanted.bottom_line_th, wanted.bottom_line_en):
        if text is not None and len(text) > MOST_TEXT:
            raise Refused("too_long", most=MOST_TEXT)
    if wanted.bottom_line_th is not None:
        after = replace(after, bottom_line_th=_text(wanted.bottom_line_th))
    if wanted.bottom_line_en is not None:
        after = replace(after, bottom_line_en=_text(wanted.bottom_line_en))
    if wanted.show is not None:
        shown = _known(conn, wanted.show)
        after = replace(
            after, hidden=_without(after.hidden, shown), picked=_without(after.picked, shown)
        )
    if wanted.hide is not None:
        hidden = _known(conn, wanted.hide)
        after = replace(
            after, hidden=_joined(after.hidden, hidden), picked=_without(after.picked, hidden)
        )
    if wanted.pick is not None:
        picked = _known(conn, wanted.pick)
        after = replace(after, picked=picked, hidden=_without(after.hidden, picked))
    return after


def _text(given: str) -> str:
    return given.replace("\r\n", "\n").strip()


def _known(conn: Connection, numbers: Sequence[str]) -> tuple[str, ...]:
    found = []
    for number in numbers:
        incident = incidents.by_number(conn, number.removeprefix("#"))
        if incident is None:
            raise Refused("unknown", number=number)
        found.append(incident.number)
    return tuple(dict.fromkeys(found))


def _joined(one: Sequence[str], two: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *two)))


def _without(of: Sequence[str], these: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in of if each not in these)


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

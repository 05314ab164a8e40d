"""The digests that were decided, and what the next one would say at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException

from alerts import clean, dates
from alerts.digest import DigestContent
from alerts.digest_json import from_json
from alerts.policy import DigestPlan
from monitor.daily import Shown, content_for, shown
from monitor.desk.page import Ask, Page
from monitor.desk.voice import Moment
from storage import digests
from storage.records import Digest

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 100


@dataclass(frozen=True, slots=True)
class DigestRow:
    """One digest that was decided."""

    name: str
    href: str
    day: str
    period: str
    decided: Moment | None
    late: bool


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests, newest first, and the ones of the policy that can be looked at ahead."""

    rows: tuple[DigestRow, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """One digest as its readers get it; `source` is the address of its HTML."""

    subject: str
    text: str
    source: str
    ahead: bool


def digest_list(conn: Connection, ask: Ask) -> Page:
    """The digests decided so far."""
    voice = ask.voice
    rows = tuple(
        DigestRow(
            name=each.name,
            href=f"/digests/{quote(each.name, safe='')}/{each.local_date.isoformat()}",
            day=dates.day(each.local_date, voice.language),
            period=dates.period(each.period_start, each.period_end, voice.language, voice.zone),
            decided=voice.moment(each.decided_at),
            late=each.late,
        )
        for each in digests.listing(conn, limit=MOST)
    )
    plans = tuple(plan.id for plan in voice.policy.digests)
    return Page("digests.html", voice.say("page.digest"), Digests(rows, plans))


def preview(conn: Connection, ask: Ask) -> Page:
    """The next digest as it would be now, or one that was decided. Raises HTTPException 404."""
    made = rendered(conn, ask)
    kept = {"lang": ask.voice.language, **({"plan": plan} if (plan := _plan(ask)) else {})}
    content = Preview(
        subject=made.subject,
        text=clean.body(made.text),
        source=f"{quote(ask.path)}/html?" + urlencode(kept),
        ahead="name" not in ask.parts,
    )
    return Page("preview.html", content.subject, content)


def preview_html(conn: Connection, ask: Ask) -> str:
    """The HTML of the same."""
    return rendered(conn, ask).html


def rendered(conn: Connection, ask: Ask) -> Shown:
    """The digest in the reader's language. Raises HTTPException 404."""
    voice = ask.voice
    plan, content = _asked(conn, ask)
    return shown(
        content,
        plan,
        voice.policy,
        ask.program.settings,
        language=voice.language,
        now=voice.now,
    )


def _asked(conn: Connection, ask: Ask) -> tuple[DigestPlan, DigestContent]:
    plans = {plan.id: plan for plan in ask.voice.policy.digests}
    if not plans:
        raise HTTPException(404)
    first = next(iter(plans.values()))
    if "name" in ask.parts:
        stored = _stored(conn, ask.parts["name"], ask.parts["day"])
        return plans.get(stored.name, first), _content(stored)
    plan = plans.get(_plan(ask) or "", first)
    return plan, content_for(conn, plan, ask.voice.policy, now=ask.voice.now)


def _stored(conn: Connection, name: str, day: str) -> Digest:
    try:
        found = digests.by_date(conn, name, date.fromisoformat(day))
    except ValueError as error:
        raise HTTPException(404) from error
    if found is None:
        raise HTTPException(404)
    return found


def _content(of: Digest) -> DigestContent:
    try:
        return from_json(of.content)
    except (ValueError, KeyError, TypeError) as error:  # written by another version
        raise HTTPException(404) from error


def _plan(ask: Ask) -> str | None:
    plan = ask.query.get("plan")
    return plan if plan in {each.id for each in ask.voice.policy.digests} else None

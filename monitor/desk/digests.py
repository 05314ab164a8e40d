"""The digests that were decided, and what the next one would say at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException

from alerts import clean, dates
from alerts.digest.compare import compare
from alerts.digest.content import DigestContent
from alerts.digest.onward import onward
from alerts.digest.render import DESK, ONWARD
from alerts.digest.stored import from_json
from alerts.errors import PictureError
from alerts.policy import DigestPlan
from monitor.desk.draftrows import Attempt, Form, draft_form
from monitor.desk.page import Ask, Page
from monitor.desk.voice import Moment
from monitor.digest.daily import Shown, as_json, content_for, drawn_for, reader_of, shown
from monitor.digest.printing import as_pdf
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
    """One digest as its readers get it; `source` is the address of its HTML.

    `other_href` is the address of the other edition. `form` changes the next issue; None for one
    that has gone out, and beside the onward edition.
    """

    subject: str
    text: str
    source: str
    ahead: bool
    onward: bool
    other_href: str
    pdf_href: str
    json_href: str
    compare_href: str
    due: str
    form: Form | None
    saved: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Two digests side by side, in lines."""

    title: str
    lines: tuple[str, ...]
    back: str


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


def preview(conn: Connection, ask: Ask, attempt: Attempt | None = None) -> Page:
    """The next digest as it would be now, or one that was decided. Raises HTTPException 404.

    `attempt` is a form that was sent and not carried out.
    """
    voice = ask.voice
    plan, content = _asked(conn, ask)
    made = _shown(plan, content, ask, pictures=False)
    ahead, onward = "name" not in ask.parts, _edition(ask) == ONWARD
    day = content.local_date.isoformat()
    due = datetime.combine(content.local_date, plan.at, voice.zone).astimezone(UTC)
    page = Preview(
        subject=made.subject,
        text=clean.body(made.text),
        source=_here(ask, "/html"),
        ahead=ahead,
        onward=onward,
        other_href=_here(ask, "", edition=DESK if onward else ONWARD),
        pdf_href=_here(ask, "/pdf"),
        json_href=_here(ask, "/json"),
        compare_href="" if ahead else _here(ask, "/compare"),
        due=dates.moment(due, voice.language, voice.zone),
        form=draft_form(conn, ask, plan, content, attempt) if ahead and not onward else None,
        saved=ahead and attempt is None and "saved" in ask.query,
    )
    return Page("preview.html", f"{made.subject} · {day}" if onward else made.subject, page)


def preview_html(conn: Connection, ask: Ask) -> str:
    """The HTML of the same."""
    plan, content = _asked(conn, ask)
    return _shown(plan, content, ask, pictures=True).html


def preview_pdf(conn: Connection, ask: Ask) -> bytes:
    """The same as an A4 PDF. Raises HTTPException 404, and 503 where no PDF can be made."""
    plan, content = _asked(conn, ask)
    voice, language = ask.voice, ask.voice.language
    try:
        return as_pdf(
            content,
            reader_of(plan, voice.policy, language, voice.now),
            voice.policy,
            edition=_edition(ask),
            drawn=drawn_for(content, language, voice.policy),
            made_at=voice.now,
        )
    except PictureError as error:
        raise HTTPException(503) from error


def preview_json(conn: Connection, ask: Ask) -> dict[str, Any]:
    """The same as data; the edition for forwarding without what stays at the desk."""
    _, content = _asked(conn, ask)
    if _edition(ask) == ONWARD:
        content = onward(content, ask.voice.policy.home_country)
    return as_json(content)


def compared(conn: Connection, ask: Ask) -> Page:
    """A digest that was decided, beside the one before it. Raises HTTPException 404."""
    later = _stored(conn, ask.parts["name"], ask.parts["day"])
    earlier = next(
        (
            each
            for each in digests.listing(conn, limit=MOST, name=later.name)
            if each.local_date < later.local_date
        ),
        None,
    )
    if earlier is None:
        raise HTTPException(404)
    section = compare(_content(earlier), _content(later), ask.voice.language)
    lines = tuple(f"{each.text} {each.number}".strip() for each in section.entries)
    back = f"/digests/{quote(later.name, safe='')}/{later.local_date.isoformat()}"
    return Page("compared.html", section.title, Compared(section.title, lines, back))


def _shown(plan: DigestPlan, content: DigestContent, ask: Ask, *, pictures: bool) -> Shown:
    voice = ask.voice
    return shown(
        content,
        plan,
        voice.policy,
        ask.program.settings,
        language=voice.language,
        now=voice.now,
        edition=_edition(ask),
        drawn=drawn_for(content, voice.language, voice.policy) if pictures else None,
    )


def _edition(ask: Ask) -> str:
    return ONWARD if ask.query.get("edition") == ONWARD else DESK


def _here(ask: Ask, below: str, *, edition: str | None = None) -> str:
    """An address of this digest, keeping language, plan and edition."""
    kept = {"lang": ask.voice.language}
    if plan := _plan(ask):
        kept["plan"] = plan
    if (edition or _edition(ask)) == ONWARD:
        kept["edition"] = ONWARD
    return f"{quote(ask.path)}{below}?{urlencode(kept)}"


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

"""The daily digest: decided once per day, then a notice like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from alerts.digest import DigestContent, Period, build, next_issue, period
from alerts.digest_json import to_json
from alerts.digest_render import render_digest
from alerts.message import message_id, to_mime
from alerts.policy import DigestPlan, Person, Policy
from alerts.roster import ALL, told
from monitor.config.settings import Settings
from monitor.digest_facts import gather
from storage import digests, meta, outbox
from storage.records import Level, NewNotice

if TYPE_CHECKING:
    from storage.database import Connection

STARTED = "started"  # since when this database has been in service


def mark_started(conn: Connection, now: datetime) -> None:
    """Note when the program first ran on this database: no digest is owed from before."""
    if meta.get(conn, STARTED) is None:
        meta.set(conn, STARTED, now.isoformat(), now)


def decide_digests(conn: Connection, policy: Policy, settings: Settings, *, now: datetime) -> int:
    """Decide every digest whose time has come and that is not decided yet; how many notices.

    The row of the digest table is the decision: it is written once per name and day, whatever
    restarts, and its notices are in the same transaction.
    """
    started = meta.get(conn, STARTED)
    made = 0
    for plan in policy.digests:
        due = period(plan, policy, now)
        owed = started is not None and started.at < due.end
        if owed and digests.by_date(conn, plan.id, due.local_date) is None:
            made += _decide(conn, plan, plan.id, due, policy, settings, now)
    return made


def send_now(
    conn: Connection,
    plan: DigestPlan,
    policy: Policy,
    settings: Settings,
    *,
    now: datetime,
    local_date: date | None = None,
) -> int:
    """An issue beside the daily one, for the day asked for or up to this moment."""
    of = _period_of(plan, policy, now, local_date)
    name = f"{plan.id}-{now:%Y%m%dT%H%M%S}"
    return _decide(conn, plan, name, of, policy, settings, now)


def content_for(
    conn: Connection,
    plan: DigestPlan,
    policy: Policy,
    *,
    now: datetime,
    local_date: date | None = None,
) -> DigestContent:
    """What the digest of that day says, or what the next one would say at this moment."""
    of = _period_of(plan, policy, now, local_date)
    return build(gather(conn, plan.id, of, policy, now=now), next_at=_next(plan, policy, of, now))


def as_json(content: DigestContent) -> dict[str, Any]:
    """The content as JSON has it."""
    return dict(to_json(content))


@dataclass(frozen=True, slots=True)
class Shown:
    """A digest as one reader would get it."""

    subject: str
    text: str
    html: str
    mime: bytes


def shown(
    content: DigestContent,
    plan: DigestPlan,
    policy: Policy,
    settings: Settings,
    *,
    language: str,
    now: datetime,
) -> Shown:
    """The digest rendered for a reader of `language` (th, en or both), sent to nobody."""
    reader = next(_readers(plan, policy, now))
    reader = Person(reader.id, reader.role, reader.email, language)
    message = render_digest(content, reader, policy, base_url=settings.base_url)
    mime = to_mime(
        message,
        sender=settings.mail_from,
        recipient=reader.email,
        message_id=_identifier(plan.id, content, reader, settings),
        now=now,
    )
    return Shown(message.subject, message.text, message.html, mime)


def _decide(
    conn: Connection,
    plan: DigestPlan,
    name: str,
    of: Period,
    policy: Policy,
    settings: Settings,
    now: datetime,
) -> int:
    facts = gather(conn, plan.id, of, policy, now=now)
    content = build(facts, next_at=_next(plan, policy, of, now))
    decided = digests.decide(
        conn,
        name=name,
        local_date=of.local_date,
        period_start=of.start,
        period_end=of.end,
        now=now,
        late=content.late,
        content=to_json(content),
    )
    if decided is None:
        return 0
    made = 0
    for reader in _readers(plan, policy, now):
        message = render_digest(content, reader, policy, base_url=settings.base_url)
        identifier = _identifier(name, content, reader, settings)
        notice = NewNotice(
            kind="digest",
            recipient=reader.email,
            person=reader.id,
            team=plan.teams[0],
            language=reader.language,
            level=Level.INFO,
            subject=message.subject,
            message_id=identifier,
            mime=to_mime(
                message,
                sender=settings.mail_from,
                recipient=reader.email,
                message_id=identifier,
                now=now,
            ),
            due_at=now,
            digest_id=decided.id,
        )
        made += outbox.enqueue(conn, notice, now) is not None
    return made


def _readers(plan: DigestPlan, policy: Policy, now: datetime) -> Iterator[Person]:
    """Everybody in the teams, each once."""
    seen: set[str] = set()
    for name in plan.teams:
        for person in told(policy.teams[name], ALL, policy, now).people:
            if person.email not in seen:
                seen.add(person.email)
                yield person


def _identifier(name: str, content: DigestContent, reader: Person, settings: Settings) -> str:
    return message_id(
        f"digest.{content.local_date.isoformat()}",
        1,
        reader.email,
        sender=settings.mail_from,
        origin=f"{name} {content.start.isoformat()}",
    )


def _period_of(plan: DigestPlan, policy: Policy, now: datetime, local_date: date | None) -> Period:
    """The whole period of a day, or the one that is running, up to this moment."""
    if local_date is None:
        last = period(plan, policy, now)
        return Period(now.astimezone(ZoneInfo(policy.timezone)).date(), last.end, now)
    issue = datetime.combine(local_date, plan.at, ZoneInfo(policy.timezone)).astimezone(UTC)
    return period(plan, policy, issue)


def _next(plan: DigestPlan, policy: Policy, of: Period, now: datetime) -> datetime:
    following = next_issue(plan, policy, of)
    while following <= now:
        following += timedelta(days=1)
    return following

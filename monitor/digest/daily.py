"""The daily digest: decided once per day, then a notice like any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from alerts import dates, words
from alerts.context import languages_of
from alerts.digest.content import DigestContent, build
from alerts.digest.period import Period, draft_at, next_day, period
from alerts.digest.pictures import pictures
from alerts.digest.render import DESK, ONWARD, Drawn, render_digest
from alerts.digest.stored import from_json, to_json
from alerts.digest.voice import Notes
from alerts.message import message_id, to_mime
from alerts.pictures import Picture, standing_alone
from alerts.policy import DigestPlan, Person, Policy
from alerts.roster import ALL, told
from monitor.config.settings import Settings
from monitor.digest.days import STARTED
from monitor.digest.facts import gather
from monitor.oncall.answering import reply_to
from monitor.oncall.draftanswers import PLAN_HEADER
from storage import digests, drafts, meta, outbox
from storage.records import DigestEdits, Level, NewNotice

if TYPE_CHECKING:
    from storage.database import Connection


def mark_started(conn: Connection, now: datetime) -> None:
    """Note when the program first ran on this database: no digest is owed from before."""
    if meta.get(conn, STARTED) is None:
        meta.set(conn, STARTED, now.isoformat(), now)


@dataclass(frozen=True, slots=True)
class Owed:
    """An issue whose time has come and that is not decided yet, or its draft."""

    plan: DigestPlan
    period: Period
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """An issue made ready: its content, drawn and worded, to be written in one transaction."""

    owed: Owed
    name: str
    edits: DigestEdits
    content: DigestContent
    notices: tuple[NewNotice, ...]


def owed(conn: Connection, policy: Policy, *, now: datetime) -> list[Owed]:
    """The issues and drafts that are due at `now`; nothing from before the first start."""
    started = meta.get(conn, STARTED)
    found = []
    for plan in policy.digests:
        due = period(plan, policy, now)
        wanted = started is not None and started.at < due.end
        if wanted and digests.by_date(conn, plan.id, due.local_date) is None:
            found.append(Owed(plan, due))
        day = next_day(plan, policy, now)
        at = draft_at(plan, policy, day)
        if at is not None and at <= now and drafts.get(conn, plan.id, day).sent_at is None:
            found.append(Owed(plan, Period(day, due.end, now), draft=True))
    return found


def make_ready(
    conn: Connection, of: Owed, policy: Policy, settings: Settings, *, now: datetime
) -> Ready:
    """Read, draw and word an issue. Slow, and writes nothing."""
    return _ready(conn, of, of.plan.id, policy, settings, now)


def settle(conn: Connection, ready: Ready, *, now: datetime) -> int:
    """Decide the issue and queue its notices, in the caller's transaction; how many.

    The row of the digest table (of a draft: its mark) is the decision: it is written once per
    name and day, whatever restarts and however many programs run. 0 when it was there, or when
    an officer changed something meanwhile: the next try then has it.
    """
    plan, of, content = ready.owed.plan, ready.owed.period, ready.content
    if drafts.get(conn, plan.id, of.local_date).edits != ready.edits:
        return 0
    digest_id = None
    if ready.owed.draft:
        if not drafts.mark_sent(conn, plan.id, of.local_date, now):
            return 0
    else:
        decided = digests.decide(
            conn,
            name=ready.name,
            local_date=of.local_date,
            period_start=of.start,
            period_end=of.end,
            now=now,
            late=content.late,
            content=to_json(content),
        )
        if decided is None:
            return 0
        digest_id = decided.id
    made = 0
    for notice in ready.notices:
        made += outbox.enqueue(conn, replace(notice, digest_id=digest_id), now) is not None
    return made


def ready_now(
    conn: Connection,
    plan: DigestPlan,
    policy: Policy,
    settings: Settings,
    *,
    now: datetime,
    local_date: date | None = None,
) -> Ready:
    """An issue beside the daily one, for the day asked for or up to this moment."""
    if local_date is None:
        last = period(plan, policy, now)
        today = now.astimezone(ZoneInfo(policy.timezone)).date()
        of = Period(today, last.end, now)
    else:
        of = _period_of(plan, policy, now, local_date)
    name = f"{plan.id}-{now:%Y%m%dT%H%M%S}"
    return _ready(conn, Owed(plan, of), name, policy, settings, now)


def content_for(
    conn: Connection,
    plan: DigestPlan,
    policy: Policy,
    *,
    now: datetime,
    local_date: date | None = None,
) -> DigestContent:
    """What the digest of that day says, or what the next one would say at this moment.

    It has not gone out, and says so.
    """
    of = _period_of(plan, policy, now, local_date)
    edits = drafts.get(conn, plan.id, of.local_date).edits
    facts = gather(conn, plan, of, policy, now=now)
    return build(facts, next_at=_next(plan, policy, now), edits=edits, preview=True)


def stored(conn: Connection, plan: DigestPlan, local_date: date) -> DigestContent | None:
    """What was decided for that day; None where nothing was, or another version wrote it."""
    found = digests.by_date(conn, plan.id, local_date)
    if found is None:
        return None
    try:
        return from_json(found.content)
    except (ValueError, KeyError, TypeError):
        return None


def drawn_for(
    content: DigestContent, language: str, policy: Policy, *, every: bool = False
) -> Drawn:
    """The pictures of the first of the reader's languages: a mail shows them in that block only.

    With `every` those of both, as pages have room for.
    """
    wanted = ("th", "en") if language == "both" else (language,)
    return {each: pictures(content, each, policy) for each in (wanted if every else wanted[:1])}


def as_json(content: DigestContent) -> dict[str, Any]:
    """The content as JSON has it."""
    return dict(to_json(content))


@dataclass(frozen=True, slots=True)
class Shown:
    """A digest as one reader would get it; `html` stands alone, its pictures within."""

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
    edition: str = DESK,
    drawn: Drawn | None = None,
) -> Shown:
    """The digest rendered for a reader of `language` (th, en or both), sent to nobody."""
    reader = reader_of(plan, policy, language, now)
    message = render_digest(
        content, reader, policy, base_url=settings.base_url, edition=edition, drawn=drawn
    )
    identifier = _identifier(plan.id, content, reader, settings, edition)
    mime = to_mime(
        message,
        sender=settings.mail_from,
        recipient=reader.email,
        message_id=identifier,
        now=now,
    )
    html = standing_alone(message.html, ((each.cid, each.png) for each in message.pictures))
    return Shown(message.subject, message.text, html, mime)


def reader_of(plan: DigestPlan, policy: Policy, language: str, now: datetime) -> Person:
    """The digest's first reader, reading in `language`."""
    return replace(readers_of(plan, policy, now)[0], language=language)


def readers_of(plan: DigestPlan, policy: Policy, now: datetime) -> list[Person]:
    """Everybody in the teams, each once."""
    people: dict[str, Person] = {}
    for name in plan.teams:
        for person in told(policy.teams[name], ALL, policy, now).people:
            people.setdefault(person.email, person)
    return list(people.values())


def notice_for(
    content: DigestContent,
    reader: Person,
    plan: DigestPlan,
    name: str,
    policy: Policy,
    settings: Settings,
    *,
    now: datetime,
    edition: str = DESK,
    drawn: Drawn | None = None,
    draft: bool = False,
    notes: Notes | None = None,
    test: bool = False,
) -> NewNotice:
    """One reader's mail, ready for the outbox. `notes` stand above everything."""
    message = render_digest(
        content,
        reader,
        policy,
        base_url=settings.base_url,
        edition=edition,
        drawn=drawn,
        draft=draft,
        notes=notes,
    )
    if test:
        said = words.say("message.test", message.languages[0])
        message = replace(message, subject=f"[{said}] {message.subject}")
    identifier = _identifier(name, content, reader, settings, "draft" if draft else edition)
    answers_to = settings.reply_to
    if draft:  # a reply is told from others by its address, and its issue by the headers
        message = replace(message, headers={**message.headers, PLAN_HEADER: plan.id})
        answers_to = reply_to(settings, identifier, reader.email)
    return NewNotice(
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
            reply_to=answers_to,
        ),
        due_at=now,
    )


def _ready(
    conn: Connection, of: Owed, name: str, policy: Policy, settings: Settings, now: datetime
) -> Ready:
    plan = of.plan
    edits = drafts.get(conn, plan.id, of.period.local_date).edits
    facts = gather(conn, plan, of.period, policy, now=now)
    content = build(facts, next_at=_next(plan, policy, now), edits=edits, preview=of.draft)
    drawn: dict[str, Mapping[str, Picture]] = {}
    made = []
    for reader, edition in _editions(of, policy, now):
        first = languages_of(reader)[0]
        if first not in drawn:
            drawn[first] = pictures(content, first, policy)
        notes = _draft_notes(plan, policy, settings, content, reader) if of.draft else None
        made.append(
            notice_for(
                content,
                reader,
                plan,
                name,
                policy,
                settings,
                now=now,
                edition=edition,
                drawn=drawn,
                draft=of.draft,
                notes=notes,
            )
        )
    return Ready(of, name, edits, content, tuple(made))


def _editions(of: Owed, policy: Policy, now: datetime) -> Iterator[tuple[Person, str]]:
    """Who gets which edition; a draft goes to the duty officer alone."""
    if of.draft:
        team = policy.teams[of.plan.teams[0]]
        yield from ((each, DESK) for each in told(team, "primary", policy, now).people)
        return
    yield from ((each, DESK) for each in readers_of(of.plan, policy, now))
    yield from ((policy.people[each], ONWARD) for each in of.plan.onward)


def _draft_notes(
    plan: DigestPlan, policy: Policy, settings: Settings, content: DigestContent, reader: Person
) -> Notes:
    """What the officer may do with a draft, and until when."""
    language = languages_of(reader)[0]
    zone = ZoneInfo(policy.timezone)
    due = datetime.combine(content.local_date, plan.at, zone).astimezone(UTC)
    at = dates.clock(due, language, zone)
    lines = [words.say("digest.extra.draft_note", language, at=at)]
    if settings.answers_read:
        lines.append(words.say("digest_edit.draft_reply", language))
    if not settings.base_url and not settings.answers_read:
        command = f"monitor digest edit --digest {plan.id} --bottom-line-th … --hide N --pick N"
        lines.append(words.say("digest.extra.draft_how", language, command=command))
    page = f"{settings.base_url}/digests/latest?plan={quote(plan.id)}" if settings.base_url else ""
    return Notes(tuple(lines), page, words.say("digest_edit.draft_page", language))


def _identifier(
    name: str, content: DigestContent, reader: Person, settings: Settings, edition: str
) -> str:
    return message_id(
        f"digest.{content.local_date.isoformat()}",
        1,
        reader.email,
        sender=settings.mail_from,
        origin=f"{name} {content.start.isoformat()}",
        part="" if edition == DESK else edition,
    )


def _period_of(plan: DigestPlan, policy: Policy, now: datetime, local_date: date | None) -> Period:
    """The whole period of a day, or the one that is running, up to this moment."""
    if local_date is None:
        return Period(next_day(plan, policy, now), period(plan, policy, now).end, now)
    issue = datetime.combine(local_date, plan.at, ZoneInfo(policy.timezone)).astimezone(UTC)
    return period(plan, policy, issue)


def _next(plan: DigestPlan, policy: Policy, now: datetime) -> datetime:
    day = next_day(plan, policy, now)
    return datetime.combine(day, plan.at, ZoneInfo(policy.timezone)).astimezone(UTC)

"""The last notices and how far each got; one notice with its texts as they went out."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from alerts import clean, phrases
from monitor.desk.incident import notice_kind
from monitor.desk.outcomes import team_name
from monitor.desk.page import Ask, Page
from monitor.desk.voice import LevelMark, Moment, Voice
from monitor.mailbody import body_of, page_of
from storage import incidents, oncall, outbox
from storage.errors import StorageError
from storage.records import Notice

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 200


@dataclass(frozen=True, slots=True)
class MailRow:
    """One notice; `incident` is the number of the one it is about."""

    id: int
    at: Moment | None
    kind: str
    level: LevelMark
    office: str
    team: str
    subject: str
    incident: str | None
    state: str
    key: str
    attempts: int
    sent: Moment | None
    answer: str


@dataclass(frozen=True, slots=True)
class Mails:
    """The notices, newest first."""

    rows: tuple[MailRow, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to hand the notice over."""

    at: Moment | None
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One notice with its texts."""

    row: MailRow
    recipient: str
    message_id: str
    due: Moment | None
    why: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    letters: tuple[Attempt, ...]
    text: str
    has_html: bool


def mails(conn: Connection, ask: Ask) -> Page:
    """The last notices."""
    found = outbox.recent(conn, MOST)
    ids = {each.incident_id for each in found if each.incident_id is not None}
    numbers = {each: incidents.get(conn, each).number for each in ids}
    rows = tuple(
        _row(each, ask.voice, numbers.get(each.incident_id) if each.incident_id else None)
        for each in found
    )
    return Page("mails.html", ask.voice.say("page.delivery"), Mails(rows))


def mail(conn: Connection, ask: Ask) -> Page:
    """One notice. Raises HTTPException 404."""
    found, voice = notice(conn, ask), ask.voice
    number = incidents.get(conn, found.incident_id).number if found.incident_id else None
    said = parsed(found)
    content = Mail(
        row=_row(found, voice, number),
        recipient=clean.one_line(found.recipient, 200),
        message_id=clean.one_line(found.message_id, 200),
        due=voice.full(found.due_at),
        why=voice.reasons(found.why),
        attempts=tuple(
            Attempt(
                voice.full(each.at),
                phrases.delivery(each.outcome, each.response, voice.language),
                clean.one_line(each.response, 400),
            )
            for each in outbox.deliveries(conn, found.id)
        ),
        letters=tuple(
            Attempt(
                voice.full(each.at),
                voice.say_or(f"oncall.letter.{each.kind}", each.kind),
                clean.one_line(" · ".join(filter(None, (each.sender, each.detail))), 400),
            )
            for each in reversed(oncall.letters(conn, limit=50, notice_id=found.id))
        ),
        text=clean.body(body_of(said, "plain")),
        has_html=bool(body_of(said, "html")),
    )
    return Page("mail.html", content.row.subject, content)


def notice(conn: Connection, ask: Ask) -> Notice:
    """The notice whose id stands in the address. Raises HTTPException 404."""
    given = ask.parts["id"]
    if not (given.isascii() and given.isdigit() and len(given) <= 15):
        raise HTTPException(404)
    try:
        return outbox.get(conn, int(given))
    except StorageError as error:
        raise HTTPException(404) from error


def mail_html(conn: Connection, ask: Ask) -> str:
    """The notice's HTML text. Raises HTTPException 404 when it has none."""
    html = page_of(parsed(notice(conn, ask)))
    if not html:
        raise HTTPException(404)
    return html


def parsed(of: Notice) -> EmailMessage:
    """The message as the mail package reads it; it reads anything."""
    return email.message_from_bytes(of.mime, policy=email.policy.default)


def _row(of: Notice, voice: Voice, incident: str | None) -> MailRow:
    return MailRow(
        id=of.id,
        at=voice.moment(of.created_at),
        kind=notice_kind(of, voice),
        level=voice.level(of.level),
        office=phrases.office(of.person, voice.language, voice.policy),
        team=team_name(of.team, voice),
        subject=clean.one_line(of.subject, 200),
        incident=incident,
        state=phrases.delivery(of.state, of.response, voice.language),
        key=of.state,
        attempts=of.attempts,
        sent=voice.moment(of.sent_at),
        answer=clean.one_line(of.response, 300),
    )

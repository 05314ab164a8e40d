"""What the on-call tests share: an incident that was told to two people, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from alerts.message import Message, message_id, to_mime
from monitor.config.policyfile import read_policy
from monitor.config.settings import Settings
from monitor.oncall import answering, marks
from storage import decisions, incidents, oncall, outbox
from storage.database import Connection
from storage.records import Incident, Level, NewDecision, NewNotice, Notice, Why
from tests.storage import make

POLICY = read_policy(Path(__file__).parents[1] / "alerts.yaml")
INBOX = "desk@ministry.example"


@dataclass(frozen=True)
class Case:
    """An incident and the first notices about it, to the primary and the backup officer."""

    incident: Incident
    first: Notice
    second: Notice


def told(conn: Connection, settings: Settings, now: datetime, level: Level = Level.FLASH) -> Case:
    """An incident that two people were told of, its chain of escalation waiting."""
    of = make.incident(
        conn, now, title_en="Laos – flood", title_th="ลาว – น้ำท่วม", level=level,
        countries=("LA",), categories=("natural",), nationals="reported",
    )  # fmt: skip
    change = incidents.add_change(conn, incident_id=of.id, at=now, kind="opened")
    first = notice(conn, settings, of, "duty-primary", now)
    second = notice(conn, settings, of, "duty-backup", now)
    steps = [
        NewDecision(
            "flash-anywhere", "duty", now + timedelta(minutes=minutes),
            (Why("escalation", {"minutes": minutes, "to": to}),), step=n,
        )
        for n, (minutes, to) in enumerate([(5, "primary"), (10, "backup"), (20, "head")], start=1)
    ]  # fmt: skip
    decisions.add(conn, of.id, change.id, steps, level, now)
    return Case(of, first, second)


def notice(
    conn: Connection, settings: Settings, of: Incident, person: str, now: datetime, number: int = 1
) -> Notice:
    """A notice of the incident that the mail server has taken."""
    to = POLICY.people[person]
    identifier = message_id(
        of.number, number, to.email, sender=settings.mail_from, origin=of.opened_at.isoformat()
    )
    mime = to_mime(
        Message(f"[{of.level.name}] {of.title_en} #{of.number}", "text", "<p>text</p>"),
        sender=settings.mail_from, recipient=to.email, message_id=identifier, now=now,
        reply_to=answering.reply_to(settings, identifier, to.email),
    )  # fmt: skip
    added = outbox.enqueue(
        conn,
        NewNotice(
            kind="alert", recipient=to.email, person=person, team="duty", language=to.language,
            level=of.level, subject=f"[{of.level.name}] {of.title_en} #{of.number}",
            message_id=identifier, mime=mime, due_at=now, incident_id=of.id, number=number,
        ),
        now,
    )  # fmt: skip
    assert added is not None
    outbox.mark_sent(conn, added, now, "250 taken")
    return outbox.get(conn, added)


def link(settings: Settings, of: Notice, now: datetime) -> str:
    """The path of the notice's link."""
    return answering.ack_url(settings, of.message_id, of.recipient, now).removeprefix(
        settings.base_url
    )


def reply(
    settings: Settings,
    of: Notice,
    text: str,
    *,
    sender: str | None = None,
    names_it: bool = True,
    **headers: str,
) -> bytes:
    """A reply to the notice as a phone writes it."""
    mail = EmailMessage()
    mail["From"] = sender or of.recipient
    address = marks.reply_address(INBOX, settings.secret(), of.message_id, of.recipient)
    mail["To"] = address.upper() if "shout" in headers else address
    headers.pop("shout", None)
    mail["Subject"] = f"Re: {of.subject}"
    mail["Message-ID"] = f"<{abs(hash((text, sender)))}@phone.example>"
    if names_it:
        mail["In-Reply-To"] = of.message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"{text}\n\nOn Sun, 22 Nov 2026 the desk wrote:\n> ack\n> {of.subject}\n")
    return mail.as_bytes()


def bounce(of: Notice, *, action: str = "failed", lost: str | None = None) -> bytes:
    """A delivery status notification (RFC 3464) about the notice."""
    headers = of.mime.split(b"\r\n\r\n")[0].decode()
    return (
        "From: MAILER-DAEMON@mail.ministry.example\r\n"
        f"To: monitor@ministry.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mail.ministry.example\r\n\r\n"
        f"Final-Recipient: rfc822; {lost or of.recipient}\r\nAction: {action}\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user here\r\n\r\n"
        "--b1\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"{headers}\r\n\r\n--b1--\r\n"
    ).encode()


def kinds(conn: Connection) -> list[str]:
    """What came in, oldest first, by kind."""
    return [each.kind for each in reversed(oncall.letters(conn, limit=50))]

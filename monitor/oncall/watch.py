"""The jobs of on-call work: reading the inbox, and seeing that mail and storage still work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from alerts import words
from alerts.brief import Brief, render
from alerts.context import languages_of
from alerts.errors import DeliveryError
from alerts.message import message_id, to_mime
from alerts.policy import Person
from alerts.roster import told
from monitor.health import INBOX_FAULT, MAILED, WRITTEN
from monitor.oncall import channels
from monitor.oncall.inbox import Desk, take
from monitor.oncall.postbox import Imap, InboxError, Maildir, postbox
from storage import meta, outbox
from storage.errors import StorageError
from storage.records import CHANNEL, Level

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

log = structlog.get_logger(__name__)

INBOX_SEEN = "inbox.seen"
MAIL_FAILING = "mail.failing"
FAILING_AFTER = timedelta(minutes=5)
TELL_AFTER = timedelta(seconds=60)


class InboxReader:
    """Reads the inbox of the settings; a fault is shown at the desk and tried again."""

    def __init__(self, box: Maildir | Imap) -> None:
        self._box = box

    async def look(self, program: Program) -> None:
        """Take whatever is new."""
        settings, policy = program.settings, program.policy
        seen = await program.writer.read(lambda conn: meta.get(conn, INBOX_SEEN))

        async def one(raw: bytes) -> None:
            now = program.clock.now()
            kind = await program.writer.write(
                lambda conn: take(Desk(conn, policy, settings, now), raw)
            )
            if kind is not None:
                log.info("letter_read", kind=kind)

        fault = ""
        try:
            mark = await self._box.read(seen.value if seen else "", one)
        except InboxError as error:
            mark, fault = (seen.value if seen else ""), str(error)
        await program.writer.write(lambda conn: self._keep(conn, mark, fault, program.clock.now()))

    def _keep(self, conn: Connection, mark: str, fault: str, now: datetime) -> None:
        before = meta.get(conn, INBOX_FAULT)
        if fault != (before.value if before else ""):
            if fault:
                log.warning("inbox_failing", fault=fault)
            meta.set(conn, INBOX_FAULT, fault, now)
        known = meta.get(conn, INBOX_SEEN)
        if mark and (known is None or known.value != mark):
            meta.set(conn, INBOX_SEEN, mark, now)


def inbox_reader(program: Program) -> InboxReader | None:
    """The reader of these settings; None when no inbox is set."""
    url = program.settings.inbox
    return InboxReader(postbox(url)) if url else None


async def watch_mail(program: Program) -> None:
    """Tell the other channels when mail cannot be sent, and when it can again."""
    if not program.settings.channels:
        return
    now = program.clock.now()
    await program.writer.write(lambda conn: _mail_state(conn, program, now))


def _mail_state(conn: Connection, program: Program, now: datetime) -> None:
    policy, settings = program.policy, program.settings
    before = meta.get(conn, MAIL_FAILING)
    told_since = before.value if before else ""
    stuck = outbox.stuck_mails(conn, now - FAILING_AFTER)
    sent = meta.get(conn, MAILED)
    # One recipient's full mailbox is not the mail failing: others' mails still go out.
    failing = stuck.count > 0 and (sent is None or sent.at <= now - FAILING_AFTER)
    if failing and not told_since:
        meta.set(conn, MAIL_FAILING, stuck.since.isoformat(), now)
        channels.warn(
            conn, policy, settings, "mail_failing", now,
            since=stuck.since, count=stuck.count, level=stuck.level.name,
        )  # fmt: skip
        log.error("mail_failing", since=stuck.since.isoformat(), waiting=stuck.count)
    elif told_since and not failing:
        meta.set(conn, MAIL_FAILING, "", now)
        channels.warn(conn, policy, settings, "mail_again", now)
        log.info("mail_sent_again")


@dataclass(slots=True)
class StorageWatch:
    """Writes a mark every half minute; when that fails for a minute, mails from memory.

    The outbox is then of no use: the mail goes straight to the mail server, to those on duty and
    to the owner of the files, once for each failure and once when it is over.
    """

    since: datetime | None = None
    said: bool = False
    why: str = ""
    sent: list[str] = field(default_factory=list)

    async def look(self, program: Program) -> None:
        """Try to write; tell what has changed."""
        now = program.clock.now()
        try:
            await program.writer.write(lambda conn: meta.set(conn, WRITTEN, "", now))
        except StorageError as error:
            self.since, self.why = self.since or now, str(error)
            log.error("storage_failing", why=self.why, since=self.since.isoformat())
            if not self.said and now - self.since >= TELL_AFTER:
                self.said = await self._tell(program, "storage_failing", now)
            return
        if self.said:
            await self._tell(program, "storage_again", now)
        self.since, self.said = None, False

    async def _tell(self, program: Program, key: str, now: datetime) -> bool:
        """Whether anybody could be told."""
        self.sent = []
        for person in self._people(program, now):
            mime = self._mime(program, person, key, now)
            try:
                await program.mailer.send(mime, person.email)
            except DeliveryError as error:
                log.error("storage_mail_failed", to=person.id, why=error.response)
            else:
                self.sent.append(person.email)
        for name in channels.in_use(program.policy):
            mime = self._mime(program, self._people(program, now)[0], key, now)
            try:
                await program.road.send(mime, f"{CHANNEL}{name}")
            except DeliveryError as error:
                log.error("storage_notice_failed", channel=name, why=error.response)
            else:
                self.sent.append(name)
        return bool(self.sent)

    def _people(self, program: Program, now: datetime) -> list[Person]:
        policy = program.policy
        found = {
            person.email: person
            for team in policy.teams.values()
            if team.roster or len(policy.teams) == 1
            for to in ("primary", "backup")
            for person in told(team, to, policy, now).people
        }
        if policy.owner and policy.owner not in found:
            anybody = next(iter(policy.people.values()))
            found[policy.owner] = Person("owner", anybody.role, policy.owner, "both")
        return list(found.values()) or list(policy.people.values())[:1]

    def _mime(self, program: Program, to: Person, key: str, now: datetime) -> bytes:
        zone = ZoneInfo(program.policy.timezone)
        briefs = [
            Brief(language, words.say(f"oncall.{key}", language, zone=zone, why=self.why), ())
            for language in languages_of(to)
        ]
        headers = {"X-Crisis-Kind": "service", "X-Crisis-Level": Level.FLASH.name}
        sender = program.settings.mail_from
        identifier = message_id(
            f"service.{key}", 1, to.email, sender=sender,
            origin=(self.since or now).isoformat(),
        )  # fmt: skip
        return to_mime(
            render(briefs[0].heading, briefs, headers=headers),
            sender=sender, recipient=to.email, message_id=identifier, now=now,
        )  # fmt: skip

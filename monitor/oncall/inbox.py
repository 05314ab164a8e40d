"""Mails that came in, obeyed or told: acknowledgement by reply, changes to a digest's draft,
bounces, everything else.

Each mail is read once (its hash is its key), in one transaction with what it does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import phrases
from alerts.incoming import Incoming, read
from alerts.message import same_address
from alerts.policy import Person, Policy
from monitor.config.settings import Settings
from monitor.incidents.officer import Deed
from monitor.oncall import deeds, draftanswers, letters, marks
from storage import incidents, oncall, outbox
from storage.records import Incident, Notice

if TYPE_CHECKING:
    from storage.database import Connection

_BOUNCES_WITHIN = timedelta(days=14)
_ANSWERS = 5  # at most so many of our answers about one notice: two programs never talk for ever


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading a mail needs."""

    conn: Connection
    policy: Policy
    settings: Settings
    now: datetime


def take(desk: Desk, raw: bytes) -> str | None:
    """Do what the mail asks for, and keep what it was; its kind, or None if it was read before."""
    key = hashlib.sha256(raw).hexdigest()
    if oncall.knows_letter(desk.conn, key):
        return None
    mail = read(raw)
    if mail.kind in ("bounced", "delayed"):
        kind, detail, notice = _bounce(desk, mail)
    else:
        kind, detail, notice = _answer(desk, mail, key)
    oncall.add_letter(
        desk.conn, key=key, at=desk.now, kind=kind, sender=mail.sender, detail=detail,
        notice_id=notice,
    )  # fmt: skip
    return kind


def _bounce(desk: Desk, mail: Incoming) -> tuple[str, str, int | None]:
    for message_id in mail.about:
        notice_id = oncall.notice_of(desk.conn, message_id)
        if notice_id is None:
            continue
        notice = outbox.get(desk.conn, notice_id)
        old = desk.now - notice.created_at > _BOUNCES_WITHIN
        if old or (mail.lost and not same_address(mail.lost, notice.recipient)):
            continue
        if mail.kind == "bounced":
            oncall.mark_bounced(desk.conn, notice_id, desk.now, mail.reason or "–")
        return mail.kind, mail.reason, notice_id
    return "unknown", mail.reason, None


def _answer(desk: Desk, mail: Incoming, key: str) -> tuple[str, str, int | None]:
    notice = _meant(desk, mail)
    if notice is not None and (draft := draftanswers.draft_of(notice, desk.policy)):
        return draftanswers.take(
            desk.conn, desk.policy, desk.settings, mail, notice, draft, key, desk.now
        )
    if notice is None or notice.incident_id is None:
        return ("auto_reply" if mail.kind == "auto_reply" else "unknown"), "", None
    if mail.kind != "answer":
        return "auto_reply", "", notice.id
    to = desk.policy.people.get(notice.person)
    if not same_address(mail.sender, notice.recipient):
        return _other_sender(desk, mail, notice, key), mail.sender, notice.id
    if to is None:  # no longer in alerts.yaml
        return "unknown", "", notice.id
    of = incidents.survivor(desk.conn, notice.incident_id)
    kind, answer, values = _obey(desk, mail, notice, of)
    _say(desk, to, notice, answer, key, of, **values)
    return kind, "", notice.id


def _obey(
    desk: Desk, mail: Incoming, notice: Notice, of: Incident
) -> tuple[str, str, dict[str, object]]:
    """Do the deed: what the mail was, and which answer it gets with which values."""
    deed = Deed(desk.conn, desk.policy, notice.person, desk.now)
    if desk.now - notice.created_at > marks.LIFE:
        return "expired", "expired", {}
    if deeds.is_over(of):
        return "over", "over", {}
    if mail.said == "undo":
        if of.acknowledged_at is None:
            return "already", "not_taken", {}
        deeds.unacknowledge(deed, of, "mail")
        return "unacknowledged", "unacknowledged", {}
    if mail.said != "ack":
        return "no_word", "no_word", {}
    if not deeds.acknowledge(deed, of, "mail", notice.level):
        if notice.level < of.level and not deeds.is_taken(of):
            return "already", "risen", {"level": notice.level.name, "present": of.level.name}
        return "already", "already", {}
    if notice.level < of.level:
        return "acknowledged", "risen", {"level": notice.level.name, "present": of.level.name}
    return "acknowledged", "acknowledged", {}


def _other_sender(desk: Desk, mail: Incoming, notice: Notice, key: str) -> str:
    """Tell a colleague that the answer was not obeyed; a stranger gets no mail from us."""
    colleague = next(
        (each for each in desk.policy.people.values() if same_address(each.email, mail.sender)),
        None,
    )
    if colleague is not None:
        of = incidents.survivor(desk.conn, notice.incident_id or 0)
        _say(desk, colleague, notice, "other_sender", key, of)
    return "other_sender"


def _say(
    desk: Desk, to: Person, notice: Notice, answer: str, key: str, of: Incident, **values: object
) -> None:
    if len(oncall.letters(desk.conn, limit=_ANSWERS, notice_id=notice.id)) >= _ANSWERS:
        return
    zone = ZoneInfo(desk.policy.timezone)
    after = incidents.get(desk.conn, of.id)
    by_language: dict[str, dict[str, str]] = {"who": {}, "at": {}, "taken": {}}
    for language in ("th", "en"):
        taken_at = after.acknowledged_at or desk.now
        who = phrases.office(notice.person, language, desk.policy)
        at = phrases.at_short(desk.now, language, zone, desk.now)
        by_language["who"][language] = who
        by_language["at"][language] = at
        by_language["taken"][language] = _taken(after, taken_at, language, desk, zone)
    letters.answer(
        desk.conn, desk.policy, desk.settings, to, notice, answer, desk.now,
        letter=key, incident=after.number, number=after.number, **by_language, **values,
    )  # fmt: skip


def _taken(of: Incident, at: datetime, language: str, desk: Desk, zone: ZoneInfo) -> str:
    from alerts import words

    who = phrases.office(of.acknowledged_by, language, desk.policy)
    when = phrases.at_short(at, language, zone, desk.now)
    return words.say("mail.taken_by", language, who=who, at=when)


def _meant(desk: Desk, mail: Incoming) -> Notice | None:
    """The notice whose reply address the mail was sent to; the mark must be the right one."""
    tags = [tag for address in mail.to if (tag := marks.tag_of(address)) is not None]
    if not tags or desk.settings.reply_to is None:
        return None
    secret = desk.settings.secret()
    for message_id in mail.about:
        notice_id = oncall.notice_of(desk.conn, message_id)
        if notice_id is not None:
            notice = outbox.get(desk.conn, notice_id)
            if _carries(tags, secret, notice.message_id, notice.recipient):
                return notice
    # Some mail programs answer without naming the mail: the mark alone tells which it was.
    for each in oncall.answerable(desk.conn, desk.now - marks.LIFE - timedelta(days=4)):
        if _carries(tags, secret, each.message_id, each.recipient):
            return outbox.get(desk.conn, each.id)
    return None


def _carries(tags: list[str], secret: str, message_id: str, recipient: str) -> bool:
    wanted = marks.reply_tag(secret, message_id, recipient)
    return any(marks.same(wanted, tag) for tag in tags)

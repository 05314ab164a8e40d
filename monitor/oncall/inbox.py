"""Mails that came in, obeyed or told: acknowledgement by reply, changes to a digest's draft,
bounces, everything else.

Each mail is read once (its hash is its key), in one transaction with what it does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts import phrases, words
from alerts.incoming import Incoming, read
from alerts.message import same_address
from alerts.policy import Policy
from monitor.config.settings import Settings
from monitor.incidents.officer import Deed
from monitor.oncall import deeds, draftanswers, letters, marks
from storage import incidents, oncall, outbox
from storage.records import Incident, Notice

if TYPE_CHECKING:
    from storage.database import Connection

_BOUNCES_WITHIN = timedelta(days=14)
_DISMISSED: tuple[str, str, dict[str, object]] = ("dismissed", "dismissed", {})
_MOST_ABOUT = 20  # notices that one mail may answer


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
    found = _meant(desk, mail)
    for notice in found:
        if draft := draftanswers.draft_of(notice, desk.policy):
            return draftanswers.take(
                desk.conn, desk.policy, desk.settings, mail, notice, draft, key, desk.now
            )
    about = [each for each in found if each.incident_id is not None]
    if not about:
        return ("auto_reply" if mail.kind == "auto_reply" else "unknown"), "", None
    if mail.kind != "answer":
        return "auto_reply", "", about[0].id
    own = [each for each in about if same_address(mail.sender, each.recipient)]
    if not own:
        return _other_sender(desk, mail, about[0], key), mail.sender, about[0].id
    to = desk.policy.people.get(own[0].person)
    if to is None:  # no longer in alerts.yaml
        return "unknown", "", own[0].id
    done = [_obey(desk, mail, *each) for each in _by_incident(desk, own)]
    letters.answer(
        desk.conn, desk.policy, desk.settings, to, own[0], [said for _, said in done], desk.now,
        letter=key,
    )  # fmt: skip
    detail = ", ".join(f"#{said.incident} {kind}" for kind, said in done) if len(done) > 1 else ""
    return done[0][0], detail, own[0].id


def _by_incident(desk: Desk, found: list[Notice]) -> list[tuple[Notice, Incident]]:
    """Each incident that is meant, once, with the gravest notice of it that was answered."""
    chosen: dict[int, tuple[Notice, Incident]] = {}
    for notice in found:
        of = incidents.survivor(desk.conn, notice.incident_id or 0)
        if of.id not in chosen or chosen[of.id][0].level < notice.level:
            chosen[of.id] = notice, of
    return list(chosen.values())


def _obey(desk: Desk, mail: Incoming, notice: Notice, of: Incident) -> tuple[str, letters.Said]:
    """Do the deed for one incident: what the mail was, and what its sender is told."""
    kind, answer, values = _done(desk, mail, notice, of)
    return kind, _said(desk, notice, of, answer, **values)


def _done(
    desk: Desk, mail: Incoming, notice: Notice, of: Incident
) -> tuple[str, str, dict[str, object]]:
    """What the mail was, which answer it gets, and the values of that answer."""
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
    if mail.said not in ("ack", "dismiss"):
        return "no_word", "no_word", {}
    risen: dict[str, object] = {"level": notice.level.name, "present": of.level.name}
    if mail.said == "dismiss":
        deeds.dismiss(deed, of, "mail", None, notice.level)
        return ("dismissed", "risen", risen) if notice.level < of.level else _DISMISSED
    if not deeds.acknowledge(deed, of, "mail", notice.level):
        if notice.level < of.level and not deeds.is_taken(of):
            return "already", "risen", risen
        return "already", "already", {}
    if notice.level < of.level:
        return "acknowledged", "risen", risen
    return "acknowledged", "acknowledged", {}


def _other_sender(desk: Desk, mail: Incoming, notice: Notice, key: str) -> str:
    """Tell a colleague that the answer was not obeyed; a stranger gets no mail from us."""
    colleague = next(
        (each for each in desk.policy.people.values() if same_address(each.email, mail.sender)),
        None,
    )
    if colleague is not None:
        of = incidents.survivor(desk.conn, notice.incident_id or 0)
        said = [_said(desk, notice, of, "other_sender")]
        letters.answer(
            desk.conn, desk.policy, desk.settings, colleague, notice, said, desk.now, letter=key
        )
    return "other_sender"


def _said(desk: Desk, notice: Notice, of: Incident, answer: str, **values: object) -> letters.Said:
    """What the sender is told of one incident, with who has it by now."""
    zone = ZoneInfo(desk.policy.timezone)
    after = incidents.get(desk.conn, of.id)
    by_language: dict[str, dict[str, str]] = {"who": {}, "at": {}, "taken": {}}
    for language in ("th", "en"):
        taken_at = after.acknowledged_at or desk.now
        by_language["who"][language] = phrases.office(notice.person, language, desk.policy)
        by_language["at"][language] = phrases.at_short(desk.now, language, zone, desk.now)
        by_language["taken"][language] = _taken(after, taken_at, language, desk, zone)
    return letters.Said(answer, after.number, {"number": after.number, **by_language, **values})


def _taken(of: Incident, at: datetime, language: str, desk: Desk, zone: ZoneInfo) -> str:
    who = phrases.office(of.acknowledged_by, language, desk.policy)
    when = phrases.at_short(at, language, zone, desk.now)
    return words.say("mail.taken_by", language, who=who, at=when)


def _meant(desk: Desk, mail: Incoming) -> list[Notice]:
    """The notices whose reply addresses the mail was sent to; each mark must be the right one.

    Whoever answers two mails at once means both.
    """
    tags = dict.fromkeys(tag for to in mail.to if (tag := marks.tag_of(to)) is not None)
    if not tags or desk.settings.reply_to is None:
        return []
    secret = desk.settings.secret()
    found: dict[str, int] = {}
    for message_id in mail.about:
        notice_id = oncall.notice_of(desk.conn, message_id)
        if notice_id is not None:
            notice = outbox.get(desk.conn, notice_id)
            tag = _carries(tags, secret, notice.message_id, notice.recipient)
            if tag is not None:
                found.setdefault(tag, notice_id)
    # Some mail programs answer without naming the mail: the mark alone tells which it was.
    since = desk.now - marks.LIFE - timedelta(days=4)
    for each in oncall.answerable(desk.conn, since) if len(found) < len(tags) else ():
        tag = _carries(tags, secret, each.message_id, each.recipient)
        if tag is not None:
            found.setdefault(tag, each.id)
    return [outbox.get(desk.conn, found[tag]) for tag in tags if tag in found][:_MOST_ABOUT]


def _carries(tags: Iterable[str], secret: str, message_id: str, recipient: str) -> str | None:
    """The one of the tags that is the mark of this notice."""
    wanted = marks.reply_tag(secret, message_id, recipient)
    return next((tag for tag in tags if marks.same(wanted, tag)), None)

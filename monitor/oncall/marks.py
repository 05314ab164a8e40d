"""Signed marks: the link in a mail and its reply address, each good for one recipient and a time.

A mark is an HMAC over what it is for, the notice's Message-ID and its recipient (SHA-256, cut to
130 bits for links and 100 for addresses, whose letters a mail server may turn small). The two
purposes have keys of their own: who gets a reply in copy must not be able to open the link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LIFE = timedelta(hours=72)  # ample for a weekend, short for a mail that is passed on
_LINK, _REPLY = 26, 20  # letters of 5 bits
_TAG = "a-"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says of itself, before its mark is checked."""

    local: str  # the Message-ID before its at sign
    ends: datetime
    mark: str


def link(secret: str, message_id: str, recipient: str, ends: datetime) -> str:
    """The part of the address after `/ack/`: notice, end, mark."""
    local, until = local_of(message_id), int(ends.timestamp()) // 60
    return f"{local}~{until}~{_mark(secret, 'link', message_id, recipient, str(until))[:_LINK]}"


def read_link(text: str) -> Link | None:
    """The parts of a link, None when it is none of ours."""
    local, until, mark = ([*text.split("~"), "", "", ""])[:3]
    if text.count("~") != 2 or len(text) > 200 or not text.isascii():
        return None
    if not (until.isdigit() and len(until) <= 10 and local):
        return None
    try:
        ends = datetime.fromtimestamp(int(until) * 60, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Link(local, ends, mark)


def is_genuine(secret: str, given: Link, message_id: str, recipient: str) -> bool:
    """Whether we made this link, for this notice and this recipient. Says nothing of its end."""
    until = str(int(given.ends.timestamp()) // 60)
    wanted = _mark(secret, "link", message_id, recipient, until)[:_LINK]
    return hmac.compare_digest(wanted, given.mark)


def form(secret: str, subject: str, until: datetime) -> str:
    """A mark for a form of the desk, so that no page elsewhere can send it."""
    minute = str(int(until.timestamp()) // 60)
    return f"{minute}~{_mark(secret, 'form', subject, minute)[:_LINK]}"


def is_form(secret: str, subject: str, given: str, now: datetime) -> bool:
    """Whether a form's mark is ours and still good."""
    minute, _, mark = given.partition("~")
    if not (minute.isascii() and minute.isdigit() and mark.isascii() and len(minute) <= 10):
        return False
    wanted = _mark(secret, "form", subject, minute)[:_LINK]
    return hmac.compare_digest(wanted, mark) and now.timestamp() < int(minute) * 60


def reply_tag(secret: str, message_id: str, recipient: str) -> str:
    """What stands behind the plus of the reply address."""
    return _TAG + _mark(secret, "reply", message_id, recipient)[:_REPLY]


def reply_address(inbox: str, secret: str, message_id: str, recipient: str) -> str:
    """The reply address of one notice to one recipient: `desk+a-…@ministry.example`."""
    box, _, domain = inbox.rpartition("@")
    return f"{box}+{reply_tag(secret, message_id, recipient)}@{domain}"


def tag_of(address: str) -> str | None:
    """The tag in a reply address, in small letters; None where there is none."""
    box = address.rpartition("@")[0].lower()
    tag = box.rpartition("+")[2] if "+" in box else ""
    inner = tag.removeprefix(_TAG)
    fits = tag.startswith(_TAG) and len(inner) == _REPLY and inner.isascii() and inner.isalnum()
    return tag if fits else None


def same(one: str, other: str) -> bool:
    """Whether two tags are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


def local_of(message_id: str) -> str:
    """The part of a Message-ID before its at sign, without brackets."""
    return message_id.strip("<>").partition("@")[0]


def _mark(secret: str, *parts: str) -> str:
    told = "\n".join(part.strip().lower() for part in parts).encode("utf-8", "replace")
    digest = hmac.new(secret.encode(), told, hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii").lower().rstrip("=")

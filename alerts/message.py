"""A message as the desk reads it, and as it goes out: one MIME message to one recipient.

The MIME text is made once, when the notice enters the outbox, and every attempt sends those same
bytes; so a repeat carries the same Message-ID and a mailbox can fold it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from alerts import clean, wire

SUBJECT_LIMIT = 200
_FALLBACK_DOMAIN = "localhost"
_NO_IDENTIFIER = re.compile(r"[<>\s?]")
_NO_FILENAME = re.compile(r"[^A-Za-z0-9.-]")
_NO_ADDRESS = "undisclosed-recipients:;"
_PLAIN = bytes(sign for sign in range(32, 127) if sign != ord("=")) + b"\n"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A PNG that the HTML shows as `cid:` and this name; it travels inside the message."""

    cid: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Encoding:
    """A content transfer encoding, and how many bytes a text is in it."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: both bodies say the same. `languages` are those of the text, first first.

    `list_name` is the part of the List-Id before the sender's domain; `headers` are ours, in
    the order in which they shall stand.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    list_name: str = "alerts"
    languages: tuple[str, ...] = ("en",)
    pictures: tuple[Enclosure, ...] = ()


def domain_of(sender: str) -> str:
    """The domain of an address as it stands in `Name <box@domain>`, in ASCII."""
    _, _, domain = plain_address(sender).rpartition("@")
    return domain or _FALLBACK_DOMAIN


@lru_cache(maxsize=512)
def plain_address(text: str) -> str:
    """The bare `box@domain` of an address, the domain in ASCII; "" if there is none in it."""
    if not text.isprintable():  # a line break in an address is an attack, not a slip
        return ""
    _, bare = parseaddr(text)
    box, at, domain = bare.rpartition("@")
    if not at or not box or not domain or " " in bare:
        return ""
    try:
        return f"{box}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""


def same_address(one: str, other: str) -> bool:
    """Whether both name the same mailbox; never where one names none."""
    return bool(one) and plain_address(one).lower() == plain_address(other).lower()


def message_id(
    subject_of: str, notice: int, recipient: str, *, sender: str, origin: str = "", part: str = ""
) -> str:
    """The Message-ID of a notice: the same for the same notice to the same recipient, for ever.

    `subject_of` is an incident number (`2026-0042`) or `digest.2026-03-28`; `notice` counts
    from 1 for each recipient; `part` tells notices apart that share a number (an escalation
    step). `origin` (for an incident, when it was opened) keeps a later database that counts
    from 1 again from repeating an old ID, which mailboxes would drop as a copy.
    """
    seed = "\n".join((subject_of, str(notice), part, recipient.strip().lower(), origin))
    mark = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:12]
    name = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "-" for sign in subject_of
    )
    middle = f".{part}" if part and part.isascii() and part.isalnum() else ""
    return f"<{name.strip('.-') or 'notice'}.n{notice}{middle}.r{mark}@{domain_of(sender)}>"


def to_mime(
    message: Message,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
    references: Sequence[str] = (),
    reply_to: str | None = None,
) -> bytes:
    """The whole message as it goes over the wire, CRLF line ends, 7-bit clean.

    `references` are the Message-IDs of the thread, root first; the last is the one replied to.
    Whatever the texts hold, this does not raise: they are cleaned, since a message that cannot
    be built would be an alert that nobody gets.
    """
    headers = {
        "From": _written(sender) or f"monitor@{_FALLBACK_DOMAIN}",
        "To": _written(recipient) or _NO_ADDRESS,
    }
    answers = _written(reply_to) if reply_to else None
    if answers:
        headers["Reply-To"] = answers
    headers["Subject"] = clean.header(message.subject, SUBJECT_LIMIT)
    headers["Date"] = format_datetime(now)
    headers["Message-ID"] = _identifier(message_id)
    thread = [_identifier(reference) for reference in references if reference.strip()]
    if thread:
        headers["In-Reply-To"] = thread[-1]
        headers["References"] = " ".join(dict.fromkeys(thread))
    # RFC 3834: no program answers this; Exchange reads its own header instead.
    headers["Auto-Submitted"] = "auto-generated"
    headers["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    headers["List-Id"] = f"<{message.list_name}.{domain_of(sender)}>"
    headers |= {name: clean.header(value, 400) for name, value in message.headers.items()}
    text, html = clean.body(message.text), clean.body(message.html)
    return wire.written(
        headers,
        wire.Body("plain", text, encoded(text).name),
        wire.Body("html", html, encoded(html).name),
        tuple(_picture(each) for each in message.pictures),
        # From the ID, so that the same notice is the same bytes.
        boundary=hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:24],
        languages=", ".join(message.languages),
    )


def encoded(text: str) -> Encoding:
    """The shorter of the two encodings for a text on its way through 7-bit servers, and its size.

    Thai is three bytes a letter: quoted-printable makes nine of them, base64 four. 8bit would be
    shorter still, but a server on the way that does not take it may send the mail back.
    """
    raw = text.encode("utf-8", "replace")
    escaped = len(raw.translate(None, delete=_PLAIN))
    printable = len(raw) + 2 * escaped
    printable += 3 * (printable // 75)  # its soft line ends
    base64_size = -(-len(raw) // 3) * 4
    base64_size += 2 * (base64_size // 76 + 1)
    if printable < base64_size:
        return Encoding("quoted-printable", printable)
    return Encoding("base64", base64_size)


def _picture(of: Enclosure) -> wire.Picture:
    name = _NO_FILENAME.sub("-", of.cid.partition("@")[0])
    return wire.Picture(_identifier(of.cid), f"{name}.png", of.png)


@lru_cache(maxsize=512)  # a sender and some recipients, in thousands of mails
def _written(address: str) -> str | None:
    """The address as a header shows it, or None when no header could."""
    bare = plain_address(address)
    if not bare or not bare.isascii():
        return None
    name, _ = parseaddr(clean.header(address, 400))
    try:
        return str(Address(display_name=name, addr_spec=bare))
    except (ValueError, IndexError):  # the registry's own parser refuses more than parseaddr
        return None


def _identifier(text: str) -> str:
    # No question mark: `=?` begins an encoded word, which may hide a line break.
    inner = text
    if not (text.isascii() and text.isprintable()):
        inner = "".join(sign for sign in text if sign.isascii() and sign.isprintable())
    return f"<{_NO_IDENTIFIER.sub('', inner)}>"

"""What a mail that came in says: an answer to a notice, a bounce, or nothing for us. Pure.

Nothing in it is trusted: who may act is decided by the tag of the reply address, whose mark only
the recipient of that one notice was given, and by the sender's address together.
"""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses

from alerts import clean
from alerts.message import plain_address

LARGEST = 1_000_000  # bytes that are looked at; what is longer is cut
_PARTS, _LINES, _LINE = 60, 400, 2_500
_RECIPIENTS = (
    "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To",
)  # fmt: skip
_ACK = frozenset(
    ["ack", "acknowledge", "acknowledged", "taken", "i have it", "รับเรื่อง", "รับทราบ", "ขอรับเรื่อง"]
)
_UNDO = frozenset(
    (
        "un-ack",
        "unack",
        "unacknowledge",
        "undo",
        "give back",
        "give it back",
        "คืนเรื่อง",
        "เลิกทำ",
        "ยกเลิกการรับเรื่อง",
    )
)
_DISMISS = frozenset(["not relevant", "irrelevant", "ไม่เกี่ยวข้อง", "ไม่เกี่ยว"])
_POLITE = re.compile(r"(ครับ|ค่ะ|คะ|นะ|แล้ว|thanks|thank you|please|ขอบคุณ|\s|[.!,;:*_\"'“”])+$")
_QUOTE = re.compile(
    r"^\s*(>|-{2,}\s*(original|forwarded|ข้อความ)|_{8,}|on .{4,200} wrote:|from:\s|sent:\s|จาก:|ส่ง:"
    r"|เมื่อ\s.{4,200}(เขียน|write)|ในวันที่\s|-- ?$|sent from my |ส่งจาก)",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"^\s*(re:\s*)?(auto(matic)?[ -]?(reply|response)|out of (the )?office"
    r"|ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ"
    r"|ไม่อยู่|ไม่อยู่ที่สำนักงาน)",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|bounce[s]?)\b", re.IGNORECASE)
_IDENTIFIER = re.compile(r"<[^<>\s]{3,200}@[^<>\s]{1,200}>")
_TAGS = re.compile(r"<(br|/p|/div|/tr|/li|blockquote)\b[^>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail as far as it concerns us.

    `kind`: answer, auto_reply, bounced, delayed, other. `to` are the addresses it was sent to;
    `said` is ack, undo, dismiss or "" for an answer; `about` are Message-IDs that it names, the
    likeliest first; `reason` is what a mail server says of a bounce, and `lost` whom it could not
    reach.
    `lines` are those that the sender wrote before what he quotes, empty ones among them.
    """

    kind: str
    sender: str = ""
    to: tuple[str, ...] = ()
    said: str = ""
    about: tuple[str, ...] = ()
    reason: str = ""
    lost: str = ""
    lines: tuple[str, ...] = ()


def read(raw: bytes) -> Incoming:
    """What the mail says. Never raises: a mail that cannot be read is none for us."""
    try:
        return _read(email.message_from_bytes(raw[:LARGEST], policy=email.policy.compat32))
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return Incoming("other")


def _read(mail: Message) -> Incoming:
    sender = next(iter(_addresses(_all(mail, "From"))), "")
    to = tuple(dict.fromkeys(_addresses(each for name in _RECIPIENTS for each in _all(mail, name))))
    report = mail.get_content_type() == "multipart/report"
    kind_of_report = str(mail.get_param("report-type") or "").lower()
    if report and kind_of_report == "delivery-status":
        return _bounce(mail, sender, to)
    about = tuple(_identifiers(*_all(mail, "In-Reply-To"), *_all(mail, "References")[-1:]))
    if _DAEMON.match(sender.partition("@")[0]):
        return _unformed(mail, sender, to)
    if report or _is_auto(mail):
        return Incoming("auto_reply", sender, to, about=about)
    lines = tuple(_own_lines(mail))
    return Incoming("answer", sender, to, said=_said(lines), about=about, lines=lines)


# --- bounces -----------------------------------------------------------------------------------


def _bounce(mail: Message, sender: str, to: tuple[str, ...]) -> Incoming:
    """A delivery status notification (RFC 3464): the last recipient that it gives up on."""
    action, reason, lost = "", "", ""
    about: list[str] = []
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            for block in _blocks(part):
                found = str(block.get("Action", "")).strip().lower()
                if found and action != "failed":
                    action = found
                    lost = _recipient(block)
                    reason = _reason(block)
        elif kind in ("text/rfc822-headers", "message/global-headers"):
            about += _identifiers(*_header_lines(_text(part), "message-id"))
        elif part is not mail and part.get("X-Crisis-Kind") and part.get("Message-ID"):
            about += _identifiers(str(part["Message-ID"]))
    kind = {"failed": "bounced", "delayed": "delayed"}.get(action, "auto_reply")
    return Incoming(kind, sender, to, about=tuple(about), reason=reason, lost=lost)


def _blocks(part: Message) -> list[Message]:
    given = part.get_payload()
    if isinstance(given, list):
        return [each for each in given if isinstance(each, Message)]
    texts = re.split(r"\r?\n\r?\n", _text(part))
    return [email.message_from_string(text, policy=email.policy.compat32) for text in texts]


def _recipient(block: Message) -> str:
    text = str(block.get("Final-Recipient") or block.get("Original-Recipient") or "")
    return plain_address(clean.one_line(text.rpartition(";")[2], 200))


def _reason(block: Message) -> str:
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2] or str(
        block.get("Diagnostic-Code", "")
    )
    parts = (str(block.get("Status", "")).strip(), said.strip())
    return clean.one_line(" ".join(part for part in parts if part), 300)


def _unformed(mail: Message, sender: str, to: tuple[str, ...]) -> Incoming:
    """A bounce in a form of its server's own: what it says first, and the mails it names."""
    texts = [_text(part) for part in _parts(mail) if not part.is_multipart()]
    whole = "\n".join(texts)[:LARGEST]
    lines = (clean.one_line(line, 300) for line in whole.splitlines())
    reason = next((line for line in lines if re.search(r"\b[45]\d\d\b", line)), "")
    about = tuple(_identifiers(whole))[:20]
    return Incoming("bounced", sender, to, about=about, reason=reason)


# --- answers -----------------------------------------------------------------------------------


def _is_auto(mail: Message) -> bool:
    """Whether a program wrote it (RFC 3834 and what others do instead)."""
    submitted = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        submitted not in ("", "no")
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(
            mail.get(name) is not None
            for name in (
                "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From",
                "X-AutoReply-From", "X-Mail-Autoreply", "List-Id", "X-Crisis-Kind",
            )
        )
        or str(mail.get("Return-Path", "")).strip() == "<>"
        or bool(_AUTO_SUBJECT.match(clean.header(_decoded(mail.get("Subject")), 300)))
    )  # fmt: skip


def bare(line: str) -> str:
    """A line in small letters, without politeness and marks around it."""
    word = _POLITE.sub("", line.casefold().strip(" \t*_\"'“”.,!")).strip()
    return re.sub(r"\s+", " ", word)


def _said(lines: Iterable[str]) -> str:
    """The deed that the first line asks for: ack, undo, dismiss or ""."""
    word = bare(next(filter(None, lines), ""))
    if word in _ACK:
        return "ack"
    if word in _DISMISS:
        return "dismiss"
    return "undo" if word in _UNDO else ""


def _own_lines(mail: Message) -> Iterator[str]:
    """The lines that the sender wrote, before what he quotes; empty ones stay."""
    for line in _body(mail).splitlines()[:_LINES]:
        plain = clean.one_line(line, _LINE)
        if _QUOTE.match(plain):
            return
        yield plain


def _body(mail: Message) -> str:
    """The plain text, else the HTML without its markup."""
    markup = ""
    for part in _parts(mail):
        if part.is_multipart() or part.get_filename():
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and (text := _text(part)).strip():
            return text
        if kind == "text/html" and not markup:
            markup = _text(part)
    quoted = markup.lower().find("<blockquote")
    markup = markup if quoted < 0 else markup[:quoted]
    return html.unescape(_MARKUP.sub("", _TAGS.sub("\n", markup)))


# --- parts -------------------------------------------------------------------------------------


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= _PARTS:
            return
        yield part


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    try:
        return raw.decode(
            "cp874" if charset in ("windows-874", "x-windows-874") else charset, "replace"
        )
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _all(mail: Message, name: str) -> list[str]:
    return [str(each) for each in mail.get_all(name, [])]


def _decoded(value: object) -> str:
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(str(value or ""))))
    except (ValueError, LookupError, MessageError):
        return str(value or "")


def _addresses(values: Iterable[str]) -> Iterator[str]:
    flat = [re.sub(r"[\r\n]+[ \t]*", " ", value) for value in values]
    for _, address in getaddresses(flat[:50]):
        bare = plain_address(address)
        if bare:
            yield bare.lower()


def _identifiers(*texts: str) -> Iterator[str]:
    yield from dict.fromkeys(
        found for text in texts for found in reversed(_IDENTIFIER.findall(text))
    )


def _header_lines(text: str, name: str) -> list[str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text)
    return [line for line in unfolded.splitlines() if line.lower().startswith(f"{name}:")]

"""Hostile text made fit for one line, a header, a mail body or a link; nothing here ever raises.

Feed text is whatever a stranger wrote: line breaks that would add headers, halves of surrogate
pairs that cannot be encoded, signs that turn the reading direction of everything behind them.
Each is removed or replaced, never refused: a refused title would be a lost alert.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]{2,}")
# Direction overrides, marks and isolates, zero-width space, word joiner, soft hyphen, BOM.
# ZWJ and ZWNJ (200c, 200d) stay: Persian, Indic scripts and emoji need them.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_OVERRIDES = re.compile("[\u202a-\u202e]")
# What a terminal obeys, whole: colours and moves, titles of windows; without the rest of it the
# escape alone would leave `[31m` in the text. The one-byte forms are taken for such only with
# figures and an end: in text of a wrong encoding they stand for quotation marks.
_SEQUENCES = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]|\x9b[0-9;]+[@-~]"
    "|(?:\x1b\\]|\x9d[0-9]+;)[^\x07\x1b\x9c\n]{0,500}(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*[0-Z\\\\^_]"
)
_LEADING_VOWELS = "เแโใไເແໂໃໄ"  # Thai and Lao: written before the consonant they belong to
_TRAILING_VOWELS = "\u0e30\u0e32\u0e33\u0e45\u0e46\u0eb0\u0eb2\u0eb3\u0ec6"
_JOINERS = "\u200c\u200d"
_UNSURE = re.compile(r"[^\x20-\x7e\u0e01-\u0e3a\u0e3f-\u0e5b]")  # all but plain English and Thai
_ELLIPSIS = "…"
_LINK_LIMIT = 2000
_INNER_NAMES = frozenset(["localhost", "local", "internal", "lan", "home", "arpa", "localdomain"])


def one_line(text: str, limit: int | None = None) -> str:
    """`text` on one line without control, direction or invisible signs, at most `limit` long."""
    if text.isascii() and text.isprintable():  # as most headers are; the look is a fast one
        flat = text
    else:
        flat = _INVISIBLE.sub("", _printable(_BREAKS.sub(" ", _unescaped(text))))
    flat = _SPACES.sub(" ", flat).strip()
    return flat if limit is None else shorten(flat, limit)


def header(text: str, limit: int = 200) -> str:
    """`text` as a header value: one line, and no part of it reads as an RFC 2047 encoded word.

    An encoded word inside a title is decoded by the header's reader, and by Python 3.11's mail
    package before it writes it; one that hides a line break would add a header of its own.
    """
    return one_line(_unencoded(one_line(text)), limit)


def body(text: str) -> str:
    """A whole plain or HTML body: line breaks as LF, without signs that cannot be encoded.

    Direction overrides go; isolates, which end with their line, stay.
    """
    lines = _OVERRIDES.sub("", _unescaped(text)).replace("\r\n", "\n").replace("\r", "\n")
    return _printable(lines, keep="\n\t")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the cut marked `…`, no vowel or tone mark torn off its letter.

    Cut at the last space when one stands in the last third; Thai runs have none and are cut
    between letters.
    """
    if len(text) <= limit:
        return text
    cut = max(limit - 1, 0)
    while cut > 0 and _belongs_to_the_letter_before(text, cut):
        cut -= 1
    space = text.rfind(" ", cut * 2 // 3, cut)
    if space > 0 and text[cut] != " ":
        cut = space
    return text[:cut].rstrip(" ,;:·–-" + _LEADING_VOWELS) + _ELLIPSIS


def isolated(text: str) -> str:
    """`text` between direction isolates if it runs right to left; for plain text only."""
    if any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text):
        return f"\u2068{text}\u2069"
    return text


def link(url: str | None) -> str | None:
    """An http(s) address that may be clicked, or None.

    A user name before the host is left out, since it is there to be taken for the host.
    """
    parts = _split(url)
    if parts is None or parts.hostname is None:
        return None
    netloc = _host(parts.hostname)
    try:
        port = parts.port
    except ValueError:
        return None
    if port is not None:
        netloc = f"{netloc}:{port}"
    whole = urlunsplit((parts.scheme, netloc, parts.path, parts.query, parts.fragment))
    return whole.replace(" ", "%20")


def outward(url: str | None) -> str | None:
    """The address of a source that may be clicked: `link`, but never one inside the house.

    A hostile item could lead an officer's browser to the machine itself, a router or the desk.
    """
    found = link(url)
    name = (urlsplit(found).hostname or "").rstrip(".") if found else ""
    return found if name and not _inner(name) else None


def _inner(name: str) -> bool:
    try:
        return not ip_address(name).is_global
    except ValueError:
        pass
    if "." not in name or name.rpartition(".")[2] in _INNER_NAMES:
        return True
    # 127.1, 0x7f.1 and 2130706433 are addresses to a browser, and never names of publishers.
    return re.fullmatch(r"(0x[0-9a-f]*|\d+)", name.rpartition(".")[2]) is not None


def host(url: str | None) -> str:
    """The host an address leads to, in clear: letters outside ASCII as punycode; "" for none."""
    parts = _split(url)
    return _host(parts.hostname) if parts is not None and parts.hostname else ""


def _split(url: str | None) -> SplitResult | None:
    if not url or len(url) > _LINK_LIMIT:
        return None
    flat = one_line(url)
    try:
        parts = urlsplit(flat)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return parts if usable else None


def _host(name: str) -> str:
    if ":" in name:  # an IPv6 address
        return f"[{name}]"
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return "".join(sign if sign.isascii() else "-" for sign in name)


def _printable(text: str, keep: str = "") -> str:
    rest = text
    for sign in (*keep, "\u00a0"):
        rest = rest.replace(sign, "")
    if rest.isprintable():  # nearly all are, and this is far faster than a look at each sign
        return text
    return _UNSURE.sub(lambda sign: _sign(sign[0], keep), text)


def _sign(sign: str, keep: str) -> str:
    if sign >= " " and sign.isprintable():
        return sign
    if sign in keep or sign == "\u00a0":
        return sign
    kind = unicodedata.category(sign)
    if kind == "Cs":
        return "\ufffd"
    if kind in ("Cc", "Cn"):
        return " " if kind == "Cc" else "\ufffd"
    if kind in ("Zl", "Zp"):
        return "\n" if "\n" in keep else " "
    return sign  # other spaces, format signs and private use


def _unescaped(text: str) -> str:
    if "\x1b" in text or "\x9b" in text or "\x9d" in text:
        return _SEQUENCES.sub("", text)
    return text


def _unencoded(text: str) -> str:
    while "=?" in text:
        text = text.replace("=?", "= ?")
    return text


def _belongs_to_the_letter_before(text: str, place: int) -> bool:
    sign = text[place]
    return (
        unicodedata.category(sign) in ("Mn", "Mc", "Me")
        or sign in _TRAILING_VOWELS
        or sign in _JOINERS
        or text[place - 1] in _JOINERS
        or text[place - 1] in _LEADING_VOWELS
    )

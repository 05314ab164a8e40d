"""Bytes to text: which character set a document is in, and what to do when it says wrong.

Order: byte order mark, the feed list's own setting (it is there because the declaration is
wrong), the HTTP header, the XML declaration, then a guess. A name outside our table is never
handed to Python's codec registry, which also holds things that are no character sets.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from dataclasses import dataclass

from monitor.parse.charsets import guess
from monitor.parse.entry import Hints, NotAFeed

_CODECS = {
    "utf8": "utf-8",
    "utf16": "utf-16",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "utf32": "utf-32",
    "ascii": "cp1252",
    "usascii": "cp1252",
    "iso88591": "cp1252",
    "latin1": "cp1252",
    "windows1252": "cp1252",
    "cp1252": "cp1252",
    "iso885915": "iso8859-15",
    "iso88592": "iso8859-2",
    "windows1250": "cp1250",
    "cp1250": "cp1250",
    "iso88595": "iso8859-5",
    "windows1251": "cp1251",
    "cp1251": "cp1251",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "iso88597": "iso8859-7",
    "windows1253": "cp1253",
    "iso88599": "cp1254",
    "windows1254": "cp1254",
    "iso88598": "cp1255",
    "iso88598i": "cp1255",
    "windows1255": "cp1255",
    "cp1255": "cp1255",
    "iso88596": "iso8859-6",
    "windows1256": "cp1256",
    "windows1257": "cp1257",
    "windows1258": "cp1258",
    "tis620": "cp874",
    "tis6202533": "cp874",
    "tis62025331": "cp874",
    "iso885911": "cp874",
    "windows874": "cp874",
    "xwindows874": "cp874",
    "cp874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "xgbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "cp950",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "cp949": "cp949",
    "windows949": "cp949",
    "uhc": "cp949",
    "eucjp": "euc-jp",
    "xeucjp": "euc-jp",
    "shiftjis": "cp932",
    "xsjis": "cp932",
    "sjis": "cp932",
    "windows31j": "cp932",
    "cp932": "cp932",
    "iso2022jp": "iso2022_jp",
}
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:-]{2,40})""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.I)
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = bytes(range(128, 256))
_FOREIGN_BYTES = 24  # fewer may be a word in accented capitals
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_TAKES_ANYTHING = frozenset(("cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1254"))
_STRAY = "monitor_stray_windows_1252"
_DOUBLED_MARK = "\u00ef\u00bb\u00bf"  # a UTF-8 byte order mark that was encoded once more


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as text, the codec that read it, and what was odd about that."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def codec_for(label: str) -> str | None:
    """The Python codec for a character set label, or None when we do not know the label."""
    return _CODECS.get(re.sub(r"[^a-z0-9]", "", label.lower()))


def _find_codec(name: str) -> codecs.CodecInfo | None:
    """Let Python, and so feedparser, know Thai Windows under the names that feeds use."""
    if name.replace("-", "_") in ("windows_874", "x_windows_874"):
        return codecs.lookup("cp874")
    return None


codecs.register(_find_codec)


def decode(body: bytes, hints: Hints) -> Decoded:
    """Text of `body`.

    Raises NotAFeed("bad_encoding") when the bytes are no text in any character set we know.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _lenient(body[len(mark) :], codec, ())
    wide = _wide_without_mark(body)
    if wide is not None:
        return _lenient(body, wide, ("UTF-16 or UTF-32 without a byte order mark",))
    if b"\x00" in body[:4096] and body[:4096].count(b"\x00") > 8:
        raise NotAFeed("bad_encoding", "The answer is binary data, not text.")

    if b"\x1b$" in body[:65536] and body.isascii():
        return _lenient(body, "iso2022_jp", ())
    notes: list[str] = []
    if hints.encoding:
        chosen = codec_for(hints.encoding)
        if chosen is not None:
            return _lenient(body, chosen, ())
        notes.append(f"the feed list names an unknown encoding {hints.encoding!r}")
    labels = []
    header = _CHARSET.search(hints.content_type)
    if header:
        labels.append(header.group(1))
    declared = _DECLARED.search(body[:2048])
    if declared:
        labels.append(declared.group(1).decode("ascii"))
    return _by_label(body, labels, notes, hints.language)


def _by_label(body: bytes, labels: list[str], notes: list[str], language: str | None) -> Decoded:
    for label in labels:
        codec = codec_for(label)
        if codec is None:
            notes.append(f"unknown encoding {label!r} declared")
            continue
        if codec.startswith(("utf-16", "utf-32")):
            notes.append(f"declared {label}, but the bytes are not")
            continue
        try:
            text = body.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec != "utf-8" and _surely_utf8(body):
            notes.append(f"declared {label}, but it is UTF-8")
            return Decoded(_unmarked(body.decode("utf-8")), "utf-8", tuple(notes))
        if codec in _TAKES_ANYTHING and _looks_foreign(body):
            other = _better(body, labels, language)
            if other is not None:
                notes.append(f"declared {label}, but read as {other}")
                return _lenient(body, other, tuple(notes))
        return Decoded(_unmarked(text), codec, tuple(notes))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _mislabelled(body, labels, notes, language)
    if labels and not text.isascii() and codec_for(labels[0]) != "utf-8":
        notes.append(f"declared {labels[0]}, but it is UTF-8")
    return Decoded(_unmarked(text), "utf-8", tuple(notes))


def _looks_foreign(body: bytes) -> bool:
    """Whether bytes beyond ASCII stand together, as accents in Latin words do not."""
    sample = body[:65536]
    high = len(sample) - len(sample.translate(None, _HIGH))
    together = sum(map(len, _RUN.findall(sample)))
    return together >= _FOREIGN_BYTES and together > 0.6 * high


def _better(body: bytes, labels: list[str], language: str | None) -> str | None:
    """What the document is in when a label for Western Europe cannot be right.

    Servers name such a label for every file; the document's own declaration knows better.
    """
    for label in labels:
        codec = codec_for(label)
        if codec is None or codec in _TAKES_ANYTHING or codec.startswith("utf"):
            continue
        with contextlib.suppress(UnicodeDecodeError):
            body.decode(codec)
            return codec
    likely = guess(body, language)
    return likely if likely != "cp1252" else None


def _mislabelled(body: bytes, labels: list[str], notes: list[str], language: str | None) -> Decoded:
    """Bytes that are neither what was declared nor UTF-8."""
    good = sum(len(found) for found in _SEQUENCE.findall(body))
    high = len(body) - len(body.translate(None, _HIGH))
    if good >= high - good:  # mostly UTF-8: single bytes in between are Windows-1252
        notes.append("UTF-8 with bytes of another encoding in it")
        return Decoded(_unmarked(_mixed(body)), "utf-8", tuple(notes))
    for label in labels:  # a declared legacy set with few broken places is still the best
        codec = codec_for(label)
        if codec is not None and not codec.startswith("utf"):
            text = body.decode(codec, errors="replace")
            if text.count("\ufffd") <= 1 + high // 50:
                notes.append(f"some bytes are not {label}")
                return Decoded(_unmarked(text), codec, tuple(notes))
    likely = guess(body, language)
    notes.append(f"encoding guessed as {likely}")
    return _lenient(body, likely, tuple(notes))


def _lenient(body: bytes, codec: str, notes: tuple[str, ...]) -> Decoded:
    try:
        return Decoded(_unmarked(body.decode(codec)), codec, notes)
    except UnicodeDecodeError:
        text = _mixed(body) if codec == "utf-8" else body.decode(codec, errors="replace")
    if text.count("\ufffd") * 3 > len(text):
        raise NotAFeed("bad_encoding", f"The answer cannot be read as {codec}.")
    return Decoded(_unmarked(text), codec, (*notes, f"some bytes are not {codec}"))


def _mixed(body: bytes) -> str:
    """UTF-8 in which a stray byte is taken as Windows-1252."""
    return body.decode("utf-8", errors=_STRAY)


def _as_windows(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    stray = fault.object[fault.start : fault.end]
    return stray.decode("cp1252", errors="replace"), fault.end


codecs.register_error(_STRAY, _as_windows)


def _surely_utf8(body: bytes) -> bool:
    """Valid UTF-8 with enough multi-byte sequences that chance is out of the question."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(_SEQUENCE.findall(body[:65536])) >= 6


def _wide_without_mark(body: bytes) -> str | None:
    start = body[:4]
    for char in (b"<", b"{", b"[", b" ", b"\n", b"\r", b"\t"):
        if start == char + b"\0\0\0":
            return "utf-32-le"
        if start == b"\0\0\0" + char:
            return "utf-32-be"
        if start[:2] == char + b"\0":
            return "utf-16-le"
        if start[:2] == b"\0" + char:
            return "utf-16-be"
    return None


def _unmarked(text: str) -> str:
    text = text.lstrip("\ufeff")
    return text[3:] if text.startswith(_DOUBLED_MARK) else text

"""Feed text to plain text: no markup, no invisible tricks, cut where a reader would cut.

What comes out is still hostile as far as pages and mails are concerned; they escape it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

import nh3

from monitor.parse.fasttext import simply_stripped

TITLE_LIMIT = 500
SUMMARY_LIMIT = 4000
_RAW_LIMIT = 60_000  # more markup than this is never needed for 4,000 characters
_MAX_TAGS = 2000
_SHORT = 300

_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*>|!--)")
_KNOWN_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|script|"
    r"small|span|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul)\b[^<>]*>",
    re.I,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
_SILENT = {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math"}
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and signs that look like nothing
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
# What colours a terminal, whole; see also `alerts.clean`, which has the other sequences.
_SEQUENCE = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x9b[0-9;]+[@-~]")
# Of those, the ones that Python takes for blanks, and the ones that it calls printable. Those
# beyond the first plane, U+E0100 and so on, all begin with the same half in UTF-16.
_VANISHING = re.compile("[\x0b\x0c\x1c-\x1f]")
_HIDDEN = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_HIDDEN_FAR = b"\x40\xdb"
_NONCHARACTER = re.compile(
    "["
    + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(17))
    + "]"
)
_JOINER = re.compile("[\u200c\u200d]+")
_SPACE = re.compile(r"[\s\u0085\u2028\u2029]+")
# Scripts in which a joiner or non-joiner is spelling: Arabic and Persian, Syriac, the Indic
# scripts, Sinhala, Tibetan, Burmese, Khmer, Mongolian.
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u085f\u08a0-\u0dff\u0f00-\u109f\u1780-\u18af\ua8e0-\ua8ff\uaa60-\uaa7f"
    "\ufb50-\ufdcf\ufe70-\ufefc]"
)


def plain(raw: str, limit: int = SUMMARY_LIMIT) -> str:
    """One line of plain text from text or HTML, at most `limit` characters."""
    return _short(raw, limit) if len(raw) <= _SHORT else _plain(raw, limit)


def _plain(raw: str, limit: int) -> str:
    text = raw[:_RAW_LIMIT]
    if "<" in text and _TAG.search(text):
        text = _stripped(text)
    if "&" in text:
        text = html.unescape(text)
        if _ENTITY.search(text):  # encoded twice
            text = html.unescape(text)
    if "<" in text and _KNOWN_TAG.search(text):  # markup that was encoded as text
        text = html.unescape(_stripped(text))
    return cut(tidy(text), limit)


_short = lru_cache(maxsize=1024)(_plain)  # headlines are asked for twice, names many times


def title_text(raw: str) -> str:
    """A headline as one line of plain text of at most 500 characters."""
    return plain(raw, TITLE_LIMIT)


def tidy(text: str) -> str:
    """Canonical composition, white space collapsed, characters that nobody sees removed.

    Zero-width joiners stay where the script needs them for spelling.
    """
    spaced = text.strip()
    if not spaced.isprintable() and not _VANISHING.search(text):
        spaced = " ".join(text.split())
    if spaced.isprintable() and (spaced.isascii() or not _hides(spaced)):
        while "  " in spaced:  # nothing to remove but blanks, as in most texts
            spaced = spaced.replace("  ", " ")
        return unicodedata.normalize("NFC", spaced)
    text = _DROPPED.sub("", _SEQUENCE.sub("", text))
    text = _NONCHARACTER.sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = _JOINER.sub(_kept_joiner, text)
    return unicodedata.normalize("NFC", _SPACE.sub(" ", text)).strip()


def _hides(text: str) -> bool:
    """Whether there may be printable characters in the text that nobody sees."""
    for char in _HIDDEN:
        if char in text:
            return True
    return _HIDDEN_FAR in text.encode("utf-16-le", "surrogatepass")


def cut(text: str, limit: int) -> str:
    """`text` of at most `limit` characters, with an ellipsis, never inside a grapheme."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and _extends(text, end):
        end -= 1
    if end > 0 and "\u0e40" <= text[end - 1] <= "\u0e44":  # a leading vowel without its letter
        end -= 1
    return text[:end].rstrip() + "…"


def _stripped(markup: str) -> str:
    if markup.count("<") > _MAX_TAGS:  # the square of the depth is what a parser of HTML takes
        markup = "<".join(markup.split("<", _MAX_TAGS)[:-1])
    simple = simply_stripped(markup)
    if simple is not None:
        return simple
    cleaned = nh3.clean(
        markup, tags=_BLOCKS, attributes={}, clean_content_tags=_SILENT, strip_comments=True
    )
    return re.sub(r"<[^<>]*>", " ", cleaned)


def _kept_joiner(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if _JOINING.match(before) and (not after or _JOINING.match(after) or not after.isalnum()):
        return match.group()[0]
    if match.group() == "\u200d" and after > "\u2190" and before > "\u2190":
        pictures = ("So", "Sk", "Mn")
        if unicodedata.category(before) in pictures and unicodedata.category(after) in pictures:
            return "\u200d"
    return ""


def _extends(text: str, index: int) -> bool:
    """Whether the character at `index` belongs to the grapheme before it."""
    char, before = text[index], text[index - 1]
    if unicodedata.category(char) in ("Mn", "Mc", "Me") or char in "\u200c\u200d\u0e33\u0eb3":
        return True
    if before == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if "\U0001f1e6" <= char <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff":
        return True
    return "\u1160" <= char <= "\u11ff"  # Hangul vowels and finals that follow a consonant

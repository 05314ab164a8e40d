"""Cleans one text and cuts it into words, in every script we read.

Everything that looks at an item shares one `Prepared`, so that a text is cut only once.
Positions in `text` and `folded` are the same: folding never changes the length. What most texts
do not need (where each word stands) is worked out when it is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate
from typing import Literal, NamedTuple

from classifiers.tags import Text
from classifiers.thai import cut

TITLE_LIMIT = 2_000
SUMMARY_LIMIT = 4_000

# Signs that are not seen: soft hyphens, joiners, marks of direction, choices of a glyph.
_REMOVED = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f]"
)
_BLANKED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff\ufffe\uffff]"
)
_SPACES = re.compile(" {2,}")
_APOSTROPHES = ("\u2019", "\u02bc", "\uff07", "\u2018")
_OTHER_DIGITS = (
    "๐๑๒๓๔๕๖๗๘๙٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९၀၁၂၃၄၅၆၇၈၉០១២៣៤៥៦៧៨៩໐໑໒໓໔໕໖໗໘໙０１２３４５６７８９"
)
# Arabic writes its own comma for thousands and point for decimals; wide signs stand in Japanese.
_OTHER_SIGNS = "٬٫．ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
_HAS_OTHER_DIGITS = re.compile(f"[{_OTHER_DIGITS}{_OTHER_SIGNS}]")
_DIGITS = str.maketrans(
    _OTHER_DIGITS + _OTHER_SIGNS, "0123456789" * 8 + ",..abcdefghijklmnopqrstuvwxyz"
)

# \w leaves out the vowel signs and tone marks that stand inside words of these scripts.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff"
_THAI = "\u0e01-\u0e4e"
_DENSE = "\u0e80-\u0ecd\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
_CJK = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = r"[^\W\d_]"
_RUNS = re.compile(
    rf"[{_THAI}]+|[{_DENSE}]+|[{_CJK}]+"
    r"|\d+(?:[.,:]\d+)*"
    rf"|{_LETTER}+(?:(?:[{_MARKS}]|'(?={_LETTER})){_LETTER}*)*"
)
_ASCII_RUNS = re.compile(r"\d+(?:[.,:]\d+)*|[a-z]+(?:'[a-z]+)*")
_HAS_THAI = re.compile(f"[{_THAI}]")
_KIND_OF = (
    ("thai", re.compile(f"[{_THAI}]")),
    ("dense", re.compile(f"[{_DENSE}]")),
    ("cjk", re.compile(f"[{_CJK}]")),
    ("number", re.compile(r"\d")),
)

Kind = Literal["thai", "dense", "cjk", "number", "word"]


class Word(NamedTuple):
    """A word, number, or (scripts without spaces) run; positions are those of the whole text."""

    start: int
    end: int
    kind: Kind


class Prepared:
    """One item's clean text: title, a line break, summary.

    `folded` is the text in lower case with western digits. `tokens` lists its words, numbers
    and runs in order, Thai ones cut by dictionary; the first `title_tokens` are the title's.
    `edges` are the positions where a Thai word starts or ends.
    """

    __slots__ = (
        "_words", "edges", "feed_kind", "folded", "language", "text", "title_end", "title_tokens",
        "tokens",
    )  # fmt: skip

    def __init__(self, text: str, title_end: int, language: str | None, feed_kind: str | None):
        """Cut `text`, whose first `title_end` characters are the title."""
        folded = fold(text)
        self.text = text
        self.folded = folded
        self.title_end = title_end
        self.language = language
        self.feed_kind = feed_kind
        self.edges: frozenset[int] = frozenset()
        self._words: tuple[Word, ...] | None = None
        runs = _ASCII_RUNS if folded.isascii() else _RUNS
        if runs is _RUNS and _HAS_THAI.search(folded):
            self._cut_thai()
            return
        self.tokens: list[str] = runs.findall(folded, 0, title_end)
        self.title_tokens = len(self.tokens)
        if title_end < len(text):
            self.tokens += runs.findall(folded, title_end)

    def _cut_thai(self) -> None:
        self.tokens = []
        self.title_tokens = 0
        edges: list[int] = []
        for match in _RUNS.finditer(self.folded):
            run, start = match.group(), match.start()
            if "\u0e01" <= run[0] <= "\u0e4e":
                pieces = thai_words(run)
                edges += accumulate(map(len, pieces), initial=start)
                self.tokens += pieces
            else:
                self.tokens.append(run)
            if start < self.title_end:
                self.title_tokens = len(self.tokens)
        self.edges = frozenset(edges)

    @property
    def words(self) -> tuple[Word, ...]:
        """The tokens with their places and kinds."""
        if self._words is None:
            self._words = tuple(self._placed())
        return self._words

    def _placed(self) -> list[Word]:
        words: list[Word] = []
        at = 0
        for token in self.tokens:
            start = self.folded.index(token, at)
            at = start + len(token)
            words.append(Word(start, at, kind_of(token)))
        return words


def kind_of(token: str) -> Kind:
    """Of what kind a token of a folded text is."""
    first = token[0]
    if first.isascii():
        return "word" if first.isalpha() else "number"
    for kind, pattern in _KIND_OF:
        if pattern.match(first):
            return kind  # type: ignore[return-value]
    return "word"


def clean(raw: str, limit: int) -> str:
    """At most `limit` characters of `raw`: NFC, one line, without control characters."""
    text = raw[: limit * 2]
    if not text.isprintable() or "\ufe0f" in text:
        text = _BLANKED.sub(" ", _REMOVED.sub("", text))
    if not text.isascii():
        for sign in _APOSTROPHES:
            if sign in text:
                text = text.replace(sign, "'")
        # NFKC would split sara am; it is written as two signs by some systems and joined here.
        text = unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33")
    if "  " in text:
        text = _SPACES.sub(" ", text)
    return text.strip()[:limit]


def fold(text: str) -> str:
    """`text` in lower case and with western digits, every character at its old position."""
    lower = text.lower()
    if lower.isascii():
        return lower
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.translate(_DIGITS) if _HAS_OTHER_DIGITS.search(lower) else lower


def prepare(item: Text) -> Prepared:
    """Clean and cut one item. Never raises; a summary that repeats the title is dropped."""
    title = clean(item.title, TITLE_LIMIT)
    summary = clean(item.summary, SUMMARY_LIMIT) if item.summary else ""
    text = f"{title}\n{summary}" if summary and summary != title else title
    return Prepared(text, len(title), item.language, item.feed_kind)


def thai_words(run: str) -> list[str]:
    """Cut one run of Thai letters into words; the pieces joined give the run again."""
    return cut(run)

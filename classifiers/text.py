"""Cleans one text and cuts it into words, in every script we read.

Everything that looks at an item shares one `Prepared`, so that a text is cut only once.
Positions in `text` and `folded` are the same: folding never changes the length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from classifiers.tags import Text

TITLE_LIMIT = 2_000
SUMMARY_LIMIT = 4_000

# newmm may try every cut of a long run without spaces; its safe mode bounds the work.
_SAFE_RUN = 140

_REMOVED = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufe0f]")
_BLANKED = re.compile("[\x00-\x1f\x7f-\x9f\u00a0\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(" {2,}")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\uff07": "'", "\u2018": "'"})
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙٠١٢٣٤٥٦٧٨٩०१२३४५६७८९၀၁၂၃၄၅၆၇၈၉០១២៣៤៥៦៧៨៩", "0123456789" * 5)

# \w leaves out the vowel signs and tone marks that stand inside words of these scripts.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff"
_RUNS = re.compile(
    r"(?P<thai>[\u0e01-\u0e4e]+)"
    r"|(?P<dense>[\u0e80-\u0ecd\u1000-\u103f\u1050-\u109f\u1780-\u17d3]+)"
    r"|(?P<cjk>[\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)"
    r"|(?P<number>\d+(?:[.,:]\d+)*)"
    rf"|(?P<word>[^\W\d_](?:[^\W\d_]|[{_MARKS}]|'(?=[^\W\d_]))*)"
)

Kind = Literal["thai", "dense", "cjk", "number", "word"]


class Word(NamedTuple):
    """A word, number, or (scripts without spaces) run; positions are those of the whole text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Prepared:
    """One item's clean text: title, a line break, summary.

    `folded` is the text in lower case with western digits; `words` lists its words in order,
    Thai ones cut by dictionary. `edges` are the positions where a Thai word starts or ends.
    """

    text: str
    folded: str
    title_end: int
    words: tuple[Word, ...]
    edges: frozenset[int]
    language: str | None
    feed_kind: str | None


def clean(raw: str, limit: int) -> str:
    """At most `limit` characters of `raw`: NFC, one line, without control characters."""
    text = _REMOVED.sub("", raw[: limit * 2])
    text = _BLANKED.sub(" ", text).translate(_APOSTROPHES)
    # NFKC would split sara am; it is written as two signs by some systems and joined here.
    text = unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33")
    return _SPACES.sub(" ", text).strip()[:limit]


def fold(text: str) -> str:
    """`text` in lower case and with western digits, every character at its old position."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.translate(_DIGITS)


def prepare(item: Text) -> Prepared:
    """Clean and cut one item. Never raises; a summary that repeats the title is dropped."""
    title = clean(item.title, TITLE_LIMIT)
    summary = clean(item.summary, SUMMARY_LIMIT)
    if summary == title:
        summary = ""
    text = f"{title}\n{summary}" if summary else title
    folded = fold(text)
    words = tuple(_cut(folded))
    edges = frozenset(
        edge for word in words if word.kind == "thai" for edge in (word.start, word.end)
    )
    return Prepared(text, folded, len(title), words, edges, item.language, item.feed_kind)


def _cut(folded: str) -> Iterator[Word]:
    for match in _RUNS.finditer(folded):
        kind = match.lastgroup
        start = match.start()
        if kind == "thai":
            for piece in thai_words(match.group()):
                yield Word(start, start + len(piece), "thai")
                start += len(piece)
        elif kind is not None:
            yield Word(start, match.end(), _KINDS[kind])


_KINDS: dict[str, Kind] = {"dense": "dense", "cjk": "cjk", "number": "number", "word": "word"}


def thai_words(run: str) -> list[str]:
    """Cut one run of Thai letters into words; the pieces joined give the run again."""
    pieces = _segmenter()(run, len(run) > _SAFE_RUN)
    return pieces if "".join(pieces) == run else [run]


@cache
def _segmenter() -> Callable[[str, bool], list[str]]:
    from pythainlp.corpus import thai_words as dictionary
    from pythainlp.tokenize.newmm import segment
    from pythainlp.util import Trie

    from classifiers.gazetteer import thai_names
    from classifiers.lexicon import thai_terms

    # Our own terms and place names are long enough not to break up ordinary words.
    trie = Trie(set(dictionary()) | thai_terms() | thai_names())

    def cut(run: str, safe: bool) -> list[str]:
        return list(segment(run, custom_dict=trie, safe_mode=safe))

    return cut

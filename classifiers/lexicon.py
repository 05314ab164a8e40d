"""Finds the lexicon's words in a text, by whole words, in any of our scripts.

The format of the files is told in `lexicon/README.md`. All words of all languages are looked
for at once (`terms.py`); a hit counts when it stands at word boundaries of its script and no
longer hit covers it, so that a `-` phrase hides the hazard word inside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from classifiers.errors import CorpusError
from classifiers.language import LANGUAGES
from classifiers.tags import CATEGORIES
from classifiers.terms import Span, is_letter
from classifiers.text import Prepared, fold

FOLDER = Path(__file__).parent / "lexicon"

NATURAL = frozenset(
    [
        "EQ",
        "TS",
        "VO",
        "FL",
        "FF",
        "TC",
        "EC",
        "ST",
        "VW",
        "TO",
        "SS",
        "LS",
        "MS",
        "AV",
        "DR",
        "HT",
        "CW",
        "WF",
        "IN",
    ]
)
HEALTH = frozenset(["EP", "cluster", "pandemic", "pheic", "animal_disease", "mass_poisoning"])
HUMAN_MADE = frozenset(
    [
        "FR",
        "AC",
        "CE",
        "transport_accident",
        "industrial_accident",
        "explosion",
        "chemical",
        "radiological",
        "oil_spill",
        "building_collapse",
        "dam_failure",
        "infrastructure_failure",
        "crowd_crush",
        "haze",
        "cyber",
        "armed_conflict",
        "border_clash",
        "strike",
        "attack",
        "shooting",
        "bombing",
        "unrest",
        "coup",
        "emergency_rule",
        "detention",
        "arrest",
        "kidnapping",
        "hostage",
        "trafficking",
        "vessel_seized",
        "airspace_closed",
        "airport_closed",
        "border_closed",
        "mission_closed",
    ]
)
HAZARDS = NATURAL | HEALTH | HUMAN_MADE | {"OT"}

COMMUNICATIONS = (
    "travel_advice",
    "consular",
    "condolence",
    "aid_offer",
    "entry_health",
    "departure",
    "nationals_status",
    "clarification",
    "statement",
)
FLAGS = ("exercise", "all_clear", "retrospective")
COLOURS = ("green", "yellow", "orange", "red")  # of alerts, by rank
SETTINGS = ("sport", "culture", "court", "policy", "business", "science", "insurance")

_KEYS = (
    HAZARDS
    | {f"{hazard}?" for hazard in HAZARDS}
    | {f"+{name}" for name in (*CATEGORIES, "crisis")}
    | {f"~{name}" for name in SETTINGS}
    | {f"flag:{name}" for name in FLAGS}
    | {f"comm:{name}" for name in COMMUNICATIONS}
    | {f"alert:{name}" for name in COLOURS}
    | {"-"}
)

# A Thai term this long does not turn up inside other words by chance.
_THAI_SURE_LENGTH = 6
_FEW_WORDS = 5
_KIN = {"ms": "id"}
# Filipino headlines take English words as they are.
_ALSO = {"fil": "en"}
# Arabic writes "and", "the", "in" … onto the word.
_ARABIC_PREFIXES = ("ال", "و", "ب", "ل", "ف", "ك", "وال", "بال", "لل", "فال")
# English borrowings stand in headlines of nearly every language written in Latin letters.
_LATIN = frozenset(["en", "id", "vi", "fil", "fr", "es", "de", "pt"])


class Term(NamedTuple):
    """One word of the lexicon under one key."""

    key: str
    language: str
    prefix: bool


class Hit(NamedTuple):
    """A lexicon word found in a text: its key, place, and the words as they stand there."""

    key: str
    start: int
    end: int
    words: str
    term: str

    @property
    def weak(self) -> bool:
        """Whether the word only hints at its hazard."""
        return self.key.endswith("?")

    @property
    def hazard(self) -> str | None:
        """The hazard it names or hints at, None for a cue, flag or setting."""
        name = self.key.removesuffix("?")
        return name if name in HAZARDS else None


def category_of(hazard: str) -> str | None:
    """The category a hazard belongs to; None for OT, which may stand in any."""
    if hazard in NATURAL:
        return "natural"
    if hazard in HEALTH:
        return "health"
    return "human_made" if hazard in HUMAN_MADE else None


def scan(prepared: Prepared, language: str, spotted: Sequence[Span]) -> list[Hit]:
    """The lexicon's words in the text, in order, none covering another.

    `spotted` is what `terms.spot` found. One stretch of text gives several hits when its word
    stands under several keys.
    """
    if not spotted:
        return []
    entries = _numbered()
    found: list[tuple[int, int, _Entry]] = []
    for number, start, end in spotted:
        entry = entries[number]
        if is_bounded(prepared, start, end, entry.prefix):
            found.append((start, end, entry))
    hits = _pick(prepared, found, _KIN.get(language, language))
    # Of very short texts and of languages without a lexicon any word may be meant.
    if not hits and (language not in LANGUAGES or len(prepared.tokens) <= _FEW_WORDS):
        hits = _pick(prepared, found, None)
    return hits


def _pick(
    prepared: Prepared, found: Iterable[tuple[int, int, _Entry]], kin: str | None
) -> list[Hit]:
    hits: list[Hit] = []
    covered = 0
    for start, end, entry in found:
        if start < covered:
            continue
        keys = _keys(entry, kin)
        if not keys:
            continue
        covered = end
        shown_end = _whole(prepared, end)
        words = prepared.text[start:shown_end]
        hits.extend(Hit(key, start, shown_end, words, entry.word) for key in keys)
    return hits


@lru_cache(maxsize=2**15)
def _keys(entry: _Entry, kin: str | None) -> tuple[str, ...]:
    return tuple(sorted({term.key for term in entry.terms if _speaks(term, kin)}))


def _speaks(term: Term, kin: str | None) -> bool:
    own = (kin, _ALSO.get(kin or ""))
    return kin is None or term.language not in _LATIN or term.language in own


def _whole(prepared: Prepared, end: int) -> int:
    """The end of the word that a prefix hit starts."""
    text = prepared.folded
    if text[end - 1] >= "\u0e00" and not "\u1e00" <= text[end - 1] <= "\u1fff":
        return end
    while end < len(text) and is_letter(text[end]):
        end += 1
    return end


def is_bounded(prepared: Prepared, start: int, end: int, prefix: bool) -> bool:
    """Whether a stretch of the folded text stands at word boundaries, as its script has them."""
    text = prepared.folded
    first, last = text[start], text[end - 1]
    if first.isascii() and start and first.isalnum() and text[start - 1].isalnum():
        return False  # the commonest case by far
    if "\u0e01" <= first <= "\u0e4e" or "\u0e01" <= last <= "\u0e4e":
        if start in prepared.edges and end in prepared.edges:
            return True
        return end - start >= _THAI_SURE_LENGTH
    if first >= "\u0e80" and not "\u1e00" <= first <= "\u1fff" and first < "\uac00":
        return True  # Lao, Burmese, Khmer, kana, Han: no spaces between words
    if "\uac00" <= first <= "\ud7a3":
        return start == 0 or not "\uac00" <= text[start - 1] <= "\ud7a3" or end - start >= 3
    if start and is_letter(text[start - 1]) and is_letter(first):
        if not "\u0600" <= first <= "\u06ff":
            return False
        word_start = start
        while word_start and is_letter(text[word_start - 1]):
            word_start -= 1
        if text[word_start:start] not in _ARABIC_PREFIXES:
            return False
    return prefix or end == len(text) or not (is_letter(text[end]) and is_letter(last))


class _Entry(NamedTuple):
    """A word with all that it stands under; `prefix` when one of these lets the word go on."""

    word: str
    terms: tuple[Term, ...]
    prefix: bool


@cache
def _numbered() -> tuple[_Entry, ...]:
    return tuple(
        _Entry(word, terms, any(term.prefix for term in terms)) for word, terms in entries().items()
    )


@cache
def entries() -> dict[str, tuple[Term, ...]]:
    """The lexicon of this program; `terms.spot` numbers its words in this order."""
    return read(FOLDER)


def read(folder: Path) -> dict[str, tuple[Term, ...]]:
    """Every word of the lexicon (folded) with its keys and languages.

    Raises CorpusError, naming file and line, for an unknown key or an empty word.
    """
    found: dict[str, list[Term]] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            key, tab, words = line.partition("\t")
            if not tab or key not in _KEYS:
                raise CorpusError(f"{path.name}:{number}: {key!r} is no key of the lexicon")
            for raw in words.split("|"):
                word = fold(unicodedata.normalize("NFC", raw.strip()))
                prefix = word.endswith("*")
                word = word.rstrip("*").rstrip()
                if not word or "*" in word:
                    raise CorpusError(f"{path.name}:{number}: an empty or broken word")
                term = Term(key, path.stem, prefix)
                if term not in found.setdefault(word, []):
                    found[word].append(term)
    return {word: tuple(terms) for word, terms in found.items()}


def thai_terms() -> frozenset[str]:
    """The lexicon's Thai words without spaces, for the word cutter's dictionary."""
    return frozenset(
        word
        for word in entries()
        if len(word) > 3 and all("\u0e01" <= char <= "\u0e4e" for char in word)
    )

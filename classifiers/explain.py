"""Gives the words of a text that speak for a category: whole words, as they stand there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers.features import PIECE_WEIGHT, columns, words_and_pieces
from classifiers.keywords import Looked, category_words
from classifiers.text import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 5
# A word counts as a reason when it carries at least this share of what the best word carries.
_SHARE = 0.4
# And this weight of its own: pieces alone also lift words that the corpus never had.
_OWN_WEIGHT = 0.25
# Addresses and their parts, and what pages say around a text, are no reasons.
_ADDRESS = re.compile(
    r"\S*(?:://|www\.|@)\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}\b(?:/\S*)?|<[^<>]*>"
)
_MOST_BESIDE_LEXICON = 2
_SCRIPT_RUN = 8  # a run of a script without spaces is shown whole up to this length
_PHRASE = 30
_VICTIMS = frozenset({"dead", "injured", "missing", "displaced", "affected", "cases", "magnitude"})
_FILE = Path(__file__).parent / "function_words.txt"


def evidence_words(
    looked: Looked, category: str, coefficients: NDArray[np.float32]
) -> tuple[str, ...]:
    """Up to five words or short phrases that speak for `category`, strongest first.

    `coefficients` has shape (SIZE,): the weights of that category's model. Words that the
    lexicon knows come first, then figures ("12 dead"), then the words that count most in the
    model; place names, addresses and function words are no reasons.
    """
    known = list(category_words(looked.hits, category))
    figures = [figure.words for figure in looked.figures if figure.kind in _VICTIMS][:2]
    if known:
        known = [word for word in known if not any(word in figure for figure in figures)]
        known += figures
    learnt = _learnt(looked, coefficients, known)
    known += learnt[: _MOST_BESIDE_LEXICON if known else MOST]
    return tuple(dict.fromkeys(known))[:MOST]


def _learnt(looked: Looked, coefficients: NDArray[np.float32], known: list[str]) -> list[str]:
    prepared = looked.prepared
    skipped = [(hit.start, hit.end) for hit in looked.found]
    skipped += [(hit.start, hit.end) for hit in looked.hits if hit.words in known]
    skipped += [match.span() for match in _ADDRESS.finditer(prepared.folded)]
    points: dict[Word, float] = {}
    for word, names, pieces, share in words_and_pieces(looked):
        folded = prepared.folded[word.start : word.end]
        if word.kind == "number" or folded in _function_words():
            continue
        own = float(coefficients[list(columns(names))].sum())
        if word.kind in ("word", "thai") and coefficients[columns(names[:1])[0]] < _OWN_WEIGHT:
            continue
        parts = float(coefficients[list(columns(pieces))].sum())
        points[word] = share * (own + PIECE_WEIGHT * parts)
    best = max(points.values(), default=0.0)
    strong = [word for word in points if best > 0 and points[word] >= best * _SHARE]
    shown: list[str] = []
    for phrase in sorted(_phrases(strong, prepared.folded), key=lambda w: -points.get(w, 0.0)):
        if any(start < phrase.end and phrase.start < end for start, end in skipped):
            continue
        words = prepared.text[phrase.start : phrase.end]
        if any(words in other for other in known):
            continue
        spaced = phrase.kind in ("word", "thai")
        if (spaced and len(words) > 1) or (not spaced and len(words) <= _SCRIPT_RUN):
            shown.append(words)
    return shown


def _phrases(words: list[Word], text: str) -> list[Word]:
    """Neighbouring words joined into phrases: Thai words that touch, others a space apart."""
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        gap = text[last.end : word.start] if last else None
        near = gap == "" if word.kind == "thai" else gap == " "
        if last and near and last.kind == word.kind and word.end - last.start <= _PHRASE:
            joined[-1] = Word(last.start, word.end, word.kind)
        else:
            joined.append(word)
    return joined


@cache
def _function_words() -> frozenset[str]:
    return frozenset(_FILE.read_text(encoding="utf-8").split())

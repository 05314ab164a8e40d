"""Gives the words of a text that speak for a category: whole words, as they stand there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Standing, seconds
from classifiers.keywords import Looked, category_words
from classifiers.text import Word
from classifiers.vocabulary import PIECE_WEIGHT, is_number, is_word, pair_columns

MOST = 5
# A word counts as a reason when it carries at least this share of what the best word carries.
_SHARE = 0.4
# And this weight of its own: pieces alone also lift words that the corpus never had.
_OWN_WEIGHT = 0.25
# Addresses and their parts, and what pages say around a text, are no reasons.
_ADDRESS = re.compile(
    r"\S*(?:://|www\.|@)\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}\b(?:/\S*)?|<[^<>]*>"
)
_ADDRESS_SIGN = re.compile(r"://|www\.|@|\.[a-z]{2}|<")  # none without one of these
_MOST_BESIDE_LEXICON = 2
_SCRIPT_RUN = 8  # a run of a script without spaces is shown whole up to this length
_PHRASE = 30
_VICTIMS = frozenset({"dead", "injured", "missing", "displaced", "affected", "cases", "magnitude"})
_FILE = Path(__file__).parent / "function_words.txt"


def contributions(stand: Standing, coefficients: NDArray[np.float32]) -> NDArray[np.float64]:
    """What each token of some texts counts for each category, shape (tokens, categories).

    `coefficients` has shape (SIZE, categories). Numbers, and words that the model does not know
    well enough to speak for themselves, count nothing.
    """
    tokens = stand.tokens
    if not len(tokens.at):
        return np.zeros((0, coefficients.shape[1]))
    none = np.zeros((1, coefficients.shape[1]), dtype=np.float32)
    entries = np.concatenate([coefficients[tokens.columns], none]).astype(np.float64)
    sums = np.add.reduceat(entries, tokens.starts[:-1], axis=0)
    sums[np.diff(tokens.starts) == 0] = 0.0
    words = is_word(tokens)[:, None]
    own = np.where(words, entries[tokens.starts[tokens.at]], 0.0)
    points = own + PIECE_WEIGHT * (sums[tokens.at] - own)
    text = np.repeat(np.arange(len(stand.bounds) - 1), np.diff(stand.bounds))
    second = seconds(tokens, text)
    hashes = tokens.hashes[tokens.at]
    points[second] += coefficients[pair_columns(hashes[second - 1], hashes[second])]
    points *= stand.shares[:, None]
    points[words & (own < _OWN_WEIGHT)] = 0.0
    points[is_number(tokens)] = 0.0
    return points


def evidence_words(looked: Looked, category: str, points: NDArray[np.float64]) -> tuple[str, ...]:
    """Up to five words or short phrases that speak for `category`, strongest first.

    `points` (tokens of the text,) is what `contributions` gave for that category. Words that
    the lexicon knows come first, then figures ("12 dead"), then the words that count most in
    the model; place names, addresses and function words are no reasons.
    """
    known = list(category_words(looked.hits, category))
    figures = [figure.words for figure in looked.figures if figure.kind in _VICTIMS][:2]
    if known:
        known = [word for word in known if not any(word in figure for figure in figures)]
        known += figures
    if len(dict.fromkeys(known)) < MOST:
        learnt = _learnt(looked, points, known)
        known += learnt[: _MOST_BESIDE_LEXICON if known else MOST]
    if not known and category == "natural":  # a bulletin may give a magnitude and no word
        known = [figure.words for figure in looked.figures if figure.kind == "magnitude"][:1]
    return tuple(dict.fromkeys(known))[:MOST]


def _learnt(looked: Looked, points: NDArray[np.float64], known: list[str]) -> list[str]:
    prepared = looked.prepared
    strong = _strong(prepared.tokens, points)
    if not strong:
        return []
    skipped = [(hit.start, hit.end) for hit in looked.found]
    skipped += [(hit.start, hit.end) for hit in looked.hits if hit.words in known]
    skipped += addresses(prepared.folded)
    value = {prepared.words[index]: float(points[index]) for index in strong}
    shown: list[str] = []
    phrases = _phrases(list(value), prepared.folded)
    for phrase in sorted(phrases, key=lambda w: -value.get(w, 0.0)):
        if any(start < phrase.end and phrase.start < end for start, end in skipped):
            continue
        words = prepared.text[phrase.start : phrase.end]
        if any(words in other for other in known):
            continue
        spaced = phrase.kind in ("word", "thai")
        if (spaced and len(words) > 1) or (not spaced and len(words) <= _SCRIPT_RUN):
            shown.append(words)
    return shown


def _strong(tokens: list[str], points: NDArray[np.float64]) -> list[int]:
    """Where the tokens stand that count most, in order, function words left out."""
    functions = function_words()
    likely = [i for i in np.flatnonzero(points > 0).tolist() if tokens[i] not in functions]
    best = max((float(points[index]) for index in likely), default=0.0)
    return [index for index in likely if points[index] >= best * _SHARE]


def addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses and markup stand in a folded text, starts and ends."""
    if not _ADDRESS_SIGN.search(text):
        return []
    return [match.span() for match in _ADDRESS.finditer(text)]


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
def function_words() -> frozenset[str]:
    """Words of all languages that carry no meaning of their own, in lower case."""
    return frozenset(_FILE.read_text(encoding="utf-8").split())

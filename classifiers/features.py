"""Turns a text that was looked at into hashed features for the linear models.

Two blocks stand side by side: the text's own words, word pairs and pieces of words, scaled to
length 1; and the signs (lexicon keys, pairs of them, figures, places), which have a fixed size so
that a long summary does not drown them. Signs carry what is learnt in one language into the others.
The weights were chosen by cross-validation on the corpus (`tools/cross_validate.py`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from classifiers.keywords import Looked
from classifiers.lexicon import category_of
from classifiers.tags import CATEGORIES
from classifiers.text import Word

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SIZE = 2**18
_PIECES = {"word": (3, 5), "thai": (3, 4), "dense": (2, 5), "cjk": (1, 3)}
_SUMMARY_WEIGHT = 0.3
PIECE_WEIGHT = 0.25
_NUMBER_WEIGHT = 0.5
_SIGN_WEIGHT = 0.4
_SIGN_IN_SUMMARY = 0.5
_PAIR_SHARE = 0.7
_PLACE_SHARE = 0.6
_LONGEST_WORD = 30
_VICTIMS = frozenset({"dead", "injured", "missing"})
_DEATH = frozenset(
    [
        "dead",
        "deaths",
        "death toll",
        "died",
        "dies",
        "fatal",
        "fatalities",
        "toll",
        "victims",
        "เสียชีวิต",
        "ผู้เสียชีวิต",
        "ตาย",
        "ดับ",
        "ศพ",
        "ยอดดับ",
        "สังเวย",
        "คร่าชีวิต",
        "tewas",
        "meninggal",
        "maut",
        "死亡",
        "muertos",
        "morts",
        "mortos",
    ]
)
_LONGEST_RUN = 200


class WordFeatures(NamedTuple):
    """What one word of a text gives: itself, the pair with the word before, its pieces.

    `share` is what the word counts (less in the summary); a piece counts `PIECE_WEIGHT` of it.
    """

    word: Word
    names: tuple[str, ...]
    pieces: tuple[str, ...]
    share: float


def words_and_pieces(looked: Looked) -> Iterator[WordFeatures]:
    """The features of each word of one text, in order.

    Words for the dead, and numbers of victims with what they count, are left out: any event
    has them, and how often they stand in the corpus by category would speak louder than the
    event. They count as signs.
    """
    prepared = looked.prepared
    text = prepared.folded
    previous = ""
    victims = _victims(looked)
    for word in prepared.words:
        if any(start <= word.start and word.end <= end for start, end in victims):
            previous = ""
            continue
        piece = text[word.start : word.end]
        share = 1.0 if word.start < prepared.title_end else _SUMMARY_WEIGHT
        if word.kind == "number":
            shape = f"w:#{min(len(piece), 6)}"
            yield WordFeatures(word, (shape,), (), share * _NUMBER_WEIGHT)
            previous = "#"
        elif word.kind in ("word", "thai"):
            own = f"w:{piece}"
            names = (own, f"w:{previous}_{piece}") if previous else (own,)
            yield WordFeatures(word, names, _pieces(piece[:_LONGEST_WORD], word.kind), share)
            previous = piece
        else:
            yield WordFeatures(word, (), _pieces(piece[:_LONGEST_RUN], word.kind), share)
            previous = ""


def _victims(looked: Looked) -> list[tuple[int, int]]:
    spans = [(hit.start, hit.end) for hit in looked.hits if hit.term in _DEATH]
    for figure in looked.figures:
        start = looked.prepared.text.find(figure.words)
        if figure.kind in _VICTIMS and start >= 0:
            spans.append((start, start + len(figure.words)))
    return spans


@lru_cache(maxsize=2**16)  # headlines share most of their words
def _pieces(piece: str, kind: str) -> tuple[str, ...]:
    padded = f" {piece} " if kind in ("word", "thai") else piece
    low, high = _PIECES[kind]
    return tuple(
        f"c:{padded[at : at + size]}"
        for size in range(low, high + 1)
        for at in range(len(padded) - size + 1)
    )


def signs(looked: Looked) -> dict[str, float]:
    """What the lexicon, the figures and the places say, each sign once, weights 0..1."""
    title_end = looked.prepared.title_end
    found: dict[str, float] = {}
    for hit in looked.hits:
        share = 1.0 if hit.start < title_end else _SIGN_IN_SUMMARY
        for name in (hit.key, _general(hit.key)):
            if name:
                found[f"l:{name}"] = max(found.get(f"l:{name}", 0.0), share)
    groups = [f"l:{name}{mark}" for name in CATEGORIES for mark in ("", "?")]
    groups = [name for name in groups if name in found]
    settings = [name for name in found if name.startswith(_SETTINGS)]
    for group in groups:
        for setting in settings:
            found[f"{group}&{setting}"] = _PAIR_SHARE * min(found[group], found[setting])
        for other in groups:
            if other > group:
                found[f"{group}&{other}"] = _PAIR_SHARE
    if not groups:
        found["l:nothing"] = 1.0
    for figure in looked.figures:
        found[f"f:{figure.kind}"] = 1.0
    found["p:place" if looked.found else "p:nowhere"] = _PLACE_SHARE
    if any(hit.place.lat is not None for hit in looked.found):
        found["p:located"] = _PLACE_SHARE
    return found


_SETTINGS = ("l:~", "l:flag", "l:+", "l:comm", "l:-", "l:setting")


def _general(key: str) -> str | None:
    category = category_of(key.removesuffix("?"))
    if category:
        return f"{category}{'?' if key.endswith('?') else ''}"
    return "setting" if key.startswith("~") else None


def weigh(looked: Looked) -> dict[str, float]:
    """Feature weights of one text: damped words scaled to length 1 (Euclid), then the signs."""
    sums: defaultdict[str, float] = defaultdict(float)
    for _, names, pieces, share in words_and_pieces(looked):
        for name in names:
            sums[name] += share
        share *= PIECE_WEIGHT
        for name in pieces:
            sums[name] += share
    damped = {name: math.log1p(total) for name, total in sums.items()}
    length = math.sqrt(sum(value * value for value in damped.values())) or 1.0
    weighed = {name: value / length for name, value in damped.items()}
    weighed.update((name, value * _SIGN_WEIGHT) for name, value in signs(looked).items())
    return weighed


def matrix(texts: Iterable[dict[str, float]]) -> csr_matrix:
    """Hashed feature matrix, shape (n, SIZE), one row per text."""
    from sklearn.feature_extraction import FeatureHasher

    hasher = FeatureHasher(n_features=SIZE, input_type="dict", alternate_sign=False)
    return hasher.transform(texts)


@lru_cache(maxsize=2**16)
def columns(names: tuple[str, ...]) -> tuple[int, ...]:
    """The column that each feature name hashes to, as `matrix` does it."""
    from sklearn.utils import murmurhash3_32

    # FeatureHasher takes the absolute value of the same hash; the two agree (there is a test).
    return tuple(abs(int(murmurhash3_32(name.encode(), seed=0))) % SIZE for name in names)

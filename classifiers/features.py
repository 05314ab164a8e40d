"""Turns texts that were looked at into hashed features for the linear models.

Two blocks stand side by side: the text's own words, word pairs and pieces of words, scaled to
length 1; and the signs (lexicon keys, pairs of them, figures, places), which have a fixed size so
that a long summary does not drown them. Signs carry what is learnt in one language into the others.
The weights were chosen by cross-validation on the corpus (`tools/cross_validate.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.keywords import Looked
from classifiers.lexicon import category_of
from classifiers.tags import CATEGORIES
from classifiers.vocabulary import (
    NOTHING,
    SIZE,
    Tokens,
    Vocabulary,
    makes_pair,
    pair_columns,
    sign_column,
)

SUMMARY_WEIGHT = 0.3
_SIGN_WEIGHT = 0.4
_SIGN_IN_SUMMARY = 0.5
_PAIR_SHARE = 0.7
_PLACE_SHARE = 0.6
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


def counted(looked: Looked) -> list[str]:
    """The tokens of one text, `NOTHING` for those that count for no category.

    Words for the dead, and numbers of victims with what they count, are left out: any event
    has them, and how often they stand in the corpus by category would speak louder than the
    event. They count as signs.
    """
    prepared = looked.prepared
    victims = _victims(looked)
    if not victims:
        return prepared.tokens
    return [
        NOTHING if any(start <= word.start and word.end <= end for start, end in victims) else token
        for token, word in zip(prepared.tokens, prepared.words, strict=True)
    ]


def _victims(looked: Looked) -> list[tuple[int, int]]:
    spans = [(hit.start, hit.end) for hit in looked.hits if hit.term in _DEATH]
    for figure in looked.figures:
        if figure.kind in _VICTIMS:
            start = looked.prepared.text.find(figure.words)
            if start >= 0:
                spans.append((start, start + len(figure.words)))
    return spans


@dataclass(frozen=True, slots=True)
class Standing:
    """The tokens of some texts; those of text i are `bounds[i]` to `bounds[i + 1]`.

    `shares` (tokens,) is what each counts: less in the summary.
    """

    tokens: Tokens
    bounds: NDArray[np.int64]
    shares: NDArray[np.float32]


def standing(looked: Sequence[Looked], vocabulary: Vocabulary) -> Standing:
    """Look up the tokens of some texts."""
    lists = [counted(one) for one in looked]
    lengths = np.array([len(each) for each in lists], dtype=np.int64)
    in_titles = np.array([one.prepared.title_tokens for one in looked], dtype=np.int64)
    shares = np.repeat(
        np.tile(np.array([1.0, SUMMARY_WEIGHT], dtype=np.float32), len(lists)),
        np.stack([in_titles, lengths - in_titles], axis=1).ravel(),
    )
    tokens = vocabulary.look_up(list(chain.from_iterable(lists)))
    return Standing(tokens, np.concatenate([[0], np.cumsum(lengths)]), shares)


class Features:
    """The features of some texts: word block and sign block, each of shape (texts, SIZE).

    `standing` tells where the texts' tokens stand.
    """

    def __init__(self, looked: Sequence[Looked], vocabulary: Vocabulary) -> None:
        from scipy.sparse import csr_matrix

        stand = standing(looked, vocabulary)
        self.standing = stand
        tokens, count = stand.tokens, len(looked)
        rows = len(tokens.kinds)
        shares = csr_matrix((stand.shares, tokens.at, stand.bounds), shape=(count, rows))
        entries = csr_matrix((tokens.weights, tokens.columns, tokens.starts), shape=(rows, SIZE))
        self._words = shares @ entries
        self._pairs = _pair_block(stand)
        squares = np.zeros(count, dtype=np.float64)
        for block in (self._words, self._pairs):
            np.log1p(block.data, out=block.data)
            row = np.repeat(np.arange(count), np.diff(block.indptr))
            squares += np.bincount(row, block.data.astype(np.float64) ** 2, minlength=count)
        self._scale = 1 / np.sqrt(np.where(squares > 0, squares, 1.0))
        self._signs = _sign_block(looked)

    def scores(self, coefficients: NDArray[np.float32]) -> NDArray[np.float64]:
        """The product with `coefficients`, shape (SIZE, n): shape (texts, n)."""
        words = np.asarray(self._words @ coefficients + self._pairs @ coefficients, np.float64)
        return np.asarray(words * self._scale[:, None] + self._signs @ coefficients)

    def matrix(self) -> Any:
        """Both blocks as one sparse matrix of shape (texts, SIZE)."""
        from scipy.sparse import diags

        return (diags(self._scale) @ (self._words + self._pairs) + self._signs).tocsr()


def _pair_block(stand: Standing) -> Any:
    from scipy.sparse import csr_matrix

    tokens, count = stand.tokens, len(stand.bounds) - 1
    text = np.repeat(np.arange(count), np.diff(stand.bounds))
    second = seconds(tokens, text)
    hashes = tokens.hashes[tokens.at]
    columns = pair_columns(hashes[second - 1], hashes[second])
    bounds = np.searchsorted(text[second], np.arange(count + 1))
    block = csr_matrix((stand.shares[second], columns, bounds), shape=(count, SIZE))
    block.sum_duplicates()
    return block


def seconds(tokens: Tokens, text: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the tokens stand that make a pair with the one before; `text` tells whose each is."""
    second, first = makes_pair(tokens)
    fit = second[1:] & first[:-1] & (text[1:] == text[:-1])
    return np.flatnonzero(fit) + 1


def _sign_block(looked: Sequence[Looked]) -> Any:
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    values: list[float] = []
    bounds = [0]
    for one in looked:
        for name, value in signs(one).items():
            columns.append(_column(name))
            values.append(value * _SIGN_WEIGHT)
        bounds.append(len(columns))
    return csr_matrix((np.array(values, np.float64), columns, bounds), shape=(len(looked), SIZE))


@lru_cache(maxsize=2**12)
def _column(name: str) -> int:
    return sign_column(name)


def signs(looked: Looked) -> dict[str, float]:
    """What the lexicon, the figures and the places say, each sign once, weights 0..1."""
    title_end = looked.prepared.title_end
    found: dict[str, float] = {}
    for hit in looked.hits:
        share = 1.0 if hit.start < title_end else _SIGN_IN_SUMMARY
        for name in (hit.key, _general(hit.key)):
            if name:
                found[f"l:{name}"] = max(found.get(f"l:{name}", 0.0), share)
    groups = [name for name in _GROUPS if name in found]
    settings = [name for name in found if name.startswith(_SETTINGS)] if groups else []
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


_GROUPS = tuple(f"l:{name}{mark}" for name in CATEGORIES for mark in ("", "?"))
_SETTINGS = ("l:~", "l:flag", "l:+", "l:comm", "l:-", "l:setting")


@cache
def _general(key: str) -> str | None:
    category = category_of(key.removesuffix("?"))
    if category:
        return f"{category}{'?' if key.endswith('?') else ''}"
    return "setting" if key.startswith("~") else None

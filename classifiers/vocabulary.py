"""Turns the tokens of texts into columns of the linear models, and remembers those it has seen.

A token gives itself, the pair with the token before it, and its pieces; each is hashed to one of
`SIZE` columns. All hashing is arithmetic on whole arrays, so that a new token costs little and
a known one next to nothing.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.text import kind_of

SIZE = 2**18
PIECE_WEIGHT = 0.25
NOTHING = ""  # stands where a token was left out, so that its neighbours make no pair

# Shortest and longest pieces, in signs, by the number of a kind.
_WORD, _NUMBER, _RUN, _NONE = 0, 1, 2, 3
_KINDS = {"word": _WORD, "thai": _WORD, "number": _NUMBER, "dense": _RUN, "cjk": _RUN}
_PIECES = {"word": (3, 5), "thai": (3, 4), "dense": (2, 5), "cjk": (1, 3), "number": (1, 0)}
_OWN_WEIGHT = np.array([1.0, 0.5, 0.0, 0.0], dtype=np.float32)
_LONGEST_WORD, _LONGEST_RUN = 30, 200

_MOST_TOKENS, _MOST_COLUMNS = 100_000, 2_000_000  # beyond which all is forgotten: some 20 MB

_UINT = NDArray[np.uint64]
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
     0xA0761D6478BD642F], dtype=np.uint64)  # fmt: skip
# What keeps pieces of one size, tokens, pairs and signs apart from the others.
_SALTS = np.arange(1, 9, dtype=np.uint64) * _MULTIPLIERS[3]
_OF_TOKENS, _OF_PAIRS, _OF_SIGNS = _SALTS[5:]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The distinct tokens of some texts and where they stand, one array entry each.

    `at` (tokens,) holds for each token of the texts, one text after the other, the number of
    its row; `kinds`, `hashes` (rows,). `columns` and `weights` are the entries of all rows,
    `starts` (rows + 1,) where each row's begin; a row's first entry is the token itself, the
    others are its pieces (runs of scripts without spaces have pieces only).
    """

    at: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    hashes: _UINT
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]


class Vocabulary:
    """The tokens seen so far with their columns. May be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._number = {NOTHING: 0}
        self._kinds = np.array([_NONE], dtype=np.uint8)
        self._hashes = np.zeros(1, dtype=np.uint64)
        self._ends = np.zeros(1, dtype=np.int64)  # of each token's columns
        self._columns = np.zeros(0, dtype=np.int32)

    def look_up(self, tokens: Sequence[str]) -> Tokens:
        """Rows for the tokens of some texts, in order."""
        with self._lock:
            if len(self._number) > _MOST_TOKENS or self._columns_used > _MOST_COLUMNS:
                self._forget()
            number = self._number
            unseen = [token for token in dict.fromkeys(tokens) if token not in number]
            if unseen:
                self._add(unseen)
            numbers = np.fromiter(map(number.__getitem__, tokens), np.int32, len(tokens))
            return self._rows(numbers)

    @property
    def _columns_used(self) -> int:
        return int(self._ends[len(self._number) - 1])

    def _add(self, unseen: list[str]) -> None:
        first = len(self._number)
        kinds, hashes, counts, columns = _described(unseen)
        used = self._columns_used
        last, end = first + len(unseen), used + len(columns)
        self._kinds = _grown(self._kinds, last)
        self._hashes = _grown(self._hashes, last)
        self._ends = _grown(self._ends, last)
        self._columns = _grown(self._columns, end)
        self._kinds[first:last] = kinds
        self._hashes[first:last] = hashes
        self._ends[first:last] = used + np.cumsum(counts)
        self._columns[used:end] = columns
        self._number.update(zip(unseen, range(first, last), strict=True))

    def _rows(self, numbers: NDArray[np.int32]) -> Tokens:
        row_of = np.zeros(len(self._number), dtype=np.int32)
        row_of[numbers] = 1
        distinct = np.flatnonzero(row_of)
        row_of[distinct] = np.arange(len(distinct), dtype=np.int32)
        begins = np.where(distinct > 0, self._ends[distinct - 1], 0)
        lengths = self._ends[distinct] - begins
        starts = np.concatenate([[0], np.cumsum(lengths)])
        entries = np.repeat(begins - starts[:-1], lengths) + np.arange(starts[-1])
        kinds = self._kinds[distinct]
        weights = np.full(len(entries), PIECE_WEIGHT, dtype=np.float32)
        itself = kinds <= _NUMBER
        weights[starts[:-1][itself]] = _OWN_WEIGHT[kinds[itself]]
        return Tokens(
            row_of[numbers], kinds, self._hashes[distinct], starts, self._columns[entries], weights
        )


def pair_columns(before: _UINT, hashes: _UINT) -> NDArray[np.int32]:
    """The column of each pair of neighbouring tokens, given by their hashes."""
    return _columns(before * _MULTIPLIERS[0] + hashes * _MULTIPLIERS[1], _OF_PAIRS)


def makes_pair(tokens: Tokens) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tokens of the texts may be the second of a pair (words), and which the first."""
    kinds = tokens.kinds[tokens.at]
    return kinds == _WORD, kinds <= _NUMBER


def is_word(tokens: Tokens) -> NDArray[np.bool_]:
    """Which tokens of the texts are words of a script that separates them (or Thai)."""
    return np.asarray(tokens.kinds[tokens.at] == _WORD)


def is_number(tokens: Tokens) -> NDArray[np.bool_]:
    """Which tokens of the texts are numbers, or stand where one was left out."""
    kinds = tokens.kinds[tokens.at]
    return np.asarray((kinds == _NUMBER) | (kinds == _NONE))


def sign_column(name: str) -> int:
    """The column of a sign."""
    named = np.array([_hash(name)], dtype=np.uint64)
    return int(_columns(named, _OF_SIGNS)[0])


def _hash(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return zlib.crc32(data) | len(data) << 32


def _columns(hashes: _UINT, salt: np.uint64) -> NDArray[np.int32]:
    mixed = (hashes ^ salt) * _MULTIPLIERS[2]
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MULTIPLIERS[4]
    mixed ^= mixed >> np.uint64(32)
    return np.asarray(mixed & np.uint64(SIZE - 1), dtype=np.int32)


def _described(
    tokens: list[str],
) -> tuple[NDArray[np.uint8], _UINT, NDArray[np.int64], NDArray[np.int32]]:
    """Kinds, hashes and numbers of columns of new tokens, and all their columns in a row."""
    names = [kind_of(token) for token in tokens]
    kinds = np.array([_KINDS[name] for name in names], dtype=np.uint8)
    # Of a number only its length counts, and before a word only that it is one.
    shown = [
        f"#{min(len(token), 6)}" if name == "number" else token
        for token, name in zip(tokens, names, strict=True)
    ]
    own = _columns(np.array([_hash(text) for text in shown], dtype=np.uint64), _OF_TOKENS)
    hashes = np.array(
        [
            _hash("#" if name == "number" else token)
            for token, name in zip(tokens, names, strict=True)
        ],
        dtype=np.uint64,
    )
    owners, pieces = _pieces(tokens, names)
    itself = np.flatnonzero(kinds <= _NUMBER)
    owners = np.concatenate([itself, owners])
    columns = np.concatenate([own[itself], pieces])
    order = np.argsort(owners, kind="stable")
    return kinds, hashes, np.bincount(owners, minlength=len(tokens)), columns[order]


def _pieces(tokens: list[str], names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The columns of all pieces of the tokens, each with the index of its token."""
    texts = [
        "" if name == "number" else token[:_LONGEST_RUN] if name in ("dense", "cjk")
        else f" {token[:_LONGEST_WORD]} "
        for token, name in zip(tokens, names, strict=True)
    ]  # fmt: skip
    lengths = np.array([len(text) for text in texts])
    shortest, longest = np.array([_PIECES[name] for name in names]).T
    signs = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = signs.astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(codes))
    owners, columns = [], []
    sums = np.zeros(len(codes), dtype=np.uint64)
    for size in range(1, len(_MULTIPLIERS) + 1):
        count = max(0, len(codes) - size + 1)
        sums = sums[:count] + codes[size - 1 :] * _MULTIPLIERS[size - 1]
        of = owner[:count]
        chosen = (left[:count] >= size) & (shortest[of] <= size) & (size <= longest[of])
        owners.append(of[chosen])
        columns.append(_columns(sums[chosen], _SALTS[size - 1]))
    return np.concatenate(owners), np.concatenate(columns)


def _grown(values: NDArray[Any], size: int) -> NDArray[Any]:
    if size <= len(values):
        return values
    grown = np.zeros(max(size, 2 * len(values)), dtype=values.dtype)
    grown[: len(values)] = values
    return grown

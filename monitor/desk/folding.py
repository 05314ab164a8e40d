"""A long list of a page: what must be seen stands open, the rest is one click away and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Found = TypeVar("Found")
Row = TypeVar("Row")
MOST = 60  # lines of one list on a page, while nobody asks for the whole
EVERYTHING = 5_000


@dataclass(frozen=True, slots=True)
class Fold(Generic[Row]):
    """`open` is seen at once, `folded` behind one click; `left` lines are on the whole page only.

    `total` counts the lines of the list, each once.
    """

    open: tuple[Row, ...]
    folded: tuple[Row, ...]
    left: int
    total: int


def rest_folded(
    found: Sequence[Found], word: Callable[[Found], Row], *, seen: int, most: int
) -> Fold[Row]:
    """The first `seen` open and what follows folded, at most `most` altogether."""
    rows = [word(each) for each in found[:most]]
    return Fold(tuple(rows[:seen]), tuple(rows[seen:]), len(found) - len(rows), len(found))


def all_folded(
    found: Sequence[Found],
    grave: Sequence[Found],
    word: Callable[[Found], Row],
    *,
    seen: int,
    most: int,
) -> Fold[Row]:
    """The first `seen` of the `grave` ones open, and all in their order folded.

    Where everything is open already nothing is folded.
    """
    first = tuple(word(each) for each in grave[:seen])
    if len(first) == len(found):
        return Fold(first, (), 0, len(found))
    rows = tuple(word(each) for each in found[:most])
    return Fold(first, rows, len(found) - len(rows), len(found))

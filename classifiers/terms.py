"""Finds the words of the lexicon and the names of places in a text, all in one pass."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

Span = tuple[int, int, int]  # number of the word, start, end


class Spotted(NamedTuple):
    """What stands in a folded text, wherever it stands: not yet checked for word boundaries.

    `words` numbers the lexicon's words, `places` those of the gazetteer; both by start, longest
    first.
    """

    words: list[Span]
    places: list[Span]


def spot(folded: str) -> Spotted:
    """All lexicon words and place names in a folded text."""
    word_of, place_of, find = _automaton()
    words: list[Span] = []
    places: list[Span] = []
    for index, start, end in sorted(find(folded), key=_by_start):
        if (word := word_of[index]) >= 0:
            words.append((word, start, end))
        if (place := place_of[index]) >= 0:
            places.append((place, start, end))
    return Spotted(words, places)


def _by_start(span: Span) -> tuple[int, int]:
    return span[1], -span[2]


@cache
def _automaton() -> tuple[list[int], list[int], Callable[[str], list[Span]]]:
    from ahocorasick_rs import AhoCorasick, Implementation

    from classifiers.gazetteer import names as place_names
    from classifiers.lexicon import entries

    words, names = tuple(entries()), place_names()
    numbers = {text: number for number, text in enumerate(dict.fromkeys((*words, *names)))}
    word_of, place_of = [-1] * len(numbers), [-1] * len(numbers)
    for number, text in enumerate(words):
        word_of[numbers[text]] = number
    for number, text in enumerate(names):
        place_of[numbers[text]] = number
    automaton = AhoCorasick(tuple(numbers), implementation=Implementation.ContiguousNFA)

    def find(text: str) -> list[Span]:
        return automaton.find_matches_as_indexes(text, overlapping=True)

    return word_of, place_of, find


def is_letter(char: str) -> bool:
    """Whether a sign belongs to a word: letters, digits, and the marks that combine with them."""
    return char.isalnum() or (char > "\u02ff" and unicodedata.category(char) in ("Mn", "Mc"))

"""How alike two headlines are, and whether their numbers allow one event."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SPACED = re.compile(r"[A-Za-zÀ-ɏЀ-ӿ؀-ۿऀ-ॿ]")


@dataclass(frozen=True, slots=True)
class _Headline:
    """A headline made ready for comparing; `words` are its long ones, `few` says under three."""

    text: str
    spaced: bool
    words: str
    few: bool


@lru_cache(maxsize=2**13)  # an incident's headlines are compared with each one that joins
def _headline(text: str) -> _Headline:
    text = text.casefold().strip()
    spaced = _SPACED.search(text) is not None
    return _Headline(text, spaced, _long_words(text), len(text.split()) < 3)


def likeness(one: str, other: str) -> float:
    """0 to 1. Words in any order for spaced scripts, character pairs for the others."""
    first, second = _headline(one), _headline(other)
    if not first.text or not second.text:
        return 0.0
    if first.spaced and second.spaced:
        words = fuzz.token_set_ratio(first.words, second.words) / 100
        return words * 0.6 if first.few or second.few else words
    return _dice(_pairs(first.text), _pairs(second.text))


def best_likeness(text: str, others: Sequence[str]) -> float:
    """The likeness to the most alike of `others`, 0 when there is none."""
    return max((likeness(text, other) for other in others), default=0.0)


def numbers_clash(one: str, other: str) -> bool:
    """True when both texts hold numbers and share none: magnitude 6.4 is not magnitude 5.1."""
    first, second = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return bool(first) and bool(second) and not first & second


def _long_words(text: str) -> str:
    return " ".join(word for word in re.findall(r"\w+", text) if len(word) > 2 or word.isdigit())


@lru_cache(maxsize=2**13)
def _pairs(text: str) -> frozenset[str]:
    dense = re.sub(r"\s+", "", text)
    return frozenset(dense[index : index + 3] for index in range(len(dense) - 2)) or frozenset(
        [dense]
    )


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))

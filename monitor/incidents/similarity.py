"""How alike two headlines are, and whether their numbers allow one event."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SPACED = re.compile(r"[A-Za-zÀ-ɏЀ-ӿ؀-ۿऀ-ॿ]")


def likeness(one: str, other: str) -> float:
    """0 to 1. Words in any order for spaced scripts, character pairs for the others."""
    one, other = one.casefold().strip(), other.casefold().strip()
    if not one or not other:
        return 0.0
    if _SPACED.search(one) and _SPACED.search(other):
        words = fuzz.token_set_ratio(_long_words(one), _long_words(other)) / 100
        return words if min(len(one.split()), len(other.split())) >= 3 else words * 0.6
    return _dice(_pairs(one), _pairs(other))


def best_likeness(text: str, others: Sequence[str]) -> float:
    """The likeness to the most alike of `others`, 0 when there is none."""
    return max((likeness(text, other) for other in others), default=0.0)


def numbers_clash(one: str, other: str) -> bool:
    """True when both texts hold numbers and share none: magnitude 6.4 is not magnitude 5.1."""
    first, second = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return bool(first) and bool(second) and not first & second


def _long_words(text: str) -> str:
    return " ".join(word for word in re.findall(r"\w+", text) if len(word) > 2 or word.isdigit())


def _pairs(text: str) -> set[str]:
    dense = re.sub(r"\s+", "", text)
    return {dense[index : index + 3] for index in range(len(dense) - 2)} or {dense}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))

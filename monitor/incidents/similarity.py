"""How alike two headlines are: whether one is a copy of the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

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

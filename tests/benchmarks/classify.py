"""Text to tags."""

from __future__ import annotations

from functools import cache

from classifiers.corpus import load
from classifiers.keywords import KeywordClassifier
from classifiers.reader import Reader
from classifiers.tags import Text


@cache
def _texts() -> tuple[Text, ...]:
    return tuple(Text(line.title, line.summary) for line in load()[:2000])


def keywords() -> tuple[int, str]:
    """Keyword rules with language, place, hazard, figures, nationals, flags."""
    texts = _texts()
    Reader(KeywordClassifier()).classify(texts)
    return len(texts), "headline"

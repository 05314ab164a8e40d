"""Cuts a text into short phrases, of which the one that speaks most for a category is its reason.

For labels that no word of the lexicon and no word well known to the model explains: the model
itself is asked about each phrase as if it were a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifiers.explain import addresses, function_words
from classifiers.keywords import Looked
from classifiers.text import Kind, Word

_MOST_WORDS = 4
_MOST_PHRASES = 24  # each costs as much as a short text
_LONGEST = 40
_FEWEST_LETTERS = 7  # of its words that carry meaning; a shorter single word says little
_MOST_SHOWN = 2
# A second phrase is shown if its score is at most this far below the best.
_NEAR = 0.25
_UNSPACED: frozenset[Kind] = frozenset({"cjk", "dense"})
_BREAK = re.compile(r"""[\n.,;:!?…()\[\]{}"“”„«»‘|/—–·•、。，；：！？「」『』（）《》،؛؟।॥။၊។*#]""")

Phrase = tuple[int, int]  # where it starts and ends in the text


def phrases(looked: Looked) -> list[Phrase]:
    """Phrases of up to four words of the title (of the summary, if the title has none).

    They start and end with words that carry meaning, cross no punctuation, and are more than
    the names of places.
    """
    words = looked.prepared.words
    titled = looked.prepared.title_tokens
    return _of(looked, words[:titled]) or _of(looked, words[titled:])


def best(looked: Looked, found: Sequence[Phrase], scores: Sequence[float]) -> tuple[str, ...]:
    """The phrase of the highest score as it stands in the text, and one more that comes near."""
    order = sorted(range(len(found)), key=lambda index: (-scores[index], found[index]))
    shown: list[int] = []
    for index in order:
        start, end = found[index]
        apart = all(end <= found[other][0] or found[other][1] <= start for other in shown)
        if apart and (not shown or scores[index] >= scores[shown[0]] - _NEAR):
            shown.append(index)
        if len(shown) == _MOST_SHOWN:
            break
    return tuple(looked.prepared.text[slice(*found[index])] for index in shown)


def _of(looked: Looked, words: Sequence[Word]) -> list[Phrase]:
    text, folded = looked.prepared.text, looked.prepared.folded
    functions = function_words()
    places = [(hit.start, hit.end) for hit in looked.found]
    outside = addresses(folded)

    def carries(word: Word) -> bool:
        known = folded[word.start : word.end]
        return word.kind != "number" and known not in functions and not _within(word, outside)

    found: dict[Phrase, None] = {}
    for first, word in enumerate(words):
        if not carries(word):
            continue
        for last in range(first, min(first + _MOST_WORDS, len(words))):
            end = words[last].end
            inside = text[word.start : end]
            if len(inside) > _LONGEST or _BREAK.search(inside):
                break
            if not carries(words[last]):
                continue
            own = [
                each
                for each in words[first : last + 1]
                if carries(each) and not _within(each, places)
            ]
            letters = sum(each.end - each.start for each in own)
            if letters >= (2 if word.kind in _UNSPACED else _FEWEST_LETTERS):
                found[word.start, end] = None
    return _fewer(list(found))


def _within(word: Word, spans: Sequence[Phrase]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)


def _fewer(found: list[Phrase]) -> list[Phrase]:
    """At most so many, evenly from the whole text."""
    if len(found) <= _MOST_PHRASES:
        return found
    step = len(found) / _MOST_PHRASES
    return [found[int(index * step)] for index in range(_MOST_PHRASES)]

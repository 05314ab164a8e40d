"""Cuts a run of Thai letters into words by dictionary, with the fewest words that fit.

The way is that of newmm in pythainlp (maximal matching; words end only where a cluster of Thai
signs ends), and so are the cuts; a test compares the two. Here all dictionary words of a run are
found in one pass of an automaton instead of letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from heapq import heappop, heappush
from importlib.util import find_spec
from pathlib import Path

# A run at least this long is cut in pieces first, so that a megabyte without a space costs
# no more a letter than a headline does.
LONG_RUN = 140
_WINDOW = (100, 140)
_MOST_EDGES = 50

_C, _TONE = "[\u0e01-\u0e2e]", "[\u0e48-\u0e4b]?"
_SILENT = f"(?:{_C}{_C}?[\u0e34\u0e38\u0e39]?\u0e4c)?"  # consonants under a thanthakhat
_BEFORE_SYLLABLE = "(?=[\u0e40-\u0e44\u0e01-\u0e2e]|$)"

# Clusters after Theeramunkong and others (2000), by the sign that a cluster starts with.
_AFTER_CONSONANT = (
    f"\u0e31{_TONE}\u0e27\u0e30{_SILENT}"
    f"|[\u0e31\u0e37]{_TONE}{_C}[\u0e38\u0e34\u0e30]?{_SILENT}"
    "|[\u0e34\u0e38\u0e39]\u0e4c"
    f"|[\u0e30-\u0e39]{_TONE}{_SILENT}"
    f"|\u0e23\u0e23{_C}\u0e4c"
    "|\u0e47"
    f"|{_TONE}[\u0e30\u0e32\u0e33]?{_SILENT}"
)
_AFTER_E = (
    f"{_C}\u0e47{_C}{_SILENT}"
    f"|{_C}{_C}{_TONE}\u0e32\u0e30{_SILENT}"
    f"|{_C}{_C}\u0e35{_TONE}\u0e22\u0e30{_SILENT}"
    f"|{_C}{_C}\u0e35{_TONE}\u0e22{_BEFORE_SYLLABLE}{_SILENT}"
    f"|{_C}{_C}\u0e47{_C}{_SILENT}"
    f"|{_C}\u0e34{_C}\u0e4c{_C}{_SILENT}"
    f"|{_C}\u0e34{_TONE}{_C}{_SILENT}"
    f"|{_C}\u0e35{_TONE}\u0e22\u0e30?{_SILENT}"
    f"|{_C}\u0e37{_TONE}\u0e2d\u0e30?{_SILENT}"
    f"|{_C}[\u0e34\u0e35\u0e38\u0e39]{_TONE}\u0e22{_BEFORE_SYLLABLE}{_SILENT}"
    f"|{_C}{_TONE}\u0e32?\u0e30?{_SILENT}"
)
_AFTER_AE = (
    f"{_C}\u0e47{_C}|{_C}{_C}\u0e4c|{_C}{_TONE}\u0e30|{_C}{_C}\u0e47{_C}|{_C}{_C}{_C}\u0e4c"
    f"|{_C}{_TONE}"
)
_CLUSTER = re.compile(
    f"{_C}(?:{_AFTER_CONSONANT})"
    f"|\u0e40(?:{_AFTER_E})"
    f"|\u0e41(?:{_AFTER_AE})"
    f"|\u0e42{_C}{_TONE}\u0e30?"
    f"|[\u0e43\u0e44]{_C}{_TONE}"
    "|.",
    re.DOTALL,
)
_SHORT = re.compile(f"{_C}{{0,2}}")


def cut(run: str) -> list[str]:
    """The words of one run of Thai letters, in order; joined they give the run again."""
    if len(run) <= LONG_RUN:
        return _cut(run)
    pieces: list[str] = []
    rest = run
    while len(rest) >= _WINDOW[1]:
        at = _good_cut(rest)
        pieces += _cut(rest[:at])
        rest = rest[at:]
    return pieces + _cut(rest) if rest else pieces


def _good_cut(run: str) -> int:
    """Where to cut a long run: before the longest word that is seen a little further on."""
    low, high = _WINDOW
    words = _cut(run[low:high])
    longest = max(range(len(words)), key=lambda index: (len(words[index]), index))
    return low + sum(len(word) for word in words[:longest])


def _cut(run: str) -> list[str]:
    ends, closed = _word_ends(run)
    words: list[str] = []
    at, length = 0, len(run)
    while at < length:
        choices = ends.get(at)
        if choices is None:
            path = [_unknown_end(run, at, ends, closed)]
        elif len(choices) == 1:
            path = choices
        else:
            path = _shortest(at, ends)
        for end in path:
            words.append(run[at:end])
            at = end
    return words


def _word_ends(run: str) -> tuple[dict[int, list[int]], bytearray]:
    """Where the dictionary's words that start at a position end, shortest first.

    The array beside it holds 1 where a cluster ends: only there words may end.
    """
    closed = bytearray(len(run) + 1)
    for match in _CLUSTER.finditer(run):
        closed[match.end()] = 1
    ends: dict[int, list[int]] = {}
    for _, start, end in _finder()(run):
        if closed[end]:
            if start in ends:
                ends[start].append(end)
            else:
                ends[start] = [end]
    return ends, closed


def _shortest(start: int, ends: dict[int, list[int]]) -> list[int]:
    """The ends of the fewest words from `start` to the first place that no reading avoids."""
    edges: dict[int, list[int]] = {}
    size = 0
    open_: list[int] = [start]
    while True:
        at = heappop(open_)
        own: list[int] = []
        for end in ends.get(at, ()):
            own.append(end)
            size += 1
            if end not in open_:
                heappush(open_, end)
            if size > _MOST_EDGES:
                break
        edges[at] = own
        if len(open_) == 1:
            return _fewest(start, open_[0], edges)


def _fewest(start: int, goal: int, edges: dict[int, list[int]]) -> list[int]:
    came_from = {start: start}
    queue = [start]
    for at in queue:
        for end in edges.get(at, ()):
            if end not in came_from:
                came_from[end] = at
                if end == goal:
                    path = [goal]
                    while came_from[path[-1]] != start:
                        path.append(came_from[path[-1]])
                    return path[::-1]
                queue.append(end)
    return [goal]


def _unknown_end(run: str, start: int, ends: dict[int, list[int]], closed: bytearray) -> int:
    """Where a stretch that no word starts ends: at the next word of more than two consonants."""
    for at in range(start + 1, len(run)):
        if closed[at] and any(not _SHORT.fullmatch(run, at, end) for end in ends.get(at, ())):
            return at
    return len(run)


@cache
def _finder() -> Callable[[str], list[tuple[int, int, int]]]:
    from ahocorasick_rs import AhoCorasick, Implementation

    from classifiers.gazetteer import thai_names
    from classifiers.lexicon import thai_terms

    # Our own terms and place names are long enough not to break up ordinary words.
    words = sorted(dictionary() | thai_terms() | thai_names())
    automaton = AhoCorasick(words, implementation=Implementation.ContiguousNFA)

    def find(run: str) -> list[tuple[int, int, int]]:
        return automaton.find_matches_as_indexes(run, overlapping=True)

    return find


def dictionary() -> frozenset[str]:
    """The 62,000 words of pythainlp's dictionary.

    Read from its file: to import the package takes 11 MiB, 7 of them for the same words again,
    which it keeps. Raises ModuleNotFoundError without it, OSError if its file is not there.
    """
    spec = find_spec("pythainlp")  # imports nothing
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pythainlp is not installed")
    text = Path(spec.origin).with_name("corpus").joinpath("words_th.txt").read_text("utf-8-sig")
    return frozenset(filter(None, text.splitlines()))

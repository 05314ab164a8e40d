"""How varied the corpus is: near copies and the growth of its vocabulary, by language.

    python -m classifiers.tools.variety [--pairs N] [--language CODE]

Two lines are near copies when their headlines share at least 80 of 100 of their words, or of
their pairs of neighbouring characters where words are not spaced. Vocabulary growth is the
number of new words (or runs of three characters) in each thousand lines, in the order of the
files: a corpus made of templates stops growing. Openings are the share of lines that begin as
four others do.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.corpus import Line, load

NEAR = 0.8
COMMON_OPENING = 5  # lines
UNSPACED = frozenset(["th", "lo", "km", "my", "zh", "ja"])
_BLOCK = 1000


@dataclass(frozen=True, slots=True)
class Near:
    """Two lines, by their places in the list, and the share of words that both have."""

    first: int
    second: int
    share: float


@dataclass(frozen=True, slots=True)
class Variety:
    """What was measured of one language.

    `copies` is the share of lines with a near copy before them, `repeated` of headlines word for
    word, `openings` of lines that begin as four others do. `types` are the words per thousand
    lines, `growth` the new ones in each thousand.
    """

    language: str
    lines: int
    copies: float
    repeated: float
    openings: float
    types: float
    growth: tuple[int, ...]
    pairs: tuple[Near, ...]


def pieces(line: Line) -> frozenset[str]:
    """What a headline is compared by: its words, or pairs of neighbouring characters."""
    return _pieces(line, 2)


def types(line: Line) -> frozenset[str]:
    """What vocabulary is counted in: words, or runs of three neighbouring characters."""
    return _pieces(line, 3)


def _pieces(line: Line, run: int) -> frozenset[str]:
    words = _words(line)
    if line.language not in UNSPACED:
        return frozenset(words)
    return frozenset(
        word[start : start + run] for word in words for start in range(max(1, len(word) - run + 1))
    )


def _words(line: Line) -> list[str]:
    """Runs of letters, their marks and numbers."""
    text = unicodedata.normalize("NFC", line.title).casefold()
    return "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in text).split()


def opening(line: Line) -> str:
    """How a headline begins: three words, or eight characters where they are not spaced."""
    words = _words(line)
    if line.language in UNSPACED:
        return "".join(words)[:8]
    return " ".join(words[:3])


def near_copies(sets: Sequence[frozenset[str]], *, at_least: float = NEAR) -> list[Near]:
    """Every pair of sets that share at least `at_least` of their pieces, the most alike first."""
    from scipy.sparse import csr_matrix

    numbers: dict[str, int] = {}
    starts, columns = [0], []
    for each in sets:
        columns += [numbers.setdefault(piece, len(numbers)) for piece in sorted(each)]
        starts.append(len(columns))
    shape = (len(sets), max(1, len(numbers)))
    rows = csr_matrix((np.ones(len(columns), dtype=np.int32), columns, starts), shape=shape)
    sizes = np.diff(starts)
    found: list[Near] = []
    for start in range(0, len(sets), _BLOCK):
        shared = (rows[start : start + _BLOCK] @ rows.T).tocoo()
        first, second, both = shared.row + start, shared.col, shared.data
        kept = second > first
        first, second, both = first[kept], second[kept], both[kept]
        share = both / (sizes[first] + sizes[second] - both)
        close = np.flatnonzero(share >= at_least)
        found += [Near(int(first[i]), int(second[i]), float(share[i])) for i in close]
    return sorted(found, key=lambda each: (-each.share, each.first, each.second))


def variety(language: str, lines: Sequence[Line]) -> Variety:
    """Measure one language's lines."""
    pairs = near_copies([pieces(line) for line in lines])
    sets = [types(line) for line in lines]
    known: set[str] = set()
    growth: list[int] = []
    for start in range(0, len(sets), _BLOCK):
        fresh = set().union(*sets[start : start + _BLOCK]) - known
        known |= fresh
        growth.append(len(fresh))
    titles = [line.title.casefold() for line in lines]
    begun = Counter(map(opening, lines))
    common = sum(count for count in begun.values() if count >= COMMON_OPENING)
    return Variety(
        language,
        len(lines),
        len({each.second for each in pairs}) / max(1, len(lines)),
        1 - len(set(titles)) / max(1, len(titles)),
        common / max(1, len(lines)),
        1000 * len(known) / max(1, len(lines)),
        tuple(growth),
        tuple(pairs),
    )


def by_language(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines of each language, in order."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.language, []).append(line)
    return dict(sorted(found.items()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line of figures a language, then the nearest pairs; 0 always."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="near copies to print of each")
    parser.add_argument("--language", help="only this one")
    options = parser.parse_args(arguments)
    say(
        f"{'':5}{'lines':>6}{'copies':>8}{'same':>7}{'begin':>7}{'types/1000':>11}"
        "  new in each 1,000 lines"
    )
    for code, lines in by_language(load()).items():
        if options.language in (None, code):
            tell(variety(code, lines), lines, options.pairs)
    return 0


def tell(of: Variety, lines: Sequence[Line], most: int) -> None:
    """Print what was measured of one language."""
    growth = " ".join(str(count) for count in of.growth)
    say(
        f"{of.language:5}{of.lines:>6}{of.copies:>8.2%}{of.repeated:>7.2%}{of.openings:>7.1%}"
        f"{of.types:>11.0f}  {growth}"
    )
    for near in of.pairs[:most]:
        say(f"      {near.share:.2f}  {lines[near.first].title}")
        say(f"            {lines[near.second].title}")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""How much a word tells: a rare one much, one that stands in every second headline little.

`common_words.tsv` holds how many of our own corpus' lines hold a word, made by
`python -m monitor.incidents.rarity`; what the open incidents hold counts as well, so that the
name of a besieged town and the words of a bulletin's form lose weight while they are everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log
from pathlib import Path

FILE = "common_words.tsv"
LEAST = 3  # lines that hold a word, for it to be kept


@cache
def common() -> tuple[int, Mapping[str, int]]:
    """How many lines were counted, and how many of them hold each word."""
    rows = files(__package__).joinpath(FILE).read_text(encoding="utf-8").splitlines()
    counted: dict[str, int] = {}
    for row in rows[1:]:
        count, _, words = row.partition("\t")
        counted.update(dict.fromkeys(words.split(" "), int(count)))
    return int(rows[0]), counted


def rarity(word: str, held_by: int = 0) -> float:
    """0 to 1; `held_by` is the number of incidents at hand that hold it."""
    return _of_count(common()[1].get(word, 0) + held_by)


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rare each word of one headline is, and the squares of that, which likeness adds up."""

    by_word: Mapping[str, float]
    squares: Mapping[str, float]

    @classmethod
    def of(cls, words: Iterable[str], held_by: Callable[[str], int] | None = None) -> Rarities:
        """Worked out once for an item; `held_by`: how many incidents at hand hold a word."""
        known = {word: rarity(word, held_by(word) if held_by else 0) for word in words}
        return cls(known, {word: value * value for word, value in known.items()})


@lru_cache(maxsize=2**13)
def _of_count(held: int) -> float:
    lines = common()[0]
    return max(0.0, log(lines / (1 + held))) / log(lines)


def count() -> str:
    """The file's text, from the corpus."""
    from classifiers import corpus
    from monitor.incidents.headline import headline

    lines = corpus.load()
    held = Counter(
        word for line in lines for word in headline(f"{line.title} {line.summary}").words
    )
    by_count: dict[int, list[str]] = {}
    for word, number in held.items():
        if number >= LEAST:
            by_count.setdefault(number, []).append(word)
    rows = (f"{number}\t{' '.join(sorted(by_count[number]))}" for number in sorted(by_count))
    return "\n".join((str(len(lines)), *rows)) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(count(), encoding="utf-8")

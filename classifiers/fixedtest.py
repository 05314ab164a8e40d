"""The fixed test set: corpus lines that no model learns from, on which models are compared.

Of every language and style a tenth, those whose text has the lowest hashes: the same lines on
every machine and at every build, and a line that is added or edited moves at most one other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from classifiers.corpus import Line
from classifiers.errors import ModelError
from classifiers.tags import CATEGORIES, Classifier

ANSWERS_FILE = "fixed_test.json"
ONE_IN = 10
_BATCH = 500


def mark(line: Line) -> str:
    """Twelve hex digits that stand for the words of a line, whatever its labels."""
    words = "\x1f".join((line.language, line.title, line.summary))
    return hashlib.sha256(("fixed test\x1f" + words).encode()).hexdigest()[:12]


def parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines to learn from and those of the fixed test set, each in the order given.

    Lines with the same words are on the same side.
    """
    strata: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        strata.setdefault((line.language, line.style), set()).add(mark(line))
    aside = {each for marks in strata.values() for each in sorted(marks)[: len(marks) // ONE_IN]}
    learnt = [line for line in lines if mark(line) not in aside]
    return learnt, [line for line in lines if mark(line) in aside]


def answers(classifier: Classifier, lines: Iterable[Line]) -> dict[str, int]:
    """What the classifier says of each line: mark to bits, the sure labels low, the unsure high."""
    listed = list(lines)
    found: dict[str, int] = {}
    for start in range(0, len(listed), _BATCH):
        some = listed[start : start + _BATCH]
        for line, tags in zip(some, classifier.classify([each.text for each in some]), strict=True):
            found[mark(line)] = bits(tags.labels) | bits(tags.unsure) << len(CATEGORIES)
    return found


def bits(labels: Iterable[str]) -> int:
    """Labels as one number."""
    return sum(1 << CATEGORIES.index(name) for name in labels)


def write(folder: Path, given: Mapping[str, int]) -> None:
    """Keep a model's answers in its folder."""
    text = json.dumps(given, separators=(",", ":"), sort_keys=True)
    (folder / ANSWERS_FILE).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, int]:
    """A model's answers. Raises ModelError if they are missing or damaged."""
    path = folder / ANSWERS_FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): int(value) for name, value in said.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error

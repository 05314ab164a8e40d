"""What a model learns besides the corpus: corrections of officers, items of official sources.

They stand beside the corpus, marked by where they come from, and are kept with the model that
learnt them: a model built anew for a newer program learns them again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from classifiers.errors import ModelError
from classifiers.tags import CATEGORIES, Text

LESSONS_FILE = "lessons.jsonl"
# What one counts beside a corpus line: an officer has looked at a correction, nobody at the others.
WEIGHTS = {"correction": 2.0, "official": 0.3}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text with its true labels. `source` is correction or official."""

    labels: tuple[str, ...]
    title: str
    summary: str
    source: str

    @property
    def text(self) -> Text:
        """The words alone."""
        return Text(self.title, self.summary)

    @property
    def weight(self) -> float:
        """What it counts beside a corpus line."""
        return WEIGHTS[self.source]


def write(folder: Path, lessons: Sequence[Lesson]) -> None:
    """Keep the lessons in a model's folder."""
    (folder / LESSONS_FILE).write_text(_text(lessons), encoding="utf-8")


def read(folder: Path) -> list[Lesson]:
    """The lessons of a model's folder, none if it keeps none. Raises ModelError if damaged."""
    path = folder / LESSONS_FILE
    try:
        raw = path.read_text(encoding="utf-8").split("\n")  # headlines hold other line breaks
        said = [json.loads(line) for line in raw if line]
        found = [
            Lesson(tuple(map(str, each["labels"])), str(each["title"]), str(each["summary"]),
                   str(each["source"]))
            for each in said
        ]  # fmt: skip
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    if any(each.source not in WEIGHTS or set(each.labels) - set(CATEGORIES) for each in found):
        raise ModelError(f"{path} holds what is no lesson")
    return found


def counts(lessons: Sequence[Lesson]) -> dict[str, int]:
    """How many there are of each source."""
    return {source: sum(each.source == source for each in lessons) for source in WEIGHTS}


def digest(lessons: Sequence[Lesson]) -> str:
    """SHA-256 (hex) over all of them and what they count."""
    return hashlib.sha256((json.dumps(WEIGHTS) + _text(lessons)).encode()).hexdigest()


def _text(lessons: Sequence[Lesson]) -> str:
    return "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in lessons)

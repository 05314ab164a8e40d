from __future__ import annotations

from pathlib import Path

import pytest

from classifiers import lessons
from classifiers.errors import ModelError
from classifiers.lessons import LESSONS_FILE, Lesson

TWO = [
    Lesson(("natural",), "น้ำท่วม", "ที่น่าน", "correction"),
    Lesson((), "Storm\u2028into the final", "", "official"),
]


def test_lessons_come_back_as_they_were_written(tmp_path: Path) -> None:
    lessons.write(tmp_path, TWO)
    assert lessons.read(tmp_path) == TWO
    assert lessons.counts(TWO) == {"correction": 1, "official": 1}


def test_a_model_without_lessons_has_none(tmp_path: Path) -> None:
    assert lessons.read(tmp_path) == []


def test_a_correction_counts_more_than_a_line_and_an_official_item_less() -> None:
    assert TWO[0].weight > 1 > TWO[1].weight


def test_the_digest_changes_with_any_lesson() -> None:
    assert lessons.digest(TWO) != lessons.digest(TWO[:1])


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        '{"labels": 5}',
        '{"labels":["x"],"title":"a","summary":"","source":"official"}',
        '{"labels":[],"title":"a","summary":"","source":"hearsay"}',
        "\xff",
    ],
)
def test_damaged_lessons_are_a_model_error(tmp_path: Path, damage: str) -> None:
    (tmp_path / LESSONS_FILE).write_bytes(damage.encode("latin-1"))
    with pytest.raises(ModelError):
        lessons.read(tmp_path)

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from classifiers import fixedtest
from classifiers.corpus import load
from classifiers.errors import ModelError
from classifiers.fixedtest import ANSWERS_FILE, answers, bits, mark, parted, read, write
from classifiers.tags import CATEGORIES, Tags, Text
from tests.classifiers.lines import corpus


class Sayer:
    version = "sayer"

    def classify(self, texts: list[Text]) -> list[Tags]:
        return [
            Tags(labels=("health",), unsure=("natural",)) if "Flood" in text.title else Tags()
            for text in texts
        ]


def test_the_set_is_a_tenth_of_every_language_and_style_and_none_of_the_rest() -> None:
    lines = load()
    learnt, aside = parted(lines)
    assert len(learnt) + len(aside) == len(lines)
    assert not {mark(line) for line in learnt} & {mark(line) for line in aside}
    every = Counter((line.language, line.style) for line in lines)
    found = Counter((line.language, line.style) for line in aside)
    for stratum, count in every.items():
        assert found[stratum] == pytest.approx(count / 10, abs=1.5), stratum
    for name in CATEGORIES:
        assert {"th", "en"} <= {line.language for line in aside if name in line.labels}


def test_the_set_is_the_same_in_any_order_and_moves_by_one_line_at_most_for_a_new_one() -> None:
    lines = corpus()
    first = {mark(line) for line in parted(lines)[1]}
    assert {mark(line) for line in parted(lines[::-1])[1]} == first
    for left_out in range(0, len(lines), 17):
        fewer = {mark(each) for each in parted(lines[:left_out] + lines[left_out + 1 :])[1]}
        assert len(first - fewer) <= 1


def test_answers_come_back_as_they_were_written(tmp_path: Path) -> None:
    _, aside = parted(corpus())
    given = answers(Sayer(), aside)  # type: ignore[arg-type]
    flood = next(line for line in aside if "Flood" in line.title)
    assert given[mark(flood)] == bits(["health"]) | bits(["natural"]) << 3
    write(tmp_path, given)
    assert read(tmp_path) == given


@pytest.mark.parametrize("damage", [None, "", "[1]", '{"a": "x"}'])
def test_answers_that_cannot_be_read_are_a_model_error(tmp_path: Path, damage: str | None) -> None:
    if damage is not None:
        (tmp_path / ANSWERS_FILE).write_text(damage, encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        fixedtest.read(tmp_path)

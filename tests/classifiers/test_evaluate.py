from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from classifiers.errors import CorpusError
from classifiers.evaluate import evaluate, read_rows
from classifiers.tags import Tags, Text

HEAD = "id\tlang\ttext\tlabels\tsource\tslice\n"


class ByFirstWord:
    version = "first-word"

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        return [
            Tags(unsure=("health",))
            if word == "maybe"
            else Tags(labels=() if word == "no" else (word,))
            for word in (text.title.split()[0] for text in texts)
        ]


def rows_file(folder: Path) -> Path:
    path = folder / "rows.tsv"
    lines = [
        "1\ten\tnatural a\tnatural\ts\tone",
        "2\ten\tno b\tnatural\ts\tone",
        "3\tth\thealth c\t\ts\ttwo",
        "4\tth\tno d\t\ts\ttwo",
        "5\tth\tmaybe e\thealth\ts\ttwo",
    ]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_precision_recall_and_shares_are_counted_right(tmp_path: Path) -> None:
    scores = evaluate(ByFirstWord(), read_rows(rows_file(tmp_path)))
    natural = scores.all.labels["natural"]
    assert (natural.precision, natural.recall) == (1.0, 0.5)
    assert natural.f1 == pytest.approx(2 / 3)
    assert scores.all.labels["human_made"].f1 is None
    assert scores.all.missed_crisis == pytest.approx(1 / 3)
    assert scores.all.silent_crisis == pytest.approx(2 / 3)
    assert scores.all.false_alarm == 0.5
    assert scores.all.asked == 0.2
    assert scores.all.macro_f1 == pytest.approx(1 / 3)
    assert scores.languages["en"].false_alarm is None
    assert set(scores.slices) == {"one", "two"}


def test_both_forms_of_the_report_hold_the_figures(tmp_path: Path) -> None:
    scores = evaluate(ByFirstWord(), read_rows(rows_file(tmp_path)))
    assert json.loads(json.dumps(scores.as_json()))["all"]["labels"]["natural"]["recall"] == 0.5
    assert "0.667" in scores.as_text()


@pytest.mark.parametrize(
    "text", ["id\tlang\n", HEAD + "1\ten\tx\n", HEAD + "1\ten\tx\tnature\ts\tone\n"]
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"rows\.tsv:[12]"):
        read_rows(path)


def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        read_rows(tmp_path / "nowhere.tsv")

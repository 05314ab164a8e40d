from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.corpus import load
from classifiers.fixedtest import parted
from classifiers.lessons import Lesson
from classifiers.model import FORMAT
from classifiers.modelcard import HARD, data_of, data_section, figures_of, page
from classifiers.tags import CATEGORIES

COMMITTED = (Path(__file__).parents[2] / "docs" / "model-card.md").read_text(encoding="utf-8")
HOW = "the card is of another corpus: `monitor model card > docs/model-card.md` after training"


def test_the_committed_card_counts_the_corpus_as_it_is() -> None:
    assert data_section(data_of(load())) in COMMITTED, HOW


def test_the_committed_card_is_of_this_format_and_has_version_and_date() -> None:
    assert f", format {FORMAT}, built 20" in COMMITTED
    assert "Version meaning-" in COMMITTED


def test_the_page_says_everything_that_the_card_holds() -> None:
    lines = load()
    _, aside = parted(lines)
    figures = figures_of(aside, {})
    lessons = [Lesson((), "a", "", "correction"), Lesson(("natural",), "b", "", "official")]
    folds = {name: {"precision": 0.5, "recall": 0.25} for name in CATEGORIES}
    said = page(
        {
            **data_of(lines, lessons),
            "key": "k" * 64,
            "format": 3,
            "built_at": "2026-01-01",
            "fixed_test": figures,
            "cross_validation": folds,
            "voices": {"words": {"thresholds": [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]}},
        }
    )
    assert "words-kkkkkkkkkkkk" in said
    assert "1 corrections of officers" in said
    assert "| natural | – | 0.500 | 0.250 |" in said
    assert "| words alone | human_made | 0.50 | 0.60 |" in said
    assert "## Known limits" in said
    assert "{" not in said


def test_counts_add_up() -> None:
    data = data_of(load())
    assert sum(data["languages"].values()) == data["lines"]
    assert sum(data["styles"].values()) == data["lines"]
    assert sum(data["negatives_by_language"].values()) == data["negatives"]
    assert data["negatives"] / data["lines"] >= 0.4
    assert data["hard_negatives"] / data["negatives"] >= 0.5


@pytest.mark.parametrize("theme", sorted(HARD))
def test_every_hard_theme_is_one_of_the_corpus(theme: str) -> None:
    assert theme in {line.kind for line in load() if not line.labels}

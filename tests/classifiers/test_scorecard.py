from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from classifiers.calibration import calibration, costs, curve
from classifiers.evaluate import Row
from classifiers.picture import picture
from classifiers.scorecard import Scorecard, measured
from classifiers.tags import Tags

ROWS = [
    Row("1", "en", "Flood", ("natural",), "news"),
    Row("2", "en", "Bomb", ("human_made",), "news"),
    Row("3", "th", "Cup", (), "sport <&>"),
    Row("4", "th", "Dengue", ("health",), "gov"),
    Row("5", "th", "Flood and cholera", ("natural", "health"), "gov"),
]


def tags(natural: float, health: float, human: float, sure: float = 0.5) -> Tags:
    said = {"natural": natural, "health": health, "human_made": human}
    return Tags(
        labels=tuple(name for name, p in said.items() if p >= sure),
        unsure=tuple(name for name, p in said.items() if 0.3 <= p < sure),
        probabilities=said,
    )


ANSWERS = [
    tags(0.9, 0, 0), tags(0.8, 0, 0.4), tags(0, 0, 0.7), tags(0, 0.1, 0), tags(0.9, 0.35, 0),
]  # fmt: skip


@pytest.fixture
def card() -> Scorecard:
    return measured("linear-1", ROWS, ANSWERS)


def test_confusion_tells_what_became_of_every_true_label(card: Scorecard) -> None:
    natural, health, human = (card.confusion[n] for n in ("natural", "health", "human_made"))
    assert (natural.right, natural.false, natural.rest) == (2, 1, 2)
    assert (health.right, health.asked, health.missed) == (0, 1, 1)
    assert (human.false, human.asked) == (1, 1)


def test_pairs_name_what_was_given_instead(card: Scorecard) -> None:
    found = {(pair.true, pair.given): pair.rows for pair in card.pairs}
    assert found == {
        ("human_made", "natural"): 1,
        ("none", "human_made"): 1,
        ("health", "none"): 1,
        ("natural+health", "natural"): 1,
    }


def test_the_worst_slices_come_first_also_those_without_a_crisis(card: Scorecard) -> None:
    assert card.worst[0] == "sport <&>"  # its only row is a false alarm
    assert set(card.worst) == {"news", "gov", "sport <&>"}
    lines = card.as_text().splitlines()
    places = [next(n for n, line in enumerate(lines) if line.startswith(w)) for w in card.worst]
    assert places == sorted(places)


def test_the_json_keeps_the_scores_and_adds_the_rest(card: Scorecard) -> None:
    said = card.as_json()
    assert {"classifier", "all", "languages", "slices"} <= said.keys()
    assert {
        "confusion",
        "calibration",
        "thresholds",
        "confusion_pairs",
        "worst_slices",
    } <= said.keys()


def test_calibration_is_the_distance_between_said_and_true() -> None:
    said = np.array([0.05] * 50 + [0.95] * 50)
    right = np.array([False] * 50 + [True] * 50)
    found = calibration(said, right)
    assert found.ece == pytest.approx(0.05)
    assert [(each.low, each.rows) for each in found.bins] == [(0.0, 50), (0.9, 50)]
    assert calibration(said, ~right).ece == pytest.approx(0.95)
    assert calibration(np.array([1.0]), np.array([True])).ece == 0.0
    assert calibration(np.zeros(0), np.zeros(0, dtype=bool)).bins == ()


def test_the_curve_trades_precision_for_recall() -> None:
    said = np.array([0.1, 0.4, 0.6, 0.9])
    truth = np.array([False, True, False, True])
    low, middle, high = curve(said, truth, (0.0, 0.5, 1.0))
    assert (low.precision, low.recall) == (0.5, 1.0)
    assert (middle.precision, middle.recall) == (0.5, 0.5)
    assert (high.precision, high.recall) == (None, 0.0)


def test_costs_count_missed_crises_and_false_alarms() -> None:
    said = np.array([[0.1, 0.2, 0.0], [0.9, 0.0, 0.0], [0.0, 0.0, 0.6]])
    truth = np.array([[True, False, False], [True, False, False], [False, False, False]])
    low, high = costs(said, truth, (0.1, 0.7))
    assert (low.missed, low.false) == (0.0, 1.0)
    assert (high.missed, high.false) == (0.5, 0.0)


def test_the_picture_is_well_formed_and_shows_every_panel(card: Scorecard) -> None:
    drawn = picture(card, {"natural": (0.3, 0.5)})
    root = ElementTree.fromstring(drawn)  # noqa: S314 - we have drawn it
    words = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    for wanted in ("natural", "health: ECE", "threshold", "recall / missed", "sure", "asked"):
        assert wanted in words
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) > 40


def test_a_file_without_rows_has_a_card_and_a_picture() -> None:
    card = measured("keywords-1", [], [])
    assert card.worst == ()
    assert ElementTree.fromstring(picture(card, {})).tag.endswith("svg")  # noqa: S314 - ours
    assert "confusion" in card.as_text()

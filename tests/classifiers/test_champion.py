from __future__ import annotations

import numpy as np
import pytest

from classifiers.champion import MOST, compare, macro_f1
from classifiers.corpus import Line
from classifiers.fixedtest import bits, mark
from classifiers.tags import CATEGORIES

KINDS: list[tuple[str, ...]] = [("natural",), ("health",), ("human_made",), ()]


def lines(count: int, language: str = "en") -> list[Line]:
    return [
        Line(KINDS[n % 4], "EQ", "wire", (), f"{language} {n}", "", language, "a.tsv")
        for n in range(count)
    ]


def said(some: list[Line], wrong: set[int] = frozenset()) -> dict[str, int]:  # type: ignore[assignment]
    """Right answers, but none for the lines whose places are in `wrong`."""
    return {mark(line): 0 if n in wrong else bits(line.labels) for n, line in enumerate(some)}


def test_equal_answers_are_not_worse_and_leave_no_tolerance() -> None:
    some = lines(80) + lines(80, "th")
    found = compare(some, ("old", said(some)), ("new", said(some)))
    assert found.worse == ()
    assert [row.name for row in found.rows] == [*CATEGORIES, "th", "en"]
    assert {row.challenger for row in found.rows} == {1.0}
    assert {row.tolerance for row in found.rows} == {0.0}


def test_one_category_that_breaks_is_worse_whatever_the_others_gain() -> None:
    some = lines(400)
    health = {n for n, line in enumerate(some) if line.labels == ("health",)}
    natural = {n for n, line in enumerate(some) if line.labels == ("natural",)}
    old, new = said(some, set(sorted(natural)[:60])), said(some, set(sorted(health)[:12]))
    found = compare(some, ("old", old), ("new", new))
    assert "health" in found.worse
    assert "natural" not in found.worse
    assert "WORSE" in found.as_text()


def test_thai_alone_can_refuse_a_model() -> None:
    some = lines(2000) + lines(120, "th")
    thai = [n for n, line in enumerate(some) if line.language == "th" and line.labels]
    found = compare(some, ("old", said(some)), ("new", said(some, set(thai[:12]))))
    assert "th" in found.worse
    assert "en" not in found.worse


def test_what_chance_explains_is_not_worse() -> None:
    some = lines(400)
    crisis = [n for n, line in enumerate(some) if line.labels]
    old, new = said(some, set(crisis[:20])), said(some, set(crisis[18:40]))
    assert compare(some, ("old", old), ("new", new)).worse == ()


def test_the_tolerance_never_passes_three_points() -> None:
    some = lines(48)
    rng = np.random.default_rng(3)
    old, new = (said(some, set(rng.choice(48, 24, replace=False).tolist())) for _ in range(2))
    found = compare(some, ("old", old), ("new", new))
    assert max(row.tolerance for row in found.rows) == MOST


def test_only_lines_that_both_have_answered_count() -> None:
    some = lines(100)
    found = compare(some, ("old", said(some[:60])), ("new", said(some[40:])))
    assert found.lines == 20
    assert found.worse == ()
    assert compare(some, ("old", said(some[:50])), ("new", said(some[40:]))).worse == (
        "the fixed test set",
    )


def test_a_language_without_lines_is_no_reason_to_refuse() -> None:
    some = lines(100)
    found = compare(some, ("old", said(some)), ("new", said(some)))
    thai = next(row for row in found.rows if row.name == "th")
    assert (thai.lines, thai.champion, thai.difference, thai.worse) == (0, None, None, False)
    assert found.as_json()["worse"] == ()


def test_macro_f1_is_the_mean_of_the_categories() -> None:
    some = lines(100)
    found = macro_f1(some, said(some, {0, 4}))
    values = [found[name] for name in CATEGORIES]
    assert found["macro"] == pytest.approx(sum(v for v in values if v is not None) / 3)
    assert found["th"] is None
    assert macro_f1([], {})["macro"] is None

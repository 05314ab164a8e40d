from __future__ import annotations

import pytest

from classifiers.corpus import Line, load
from classifiers.tools.variety import Variety, by_language, main, near_copies, pieces, variety

# The limits: what the corpus may come to before lines must be written anew.
MOST_COPIES = 0.005
MOST_OPENINGS = 0.15
LEAST_NEW = 0.05  # of the words of the first thousand lines, in the last full thousand


def line(title: str, language: str = "en") -> Line:
    return Line((), "other", "wire", (), title, "", language, "a.tsv")


@pytest.fixture(scope="module")
def measured() -> dict[str, Variety]:
    return {code: variety(code, lines) for code, lines in by_language(load()).items()}


def test_headlines_that_share_nearly_all_words_are_near_copies() -> None:
    titles = [
        "Flood in the north kills five people today",
        "Ministers meet in Geneva",
        "Flood in the south kills five people today",
    ]
    found = near_copies([pieces(line(title)) for title in titles], at_least=0.7)
    assert [(each.first, each.second) for each in found] == [(0, 2)]
    assert found[0].share == pytest.approx(7 / 9)


def test_languages_without_spaces_are_compared_by_neighbouring_characters() -> None:
    near = [pieces(line(f"น้ำท่วมหนักที่จังหวัด{where}บ้านเรือนเสียหาย", "th")) for where in ("น่าน", "แพร่")]
    assert near_copies(near, at_least=0.6)


def test_templates_show_in_openings_and_in_a_vocabulary_that_stops_growing() -> None:
    lines = [line(f"Flood hits town number {n % 7} again") for n in range(2000)]
    found = variety("en", lines)
    assert found.openings == 1.0
    assert found.growth[1] == 0
    assert found.copies > 0.9


def test_no_language_of_the_corpus_has_near_copies_or_templates(
    measured: dict[str, Variety],
) -> None:
    assert {c: v.copies for c, v in measured.items() if v.copies > MOST_COPIES} == {}
    assert {c: v.repeated for c, v in measured.items() if v.repeated > MOST_COPIES} == {}
    assert {c: v.openings for c, v in measured.items() if v.openings > MOST_OPENINGS} == {}


def test_the_vocabulary_of_the_corpus_goes_on_growing(measured: dict[str, Variety]) -> None:
    long = {code: each for code, each in measured.items() if each.lines >= 2000}
    assert {"en", "th"} <= long.keys()
    for code, each in long.items():
        full = each.growth[: each.lines // 1000]
        assert full[-1] >= LEAST_NEW * full[0], code


def test_the_tool_prints_a_line_a_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "lo", "--pairs", "0"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("lo")

from __future__ import annotations

import pytest

from classifiers.tags import Text
from classifiers.text import SUMMARY_LIMIT, TITLE_LIMIT, clean, fold, prepare, thai_words


def cut(text: str) -> list[str]:
    prepared = prepare(Text(text))
    return [prepared.folded[word.start : word.end] for word in prepared.words]


def test_thai_is_cut_into_dictionary_words() -> None:
    assert cut("น้ำท่วมเชียงราย") == ["น้ำท่วม", "เชียงราย"]


def test_each_script_gives_its_own_kind_of_word() -> None:
    prepared = prepare(Text("Flood น้ำท่วม 洪水 12 ນ້ຳຖ້ວມ"))
    kinds = [word.kind for word in prepared.words]
    assert kinds == ["word", "thai", "cjk", "number", "dense"]


def test_folding_never_moves_a_position() -> None:
    text = "İstanbul DEPREM ๑๒ ٣"
    assert len(fold(text)) == len(text)
    assert "12" in fold(text)
    assert "3" in fold(text)


def test_sara_am_written_as_two_signs_is_joined() -> None:
    assert clean("น\u0e49\u0e4d\u0e32", 10) == clean("น้ำ", 10) or "\u0e33" in clean(
        "น\u0e4d\u0e32", 10
    )


def test_control_characters_and_broken_surrogates_become_spaces() -> None:
    assert clean("a\x00b\ud800c\u200bd\u202ee", 99) == "a b cde"


def test_a_megabyte_is_cut_to_the_limits() -> None:
    prepared = prepare(Text("น้ำ" * 400_000, "x " * 500_000))
    assert prepared.title_end <= TITLE_LIMIT
    assert len(prepared.text) <= TITLE_LIMIT + SUMMARY_LIMIT + 1


def test_a_summary_that_repeats_the_title_is_dropped() -> None:
    assert prepare(Text("Flood in Fiji", "Flood in Fiji")).text == "Flood in Fiji"


@pytest.mark.parametrize("run", ["กกกก" * 200, "ๆๆๆ", "์์์", "เเเเเ"])
def test_odd_thai_runs_lose_no_character(run: str) -> None:
    assert "".join(thai_words(run)) == run


def test_zero_width_spaces_between_khmer_words_are_taken_out() -> None:
    assert prepare(Text("ទឹក\u200bជំនន់")).text == "ទឹកជំនន់"

"""Norwegian and Danish have names of their own, and Swedish keeps its."""

from __future__ import annotations

import pytest

from classifiers.language import detect
from classifiers.nordic import told_apart

SAID = [
    ("no", "Utenriksdepartementet fraråder alle reiser til regionen"),
    ("no", "Flere personer er evakuert etter skred i Gjerdrum"),
    ("no", "Regjeringen vil ikke kommentere saken"),
    ("da", "Flere personer er blevet evakueret efter et jordskred"),
    ("sv", "Utrikesdepartementet avråder från alla resor till regionen"),
    ("sv", "Flera personer har evakuerats efter ett skred i Göteborg"),
    ("sv", "Stor brand i Malmö"),
]


def _named(text: str, declared: str | None = None) -> str:
    assert detect(text) == "sv"  # the reader knows no other Nordic language
    return told_apart(text.lower(), text.lower().split(), declared)


@pytest.mark.parametrize(("code", "text"), SAID, ids=[text[:20] for _, text in SAID])
def test_a_nordic_text_is_named_by_its_words_and_letters(code: str, text: str) -> None:
    assert _named(text) == code


def test_the_feeds_own_word_decides_where_the_text_fits_both_and_never_against_it() -> None:
    alike = "Brann i Bergen"
    assert _named(alike) == "sv"
    assert [_named(alike, code) for code in ("no", "nb-NO", "nn", "da")] == ["no", "nb", "nn", "da"]
    assert _named("Utrikesdepartementet avråder från alla resor", "nb") == "sv"
    assert _named("Regjeringen vil ikke kommentere saken", "nb") == "nb"

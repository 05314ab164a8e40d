from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.text import cut, plain, tidy, title_text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<p>one</p><p>two</p>", "one two"),
        ("a<br>b<b>c</b>d", "a bcd"),
        ("<script>alert(1)</script>rest<style>p{}</style>", "rest"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("&lt;p&gt;encoded markup&lt;/p&gt;", "encoded markup"),
        ("M<5 quake, x < y", "M<5 quake, x < y"),
        ("AT&T up 5 %", "AT&T up 5 %"),
        ("Bushfire <region>PILBARA</region>", "Bushfire PILBARA"),
        ("two\n\n lines\t here", "two lines here"),
        ("<svg><style><!--</style><img onerror=x>--><svg/onload=x>after", ""),
    ],
    ids=["blocks", "inline", "script", "twice", "markup as text", "less than", "ampersand",
         "own tags", "space", "mutation"],
)  # fmt: skip
def test_markup_becomes_plain_text(raw: str, expected: str) -> None:
    found = plain(raw)
    assert found == expected or (not expected and "onerror" not in found and "<" not in found)


def test_invisible_characters_are_dropped() -> None:
    assert tidy("ts\u200bun\u202eami\u2066 \ufeffwarn\u00ading\x07") == "tsunami warning"


def test_joiners_stay_where_the_script_spells_with_them() -> None:
    persian, sinhala = "می\u200cشود", "ක්\u200dෂ"
    assert tidy(persian) == persian
    assert tidy(sinhala) == sinhala
    assert tidy("fl\u200dood\u200c") == "flood"


def test_text_is_composed() -> None:
    assert tidy("e\u0301") == "é"


def test_a_cut_never_orphans_a_thai_mark() -> None:
    word = "น้ำท่วมฉับพลันที่เชียงใหม่"
    for limit in range(2, len(word)):
        shortened = cut(word, limit)
        assert len(shortened) <= limit
        body = shortened.removesuffix("…")
        following = word[len(body)] if len(body) < len(word) else ""
        assert not following or unicodedata.category(following) != "Mn"
        assert not body or not "\u0e40" <= body[-1] <= "\u0e44"


def test_a_title_has_at_most_500_characters() -> None:
    assert len(title_text("แผ่นดินไหว " * 200)) <= 500


@given(st.text(max_size=400))
def test_plain_text_is_stable_and_bounded(raw: str) -> None:
    found = plain(raw, 100)
    assert len(found) <= 100
    assert tidy(found) == found

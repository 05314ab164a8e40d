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


CLUSTERS = {
    "family": "👨\u200d👩\u200d👧\u200d👦", "flag": "🇹🇭", "skin": "👍🏽", "keycap": "1\ufe0f\u20e3",
    "firefighter": "👩🏽\u200d🚒", "pirate": "🏴\u200d☠\ufe0f",
    "sara am": "น้ำ", "hindi": "क्\u200dषि",
    "khmer": "ក្រុ", "jamo": "\u1112\u1161\u11ab", "accents": "q\u0323\u0307",
}  # fmt: skip


@pytest.mark.parametrize("name", CLUSTERS)
def test_what_a_reader_sees_as_one_sign_is_kept_whole(name: str) -> None:
    one = CLUSTERS[name]
    assert tidy(one) == unicodedata.normalize("NFC", one)
    for limit in range(2, 4 * len(one)):
        shortened = cut("ก" + one * 5, limit)
        assert len(shortened) <= limit
        kept = shortened.removesuffix("…")
        if name not in ("khmer", "hindi"):  # their parts may stand alone: two signs to Unicode
            assert kept == "" or (len(kept) - 1) % len(one) == 0


INVISIBLE = (
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068"
    "\u2069\u206a\u206f\ufeff\u00ad\u061c\u180e\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufff9"
    "\U000e0001\U000e0041\x00\x08\x1b\x7f\x80\x9f\ufffe\ufdd0"
)


@pytest.mark.parametrize("char", INVISIBLE, ids=lambda char: f"U+{ord(char):04X}")
def test_no_unseen_character_parts_a_word_or_turns_it_round(char: str) -> None:
    assert tidy(f"tsu{char}nami") == "tsunami"
    assert title_text(f"<b>tsu{char}nami</b>") == "tsunami"
    assert title_text(f"tsu&#{ord(char)};nami") in ("tsunami", "tsu nami", "tsu€nami", "tsuŸnami",
                                                   "tsu\ufffdnami")  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["می\u200cخواهم", "क्\u200dष", "ന്\u200d", "র\u200d্য", "အင်္ဂလိပ်", "❤\ufe0f", "🏳\ufe0f\u200d🌈"],
)  # fmt: skip
def test_joiners_that_mean_something_stay(text: str) -> None:
    assert tidy(f"a {text} b") == f"a {text} b"

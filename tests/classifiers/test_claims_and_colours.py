from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from classifiers import claims, figures, nationals
from classifiers.keywords import KeywordClassifier
from classifiers.lexicon import FOLDER
from classifiers.reader import Reader
from classifiers.tags import Tags, Text

READER = Reader(KeywordClassifier())


def read(title: str) -> Tags:
    return READER.classify([Text(title)])[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hamas says Israeli air strike killed 22 in Rafah", "Hamas says"),
        ("Army claims to have killed 40 rebels in Shan State", "Army claims to"),
        ("กองทัพกัมพูชาอ้างว่าสังหารทหาร 20 นาย ในการสู้รบ", "กองทัพกัมพูชาอ้างว่า"),
        ("Frappe aérienne sur Gaza : 33 morts selon le Hamas", "selon le Hamas"),
    ],
)
def test_what_a_side_says_is_its_claim_with_the_words(text: str, words: str) -> None:
    assert read(text).claimed_by == (words,)


@pytest.mark.parametrize(
    "text",
    [
        "UN confirms 31 civilians killed in market bombing in Somalia",
        "Army says 12 dead in flood in Sindh",
        "Washington said it was monitoring fighting in Khartoum",
    ],
)
def test_others_and_other_events_make_no_claim(text: str) -> None:
    assert read(text).claimed_by == ()


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("GDACS Orange alert: earthquake in Vanuatu", "orange"),
        ("ประกาศเตือนภัยสีแดง น้ำท่วมฉับพลันหาดใหญ่", "red"),
        ("浙江发布台风橙色预警", "orange"),
        ("Alerta amarilla por el volcán Popocatépetl", "yellow"),
        ("Flood in Fiji", None),
    ],
)
def test_the_colour_of_an_alert_is_read(text: str, colour: str | None) -> None:
    assert read(text).alert_colour == colour


@pytest.mark.parametrize("title", ["Third thing 3", "{{7*7}}", "asdf qwer zxcv 12", "lorem ipsum"])
def test_a_line_without_a_known_word_is_no_crisis(title: str) -> None:
    tags = read(title)
    assert tags.labels == tags.unsure == ()
    assert tags.hazard is None


def test_a_corrected_magnitude_holds_alone() -> None:
    for text in ("M7.9, now 7.7: quake off Chile", "Quake revised to 7.7 from 7.9 off Chile"):
        values = [f.value for f in read(text).figures if f.kind == "magnitude"]
        assert values == [7.7], text


def test_injured_before_dead_is_not_read_crosswise() -> None:
    found = {f.kind: f.value for f in read("บาดเจ็บ 30 ราย เสียชีวิต 12 ราย").figures}
    assert found == {"injured": 30, "dead": 12}


def test_a_star_within_a_phrase_of_nationals_stands_for_any_ending() -> None:
    pattern = nationals._any(["ressortissant* thaïlandais"])
    assert pattern.search("deux ressortissants thaïlandais")
    assert not pattern.search("ressortissant* thailandais")


def test_signs_that_are_not_seen_hide_no_word() -> None:
    assert read("Earth\u200cquake in \u202eFiji\u202c kills\u2060 3").hazard == "EQ"
    assert read("Ｍ７.４ 地震 フィリピン").language == "ja"


def test_every_pattern_of_the_figures_compiles() -> None:
    assert all(rule.pattern for rule in figures._rules())
    assert claims._words().party.search("hamas")


def test_no_word_of_the_lists_mixes_two_scripts() -> None:
    scripts = ["ก-\u0e7f", "\u0e80-\u0eff", "\u1000-\u109f", "\u1780-\u17ff", "\u0400-\u04ff"]
    files = [*FOLDER.glob("*.tsv"), FOLDER.parent / "claims.toml", FOLDER.parent / "numbers.toml"]
    for file in files:
        for word in re.split(r'[\s|",]+', Path(file).read_text(encoding="utf-8")):
            assert sum(bool(re.search(f"[{s}]", word)) for s in scripts) <= 1, (file.name, word)


@pytest.mark.parametrize(
    "title",
    ["", "\x00\x01", "🙂" * 300, "น้ำท่วม flood 洪水 наводнение 홍수", "\u202e\u200b\u2066x",
     "a" * 10**6,
     "ก" * 10**6, "12 " * 400_000, "1,1.1" * 9_000, "Ⓐ⒝①", "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ", "-1-2-3" * 5_000],
)  # fmt: skip
def test_whatever_comes_in_there_is_an_answer(title: str) -> None:
    started = time.process_time()
    assert read(title).nationals == "unknown"
    assert time.process_time() - started < 20  # a guard against a pattern that never ends

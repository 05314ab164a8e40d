from __future__ import annotations

import pytest

from classifiers.communication import find_communication
from classifiers.keywords import KeywordClassifier, look
from classifiers.tags import Text


def flags(title: str, summary: str = "") -> tuple[str, ...]:
    return look(Text(title, summary)).flags


@pytest.mark.parametrize(
    "text",
    [
        "Navy holds tsunami drill off Phuket",
        "จังหวัดภูเก็ตซ้อมแผนอพยพสึนามิ",
        "Simulasi gempa digelar di sekolah",
        "津波避難訓練を実施",
        "Simulacro nacional de sismo este viernes",
        "Exercice grandeur nature à l'aéroport",
        "모의훈련 실시",
    ],
)
def test_drills_are_marked(text: str) -> None:
    assert "exercise" in flags(text)
    assert KeywordClassifier().classify([Text(text)])[0].labels == ()


@pytest.mark.parametrize(
    "text",
    ["Tsunami warning cancelled for Tonga", "ยกเลิกประกาศเตือนสึนามิ", "Peringatan tsunami dicabut",
     "津波注意報解除"],
)  # fmt: skip
def test_an_ended_danger_is_marked(text: str) -> None:
    assert "all_clear" in flags(text)


@pytest.mark.parametrize(
    "text",
    ["Ten years on: remembering the flood", "ครบรอบ 20 ปี สึนามิ", "Mengenang korban gempa Yogya",
     "Aniversario del terremoto", "震災から10年、追悼式"],
)  # fmt: skip
def test_a_look_back_is_marked(text: str) -> None:
    assert "retrospective" in flags(text)


def test_a_comparison_in_the_summary_does_not_make_news_old() -> None:
    summary = "It is the strongest since the one twenty years ago."
    assert flags("Strong quake topples houses in Nepal", summary) == ()


def kind(title: str, feed_kind: str | None = "ministry") -> str | None:
    looked = look(Text(title, feed_kind=feed_kind))
    return find_communication(looked.prepared, looked.hits)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ministry advises against all non-essential travel to Haiti", "travel_advice"),
        ("กต. ขอแสดงความเสียใจต่อเหตุแผ่นดินไหวในเมียนมา", "condolence"),
        ("Thailand sends relief supplies to Myanmar", "aid_offer"),
        ("อพยพคนไทยจากอิสราเอล เที่ยวบินพิเศษลำแรกถึงไทย", "departure"),
        ("Spokesperson's statement on the situation in Gaza", "statement"),
        ("กระทรวงการต่างประเทศชี้แจงข่าวปลอมเรื่องวีซ่า", "clarification"),
        ("Minister receives new ambassador of Peru", "other"),
    ],
)
def test_the_kind_of_a_ministrys_text(title: str, expected: str) -> None:
    assert kind(title) == expected


def test_other_feeds_do_not_communicate() -> None:
    assert kind("Statement of the ministry", "news") is None
    assert kind("Statement of the ministry", None) is None


def test_an_advice_feed_gives_travel_advice_unless_it_says_otherwise() -> None:
    assert kind("Iraq", "advice") == "travel_advice"

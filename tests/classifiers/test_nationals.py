from __future__ import annotations

import pytest

from classifiers.nationals import find_nationals
from classifiers.tags import Text
from classifiers.text import prepare


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two Thai workers killed in rocket attack", "harmed"),
        ("แรงงานไทยเสียชีวิต 2 ราย", "harmed"),
        ("WN Thailand tewas di Tokyo", "harmed"),
        ("คนไทยสูญหาย 1 ราย เร่งค้นหา", "harmed"),
        ("No Thai nationals reported injured in Osaka quake", "none_reported"),
        ("ยังไม่ได้รับรายงานว่ามีคนไทยได้รับผลกระทบ", "none_reported"),
        ("Embassy: all Thai nationals are safe", "reported"),
        ("สอท. ขอให้คนไทยในพื้นที่ติดตามข่าว", "reported"),
        ("Earthquake in Chile injures 30", "unknown"),
        ("Thai baht falls after flood", "unknown"),
        ("Rocket kills 9 Thai civilians", "harmed"),
        ("Two Thai soldiers lose legs on border patrol", "harmed"),
        ("Cargo ship with Thai crew seized in the Gulf", "harmed"),
        ("เรือสินค้าไทยถูกโจมตี ลูกเรือสูญหาย 3 ราย", "harmed"),
        ("นักเรียนไทยในญี่ปุ่นหายตัว", "harmed"),
        ("แรงงานไทยบาดเจ็บ 4 ราย", "harmed"),
        ("Thai construction workers trapped under crane", "harmed"),
        ("Hamas releases 10 Thai hostages", "reported"),
        ("Five Thai hostages freed after a year", "reported"),
        ("ปล่อยตัวประกันไทย 5 คน", "reported"),
        ("Body of Thai hostage released to family", "harmed"),
        ("Thai court sentences trafficker", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_status_of_thai_nationals(text: str, expected: str) -> None:
    assert find_nationals(prepare(Text(text)), "TH")[0] == expected


def test_harm_to_others_in_another_sentence_is_not_theirs() -> None:
    text = "Quake kills 300 in the capital. Thai tourists were moved to another hotel"
    assert find_nationals(prepare(Text(text)), "TH")[0] == "reported"


def test_the_home_country_can_be_another() -> None:
    text = "Seorang WNI tewas dalam kecelakaan di Johor"
    status, words = find_nationals(prepare(Text(text)), "ID")
    assert status == "harmed"
    assert words == ("WNI tewas",)
    assert find_nationals(prepare(Text(text)), "TH") == ("unknown", ())


def test_a_country_without_words_is_unknown() -> None:
    assert find_nationals(prepare(Text("Anything at all")), "ZZ") == ("unknown", ())


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("ID", "Indonesian sailors killed off Somalia"),
        ("VN", "Vietnamese fishermen missing after collision"),
        ("LA", "Two Lao workers injured in factory fire"),
        ("PH", "Filipino nurses wounded in missile strike"),
    ],
)
def test_the_people_of_every_home_country_are_read_by_its_adjective(
    country: str, text: str
) -> None:
    assert find_nationals(prepare(Text(text)), country)[0] == "harmed"
    assert find_nationals(prepare(Text(text)), "TH")[0] == "unknown"

"""A title says what, how big and where, and never a country twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.incidents.alone import empty
from monitor.incidents.titles import titled

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def title(hazard: str, country: str, place: str | None) -> tuple[str, str]:
    return titled(replace(empty(NOW), hazard=hazard, countries=(country,), place=place))


@pytest.mark.parametrize(
    ("country", "place"),
    [
        ("LA", "Laos"), ("LA", "ลาว"), ("MM", "Burma"), ("MM", "พม่า"), ("KR", "Korea"),
        ("US", "America"), ("LA", "Lao PDR"),
    ],
)  # fmt: skip
def test_a_country_is_not_near_itself(country: str, place: str) -> None:
    assert title("dam_failure", country, place) == title("dam_failure", country, None)


@pytest.mark.parametrize(
    ("hazard", "place", "en", "th"),
    [
        ("explosion", "Bangkok", " in Bangkok", "ที่กรุงเทพมหานคร"),
        ("explosion", "12 km NW of Bangkok, Thailand", " near Bangkok", "ใกล้กรุงเทพมหานคร"),
        ("EQ", "Bangkok", " near Bangkok", "ใกล้กรุงเทพมหานคร"),
        ("TC", "Phuket", " near Phuket", "ใกล้ภูเก็ต"),
        ("FL", "Phuket, Thailand", " in Phuket", "ที่ภูเก็ต"),
    ],
)
def test_near_is_said_only_of_what_happens_around_a_place(
    hazard: str, place: str, en: str, th: str
) -> None:
    english, thai = title(hazard, "TH", place)
    assert english.endswith(en)
    assert thai.endswith(th)


@pytest.mark.parametrize(
    ("country", "place", "thai"),
    [
        ("PH", "12 km N of northern Luzon, Philippines", "แผ่นดินไหว ใกล้ตอนเหนือของลูซอน"),
        ("MY", "Kedah", "แผ่นดินไหว ใกล้เกดะห์"),
        ("MY", "Nowhere Known", "แผ่นดินไหว ใกล้ Nowhere Known"),
        ("ID", "Kedah", "แผ่นดินไหว ใกล้ Kedah"),  # which is no place of that country
    ],
)
def test_a_place_has_its_thai_name_in_the_thai_title_and_its_own_in_the_english(
    country: str, place: str, thai: str
) -> None:
    english, said = title("EQ", country, place)
    assert said.endswith(thai)
    assert not any("\u0e00" < sign < "\u0e7f" for sign in english)


def test_an_english_title_keeps_the_blank_before_a_place_in_thai_letters() -> None:
    english, thai = title("FL", "LA", "เวียงจันทน์")
    assert english.endswith("flood in เวียงจันทน์")
    assert thai.endswith("ที่เวียงจันทน์")

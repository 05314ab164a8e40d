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
        ("explosion", "Bangkok", " in Bangkok", "ที่ Bangkok"),
        ("explosion", "12 km NW of Bangkok, Thailand", " near Bangkok", "ใกล้ Bangkok"),
        ("EQ", "Bangkok", " near Bangkok", "ใกล้ Bangkok"),
        ("TC", "Phuket", " near Phuket", "ใกล้ Phuket"),
        ("FL", "Phuket, Thailand", " in Phuket", "ที่ Phuket"),
    ],
)
def test_near_is_said_only_of_what_happens_around_a_place(
    hazard: str, place: str, en: str, th: str
) -> None:
    english, thai = title(hazard, "TH", place)
    assert english.endswith(en)
    assert thai.endswith(th)

from __future__ import annotations

import pytest

from classifiers.figures import find_figures
from classifiers.tags import Text
from classifiers.text import prepare


def read(text: str) -> dict[str, float]:
    return {figure.kind: figure.value for figure in find_figures(prepare(Text(text)))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 1,234 people killed, 56 injured and 7 missing",
         {"dead": 1234, "injured": 56, "missing": 7}),
        ("Twelve dead as bus plunges", {"dead": 12}),
        ("Death toll rises to 144", {"dead": 144}),
        ("Ferry disaster kills 31", {"dead": 31}),
        ("Floods displace 1.2 million", {"displaced": 1_200_000}),
        ("4,180 cases and 162 deaths", {"cases": 4180, "dead": 162}),
        ("ผู้เสียชีวิต ๑๒ ราย บาดเจ็บ 34 คน สูญหาย 5 ราย", {"dead": 12, "injured": 34, "missing": 5}),
        ("ดับแล้ว 3 ศพ", {"dead": 3}),
        ("12 orang tewas, 30 luka dan 4 hilang", {"dead": 12, "injured": 30, "missing": 4}),
        ("Gempa M 6,4 kedalaman 10 km", {"magnitude": 6.4, "depth_km": 10}),
        ("M7.7 quake, depth 10 km", {"magnitude": 7.7, "depth_km": 10}),
        ("แผ่นดินไหวขนาด 7.7 ลึก 10 กม.", {"magnitude": 7.7, "depth_km": 10}),
        ("日本发生7.1级地震", {"magnitude": 7.1}),
        ("地震造成12人死亡，30人受伤", {"dead": 12, "injured": 30}),
    ],
)  # fmt: skip
def test_figures_are_read_with_their_meaning(text: str, expected: dict[str, float]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Survivors of 2004 dead remembered",
        "Storm kills 3% of crops",
        "Match ends 3-1 after 90 minutes",
        "Covid-19 vaccine budget 2,000 million baht",
        "No one was hurt",
    ],
)
def test_numbers_without_victims_are_no_victims(text: str) -> None:
    assert not {"dead", "injured", "missing"} & set(read(text))


def test_the_words_stand_as_in_the_text() -> None:
    (figure,) = find_figures(prepare(Text("ยืนยันผู้เสียชีวิต ๑๒ ราย")))
    assert figure.words == "ผู้เสียชีวิต ๑๒ ราย"


def test_a_magnitude_beyond_the_scale_is_none() -> None:
    assert read("M 64.2 something") == {}

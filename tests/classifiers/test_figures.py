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
        ("แผ่นดินไหว 7.2 แมกนิจูด เชียงใหม่", {"magnitude": 7.2}),
        ("แผ่นดินไหวไต้หวัน 7.2 แมกนิจูด", {"magnitude": 7.2}),
        ("Earthquake measuring 6.4 on the Richter scale", {"magnitude": 6.4}),
        ("Strong 6.8 quake rattles coast", {"magnitude": 6.8}),
        ("Gempa 6,9 guncang Maluku", {"magnitude": 6.9}),
        ("Gempa berkekuatan M 6,9", {"magnitude": 6.9}),
        ("ไหวแรง 6.5 ริกเตอร์", {"magnitude": 6.5}),
        ("地震 M6.4", {"magnitude": 6.4}),
        ("台湾地震达6.4级", {"magnitude": 6.4}),
        ("Terremoto de 6,5 sacude Chile", {"magnitude": 6.5}),
        ("Magnitude 8 earthquake off Chile", {"magnitude": 8}),
        ("Death toll from Typhoon X in Vietnam rises to 254", {"dead": 254}),
        ("Toll climbs to 31", {"dead": 31}),
        ("ทหารพลีชีพ 4 นาย", {"dead": 4}),
        ("ยิงถล่ม ดับ 5", {"dead": 5}),
        ("เสียชีวิตแล้วอย่างน้อย 12 ราย", {"dead": 12}),
        ("Landslide leaves nine dead", {"dead": 9}),
        ("14 bodies found after sinking", {"dead": 14}),
        ("Twenty-one dead, a dozen missing", {"dead": 21, "missing": 12}),
        ("Two dozen injured", {"injured": 24}),
        ("Blast kills 9 Thai civilians", {"dead": 9}),
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
        "น้ำท่วม บ้านเสียหาย 200 หลัง",
        "ผู้ป่วยรักษาหาย 200 ราย",
        "เตือนภัยระดับ 5",
        "Dam in Laos collapses, hundreds missing",
        "Scores dead in ferry sinking, dozens hurt",
        "Ratusan orang hilang",
        "Man held after he killed 12 dogs",
        "หมูตาย 200 ตัว",
        "Smog kills 30,000 Thais a year",
        "ระเบิดพลีชีพ 3 ครั้ง",
        "Train leaves 9 minutes late",
    ],
)
def test_numbers_without_victims_are_no_victims(text: str) -> None:
    assert not {"dead", "injured", "missing"} & set(read(text))


def test_the_words_stand_as_in_the_text() -> None:
    (figure,) = find_figures(prepare(Text("ยืนยันผู้เสียชีวิต ๑๒ ราย")))
    assert figure.words == "ผู้เสียชีวิต ๑๒ ราย"


def test_a_magnitude_beyond_the_scale_is_none() -> None:
    assert read("M 64.2 something") == {}


@pytest.mark.parametrize("text", ["地震で震度5強", "ที่ดินขนาด 6.5 ไร่", "M 2.5 million deal"])
def test_an_intensity_or_a_size_is_no_magnitude(text: str) -> None:
    assert "magnitude" not in read(text)


def test_a_toll_of_fishermen_or_of_a_year_ago_is_a_toll() -> None:
    assert read("Storm kills 12 fishermen") == {"dead": 12}
    assert read("The blast killed 12 people a year ago") == {"dead": 12}

from __future__ import annotations

import pytest

from classifiers.gazetteer import FOLDER, places
from classifiers.places import find_all, find_places
from classifiers.tags import PlaceHit, Text
from classifiers.terms import spot
from classifiers.text import prepare


def read(text: str) -> tuple[tuple[str, ...], tuple[PlaceHit, ...]]:
    prepared = prepare(Text(text))
    return find_places(prepared, find_all(prepared, spot(prepared.folded).places))


def countries(text: str) -> tuple[str, ...]:
    return read(text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two Thai workers killed by rocket in northern Israel", ("IL",)),
        ("แรงงานไทยเสียชีวิต 2 รายในอิสราเอล", ("IL",)),
        ("น้ำท่วมหนักเชียงราย", ("TH",)),
        ("Gempa M 6,4 guncang Bengkulu", ("ID",)),
        ("US embassy in Tokyo warns citizens after quake in Taiwan", ("TW",)),
        ("China sends rescue team after earthquake in Nepal", ("NP",)),
        ("Japan condemns missile launch by North Korea", ("KP",)),
        ("Earthquake hits Turkey and Syria", ("TR", "SY")),
        ("台湾花莲发生6.1级地震", ("TW",)),
        ("北海道で震度5弱の地震", ("JP",)),
        ("زلزال يضرب المغرب", ("MA",)),
        ("Avalanche near Gudauri, Georgia, kills seven", ("GE",)),
        ("สอท. ณ กรุงย่างกุ้ง แจ้งเตือนแผ่นดินไหว", ("MM",)),
        ("Market shares fall for a third week", ()),
    ],
)
def test_the_country_is_that_of_the_event(text: str, expected: tuple[str, ...]) -> None:
    assert countries(text) == expected


def test_city_names_that_are_ordinary_words_are_not_places() -> None:
    assert read("Nice weather for a mobile reading of the split") == ((), ())


def test_a_lower_case_word_is_no_place_where_capitals_are_used() -> None:
    assert countries("The turkey was in the oven, said the cook in chile sauce") == ()


def test_a_short_thai_name_inside_another_word_is_no_place() -> None:
    assert countries("เลยไม่ได้ไปทำงานเพราะป่วย") == ()
    assert countries("น้ำท่วม จ.เลย") == ("TH",)


def test_a_city_comes_with_coordinates_and_the_words_of_the_text() -> None:
    _, places = read("ระเบิดกลางกรุงย่างกุ้ง")
    assert places[0].name == "ย่างกุ้ง"
    assert places[0].country == "MM"
    assert places[0].lat == pytest.approx(16.8, abs=0.2)


def test_the_state_of_georgia_is_not_the_country() -> None:
    assert "GE" not in countries("Georgia sheriff investigates Atlanta fire")


def test_an_office_of_one_country_is_the_last_hint() -> None:
    assert countries("BNPB: tiga kecamatan masih terendam") == ("ID",)
    assert countries("BNPB kirim bantuan setelah gempa di Nepal") == ("NP",)


def test_every_data_file_can_be_read_and_names_every_bali_country() -> None:
    bali = "AU BN KH CL CN FJ FI IN ID JP KR LA MY NZ PH SG ZA TH GB US VN".split()  # noqa: SIM905
    with_city = {place.country for place in places() if place.kind == "city"}
    assert set(bali) <= with_city | {"SG"}
    assert (FOLDER / "README.md").read_text(encoding="utf-8").count("CC BY 4.0") >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Fire at Chonburi factory", "Prachinburi flooded", "Blast in Buriram",
        "Ayutthaya under water",
        "Shells fall in Sisaket", "Floods in Nan", "Tak province on alert", "Crash near Trat",
        "Bus plunges off road in Korat", "Boat sinks off Phang Nga", "Khao Lak evacuated",
        "Smoke at Don Mueang", "Suvarnabhumi closed", "Hua Hin bombing", "Koh Samui ferry sinks",
        "Landslide near Pai", "Shots heard in Mae Sot", "Hat Yai flooded", "Betong bombing",
        "Rockets hit Aranyaprathet", "ไฟไหม้ที่สนามบินสุวรรณภูมิ", "น้ำท่วมโคราช", "น้ำท่วม จ.ตาก",
        "ดินถล่มที่น่าน", "รถบัสพลิกคว่ำปราจีนบุรี", "เรือล่มเกาะเต่า",
    ],
)  # fmt: skip
def test_provinces_resorts_and_airports_of_thailand_are_in_thailand(text: str) -> None:
    assert countries(text) == ("TH",)


def test_every_thai_province_is_known_in_both_languages() -> None:
    from pythainlp.corpus import provinces

    for province in provinces(details=True):
        own, english = province["name_th"], province["name_en"]
        assert countries(f"น้ำท่วม จังหวัด{own}") == ("TH",), own
        assert countries(f"Flooding in {english} province") == ("TH",), english
        assert countries(f"Flooding in {english.replace(' Buri', 'buri')}") == ("TH",), english


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Banjir di Sumatera Utara", "ID"),
        ("Banjir di Gorontalo", "ID"),
        ("Banjir landa Melaka", "MY"),
        ("Landslide in Benguet", "PH"),
        ("Quake off Davao Occidental", "PH"),
        ("Lũ quét ở Yên Bái", "VN"),
        ("Flash flood in Dien Bien", "VN"),
        ("Air strike in Magway", "MM"),
        ("တနင်္သာရီ ရေကြီး", "MM"),
        ("Flood in Savannakhet", "LA"),
        ("ນ້ຳຖ້ວມ ຢູ່ ຄຳມ່ວນ", "LA"),
        ("Shelling in Banteay Meanchey", "KH"),
        ("ទឹកជំនន់នៅបាត់ដំបង", "KH"),
    ],
)
def test_provinces_of_the_neighbours_are_known(text: str, expected: str) -> None:
    assert countries(text) == (expected,)


def test_a_short_name_without_a_context_is_no_province() -> None:
    assert countries("Nan Tak wins the singing prize") == ()
    assert countries("ตากผ้ากลางแดด น่านนำ") == ()

"""Lists of names stand in the order in which people look for them."""

from __future__ import annotations

import pytest

from alerts import words
from alerts.sorting import name_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["กัมพูชา", "เกาหลีใต้", "แคนาดา", "จีน", "ญี่ปุ่น", "เดนมาร์ก", "ไทย", "เนปาล", "ฟิลิปปินส์",
         "มาเลเซีย", "เมียนมา", "เยอรมนี", "ลาว", "เวียดนาม", "สิงคโปร์", "อินเดีย", "ไอซ์แลนด์"],
        ["กา", "ก่า", "ก้า", "ขา"],  # tones decide only where all else is alike
        ["Côte d’Ivoire", "Cuba", "denmark", "Éire", "Estonia"],
        ["Japan", "ญี่ปุ่น"],
    ],
    ids=["countries", "tones", "accents and capitals", "two scripts"],
)  # fmt: skip
def test_names_stand_in_the_order_of_the_dictionary(ordered: list[str]) -> None:
    mixed = ordered[::-1]
    assert sorted(mixed, key=name_key) == ordered


def test_every_country_stands_under_the_consonant_that_it_is_read_with() -> None:
    codes = ["KR", "KH", "CN", "JP", "TH", "MM", "VN", "LA", "DE", "CH", "AT", "BE"]
    names = sorted((words.country(code, "th", short=True) for code in codes), key=name_key)
    consonants = [next(sign for sign in name if "\u0e01" <= sign <= "\u0e2e") for name in names]
    assert consonants == sorted(consonants)


def test_what_has_no_name_comes_last() -> None:
    assert sorted(["", "ฮ", "z"], key=name_key) == ["z", "ฮ", ""]

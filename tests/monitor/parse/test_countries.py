from __future__ import annotations

import pytest

from monitor.parse.advice.fips import FIPS
from monitor.parse.countries import countries_in, country_named, country_numbered, iso2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("The Gambia", "GM"), ("Burma", "MM"), ("Myanmar (Burma)", "MM"), ("Viet Nam", "VN"),
        ("Côte d'Ivoire", "CI"), ("Lao PDR", "LA"), ("Korea, Republic of", "KR"),
        ("Democratic Republic of Congo", "CD"), ("St. Lucia", "LC"), ("Türkiye", "TR"),
        ("São Tomé and Príncipe", "ST"), ("Hong Kong", "HK"), ("Kosovo", "XK"),
        ("Southeast Of Loyalty Islands", None), ("", None),
    ],
)  # fmt: skip
def test_names_as_ministries_write_them(name: str, code: str | None) -> None:
    assert country_named(name) == code


def test_names_in_other_languages() -> None:
    assert country_named("Tyrkia", "no") == "TR"
    assert country_named("タイ", "ja") == "TH"


def test_codes_of_all_kinds() -> None:
    assert [iso2(code) for code in ("th", "THA", "UK", "XKX", "VUT", "ZZ", "EU", "QQQ", None)] == [
        "TH", "TH", "GB", "XK", "VU", None, None, None, None,
    ]  # fmt: skip
    assert country_numbered("764") == "TH"


def test_a_list_of_countries() -> None:
    names = "China, India, Laos, Myanmar, Thailand, Vietnam"
    assert countries_in(names) == ("CN", "IN", "LA", "MM", "TH", "VN")


def test_fips_codes_are_not_iso_codes() -> None:
    assert (FIPS["AU"], FIPS["JA"], FIPS["AJ"], FIPS["UP"], FIPS["AS"]) == (
        "AT",
        "JP",
        "AZ",
        "UA",
        "AU",
    )
    assert all(iso2(code) == code for code in FIPS.values())

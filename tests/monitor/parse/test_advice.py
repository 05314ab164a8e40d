from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints, Key


def read(data: object) -> Document:
    return parse(json.dumps(data).encode(), Hints())


def rss(*items: str, spaces: str = "") -> Document:
    return parse(f"<rss {spaces}><channel>{''.join(items)}</channel></rss>".encode(), Hints())


def facts(entry: Entry) -> tuple[str | None, str | None, str | None, bool]:
    advice = entry.values.advice
    assert advice is not None
    return advice.country, advice.level, advice.wording, advice.partial


# --- Canada ------------------------------------------------------------------------------------


def canada(code: str = "LB", **more: Any) -> dict[str, Any]:
    country = {
        "advisory-state": 3,
        "has-regional-advisory": 0,
        "recent-updates-type": "Advisory increase",
        "date-published": {"timestamp": 1407346535, "date": "2014-08-06 13:35:35"},
        "eng": {
            "name": "Lebanon",
            "url-slug": "lebanon",
            "advisory-text": "AVOID ALL TRAVEL",
            "recent-updates": "Laws &amp; Culture tab",
        },
        **more,
    }
    return {"metadata": {"generated": {"timestamp": 1412244753}}, "data": {code: country}}


def test_canada_keeps_its_number_and_its_words() -> None:
    document = read(canada())
    (entry,) = document.entries
    assert document.is_list
    assert facts(entry) == ("LB", "3", "AVOID ALL TRAVEL", False)
    assert entry.values.summary == "Laws & Culture tab"
    assert entry.keys[0] == Key("advice", "LB")


def test_canadas_level_zero_is_a_level() -> None:
    (entry,) = read(canada(**{"advisory-state": 0})).entries
    assert facts(entry)[1] == "0"


def test_canadas_part_of_a_country_is_a_line_of_its_own() -> None:
    (entry,) = read(canada("PT-20", eng={"name": "Azores", "advisory-text": "x"})).entries
    assert entry.values.advice is not None
    assert (entry.values.advice.country, entry.values.advice.area) == ("PT", "Azores")
    assert entry.keys[0] == Key("advice", "PT-20")


@pytest.mark.parametrize(
    "kind", ["Minor editorial change", "Editorial change", "Regular text update"]
)
def test_canadas_editorial_changes_are_flagged(kind: str) -> None:
    (entry,) = read(canada(**{"recent-updates-type": kind})).entries
    assert "editorial" in entry.values.flags


# --- Germany -----------------------------------------------------------------------------------


def germany(**flags: bool) -> Document:
    country = {
        "title": "Libanon: Reise- und Sicherheitshinweise",
        "countryCode": "LB",
        "iso3CountryCode": "LBN",
        "countryName": "Libanon",
        "lastModified": 1757063288,
        "effective": 1757063700,
        "warning": False,
        "partialWarning": False,
        "situationWarning": False,
        "situationPartWarning": False,
        **flags,
    }
    other = {
        **country,
        "countryCode": "DK",
        "countryName": "Dänemark",
        "warning": False,
        "partialWarning": False,
    }
    return read(
        {"response": {"lastModified": 1, "contentList": ["1", "2"], "1": country, "2": other}}
    )


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"warning": True}, ("LB", "warning", "Reisewarnung", False)),
        ({"partialWarning": True}, ("LB", "partialWarning", "Teilreisewarnung", True)),
        ({}, ("LB", "none", "Reise- und Sicherheitshinweise", False)),
    ],
    ids=["whole", "part", "none"],
)
def test_german_flags(flags: dict[str, bool], expected: tuple[str, str, str, bool]) -> None:
    document = germany(**flags)
    assert document.is_list
    assert len(document.entries) == 2
    assert facts(document.entries[0]) == expected


# --- United Kingdom ----------------------------------------------------------------------------


def govuk(statuses: list[str]) -> Entry:
    page = {
        "schema_name": "travel_advice",
        "base_path": "/foreign-travel-advice/lebanon",
        "locale": "en",
        "title": "Lebanon travel advice",
        "public_updated_at": "2026-03-19T14:04:20+00:00",
        "updated_at": "2026-07-10T16:55:14+01:00",
        "details": {
            "alert_status": statuses,
            "change_description": "Changed.\r\n\r\n",
            "country": {"name": "Lebanon", "slug": "lebanon"},
        },
    }
    return read(page).entries[0]


def test_several_british_statuses_stand_together_and_the_worst_comes_first() -> None:
    entry = govuk(["avoid_all_but_essential_travel_to_parts", "avoid_all_travel_to_parts"])
    country, level, wording, partial = facts(entry)
    assert country == "LB"
    assert level == "avoid_all_travel_to_parts, avoid_all_but_essential_travel_to_parts"
    assert wording is not None
    assert wording.startswith("FCDO advises against all travel to parts of Lebanon")
    assert partial
    assert entry.values.summary == "Changed."


def test_no_british_status_is_told_from_an_unknown_one() -> None:
    assert facts(govuk([]))[1] == "none"
    index = {
        "schema_name": "travel_advice_index",
        "title": "Foreign travel advice",
        "links": {
            "children": [
                {
                    "base_path": "/foreign-travel-advice/ivory-coast",
                    "public_updated_at": "2026-05-01T14:24:52Z",
                    "title": "Côte d'Ivoire travel advice",
                    "details": {"country": {"name": "Côte d'Ivoire", "slug": "ivory-coast"}},
                },
            ]
        },
    }
    document = read(index)
    assert document.is_list
    assert facts(document.entries[0]) == ("CI", None, None, False)


# --- United States -----------------------------------------------------------------------------


def state(
    title: str,
    link: str = "https://travel.state.gov/x.html",
    tag: str = "",
    date: str = "Tue, 08 Sep 2026",
) -> str:
    category = f'<category domain="Country-Tag">{tag}</category>' if tag else ""
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>"
        f"{link}</guid><pubDate>{date}</pubDate>{category}</item>"
    )


@pytest.mark.parametrize(
    ("title", "tag", "expected"),
    [
        ("Lebanon - Level 4: Do Not Travel", "LE", ("LB", "4")),
        ("Mexico Travel Advisory - Level 2: Exercise Increased Caution", "", ("MX", "2")),
        ("Burma  - Level 4: Do Not Travel", "BM", ("MM", "4")),
        ("Israel - Level 3: Reconsider Travel - Level 3: Reconsider Travel", "", ("IL", "3")),
        ("Ruritania - Level 1: Exercise Normal Precautions", "AU", ("AT", "1")),
        ("Worldwide Caution", "", (None, None)),
    ],
)
def test_american_titles(title: str, tag: str, expected: tuple[str | None, ...]) -> None:
    document = rss(state(title, tag=tag))
    assert document.is_list
    assert facts(document.entries[0])[:2] == expected


def test_a_country_under_two_american_links_is_one_line_with_the_newest_date() -> None:
    document = rss(
        state("Lebanon - Level 4: Do Not Travel", "https://travel.state.gov/a.html"),
        state(
            "Lebanon - Level 3: Reconsider Travel",
            "https://travel.state.gov/destination.lbn.html",
            date="Wed, 09 Sep 2026",
        ),
    )
    (entry,) = document.entries
    assert facts(entry)[1] == "3"


def test_one_american_title_on_rows_with_different_pages_stays_several_lines() -> None:
    title = (
        "Mainland China, Hong Kong &amp; Macau - See "
        "Summaries - Level 2: Exercise Increased Caution"
    )
    document = rss(*(state(title, f"https://travel.state.gov/{n}.html") for n in range(3)))
    assert len(document.entries) == 3
    assert len({entry.keys[0] for entry in document.entries}) == 3


def test_west_bank_and_gaza_are_two_lines_of_one_country() -> None:
    found = rss(
        state("Gaza - Level 4: Do Not Travel", "https://travel.state.gov/gaza.html"),
        state("West Bank - Level 3: Reconsider Travel", "https://travel.state.gov/wb.html"),
    ).entries
    assert [facts(entry)[0] for entry in found] == ["PS", "PS"]
    assert found[0].keys[0] != found[1].keys[0]


def test_the_american_json_list_says_the_same_as_the_rss() -> None:
    item = {
        "Title": "Lebanon - Level 4: Do Not Travel",
        "Link": "https://travel.state.gov/x.html",
        "Category": ["LE"],
        "Summary": "<p>Leave now.</p>",
        "Published": "2026-09-08T20:00:00-04:00",
    }
    from_json, from_rss = read([item]), rss(state("Lebanon - Level 4: Do Not Travel"))
    assert from_json.is_list
    assert facts(from_json.entries[0]) == facts(from_rss.entries[0])
    assert from_json.entries[0].keys[0] == from_rss.entries[0].keys[0]


# --- Australia ---------------------------------------------------------------------------------


def smartraveller(level: str, words: str, coverage: str = "Lebanon") -> Entry:
    item = (
        "<item><title>Lebanon</title><link>"
        "https://www.smartraveller.gov.au/destinations/lebanon</link>"
        "<pubDate>21 Jul 2026 22:00:00 AEST</pubDate><ta:warnings><dc:coverage>"
        f"{coverage}</dc:coverage>"
        f"<ta:level>{level}</ta:level><dc:description>{words}</dc:description></ta:warnings></item>"
    )
    spaces = (
        'xmlns:ta="http://www.smartraveller.gov.au/schema/rss/travel_advisories/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return rss(item, spaces=spaces).entries[0]


def test_australian_words_decide_and_not_the_number() -> None:
    assert facts(smartraveller("5/5", "Do not travel"))[:3] == ("LB", "4", "Do not travel")
    assert facts(smartraveller("2/5", "Exercise normal safety precautions"))[1] == "1"


def test_an_australian_number_alone_is_kept_as_written_and_flagged() -> None:
    entry = smartraveller("4/5", "")
    assert facts(entry)[1] == "4/5"
    assert "level_by_number" in entry.values.flags


def test_an_australian_level_for_an_area_is_partial() -> None:
    entry = smartraveller("5/5", "Do not travel", "Border with Syria")
    assert entry.values.advice is not None
    assert (entry.values.advice.partial, entry.values.advice.area) == (True, "Border with Syria")
    assert entry.keys[0] == Key("advice", "LB")


# --- Norway and Japan --------------------------------------------------------------------------


def test_a_norwegian_page_is_advice_about_its_country() -> None:
    item = (
        "<item><title>Tyrkia - reiseinformasjon</title><guid>"
        "2414945</guid><link>https://mfa.example/tyrkia</link></item>"
    )
    assert facts(rss(item).entries[0]) == ("TR", None, None, False)


def japan(levels: str, mails: str = "") -> Document:
    body = (
        '<opendata lastModified="2026/07/10 03:56:47"><country><cd>0066</cd>'
        "<name>タイ</name></country>"
        f"{levels}{mails}</opendata>"
    )
    return parse(body.encode(), Hints())


def risk(*values: str) -> str:
    return "".join(
        f"<riskLevel{n}>{value}</riskLevel{n}>"
        for n, value in zip((4, 3, 2, 1), values, strict=True)
    )


def test_japans_highest_of_several_levels_holds_for_a_part() -> None:
    (entry,) = japan(risk("0", "1", "1", "1")).entries
    country, level, wording, partial = facts(entry)
    assert (country, level, partial) == ("TH", "3", True)
    assert wording is not None
    assert "渡航中止勧告" in wording


def test_japan_without_levels_has_no_danger_information() -> None:
    (entry,) = japan(risk("N", "N", "N", "N")).entries
    assert facts(entry)[:3] == ("TH", "0", "危険情報なし")


def test_a_japanese_notice_is_an_entry_with_its_number() -> None:
    mail = (
        "<mail><keyCd>2026T001</keyCd><infoType>T40</infoType><infoName>危険情報</infoName>"
        "<leaveDate>2026/09/01 00:00:00</leaveDate><title>タイの危険情報</title><lead>注意</lead>"
        "<country><cd>0066</cd><name>タイ</name></country></mail>"
    )
    (entry,) = japan("", mail).entries
    assert entry.keys[0] == Key("id", "2026T001")
    assert entry.values.places[0].country == "TH"
    assert entry.values.published_at is not None
    assert entry.values.published_at.hour == 15

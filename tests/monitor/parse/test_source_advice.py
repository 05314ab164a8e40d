"""Travel advice, publisher by publisher: samples made up in the shape that each one serves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.parse.countries import country_named
from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints, Key, NotAFeed
from storage.records import Advice


def read(data: object, **hints: Any) -> Document:
    return parse(json.dumps(data, ensure_ascii=False).encode(), Hints(**hints))


def xml(body: str, **hints: Any) -> Document:
    return parse(body.encode(), Hints(**hints))


def advice(entry: Entry) -> Advice:
    found = entry.values.advice
    assert found is not None
    return found


# --- United States -------------------------------------------------------------------------------


def american(title: str, summary: str = "", date: str = "Tue, 08 Sep 2026") -> Document:
    link = "https://travel.state.gov/content/travel/en/x/lebanon-travel-advisory.html"
    return xml(
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Travel Advisories</title><item><title>{title}</title><link>{link}</link>"
        f"<pubDate>{date}</pubDate><description><![CDATA[{summary}]]></description>"
        '<category domain="Threat-Level">Level 4: Do Not Travel</category>'
        '<category domain="Country-Tag">LE</category>'
        '<category domain="Keyword">advisory</category>'
        f"<dc:identifier>LE</dc:identifier><guid>{link}</guid></item></channel></rss>"
    )


def test_the_american_rss_gives_level_words_and_the_publishers_day() -> None:
    document = american("Lebanon - Level 4: Do Not Travel", "<p>Leave now.</p>")
    (entry,) = document.entries
    assert document.is_list
    assert advice(entry) == Advice("LB", "4", "Do Not Travel")
    assert entry.values.published_at == datetime(2026, 9, 8, tzinfo=UTC)
    assert "date_only" in entry.values.flags
    assert entry.keys[0] == Key("advice", "LB")


def test_an_american_title_without_level_takes_it_from_the_category() -> None:
    (entry,) = american("Lebanon Travel Advisory").entries
    assert advice(entry).level == "4"


def test_a_date_of_the_american_json_stays_on_the_publishers_day() -> None:
    def day(stamp: str) -> datetime | None:
        item = {"Title": "Lebanon - Level 4: Do Not Travel", "Link": "https://x.example/lebanon",
                "Category": ["LE"], "Summary": "x", "id": "LE", "Published": stamp,
                "Updated": stamp}  # fmt: skip
        return read([item]).entries[0].values.published_at

    assert day("2025-05-14T20:00:00-04:00") == datetime(2025, 5, 14, tzinfo=UTC)
    assert day("2025-01-14T19:00:00-05:00") == datetime(2025, 1, 14, tzinfo=UTC)
    assert day("2025-05-14T09:30:00-04:00") == datetime(2025, 5, 14, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "There were no changes to the advisory level or risk indicators.",
        "Reissued after periodic review without changes.",
    ],
)
def test_an_american_review_without_change_is_flagged_editorial(said: str) -> None:
    (entry,) = american("Lebanon - Level 4: Do Not Travel", said).entries
    assert "editorial" in entry.values.flags
    assert advice(entry).wording == "Do Not Travel"


def test_an_american_ordered_departure_counts_as_a_change_at_the_same_level() -> None:
    before = american("Lebanon - Level 4: Do Not Travel", "Crime is high.").entries[0]
    after = american(
        "Lebanon - Level 4: Do Not Travel",
        "On September 8 the Department ordered departure of family members.",
    ).entries[0]
    lifted = american(
        "Lebanon - Level 4: Do Not Travel", "The Department lifted the ordered departure."
    ).entries[0]
    assert advice(before).level == advice(after).level == "4"
    assert advice(before).wording != advice(after).wording
    assert "ordered_departure" in after.values.flags
    assert advice(lifted).wording == advice(before).wording


def test_an_embassy_alert_is_placed_in_its_country() -> None:
    body = (
        "<rss><channel><item><title>Security Alert: Demonstrations</title>"
        "<link>https://th.usembassy.gov/security-alert-demonstrations/</link>"
        '<guid isPermaLink="false">https://th.usembassy.gov/?p=9001</guid>'
        "<pubDate>Tue, 08 Sep 2026 10:00:00 +0000</pubDate></item></channel></rss>"
    )
    (entry,) = xml(body).entries
    assert [place.country for place in entry.values.places] == ["TH"]
    assert entry.values.advice is None


# --- United Kingdom ------------------------------------------------------------------------------


def british(updated: str) -> Document:
    page = "https://www.gov.uk/foreign-travel-advice/ivory-coast"
    return xml(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Travel Advice Summary</title>'
        "<author><name>GOV.UK</name></author><entry>"
        f"<id>{page}#{updated}</id><updated>{updated}</updated>"
        f'<link rel="alternate" type="text/html" href="{page}"/>'
        f'<link rel="self" type="application/atom+xml" href="{page}.atom"/>'
        "<title>Côte d'Ivoire</title>"
        '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Latest update: '
        "Summary section.</p></div></summary></entry></feed>"
    )


def test_a_british_update_keeps_the_countrys_identity_though_its_id_is_new() -> None:
    (first,) = british("2026-07-19T09:58:23+01:00").entries
    (second,) = british("2026-07-20T11:00:00+01:00").entries
    assert first.keys[0] == second.keys[0]
    assert first.keys[0].value == "https://www.gov.uk/foreign-travel-advice/ivory-coast"
    assert advice(first).country == "CI"
    assert first.values.updated_at == datetime(2026, 7, 19, 8, 58, 23, tzinfo=UTC)
    assert first.values.link == "https://www.gov.uk/foreign-travel-advice/ivory-coast"
    assert not british("2026-07-19T09:58:23+01:00").is_list


def test_a_british_status_that_nobody_knows_is_kept_as_a_category_and_no_level() -> None:
    page = {
        "schema_name": "travel_advice",
        "base_path": "/foreign-travel-advice/ruritania",
        "title": "Ruritania travel advice",
        "public_updated_at": "2026-03-19T14:04:20+00:00",
        "updated_at": "2026-07-10T16:55:14+01:00",
        "details": {
            "alert_status": ["avoid_the_moon"],
            "change_description": "Line one\r\nline two\r\n",
            "change_history": [{"note": "x", "public_timestamp": "2020-01-01T00:00:00Z"}],
            "country": {"name": "Ruritania", "slug": "ruritania", "synonyms": []},
            "parts": [{"slug": "s", "title": "t", "body": "<p>x</p>"}],
        },
    }
    (entry,) = read(page).entries
    assert entry.values.source_categories == ("avoid_the_moon",)
    assert advice(entry).level == "none"
    assert entry.values.summary == "Line one line two"
    assert entry.values.published_at == datetime(2026, 3, 19, 14, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Pitcairn Island", "PN"), ("Antarctica/British Antarctic Territory", "AQ"),
        ("Hong Kong SAR", "HK"), ("Bonaire", "BQ"), ("Micronesia (Federated States of)", "FM"),
    ],
)  # fmt: skip
def test_countries_are_known_by_the_names_of_ministries(name: str, code: str) -> None:
    assert country_named(name) == code


# --- Australia -----------------------------------------------------------------------------------


def australian(*blocks: tuple[str, str, str], date: str = "21 Jul 2026 22:00:00 AEST") -> Entry:
    inner = "".join(
        f"<ta:warnings><dc:coverage>{where}</dc:coverage><ta:level>{step}</ta:level>"
        f"<dc:description>{words}</dc:description></ta:warnings>"
        for where, step, words in blocks
    )
    body = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ta="http://www.'
        'smartraveller.gov.au/schema/rss/travel_advisories/"><channel><item>'
        "<title>Thailand</title><link>https://www.smartraveller.gov.au/destinations/asia/thailand"
        f"</link><pubDate>{date}</pubDate>{inner}</item></channel></rss>"
    )
    (entry,) = xml(body, timezone="Australia/Sydney").entries
    return entry


def test_an_australian_area_above_its_country_stands_beside_the_countrys_level() -> None:
    entry = australian(
        ("Thailand", "3/5", "Exercise a high degree of caution"),
        ("Southern provinces", "5/5", "Do not travel"),
    )
    assert advice(entry) == Advice(
        "TH", "2", "Exercise a high degree of caution", False, "Southern provinces: Do not travel"
    )
    assert entry.keys[0] == Key("advice", "TH")
    assert entry.values.source_categories == ("level 3/5", "level 5/5")


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("21 Jul 2026 22:00:00 AEST", 12),
        ("21 Jan 2026 22:00:00 AEDT", 11),
        ("21 Jul 2026 22:00:00 GMT", 22),
    ],
)
def test_australian_zone_letters_are_understood(date: str, hour: int) -> None:
    found = australian(("Thailand", "2/5", ""), date=date).values.published_at
    assert found is not None
    assert found.hour == hour


# --- Canada --------------------------------------------------------------------------------------


def test_canada_today_and_yesterday_are_told_apart_by_the_state_and_not_by_the_words() -> None:
    def country(words: str) -> dict[str, Any]:
        return {
            "country-id": 1, "country-iso": "LB", "country-eng": "Lebanon", "country-fra": "Liban",
            "advisory-state": 3, "has-advisory-warning": 1, "has-regional-advisory": 1,
            "date-published": {"timestamp": None, "date": "2026-07-10 03:56:47",
                               "asp": "2026-07-10T03:56:47.1234567-04:00"},
            "recent-updates-type": "National advisory increased",
            "eng": {"name": "Lebanon", "url-slug": "lebanon", "friendly-date": "July 10",
                    "advisory-text": words, "recent-updates": "x"},
            "fra": {"name": "Liban", "advisory-text": "Éviter tout voyage"},
        }  # fmt: skip

    new = read({"data": {"LB": country("Avoid all travel")}}).entries[0]
    old = read({"data": {"LB": country("AVOID ALL TRAVEL; see also regional advisories.")}})
    assert advice(new).level == advice(old.entries[0]).level == "3"
    assert new.values.published_at == datetime(2026, 7, 10, 7, 56, 47, tzinfo=UTC)
    assert "regional_advisory" in new.values.flags
    assert "editorial" not in new.values.flags


# --- Germany -------------------------------------------------------------------------------------


def test_the_german_page_of_one_country_is_no_list_and_brings_its_text() -> None:
    page = {
        "response": {
            "lastModified": 1757063288,
            "201946": {
                "title": "Libanon: Reise- und Sicherheitshinweise", "countryCode": "LB",
                "iso3CountryCode": "LBN", "countryName": "Libanon", "warning": True,
                "partialWarning": False, "situationWarning": False,
                "situationPartWarning": False, "effective": 1757063700,
                "lastModified": 1757063288, "lastChanges": "<p>Redaktionelle Änderungen</p>",
                "content": "<p>Vor Reisen wird gewarnt.</p>", "disclaimer": "<p>x</p>",
            },
        }
    }  # fmt: skip
    document = read(page)
    (entry,) = document.entries
    assert not document.is_list
    assert advice(entry) == Advice("LB", "warning", "Reisewarnung")
    assert entry.values.summary == "Redaktionelle Änderungen"
    assert document.updated is None


# --- Norway --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wording", "partial"),
    [
        ("Utenriksdepartementet fraråder alle reiser til Libanon.",
         "fraråder alle reiser til Libanon", False),
        ("UD fraråder alle reiser til Sør-Libanon.", "fraråder alle reiser til Sør-Libanon", True),
        ("UD fraråder reiser som ikke er strengt nødvendige.",
         "fraråder reiser som ikke er strengt nødvendige", False),
        ("Libanon anses som trygt.", None, False),
    ],
)  # fmt: skip
def test_norways_level_is_the_phrase_in_its_text(
    text: str, wording: str | None, partial: bool
) -> None:
    body = (
        '\ufeff<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:atom="http://www.w3.org/2005/Atom"><channel><item>'
        '<guid isPermaLink="false">2415548</guid><title>Libanon - reiseinformasjon</title>'
        f"<link>https://mfa.example/libanon</link><description>{text}</description>"
        "<pubDate>Mon, 03 Aug 2026 09:20:23 +0200</pubDate>"
        "<atom:updated>2026-08-03T07:20:23Z</atom:updated></item></channel></rss>"
    )
    (entry,) = xml(body).entries
    assert advice(entry) == Advice("LB", None, wording, partial)
    assert entry.keys[0] == Key("advice", "LB")


# --- Japan ---------------------------------------------------------------------------------------


def japanese(inner: str) -> Document:
    return xml(
        '<?xml version="1.0" encoding="UTF-8"?><opendata dataType="A" odType="newarrival" '
        f'lastModified="2026/07/10 03:56:47">{inner}</opendata>'
    )


def test_japans_new_arrivals_are_notices_each_with_its_kind_and_countries() -> None:
    mail = (
        "<mail><keyCd>2026T001</keyCd><infoType>T40</infoType><infoName>危険情報</infoName>"
        "<leaveDate>2026/09/01 00:00:00</leaveDate><title>レバノンの危険情報</title>"
        "<lead>【危険度】●全土 レベル４</lead><mainText>本文</mainText>"
        "<infoUrl>https://mofa.example/T001</infoUrl><area><cd>50</cd><name>中東</name></area>"
        "<country><areaCd>50</areaCd><cd>0961</cd><name>レバノン</name></country></mail>"
    )
    document = japanese(mail)
    (entry,) = document.entries
    assert not document.is_list
    assert document.updated == datetime(2026, 7, 9, 18, 56, 47, tzinfo=UTC)
    assert entry.values.source_categories == ("危険情報", "T40")
    assert [place.country for place in entry.values.places] == ["LB"]
    assert entry.values.published_at == datetime(2026, 8, 31, 15, tzinfo=UTC)
    assert entry.keys[0] == Key("id", "2026T001")


# --- Korea ---------------------------------------------------------------------------------------


def alarm(level: str, kind: str = "전체", remark: str = "") -> dict[str, Any]:
    return {
        "alarm_lvl": level, "continent_nm": "아시아", "country_nm": "필리핀",
        "country_eng_nm": "Philippines", "country_iso_alp2": "PH", "region_ty": kind,
        "remark": remark, "written_dt": "2026-09-01",
    }  # fmt: skip


def envelopes(rows: list[dict[str, Any]]) -> list[object]:
    inner: object = rows[0] if len(rows) == 1 else rows
    return [
        {"currentCount": len(rows), "data": rows},
        {"response": {"header": {"resultCode": "0"}, "body": {"items": {"item": inner}}}},
        {"response": {"body": {"items": rows, "totalCount": len(rows)}}},
    ]


@pytest.mark.parametrize("envelope", envelopes([alarm("2")]), ids=["data", "item", "items"])
def test_korea_is_read_in_every_envelope(envelope: object) -> None:
    document = read(envelope)
    (entry,) = document.entries
    assert document.is_list
    assert advice(entry) == Advice("PH", "2", "여행자제")
    assert entry.keys[0] == Key("advice", "PH")
    assert entry.values.published_at == datetime(2026, 8, 31, 15, tzinfo=UTC)


def test_koreas_rows_of_one_country_are_one_line_with_the_worse_area_beside() -> None:
    rows = [alarm("3", "일부", "잠보앙가"), alarm("2", "전체"), alarm("4", "일부", "술루")]
    (entry,) = read({"data": rows}).entries
    assert advice(entry) == Advice(
        "PH", "2", "여행자제", False, "여행금지: 술루; 출국권고: 잠보앙가"
    )


def test_korea_with_levels_for_areas_only_is_partial() -> None:
    (entry,) = read({"data": [alarm("3", "일부", "잠보앙가")]}).entries
    assert advice(entry) == Advice("PH", "3", "출국권고", True, "잠보앙가")


def test_korean_warning_lists_say_the_level_in_words_by_column() -> None:
    row = {
        "country_name": "레바논", "country_nm": "레바논", "country_eng_nm": "Lebanon",
        "country_iso_alp2": "LB", "attention": None, "control": "",
        "limita": "출국권고", "ban_yn_partial": "여행금지(일부)", "ban_note": "남부 국경",
    }  # fmt: skip
    (entry,) = read({"data": [row]}).entries
    assert advice(entry).level == "3"
    assert advice(entry).area is not None
    assert "여행금지" in (advice(entry).area or "")


def test_koreas_special_notice_is_told_by_its_own_name() -> None:
    row = {"country_nm": "레바논", "country_iso_alp2": "LB", "splimit": "특별여행주의보"}
    (entry,) = read({"data": [row]}).entries
    assert advice(entry) == Advice("LB", "special", "특별여행주의보")


def test_a_korean_safety_notice_is_an_entry_with_its_number() -> None:
    row = {
        "notice_id": "ATC0000001", "title": "안전공지", "txt_origin_cn": "주의하십시오",
        "html_origin_cn": "<p>주의</p>", "wrt_dt": "2026-09-01", "country_nm": "레바논",
        "country_eng_nm": "Lebanon", "country_iso_alp2": "LB",
    }  # fmt: skip
    document = read({"data": [row]})
    (entry,) = document.entries
    assert not document.is_list
    assert entry.keys[0] == Key("id", "notice ATC0000001")
    assert entry.values.summary == "주의하십시오"
    assert entry.values.places[0].country == "LB"


@pytest.mark.parametrize(
    ("body", "state", "said"),
    [
        (
            '{"response":{"header":{"resultCode":"30","resultMsg":"SERVICE KEY IS UNKNOWN"}}}',
            "json_not_feed",
            "SERVICE KEY",
        ),
        (
            "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg></cmmMsgHeader>"
            "</OpenAPI_ServiceResponse>",
            "not_a_feed",
            "SERVICE ERROR",
        ),
    ],
    ids=["json", "xml"],
)
def test_a_korean_refusal_is_named_and_quoted(body: str, state: str, said: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(body.encode(), Hints())
    assert caught.value.state == state
    assert said in caught.value.detail


# --- Slovakia and France: dates only -------------------------------------------------------------


def test_a_slovak_date_has_the_day_first() -> None:
    body = (
        "<rss><channel><item><title>Libanon</title><pubDate>10.03.2026 12:13:14</pubDate></item>"
        "</channel></rss>"
    )
    (entry,) = xml(body, timezone="Europe/Bratislava").entries
    assert entry.values.published_at == datetime(2026, 3, 10, 11, 13, 14, tzinfo=UTC)

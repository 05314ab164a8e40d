"""Real documents of publishers, kept outside the project; skipped where they are absent."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints, Key

FEEDS = Path(__file__).parents[4] / "shared" / "feeds"
pytestmark = pytest.mark.skipif(
    not (FEEDS / "INDEX.tsv").exists(), reason="the real documents are not part of the project"
)


def index() -> list[tuple[str, int]]:
    if not (FEEDS / "INDEX.tsv").exists():
        return []
    with (FEEDS / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["file"], int(row["expected_entries"])) for row in rows]


@cache
def read(name: str, timezone: str = "UTC") -> Document:
    return parse((FEEDS / name).read_bytes(), Hints(timezone=timezone))


def only(name: str) -> Entry:
    (entry,) = read(name).entries
    return entry


@pytest.mark.parametrize(("name", "expected"), index())
def test_every_document_gives_all_its_entries(name: str, expected: int) -> None:
    document = read(name)
    assert len(document.entries) == expected
    for entry in document.entries:
        assert entry.keys
        assert not re.search("[\x00-\x1f\u200b\u202a-\u202e]", entry.values.title)
        assert "<script" not in entry.values.summary.lower()


@pytest.mark.parametrize(("name", "expected"), index())
def test_a_second_poll_finds_the_same_identities(name: str, expected: int) -> None:
    again = parse((FEEDS / name).read_bytes(), Hints())
    assert [entry.keys for entry in again.entries] == [entry.keys for entry in read(name).entries]
    named = [entry for entry in again.entries if entry.values.title or entry.values.link]
    first = Counter(key for entry in named for key in entry.keys)
    assert max(first.values(), default=1) == 1
    assert expected == len(again.entries)


def test_nothing_of_an_external_entity_gets_in() -> None:
    for name in ("attack-xxe.atom.xml", "attack-xxe.cap.xml"):
        assert "root:" not in repr(only(name))
        assert "&xxe;" not in repr(only(name))


def test_gdacs_rss_keeps_severity_sentence_population_and_event() -> None:
    entries = {
        key.value: entry
        for entry in read("gdacs-20191230-0135.rss.xml").entries
        for key in entry.events
    }
    hazard = entries["TC-2019-000176-PHL"].values.hazard
    assert hazard is not None
    assert hazard.population == 4476940
    assert hazard.severity_text == "Tropical Depression (maximum wind speed of 46 km/h)"
    listed = read("gdacs-20191230-0135.rss.xml").entries
    hazards = [entry.values.hazard for entry in listed if entry.values.hazard]
    assert Counter(hazard.type for hazard in hazards) == {"DR": 11, "TC": 3, "EQ": 2}
    quakes = {(hazard.magnitude, hazard.depth_km) for hazard in hazards if hazard.type == "EQ"}
    assert quakes == {(5.5, 10.0), (5.5, 59.95)}


def test_a_rebuilt_gdacs_feed_brings_no_drought_twice() -> None:
    names = ("gdacs-20191230-0022-24h.rss.xml", "gdacs-20191230-0135.rss.xml")
    early, late = (
        {key for entry in read(name).entries for key in entry.keys if key.value.startswith("DR")}
        for name in names
    )
    assert late
    assert late <= early


def test_the_gdacs_api_joins_by_event_and_glide() -> None:
    days = [read(f"gdacs-api-search-2026{day}.json") for day in ("0429", "0430")]
    first, second = ({entry.keys[0].value for entry in day.entries} for day in days)
    assert second <= first
    assert "EQ1536386" in first
    entry = next(e for e in days[0].entries if e.keys[0].value == "EQ1536386")
    assert Key("glide", "EQ-2026-000057-JPN") in entry.events
    assert entry.values.places[0].country == "JP"


def test_nws_vtec_actions_are_counted_as_published() -> None:
    flags = Counter(
        flag for entry in read("nws-us-all.atom.xml").entries for flag in set(entry.values.flags)
    )
    assert flags["vtec_con"] == 46
    assert flags["vtec_ext"] == 10
    assert flags["vtec_cor"] == 3
    assert flags["vtec_exp"] == 2
    assert flags["vtec_can"] == 1
    types = Counter(entry.values.message_type for entry in read("nws-us-all.atom.xml").entries)
    assert types == {"alert": 105, "update": 55, "cancel": 3}  # 4 entries are NEW beside CON


@pytest.mark.parametrize(
    "name",
    [
        "th-feedparser.tis620.rss.xml",
        "th-kku-pharmacy-analyse.tis620.rss.xml",
        "th-opentle.tis620.rss.xml",
        "th-trickspot.tis620.rss.xml",
    ],
)
def test_thai_legacy_bytes_are_readable(name: str) -> None:
    words = " ".join(f"{entry.values.title} {entry.values.summary}" for entry in read(name).entries)
    assert len(re.findall("[\u0e01-\u0e5b]", words)) > 100
    assert not re.search("[\u0080-\u009f\u00c0-\u00ff\ufffd]", words)


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("zh-coolloud.big5.rss.xml", "[\u4e00-\u9fff]"),
        ("ko-acnnewswire.euckr.rss.xml", "[\uac00-\ud7a3]"),
        ("he-hagada.windows1255.rss.xml", "[\u05d0-\u05ea]"),
        ("iconv-windows-1251.rss.xml", "[\u0400-\u04ff]"),
        ("jornal-noticias-latin1.rss.xml", "[ãçéõ]"),
    ],
)
def test_other_legacy_bytes_are_readable(name: str, script: str) -> None:
    words = " ".join(entry.values.title for entry in read(name).entries)
    assert re.search(script, words)
    assert "\ufffd" not in words


def test_thai_and_korean_dates_that_feedparser_loses_are_read() -> None:
    for name in ("th-trickspot.tis620.rss.xml", "ko-acnnewswire.euckr.rss.xml"):
        assert all(entry.values.published_at for entry in read(name).entries)
    first = read("th-trickspot.tis620.rss.xml").entries[0].values.published_at
    assert first is not None
    assert first.isoformat() == "2005-11-03T21:24:18+00:00"


def test_western_australian_times_are_local() -> None:
    first = read("wa-dfes-incidents.rss.xml", "Australia/Perth").entries[0].values.published_at
    assert first is not None
    assert first.isoformat() == "2018-08-30T11:47:47+00:00"


def test_usgs_quakes_carry_all_their_ids() -> None:
    entries = read("usgs-significant-month.geojson").entries
    ids = next(
        {key.value for key in entry.events}
        for entry in entries
        if entry.keys[0].value == "ci15476961"
    )
    assert ids == {"ci15476961", "at00n2l1ao", "usc000ne4i"}
    atom, cap = only("usgs-m5-index.atom.xml"), only("usgs-earthquake-tonga.cap.xml")
    assert Key("usgs", "us2010apcd") in set(atom.events) & set(cap.events)


def test_a_japanese_withdrawal_is_a_cancel_and_a_warning_is_not() -> None:
    assert only("jma-tsunami-cancel.vtse41.xml").values.message_type == "cancel"
    assert only("jma-quake-withdrawn.vxse53.xml").values.message_type == "cancel"
    warning = only("jma-tsunami-warning.vtse41.xml")
    assert warning.values.message_type == "alert"
    assert warning.values.hazard is not None
    assert (warning.values.hazard.type, warning.values.hazard.alert_level) == ("TS", "大津波警報")
    assert warning.values.hazard.magnitude is None
    assert warning.values.hazard.severity_text == "M8を超える巨大地震"


def test_cap_documents_say_status_type_and_signature() -> None:
    update = only("ntwc-tsunami-update.cap.xml").values
    assert update.message_type == "update"
    assert update.references == ("PAAQ,PAAQ-1-lqw6d6,2011-09-02T10:55:55-00:00",)
    assert update.hazard is not None
    assert (update.hazard.type, update.hazard.severity, update.hazard.magnitude) == (
        "TS",
        "Extreme",
        7.1,
    )
    assert "signed" in only("ca-naads-signed.cap.xml").values.flags
    assert only("oasis-amber-en-es.cap.xml").values.language == "en"
    assert len(only("ca-naads-signed-in-atom.atom.xml").values.places) == 2


def test_canada_lists_229_lines_with_levels() -> None:
    document = read("canada-travel-index.json")
    levels = Counter(entry.values.advice.level for entry in document.entries if entry.values.advice)
    assert levels == {"0": 107, "1": 97, "2": 13, "3": 12}
    assert document.is_list


def test_germany_lifted_seven_warnings_overnight() -> None:
    before, after = (
        {e.keys[0]: e.values.advice for e in read(f"aa-travelwarning-index-{day}.json").entries}
        for day in ("20260430", "20260501")
    )
    changed = {
        key.value: (before[key], after[key]) for key in before if before[key] != after.get(key)
    }
    assert set(changed) == {"QA", "SA", "AE", "IL", "BH", "OM", "JO"}
    assert [code for code, (_, now) in changed.items() if now and now.partial] == ["IL"]
    levels = Counter(
        e.values.advice.level
        for e in read("aa-travelwarning-index-2026b.json").entries
        if e.values.advice
    )
    assert levels == {"none": 155, "partialWarning": 27, "warning": 18}


def test_the_british_index_changed_for_mali_only() -> None:
    before, after = (
        {
            e.keys[0]: (e.values.published_at, e.values.summary)
            for e in read(f"govuk-travel-index-{day}.json").entries
        }
        for day in ("20260502", "20260503")
    )
    assert [key.value for key in before if before[key] != after.get(key)] == ["ML"]


def test_nearly_every_line_of_advice_has_its_country() -> None:
    for name in (
        "canada-travel-index.json",
        "govuk-travel-index-20260502.json",
        "aa-travelwarning-index-2026b.json",
    ):
        entries = read(name).entries
        unknown = [
            e.values.title for e in entries if e.values.advice and e.values.advice.country is None
        ]
        assert len(unknown) <= 3, unknown


def test_redirects_in_a_google_alert_are_opened_and_titles_have_no_markup() -> None:
    for entry in read("google-alert.atom.xml").entries:
        assert entry.values.link is not None
        assert "google.com/url" not in entry.values.link
        assert "<" not in entry.values.title


def test_the_tsunami_centres_level_is_read_from_the_summary() -> None:
    hazard = only("ptwc-information.atom.xml").values.hazard
    assert hazard is not None
    assert (hazard.alert_level, hazard.magnitude, hazard.event_id) == (
        "Information",
        5.1,
        "26224050",
    )

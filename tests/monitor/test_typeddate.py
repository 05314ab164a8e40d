"""Days and times that officers type, in either era."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from alerts import words
from monitor.config.feedschema import Entry
from monitor.typeddate import NoDate, typed_day, typed_time, year_meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2569-12-01", date(2026, 12, 1)),
        (" ๒๕๖๙-๑๒-๐๑ ", date(2026, 12, 1)),
        ("2567-02-29", date(2024, 2, 29)),  # a leap year here, none under that number
    ],
)
def test_a_day_is_read_in_either_era(typed: str, meant: date) -> None:
    found = typed_day(typed, "--date")
    assert found.day == meant
    assert (found.buddhist is None) == typed.startswith("2026")


def test_a_buddhist_year_is_said_to_be_read_as_such_and_no_other_is() -> None:
    said = typed_day("2569-12-01", "--date")
    assert said.read_as("en") == "2569 is read as a Buddhist year: 1 Dec 2026 (1 ธ.ค. 2569)"
    assert said.read_as("th") == "อ่านปี 2569 เป็นพุทธศักราช: 1 ธ.ค. 2569 (1 Dec 2026)"
    assert typed_day("2026-12-01", "--date").read_as("en") is None


def test_a_time_without_a_zone_is_one_of_the_home_zone_or_refused() -> None:
    home = typed_time("2569-12-01", "--until", "Asia/Bangkok")
    assert home.at == datetime.fromisoformat("2026-12-01T00:00+07:00")
    assert typed_time("2026-12-01T08:00Z", "--until", "Asia/Bangkok").at.utcoffset() is not None
    with pytest.raises(NoDate, match="no time with a zone"):
        typed_time("2026-12-01T08:00", "--at")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0001-01-01", "the year 1 cannot be meant"),
        ("1900-01-01", "the year 1900 cannot be meant"),
        ("9999-12-31", "the year 9999 cannot be meant"),
        ("2566-02-29", "is no day"),
        ("soon", "is no day"),
        ("", "is no day"),
        ("²026-01-01", "is no day"),
        ("2026-12-01T08:00", "is no day"),
    ],
)
def test_what_is_no_day_is_refused_in_the_language_of_the_reader(typed: str, said: str) -> None:
    with pytest.raises(NoDate, match=said) as found:
        typed_day(typed, "--date")
    assert found.value.in_("th").startswith("--date: ")
    assert "is no day" not in found.value.in_("th")


def test_every_refusal_has_its_words_in_both_languages() -> None:
    for key in ("no_day", "no_time", "no_zoned", "year"):
        error = NoDate(key, field="--at", given="x", year=1)
        assert error.in_("th") != error.in_("en")
    assert words.current().has("typed.read_as")


def test_a_written_year_means_one_of_our_era() -> None:
    assert (year_meant(2569), year_meant(2026)) == (2026, 2026)
    with pytest.raises(ValueError, match="write for example 2026"):
        year_meant(1)


def test_the_feed_list_reads_a_buddhist_year_too() -> None:
    feed = {"name": "a", "url": "https://a.example/", "kind": "news", "enabled": False}
    read = Entry.model_validate({**feed, "until": date(2569, 12, 1)}).until
    assert read is not None
    assert read.date() == date(2026, 12, 1)
    with pytest.raises(ValueError, match="0001-01-01 has a year that cannot be meant"):
        Entry.model_validate({**feed, "until": "0001-01-01"})

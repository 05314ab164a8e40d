"""Dates, durations and numbers in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts import dates
from alerts.dates import Style

BANGKOK = ZoneInfo("Asia/Bangkok")
QUAKE = datetime(2025, 3, 28, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "style", "written"),
    [
        ("th", Style.LONG, "วันศุกร์ที่ 28 มีนาคม 2568 เวลา 13.20 น."),
        ("th", Style.SHORT, "ศ. 28 มี.ค. 2568 13.20 น."),
        ("en", Style.LONG, "Friday 28 March 2025, 13:20 Bangkok"),
        ("en", Style.SHORT, "Fri 28 Mar 2025, 13:20 Bangkok"),
    ],
    ids=["Thai long", "Thai short", "English long", "English short"],
)
def test_a_moment_is_written_as_the_terminology_has_it(
    language: str, style: Style, written: str
) -> None:
    assert dates.moment(QUAKE, language, BANGKOK, style) == written


def test_local_time_and_utc_stand_in_brackets() -> None:
    yangon = ZoneInfo("Asia/Yangon")
    thai = dates.moment_in_zones(QUAKE, "th", BANGKOK, yangon)
    english = dates.moment_in_zones(QUAKE, "en", BANGKOK, yangon)
    assert thai == "ศ. 28 มี.ค. 2568 13.20 น. (12.50 น. เวลาท้องถิ่น, 06.20 UTC)"
    assert english == "Fri 28 Mar 2025, 13:20 Bangkok (12:50 local, 06:20 UTC)"


def test_local_time_is_left_out_where_it_is_home_time() -> None:
    jakarta = ZoneInfo("Asia/Jakarta")
    written = dates.moment_in_zones(QUAKE, "en", BANGKOK, jakarta)
    assert written == "Fri 28 Mar 2025, 13:20 Bangkok (06:20 UTC)"


def test_a_bracketed_time_on_another_day_carries_its_day() -> None:
    at = datetime(2025, 3, 28, 17, 30, tzinfo=UTC)  # 00:30 of the 29th in Bangkok
    assert dates.moment_in_zones(at, "th", BANGKOK) == (
        "ส. 29 มี.ค. 2568 00.30 น. (28 มี.ค. 17.30 UTC)"
    )


def test_the_last_afternoon_of_the_year_in_utc_is_new_year_in_bangkok() -> None:
    at = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
    assert dates.moment(at, "th", BANGKOK) == "พฤ. 1 ม.ค. 2569 00.00 น."
    assert dates.moment_in_zones(at, "en", BANGKOK) == (
        "Thu 1 Jan 2026, 00:00 Bangkok (31 Dec 2025 17:00 UTC)"
    )


def test_a_leap_day_keeps_its_day_though_the_buddhist_year_is_no_multiple_of_four() -> None:
    leap = date(2028, 2, 29)
    assert dates.day(leap, "th") == "อ. 29 ก.พ. 2571"
    assert dates.day(leap, "th", Style.LONG) == "วันอังคารที่ 29 กุมภาพันธ์ 2571"
    assert dates.day(leap, "en") == "Tue 29 Feb 2028"


def test_a_period_names_the_year_once_unless_it_spans_two() -> None:
    start = datetime(2025, 3, 28, 0, 0, tzinfo=UTC)
    assert dates.period(start, start + timedelta(days=1), "th", BANGKOK) == (
        "28 มี.ค. 07.00 น. ถึง 29 มี.ค. 2568 07.00 น."
    )
    assert dates.period(start, start + timedelta(days=1), "en", BANGKOK) == (
        "28 Mar 07:00 to 29 Mar 2025 07:00, Bangkok"
    )
    eve = datetime(2025, 12, 31, 0, 0, tzinfo=UTC)
    assert dates.period(eve, eve + timedelta(days=1), "th", BANGKOK) == (
        "31 ธ.ค. 2568 07.00 น. ถึง 1 ม.ค. 2569 07.00 น."
    )


def test_another_home_zone_is_named_in_thai_too() -> None:
    written = dates.moment(QUAKE, "th", ZoneInfo("Asia/Tokyo"))
    assert written == "ศ. 28 มี.ค. 2568 15.20 น. (Tokyo)"


@pytest.mark.parametrize(
    ("length", "thai", "english"),
    [
        (timedelta(hours=2, minutes=10), "2 ชั่วโมง 10 นาที", "2 hours 10 minutes"),
        (timedelta(minutes=1), "1 นาที", "1 minute"),
        (timedelta(minutes=5, seconds=30), "5 นาที", "5 minutes"),
        (timedelta(days=3, hours=1, minutes=50), "3 วัน 1 ชั่วโมง", "3 days 1 hour"),
        (timedelta(seconds=45), "45 วินาที", "45 seconds"),
        (timedelta(0), "0 วินาที", "0 seconds"),
        (timedelta(minutes=-90), "1 ชั่วโมง 30 นาที", "1 hour 30 minutes"),
    ],
    ids=["two units", "one", "seconds dropped", "days", "seconds", "nothing", "negative"],
)
def test_a_duration_has_its_two_largest_units(length: timedelta, thai: str, english: str) -> None:
    assert dates.duration(length, "th") == thai
    assert dates.duration(length, "en") == english


@pytest.mark.parametrize(
    ("value", "written"),
    [(1234.5, "1,234.5"), (144.0, "144"), (7.04, "7"), (0.25, "0.2"), (-3.0, "-3")],
)
def test_numbers_have_separators_and_no_idle_decimals(value: float, written: str) -> None:
    assert dates.number(value) == written


def test_thai_digits_are_an_option_for_letters() -> None:
    assert dates.thai_digits("28 มี.ค. 2568") == "๒๘ มี.ค. ๒๕๖๘"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        dates.clock(QUAKE.replace(tzinfo=None), "th", BANGKOK)

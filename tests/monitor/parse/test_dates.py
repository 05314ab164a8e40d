from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.dates import BUDDHIST, NO_TIME, NO_ZONE, read_date, read_utc

CASES = [
    ("rfc 822", "Sun, 29 Dec 2019 12:00:00 GMT", "UTC", "2019-12-29T12:00:00"),
    ("rfc 3339", "2026-08-03T09:20:23+02:00", "UTC", "2026-08-03T07:20:23"),
    ("no blank before the zone", "Sat, 31 Dec 2005 13:47:03+0900", "UTC", "2005-12-31T04:47:03"),
    ("australian letters", "21 Jul 2026 22:00:00 AEST", "UTC", "2026-07-21T12:00:00"),
    ("summer letters", "21 Jan 2026 22:00:00 AEDT", "UTC", "2026-01-21T11:00:00"),
    ("indonesian zone", "16 Feb 2026 13:15:30 WIB", "UTC", "2026-02-16T06:15:30"),
    ("indonesian month", "17 Agustus 2026 08:00 WITA", "UTC", "2026-08-17T00:00:00"),
    ("java date", "Tue Apr 07 03:08:00 IST 2026", "UTC", "2026-04-06T21:38:00"),
    ("english words", "August 6, 2014 13:35 EDT", "UTC", "2014-08-06T17:35:00"),
    ("thai short month", "พฤ., 03 พ.ย. 2005 21:24:18 +0000", "UTC", "2005-11-03T21:24:18"),
    ("thai full date", "วันศุกร์ที่ 28 มีนาคม 2568 เวลา 13.20 น.", "Asia/Bangkok", "2025-03-28T06:20:00"),
    ("thai digits, two-digit year", "๒๘ มี.ค. ๖๘ ๑๓:๒๐", "Asia/Bangkok", "2025-03-28T06:20:00"),
    ("buddhist year in rfc 822", "Fri, 28 Mar 2568 13:20:00 +0700", "UTC", "2025-03-28T06:20:00"),
    ("buddhist year in iso", "2568-03-28T13:20:00+07:00", "UTC", "2025-03-28T06:20:00"),
    ("japanese era", "令和8年9月25日 14時30分", "Asia/Tokyo", "2026-09-25T05:30:00"),
    ("first year of an era", "令和元年5月1日 9時00分", "Asia/Tokyo", "2019-05-01T00:00:00"),
    ("full-width digits", "２０２６年９月２５日 １４時３０分", "Asia/Tokyo", "2026-09-25T05:30:00"),
    ("chinese afternoon", "2026年9月25日 下午2:30", "Asia/Shanghai", "2026-09-25T06:30:00"),
    ("korean", "2026년 9월 25일 오후 2시 30분", "Asia/Seoul", "2026-09-25T05:30:00"),
    ("vietnamese", "25 tháng 9, 2026 14:30", "Asia/Ho_Chi_Minh", "2026-09-25T07:30:00"),
    ("two-digit year, two blanks", "26-09-25  14:30", "Europe/Vienna", "2026-09-25T12:30:00"),
    ("naive in the feed's zone", "2018-08-30 19:47:47", "Australia/Perth", "2018-08-30T11:47:47"),
    ("day first", "30/08/2018 19:47:47", "Australia/Perth", "2018-08-30T11:47:47"),
    ("month first with pm", "2/4/2011 10:30:00 PM", "UTC", "2011-02-04T22:30:00"),
    ("dots", "25.09.2026 14:30:11", "Europe/Bratislava", "2026-09-25T12:30:11"),
    ("seven fraction digits", "2014-08-06T13:35:35.0000000-04:00", "UTC", "2014-08-06T17:35:35"),
    ("slashes", "2026/07/10 03:56:47", "Asia/Tokyo", "2026-07-09T18:56:47"),
    ("minus zero", "2011-09-02T11:36:50-00:00", "UTC", "2011-09-02T11:36:50"),
    ("compact", "20260925T143000Z", "UTC", "2026-09-25T14:30:00"),
    ("hour 24", "2026-09-25T24:00:00Z", "UTC", "2026-09-26T00:00:00"),
    ("gmt with offset", "Thu, 20 Aug 2026 07:05:00 GMT+7", "UTC", "2026-08-20T00:05:00"),
    ("epoch seconds as text", "1407346535", "UTC", "2014-08-06T17:35:35"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "zone", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_written_time_is_read(raw: str, zone: str, expected: str) -> None:
    moment = read_date(raw, zone)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_epoch_milliseconds_are_told_from_seconds() -> None:
    milliseconds, seconds = read_date(1395409267500), read_date(1395409267)
    assert milliseconds is not None
    assert seconds is not None
    assert milliseconds.at.replace(microsecond=0) == seconds.at


@pytest.mark.parametrize(
    "raw",
    ["31 Feb 2026", "0000-00-00 00:00:00", "Coming soon", "", "DD.MM.YYYY", "9:00 AM MDT Sun Oct 4",
     "99/99/9999", "2026-13-01", "2026-09-25T25:00:00Z", "12 345", "9" * 150, None, 10**400],
)  # fmt: skip
def test_what_is_no_date_gives_none(raw: str | int | None) -> None:
    assert read_date(raw) is None


def test_how_a_date_was_read_is_told() -> None:
    buddhist = read_date("28 มีนาคม 2568 13.20 น.", "Asia/Bangkok")
    day = read_date("Tue, 08 Sep 2026")
    assert buddhist is not None
    assert set(buddhist.flags) == {BUDDHIST, NO_ZONE}
    assert day is not None
    assert day.flags == (NO_TIME,)


def test_a_field_documented_as_utc_assumes_no_zone() -> None:
    moment = read_utc("2026-04-20T07:53:00")
    assert moment is not None
    assert moment.flags == ()


def test_letters_shared_by_two_zones_mean_the_feeds_own() -> None:
    delhi = read_date("2026-08-30 23:25:40 IST", "Asia/Kolkata")
    jerusalem = read_date("2026-08-30 23:25:40 IST", "Asia/Jerusalem")
    manila = read_date("2026-08-30 08:00:00 PST", "Asia/Manila")
    assert delhi is not None
    assert delhi.at.hour == 17
    assert jerusalem is not None
    assert jerusalem.at.hour == 21
    assert manila is not None
    assert manila.at.hour == 0


def test_a_wrong_zone_name_falls_back_to_utc() -> None:
    moment = read_date("2026-08-30 08:00:00", "Mars/Olympus")
    assert moment is not None
    assert moment.at.hour == 8


@given(st.text(max_size=80), st.sampled_from(["UTC", "Asia/Bangkok", "America/St_Johns"]))
def test_any_text_gives_a_sensible_time_or_none(raw: str, zone: str) -> None:
    moment = read_date(raw, zone)
    assert moment is None or (moment.at.tzinfo is UTC and 1899 <= moment.at.year <= 2101)


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2099, 12, 31)),  # noqa: DTZ001
    st.integers(-12 * 60, 14 * 60),
)
def test_an_rfc_3339_time_is_read_exactly(naive: datetime, minutes: int) -> None:
    sign, rest = ("-" if minutes < 0 else "+"), abs(minutes)
    raw = f"{naive.replace(microsecond=0).isoformat()}{sign}{rest // 60:02}:{rest % 60:02}"
    moment = read_date(raw)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(raw)

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.dates import BUDDHIST, NO_TIME, NO_ZONE, read_date, read_utc
from monitor.parse.datewords import MONTHS

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
    ("no blanks at all", "Fri,25Sep2026 14:30:00+0700", "UTC", "2026-09-25T07:30:00"),
    ("an ordinal and a word", "25th September 2026 at 14:30", "UTC", "2026-09-25T14:30:00"),
    ("eastern time in summer", "Sept. 25, 2026, 2:30 p.m. ET", "UTC", "2026-09-25T18:30:00"),
    ("eastern time in winter", "Dec. 25, 2026, 2:30 p.m. ET", "UTC", "2026-12-25T19:30:00"),
    ("a zone by name", "2026-09-25T14:30:00[Asia/Bangkok]", "UTC", "2026-09-25T07:30:00"),
    ("javascript", "Fri Sep 25 2026 14:30:00 GMT+0700 (ICT)", "UTC", "2026-09-25T07:30:00"),
    ("day of the year", "2026-268T14:30:00Z", "UTC", "2026-09-25T14:30:00"),
    ("week of the year", "2026-W39-5", "UTC", "2026-09-25T00:00:00"),
    ("twelve digits", "202609251430", "UTC", "2026-09-25T14:30:00"),
    ("fourteen digits", "20260925143011", "Asia/Bangkok", "2026-09-25T07:30:11"),
    ("milliseconds of twelve digits", "946684800000", "UTC", "2000-01-01T00:00:00"),
    ("microseconds", "1790000000000000", "UTC", "2026-09-21T14:13:20"),
    ("nanoseconds", "1790000000000000000", "UTC", "2026-09-21T14:13:20"),
    ("dot net", "/Date(1790000000000+0700)/", "UTC", "2026-09-21T14:13:20"),
    ("before 1970 as epoch", "-315619200", "UTC", "1960-01-01T00:00:00"),
    ("before 1970", "1960-05-22T19:11:14Z", "UTC", "1960-05-22T19:11:14"),
    ("leap second", "2016-12-31T23:59:60Z", "UTC", "2016-12-31T23:59:59"),
    ("thai, no blanks", "25ก.ย.2569 14.30น.", "Asia/Bangkok", "2026-09-25T07:30:00"),
    ("thai era in words", "วันศุกร์ที่ ๒๕ กันยายน พ.ศ. ๒๕๖๙", "Asia/Bangkok", "2026-09-24T17:00:00"),
    ("thai, christian era", "25 กันยายน ค.ศ. 2026", "Asia/Bangkok", "2026-09-24T17:00:00"),
    ("thai hours", "25 กันยายน 2569 14 นาฬิกา 30 นาที", "Asia/Bangkok", "2026-09-25T07:30:00"),
    ("thai numbers, two-digit year", "25/9/69 14:30", "Asia/Bangkok", "2026-09-25T07:30:00"),
    ("thai feed, western short year", "25/9/26 14:30", "Asia/Bangkok", "2026-09-25T07:30:00"),
    ("buddhist short year", "Fri, 25 Sep 69 14:30:00 +0700", "Asia/Bangkok", "2026-09-25T07:30:00"),
    ("buddhist leap day", "29 ก.พ. 2567", "Asia/Bangkok", "2024-02-28T17:00:00"),
    ("japanese era in letters", "R8.9.25 14:30", "Asia/Tokyo", "2026-09-25T05:30:00"),
    ("japanese era with slashes", "令和8/9/25", "Asia/Tokyo", "2026-09-24T15:00:00"),
    ("the era before", "H31.4.30", "Asia/Tokyo", "2019-04-29T15:00:00"),
    ("afternoon", "令和８年９月２５日（金）午後２時３０分", "Asia/Tokyo", "2026-09-25T05:30:00"),
    ("chinese numerals", "二〇二六年九月二十五日", "Asia/Shanghai", "2026-09-24T16:00:00"),
    ("chinese evening", "2026年9月25日晚上8点30分", "Asia/Shanghai", "2026-09-25T12:30:00"),
    ("chinese noon", "2026年9月25日中午12点", "Asia/Shanghai", "2026-09-25T04:00:00"),
    ("taiwanese era", "民國115年9月25日", "Asia/Taipei", "2026-09-24T16:00:00"),
    ("taiwanese era in digits", "115/09/25 14:30", "Asia/Taipei", "2026-09-25T06:30:00"),
    ("korean dots and afternoon", "2026. 9. 25. 오후 2:30", "Asia/Seoul", "2026-09-25T05:30:00"),
    ("vietnamese short", "25 Thg 9 2026", "Asia/Ho_Chi_Minh", "2026-09-24T17:00:00"),
    ("vietnamese clock first", "14h30 ngày 25/9/2026", "Asia/Ho_Chi_Minh", "2026-09-25T07:30:00"),
    ("indonesian short", "Jum'at, 25 Agt 2026 14:30 WIB", "UTC", "2026-08-25T07:30:00"),
    ("filipino", "ika-25 ng Setyembre 2026", "Asia/Manila", "2026-09-24T16:00:00"),
    ("french", "vendredi 25 déc. 2026 à 14h30", "Europe/Paris", "2026-12-25T13:30:00"),
    ("spanish", "viernes, 25 de septiembre de 2026 14:30", "America/Lima", "2026-09-25T19:30:00"),
    ("portuguese", "25/set/2026 14h30", "America/Sao_Paulo", "2026-09-25T17:30:00"),
    ("russian", "Пт, 25 сен 2026 14:30 МСК", "UTC", "2026-09-25T11:30:00"),
    ("arabic", "الجمعة ٢٥ سبتمبر ٢٠٢٦", "Asia/Riyadh", "2026-09-24T21:00:00"),
    ("levantine", "25 أيلول 2026", "Asia/Beirut", "2026-09-24T21:00:00"),
    ("khmer", "ថ្ងៃទី២៥ ខែកញ្ញា ឆ្នាំ២០២៦", "Asia/Phnom_Penh", "2026-09-24T17:00:00"),
    ("lao", "໒໕ ກັນຍາ ໒໐໒໖", "Asia/Vientiane", "2026-09-24T17:00:00"),
    ("burmese", "၂၀၂၆ ခုနှစ် စက်တင်ဘာလ ၂၅ ရက်", "Asia/Yangon", "2026-09-24T17:30:00"),
    ("hindi", "25 सितंबर 2026 14:30", "Asia/Kolkata", "2026-09-25T09:00:00"),
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
     "99/99/9999", "2026-13-01", "2026-09-25T25:00:00Z", "12 345", "9" * 150, None, 10**400,
     "29 Feb 2568", "29 กุมภาพันธ์ 2568", "2026-09-25T14:61:00Z", "2026-09-25T14:30:61Z",
     "2026-366",
     "2026-W54-1", "0", "0001-01-01T00:00:00Z", "9999-12-31", "5 minutes ago", "20261345",
     "R0.1.1"],
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


THAI_MONTHS = (
    "มกราคม ม.ค. มค|กุมภาพันธ์ ก.พ. กพ|มีนาคม มี.ค. มีค|เมษายน เม.ย. เมย|พฤษภาคม พ.ค. พค|มิถุนายน มิ.ย. มิย|"
    "กรกฎาคม ก.ค. กค|สิงหาคม ส.ค. สค|กันยายน ก.ย. กย|ตุลาคม ต.ค. ตค|พฤศจิกายน พ.ย. พย|ธันวาคม ธ.ค. ธค"
)
DAYS = "จันทร์ จ.|อังคาร อ.|พุธ พ.|พฤหัสบดี พฤ.|ศุกร์ ศ.|เสาร์ ส.|อาทิตย์ อา."


@pytest.mark.parametrize("number", range(1, 13))
def test_thai_months_full_and_short_with_and_without_dots(number: int) -> None:
    full, dotted, bare = THAI_MONTHS.split("|")[number - 1].split()
    for word in (full, dotted, bare, f"{bare}."):
        for written in (f"15 {word} 2569", f"15{word}2569", f"๑๕ {word} ๖๙"):
            moment = read_date(written, "Asia/Bangkok")
            assert moment is not None, written
            assert (moment.at.year, moment.at.month, moment.at.day) == (2026, number, 14), written


@pytest.mark.parametrize("day", DAYS.split("|"))
def test_thai_day_names_do_not_disturb_the_month(day: str) -> None:
    full, short = day.split()
    for name in (f"วัน{full}ที่", full, short):
        moment = read_date(f"{name} 5 พ.ย. 2569 08.05 น.", "Asia/Bangkok")
        assert moment is not None, name
        assert moment.at == datetime(2026, 11, 5, 1, 5, tzinfo=UTC), name


def test_every_month_name_is_one_month() -> None:
    named = {word: number for word, number in MONTHS.items() if len(word) >= 3}
    for word, number in named.items():
        moment = read_date(f"15 {word} 2026 12:00 +0000")
        assert moment is not None, word
        assert moment.at.month == number, word


@pytest.mark.parametrize("name", ["utc", "naive", "date"])
def test_minus_zero_is_utc_and_nothing_was_assumed(name: str) -> None:
    raw = {"utc": "2026-09-25T14:30:00-00:00", "naive": "2026-09-25T14:30:00", "date": "2026-09-25"}
    moment = read_date(raw[name], "Asia/Bangkok")
    assert moment is not None
    expected: dict[str, tuple[tuple[str, ...], int]] = {
        "utc": ((), 14), "naive": ((NO_ZONE,), 7), "date": ((NO_TIME,), 17),
    }  # fmt: skip
    assert (moment.flags, moment.at.hour) == expected[name]

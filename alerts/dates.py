"""Dates, times, durations and numbers as Thai and English officers write them.

Thai years are of the Buddhist Era (C.E. + 543), always with four digits; Thai clock times have a
full stop and "น.". Every other language than Thai gets the English form. Times go in aware.
The forms are those of the project's terminology; Babel prints Christian years in Thai and is
therefore not used for dates.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

BUDDHIST_OFFSET = 543

_TH_MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
_TH_MONTHS_SHORT = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]
_TH_DAYS = ["จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์"]
_TH_DAYS_SHORT = ["จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา."]
_EN_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_EN_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_ZONE_LABELS = {"Asia/Bangkok": ("เวลาไทย", "Bangkok"), "UTC": ("UTC", "UTC")}


class Style(StrEnum):
    """LONG for letters and headings, SHORT for lists, subjects and tables."""

    LONG = "long"
    SHORT = "short"


def zone_label(zone: tzinfo, language: str) -> str:
    """What a clock time of this zone is called: `เวลาไทย`, `Bangkok`, `Chatham`, `UTC`."""
    key = zone.key if isinstance(zone, ZoneInfo) else "UTC" if zone is UTC else ""
    if key in _ZONE_LABELS:
        return _ZONE_LABELS[key][0 if language == "th" else 1]
    if key:
        return key.rsplit("/", 1)[-1].replace("_", " ")
    return str(zone)


def year(day: date, language: str) -> str:
    """The year with four digits: B.E. in Thai, C.E. otherwise."""
    return f"{day.year + BUDDHIST_OFFSET if language == 'th' else day.year:04d}"


def day(
    when: date, language: str, style: Style = Style.SHORT, *, weekday: bool = True, era: bool = True
) -> str:
    """A calendar day: `ศ. 28 มี.ค. 2568`, `วันศุกร์ที่ 28 มีนาคม 2568`, `Fri 28 Mar 2025`.

    A `datetime` is taken at its own zone. `era=False` leaves the year out (second half of a
    period in the same year).
    """
    short = style is Style.SHORT
    if language == "th":
        month = (_TH_MONTHS_SHORT if short else _TH_MONTHS)[when.month - 1]
        name = _TH_DAYS_SHORT[when.weekday()] if short else f"วัน{_TH_DAYS[when.weekday()]}ที่"
    else:
        month = _EN_MONTHS[when.month - 1]
        name = _EN_DAYS[when.weekday()]
        if short:
            month, name = month[:3], name[:3]
    parts = [name] if weekday else []
    parts += [str(when.day), month]
    if era:
        parts.append(year(when, language))
    return " ".join(parts)


def clock(at: datetime, language: str, zone: tzinfo) -> str:
    """The time of day in `zone`: `13.31 น.` or `13:31`. Midnight is 00 of the new day."""
    here = _in(at, zone)
    if language == "th":
        return f"{here:%H.%M} น."
    return f"{here:%H:%M}"


def moment(at: datetime, language: str, zone: tzinfo, style: Style = Style.SHORT) -> str:
    """Day and time in the home zone: `ศ. 28 มี.ค. 2568 13.20 น.`, `Fri 28 Mar 2025, 13:20 Bangkok`.

    The long Thai form has `เวลา` before the time; for UTC beside it use `moment_in_zones`.
    """
    here = _in(at, zone)
    written = day(here, language, style)
    if language == "th":
        before = " เวลา " if style is Style.LONG else " "
        return written + before + clock(at, "th", zone) + _thai_zone(zone)
    return f"{written}, {clock(at, language, zone)} {zone_label(zone, language)}"


def moment_in_zones(
    at: datetime,
    language: str,
    zone: tzinfo,
    local: tzinfo | None = None,
    style: Style = Style.SHORT,
) -> str:
    """Day and time at home, with local time of the event (if it differs) and UTC in brackets.

    `ศ. 28 มี.ค. 2568 13.20 น. (12.50 น. เวลาท้องถิ่น, 06.20 UTC)`;
    `Fri 28 Mar 2025, 13:20 Bangkok (12:50 local, 06:20 UTC)`. A time in brackets that falls on
    another day than the home time carries that day.
    """
    here = _in(at, zone)
    brackets: list[str] = []
    if local is not None and _in(at, local).utcoffset() != here.utcoffset():
        label = "เวลาท้องถิ่น" if language == "th" else "local"
        brackets.append(f"{_beside(at, language, local, here.date())} {label}")
    if here.utcoffset() != timedelta(0):
        brackets.append(f"{_beside(at, language, UTC, here.date(), bare=True)} UTC")
    written = moment(at, language, zone, style)
    return f"{written} ({', '.join(brackets)})" if brackets else written


def period(start: datetime, end: datetime, language: str, zone: tzinfo) -> str:
    """A stretch of time: `28 มี.ค. 07.00 น. ถึง 29 มี.ค. 2568 07.00 น.`, or in English with zone.

    The first year is left out when it is the second's as well.
    """
    first, last = _in(start, zone), _in(end, zone)
    era = first.year != last.year
    opening = day(first, language, weekday=False, era=era)
    closing = day(last, language, weekday=False)
    from_clock, to_clock = clock(start, language, zone), clock(end, language, zone)
    if language == "th":
        return f"{opening} {from_clock} ถึง {closing} {to_clock}{_thai_zone(zone)}"
    return f"{opening} {from_clock} to {closing} {to_clock}, {zone_label(zone, language)}"


def duration(length: timedelta, language: str) -> str:
    """A length of time in its two largest units: `2 ชั่วโมง 10 นาที`, `2 hours 10 minutes`.

    Under a minute it is given in seconds; a negative length is written without its sign.
    """
    seconds = abs(round(length.total_seconds()))
    units = (
        (86_400, "วัน", "day"),
        (3_600, "ชั่วโมง", "hour"),
        (60, "นาที", "minute"),
        (1, "วินาที", "second"),
    )
    if seconds == 0:
        return _unit(0, "วินาที", "second", language)
    for place, (size, th, en) in enumerate(units):
        if seconds < size:
            continue
        count, rest = divmod(seconds, size)
        parts = [_unit(count, th, en, language)]
        if place + 1 < len(units) - 1:
            below, th_below, en_below = units[place + 1]
            if rest // below:
                parts.append(_unit(rest // below, th_below, en_below, language))
        return " ".join(parts)
    return _unit(0, "วินาที", "second", language)  # pragma: no cover - seconds >= 1 ended above


def number(value: float, *, digits: int = 1) -> str:
    """A number with thousands separators, `1,234.5`; whole values have no decimals.

    `digits` is the most decimals shown. The same in Thai and in English.
    """
    rounded = round(value, digits)
    if rounded == int(rounded):
        return f"{int(rounded):,}"
    return f"{rounded:,.{digits}f}".rstrip("0")


def kilometres(km: float) -> str:
    """A distance in whole kilometres for "about … km"; nothing that is near is 0 km away."""
    return number(max(1.0, km), digits=0)


def thai_digits(text: str) -> str:
    """`text` with Thai digits, for formal letters; everything else stays."""
    return text.translate(_THAI_DIGITS)


def _in(at: datetime, zone: tzinfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown; times are aware and in UTC")
    return at.astimezone(zone)


def _thai_zone(zone: tzinfo) -> str:
    # Thai readers take a bare clock time as Thai time; any other home zone must be named.
    label = zone_label(zone, "th")
    return "" if label == "เวลาไทย" else f" ({label})"


def _beside(at: datetime, language: str, zone: tzinfo, home: date, *, bare: bool = False) -> str:
    here = _in(at, zone)
    written = f"{here:%H.%M}" if bare and language == "th" else clock(at, language, zone)
    if here.date() == home:
        return written
    return f"{day(here, language, weekday=False, era=here.year != home.year)} {written}"


def _unit(count: int, th: str, en: str, language: str) -> str:
    if language == "th":
        return f"{count:,} {th}"
    return f"{count:,} {en}" + ("" if count == 1 else "s")

"""Times as feeds write them, to aware UTC datetimes.

Reads RFC 822 and RFC 3339 and what people write instead: no blank before the zone, letters for
zones, Thai, Lao and European month names, Buddhist years, Japanese eras, Thai and full-width
digits, epoch numbers, two-digit years. What is impossible gives None; nothing here knows the
present, so a time in the future is the caller's to judge.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.parse.datewords import ERAS, MONTHS, THAI_MONTH_ORDER, ZONES

BUDDHIST = "buddhist_year"
NO_ZONE = "zone_assumed"
NO_TIME = "date_only"

_BUDDHIST_OFFSET = 543
_ISO = re.compile(
    r"^\D{0,12}?(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:(?:\s*t\s*|[\s,]+)"
    r"(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*(.*)$"
)
_CLOCK = re.compile(
    r"(\d{1,2})\s*[:.hH]\s*(\d{2})(?:\s*[:.]\s*(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?\b)?"
)
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?(.*)$")
_CJK_CLOCK = re.compile(r"(午前|午後|上午|下午|오전|오후)?\s*(\d{1,2})\s*[時时시:]\s*(\d{1,2})?")
_ERA = re.compile(r"(令和|平成|昭和|大正)\s*(元|\d{1,2})\s*年")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2}):?(\d{2})?(?!\d)")
_LETTERS = re.compile(r"(?<![a-z])([a-z]{1,5})(?![a-z])")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})(?!\d)")
_VIETNAMESE = re.compile(r"(\d{1,2})\s*tháng\s*(\d{1,2})\s*,?\s*(?:năm)?\s*(\d{4})")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in UTC and how it was read: buddhist_year, zone_assumed, date_only."""

    at: datetime
    flags: tuple[str, ...] = ()


def read_date(raw: str | int | float | None, zone: str = "UTC") -> Moment | None:
    """The moment that `raw` means; None when it is no date or an impossible one.

    `zone` is the feed's IANA zone, for times that name none. A date without time is the start
    of that day there, flagged `date_only`.
    """
    if raw is None or isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return _epoch(float(raw)) if -1e18 < raw < 1e18 else None
    text = unicodedata.normalize("NFKC", raw[:200]).strip().lower()
    text = "".join(_ascii_digit(char) for char in text)
    text = re.sub(r"\s+", " ", text.replace("\u200b", ""))
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        return _epoch(float(text))
    if not any(char.isdigit() for char in text):
        return None
    home = _zone(zone)
    try:
        return _iso(text, home) or _asian(text, home) or _words(text, home)
    except (ValueError, OverflowError):
        return None


def read_utc(raw: str | int | float | None) -> Moment | None:
    """`read_date` for a field that its publisher documents as UTC: no zone was assumed."""
    moment = read_date(raw, "UTC")
    if moment is None or NO_ZONE not in moment.flags:
        return moment
    return Moment(moment.at, tuple(flag for flag in moment.flags if flag != NO_ZONE))


def _ascii_digit(char: str) -> str:
    if char.isascii() or not char.isdecimal():
        return char
    return str(unicodedata.decimal(char))


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a wrong name is the feed list's fault, told there
        return UTC


def _epoch(number: float) -> Moment | None:
    if number >= 1e11:
        number /= 1000.0
    if not 1e8 <= number <= 4.1e9:
        return None
    return Moment(datetime.fromtimestamp(number, UTC))


def _iso(text: str, home: tzinfo) -> Moment | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, separator, month, day, hour, minute, second, rest = match.groups()
    if not separator and len(month + day) != 4:
        return None
    if hour is None and rest and not re.fullmatch(r"(?:t|z|\D{0,20})", rest):
        # the time stands further on, or these digits are no year at all
        clock = _CLOCK.search(rest)
        if clock is None:
            return None
        hour, minute, second = clock.group(1), clock.group(2), clock.group(3)
        hour = str(_twelve(int(hour), clock.group(4)))
        rest = rest[clock.end() :]
    elif rest[:2] in ("pm", "am") and hour is not None:
        hour, rest = str(_twelve(int(hour), rest[:2])), rest[2:]
    return _built(int(year), int(month), int(day), hour, minute, second, rest, home)


def _asian(text: str, home: tzinfo) -> Moment | None:
    era = _ERA.search(text)
    if era:
        count = 1 if era.group(2) == "元" else int(era.group(2))
        text = f"{ERAS[era.group(1)] + count - 1}年{text[era.end() :]}"
    match = _CJK.search(text)
    if match:
        year, month, day, rest = match.groups()
        clock = _CJK_CLOCK.search(rest)
        if clock is None:
            return _built(int(year), int(month), int(day), None, None, None, rest, home)
        half = "pm" if clock.group(1) in ("午後", "下午", "오후") else clock.group(1) and "am"
        hour = str(_twelve(int(clock.group(2)), half))
        tail = rest[clock.end() :]
        minute = clock.group(3) or "0"
        return _built(int(year), int(month), int(day), hour, minute, None, tail, home)
    vietnamese = _VIETNAMESE.search(text)
    if vietnamese:
        day, month, year = vietnamese.groups()
        rest = text[: vietnamese.start()] + text[vietnamese.end() :]
        found = _CLOCK.search(rest)
        hh, mm, ss = found.group(1, 2, 3) if found else (None, None, None)
        return _built(int(year), int(month), int(day), hh, mm, ss, "", home)
    return None


def _words(text: str, home: tzinfo) -> Moment | None:
    """Everything else: a clock, a zone and a date in any order, months perhaps in words."""
    numeric = _NUMERIC.search(text)
    searched = text
    if numeric:  # so that 26.09.2025 is not read as a clock
        searched = text[: numeric.start()] + " " * len(numeric.group()) + text[numeric.end() :]
    clock = _clock_in(searched)
    hour = minute = second = None
    rest = text
    tail = ""
    if clock:
        hour = str(_twelve(int(clock.group(1)), clock.group(4)))
        minute, second = clock.group(2), clock.group(3)
        tail = text[clock.end() :]
        rest = text[: clock.start()] + " " + tail
        rest = _OFFSET.sub(" ", rest) if _OFFSET.match(tail.lstrip(" (")) else rest
    month, rest, thai = _month_in(rest)
    if month is None:
        if numeric is None:
            return None
        year, month, day = _numeric(numeric, american=bool(clock and clock.group(4)))
    else:
        found = _day_and_year(rest, thai)
        if found is None:
            return None
        day, year = found
    return _built(year, month, day, hour, minute, second, tail, home)


def _clock_in(text: str) -> re.Match[str] | None:
    colon = re.compile(_CLOCK.pattern.replace("[:.hH]", ":", 1)).search(text)
    return colon or _CLOCK.search(text)


def _month_in(text: str) -> tuple[int | None, str, bool]:
    for word in THAI_MONTH_ORDER:
        if "." not in word and len(word) == 2:
            continue  # without its full stops the short form is any two letters
        if word in text:
            return MONTHS[word], text.replace(word, " ", 1), True
    for match in re.finditer(r"[^\W\d_]+\.?", text):
        word = match.group().rstrip(".")
        if word in MONTHS:
            return MONTHS[word], f"{text[: match.start()]} {text[match.end() :]}", False
    return None, text, False


def _day_and_year(text: str, thai: bool) -> tuple[int, int] | None:
    numbers = re.findall(r"\d+", text)[:2]
    if len(numbers) < 2:
        return None
    first, second = numbers
    if len(first) == 4 or int(first) > 31:
        return int(second), _full_year(first, thai)
    return int(first), _full_year(second, thai)


def _numeric(match: re.Match[str], *, american: bool) -> tuple[int, int, int]:
    a, b, c = match.groups()
    if len(a) == 4:
        return int(a), int(b), int(c)
    if len(c) == 4:
        first, second = int(a), int(b)
        if second > 12 or (american and first <= 12):
            return int(c), first, second
        return int(c), second, first
    if len(c) > 2 or len(a) > 2:
        raise ValueError("neither a year of two digits nor of four")
    if "-" in match.group():  # 26-09-25
        return _full_year(a, False), int(b), int(c)
    return _full_year(c, False), int(b), int(a)


def _full_year(digits: str, thai: bool) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    if thai:  # 68 is 2568; Thai dates of two digits are Buddhist years
        return 2500 + year
    return 2000 + year if year < 70 else 1900 + year


def _twelve(hour: int, half: str | None) -> int:
    if not half:
        return hour
    if hour > 12:
        return hour
    hour %= 12
    return hour + 12 if half[0] == "p" else hour


def _built(
    year: int,
    month: int,
    day: int,
    hour: str | None,
    minute: str | None,
    second: str | None,
    rest: str,
    home: tzinfo,
) -> Moment | None:
    flags: list[str] = []
    if 2400 <= year <= 2643:
        year -= _BUDDHIST_OFFSET
        flags.append(BUDDHIST)
    if not 1900 <= year <= 2100:
        return None
    hours, seconds = int(hour or 0), min(int(second or 0), 59)
    later = timedelta(0)
    if hours == 24:
        hours, later = 0, timedelta(days=1)
    local = datetime(year, month, day, hours, int(minute or 0), seconds)  # noqa: DTZ001 - zone next
    where = _zone_in(rest, local, home) if hour is not None else None
    if hour is None:
        flags.append(NO_TIME)
    elif where is None:
        flags.append(NO_ZONE)
    moment = local.replace(tzinfo=where or home) + later
    return Moment(moment.astimezone(UTC), tuple(flags))


def _zone_in(text: str, local: datetime, home: tzinfo) -> tzinfo | None:
    """The zone that the words after a time name, or None."""
    offset = _OFFSET.search(text)
    if offset:
        minutes = int(offset.group(2)) * 60 + int(offset.group(3) or 0)
        if minutes <= 14 * 60:
            return timezone(timedelta(minutes=minutes if offset.group(1) == "+" else -minutes))
    for match in _LETTERS.finditer(text):
        letters = match.group(1)
        if letters in ZONES:
            for month in (1, 7, local.month):  # IST in Jerusalem is not IST in Delhi
                own = local.replace(tzinfo=home, month=month, day=1)
                if (own.tzname() or "").lower() == letters:
                    return timezone(own.utcoffset() or timedelta(0))
            return timezone(timedelta(minutes=ZONES[letters]))
    return None

"""Times as feeds write them, to aware UTC datetimes.

Reads RFC 822 and RFC 3339 and what people write instead: no blank before the zone, letters for
zones, month names of twenty languages, Buddhist years, Japanese and Taiwanese eras, digits of
every script, Chinese numerals, epoch numbers from seconds to nanoseconds, two-digit years. What
is impossible gives None; nothing here knows the present, so a time in the future is the caller's
to judge.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from monitor.parse.datewords import (
    AFTERNOON,
    ERAS,
    MONTH_INSIDE,
    MONTHS,
    MORNING,
    THAI,
)
from monitor.parse.datezones import OFFSET, zone_in, zone_named
from monitor.parse.fastdates import usual_time

BUDDHIST = "buddhist_year"
NO_ZONE = "zone_assumed"
NO_TIME = "date_only"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BUDDHISTOFFSET = 543
_ISO = re.compile(
    r"^\D{0,12}?(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:(?:\s*t\s*|[\s,]+)"
    r"(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*(.*)$"
)
_CLOCK = re.compile(
    r"(\d{1,2})\s*[:.hH]\s*(\d{2})(?:\s*[:.]\s*(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?\b)?"
)
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?(.*)$")
_HALF_DAY = re.compile(
    rf"({'|'.join(sorted(MORNING | AFTERNOON))})?\s*(?<!\d)(\d{{1,2}})\s*"
    r"(?:[時时點点시:]|นาฬิกา|ໂມງ)\s*(?:(\d{1,2})\s*[分분]?)?(?::(\d{2})|\s*(\d{1,2})\s*[秒초])?"
)
_ERA = re.compile(
    r"(令和|平成|昭和|大正|民國|民国|(?<![a-z])[rhs](?=\s?\d))\s*(元|\d{1,3})\s*[年./-]"
    r"\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})日?"
)
_ROC = re.compile(r"^(1\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_RFC_822 = re.compile(
    r"(?:[a-z]{3}, ?)?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ?(gmt|z|[+-]\d{4})"
)
_NUMERALS = re.compile("[〇零一二三四五六七八九十]+(?=[年月日])")
_HAN_DIGITS = {char: index for index, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_DIGITS_ONLY = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?")
_EPOCH_TEXT = re.compile(r"(?:/date\()?([+-]?\d{9,19}(?:\.\d+)?)(?:[+-]\d{4})?(?:\)/)?")
_ORDINAL = re.compile(r"^(\d{4})-(?:(\d{3})|w(\d{2})-([1-7]))(?![\d-])")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})(?!\d)")
_VIETNAMESE = re.compile(r"(\d{1,2})\s*(?:tháng|thg\.?)\s*(\d{1,2})\s*,?\s*(?:năm)?\s*(\d{4})")


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
    usually = usual_time(raw)
    if usually is not None:
        return Moment(usually)
    text = unicodedata.normalize("NFKC", raw[:200]).strip().lower()
    if not text.isascii():
        text = "".join(_ascii_digit(char) for char in text).replace("\u200b", "")
        text = _NUMERALS.sub(_han_number, text)
    elif (usual := _RFC_822.fullmatch(text)) is not None:
        return _rfc_822(usual)
    text = re.sub(r"\s+", " ", text)
    if not any(char.isdigit() for char in text):
        return None
    home = zone_named(zone)
    try:
        digits = _digits(text, home)
        if digits is not None:
            return digits
        if not text.isascii():
            text = _HALF_DAY.sub(_clock_of, text)
        return _counted(text, home) or _iso(text, home) or _asian(text, home) or _words(text, home)
    except (ValueError, OverflowError):
        return None


def read_utc(raw: str | int | float | None) -> Moment | None:
    """`read_date` for a field that its publisher documents as UTC: no zone was assumed."""
    moment = read_date(raw, "UTC")
    if moment is None or NO_ZONE not in moment.flags:
        return moment
    return Moment(moment.at, tuple(flag for flag in moment.flags if flag != NO_ZONE))


def _rfc_822(match: re.Match[str]) -> Moment | None:
    """What nearly every RSS feed writes, without the search for anything odder."""
    day, word, year, hour, minute, second, zone = match.groups()
    month = MONTHS.get(word)
    if month is None:
        return None
    try:
        return _built(int(year), month, int(day), hour, minute, second, zone, UTC)
    except (ValueError, OverflowError):
        return None


def _ascii_digit(char: str) -> str:
    if char.isascii() or not char.isdecimal():
        return char
    return str(unicodedata.decimal(char))


def _epoch(number: float) -> Moment | None:
    """Seconds, milliseconds, micro- or nanoseconds since 1970, or before it back to 1900."""
    for _ in range(3):
        if abs(number) >= 1e11:
            number /= 1000.0
    if not 1e8 <= abs(number) <= 4.1e9 or number < -2.2e9:
        return None
    return Moment(_EPOCH + timedelta(seconds=number))


def _digits(text: str, home: tzinfo) -> Moment | None:
    """Numbers alone: 202609251430, 20260925143000, or an epoch; `/Date(…)/` too."""
    stamp = _DIGITS_ONLY.fullmatch(text)
    if stamp:
        year, month, day, hour, minute, second = stamp.groups()
        with contextlib.suppress(ValueError):  # digits that are no date are an epoch
            found = _built(int(year), int(month), int(day), hour, minute, second, "", home)
            if found is not None:
                return found
    epoch = _EPOCH_TEXT.fullmatch(text)
    return _epoch(float(epoch.group(1))) if epoch else None


def _counted(text: str, home: tzinfo) -> Moment | None:
    """ISO 8601 dates by day of the year (2026-268) and by week (2026-W39-5)."""
    match = _ORDINAL.match(text)
    if match is None:
        return None
    year, day, week, weekday = match.groups()
    if day is not None:
        found = date(int(year), 1, 1) + timedelta(days=int(day) - 1)
        if found.year != int(year):
            raise ValueError("no such day in the year")
    else:
        found = date.fromisocalendar(int(year), int(week), int(weekday))
    return _iso(f"{found.isoformat()}{text[match.end() :]}", home)


def _han_number(match: re.Match[str]) -> str:
    """二〇二六 → 2026, 二十五 → 25."""
    text = match.group()
    if "十" not in text:
        return "".join(str(_HAN_DIGITS[char]) for char in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return text
    return str((_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0))


def _clock_of(match: re.Match[str]) -> str:
    """An hour in words, or with its part of the day, as hh:mm; an ordinary clock stays."""
    part, hour, minute, second, spoken = match.groups()
    if part is None and ":" in match.group() and minute is not None:
        return match.group()
    half = None if part is None else "am" if part in MORNING or int(hour) == 11 else "pm"
    if part in AFTERNOON and part != "中午":
        half = "pm"
    said = f" {_twelve(int(hour), half):02}:{int(minute or 0):02}"
    seconds = second or spoken
    return f"{said}:{int(seconds):02}" if seconds else said


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
    era, roc = _ERA.search(text), _ROC.match(text)
    if era:
        name, count, month, day = era.groups()
        first = 1 if count == "元" else int(count)
        if not first:
            return None
        text = f"{ERAS[name] + first - 1}年{month}月{day}日{text[era.end() :]}"
    elif roc:
        year, month, day = roc.groups()
        text = f"{int(year) + 1911}年{month}月{day}日{text[roc.end() :]}"
    match = _CJK.search(text)
    if match:
        year, month, day, rest = match.groups()
        clock = _CLOCK.search(rest)
        if clock is None:
            return _built(int(year), int(month), int(day), None, None, None, rest, home)
        hour = str(_twelve(int(clock.group(1)), clock.group(4)))
        tail = rest[clock.end() :]
        mm, ss = clock.group(2, 3)
        return _built(int(year), int(month), int(day), hour, mm, ss, tail, home)
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
        rest = OFFSET.sub(" ", rest) if OFFSET.match(tail.lstrip(" (")) else rest
    month, rest = _month_in(rest)
    if month is None:
        if numeric is None:
            return None
        american = bool(clock and clock.group(4))
        year, month, day = _numeric(numeric, american=american, thai=_is_thai(text, home))
    else:
        found = _day_and_year(rest, _is_thai(text, home))
        if found is None:
            return None
        day, year = found
    return _built(year, month, day, hour, minute, second, tail, home)


def _clock_in(text: str) -> re.Match[str] | None:
    colon = re.compile(_CLOCK.pattern.replace("[:.hH]", ":", 1)).search(text)
    return colon or _CLOCK.search(text)


def _month_in(text: str) -> tuple[int | None, str]:
    inside = MONTH_INSIDE.search(text)
    if inside:
        return MONTHS[inside.group()], f"{text[: inside.start()]} {text[inside.end() :]}"
    for match in re.finditer(r"[^\W\d_]+\.?", text):
        word = match.group().rstrip(".")
        if word in MONTHS:
            return MONTHS[word], f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def _is_thai(text: str, home: tzinfo) -> bool:
    """Whether years of two digits may be Buddhist: in Thai words, or from a Thai feed."""
    return bool(THAI.search(text)) or getattr(home, "key", "") == "Asia/Bangkok"


def _day_and_year(text: str, thai: bool) -> tuple[int, int] | None:
    numbers = re.findall(r"\d+", text)[:2]
    if len(numbers) < 2:
        return None
    first, second = numbers
    if len(first) == 4 or int(first) > 31:
        return int(second), _full_year(first, thai)
    return int(first), _full_year(second, thai)


def _numeric(match: re.Match[str], *, american: bool, thai: bool) -> tuple[int, int, int]:
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
        return _full_year(a, thai), int(b), int(c)
    return _full_year(c, thai), int(b), int(a)


def _full_year(digits: str, thai: bool) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    if thai and year >= 50:  # 69 is 2569; 26 is not 2526, which is long ago
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
        year -= _BUDDHISTOFFSET
        flags.append(BUDDHIST)
    if not 1900 <= year <= 2100:
        return None
    hours, seconds = int(hour or 0), int(second or 0)
    if seconds == 60:  # a leap second, which computers' calendars do not have
        seconds = 59
    later = timedelta(0)
    if hours == 24:
        hours, later = 0, timedelta(days=1)
    local = datetime(year, month, day, hours, int(minute or 0), seconds)  # noqa: DTZ001 - zone next
    where = zone_in(rest, local, home) if hour is not None else None
    if hour is None:
        flags.append(NO_TIME)
    elif where is None:
        flags.append(NO_ZONE)
    moment = local.replace(tzinfo=where or home) + later
    return Moment(moment.astimezone(UTC), tuple(flags))

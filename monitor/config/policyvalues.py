"""The kinds of values in `alerts.yaml`: each read as people write it, or refused in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from alerts import words
from monitor.config.duration import parse_duration
from monitor.config.faults import Said, Wrong, meant_by, said
from monitor.names import Name
from storage.records import Level

_BUDDHIST = 2400  # a year from here on is one of the Buddhist era
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLAIN_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_CLOCK = re.compile(r"\s*[\u201c\u201d]?(\d{1,2})[:.](\d\d)(?:\s*น\.?)?[\u201c\u201d]?\s*")
_LOCAL = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T]\d\d:\d\d(:\d\d)?")


def _number(value: object) -> object:
    """A number, also in Thai digits."""
    if isinstance(value, bool) or value is None:
        raise Wrong("no_number", given=repr(value))
    if isinstance(value, int | float):
        return value
    plain = str(value).strip().translate(PLAIN_DIGITS)
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", plain):
        raise Wrong("no_number", given=repr(value) if isinstance(value, str) else said("this"))
    return float(plain) if "." in plain else int(plain)


def _clock(value: object) -> time:
    found = _CLOCK.fullmatch(value.translate(PLAIN_DIGITS)) if isinstance(value, str) else None
    if found is None:
        raise Wrong("no_clock", given=repr(value))
    if int(found[1]) > 23 or int(found[2]) > 59:
        raise Wrong("no_such_hour", given=repr(value))
    return time(int(found[1]), int(found[2]))


def _local(value: object) -> datetime:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    text = text.strip().translate(PLAIN_DIGITS)
    form = _LOCAL.fullmatch(text)
    if form is None:
        raise Wrong("no_local_time", given=repr(text))
    if int(form[1]) >= _BUDDHIST:
        raise Wrong("buddhist", year=form[1], wanted=str(int(form[1]) - 543))
    try:
        return datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError as error:
        raise Wrong("no_such_day", given=repr(text)) from error


def _days(value: object) -> tuple[int, ...]:
    text = str(value).strip().lower()
    if text == "daily":
        return tuple(range(7))
    days: set[int] = set()
    for part in re.split(r"[,\s]+", text):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise Wrong("no_days", given=repr(value))
        start, end = DAYS.index(first), DAYS.index(last) if dash else DAYS.index(first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return tuple(sorted(days))


def _level(value: object) -> Level:
    try:
        return Level[str(value)]
    except KeyError as error:
        raise Wrong("no_level", given=repr(value), near=_level_meant(str(value))) from error


def _level_meant(written: str) -> Said | str:
    names = {
        each.name: " / ".join(words.say(f"level.{each.name}", lang) for lang in ("th", "en"))
        for each in Level
    }
    return meant_by(written, Level.__members__, names)


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value):
        raise Wrong("no_id", given=repr(value))
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;\"\\]+@[^@\s<>,;\"\\]+\.[^@\s<>,;\"\\]+", value):
        raise Wrong("no_address", given=repr(value))
    if not re.fullmatch(r"[\x21-\x7e]+", value.partition("@")[0]):
        raise Wrong("no_latin_address", given=repr(value))
    return value


def _region(name: str) -> str:
    if name in ("home", "world") or re.fullmatch("[A-Z]{2}", name):
        raise Wrong("own_meaning", given=repr(name), other=f"{name.lower()}_area")
    return name


def _within(
    shortest: timedelta, longest: timedelta, least: str, most: str
) -> Callable[[object], timedelta]:
    def check(value: object) -> timedelta:
        found = parse_duration(value)
        if not shortest <= found <= longest:
            raise Wrong("length", given=repr(value), least=least, most=most)
        return found

    return check


Clock = Annotated[time, BeforeValidator(_clock)]
LocalTime = Annotated[datetime, BeforeValidator(_local)]
Days = Annotated[tuple[int, ...], BeforeValidator(_days)]
LevelName = Annotated[Level, BeforeValidator(_level)]
Address = Annotated[str, AfterValidator(_address)]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
Wait = Annotated[timedelta, BeforeValidator(_within(timedelta(), _HOUR, "0s", "1h"))]
FlashWait = Annotated[
    timedelta,
    BeforeValidator(_within(timedelta(), timedelta(minutes=1), "0s", "60s")),
]
AlertWait = Annotated[
    timedelta, BeforeValidator(_within(timedelta(), timedelta(minutes=5), "0s", "5m"))
]
Gap = Annotated[timedelta, BeforeValidator(_within(timedelta(minutes=1), _DAY, "1m", "24h"))]
After = Annotated[timedelta, BeforeValidator(_within(timedelta(), _DAY, "0m", "24h"))]
Period = Annotated[timedelta, BeforeValidator(_within(_HOUR, 31 * _DAY, "1h", "31d"))]
RegionName = Annotated[Name, AfterValidator(_region)]
Number = Annotated[float, BeforeValidator(_number)]
Toll = Annotated[int, BeforeValidator(_number), Field(ge=1)]
Magnitude = Annotated[Number, Field(ge=0, le=10, allow_inf_nan=False)]
Amount = Annotated[Number, Field(ge=0, le=1e12, allow_inf_nan=False)]
CalendarName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00]+\.ics$", max_length=120)]
FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00]+\.ya?ml$", max_length=120)]
Id = Annotated[str, AfterValidator(_id), StringConstraints(max_length=60)]
# An id that stands for somebody or something elsewhere in the file: looked up there.
Ref = Annotated[str, StringConstraints(max_length=120)]

"""Days and times as officers type them.

A year from 2400 to 2700 is one of the Buddhist era: it is read as such, and whoever typed it is
told how it was read. Years that nobody means are refused in the language of whoever asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from alerts import dates, words
from monitor.refusal import Refusal

BUDDHIST = range(2400, 2701)
EARLIEST, LATEST = 1901, 2700
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


class NoDate(Refusal):
    """What was typed is no day or time that can be meant."""

    section = "typed"


@dataclass(frozen=True, slots=True)
class Typed:
    """A day or time that was typed; `buddhist` is its year as typed where that was of that era."""

    at: datetime  # without a zone only where none was typed and none was assumed
    buddhist: int | None = None

    @property
    def day(self) -> date:
        """The calendar day, as typed."""
        return self.at.date()

    def read_as(self, language: str) -> str | None:
        """How a Buddhist year was read, for whoever typed it; None for other years."""
        if self.buddhist is None:
            return None
        other = "en" if language == "th" else "th"
        said = {each: dates.day(self.at, each, weekday=False) for each in (language, other)}
        year = str(self.buddhist)
        return words.say(
            "typed.read_as", language, year=year, day=said[language], other=said[other]
        )


def typed_day(text: str, field: str) -> Typed:
    """A day: 2026-12-01, or 2569-12-01. `field` names the option or field in a refusal.

    Raises NoDate.
    """
    year, rest = _year_of(text, field, "no_day")
    try:
        found = date.fromisoformat(_in_our_era(year, rest))
    except ValueError as error:
        raise NoDate("no_day", field=field, given=text) from error
    return Typed(datetime(found.year, found.month, found.day, tzinfo=UTC), _buddhist(year))


def typed_time(text: str, field: str, zone: tzinfo | str | None = None) -> Typed:
    """A day or a time; one without a zone is one of `zone`, and without that it is refused.

    Raises NoDate.
    """
    key = "no_time" if zone is not None else "no_zoned"
    year, rest = _year_of(text, field, key)
    try:
        found = datetime.fromisoformat(_in_our_era(year, rest))
    except ValueError as error:
        raise NoDate(key, field=field, given=text) from error
    if found.tzinfo is None:
        if zone is None:
            raise NoDate(key, field=field, given=text)
        found = found.replace(tzinfo=ZoneInfo(zone) if isinstance(zone, str) else zone)
    return Typed(found, _buddhist(year))


def year_meant(year: int) -> int:
    """The year of our era that a written year means. Raises ValueError for one nobody means."""
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"{year} is no year that can be meant: write for example 2026")
    return year - dates.BUDDHIST_OFFSET if year in BUDDHIST else year


def _buddhist(year: int) -> int | None:
    return year if year in BUDDHIST else None


def _year_of(text: str, field: str, key: str) -> tuple[int, str]:
    """The year and what stands behind it: before the calendar is asked, whose leap years differ."""
    plain = text.strip().translate(_THAI_DIGITS)
    head = plain[:4]
    if len(head) < 4 or not (head.isascii() and head.isdigit()):
        raise NoDate(key, field=field, given=text)
    if not EARLIEST <= int(head) <= LATEST:
        raise NoDate("year", field=field, given=text, year=str(int(head)))
    return int(head), plain[4:]


def _in_our_era(year: int, rest: str) -> str:
    return f"{year_meant(year):04d}{rest}"

"""Stretches of the week by the home clock: day and night, quiet hours, and public holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = tuple(range(7))


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch that comes back every week. `days` are 0 (Monday) to 6, those of its start.

    `ends` at or before `starts` means that it runs past midnight; the same time twice is a whole
    day. With `holidays` the whole of every public holiday belongs to it as well.
    """

    starts: time
    ends: time
    days: tuple[int, ...] = EVERY_DAY
    holidays: bool = False


@dataclass(frozen=True, slots=True)
class Holidays:
    """Public holidays: those of every year by (month, day), and those of one date alone.

    The values are names by language (th, en). `unconfirmed` counts what nobody has checked.
    """

    yearly: Mapping[tuple[int, int], Mapping[str, str]] = field(default_factory=dict)
    dated: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    unconfirmed: int = 0

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self.dated or (day.month, day.day) in self.yearly)

    def name(self, day: date, language: str) -> str | None:
        """The name of the holiday in `language`, None for an ordinary day."""
        found = self.dated.get(day) or self.yearly.get((day.month, day.day))
        return None if found is None else found["th" if language == "th" else "en"]


NO_HOLIDAYS = Holidays()


def within(
    hours: Iterable[Hours], holidays: Holidays, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """Until when one of `hours` that runs at `now` lasts, the longest of them; None if none does.

    What follows without a gap (a holiday after a night) is counted in, at most for a fortnight.
    """
    chosen = tuple(hours)
    until: datetime | None = None
    at = now
    for _ in range(64):
        found = max((end for each in chosen for end in _ends(each, holidays, zone, at)), default=at)
        if found <= at or found - now > timedelta(days=14):
            break
        until = at = found
    return until


def is_night(day: Hours | None, holidays: Holidays, zone: ZoneInfo, now: datetime) -> bool:
    """Whether `now` lies outside of `day`, or on a public holiday; never without a `day`."""
    if day is None:
        return False
    if now.astimezone(zone).date() in holidays:
        return True
    return not any(True for _ in _ends(day, NO_HOLIDAYS, zone, now))


def _ends(of: Hours, holidays: Holidays, zone: ZoneInfo, now: datetime) -> Iterable[datetime]:
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        if day.weekday() in of.days:
            last = day if of.ends > of.starts else day + timedelta(days=1)
            # Compared in UTC: on a day when the clocks change, local times cannot be subtracted.
            starts = datetime.combine(day, of.starts, zone).astimezone(UTC)
            ends = datetime.combine(last, of.ends, zone).astimezone(UTC)
            if starts <= now < ends:
                yield ends
    if of.holidays and today in holidays:
        tomorrow = datetime.combine(today + timedelta(days=1), time(), zone)
        yield tomorrow.astimezone(UTC)

"""The roster laid out: stretches of duty from one hand-over to the next, and as a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from alerts.policy import Policy, Team
from alerts.roster import OnDuty, on_duty


@dataclass(frozen=True, slots=True)
class Stretch:
    """Who has duty from a hand-over to the next, in UTC; `why` names what is not the roster's."""

    starts: datetime
    ends: datetime
    primary: str | None
    backup: str | None
    why: str = ""


def stretches(team: Team, policy: Policy, start: datetime, end: datetime) -> list[Stretch]:
    """The stretches from `start` to `end`, without a gap between them; a gap has no primary."""
    zone = ZoneInfo(policy.timezone)
    marks = {start, end}
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        times = {part for shift in team.roster for part in (shift.starts, shift.ends)}
        marks |= {datetime.combine(day, each, zone).astimezone(UTC) for each in times | {time()}}
        day += timedelta(days=1)
    for each in team.overrides:
        marks |= {each.starts, each.ends}
    cuts = sorted(mark for mark in marks if start <= mark <= end)
    found: list[Stretch] = []
    for begins, ends in pairwise(cuts):
        duty = on_duty(team, policy, begins)
        why = _why(team, duty, begins)
        last = found[-1] if found else None
        same = last and (last.primary, last.backup, last.why) == (duty.primary, duty.backup, why)
        # A shift ends in a hand-over also where the same people go on.
        if last and same and not _hands_over(team, policy, begins):
            found[-1] = replace(last, ends=ends)
        else:
            found.append(Stretch(begins, ends, duty.primary, duty.backup, why))
    return found


def from_its_start(found: Sequence[Stretch], team: Team, policy: Policy) -> list[Stretch]:
    """The stretches with the first from when it really began, whenever it is looked at.

    One that has run for more than a week begins at the midnight a week ago.
    """
    if not found:
        return []
    zone = ZoneInfo(policy.timezone)
    first = found[0]
    week_ago = first.starts.astimezone(zone).date() - timedelta(days=7)
    start = datetime.combine(week_ago, time(), zone).astimezone(UTC)
    before = stretches(team, policy, start, first.ends)
    return [replace(first, starts=before[-1].starts), *found[1:]]


def _hands_over(team: Team, policy: Policy, at: datetime) -> bool:
    before = on_duty(team, policy, at - timedelta(microseconds=1)).shift_end
    return before is not None and before <= at


def _why(team: Team, duty: OnDuty, at: datetime) -> str:
    for each in reversed(team.overrides):
        if each.starts <= at < each.ends:
            return each.note or "override"
    return "" if duty.primary else "gap in the roster"


def as_calendar(found: Sequence[Stretch], team: Team, policy: Policy, now: datetime) -> str:
    """The stretches as an iCalendar file that `calendar:` of a team reads back."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Crisis Communication Monitor//roster//EN"]
    for each in found:
        if each.primary is None:
            continue
        summary = " / ".join(filter(None, (each.primary, each.backup)))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{team.id}-{_stamp(each.starts)}@{policy.home_country.lower()}.duty.invalid",
            f"DTSTAMP:{_stamp(now)}",
            f"DTSTART:{_stamp(each.starts)}",
            f"DTEND:{_stamp(each.ends)}",
            f"SUMMARY:{summary}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"

"""Which time a digest covers, and when its issues and their drafts are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from alerts.policy import DigestPlan, Policy

LATE_AFTER = timedelta(hours=1)
_DAY = timedelta(days=1)


class Period(NamedTuple):
    """Whole local days from one issue time to the next; `local_date` is that of the issue."""

    local_date: date
    start: datetime
    end: datetime


def period(plan: DigestPlan, policy: Policy, now: datetime) -> Period:
    """The period whose issue is due or was last due at `now`: issue time to issue time.

    By the local clock, so that a day on which the clocks change has 23 or 25 hours and no
    digest is left out or doubled.
    """
    zone = ZoneInfo(policy.timezone)
    day = now.astimezone(zone).date()
    if _at(plan, day, zone) > now:
        day -= timedelta(days=1)
    while day.weekday() not in plan.days:
        day -= timedelta(days=1)
    end = _at(plan, day, zone)
    days, rest = divmod(plan.covers, timedelta(days=1))
    return Period(day, end - plan.covers if rest else _at(plan, day - days * _DAY, zone), end)


def next_day(plan: DigestPlan, policy: Policy, now: datetime) -> date:
    """The local day of the first issue after `now`."""
    zone = ZoneInfo(policy.timezone)
    day = now.astimezone(zone).date()
    while day.weekday() not in plan.days or _at(plan, day, zone) <= now:
        day += _DAY
    return day


def next_issue(plan: DigestPlan, policy: Policy, of: Period) -> datetime:
    """When the issue after `of` is due."""
    zone = ZoneInfo(policy.timezone)
    return _at(plan, next_day(plan, policy, _at(plan, of.local_date, zone)), zone)


def draft_at(plan: DigestPlan, policy: Policy, local_date: date) -> datetime | None:
    """When the draft of that day's issue is due; None for a digest without one."""
    if plan.draft is None:
        return None
    day = local_date if plan.draft < plan.at else local_date - _DAY
    return datetime.combine(day, plan.draft, ZoneInfo(policy.timezone)).astimezone(UTC)


def is_late(of: Period, now: datetime) -> bool:
    """Whether an issue that goes out at `now` must say that it is late."""
    return now - of.end > LATE_AFTER


def _at(plan: DigestPlan, day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, plan.at, zone).astimezone(UTC)

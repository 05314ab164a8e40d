"""Which issue of a digest a date means; one that has none is refused, with a remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.digest.period import next_day, period
from alerts.policy import DigestPlan, Policy
from monitor.digest.days import STARTED
from monitor.digest.edit import Refused
from storage import meta

if TYPE_CHECKING:
    from storage.database import Connection

_FIRST = date(2000, 1, 1)  # nothing that this program reads is older


def issue_day(
    conn: Connection, plan: DigestPlan, policy: Policy, day: date, *, now: datetime
) -> date | None:
    """The day of the issue that was in force on `day`; None for the one that comes next.

    Raises Refused for a day after the next issue, or before the program was in service.
    """
    coming = next_day(plan, policy, now)
    if day > coming:
        raise Refused("not_yet", day=day.isoformat(), next=coming.isoformat())
    if day == coming:
        return None
    started = meta.get(conn, STARTED)
    zone = ZoneInfo(policy.timezone)
    first = started.at.astimezone(zone).date() if started is not None else _FIRST
    if day < _FIRST:
        raise Refused("before", day=day.isoformat(), first=first.isoformat())
    of = period(plan, policy, datetime.combine(day, plan.at, zone).astimezone(UTC))
    if started is not None and of.end <= started.at:
        raise Refused("before", day=day.isoformat(), first=first.isoformat())
    return of.local_date

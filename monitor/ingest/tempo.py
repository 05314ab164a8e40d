"""How often an `adaptive` feed is read: by its cadence, the hour there, and what is going on.

Pure arithmetic around the interval that officers wrote. It is safe for the whole list: what the
publisher asks for stays the lower bound, and only the press is ever read more seldom than written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.ingest.pacing import JITTER

SHORTEST = timedelta(minutes=1)  # that an open incident makes of an interval
SHORTEST_BUSY = timedelta(minutes=5)  # that news which comes fast makes of it
LONGEST = timedelta(hours=1)  # that slowing down makes of it
ALARM_DIVISOR = 3  # an open incident concerns the feed's countries
BUSY_DIVISOR = 2  # nearly every poll brings news
NIGHT_FACTOR, NIGHT = 2, (0, 5)  # hours of the publisher's clock, the last one not included
QUIET_FACTOR, QUIET_GAPS = 4, 12  # usual gap of so many intervals: read more seldom


def tempo(
    every: timedelta,
    *,
    usual_gap_s: float | None,
    alarmed: bool,
    slowed: bool,
    zone: str,
    hint: timedelta | None,
    now: datetime,
) -> timedelta:
    """The interval for now.

    `alarmed`: an incident at ALERT or above concerns the countries of the feed. `slowed`: the
    feed may be read more seldom than written. `zone` is the publisher's; UTC stands for a
    newsroom of the whole world, which has no night. `hint` is what ttl, `sy:` or Cache-Control
    ask.
    """
    wanted = every
    usual = timedelta(seconds=usual_gap_s) if usual_gap_s is not None else None
    if alarmed:
        wanted = max(every / ALARM_DIVISOR, min(every, SHORTEST))
    elif usual is not None and usual <= every * (1 + JITTER):  # a gap is never below one poll's
        wanted = max(every / BUSY_DIVISOR, min(every, SHORTEST_BUSY))
    elif slowed:
        factor = QUIET_FACTOR if usual is not None and usual > every * QUIET_GAPS else 1
        if zone != "UTC" and NIGHT[0] <= now.astimezone(ZoneInfo(zone)).hour < NIGHT[1]:
            factor = max(factor, NIGHT_FACTOR)
        wanted = min(max(every, LONGEST), every * factor)
    return max(wanted, min(hint or timedelta(0), every))

"""How often an `adaptive` feed is read: by its cadence, the hour there, and what is going on.

Pure arithmetic around the interval that officers wrote; what the publisher asks for stays the
lower bound.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)  # that slowing down makes of an interval
ALARM_DIVISOR = 3  # an open incident concerns the feed's countries
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
    feed may be read more seldom than written (no priority feed, no source of hazards). `zone` is
    the publisher's, UTC where it is not known. `hint` is what ttl, `sy:` or Cache-Control ask.
    """
    wanted = every
    usual = timedelta(seconds=usual_gap_s) if usual_gap_s is not None else None
    if alarmed:
        wanted = max(every / ALARM_DIVISOR, min(every, SHORTEST))
    elif usual is not None and usual < every:
        wanted = max(every / 2, usual / 2, min(every, SHORTEST))
    elif slowed and usual is not None and usual > every * QUIET_GAPS:
        wanted = min(max(every, LONGEST), every * QUIET_FACTOR)
    if slowed and not alarmed and zone != "UTC":
        hour = now.astimezone(ZoneInfo(zone)).hour
        if NIGHT[0] <= hour < NIGHT[1]:
            wanted = max(wanted, min(max(every, LONGEST), every * NIGHT_FACTOR))
    return max(wanted, min(hint or timedelta(0), every))

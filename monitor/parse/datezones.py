"""Time zones as dates name them: offsets, letters, names of places."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.parse.datewords import LOCAL_ZONES, ZONES

OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2}):?(\d{2})?(?!\d)")
_LETTERS = re.compile(r"(?<![a-zа-я])([a-z]{1,5}|мск)(?![a-zа-я])")
_IANA = re.compile(r"[a-z]+/[a-z_]+(?:/[a-z_]+)?")


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name; UTC for a name that there is not."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a wrong name is the feed list's fault, told there
        return UTC


def zone_in(text: str, local: datetime, home: tzinfo) -> tzinfo | None:
    """The zone that the words after a time name, or None."""
    offset = OFFSET.search(text)
    if offset:
        minutes = int(offset.group(2)) * 60 + int(offset.group(3) or 0)
        if minutes <= 14 * 60:
            return timezone(timedelta(minutes=minutes if offset.group(1) == "+" else -minutes))
        return None
    named = _IANA.search(text)
    if named and (place := _named_zone(named.group())) is not None:
        return place
    for match in _LETTERS.finditer(text):
        letters = match.group(1)
        if letters in ZONES:
            for month in (1, 7, local.month):  # IST in Jerusalem is not IST in Delhi
                own = local.replace(tzinfo=home, month=month, day=1)
                if (own.tzname() or "").lower() == letters:
                    return timezone(own.utcoffset() or timedelta(0))
            return timezone(timedelta(minutes=ZONES[letters]))
        if letters in LOCAL_ZONES:
            return zone_named(LOCAL_ZONES[letters])
    return None


def _named_zone(name: str) -> tzinfo | None:
    """The zone of a name such as asia/bangkok, whatever its case was."""
    try:
        return ZoneInfo(name.title())
    except (KeyError, ValueError, OSError):
        return None

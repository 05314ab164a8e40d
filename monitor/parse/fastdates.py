"""The two ways in which nearly all feeds write times, read without searching for odder ones.

What is not exactly of these shapes is left to `dates.read_date`; what is means the same there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_OFFSET = r"[+-](?:0[0-9]|1[0-3])"
_RFC_3339 = re.compile(
    rf"(?:19|20)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}(?:Z|{_OFFSET}:[0-5][0-9])"
)
_RFC_822 = re.compile(
    r"[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ((?:19|20)[0-9]{2}) "
    rf"({_CLOCK}) (GMT|{_OFFSET}[0-5][0-9])"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        start=1,
    )
}


def usual_time(text: str) -> datetime | None:
    """The time in UTC that a text of RFC 3339 or RFC 822 means; None for any other text."""
    try:
        if _RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
        match = _RFC_822.fullmatch(text)
        if match is None:
            return None
        day, word, year, clock, zone = match.groups()
        hour, minute, second = clock.split(":")
        offset = UTC
        if zone != "GMT" and zone[1:] != "0000":
            distance = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
            offset = timezone(distance if zone[0] == "+" else -distance)
        return datetime(
            int(year), _MONTHS[word], int(day), int(hour), int(minute), int(second), tzinfo=offset
        ).astimezone(UTC)
    except (KeyError, ValueError):
        return None

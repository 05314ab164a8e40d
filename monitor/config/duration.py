"""Durations as people write them in the configuration: 90s, 5m, 1h30m, 2d."""

from __future__ import annotations

import re
from datetime import timedelta

from monitor.config.faults import Wrong

_PART = re.compile(r"(\d+)\s*(s|m|h|d)")
_WHOLE = re.compile(r"(?:\d+\s*[smhd]\s*)+")
_UNIT = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(text: object) -> timedelta:
    """`5m` → five minutes. Raises ValueError with what to write instead."""
    if text == 0:
        return timedelta()
    if not isinstance(text, str) or not _WHOLE.fullmatch(text.strip()):
        raise Wrong("duration", given=repr(text))
    return sum(
        (timedelta(**{_UNIT[unit]: int(number)}) for number, unit in _PART.findall(text)),
        timedelta(),
    )


def show_duration(value: timedelta) -> str:
    """Five minutes → `5m`; at most two units."""
    seconds = int(value.total_seconds())
    if seconds <= 0:
        return "0s"
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts[:2])

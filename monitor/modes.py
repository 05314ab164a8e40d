"""Drill and maintenance: what holds for the whole program until a set time, by whom and why.

In a drill everything that goes out is marked as an exercise, and what is real says so. In
maintenance only a FLASH is told, and the rest when it ends. Both end by themselves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.errors import MonitorError
from storage import audit, meta

if TYPE_CHECKING:
    from storage.database import Connection

NAMES = ("drill", "maintenance")
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Mode:
    """One that is on: since and until when, who turned it on, and why."""

    name: str
    until: datetime
    by: str
    because: str
    since: datetime


def current(conn: Connection, name: str, now: datetime) -> Mode | None:
    """The mode of that name, None while it is off or has ended."""
    mark = meta.get(conn, f"mode.{name}")
    if mark is None or not mark.value:
        return None
    given = json.loads(mark.value)
    until = datetime.fromisoformat(given["until"])
    mode = Mode(name, until, given["by"], given["because"], mark.at)
    return mode if now < mode.until else None


def turn_on(
    conn: Connection, name: str, *, until: datetime, by: str, because: str, now: datetime
) -> Mode:
    """Turn a mode on. Raises MonitorError for a time that is over or more than a day away."""
    if not now < until <= now + LONGEST:
        raise MonitorError(f"a {name} lasts 24 hours at most and ends later than now")
    told = {"until": until.isoformat(), "by": by, "because": because}
    meta.set(conn, f"mode.{name}", json.dumps(told), now)
    audit.record(conn, at=now, who=by, action=f"{name} on", subject="mode", after={**told})
    return Mode(name, until, by, because, now)


def turn_off(conn: Connection, name: str, *, by: str, now: datetime) -> bool:
    """Turn a mode off; False if it was not on."""
    if current(conn, name, now) is None:
        return False
    meta.set(conn, f"mode.{name}", "", now)
    audit.record(conn, at=now, who=by, action=f"{name} off", subject="mode")
    return True

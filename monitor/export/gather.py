"""Which incidents are given to others: ALERT and above of the last days, none that was merged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.export.view import Shared, shared
from storage import incidents
from storage.records import Level

if TYPE_CHECKING:
    from storage.database import Connection

LEAST = Level.ALERT
WITHIN = timedelta(days=7)
_MOST = 100


def listed(conn: Connection, now: datetime) -> list[Shared]:
    """The incidents of the feed."""
    found = incidents.listing(
        conn, states=("open", "quiet", "closed"), min_level=LEAST, since=now - WITHIN, limit=_MOST
    )
    return [shared(each, incidents.changes(conn, each.id)) for each in found]


def one(conn: Connection, number: str) -> Shared | None:
    """One incident; None when there is none of that number that may be given."""
    found = incidents.by_number(conn, number)
    if found is None or found.state == "merged":
        return None
    changes = incidents.changes(conn, found.id)
    names = (each.new for each in changes if each.kind in ("level_raised", "level_lowered"))
    reached = [found.level, *(Level.__members__.get(name or "", Level.INFO) for name in names)]
    return shared(found, changes) if max(reached) >= LEAST else None

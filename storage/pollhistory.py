"""How long feeds could not be read in a stretch of time, from what their polls ended in."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from storage.tables import poll


def down(conn: Connection, start: datetime, end: datetime) -> dict[int, timedelta]:
    """By feed, how long it was down: from each failed poll to the next one, or to `end`.

    Feeds that were never down, or not polled in the stretch, are left out.
    """
    rows = conn.execute(
        select(poll.c.feed_id, poll.c.at, poll.c.ok)
        .where(poll.c.at >= start, poll.c.at < end)
        .order_by(poll.c.feed_id, poll.c.at, poll.c.id)
    )
    found: dict[int, timedelta] = defaultdict(timedelta)
    failed: tuple[int, datetime] | None = None
    for feed_id, at, ok in rows:
        if failed is not None:
            found[failed[0]] += (at if failed[0] == feed_id else end) - failed[1]
        failed = None if ok else (feed_id, at)
    if failed is not None:
        found[failed[0]] += end - failed[1]
    return dict(found)

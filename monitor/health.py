"""`/healthz`: whether the program moves, for the machine that watches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from storage import feeds, meta, outbox

if TYPE_CHECKING:
    from storage.database import Connection

TOO_LONG = timedelta(minutes=10)
POLLED, MAILED = "moved.poll", "moved.outbox"  # keys of the marks that the loops leave


@dataclass(frozen=True, slots=True)
class Health:
    """Seconds since feeds were last read, and since the outbox last moved while mails waited.

    `poll_s` is None before the first poll; `outbox_s` is 0 while nothing waits. `database` is
    "ok" or "failing".
    """

    ok: bool
    poll_s: float | None
    outbox_s: float | None
    database: str = "ok"

    def as_json(self) -> dict[str, Any]:
        """For the answer."""
        return {
            "ok": self.ok,
            "poll": self.poll_s,
            "database": self.database,
            "outbox": self.outbox_s,
        }


def health(conn: Connection, *, started: datetime, now: datetime) -> Health:
    """How the program does at `now`; `started` is when this process began.

    Feeds count as read while none has been due for longer than TOO_LONG: a short list of slow
    feeds is not a standstill.
    """
    polled = meta.get(conn, POLLED)
    poll_age = now - (max(polled.at, started) if polled else started)
    standstill = poll_age > TOO_LONG and overdue(conn, now)
    mails_age = timedelta(0)
    oldest = outbox.oldest_waiting(conn)
    if oldest is not None:
        sent = meta.get(conn, MAILED)
        mails_age = now - max([oldest, started, *([sent.at] if sent else [])])
    return Health(
        ok=not standstill and mails_age <= TOO_LONG,
        poll_s=round((now - polled.at).total_seconds(), 1) if polled else None,
        outbox_s=max(round(mails_age.total_seconds(), 1), 0.0),
    )


def overdue(conn: Connection, now: datetime) -> bool:
    """Whether a feed should have been read TOO_LONG ago and was not."""
    return bool(feeds.due(conn, now - TOO_LONG, 1))

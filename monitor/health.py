"""`/healthz`: whether the program moves, for the machine that watches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.faulty import standing
from storage import feeds, meta, outbox

if TYPE_CHECKING:
    from storage.database import Connection

TOO_LONG = timedelta(minutes=10)
BLIND_AFTER = timedelta(minutes=30)
# A feed that was read, but not as it should be: shown as a warning, not as a failure.
WARNINGS = frozenset(
    ["flood", "lost", "partly_parsed", "stale", "silent", "moved", "drop", "undated",
     "language_changed", "format_changed", "tls_soon"]
)  # fmt: skip
# Keys of the marks that the loops leave.
INBOX_FAULT = "inbox.fault"
POLLED, MAILED, WRITTEN = "moved.poll", "moved.outbox", "moved.database"


@dataclass(frozen=True, slots=True)
class Health:
    """Seconds since feeds were last read, and since the outbox last moved while mails waited.

    `poll_s` is None before the first poll; `outbox_s` is 0 while nothing waits. `database` is
    "ok", "failing", or "not written" when nothing could be written for TOO_LONG. Feeds count as
    failing whose newest poll failed; those not tried yet are in neither number.
    """

    ok: bool
    poll_s: float | None
    outbox_s: float | None
    database: str = "ok"
    feeds_ok: int = 0
    feeds_failing: int = 0
    priority_dark: int = 0  # priority feeds that nobody has been able to read for BLIND_AFTER
    faulty: tuple[str, ...] = ()  # configuration files, by what they hold: rules, feeds

    def as_json(self) -> dict[str, Any]:
        """For the answer."""
        return {
            "ok": self.ok,
            "poll": self.poll_s,
            "database": self.database,
            "outbox": self.outbox_s,
            "feeds": {
                "ok": self.feeds_ok,
                "failing": self.feeds_failing,
                "priority_dark": self.priority_dark,
            },
            "faulty_files": self.faulty,
        }


def health(conn: Connection, *, started: datetime, now: datetime) -> Health:
    """How the program does at `now`; `started` is when this process began.

    Feeds count as read while none has been due for longer than TOO_LONG: a short list of slow
    feeds is not a standstill. When every feed that was tried fails, and none has been read
    without fault for BLIND_AFTER, the program moves but sees nothing: that is not well either.
    """
    polled = meta.get(conn, POLLED)
    poll_age = now - (max(polled.at, started) if polled else started)
    standstill = poll_age > TOO_LONG and overdue(conn, now)
    mails_age = timedelta(0)
    oldest = outbox.oldest_waiting(conn)
    if oldest is not None:
        sent = meta.get(conn, MAILED)
        mails_age = now - max([oldest, started, *([sent.at] if sent else [])])
    tried = [feed for feed in feeds.states(conn) if feed.listed and feed.last_poll_at]
    failing = sum(feed.failures > 0 for feed in tried)
    read_at = max([started, *(feed.last_ok_at for feed in tried if feed.last_ok_at)])
    blind = bool(tried) and failing == len(tried) and now - read_at > BLIND_AFTER
    written = meta.get(conn, WRITTEN)
    stuck = written is not None and now - max(written.at, started) > TOO_LONG
    return Health(
        ok=not standstill and not blind and not stuck and mails_age <= TOO_LONG,
        database="not written" if stuck else "ok",
        poll_s=round((now - polled.at).total_seconds(), 1) if polled else None,
        outbox_s=max(round(mails_age.total_seconds(), 1), 0.0),
        feeds_ok=len(tried) - failing,
        feeds_failing=failing,
        priority_dark=sum(
            feed.priority and feed.failures > 0 and now - (feed.last_ok_at or started) > BLIND_AFTER
            for feed in tried
        ),
        faulty=tuple(each.what for each in standing(conn)),
    )


def overdue(conn: Connection, now: datetime) -> bool:
    """Whether a feed should have been read TOO_LONG ago and was not."""
    return bool(feeds.due(conn, now - TOO_LONG, 1))

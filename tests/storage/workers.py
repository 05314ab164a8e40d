"""What other processes do in the tests: `python workers.py JOB DATABASE_URL …`.

Each prints a line when it has reached the point that its test waits for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from storage import meta, outbox, schema
from storage.database import Database
from storage.lock import InstanceLock
from tests.storage import make

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def say(line: str) -> None:
    """Tell the test how far this process is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write(url: str, name: str, count: str) -> None:
    """Add to one counter, and open incidents, in many small transactions."""
    database = Database(url)
    say("ready")
    for _ in range(int(count)):
        with database.write() as conn:
            mark = meta.get(conn, "counter")
            meta.set(conn, "counter", str(int(mark.value) + 1 if mark else 1), NOW)
            make.incident(conn, NOW, title_en=name)
    database.close()
    say("done")


def lease(url: str, name: str) -> None:
    """Lease notices until there are none; say which."""
    database = Database(url)
    say("ready")
    sys.stdin.readline()
    while True:
        with database.write() as conn:
            mine = outbox.lease(conn, NOW, NOW + timedelta(minutes=2), name, 3)
        if not mine:
            break
        for notice in mine:
            say(str(notice.id))
    database.close()


def hang(url: str) -> None:
    """Stop in the middle of a transaction."""
    database = Database(url)
    with database.write() as conn:
        feed = make.feed_id(conn, NOW)
        for n in range(200):
            make.item_id(conn, feed, NOW, title="half " * 200, keys=(("id", str(n)),))
        outbox.enqueue(conn, make.notice(NOW), NOW)
        say("half")
        sys.stdin.readline()


def hang_upgrading(url: str) -> None:
    """Stop in the middle of the first migration, with its tables made."""
    database = Database(url)
    database.create()
    with database.migrate() as conn:
        schema.run_step(conn, schema.head())
        conn.execute(text("SELECT 1 FROM item"))
        say("half")
        sys.stdin.readline()


def upgrade(url: str) -> None:
    """Bring the database up to date."""
    database = Database(url)
    say(" ".join(["upgraded", *schema.upgrade(database)]))
    database.close()


def lock(path: str) -> None:
    """Hold the instance lock."""
    with InstanceLock(Path(path), "monitor run"):
        say("held")
        sys.stdin.readline()


if __name__ == "__main__":
    jobs: dict[str, Callable[..., None]] = {
        job.__name__: job for job in (write, lease, hang, hang_upgrading, upgrade, lock)
    }
    jobs[sys.argv[1]](*sys.argv[2:])

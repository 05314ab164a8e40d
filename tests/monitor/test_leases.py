"""What a killed program held is free at the next start; what a living one holds is not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import datetime, timedelta

from monitor.leases import free_dead, own_name
from storage import feeds
from storage.database import Connection
from storage.records import FeedIdentity

FEED = FeedIdentity("a", "A", "https://a.example/feed", "news", "A")


def dead_pid() -> int:
    """The pid of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def leased(conn: Connection, now: datetime, owner: str) -> int:
    state = feeds.sync(conn, [FEED], now)["a"]
    assert feeds.lease(conn, state.id, now, now + timedelta(minutes=3), owner)
    return state.id


def test_the_feed_of_a_dead_process_of_this_machine_is_free_at_once(
    conn: Connection, now: datetime
) -> None:
    feed_id = leased(conn, now, f"{socket.gethostname()}:{dead_pid()}")
    assert free_dead(conn) == 1
    assert feeds.lease(conn, feed_id, now, now + timedelta(minutes=3), own_name())


def test_the_feed_of_a_living_process_stays_leased(conn: Connection, now: datetime) -> None:
    feed_id = leased(conn, now, f"{socket.gethostname()}:{os.getppid()}")
    assert free_dead(conn) == 0
    assert not feeds.lease(conn, feed_id, now, now + timedelta(minutes=3), own_name())


def test_leases_of_another_machine_are_left_alone(conn: Connection, now: datetime) -> None:
    leased(conn, now, f"elsewhere:{dead_pid()}")
    assert free_dead(conn) == 0

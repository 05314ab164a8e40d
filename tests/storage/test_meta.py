"""Small values under a key."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import meta


def test_the_last_value_and_its_time_stand_under_a_key(conn: Connection, now: datetime) -> None:
    assert meta.get(conn, "poll") is None
    meta.set(conn, "poll", "one", now)
    meta.set(conn, "poll", "two", now + timedelta(seconds=1))
    meta.set(conn, "outbox", "three", now)
    assert meta.get(conn, "poll") == meta.Mark("two", now + timedelta(seconds=1))
    assert meta.get(conn, "outbox") == meta.Mark("three", now)

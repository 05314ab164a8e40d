"""Digests: each name and day once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from storage import digests
from storage.records import Digest, Json

DAY = timedelta(days=1)


def decided(
    conn: Connection, now: datetime, day: date, name: str = "morning", content: Json = None
) -> Digest | None:
    return digests.decide(
        conn,
        name=name,
        local_date=day,
        period_start=now - DAY,
        period_end=now,
        now=now,
        late=False,
        content={"items": content},
    )


def test_a_digest_is_decided_once_for_each_name_and_day(conn: Connection, now: datetime) -> None:
    day = date(2026, 11, 22)
    content: Json = ["น้ำท่วม", 1, 2.5, None, {"a": [True]}]
    first = decided(conn, now, day, content=content)
    assert first is not None
    assert first == Digest(first.id, "morning", day, now - DAY, now, now, False, {"items": content})
    assert decided(conn, now, day) is None
    assert decided(conn, now, day, "evening") is not None
    assert digests.by_date(conn, "morning", day) == first
    assert digests.by_date(conn, "morning", day + DAY) is None


def test_the_latest_digest_is_that_of_the_last_day(conn: Connection, now: datetime) -> None:
    days = [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 21)]
    for day in days:
        decided(conn, now, day)
    decided(conn, now, date(2026, 12, 1), "evening")
    latest = digests.latest(conn, "morning")
    assert latest is not None
    assert latest.local_date == date(2026, 11, 23)
    assert [d.local_date.day for d in digests.listing(conn, limit=9, name="morning")] == [
        23,
        22,
        21,
    ]
    assert [d.name for d in digests.listing(conn, limit=1)] == ["evening"]
    assert digests.latest(conn, "none") is None

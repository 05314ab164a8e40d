"""Column types: times, texts and reasons come back as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, select

from storage import meta
from storage.columns import UtcDateTime
from storage.errors import StorageError
from storage.records import Level, Why
from storage.tables import meta as marks
from storage.tables import metadata
from tests.storage import make


def test_times_come_back_aware_in_utc_to_the_microsecond(conn: Connection) -> None:
    bangkok = timezone(timedelta(hours=7))
    meta.set(conn, "a", "", datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=bangkok))
    mark = meta.get(conn, "a")
    assert mark is not None
    assert mark.at == datetime(2025, 12, 31, 17, 0, 0, 1, tzinfo=UTC)
    assert mark.at.tzinfo is UTC


def test_times_sort_and_compare_as_times(conn: Connection) -> None:
    moments = [
        datetime(999, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, microsecond=1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ]
    for n, at in enumerate(reversed(moments)):
        meta.set(conn, str(n), "", at)
    assert list(conn.execute(select(marks.c.at).order_by(marks.c.at)).scalars()) == moments
    later = select(marks.c.at).where(marks.c.at > moments[1]).order_by(marks.c.at)
    assert list(conn.execute(later).scalars()) == moments[2:]


def test_a_time_without_a_zone_is_refused(conn: Connection) -> None:
    with pytest.raises(Exception, match="without a zone"):
        meta.set(conn, "a", "", datetime(2026, 1, 1))  # noqa: DTZ001 - the fault to find


def test_letters_that_no_database_holds_become_replacement_letters(conn: Connection) -> None:
    meta.set(conn, "a", "x\x00y\ud800 น้ำ 🌊", datetime(2026, 1, 1, tzinfo=UTC))
    mark = meta.get(conn, "a")
    assert mark is not None
    assert mark.value == "x\ufffdy\ufffd น้ำ 🌊"


def test_levels_and_reasons_come_back_as_such(conn: Connection, now: datetime) -> None:
    why = (Why("level.size", {"magnitude": 7.1, "near": True, "place": "เชียงใหม่", "n": None}),)
    stored = make.incident(conn, now, level=Level.FLASH, level_why=why)
    assert stored.level is Level.FLASH
    assert stored.level_why == why


def test_every_time_column_is_of_the_type_that_refuses_naive_times() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            if column.name.endswith(("_at", "_until", "_since")) or column.name == "at":
                assert isinstance(column.type, UtcDateTime), f"{table.name}.{column.name}"


def test_a_naive_time_surfaces_as_a_storage_error_at_the_edge(sqlite_url: str) -> None:
    from storage.database import Database

    database = Database(sqlite_url)
    with pytest.raises(StorageError, match="without a zone"), database.write() as conn:
        meta.set(conn, "a", "", datetime(2026, 1, 1))  # noqa: DTZ001 - the fault to find
    database.close()

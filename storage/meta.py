"""Small values under a key, with the time they were set (when a loop last moved, …)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.tables import meta
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Mark:
    """A value and when it was set."""

    value: str
    at: datetime


def get(conn: Connection, key: str) -> Mark | None:
    """What stands under the key."""
    row = conn.execute(select(meta.c.value, meta.c.at).where(meta.c.key == key)).first()
    return None if row is None else Mark(row.value, row.at)


def set(conn: Connection, key: str, value: str, now: datetime) -> None:
    """Put a value under the key, in the place of what stood there."""
    conn.execute(
        insert_into(conn, meta)
        .values(key=key, value=value, at=now)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value, "at": now})
    )

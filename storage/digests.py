"""Digests that were decided: each name and day exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.codec import encode
from storage.records import Digest, Json
from storage.tables import digest
from storage.upsert import insert_into

_COLUMNS = [digest.c[part.name] for part in fields(Digest)]


def decide(
    conn: Connection,
    *,
    name: str,
    local_date: date,
    period_start: datetime,
    period_end: datetime,
    now: datetime,
    late: bool,
    content: Mapping[str, Json],
) -> Digest | None:
    """Store a digest; None if the one of this name and day exists already."""
    rows = conn.execute(
        insert_into(conn, digest)
        .values(
            name=name,
            local_date=local_date,
            period_start=period_start,
            period_end=period_end,
            decided_at=now,
            late=late,
            content=encode(content),
        )
        .on_conflict_do_nothing(index_elements=["name", "local_date"])
        .returning(*_COLUMNS)
    )
    row = rows.mappings().first()
    return None if row is None else Digest(**row)


def latest(conn: Connection, name: str) -> Digest | None:
    """The digest of this name for the last day."""
    return _first(conn, _newest_first().where(digest.c.name == name))


def by_date(conn: Connection, name: str, local_date: date) -> Digest | None:
    """The digest of this name for that day."""
    which = (digest.c.name == name, digest.c.local_date == local_date)
    return _first(conn, _newest_first().where(*which))


def listing(conn: Connection, *, limit: int, name: str | None = None) -> list[Digest]:
    """Digests, the last day first."""
    query = _newest_first().limit(limit)
    if name is not None:
        query = query.where(digest.c.name == name)
    return [Digest(**row) for row in conn.execute(query).mappings()]


def _newest_first() -> Select[Any]:
    return select(*_COLUMNS).order_by(digest.c.local_date.desc(), digest.c.id.desc())


def _first(conn: Connection, query: Select[Any]) -> Digest | None:
    row = conn.execute(query.limit(1)).mappings().first()
    return None if row is None else Digest(**row)

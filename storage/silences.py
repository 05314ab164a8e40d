"""Silences: stretches of time in which matching incidents notify nobody."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.errors import StorageError
from storage.records import Silence
from storage.tables import silence

_COLUMNS = [silence.c[part.name] for part in fields(Silence)]


def add(
    conn: Connection,
    *,
    owner: str,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    incident_id: int | None = None,
    countries: tuple[str, ...] = (),
    hazards: tuple[str, ...] = (),
    feeds: tuple[str, ...] = (),
) -> Silence:
    """A new silence. Raises StorageError if it would end before it starts."""
    if ends_at <= starts_at:
        raise StorageError("A silence must end after it starts.")
    row = conn.execute(
        insert(silence)
        .values(
            incident_id=incident_id,
            countries=countries,
            hazards=hazards,
            feeds=feeds,
            owner=owner,
            reason=reason,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        .returning(*_COLUMNS)
    )
    return Silence(**row.mappings().one())


def active(conn: Connection, now: datetime) -> list[Silence]:
    """The silences in force at `now`, the one that ends first in front."""
    rows = conn.execute(
        select(*_COLUMNS)
        .where(silence.c.starts_at <= now, silence.c.ends_at > now)
        .order_by(silence.c.ends_at, silence.c.id)
    )
    return [Silence(**row) for row in rows.mappings()]


def listing(conn: Connection, *, limit: int) -> list[Silence]:
    """Silences, also past and coming ones, the last made first."""
    rows = conn.execute(select(*_COLUMNS).order_by(silence.c.id.desc()).limit(limit))
    return [Silence(**row) for row in rows.mappings()]


def ended_between(conn: Connection, start: datetime, end: datetime) -> list[Silence]:
    """Those that ended after `start` and not after `end`, the first to end in front."""
    rows = conn.execute(
        select(*_COLUMNS)
        .where(silence.c.ends_at > start, silence.c.ends_at <= end)
        .order_by(silence.c.ends_at, silence.c.id)
    )
    return [Silence(**row) for row in rows.mappings()]


def end(conn: Connection, silence_id: int, now: datetime) -> bool:
    """End a silence now; False if it has ended already or never was."""
    done = conn.execute(
        update(silence)
        .where(silence.c.id == silence_id, silence.c.ends_at > now)
        .values(ends_at=now)
    )
    return done.rowcount > 0

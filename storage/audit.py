"""The audit log: who did what, to what, and what it was before. Only ever added to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.codec import encode
from storage.records import Json
from storage.tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log; `who` is an account or `command line`."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    before: Json
    after: Json


def record(
    conn: Connection,
    *,
    at: datetime,
    who: str,
    action: str,
    subject: str,
    before: Json = None,
    after: Json = None,
) -> int:
    """Add a line; its id."""
    added = conn.execute(
        insert(audit)
        .values(
            at=at,
            who=who,
            action=action,
            subject=subject,
            before=encode(before),
            after=encode(after),
        )
        .returning(audit.c.id)
    )
    return int(added.scalar_one())


def listing(
    conn: Connection, *, limit: int, subject: str | None = None, before_id: int | None = None
) -> list[Entry]:
    """Lines, newest first; of one subject, or before a line that was already read."""
    query = select(*[audit.c[part.name] for part in fields(Entry)])
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    if before_id is not None:
        query = query.where(audit.c.id < before_id)
    rows = conn.execute(query.order_by(audit.c.id.desc()).limit(limit))
    return [Entry(**row) for row in rows.mappings()]

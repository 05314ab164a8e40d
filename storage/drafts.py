"""What an officer set of a digest before it goes out, and that its draft was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import JSON, Column, Connection, Date, Table, UniqueConstraint, select

from storage.codec import decode, encode
from storage.columns import ROW_ID, SafeText, UtcDateTime
from storage.records import DigestEdits
from storage.tables import metadata
from storage.upsert import insert_into

digest_draft = Table(
    "digest_draft",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("name", SafeText, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("edits", JSON, nullable=False),
    Column("changed_at", UtcDateTime),
    Column("changed_by", SafeText),
    UniqueConstraint("name", "local_date"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of one issue. `sent_at`: when it was decided to show it to the duty officer."""

    edits: DigestEdits = field(default_factory=DigestEdits)
    sent_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str | None = None


def get(conn: Connection, name: str, local_date: date) -> Draft:
    """The draft of this digest for that day; an empty one where nobody has touched it."""
    row = (
        conn.execute(
            select(digest_draft).where(
                digest_draft.c.name == name, digest_draft.c.local_date == local_date
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        return Draft()
    edits = decode(DigestEdits, row["edits"])
    return Draft(edits, row["sent_at"], row["changed_at"], row["changed_by"])


def mark_sent(conn: Connection, name: str, local_date: date, now: datetime) -> bool:
    """Note that the draft goes to the duty officer; False if that was noted before."""
    made = insert_into(conn, digest_draft).values(
        name=name, local_date=local_date, sent_at=now, edits=encode(DigestEdits())
    )
    row = conn.execute(
        made.on_conflict_do_update(
            index_elements=["name", "local_date"],
            set_={"sent_at": now},
            where=digest_draft.c.sent_at.is_(None),
        ).returning(digest_draft.c.id)
    ).first()
    return row is not None


def change(
    conn: Connection, name: str, local_date: date, edits: DigestEdits, *, by: str, now: datetime
) -> None:
    """Put `edits` in the place of what was set before."""
    values = {"edits": encode(edits), "changed_at": now, "changed_by": by}
    conn.execute(
        insert_into(conn, digest_draft)
        .values(name=name, local_date=local_date, **values)
        .on_conflict_do_update(index_elements=["name", "local_date"], set_=values)
    )

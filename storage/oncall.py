"""On-call work: mails that came in, and who looks after an incident until when."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    RowMapping,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.columns import ROW_ID, LevelNumber, SafeText, UtcDateTime
from storage.records import Level
from storage.tables import decision, delivery, metadata, notice
from storage.upsert import insert_into

letter = Table(  # what came into the inbox and what was done about it
    "letter",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("key", SafeText, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("kind", SafeText, nullable=False),
    Column("sender", SafeText, nullable=False),
    Column("detail", SafeText, nullable=False),
    Column("notice_id", ROW_ID, ForeignKey("notice.id"), index=True),
    sqlite_autoincrement=True,
)

care = Table(  # who looks after an incident, and until when its reminders are put off
    "care",
    metadata,
    Column("incident_id", ROW_ID, ForeignKey("incident.id"), primary_key=True, autoincrement=False),
    Column("assigned_to", SafeText),
    Column("assigned_at", UtcDateTime),
    Column("assigned_by", SafeText),
    Column("snoozed_until", UtcDateTime),
    Column("snoozed_level", LevelNumber),
    Column("snoozed_by", SafeText),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that came in. `kind` is what it was taken for, `notice_id` what it answers.

    Kinds: acknowledged, unacknowledged, dismissed, already, over, expired, no_word, other_sender,
    auto_reply, bounced, delayed, unknown.
    """

    id: int
    at: datetime
    kind: str
    sender: str
    detail: str
    notice_id: int | None


@dataclass(frozen=True, slots=True)
class Answerable:
    """A notice that can be answered, without its message."""

    id: int
    message_id: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Care:
    """Who looks after an incident; `snoozed_until` may be past."""

    incident_id: int
    assigned_to: str | None = None
    assigned_at: datetime | None = None
    assigned_by: str | None = None
    snoozed_until: datetime | None = None
    snoozed_level: Level | None = None
    snoozed_by: str | None = None

    def snoozed(self, now: datetime, level: Level) -> datetime | None:
        """Until when it is put off at `now`; a rise of its level ends that."""
        until, below = self.snoozed_until, self.snoozed_level
        return until if until and below is not None and now < until and level <= below else None


def add_letter(
    conn: Connection,
    *,
    key: str,
    at: datetime,
    kind: str,
    sender: str,
    detail: str,
    notice_id: int | None,
) -> bool:
    """Keep what came in; False when it was read before."""
    added = conn.execute(
        insert_into(conn, letter)
        .values(key=key, at=at, kind=kind, sender=sender, detail=detail, notice_id=notice_id)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(letter.c.id)
    ).first()
    return added is not None


def knows_letter(conn: Connection, key: str) -> bool:
    """Whether a mail was read before."""
    return conn.execute(select(letter.c.id).where(letter.c.key == key)).first() is not None


def letters(
    conn: Connection, *, limit: int, notice_id: int | None = None, since: datetime | None = None
) -> list[Letter]:
    """What came in, newest first; about one notice, or from a time on."""
    query = select(*[letter.c[part.name] for part in fields(Letter)])
    if notice_id is not None:
        query = query.where(letter.c.notice_id == notice_id)
    if since is not None:
        query = query.where(letter.c.at >= since)
    rows = conn.execute(query.order_by(letter.c.at.desc(), letter.c.id.desc()).limit(limit))
    return [Letter(**row) for row in rows.mappings()]


def notice_of(conn: Connection, message_id: str) -> int | None:
    """The id of the notice with that Message-ID."""
    return conn.execute(
        select(notice.c.id).where(notice.c.message_id == message_id)
    ).scalar_one_or_none()


def answerable(conn: Connection, since: datetime) -> list[Answerable]:
    """The notices about incidents, and the digests, made from `since` on, newest first."""
    rows = conn.execute(
        select(*[notice.c[part.name] for part in fields(Answerable)])
        .where(
            notice.c.created_at >= since,
            or_(notice.c.incident_id.is_not(None), notice.c.kind == "digest"),
        )
        .order_by(notice.c.created_at.desc())
    )
    return [Answerable(**row) for row in rows.mappings()]


def mark_bounced(conn: Connection, notice_id: int, at: datetime, reason: str) -> None:
    """A mail server has sent the notice back: it did not arrive, and waits for a person."""
    conn.execute(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.state == "sent")
        .values(state="bounced", response=reason)
    )
    conn.execute(
        insert(delivery).values(notice_id=notice_id, at=at, outcome="bounced", response=reason)
    )


def bounced_since(conn: Connection, since: datetime) -> list[tuple[str, str]]:
    """Recipient and reason of each notice made from `since` on that came back, newest first."""
    rows = conn.execute(
        select(notice.c.recipient, notice.c.response)
        .where(notice.c.state == "bounced", notice.c.created_at >= since)
        .order_by(notice.c.created_at.desc())
    )
    return [(row.recipient, row.response) for row in rows]


def care_of(conn: Connection, incident_id: int) -> Care:
    """Who looks after the incident; empty when nobody was named."""
    row = conn.execute(
        select(*[care.c[part.name] for part in fields(Care)]).where(
            care.c.incident_id == incident_id
        )
    )
    return _care(found) if (found := row.mappings().first()) else Care(incident_id)


def cares(conn: Connection) -> dict[int, Care]:
    """Every incident that has somebody named or is put off, by id."""
    rows = conn.execute(select(*[care.c[part.name] for part in fields(Care)]))
    return {row["incident_id"]: _care(row) for row in rows.mappings()}


def keep_care(conn: Connection, of: Care) -> None:
    """Write who looks after the incident, in place of what was written before."""
    conn.execute(delete(care).where(care.c.incident_id == of.incident_id))
    conn.execute(insert(care).values({part.name: getattr(of, part.name) for part in fields(Care)}))


def hasten(
    conn: Connection,
    incident_id: int,
    now: datetime,
    *,
    due_at: datetime | None = None,
    step: int | None = None,
) -> int:
    """Make what waits for the incident due now: what is due at `due_at`, `step`, or the next one.

    How many decisions that touched.
    """
    waits = (decision.c.incident_id == incident_id, decision.c.state == "due")
    change = update(decision).where(*waits).values(due_at=now)
    if due_at is not None:
        return conn.execute(change.where(decision.c.due_at == due_at)).rowcount
    later = (decision.c.step > 0, decision.c.due_at > now)
    if step is None:
        first = select(func.min(decision.c.step)).where(*waits, *later)
        step = conn.execute(first).scalar_one_or_none()
    return conn.execute(change.where(*later, decision.c.step == step)).rowcount


def _care(row: RowMapping) -> Care:
    return Care(**row)

"""The outbox: notices that wait for delivery, and every attempt that was made.

A worker leases a notice, sends it and marks it; a worker that dies loses its lease, and the
notice goes out again under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from storage.errors import StorageError
from storage.records import CHANNEL, Delivery, Level, NewNotice, Notice
from storage.tables import delivery, notice
from storage.upsert import insert_into

_COLUMNS = [notice.c[part.name] for part in fields(Notice)]
_WAITING = ("pending", "leased")


def enqueue(conn: Connection, new: NewNotice, now: datetime) -> int | None:
    """Put a notice into the outbox; its id, or None if its Message-ID is there already."""
    values = {part.name: getattr(new, part.name) for part in fields(NewNotice)}
    added = conn.execute(
        insert_into(conn, notice)
        .values(**values, created_at=now, state="pending", attempts=0, response="")
        .on_conflict_do_nothing(index_elements=["message_id"])
        .returning(notice.c.id)
    ).scalar_one_or_none()
    return None if added is None else int(added)


def enqueue_many(conn: Connection, new: Sequence[NewNotice], now: datetime) -> set[str]:
    """Put notices into the outbox, as `enqueue` does; the Message-IDs of those that were not there.

    Of several with one Message-ID the first counts.
    """
    fresh = {"created_at": now, "state": "pending", "attempts": 0, "response": ""}
    rows = [{part.name: getattr(each, part.name) for part in fields(NewNotice)} for each in new]
    if not rows:
        return set()
    added = conn.execute(
        insert_into(conn, notice)
        .on_conflict_do_nothing(index_elements=["message_id"])
        .returning(notice.c.message_id),
        [row | fresh for row in rows],
    )
    return set(added.scalars())


def note_grouped(conn: Connection, told: Sequence[NewNotice], now: datetime, told_in: str) -> None:
    """Keep notices that go out in another message (its Message-ID): never sent by themselves."""
    rows = [
        {part.name: getattr(each, part.name) for part in fields(NewNotice)}
        | {"created_at": now, "state": "grouped", "attempts": 0, "response": told_in}
        for each in told
    ]
    if rows:
        added = insert_into(conn, notice).on_conflict_do_nothing(index_elements=["message_id"])
        conn.execute(added, rows)


def lease(
    conn: Connection,
    now: datetime,
    until: datetime,
    owner: str,
    limit: int,
    *,
    channels: bool = False,
) -> list[Notice]:
    """Take up to `limit` notices that are due, highest level first, then longest due.

    `channels` takes those for other channels, which a closed mail road does not hold up; else
    mails. Those whose lease has ended are taken again. Two workers never get the same one: a notice
    is taken only if it still stands as it was read.
    """
    won: list[int] = []
    for notice_id in _next(conn, now, limit, channels=channels):
        taken = conn.execute(
            update(notice)
            .where(notice.c.id == notice_id, _ready(now))
            .values(state="leased", leased_until=until, leased_by=owner)
            .returning(notice.c.id)
        ).first()
        if taken is not None:
            won.append(notice_id)
    order = (notice.c.level.desc(), notice.c.due_at, notice.c.id)
    return _found(conn, notice.c.id.in_(won), order=order) if won else []


def mark_sent(conn: Connection, notice_id: int, at: datetime, response: str) -> None:
    """The server has taken the notice; `response` is its answer."""
    _attempt(conn, notice_id, at, "sent", response, state="sent", sent_at=at)


def retry(conn: Connection, notice_id: int, at: datetime, due_at: datetime, response: str) -> None:
    """The attempt failed; try again at `due_at`. Leaves a notice alone that was sent meanwhile."""
    _attempt(conn, notice_id, at, "retry", response, state="pending", due_at=due_at)


def park(conn: Connection, notice_id: int, at: datetime, response: str) -> None:
    """The attempt failed for good; a person must look. Leaves a sent notice alone."""
    _attempt(conn, notice_id, at, "parked", response, state="parked")


def release(conn: Connection, owner: str) -> int:
    """Give back everything that `owner` has leased and not tried (a clean stop); how many."""
    return conn.execute(
        update(notice)
        .where(notice.c.state == "leased", notice.c.leased_by == owner)
        .values(state="pending", leased_until=None, leased_by=None)
    ).rowcount


def give_back(conn: Connection, ids: Sequence[int], owner: str) -> None:
    """Give back notices that `owner` leased and did not try."""
    conn.execute(
        update(notice)
        .where(notice.c.id.in_(ids), notice.c.state == "leased", notice.c.leased_by == owner)
        .values(state="pending", leased_until=None, leased_by=None)
    )


def lease_owners(conn: Connection) -> set[str]:
    """Who holds leases, ended ones too."""
    query = select(notice.c.leased_by).where(notice.c.state == "leased").distinct()
    return {owner for (owner,) in conn.execute(query) if owner}


def get(conn: Connection, notice_id: int) -> Notice:
    """The notice; raises StorageError if there is none with this id."""
    found = _found(conn, notice.c.id == notice_id, order=())
    if not found:
        raise StorageError(f"There is no notice with the id {notice_id}.")
    return found[0]


def of_incident(conn: Connection, incident_id: int) -> list[Notice]:
    """The notices about an incident, oldest first."""
    about = notice.c.incident_id == incident_id
    return _found(conn, about, order=(notice.c.created_at, notice.c.id))


def recent(conn: Connection, limit: int) -> list[Notice]:
    """The last notices, newest first."""
    order = (notice.c.created_at.desc(), notice.c.id.desc())
    return _found(conn, order=order, limit=limit)


def between(conn: Connection, start: datetime, end: datetime) -> list[Notice]:
    """Notices made from `start` on and before `end`, oldest first."""
    stretch = and_(notice.c.created_at >= start, notice.c.created_at < end)
    return _found(conn, stretch, order=(notice.c.created_at, notice.c.id))


class Held(NamedTuple):
    """A notice that waits, without its text."""

    recipient: str
    person: str
    team: str
    language: str
    level: Level
    subject: str
    created_at: datetime
    incident_id: int | None


def held_back(conn: Connection, created_before: datetime) -> list[Held]:
    """The mails that wait and were made before that time, highest level first, then newest."""
    rows = conn.execute(
        select(*[notice.c[name] for name in Held._fields])
        .where(
            notice.c.state.in_(_WAITING),
            notice.c.created_at < created_before,
            ~notice.c.recipient.startswith(CHANNEL, autoescape=True),
        )
        .order_by(notice.c.level.desc(), notice.c.created_at.desc(), notice.c.id.desc())
    )
    return [Held(*row) for row in rows]


def told_since(conn: Connection, since: datetime) -> list[tuple[str, Level, datetime, str]]:
    """Who was told something of incidents after `since`: person, level, when, kind of notice.

    What went out in a list is told by the list alone; a second road is no second notice.
    """
    rows = conn.execute(
        select(notice.c.person, notice.c.level, notice.c.created_at, notice.c.kind).where(
            notice.c.created_at > since,
            notice.c.level >= Level.WATCH,
            notice.c.state != "grouped",
            ~notice.c.recipient.startswith(CHANNEL, autoescape=True),
            or_(notice.c.incident_id.is_not(None), notice.c.kind == "flood"),
        )
    )
    return [(row.person, row.level, row.created_at, row.kind) for row in rows]


def waiting(conn: Connection) -> int:
    """How many notices are still to be delivered."""
    query = select(func.count()).where(notice.c.state.in_(_WAITING))
    return int(conn.execute(query).scalar_one())


def parked(conn: Connection) -> int:
    """How many notices wait for a person, since their delivery failed for good."""
    query = select(func.count()).where(notice.c.state == "parked")
    return int(conn.execute(query).scalar_one())


def oldest_waiting(conn: Connection) -> datetime | None:
    """When the mail was made that has waited longest; None if none waits.

    What waits for another channel does not count: a service that is down is no standstill.
    """
    found: datetime | None = conn.execute(
        select(notice.c.created_at)
        .where(
            notice.c.state.in_(_WAITING),
            ~notice.c.recipient.startswith(CHANNEL, autoescape=True),
        )
        .order_by(notice.c.created_at)
        .limit(1)
    ).scalar_one_or_none()
    return found


@dataclass(frozen=True, slots=True)
class Stuck:
    """Mails that were tried and did not go out: how many, since when, the highest level."""

    count: int
    since: datetime
    level: Level


def stuck_mails(conn: Connection, before: datetime) -> Stuck:
    """What was made before that time, was tried, and still waits; channels do not count."""
    found = conn.execute(
        select(func.count(), func.min(notice.c.created_at), func.max(notice.c.level)).where(
            notice.c.state.in_(_WAITING),
            notice.c.attempts > 0,
            notice.c.created_at <= before,
            ~notice.c.recipient.startswith(CHANNEL, autoescape=True),
        )
    ).one()
    return Stuck(int(found[0]), found[1] or before, found[2] or Level.INFO)


def deliveries(conn: Connection, notice_id: int) -> list[Delivery]:
    """Every attempt to hand the notice over, oldest first."""
    rows = conn.execute(
        select(*[delivery.c[part.name] for part in fields(Delivery)])
        .where(delivery.c.notice_id == notice_id)
        .order_by(delivery.c.at, delivery.c.id)
    )
    return [Delivery(**row) for row in rows.mappings()]


def _next(conn: Connection, now: datetime, limit: int, *, channels: bool) -> list[int]:
    """The first `limit` notices that may be leased.

    Level by level, each in the order of the index: sorting all that wait would make every lease
    cost as much as the whole outbox after a day without a mail server.
    """
    columns = (notice.c.level, notice.c.due_at, notice.c.id)
    channel = notice.c.recipient.startswith(CHANNEL, autoescape=True)
    lane = channel if channels else ~channel
    ended = (lane, notice.c.state == "leased", notice.c.leased_until <= now)
    found = list(conn.execute(select(*columns).where(*ended)))
    waiting = 0
    for level in sorted(Level, reverse=True):
        if waiting >= limit:
            break
        rows = conn.execute(
            select(*columns)
            .where(
                lane,
                notice.c.state == "pending",
                notice.c.level == level,
                notice.c.due_at <= now,
            )
            .order_by(notice.c.due_at, notice.c.id)
            .limit(limit - waiting)
        ).all()
        waiting += len(rows)
        found += rows
    found.sort(key=lambda row: (-row.level, row.due_at, row.id))
    return [row.id for row in found[:limit]]


def _ready(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(notice.c.state == "pending", notice.c.due_at <= now),
        and_(notice.c.state == "leased", notice.c.leased_until <= now),
    )


def _attempt(
    conn: Connection, notice_id: int, at: datetime, outcome: str, response: str, **values: Any
) -> None:
    """Write the attempt down, and what became of the notice; once sent, it stays sent."""
    known = conn.execute(
        update(notice)
        .where(notice.c.id == notice_id)
        .values(attempts=notice.c.attempts + 1)
        .returning(notice.c.id)
    ).first()
    if known is None:
        raise StorageError(f"There is no notice with the id {notice_id}.")
    conn.execute(
        update(notice)
        .where(notice.c.id == notice_id, notice.c.state != "sent")
        .values(response=response, leased_until=None, leased_by=None, **values)
    )
    conn.execute(
        insert(delivery).values(notice_id=notice_id, at=at, outcome=outcome, response=response)
    )


def _found(
    conn: Connection,
    *which: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    limit: int | None = None,
) -> list[Notice]:
    rows = conn.execute(select(*_COLUMNS).where(*which).order_by(*order).limit(limit))
    return [Notice(**row) for row in rows.mappings()]

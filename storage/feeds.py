"""The feed table: who is polled, when next, and what the last polls learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage import remembered
from storage.errors import StorageError
from storage.records import FeedIdentity, FeedState, LostEntries, PollResult
from storage.tables import feed, poll
from storage.upsert import chunks

_STATE_COLUMNS = [feed.c[part.name] for part in fields(FeedState)]
_IDENTITY = tuple(part.name for part in fields(FeedIdentity))
_RESULT = tuple(part.name for part in fields(PollResult))
_BEFORE = select(
    feed.c.id,
    feed.c.state,
    feed.c.state_since,
    feed.c.first_seen_at,
    feed.c.last_ok_at,
    feed.c.last_news_at,
    feed.c.failures,
    feed.c.moved_to,
    feed.c.etag,
    feed.c.last_modified,
    feed.c.body_digest,
    feed.c.habit,
    feed.c.certificate_ends,
)
# A parked feed falls due too, but rarely. Naming both values lets the index lead to `due_at`.
_PARKED_OR_NOT = feed.c.parked.in_([False, True])
_NEW_POLL = insert(poll)
_CHANGED = update(feed).where(feed.c.id == bindparam("row_id"))
_FORGOTTEN_WITH_THE_ADDRESS: Mapping[str, Any] = {
    "etag": None,
    "last_modified": None,
    "body_digest": None,
    "not_before": None,
    "failures": 0,
    "moved_to": None,
    "moved_count": 0,
    "parked": False,
    "habit": None,
    "certificate_ends": None,
}


@dataclass(frozen=True, slots=True)
class PollEnd:
    """How a poll ended and what follows from it; `record_polls` takes many."""

    feed_id: int
    result: PollResult
    due_at: datetime
    not_before: datetime | None = None
    usual_gap_s: float | None = None
    parked: bool = False
    moved_count: int = 0
    took_document: bool = False  # the first one makes the feed one that was seen
    habit: str | None = None  # None keeps what is known, as with the next
    certificate_ends: datetime | None = None


def sync(
    conn: Connection, feeds: Sequence[FeedIdentity], now: datetime, *, spread_s: float = 0.0
) -> dict[str, FeedState]:
    """Make the table follow the feed list; the listed feeds by key.

    New and returning feeds fall due within the next `spread_s` seconds, each at a moment that
    follows from its key. A feed keeps its history under a new name or address; a new address
    drops what was learnt of the old one (validators, parking, waiting). Feeds that are no
    longer in the list stay, unlisted. Raises StorageError if a key stands twice.
    """
    wanted = {identity.key: identity for identity in feeds}
    if len(wanted) != len(feeds):
        raise StorageError("Two feeds of the list have the same key.")
    before = {state.key: state for state in states(conn)}
    new: list[dict[str, Any]] = []
    for key, identity in wanted.items():
        old = before.get(key)
        first_due = now + timedelta(seconds=_place_in(key, spread_s))
        if old is None:
            new.append(
                {**asdict(identity), "listed": True, "due_at": first_due}
                | {"state": "new", "detail": "", "state_since": now}
                | {"failures": 0, "moved_count": 0, "parked": False}
            )
            continue
        values: dict[str, Any] = {}
        if any(getattr(old, name) != getattr(identity, name) for name in _IDENTITY):
            values |= asdict(identity)
        if not old.listed:
            values |= {"listed": True, "due_at": first_due}
        if old.url != identity.url:
            values |= {**_FORGOTTEN_WITH_THE_ADDRESS, "due_at": first_due}
            if old.state != "new":
                values |= {"state": "new", "detail": "", "state_since": now}
        if values:
            conn.execute(update(feed).where(feed.c.id == old.id).values(values))
            remembered.forget(conn, remembered.MEMBERS)  # they tell of what feed they are
    if new:
        conn.execute(insert(feed), new)
    gone = [old.id for old in before.values() if old.listed and old.key not in wanted]
    for some in chunks(gone):
        conn.execute(update(feed).where(feed.c.id.in_(some)).values(listed=False))
    return {state.key: state for state in states(conn) if state.key in wanted}


def states(conn: Connection) -> list[FeedState]:
    """Every feed that was ever in the list, by name."""
    rows = conn.execute(select(*_STATE_COLUMNS).order_by(feed.c.name, feed.c.id))
    return [_state(row) for row in rows.mappings()]


def state_of(conn: Connection, key: str) -> FeedState | None:
    """The feed with this key."""
    return _one(conn, feed.c.key == key)


def due(conn: Connection, now: datetime, limit: int) -> list[FeedState]:
    """Feeds to poll now: listed, due, not leased; priority first, then longest due."""
    waiting = and_(feed.c.listed, _PARKED_OR_NOT, feed.c.due_at <= now, _free(now))
    rows = conn.execute(
        select(*_STATE_COLUMNS)
        .where(waiting)
        .order_by(feed.c.priority.desc(), feed.c.due_at, feed.c.id)
        .limit(limit)
    )
    return [_state(row) for row in rows.mappings()]


def lease(conn: Connection, feed_id: int, now: datetime, until: datetime, owner: str) -> bool:
    """Take the feed for `owner` until then; False if another holds it."""
    return bool(lease_many(conn, [feed_id], now, until, owner))


def lease_many(
    conn: Connection, feed_ids: Sequence[int], now: datetime, until: datetime, owner: str
) -> set[int]:
    """Take several feeds for `owner`; the ids of those that were free."""
    won: set[int] = set()
    for some in chunks(feed_ids):
        take = (
            update(feed)
            .where(feed.c.id.in_(some), _free(now))
            .values(leased_until=until, leased_by=owner)
            .returning(feed.c.id)
        )
        won.update(conn.execute(take).scalars())
    return won


def held(conn: Connection, leases: Mapping[int, datetime], owner: str) -> set[int]:
    """The feeds whose lease, by the end it was given, is still that of `owner`."""
    found: set[int] = set()
    for some in chunks(list(leases)):
        rows = conn.execute(
            select(feed.c.id, feed.c.leased_until).where(
                feed.c.id.in_(some), feed.c.leased_by == owner
            )
        )
        found.update(row.id for row in rows if row.leased_until == leases[row.id])
    return found


def release(conn: Connection, feed_id: int, owner: str) -> None:
    """Give the feed back, if `owner` still holds it."""
    conn.execute(
        update(feed)
        .where(feed.c.id == feed_id, feed.c.leased_by == owner)
        .values(leased_until=None, leased_by=None)
    )


def lease_owners(conn: Connection) -> set[str]:
    """Who holds leases, ended ones too."""
    query = select(feed.c.leased_by).where(feed.c.leased_by.is_not(None)).distinct()
    return {owner for (owner,) in conn.execute(query)}


def release_all(conn: Connection, owner: str) -> int:
    """Give back every feed that `owner` holds; how many."""
    return conn.execute(
        update(feed).where(feed.c.leased_by == owner).values(leased_until=None, leased_by=None)
    ).rowcount


def record_poll(
    conn: Connection,
    feed_id: int,
    result: PollResult,
    *,
    due_at: datetime,
    not_before: datetime | None = None,
    usual_gap_s: float | None = None,
    parked: bool = False,
    moved_count: int = 0,
) -> FeedState:
    """Keep how a poll ended and end its lease; the feed as it now stands."""
    end = PollEnd(feed_id, result, due_at, not_before, usual_gap_s, parked, moved_count)
    return record_polls(conn, [end])[0]


def record_polls(conn: Connection, ends: Sequence[PollEnd]) -> list[FeedState]:
    """Keep how several polls ended, at most one of each feed; the feeds in the same order.

    Raises as `note_polls` does.
    """
    note_polls(conn, ends)
    after = _by_id(conn, [end.feed_id for end in ends])
    return [after[end.feed_id] for end in ends]


def note_polls(conn: Connection, ends: Sequence[PollEnd]) -> None:
    """Keep how several polls ended, at most one of each feed, and end their leases.

    Validators, digest and the new address are replaced only after a poll that went well; a 304
    that repeats no validator leaves the old one. Raises StorageError for an unknown feed.
    """
    if not ends:
        return
    ids = [end.feed_id for end in ends]
    before: dict[int, Row[Any]] = {}
    for some in chunks(ids):
        rows = conn.execute(_BEFORE.where(feed.c.id.in_(some)))
        before |= {row.id: row for row in rows}
    missing = [feed_id for feed_id in ids if feed_id not in before]
    if missing:
        raise StorageError(f"There is no feed with the id {missing[0]}.")
    if len(before) != len(ends):
        raise StorageError("A feed was to be recorded twice at once.")
    conn.execute(
        _NEW_POLL,
        [
            {name: getattr(end.result, name) for name in _RESULT} | {"feed_id": end.feed_id}
            for end in ends
        ],
    )
    conn.execute(_CHANGED, [_after(before[end.feed_id], end) for end in ends])


def polls(conn: Connection, feed_id: int, limit: int) -> list[PollResult]:
    """The last polls of a feed, newest first."""
    rows = conn.execute(
        select(*[poll.c[part.name] for part in fields(PollResult)])
        .where(poll.c.feed_id == feed_id)
        .order_by(poll.c.at.desc(), poll.c.id.desc())
        .limit(limit)
    )
    return [PollResult(**row) for row in rows.mappings()]


def waiting(conn: Connection, feed_id: int) -> tuple[int, datetime] | None:
    """How many entries the last poll that went well left for later, and when that was."""
    row = conn.execute(
        select(poll.c.deferred, poll.c.at)
        .where(poll.c.feed_id == feed_id, poll.c.ok)
        .order_by(poll.c.at.desc(), poll.c.id.desc())
        .limit(1)
    ).first()
    return (row.deferred, row.at) if row and row.deferred else None


def lost_between(conn: Connection, start: datetime, end: datetime) -> list[LostEntries]:
    """What floods cost from `start` on and before `end`, by feed, whatever polls said since."""
    rows = conn.execute(
        select(
            poll.c.feed_id,
            func.sum(poll.c.lost).label("count"),
            func.min(poll.c.at).label("since"),
            func.max(poll.c.at).label("last_at"),
        )
        .where(poll.c.at >= start, poll.c.at < end, poll.c.lost > 0)
        .group_by(poll.c.feed_id)
        .order_by(poll.c.feed_id)
    )
    return [LostEntries(feed_id, int(n), since, last) for feed_id, n, since, last in rows]


def spread_due(conn: Connection, now: datetime, spread_s: float) -> int:
    """Let what is due at `now` fall due within the next `spread_s` seconds; how many feeds.

    For a start after a long stop, or a clock that jumped: not everything at once.
    """
    late = conn.execute(
        select(feed.c.id, feed.c.key).where(feed.c.listed, _PARKED_OR_NOT, feed.c.due_at <= now)
    ).all()
    if late:
        conn.execute(
            update(feed).where(feed.c.id == bindparam("row_id")),
            [
                {"row_id": row.id, "due_at": now + timedelta(seconds=_place_in(row.key, spread_s))}
                for row in late
            ],
        )
    return len(late)


def set_first_seen(conn: Connection, feed_id: int, now: datetime) -> None:
    """Note when the first document of the feed was taken; only the first call counts."""
    conn.execute(
        update(feed)
        .where(feed.c.id == feed_id, feed.c.first_seen_at.is_(None))
        .values(first_seen_at=now)
    )


def prune_polls(conn: Connection, before: datetime) -> int:
    """Forget polls from before that moment; how many they were."""
    return conn.execute(delete(poll).where(poll.c.at < before)).rowcount


def _after(old: Row[Any], end: PollEnd) -> dict[str, Any]:
    """The row's new values, always the same names."""
    result = end.result
    changed = result.state != old.state or old.state_since is None
    kept_304 = result.http_status == 304
    values: dict[str, Any] = {
        "row_id": old.id,
        "state": result.state,
        "detail": result.detail,
        "state_since": result.at if changed else old.state_since,
        "first_seen_at": old.first_seen_at or (result.at if end.took_document else None),
        "last_poll_at": result.at,
        "last_ok_at": result.at if result.ok else old.last_ok_at,
        "last_news_at": result.at if result.new or result.revised else old.last_news_at,
        "failures": 0 if result.ok else old.failures + 1,
        "due_at": end.due_at,
        "not_before": end.not_before,
        "usual_gap_s": end.usual_gap_s,
        "parked": end.parked,
        "moved_count": end.moved_count,
        "moved_to": result.moved_to if result.ok else result.moved_to or old.moved_to,
        "leased_until": None,
        "leased_by": None,
        "habit": end.habit or old.habit,
        "certificate_ends": end.certificate_ends or old.certificate_ends,
    }
    for name in ("etag", "last_modified", "body_digest"):
        new = getattr(result, name)
        keep = not result.ok or (kept_304 and new is None)
        values[name] = getattr(old, name) if keep else new
    return values


def _place_in(key: str, spread_s: float) -> float:
    """A moment between 0 and `spread_s` seconds that stays the same for a key."""
    share = int.from_bytes(sha256(key.encode()).digest()[:4], "big") / 2**32
    return share * spread_s


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(feed.c.leased_until.is_(None), feed.c.leased_until <= now)


def _by_id(conn: Connection, ids: Sequence[int]) -> dict[int, FeedState]:
    found: dict[int, FeedState] = {}
    for some in chunks(ids):
        rows = conn.execute(select(*_STATE_COLUMNS).where(feed.c.id.in_(some)))
        found |= {row["id"]: _state(row) for row in rows.mappings()}
    return found


def _one(conn: Connection, which: ColumnElement[bool]) -> FeedState | None:
    row = conn.execute(select(*_STATE_COLUMNS).where(which)).mappings().first()
    return None if row is None else _state(row)


def _state(row: RowMapping) -> FeedState:
    return FeedState(**row)

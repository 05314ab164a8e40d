"""Items as they are written: what the feeds said, every revision, what the classifiers read.

`itemreads.py` reads them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select, update
from sqlalchemy import insert as sql_insert

from storage import corrections, remembered
from storage.codec import encode, storable
from storage.errors import StorageError
from storage.records import ItemValues, Reading, Role, Why
from storage.tables import item, item_category, item_key, item_revision
from storage.upsert import insert_missing, is_among

_NEW_ITEM = sql_insert(item).returning(item.c.id, sort_by_parameter_order=True)
_NEW_REVISION = sql_insert(item_revision)
_CHANGED = update(item).where(item.c.id == bindparam("row_id"))
_KNOWN = select(item_key.c.value, item.c.id, item.c.revision, item.c.hash).join(
    item, item.c.id == item_key.c.item_id
)
_LONGEST_KEY = 400  # bytes; PostgreSQL refuses index entries above 2,700


@dataclass(frozen=True, slots=True)
class Known:
    """An item that has the asked key: its id, newest revision and that one's content hash."""

    item_id: int
    revision: int
    hash: str


def known(
    conn: Connection, feed_id: int, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Known]:
    """Which of the (kind, value) keys belong to items of this feed, and to which."""
    asked: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for key in keys:
        asked.setdefault(key[0], {}).setdefault(key_value(key[1]), []).append(key)
    found: dict[tuple[str, str], Known] = {}
    query = _known_among(conn.dialect.name)
    for kind, by_value in asked.items():
        given = {"feed_id": feed_id, "kind": kind, "among": list(by_value)}
        for stored, item_id, revision, content_hash in conn.execute(query, given):
            held = Known(item_id, revision, content_hash)
            for key in by_value[stored]:
                found[key] = held
    return found


@cache
def _known_among(dialect: str) -> Select[Any]:
    return _KNOWN.where(
        item_key.c.feed_id == bindparam("feed_id"),
        item_key.c.kind == bindparam("kind"),
        is_among(dialect, item_key.c.value, "among"),
    )


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be stored. A key that another item of its feed has stays with that one.

    `disposition` says why it will not alert, when that is known already; `stored` holds values
    and reading as `codec.encode` made them, when that was done already.
    """

    feed_id: int
    role: Role
    values: ItemValues
    content_hash: str
    keys: Sequence[tuple[str, str]]
    reading: Reading
    disposition: Sequence[Why] = ()
    stored: tuple[Any, Any] | None = None


def insert(
    conn: Connection,
    *,
    feed_id: int,
    role: Role,
    values: ItemValues,
    content_hash: str,
    keys: Sequence[tuple[str, str]],
    reading: Reading,
    now: datetime,
) -> int:
    """Store a new item at revision 1; its id."""
    return insert_many(
        conn, [NewItem(feed_id, role, values, content_hash, keys, reading)], now=now
    )[0]


def insert_many(conn: Connection, news: Sequence[NewItem], *, now: datetime) -> list[int]:
    """Store new items at revision 1, first come, first stored; their ids in the same order."""
    if not news:
        return []
    rows = [
        {
            "feed_id": new.feed_id,
            "role": new.role.value,
            "first_seen_at": now,
            "revision": 1,
            "hash": new.content_hash,
            "title": new.values.title,
            "disposition": tuple(new.disposition),
        }
        for new in news
    ]
    ids = [int(item_id) for item_id in conn.execute(_NEW_ITEM, rows).scalars()]
    forms = [new.stored or (encode(new.values), encode(new.reading)) for new in news]
    revisions = [
        {
            "item_id": item_id,
            "n": 1,
            "seen_at": now,
            "hash": new.content_hash,
            "changed": (),
            "content": content,
            "reading": reading,
        }
        for item_id, new, (content, reading) in zip(ids, news, forms, strict=True)
    ]
    conn.execute(_NEW_REVISION, revisions)
    labels = [
        row for item_id, new in zip(ids, news, strict=True) for row in _labels(item_id, new.reading)
    ]
    insert_missing(conn, item_category, labels)
    keys = [
        {"feed_id": new.feed_id, "kind": kind, "value": key_value(value), "item_id": item_id}
        for item_id, new in zip(ids, news, strict=True)
        for kind, value in new.keys
    ]
    insert_missing(conn, item_key, keys)
    return ids


def revise(
    conn: Connection,
    item_id: int,
    *,
    values: ItemValues,
    content_hash: str,
    changed: tuple[str, ...],
    reading: Reading,
    keys: Sequence[tuple[str, str]],
    now: datetime,
) -> int:
    """Store what the item says now as its next revision; the revision's number.

    What an officer has set of the item stays, whatever `reading` says.
    """
    remembered.forget(conn, remembered.MEMBERS)
    reading = corrections.held(conn, item_id, reading)
    row = conn.execute(
        update(item)
        .where(item.c.id == item_id)
        .values(revision=item.c.revision + 1, hash=content_hash, title=values.title)
        .returning(item.c.feed_id, item.c.revision)
    ).first()
    if row is None:
        raise no_item(item_id)
    feed_id, n = row
    conn.execute(delete(item_category).where(item_category.c.item_id == item_id))
    _add_revision(conn, item_id, n, values, content_hash, changed, reading, now)
    _add_keys(conn, feed_id, item_id, keys)
    return int(n)


def reread(conn: Connection, item_id: int, reading: Reading) -> None:
    """Replace what the classifiers read from the newest revision (a newer classifier).

    What an officer has set of the item stays, whatever `reading` says.
    """
    remembered.forget(conn, remembered.MEMBERS)
    reading = corrections.held(conn, item_id, reading)
    newest = select(item.c.revision).where(item.c.id == item_id).scalar_subquery()
    done = conn.execute(
        update(item_revision)
        .where(item_revision.c.item_id == item_id, item_revision.c.n == newest)
        .values(reading=encode(reading))
    )
    if done.rowcount == 0:
        raise no_item(item_id)
    conn.execute(delete(item_category).where(item_category.c.item_id == item_id))
    _add_categories(conn, item_id, reading)


def set_disposition(conn: Connection, item_id: int, why: Sequence[Why]) -> None:
    """Say why the item did not alert; empty when it took part in an alert."""
    set_dispositions(conn, {item_id: why})


def set_dispositions(conn: Connection, whys: Mapping[int, Sequence[Why]]) -> None:
    """Say of several items why they did not alert."""
    if whys:
        conn.execute(
            _CHANGED,
            [{"row_id": row_id, "disposition": tuple(why)} for row_id, why in whys.items()],
        )


def rehash(conn: Connection, hashes: Mapping[int, str]) -> None:
    """Replace the content hash of items whose content is the same under another hash."""
    if hashes:
        conn.execute(
            _CHANGED, [{"row_id": row_id, "hash": each} for row_id, each in hashes.items()]
        )


def key_value(value: str) -> str:
    """A key as it is stored: long ones end in a digest, so that an index can hold them."""
    value = storable(value)
    if len(value.encode()) <= _LONGEST_KEY:
        return value
    return value[:60] + "…sha256:" + sha256(value.encode()).hexdigest()


def _add_revision(
    conn: Connection,
    item_id: int,
    n: int,
    values: ItemValues,
    content_hash: str,
    changed: tuple[str, ...],
    reading: Reading,
    now: datetime,
) -> None:
    conn.execute(
        _NEW_REVISION,
        {
            "item_id": item_id,
            "n": n,
            "seen_at": now,
            "hash": content_hash,
            "changed": changed,
            "content": encode(values),
            "reading": encode(reading),
        },
    )
    _add_categories(conn, item_id, reading)


def _add_categories(conn: Connection, item_id: int, reading: Reading) -> None:
    insert_missing(conn, item_category, _labels(item_id, reading))


def _labels(item_id: int, reading: Reading) -> list[dict[str, object]]:
    return [{"item_id": item_id, "category": tag.label, "sure": tag.sure} for tag in reading.tags]


def _add_keys(
    conn: Connection, feed_id: int, item_id: int, keys: Sequence[tuple[str, str]]
) -> None:
    insert_missing(
        conn,
        item_key,
        [
            {"feed_id": feed_id, "kind": kind, "value": key_value(value), "item_id": item_id}
            for kind, value in keys
        ],
    )


def no_item(item_id: int) -> StorageError:
    """The fault of an id that no item has."""
    return StorageError(f"There is no item with the id {item_id}.")

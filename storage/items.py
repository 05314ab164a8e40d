"""Items: what the feeds said, every revision of it, and what the classifiers read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import insert as sql_insert

from storage import corrections
from storage.codec import decode, encode, storable
from storage.errors import StorageError
from storage.records import Item, ItemValues, Reading, Role, Why
from storage.tables import feed, incident_item, item, item_category, item_key, item_revision
from storage.upsert import chunks, insert_missing, is_among

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


@dataclass(frozen=True, slots=True)
class Revision:
    """What an item said at one time; `changed` names the fields that differ from before."""

    n: int
    seen_at: datetime
    changed: tuple[str, ...]
    values: ItemValues


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
    reading = corrections.held(conn, item_id, reading)
    row = conn.execute(
        update(item)
        .where(item.c.id == item_id)
        .values(revision=item.c.revision + 1, hash=content_hash, title=values.title)
        .returning(item.c.feed_id, item.c.revision)
    ).first()
    if row is None:
        raise _no_item(item_id)
    feed_id, n = row
    conn.execute(delete(item_category).where(item_category.c.item_id == item_id))
    _add_revision(conn, item_id, n, values, content_hash, changed, reading, now)
    _add_keys(conn, feed_id, item_id, keys)
    return int(n)


def reread(conn: Connection, item_id: int, reading: Reading) -> None:
    """Replace what the classifiers read from the newest revision (a newer classifier).

    What an officer has set of the item stays, whatever `reading` says.
    """
    reading = corrections.held(conn, item_id, reading)
    newest = select(item.c.revision).where(item.c.id == item_id).scalar_subquery()
    done = conn.execute(
        update(item_revision)
        .where(item_revision.c.item_id == item_id, item_revision.c.n == newest)
        .values(reading=encode(reading))
    )
    if done.rowcount == 0:
        raise _no_item(item_id)
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


def get(conn: Connection, item_id: int) -> Item:
    """The item; raises StorageError if there is none with this id."""
    row = conn.execute(_one(), {"wanted": item_id}).mappings().first()
    if row is None:
        raise _no_item(item_id)
    return _item(row)


def recent(
    conn: Connection,
    *,
    limit: int,
    before_id: int | None = None,
    category: str | None = None,
    feed_id: int | None = None,
) -> list[Item]:
    """Items by when they were first seen, newest first; `before_id` continues after that item.

    `category` lists the items that have that label, given for sure or not.
    """
    wanted: list[ColumnElement[bool]] = []
    if before_id is not None:
        seen_at = select(item.c.first_seen_at).where(item.c.id == before_id).scalar_subquery()
        wanted.append(
            or_(
                item.c.first_seen_at < seen_at,
                and_(item.c.first_seen_at == seen_at, item.c.id < before_id),
            )
        )
    if category is not None:
        # EXISTS, not IN: newest first, it stops as soon as the page is full.
        labelled = select(item_category.c.item_id).where(
            item_category.c.item_id == item.c.id, item_category.c.category == category
        )
        wanted.append(labelled.exists())
    if feed_id is not None:
        wanted.append(item.c.feed_id == feed_id)
    return _listed(conn, _items().where(*wanted).order_by(*_newest_first()).limit(limit))


def waiting(conn: Connection, *, limit: int, since: datetime | None = None) -> list[Item]:
    """Items with a label that waits for an officer's look, the newest first."""
    return _listed(conn, _items().where(*_waits(since)).order_by(*_newest_first()).limit(limit))


def count_waiting(conn: Connection, *, since: datetime | None = None) -> int:
    """How many items have a label that waits for an officer's look."""
    found = conn.execute(select(func.count()).select_from(item).where(*_waits(since)))
    return int(found.scalar_one())


def _waits(since: datetime | None) -> list[ColumnElement[bool]]:
    asked = select(item_category.c.item_id).where(
        item_category.c.item_id == item.c.id, item_category.c.sure.is_(False)
    )
    return [asked.exists(), *([item.c.first_seen_at >= since] if since is not None else [])]


def of_incident(conn: Connection, incident_id: int) -> list[Item]:
    """The items linked to an incident, newest first."""
    return [_item(row) for row in conn.execute(_linked(), {"wanted": incident_id}).mappings()]


def of_incidents(conn: Connection, incident_ids: Sequence[int], limit: int) -> list[Item]:
    """The items linked to any of these incidents, newest first, at most `limit`."""
    linked = select(incident_item.c.item_id).where(incident_item.c.incident_id.in_(incident_ids))
    query = _items().where(item.c.id.in_(linked)).order_by(*_newest_first())
    return _listed(conn, query.limit(limit))


def told_by(conn: Connection, incident_ids: Sequence[int], newest: int) -> dict[int, list[Item]]:
    """The `newest` items of each incident and its first one, oldest first."""
    chosen: dict[int, list[int]] = {}
    for some in chunks(incident_ids):
        order = (item.c.first_seen_at, item.c.id)
        backwards = (item.c.first_seen_at.desc(), item.c.id.desc())
        by_incident = incident_item.c.incident_id
        ranked = (
            select(
                by_incident,
                item.c.id.label("item_id"),
                func.row_number().over(partition_by=by_incident, order_by=order).label("place"),
                func.row_number().over(partition_by=by_incident, order_by=backwards).label("back"),
            )
            .join(item, item.c.id == incident_item.c.item_id)
            .where(by_incident.in_(some))
            .subquery()
        )
        rows = conn.execute(
            select(ranked.c.incident_id, ranked.c.item_id)
            .where(or_(ranked.c.place == 1, ranked.c.back <= newest))
            .order_by(ranked.c.incident_id, ranked.c.place)
        )
        for incident_id, item_id in rows:
            chosen.setdefault(incident_id, []).append(item_id)
    wanted = sorted({item_id for ids in chosen.values() for item_id in ids})
    found = {
        each.id: each
        for some in chunks(wanted)
        for each in _listed(conn, _items().where(item.c.id.in_(some)))
    }
    return {incident_id: [found[each] for each in ids] for incident_id, ids in chosen.items()}


def versions_of_incident(conn: Connection, incident_id: int) -> list[tuple[Item, datetime]]:
    """Every revision of the incident's items, with when it was seen; oldest first."""
    linked = select(incident_item.c.item_id).where(incident_item.c.incident_id == incident_id)
    newest = {each.id: each for each in of_incident(conn, incident_id)}
    rows = conn.execute(
        select(item_revision)
        .where(item_revision.c.item_id.in_(linked))
        .order_by(item_revision.c.seen_at, item_revision.c.item_id, item_revision.c.n)
    )
    return [
        (
            replace(
                newest[row.item_id],
                revision=row.n,
                values=decode(ItemValues, row.content),
                reading=decode(Reading, row.reading),
            ),
            row.seen_at,
        )
        for row in rows
    ]


def between(conn: Connection, start: datetime, end: datetime, limit: int) -> list[Item]:
    """Items first seen from `start` on and before `end`, oldest first."""
    stretch = and_(item.c.first_seen_at >= start, item.c.first_seen_at < end)
    oldest_first = (item.c.first_seen_at, item.c.id)
    return _listed(conn, _items().where(stretch).order_by(*oldest_first).limit(limit))


def keys_of(conn: Connection, item_id: int) -> list[tuple[str, str]]:
    """The identities under which the item is kept, as (kind, value)."""
    rows = conn.execute(
        select(item_key.c.kind, item_key.c.value)
        .where(item_key.c.item_id == item_id)
        .order_by(item_key.c.kind, item_key.c.value)
    )
    return [(kind, value) for kind, value in rows]


def revisions(conn: Connection, item_id: int) -> list[Revision]:
    """Everything the item said, oldest first."""
    rows = conn.execute(
        select(
            item_revision.c.n,
            item_revision.c.seen_at,
            item_revision.c.changed,
            item_revision.c.content,
        )
        .where(item_revision.c.item_id == item_id)
        .order_by(item_revision.c.n)
    )
    return [Revision(n, seen, changed, decode(ItemValues, said)) for n, seen, changed, said in rows]


def count(conn: Connection) -> int:
    """How many items are stored."""
    return int(conn.execute(select(func.count()).select_from(item)).scalar_one())


def count_between(conn: Connection, start: datetime, end: datetime) -> int:
    """How many items were first seen from `start` on and before `end`."""
    stretch = and_(item.c.first_seen_at >= start, item.c.first_seen_at < end)
    return int(conn.execute(select(func.count()).where(stretch)).scalar_one())


def count_by_category(conn: Connection) -> dict[str, int]:
    """How many items have each label for sure; labels that no item has are absent."""
    rows = conn.execute(
        select(item_category.c.category, func.count().label("items"))
        .where(item_category.c.sure)
        .group_by(item_category.c.category)
        .order_by(item_category.c.category)
    )
    return {row.category: int(row.items) for row in rows}


def count_by_feed(conn: Connection, since: datetime) -> dict[int, int]:
    """How many items of each feed were first seen from `since` on; feeds without are absent."""
    rows = conn.execute(
        select(item.c.feed_id, func.count().label("items"))
        .where(item.c.first_seen_at >= since)
        .group_by(item.c.feed_id)
    )
    return {row.feed_id: int(row.items) for row in rows}


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


def _newest_first() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return item.c.first_seen_at.desc(), item.c.id.desc()


@cache
def _one() -> Select[Any]:
    return _items().where(item.c.id == bindparam("wanted"))


@cache
def _linked() -> Select[Any]:
    ids = select(incident_item.c.item_id).where(incident_item.c.incident_id == bindparam("wanted"))
    return _items().where(item.c.id.in_(ids)).order_by(*_newest_first())


@cache
def _items() -> Select[Any]:
    incident_id = (
        select(incident_item.c.incident_id)
        .where(incident_item.c.item_id == item.c.id)
        .order_by(incident_item.c.linked_at.desc(), incident_item.c.incident_id.desc())
        .limit(1)
        .scalar_subquery()
        .label("incident_id")
    )
    return (
        select(
            item.c.id,
            item.c.feed_id,
            feed.c.name.label("feed_name"),
            feed.c.kind.label("feed_kind"),
            feed.c.publisher,
            feed.c.tier,
            feed.c.home,
            feed.c.country.label("speaker"),
            feed.c.tags.label("feed_tags"),
            item.c.role,
            item.c.first_seen_at,
            item.c.revision,
            item.c.disposition,
            item_revision.c.content,
            item_revision.c.reading,
            incident_id,
        )
        .join(feed, feed.c.id == item.c.feed_id)
        .join(
            item_revision,
            and_(item_revision.c.item_id == item.c.id, item_revision.c.n == item.c.revision),
        )
    )


def _listed(conn: Connection, query: Select[Any]) -> list[Item]:
    return [_item(row) for row in conn.execute(query).mappings()]


def _item(row: RowMapping) -> Item:
    parts = dict(row)
    values = decode(ItemValues, parts.pop("content"))
    reading = decode(Reading, parts.pop("reading"))
    role = Role(parts.pop("role"))
    return Item(values=values, reading=reading, role=role, **parts)


def _no_item(item_id: int) -> StorageError:
    return StorageError(f"There is no item with the id {item_id}.")

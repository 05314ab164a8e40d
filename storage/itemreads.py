"""Items as they are read back: one, a list of them, those of an incident, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from storage import remembered
from storage.codec import decode
from storage.items import no_item
from storage.records import Item, ItemValues, Reading, Role
from storage.tables import feed, incident_item, item, item_category, item_key, item_revision
from storage.upsert import chunks

MERGED_IN = "merged_in"  # the reason of a link that came with a merge


@dataclass(frozen=True, slots=True)
class Revision:
    """What an item said at one time; `changed` names the fields that differ from before."""

    n: int
    seen_at: datetime
    changed: tuple[str, ...]
    values: ItemValues


_WHOSE = (
    item.c.id,
    item.c.feed_id,
    feed.c.name.label("feed_name"),
    feed.c.kind.label("feed_kind"),
    feed.c.publisher,
    feed.c.tier,
    feed.c.home,
    feed.c.country.label("speaker"),
    item.c.role,
    item.c.first_seen_at,
    item.c.revision,
)


def get(conn: Connection, item_id: int) -> Item:
    """The item; raises StorageError if there is none with this id."""
    row = conn.execute(_one(), {"wanted": item_id}).mappings().first()
    if row is None:
        raise no_item(item_id)
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
    """The items linked to an incident, newest first, each with how it came to be there."""
    return [_item(row) for row in conn.execute(_linked(), {"wanted": incident_id}).mappings()]


def kept_members(conn: Connection) -> Any:
    """What `keep_members` was given, if no item of an incident has changed since; else None.

    It is handed over, not lent: who changes it has to keep it again.
    """
    return remembered.take(conn, remembered.MEMBERS)


def keep_members(conn: Connection, known: object) -> None:
    """Keep for the next transaction the items of incidents; they must be as stored."""
    remembered.remember(conn, remembered.MEMBERS, known)


def of_incidents(conn: Connection, incident_ids: Sequence[int], limit: int) -> list[Item]:
    """The items linked to any of these incidents, newest first, at most `limit`."""
    linked = select(incident_item.c.item_id).where(incident_item.c.incident_id.in_(incident_ids))
    query = _items().where(item.c.id.in_(linked)).order_by(*_newest_first())
    return _listed(conn, query.limit(limit))


def told_by(conn: Connection, incident_ids: Sequence[int], newest: int) -> dict[int, list[Item]]:
    """The `newest` items of each incident and its first one, oldest first; for linking's index.

    One statement for a piece of the ids. Left out is what the index does not look at: labels,
    the incident an item is of now, and why it told nobody.
    """
    chosen: dict[int, list[Item]] = {}
    for some in chunks(incident_ids):
        for row in conn.execute(_told(), {"wanted": some, "newest": newest}).mappings():
            parts = dict(row)
            parts["reading"].pop("tags", None)
            chosen.setdefault(parts.pop("told_of"), []).append(_made(parts))
    return chosen


@cache
def _told() -> Select[Any]:
    by_incident = incident_item.c.incident_id
    order = (item.c.first_seen_at, item.c.id)
    backwards = (item.c.first_seen_at.desc(), item.c.id.desc())
    ranked = (
        select(
            by_incident,
            item.c.id.label("item_id"),
            func.row_number().over(partition_by=by_incident, order_by=order).label("place"),
            func.row_number().over(partition_by=by_incident, order_by=backwards).label("back"),
        )
        .join(item, item.c.id == incident_item.c.item_id)
        .where(by_incident.in_(bindparam("wanted", expanding=True)))
        .subquery()
    )
    return (
        _items()
        .with_only_columns(*_WHOSE, item_revision.c.content, item_revision.c.reading)
        .add_columns(ranked.c.incident_id.label("told_of"))
        .join(ranked, ranked.c.item_id == item.c.id)
        .where(or_(ranked.c.place == 1, ranked.c.back <= bindparam("newest")))
        .order_by(ranked.c.incident_id, ranked.c.place)
    )


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


def _newest_first() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return item.c.first_seen_at.desc(), item.c.id.desc()


@cache
def _one() -> Select[Any]:
    return _items().where(item.c.id == bindparam("wanted"))


@cache
def _linked() -> Select[Any]:
    link = incident_item.alias("link")
    here = and_(link.c.item_id == item.c.id, link.c.incident_id == bindparam("wanted"))
    # Only officers merge: of what the machine linked, the reasons are not read.
    reasons = case((link.c.by != "machine", link.c.why)).label("link_why")
    return _items().add_columns(reasons).join(link, here).order_by(*_newest_first())


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
            *_WHOSE,
            feed.c.tags.label("feed_tags"),
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
    return _made(dict(row))


def _made(parts: dict[str, Any]) -> Item:
    """An item of its columns; with `link_why`, that of an item as it stands in an incident."""
    brought = any(each.code == MERGED_IN for each in parts.pop("link_why", None) or ())
    values = decode(ItemValues, parts.pop("content"))
    reading = decode(Reading, parts.pop("reading"))
    role = Role(parts.pop("role"))
    return Item(values=values, reading=reading, role=role, brought=brought, **parts)

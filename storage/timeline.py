"""What belongs to an incident: its items, the changes of its timeline, who has spoken, who has
acknowledged. Callers reach these functions as `storage.incidents.…`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import itemreads, remembered
from storage.errors import StorageError
from storage.records import (
    Change,
    Communication,
    Item,
    Level,
    NationalsStatus,
    Role,
    Why,
)
from storage.tables import (
    acknowledgement,
    incident,
    incident_change,
    incident_item,
    nationals,
    spoken,
)
from storage.upsert import chunks

_CHANGE = [incident_change.c[part.name] for part in fields(Change)]
_NEW_CHANGE = insert(incident_change).returning(*_CHANGE)
_NEW_CHANGES = insert(incident_change).returning(incident_change.c.id, sort_by_parameter_order=True)


@cache
def _link_item(dialect: str) -> sqlite.Insert | postgresql.Insert:
    new = sqlite.insert(incident_item) if dialect == "sqlite" else postgresql.insert(incident_item)
    return new.on_conflict_do_update(
        index_elements=["incident_id", "item_id"],
        set_={name: new.excluded[name] for name in ("linked_at", "why", "by")},
    )


def add_item(
    conn: Connection,
    incident_id: int,
    item_id: int,
    *,
    why: Sequence[Why],
    now: datetime,
    by: str = "machine",
) -> None:
    """Link an item to an incident; linking it again replaces the reason."""
    add_items(conn, [(incident_id, item_id, why)], now=now, by=by)


def add_items(
    conn: Connection,
    links: Sequence[tuple[int, int, Sequence[Why]]],
    *,
    now: datetime,
    by: str = "machine",
) -> None:
    """Link several items, given as (incident, item, why), as `add_item` links one."""
    if not links:
        return
    remembered.forget(conn, remembered.SKETCHES, remembered.MEMBERS)
    conn.execute(
        _link_item(conn.dialect.name),
        [
            {
                "incident_id": incident_id,
                "item_id": item_id,
                "linked_at": now,
                "why": tuple(why),
                "by": by,
            }
            for incident_id, item_id, why in links
        ],
    )


def remove_item(conn: Connection, incident_id: int, item_id: int) -> bool:
    """Take an item out of an incident (merge, split); whether it was in it."""
    remembered.forget(conn, remembered.SKETCHES, remembered.MEMBERS)
    done = conn.execute(
        delete(incident_item).where(
            incident_item.c.incident_id == incident_id, incident_item.c.item_id == item_id
        )
    )
    return done.rowcount > 0


def why_of(conn: Connection, incident_id: int) -> dict[int, tuple[Why, ...]]:
    """For each item of the incident, why it was linked."""
    rows = conn.execute(
        select(incident_item.c.item_id, incident_item.c.why)
        .where(incident_item.c.incident_id == incident_id)
        .order_by(incident_item.c.linked_at, incident_item.c.item_id)
    )
    return {row.item_id: row.why for row in rows}


def add_change(
    conn: Connection,
    *,
    incident_id: int,
    at: datetime,
    kind: str,
    item_id: int | None = None,
    old: str | None = None,
    new: str | None = None,
    why: Sequence[Why] = (),
    by: str = "machine",
) -> Change:
    """Add a line to the timeline of an incident."""
    values = {
        "incident_id": incident_id,
        "at": at,
        "kind": kind,
        "item_id": item_id,
        "old": old,
        "new": new,
        "why": tuple(why),
        "by": by,
    }
    return _change(conn.execute(_NEW_CHANGE, values).mappings().one())


def add_changes(conn: Connection, made: Sequence[Change]) -> list[int]:
    """Add several lines, whatever ids they have so far; their ids, in the same order."""
    if not made:
        return []
    names = [part.name for part in fields(Change) if part.name != "id"]
    rows = [{name: getattr(each, name) for name in names} for each in made]
    return [int(row_id) for row_id in conn.execute(_NEW_CHANGES, rows).scalars()]


def changes(conn: Connection, incident_id: int, since: datetime | None = None) -> list[Change]:
    """The timeline of an incident, oldest first; `since` asks for what came from then on."""
    query = select(*_CHANGE).where(incident_change.c.incident_id == incident_id)
    if since is not None:
        query = query.where(incident_change.c.at >= since)
    return _oldest_first(conn, query)


def changes_of_kind(conn: Connection, kind: str, since: datetime) -> list[Change]:
    """The changes of one kind of all incidents from `since` on, oldest first."""
    wanted = (incident_change.c.kind == kind, incident_change.c.at >= since)
    return _oldest_first(conn, select(*_CHANGE).where(*wanted))


def changes_between(conn: Connection, start: datetime, end: datetime) -> list[Change]:
    """The changes of all incidents from `start` on and before `end`, oldest first."""
    stretch = (incident_change.c.at >= start, incident_change.c.at < end)
    return _oldest_first(conn, select(*_CHANGE).where(*stretch))


def acknowledge(
    conn: Connection, incident_id: int, *, by: str, at: datetime, channel: str, level: Level
) -> Change:
    """Note that somebody has taken the incident on at `level`; adds the timeline's line.

    `channel` says how: desk, command, link, mail.
    """
    _set_acknowledged(conn, incident_id, at, by, level)
    conn.execute(
        insert(acknowledgement).values(
            incident_id=incident_id, at=at, by=by, channel=channel, level=level
        )
    )
    return add_change(
        conn, incident_id=incident_id, at=at, kind="acknowledged", new=level.name, by=by
    )


def unacknowledge(conn: Connection, incident_id: int, *, by: str, at: datetime) -> Change:
    """Take the acknowledgement back; adds the timeline's line."""
    _set_acknowledged(conn, incident_id, None, None, None)
    conn.execute(
        update(acknowledgement)
        .where(acknowledgement.c.incident_id == incident_id, acknowledgement.c.undone_at.is_(None))
        .values(undone_at=at, undone_by=by)
    )
    return add_change(conn, incident_id=incident_id, at=at, kind="unacknowledged", by=by)


def communications(
    conn: Connection, incident_id: int, *, by_hand: bool = False
) -> list[Communication]:
    """Who has spoken about the incident, earliest first.

    A communication's time is when its source published it, but never later than when we saw
    it; a line of a list of travel advice speaks when it first changed, not when the list was
    first seen. The delay counts from the first signal of the incident; it is negative if the
    ministry was earlier, None while there is no signal. `by_hand` adds what officers recorded,
    which stays at the desk.
    """
    linked = itemreads.of_incident(conn, incident_id)
    signals = [_said_at(each) for each in linked if each.role is Role.SIGNAL]
    first = min(signals, default=None)
    changed = _advice_changed(conn, linked)

    def at(said: Item) -> datetime:
        return changed.get(said.id) or _said_at(said)

    said = [
        Communication(
            incident_id=incident_id,
            item_id=each.id,
            speaker=each.speaker,
            publisher=each.publisher,
            home=each.home,
            kind=each.reading.communication or "other",
            title=each.values.title,
            link=each.values.link,
            at=at(each),
            delay_s=None if first is None else (at(each) - first).total_seconds(),
            advice=each.values.advice,
        )
        for each in linked
        if each.role is Role.COMMUNICATION
    ]
    if by_hand:
        said += _recorded(conn, incident_id, first)
    return sorted(said, key=lambda each: (each.at, each.item_id or 0))


def record_communication(
    conn: Connection,
    *,
    incident_id: int,
    at: datetime,
    speaker: str | None,
    publisher: str,
    home: bool,
    channel: str,
    kind: str,
    title: str,
    link: str | None,
    by: str,
    now: datetime,
) -> int:
    """Keep that a ministry spoke where no feed of ours reads; the row's id."""
    added = conn.execute(
        insert(spoken)
        .values(
            incident_id=incident_id, at=at, speaker=speaker, publisher=publisher, home=home,
            channel=channel, kind=kind, title=title, link=link, by=by, recorded_at=now,
        )
        .returning(spoken.c.id)
    )  # fmt: skip
    return int(added.scalar_one())


def unrecord_communication(conn: Connection, incident_id: int, entry: int) -> bool:
    """Remove what an officer recorded of an incident by mistake; whether it was there."""
    done = conn.execute(
        delete(spoken).where(spoken.c.incident_id == incident_id, spoken.c.id == entry)
    )
    return done.rowcount > 0


def rehome(conn: Connection, from_id: int, to_id: int) -> None:
    """Let what officers recorded about one incident be of another (merge)."""
    for table in (spoken, nationals):
        conn.execute(update(table).where(table.c.incident_id == from_id).values(incident_id=to_id))


def note_nationals(
    conn: Connection,
    *,
    incident_id: int,
    at: datetime,
    status: str,
    counts: Mapping[str, int],
    source: str,
    note: str,
    by: str,
    now: datetime,
) -> int:
    """Add what is known of our people from `at` on; the row's id."""
    added = conn.execute(
        insert(nationals)
        .values(
            incident_id=incident_id, at=at, status=status, counts=dict(counts), source=source,
            note=note, by=by, recorded_at=now,
        )
        .returning(nationals.c.id)
    )  # fmt: skip
    return int(added.scalar_one())


def nationals_of(conn: Connection, incident_id: int) -> list[NationalsStatus]:
    """What was known of our people over time, oldest first."""
    rows = conn.execute(
        select(*[nationals.c[part.name] for part in fields(NationalsStatus)])
        .where(nationals.c.incident_id == incident_id)
        .order_by(nationals.c.at, nationals.c.id)
    )
    return [NationalsStatus(**row) for row in rows.mappings()]


def _advice_changed(conn: Connection, linked: Sequence[Item]) -> dict[int, datetime]:
    """When the advice of each of these items first changed since we know it."""
    ids = [each.id for each in linked if each.values.advice is not None]
    found: dict[int, datetime] = {}
    for some in chunks(ids):
        rows = conn.execute(
            select(incident_change.c.item_id, incident_change.c.at)
            .where(incident_change.c.kind == "advice", incident_change.c.item_id.in_(some))
            .order_by(incident_change.c.at.desc())
        )
        found |= {row.item_id: row.at for row in rows}
    return found


def _recorded(conn: Connection, incident_id: int, first: datetime | None) -> list[Communication]:
    rows = conn.execute(
        select(spoken).where(spoken.c.incident_id == incident_id).order_by(spoken.c.id)
    )
    return [
        Communication(
            incident_id=incident_id,
            item_id=None,
            speaker=row.speaker,
            publisher=row.publisher,
            home=row.home,
            kind=row.kind,
            title=row.title,
            link=row.link,
            at=row.at,
            delay_s=None if first is None else (row.at - first).total_seconds(),
            channel=row.channel,
            by=row.by,
            entry=row.id,
        )
        for row in rows
    ]


def _said_at(said: Item) -> datetime:
    published = said.values.published_at
    return said.first_seen_at if published is None else min(published, said.first_seen_at)


def _set_acknowledged(
    conn: Connection,
    incident_id: int,
    at: datetime | None,
    by: str | None,
    level: Level | None,
) -> None:
    done = conn.execute(
        update(incident)
        .where(incident.c.id == incident_id)
        .values(acknowledged_at=at, acknowledged_by=by, acknowledged_level=level)
    )
    if done.rowcount == 0:
        raise StorageError(f"There is no incident with the id {incident_id}.")


def _oldest_first(conn: Connection, query: Select[tuple[object, ...]]) -> list[Change]:
    rows = conn.execute(query.order_by(incident_change.c.at, incident_change.c.id))
    return [_change(row) for row in rows.mappings()]


def _change(row: RowMapping) -> Change:
    return Change(**row)

"""Incidents: what happened, under which number, and how to find the one an item belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    RowMapping,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)

from storage import remembered
from storage.errors import StorageError
from storage.identities import add_events, by_events, events_of, give_events, survivors
from storage.records import Figure, Incident, Level, Sketch, Why
from storage.tables import incident, incident_item, incident_number, item
from storage.timeline import (
    acknowledge,
    add_change,
    add_changes,
    add_item,
    add_items,
    changes,
    changes_between,
    changes_of_kind,
    communications,
    nationals_of,
    note_nationals,
    record_communication,
    rehome,
    remove_item,
    unacknowledge,
    unrecord_communication,
    why_of,
)
from storage.upsert import chunks, insert_of

__all__ = [
    "acknowledge",
    "add_change",
    "add_changes",
    "add_events",
    "add_item",
    "add_items",
    "by_events",
    "by_number",
    "changes",
    "changes_between",
    "changes_of_kind",
    "communications",
    "events_of",
    "get",
    "give_events",
    "given_titles",
    "keep_sketches",
    "kept_sketches",
    "listing",
    "nationals_of",
    "note_nationals",
    "open_incident",
    "opened_between",
    "record_communication",
    "rehome",
    "remove_item",
    "save",
    "save_many",
    "sketches",
    "survivor",
    "unacknowledge",
    "unrecord_communication",
    "why_of",
]

_COLUMNS = [incident.c[part.name] for part in fields(Incident)]
_CHANGING = [part.name for part in fields(Incident) if part.name not in ("id", "year", "seq")]
_NEW = insert(incident).returning(*_COLUMNS)
_GET = select(*_COLUMNS).where(incident.c.id == bindparam("wanted"))
_SAVE = update(incident).where(incident.c.id == bindparam("row_id"))


def open_incident(
    conn: Connection,
    *,
    now: datetime,
    year: int,
    title_en: str,
    title_th: str,
    hazard: str | None = None,
    categories: tuple[str, ...] = (),
    level: Level = Level.INFO,
    level_why: tuple[Why, ...] = (),
    state: str = "open",
    exercise: bool = False,
    countries: tuple[str, ...] = (),
    place: str | None = None,
    lat: float | None = None,
    lon: float | None = None,
    event_at: datetime | None = None,
    opened_at: datetime | None = None,
    last_item_at: datetime | None = None,
    level_since: datetime | None = None,
    figures: tuple[Figure, ...] = (),
    nationals: str = "unknown",
    confirmation: str = "one_source",
    sources: int = 1,
    independent_sources: int = 1,
    alert_levels: tuple[str, ...] = (),
    severity: str | None = None,
    urgency: str | None = None,
    certainty: str | None = None,
    leave_calls: int = 0,
    lifted: bool = False,
    withdrawn: bool = False,
    held: tuple[str, ...] = (),
    floor: Level | None = None,
    floor_why: tuple[Why, ...] = (),
) -> Incident:
    """A new incident under the next number of `year`; times that are not given are `now`.

    A number is never given twice, also when its transaction was the last before a deletion.
    """
    values: dict[str, Any] = {
        "year": year,
        "seq": _next_number(conn, year),
        "title_en": title_en,
        "title_th": title_th,
        "hazard": hazard,
        "categories": categories,
        "level": level,
        "level_why": level_why,
        "state": state,
        "exercise": exercise,
        "countries": countries,
        "place": place,
        "lat": lat,
        "lon": lon,
        "event_at": event_at,
        "opened_at": opened_at or now,
        "last_item_at": last_item_at or now,
        "level_since": level_since or now,
        "figures": figures,
        "nationals": nationals,
        "confirmation": confirmation,
        "sources": sources,
        "independent_sources": independent_sources,
        "alert_levels": alert_levels,
        "severity": severity,
        "urgency": urgency,
        "certainty": certainty,
        "leave_calls": leave_calls,
        "lifted": lifted,
        "withdrawn": withdrawn,
        "held": held,
        "floor": floor,
        "floor_why": floor_why,
    }
    added = conn.execute(_NEW, values).mappings().one()
    remembered.forget(conn, remembered.SKETCHES)
    return _incident(added)


def save(conn: Connection, changed: Incident) -> None:
    """Write everything of the record but its number; raises StorageError if it was never opened."""
    save_many(conn, [changed])


def save_many(conn: Connection, changed: Sequence[Incident]) -> None:
    """Write everything of several incidents but their numbers.

    Raises StorageError if one of them was never opened.
    """
    if not changed:
        return
    rows = [
        {name: getattr(each, name) for name in _CHANGING} | {"row_id": each.id} for each in changed
    ]
    remembered.forget(conn, remembered.SKETCHES)
    done = conn.execute(_SAVE, rows)
    if done.rowcount != len(rows):
        known = {incident_id for (incident_id,) in conn.execute(select(incident.c.id))}
        missing = [each.id for each in changed if each.id not in known]
        raise StorageError(f"There is no incident with the id {missing[0]}.")


def get(conn: Connection, incident_id: int) -> Incident:
    """The incident; raises StorageError if there is none with this id."""
    row = conn.execute(_GET, {"wanted": incident_id}).mappings().first()
    if row is None:
        raise StorageError(f"There is no incident with the id {incident_id}.")
    return _incident(row)


def by_number(conn: Connection, number: str) -> Incident | None:
    """The incident with a number as officers write it (`2026-0042`, `#2026-0042`), or None."""
    year, _, seq = number.strip().removeprefix("#").partition("-")
    if not (_is_number(year, 4) and _is_number(seq, 9)):
        return None
    which = and_(incident.c.year == int(year), incident.c.seq == int(seq))
    row = conn.execute(select(*_COLUMNS).where(which)).mappings().first()
    return None if row is None else _incident(row)


def listing(
    conn: Connection,
    *,
    states: Sequence[str] | None = None,
    min_level: Level | None = None,
    since: datetime | None = None,
    limit: int,
) -> list[Incident]:
    """Incidents, highest level first, then the one with the newest item.

    `since` asks for those with an item from then on.
    """
    query = select(*_COLUMNS)
    if states is not None:
        query = query.where(incident.c.state.in_(states))
    if min_level is not None:
        query = query.where(incident.c.level >= min_level)
    if since is not None:
        query = query.where(incident.c.last_item_at >= since)
    order = (incident.c.level.desc(), incident.c.last_item_at.desc(), incident.c.id.desc())
    rows = conn.execute(query.order_by(*order).limit(limit))
    return [_incident(row) for row in rows.mappings()]


def countries_of_open(conn: Connection, min_level: Level, *, limit: int) -> frozenset[str]:
    """The countries of open incidents at the level or above, drills left out.

    At most `limit` incidents are asked, those with the newest items.
    """
    chosen = and_(
        incident.c.state == "open", incident.c.level >= min_level, incident.c.exercise.is_(False)
    )
    query = select(incident.c.countries).where(chosen)
    rows = conn.execute(query.order_by(incident.c.last_item_at.desc()).limit(limit))
    return frozenset(code for countries in rows.scalars() for code in countries)


def opened_between(conn: Connection, start: datetime, end: datetime) -> list[Incident]:
    """Incidents opened from `start` on and before `end`, oldest first."""
    stretch = and_(incident.c.opened_at >= start, incident.c.opened_at < end)
    rows = conn.execute(
        select(*_COLUMNS).where(stretch).order_by(incident.c.opened_at, incident.c.id)
    )
    return [_incident(row) for row in rows.mappings()]


def sketches(conn: Connection, since: datetime, titles: int = 8) -> list[Sketch]:
    """The open and quiet incidents with an item from `since` on, newest item first.

    Each with the titles of its `titles` newest items; with none, `awaits` is for the caller to
    tell from the items.
    """
    candidates = and_(incident.c.state.in_(("open", "quiet")), incident.c.last_item_at >= since)
    rows = conn.execute(
        select(*_COLUMNS)
        .where(candidates)
        .order_by(incident.c.last_item_at.desc(), incident.c.id.desc())
    )
    found = [_incident(row) for row in rows.mappings()]
    newest = _newest_titles(conn, [each.id for each in found], titles) if titles else {}
    return [
        Sketch(
            id=each.id,
            number=each.number,
            hazard=each.hazard,
            categories=each.categories,
            countries=each.countries,
            lat=each.lat,
            lon=each.lon,
            event_at=each.event_at,
            opened_at=each.opened_at,
            last_item_at=each.last_item_at,
            level=each.level,
            exercise=each.exercise,
            figures=each.figures,
            titles=(*newest.get(each.id, ()), *given_titles(each)),
            awaits="opened" in each.held and not newest.get(each.id),
        )
        for each in found
    ]


def given_titles(of: Incident) -> tuple[str, ...]:
    """The titles that an officer wrote: items that tell the same join it."""
    if "title" not in of.held:
        return ()
    return tuple(dict.fromkeys((of.title_en, of.title_th)))


def kept_sketches(conn: Connection) -> Any:
    """What `keep_sketches` was given, if nobody has written since; else None.

    It is handed over, not lent: who changes it has to keep it again.
    """
    return remembered.take(conn, remembered.SKETCHES)


def keep_sketches(conn: Connection, known: object) -> None:
    """Keep for the next transaction what was made of the sketches; it must be as stored."""
    remembered.remember(conn, remembered.SKETCHES, known)


def survivor(conn: Connection, incident_id: int) -> Incident:
    """The incident itself, or the one that it lives on in since it was merged."""
    return get(conn, survivors(conn, {incident_id})[incident_id])


def _next_number(conn: Connection, year: int) -> int:
    return int(conn.execute(_number(conn.dialect.name), {"year": year, "last": 1}).scalar_one())


@cache
def _number(dialect: str) -> Executable:
    row = insert_of(dialect, incident_number)
    return row.on_conflict_do_update(
        index_elements=["year"], set_={"last": incident_number.c.last + 1}
    ).returning(incident_number.c.last)


def _newest_titles(conn: Connection, ids: Sequence[int], limit: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for some in chunks(ids):
        place = (
            func.row_number()
            .over(
                partition_by=incident_item.c.incident_id,
                order_by=(item.c.first_seen_at.desc(), item.c.id.desc()),
            )
            .label("place")
        )
        ranked = (
            select(incident_item.c.incident_id, item.c.title, place)
            .join(item, item.c.id == incident_item.c.item_id)
            .where(incident_item.c.incident_id.in_(some))
            .subquery()
        )
        rows = conn.execute(
            select(ranked.c.incident_id, ranked.c.title)
            .where(ranked.c.place <= limit)
            .order_by(ranked.c.incident_id, ranked.c.place)
        )
        for incident_id, title in rows:
            found[incident_id].append(title)
    return found


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


def _incident(row: RowMapping) -> Incident:
    return Incident(**row)

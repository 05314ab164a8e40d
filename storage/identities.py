"""Identities of an event that hold across feeds, and the incident that each belongs to.

Callers reach these functions as `storage.incidents.…`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from storage.items import key_value
from storage.tables import incident, incident_event
from storage.upsert import insert_missing, is_among


def by_events(conn: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which incident each (kind, value) identity of an event belongs to; unknown ones are absent.

    The answer for an incident that was merged is the one it was merged into.
    """
    asked: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for key in keys:
        asked.setdefault(key[0], {}).setdefault(key_value(key[1]), []).append(key)
    found: dict[tuple[str, str], int] = {}
    query = _owners(conn.dialect.name)
    for kind, by_value in asked.items():
        for value, incident_id in conn.execute(query, {"kind": kind, "among": list(by_value)}):
            for key in by_value[value]:
                found[key] = incident_id
    lives_in = survivors(conn, set(found.values()))
    return {key: lives_in[incident_id] for key, incident_id in found.items()}


@cache
def _owners(dialect: str) -> Select[Any]:
    return select(incident_event.c.value, incident_event.c.incident_id).where(
        incident_event.c.kind == bindparam("kind"),
        is_among(dialect, incident_event.c.value, "among"),
    )


def add_events(conn: Connection, incident_id: int, keys: Sequence[tuple[str, str]]) -> None:
    """Give the incident these identities; one that another incident has stays there."""
    insert_missing(
        conn,
        incident_event,
        [
            {"kind": kind, "value": key_value(value), "incident_id": incident_id}
            for kind, value in keys
        ],
    )


def give_events(conn: Connection, keys: Sequence[tuple[str, str]], incident_id: int) -> None:
    """Let these identities be those of another incident from now on (split)."""
    for kind, value in keys:
        conn.execute(
            update(incident_event)
            .where(incident_event.c.kind == kind, incident_event.c.value == key_value(value))
            .values(incident_id=incident_id)
        )


def events_of(conn: Connection, incident_id: int) -> list[tuple[str, str]]:
    """The identities the incident has."""
    rows = conn.execute(
        select(incident_event.c.kind, incident_event.c.value)
        .where(incident_event.c.incident_id == incident_id)
        .order_by(incident_event.c.kind, incident_event.c.value)
    )
    return [(kind, value) for kind, value in rows]


def survivors(conn: Connection, ids: set[int]) -> dict[int, int]:
    """For each incident the one it lives on in: itself, unless it was merged."""
    merged: dict[int, int] = {}
    unknown = set(ids)
    while unknown:
        rows = conn.execute(
            select(incident.c.id, incident.c.merged_into).where(
                incident.c.id.in_(unknown), incident.c.merged_into.is_not(None)
            )
        )
        step = {row.id: row.merged_into for row in rows}
        merged |= step
        unknown = set(step.values()) - merged.keys()
    return {incident_id: _follow(merged, incident_id) for incident_id in ids}


def _follow(merged: dict[int, int], incident_id: int) -> int:
    seen = {incident_id}
    while (target := merged.get(incident_id)) is not None and target not in seen:
        seen.add(target)
        incident_id = target
    return incident_id

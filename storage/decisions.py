"""Decisions: what the rules said about each incident change, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from storage.records import Decision, Level, NewDecision, Why
from storage.tables import decision
from storage.upsert import chunks

_COLUMNS = [decision.c[part.name] for part in fields(Decision)]
_NEW = insert(decision).returning(decision.c.id, sort_by_parameter_order=True)


def add(
    conn: Connection,
    incident_id: int,
    change_id: int,
    decisions: Sequence[NewDecision],
    level: Level,
    now: datetime,
) -> list[int]:
    """Store what the rules said; the ids in the same order.

    One that tells nobody, has no due time or is only a trial (shadow) is kept in state `none`.
    """
    about = [Made(incident_id, change_id, level, each) for each in decisions]
    return add_many(conn, about, now)


@dataclass(frozen=True, slots=True)
class Made:
    """A decision with the incident and the change it is about, and the level at that time."""

    incident_id: int
    change_id: int
    level: Level
    decision: NewDecision


def add_many(conn: Connection, made: Sequence[Made], now: datetime) -> list[int]:
    """Store decisions about several changes, as `add` does; the ids in the same order."""
    rows = [
        {
            "incident_id": each.incident_id,
            "change_id": each.change_id,
            "rule": each.decision.rule,
            "team": each.decision.team,
            "due_at": each.decision.due_at,
            "why": each.decision.why,
            "state": "due" if _notifies(each.decision) else "none",
            "shadow": each.decision.shadow,
            "step": each.decision.step,
            "level": each.level,
            "made_at": now,
        }
        for each in made
    ]
    return [int(row_id) for row_id in conn.execute(_NEW, rows).scalars()] if rows else []


def _notifies(made: NewDecision) -> bool:
    return made.team is not None and made.due_at is not None and not made.shadow


def due(conn: Connection, now: datetime) -> list[Decision]:
    """The decisions to carry out now, longest due first."""
    ripe = (decision.c.state == "due", decision.c.due_at <= now, ~decision.c.shadow)
    return _found(conn, *ripe, order=(decision.c.due_at, decision.c.id))


def pending(conn: Connection, incident_id: int) -> list[Decision]:
    """The decisions about an incident that are still to be carried out, next one first."""
    waiting = (
        decision.c.incident_id == incident_id,
        decision.c.state == "due",
        ~decision.c.shadow,
    )
    return _found(conn, *waiting, order=(decision.c.due_at, decision.c.id))


def mark(conn: Connection, ids: Sequence[int], state: str, why: Sequence[Why] = ()) -> None:
    """Say what became of decisions (done, dropped, none); `why` is added to their reasons."""
    for some in chunks(ids):
        chosen = decision.c.id.in_(some)
        conn.execute(update(decision).where(chosen).values(state=state))
        if why:
            for row_id, before in conn.execute(
                select(decision.c.id, decision.c.why).where(chosen)
            ).all():
                conn.execute(
                    update(decision).where(decision.c.id == row_id).values(why=(*before, *why))
                )


def postpone(conn: Connection, ids: Sequence[int], until: datetime, why: Why | None = None) -> None:
    """Let decisions that are still due wait until then; `why` says what they wait for.

    It takes the place of the reason for the same kind of waiting that stood there before.
    """
    for some in chunks(ids):
        chosen = (decision.c.id.in_(some), decision.c.state == "due")
        conn.execute(update(decision).where(*chosen).values(due_at=until))
        if why is None:
            continue
        for row_id, before in conn.execute(select(decision.c.id, decision.c.why).where(*chosen)):
            kept = (each for each in before if each.code != why.code)
            conn.execute(update(decision).where(decision.c.id == row_id).values(why=(*kept, why)))


def waiting(conn: Connection) -> list[Decision]:
    """First notices that are decided and not told yet, those of escalation steps left out."""
    held = (decision.c.state == "due", decision.c.step == 0, ~decision.c.shadow)
    return _found(conn, *held, order=(decision.c.due_at, decision.c.id))


def silenced(conn: Connection, since: datetime) -> list[Decision]:
    """What nobody was told since then because of a silence, oldest first."""
    quiet = (decision.c.made_at >= since, decision.c.state.in_(("none", "dropped")))
    found = _found(conn, *quiet, order=(decision.c.made_at, decision.c.id))
    return [each for each in found if any(why.code == "silenced" for why in each.why)]


def of_incident(conn: Connection, incident_id: int) -> list[Decision]:
    """All decisions about an incident, oldest first."""
    about = decision.c.incident_id == incident_id
    return _found(conn, about, order=(decision.c.made_at, decision.c.id))


def between(conn: Connection, start: datetime, end: datetime) -> list[Decision]:
    """Decisions made from `start` on and before `end`, oldest first."""
    stretch = (decision.c.made_at >= start, decision.c.made_at < end)
    return _found(conn, *stretch, order=(decision.c.made_at, decision.c.id))


def _found(
    conn: Connection,
    *which: ColumnElement[bool],
    order: tuple[ColumnElement[object], ...],
) -> list[Decision]:
    rows = conn.execute(select(*_COLUMNS).where(*which).order_by(*order))
    return [Decision(**row) for row in rows.mappings()]

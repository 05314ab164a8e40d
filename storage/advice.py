"""The travel advice that each ministry gives for each country, as it was and as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, select, update

from storage.records import AdviceGiven, NewAdvice
from storage.tables import advice_given, feed

_NAMES = tuple(part.name for part in fields(AdviceGiven))


def add(conn: Connection, given: NewAdvice) -> None:
    """Keep what a ministry says from now on; what it said of the same line before is over."""
    line = (advice_given.c.feed_id == given.feed_id, advice_given.c.line == given.line)
    conn.execute(update(advice_given).where(*line).values(newest=False))
    conn.execute(insert(advice_given).values(**asdict(given), newest=True))


def add_first(conn: Connection, given: Sequence[NewAdvice]) -> None:
    """Keep many lines that were seen for the first time."""
    if given:
        conn.execute(insert(advice_given), [asdict(each) | {"newest": True} for each in given])


def newest_of(conn: Connection, feed_id: int, line: str) -> AdviceGiven | None:
    """What the ministry says of the line now."""
    found = _read(
        conn, advice_given.c.feed_id == feed_id, advice_given.c.line == line, advice_given.c.newest
    )
    return found[-1] if found else None


def current(conn: Connection, country: str | None = None) -> list[AdviceGiven]:
    """What holds now, by country and publisher; of one country if asked."""
    wanted: list[ColumnElement[bool]] = [advice_given.c.newest, feed.c.listed]
    if country is not None:
        wanted.append(advice_given.c.country == country)
    return sorted(
        _read(conn, *wanted),
        key=lambda each: (each.country or "~", each.publisher, each.area or "", each.id),
    )


def history(conn: Connection, country: str) -> list[AdviceGiven]:
    """Everything that was ever said of the country, oldest first."""
    return _read(conn, advice_given.c.country == country)


def changed_between(
    conn: Connection, start: datetime, end: datetime, country: str | None = None
) -> list[AdviceGiven]:
    """The changes that we read from `start` on and before `end`, oldest first."""
    wanted: list[ColumnElement[bool]] = [
        advice_given.c.first.is_(False),
        advice_given.c.seen_at >= start,
        advice_given.c.seen_at < end,
    ]
    if country is not None:
        wanted.append(advice_given.c.country == country)
    return _read(conn, *wanted)


def before(conn: Connection, given: AdviceGiven) -> AdviceGiven | None:
    """What the same ministry said of the same line until then."""
    found = _read(
        conn,
        advice_given.c.feed_id == given.feed_id,
        advice_given.c.line == given.line,
        advice_given.c.id < given.id,
    )
    return found[-1] if found else None


def _read(conn: Connection, *wanted: ColumnElement[bool]) -> list[AdviceGiven]:
    rows = conn.execute(_all().where(*wanted).order_by(advice_given.c.seen_at, advice_given.c.id))
    return [AdviceGiven(**row) for row in rows.mappings()]


def _all() -> Select[Any]:
    own = [advice_given.c[name] for name in _NAMES if name not in ("publisher", "speaker")]
    return select(*own, feed.c.publisher, feed.c.country.label("speaker")).join(
        feed, feed.c.id == advice_given.c.feed_id
    )

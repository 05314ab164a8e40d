"""What both databases can do but each says in its own words: inserts that yield to a row that is
already there, and looking for many values by one statement that stays the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, Connection, Table, Text, any_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

T = TypeVar("T")
CHUNK = 500  # values in one IN list; SQLite allows 32,766 parameters in a statement


def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this database that knows `ON CONFLICT`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_into(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the connected database that knows `ON CONFLICT`."""
    return insert_of(conn.dialect.name, table)


@cache
def _insert_missing(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return insert_of(dialect, table).on_conflict_do_nothing()


def insert_missing(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, skipping each one that an existing row stands in the way of."""
    if rows:
        conn.execute(_insert_missing(conn.dialect.name, table), list(rows))


def is_among(
    dialect: str, column: ColumnElement[Any], name: str, kind: type[TypeEngine[Any]] = Text
) -> ColumnElement[bool]:
    """Whether a column of this kind holds one of the values of the parameter `name`, a list.

    Unlike with IN the statement is the same for any number of values, so that it is worked
    out only once.
    """
    if dialect == "sqlite":
        given = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
        return column.in_(select(given.c.value))
    return column == any_(bindparam(name, type_=postgresql.ARRAY(kind)))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in pieces that fit into one statement."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]

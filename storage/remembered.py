"""What a connection remembers of its last write transaction, to be spared reading it again.

It is trusted only while nobody has written since. A function of ours that changes what somebody
may remember calls `forget`, and a transaction that fails forgets everything. Another connection
shows in SQLite's `data_version`; PostgreSQL has no such counter, so there `forget` counts up one
of our own, once a transaction (writers hold one lock, so that it never runs backwards).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from storage import meta

SKETCHES = "sketches"  # see storage.incidents
MEMBERS = "members"  # the items of incidents; see storage.itemreads
_KEY = "remembered"
_COUNTED = "remembered_counted_in"  # the transaction that has counted up
_COUNTER = "changes_to_incidents"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # what the counter counts has no time of its own


@dataclass(frozen=True, slots=True)
class _Held:
    version: int
    value: Any


def remember(conn: Connection, name: str, value: object) -> None:
    """Keep `value` under this name for the next write transaction of the connection."""
    conn.info.setdefault(_KEY, {})[name] = _Held(_version(conn), value)


def take(conn: Connection, name: str) -> Any:
    """What was kept, None if it may be out of date; call inside a write transaction.

    It is handed over, not lent: who changes it has to keep it again.
    """
    held = conn.info.get(_KEY, {}).pop(name, None)
    return held.value if held is not None and held.version == _version(conn) else None


def forget(conn: Connection, *names: str) -> None:
    """Do not trust what was kept under these names, here or on another connection."""
    for name in names:
        conn.info.get(_KEY, {}).pop(name, None)
    if conn.dialect.name != "sqlite" and conn.info.get(_COUNTED) is not conn.get_transaction():
        conn.info[_COUNTED] = conn.get_transaction()
        before = _counted(conn)
        meta.set(conn, _COUNTER, str(before + 1), _NEVER)
        known = conn.info.get(_KEY, {})
        for name, held in known.items():  # what is not named here is as true as it was
            if held.version == before:
                known[name] = replace(held, version=before + 1)


def forget_all(conn: Connection) -> None:
    """Trust nothing: the transaction is undone."""
    conn.info.pop(_KEY, None)
    conn.info.pop(_COUNTED, None)


def _version(conn: Connection) -> int:
    """A number that changes when another connection has committed a change."""
    if conn.dialect.name == "sqlite":
        return int(conn.exec_driver_sql("PRAGMA data_version").scalar_one())
    return _counted(conn)


def _counted(conn: Connection) -> int:
    held = meta.get(conn, _COUNTER)
    return 0 if held is None else int(held.value)

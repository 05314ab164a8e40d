"""What a connection remembers of its last write transaction, to be spared reading it again.

It is trusted only while nobody has written since: another connection shows in SQLite's
`data_version`; a function of ours that changes what somebody may remember calls `forget`; and
a transaction that fails forgets everything. PostgreSQL has no such counter: nothing is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

SKETCHES = "sketches"  # see storage.incidents
_KEY = "remembered"


@dataclass(frozen=True, slots=True)
class _Held:
    version: int
    value: Any


def remember(conn: Connection, name: str, value: object) -> None:
    """Keep `value` under this name for the next write transaction of the connection."""
    version = _version(conn)
    if version is not None:
        conn.info.setdefault(_KEY, {})[name] = _Held(version, value)


def take(conn: Connection, name: str) -> Any:
    """What was kept, None if it may be out of date; call inside a write transaction.

    It is handed over, not lent: who changes it has to keep it again.
    """
    held = conn.info.get(_KEY, {}).pop(name, None)
    return held.value if held is not None and held.version == _version(conn) else None


def forget(conn: Connection, name: str) -> None:
    """Do not trust what was kept under this name."""
    conn.info.get(_KEY, {}).pop(name, None)


def forget_all(conn: Connection) -> None:
    """Trust nothing: the transaction is undone."""
    conn.info.pop(_KEY, None)


def _version(conn: Connection) -> int | None:
    """A number that changes when another connection has committed; None where there is none."""
    if conn.dialect.name != "sqlite":
        return None
    return int(conn.exec_driver_sql("PRAGMA data_version").scalar_one())

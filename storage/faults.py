"""What a database driver's error means, in one sentence and without secrets."""

from __future__ import annotations

import sqlite3

from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError

from storage.errors import DamagedDatabase, StorageError

_SQLITE = {
    sqlite3.SQLITE_FULL: "The disk of {place} is full: nothing more can be stored.",
    sqlite3.SQLITE_IOERR: "The disk of {place} reports read or write faults.",
    sqlite3.SQLITE_READONLY: "{place} cannot be written: it or its folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "{place} cannot be opened: look at its folder and permissions.",
    sqlite3.SQLITE_PERM: "{place} cannot be opened: look at its folder and permissions.",
}
_BUSY = "Another program holds the database {place}; nothing was written."
_DAMAGED = "{place} is damaged: run `monitor db restore` with the last good backup."


def explain(error: BaseException, url: URL) -> StorageError:
    """The StorageError that stands for a driver's `error` with the database at `url`."""
    place = url.database if url.get_backend_name() == "sqlite" else "The PostgreSQL database"
    code = _sqlite_code(error)
    if code is not None:
        if is_busy(error):
            return StorageError(_BUSY.format(place=place))
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return DamagedDatabase(_DAMAGED.format(place=place))
        if code in _SQLITE:
            return StorageError(_SQLITE[code].format(place=place))
    if is_busy(error):
        return StorageError(_BUSY.format(place=url.database))
    words = _one_line(error)
    password = url.password
    if password:
        words = words.replace(password, "***")
    if isinstance(error, IntegrityError):
        return StorageError(f"The database refused a row that contradicts another: {words}")
    return StorageError(f"The database {url.database} failed: {words}")


def is_busy(error: BaseException) -> bool:
    """Whether another writer stands in the way, so that trying again can help."""
    code = _sqlite_code(error)
    if code is not None:
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(_cause(error), "sqlstate", None) == "55P03"  # lock_not_available


def _cause(error: BaseException) -> BaseException:
    origin = getattr(error, "orig", None)
    return origin if isinstance(origin, BaseException) else error


def _sqlite_code(error: BaseException) -> int | None:
    """SQLite's primary result code; its extended ones carry more in the higher bits."""
    code = getattr(_cause(error), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _one_line(error: BaseException) -> str:
    return " ".join(str(_cause(error)).split())

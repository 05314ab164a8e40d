"""The SQLite file itself: made whole or not at all, looked at before it is opened."""

from __future__ import annotations

import os
import sqlite3
import struct
import tempfile
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from storage.errors import DamagedDatabase, StorageError

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100  # bytes; layout: "Database File Format" of the SQLite documentation, section 1.3


def uri(path: str | Path, mode: str) -> str:
    """SQLite's address of the file at `path`; `mode` is ro, rw or rwc."""
    return f"file:{quote(str(path))}?mode={mode}"


def create(path: Path) -> None:
    """Make an empty database at `path` unless there is a file already.

    It is built under another name and then linked into place: a kill in between leaves no
    empty file that would later pass for a lost database.
    """
    if path.exists():
        return
    try:
        with tempfile.TemporaryDirectory(prefix=".new-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            with closing(sqlite3.connect(draft)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("VACUUM")  # writes the header: WAL mode is kept in it
            flush(draft)
            try:
                os.link(draft, path)
            except FileExistsError:
                return
            except OSError:  # a file system without hard links
                if not path.exists():
                    draft.rename(path)
            flush(path.parent)
    except FileNotFoundError as error:
        raise StorageError(f"There is no folder {path.parent} for the database.") from error
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"The database {path} cannot be created: {error}.") from error


def examine(path: Path) -> None:
    """Refuse a file that is missing, empty, cut off or no SQLite database.

    Reads the first 100 bytes. While a write-ahead log has content, the file may rightly be
    shorter than its header says; then only SQLite itself can tell.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except FileNotFoundError as error:
        raise StorageError(
            f"There is no database at {path}: run `monitor db upgrade` to make one."
        ) from error
    except OSError as error:
        raise StorageError(f"The database {path} cannot be read: {error.strerror}.") from error
    advice = "restore a backup with `monitor db restore`, or move the file away to start anew."
    if not header:
        raise DamagedDatabase(f"The database {path} is empty, its content is lost: {advice}")
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        raise DamagedDatabase(f"The file {path} is no SQLite database: {advice}")
    if _cut_off(path) and _cut_off(path):  # twice: a checkpoint may just have ended
        raise DamagedDatabase(f"The database {path} is cut off: {advice}")


def _cut_off(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(_HEADER)
        size = os.fstat(file.fileno()).st_size
    page_size = struct.unpack(">H", header[16:18])[0]
    page_size = 65536 if page_size == 1 else page_size
    changes, pages = struct.unpack(">II", header[24:32])
    counted_at = struct.unpack(">I", header[92:96])[0]  # the count holds for this change
    return changes == counted_at and size < pages * page_size and not _has_log(path)


def prepare(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """Set up a new connection: write-ahead log, full syncing, foreign keys."""
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if str(mode).lower() != "wal":
        _turn_on_log(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    if read_only:
        connection.execute("PRAGMA query_only=ON")


def flush(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _turn_on_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; SQLite does not wait by itself when others are reading."""
    for attempt in range(500):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == 499:
                raise
            time.sleep(0.01)


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except OSError:
        return False

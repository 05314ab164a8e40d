"""Backups that were opened and found sound, and putting one back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from storage import postgresdump, schema, sqlitefile
from storage.database import Database
from storage.errors import DamagedDatabase, StorageError


def backup(database: Database, path: Path) -> None:
    """Write a copy of the database to `path`, which must not exist; others may go on writing.

    The copy is opened and checked before it gets its name, so a file at `path` is a good one.
    Raises StorageError.
    """
    path = path.absolute()
    if path.exists():
        raise StorageError(f"{path} exists already: give the backup another name.")
    if not path.parent.is_dir():
        raise StorageError(f"There is no folder {path.parent} for the backup.")
    draft = _beside(path, ".part")
    try:
        if database.path is None:
            postgresdump.dump(database, draft)
        else:
            with database.read():  # looked at when first opened, never while it is open
                pass
            _copy_sqlite(database.path, draft)
        sqlitefile.flush(draft)
        draft.rename(path)
        sqlitefile.flush(path.parent)
    except OSError as error:
        raise StorageError(f"The backup {path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def verify(path: Path) -> str:
    """The schema of a SQLite backup; raises StorageError if it is not sound, or too new."""
    if not path.is_file():
        raise StorageError(f"There is no backup at {path}.")
    sqlitefile.examine(path)
    if problems := _unsound(path):
        raise DamagedDatabase(f"The backup {path} is damaged: {problems}.")
    found = _revision(path)
    schema.refuse_newer(found)
    return found


def restore(database_url: str, path: Path) -> Path | None:
    """Put the backup at `path` in the place of the database; where the replaced one is kept.

    The backup is checked first. At every moment there is a whole database under the name: the
    old one until the new one takes its place in one step. The replaced file stays beside it as
    `….before-restore`. The caller holds the instance lock. Raises StorageError.
    """
    database = Database(database_url)
    path = path.absolute()
    if database.path is None:
        if not path.is_file():
            raise StorageError(f"There is no backup at {path}.")
        return postgresdump.put_back(database, path)
    verify(path)
    target = database.path
    if target.exists() and target.samefile(path):
        raise StorageError("The backup is the database itself: nothing to restore.")
    draft = _beside(target, ".restoring")
    try:
        shutil.copyfile(path, draft)
        if target.exists():
            shutil.copymode(target, draft)
        if problems := _unsound(draft):
            raise StorageError(f"The copy of the backup went wrong: {problems}.")
        sqlitefile.flush(draft)
        kept = _keep(target) if target.exists() else None
        os.replace(draft, target)
        sqlitefile.flush(target.parent)
    except OSError as error:
        raise StorageError(
            f"The backup cannot be put in the place of {target}: {error.strerror}."
        ) from error
    finally:
        for leftover in (draft, _beside(draft, "-wal"), _beside(draft, "-shm")):
            leftover.unlink(missing_ok=True)
    return kept


def _copy_sqlite(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(sqlitefile.uri(source, "ro"), uri=True, timeout=60)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            # One file, not three: the log is turned on again when the program opens it.
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StorageError(f"The backup of {source} failed: {error}.") from error
    if problems := _unsound(target):
        raise DamagedDatabase(f"The database {source} is damaged, so is its copy: {problems}.")


def _unsound(path: Path) -> str:
    """What SQLite's own check finds wrong; empty if nothing."""
    try:
        with closing(sqlite3.connect(sqlitefile.uri(path, "ro"), uri=True)) as connection:
            lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.Error as error:
        return str(error)
    return "" if lines == ["ok"] else "; ".join(lines)


def _revision(path: Path) -> str:
    """The schema of a file, read without changing it: `Database` would turn its log on."""
    query = f"SELECT version_num FROM {schema.VERSION_TABLE}"  # noqa: S608 - our own constant
    try:
        with closing(sqlite3.connect(sqlitefile.uri(path, "ro"), uri=True)) as connection:
            row = connection.execute(query).fetchone()
    except sqlite3.Error as error:
        raise StorageError(
            f"{path} is no backup of this program: it has none of its tables."
        ) from error
    if row is None:
        raise StorageError(f"{path} is no backup of this program: its schema is not named.")
    return str(row[0])


def _keep(target: Path) -> Path:
    """Give the database that is to be replaced a second name, with all it has in it.

    Its log must be gone before another file takes its name: SQLite would apply it to that one.
    """
    kept = _beside(target, ".before-restore")
    count = 1
    while kept.exists():
        count += 1
        kept = _beside(target, f".before-restore-{count}")
    if not _fold_in_log(target):
        shutil.copyfile(target, kept)
        for ending in ("-wal", "-shm"):
            part = _beside(target, ending)
            if part.exists():
                part.rename(_beside(kept, ending))
        return kept
    try:
        os.link(target, kept)
    except OSError:  # a file system without hard links
        shutil.copyfile(target, kept)
    return kept


def _fold_in_log(target: Path) -> bool:
    """Whether everything is now in the one file; False if the database is too damaged.

    A damaged one is not opened for writing: SQLite would throw away what is left of its log.
    """
    try:
        sqlitefile.examine(target)
        with closing(sqlite3.connect(sqlitefile.uri(target, "ro"), uri=True, timeout=5)) as old:
            if old.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return False
        with closing(sqlite3.connect(sqlitefile.uri(target, "rw"), uri=True, timeout=5)) as old:
            old.execute("PRAGMA journal_mode=DELETE")
    except DamagedDatabase:
        return False
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StorageError(
                f"Another program has {target} open: stop it, then restore again."
            ) from error
        return False
    return True


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)

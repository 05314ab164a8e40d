"""Opening the database: one writer at a time, and readers that never wait for it.

SQLite: write-ahead log, and every write transaction starts with `BEGIN IMMEDIATE`, tried again
while another program writes. PostgreSQL: every write transaction takes one advisory lock, so
that linking, deciding and numbering never run twice at once.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from storage import remembered, sqlitefile
from storage.codec import dump_json
from storage.errors import StorageError
from storage.faults import explain, is_busy

__all__ = ["Connection", "Database"]  # callers annotate with it, and import no SQLAlchemy

OLDEST_SQLITE = (3, 35)
BUSY_TIMEOUT_S = 5.0  # SQLite's own waiting, within one try
ADVISORY_KEY = 0x6D6F6E69746F72  # "monitor"; PostgreSQL keeps these locks per database


class Database:
    """The one database of the program. Threads may share it.

    `url` is `sqlite:///path` or `postgresql://…`. Nothing is opened or created before the
    first use. `wait_s` is how long a write waits for another writer.
    """

    def __init__(self, url: str, *, wait_s: float = 60.0) -> None:
        self._url = _parsed(url)
        self._wait_s = wait_s
        self.dialect = self._url.get_backend_name()
        self.path: Path | None = None  # of the SQLite file
        self._engines: tuple[Engine, Engine] | None = None
        if self.dialect == "sqlite":
            if sqlite3.sqlite_version_info < OLDEST_SQLITE:
                raise StorageError(
                    f"SQLite {sqlite3.sqlite_version} is too old: 3.35 or newer is needed."
                )
            self.path = Path(self._url.database or "").resolve()
            self._url = self._url.set(database=str(self.path))

    @property
    def url(self) -> str:
        """The address without its password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def secret_url(self) -> str:
        """The address with its password, to open the database elsewhere; never to be shown."""
        return self._url.render_as_string(hide_password=False)

    def __repr__(self) -> str:
        return f"Database({self.url!r})"

    def exists(self) -> bool:
        """Whether there is something to open; on PostgreSQL always True."""
        return self.path is None or self.path.exists()

    def create(self) -> None:
        """Make the SQLite file if there is none; harmless when two do it at once."""
        if self.path is not None:
            sqlitefile.create(self.path)

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction that may write: committed at the end, rolled back on any exception.

        Raises StorageError if another program holds the database for longer than `wait_s`.
        """
        return self._write(foreign_keys=True)

    def migrate(self) -> AbstractContextManager[Connection]:
        """A write transaction for migrations.

        SQLite changes a table by building a new one in its place, which foreign keys would
        answer by deleting the rows that point to it; they are off here, and checked before
        the commit.
        """
        return self._write(foreign_keys=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and cannot write."""
        try:
            with self._open()[1].connect() as conn:
                if self.dialect == "sqlite":
                    conn.exec_driver_sql("BEGIN")
                yield conn
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explain(error, self._url) from error

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        if self._engines is not None:
            for engine in self._engines:
                engine.dispose()
            self._engines = None

    @contextmanager
    def _write(self, *, foreign_keys: bool) -> Iterator[Connection]:
        try:
            with self._open()[0].connect() as conn:
                if self.dialect == "sqlite":
                    if not foreign_keys:
                        _set_foreign_keys(conn, on=False)
                    try:
                        self._begin_immediate(conn)
                        yield conn
                        if not foreign_keys:
                            _refuse_orphans(conn)
                        conn.commit()
                    except BaseException:
                        remembered.forget_all(conn)
                        raise
                    finally:
                        if not foreign_keys:
                            conn.rollback()
                            _set_foreign_keys(conn, on=True)
                else:
                    conn.execute(text(f"SET LOCAL lock_timeout = {int(self._wait_s * 1000)}"))
                    conn.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_KEY})"))
                    try:
                        yield conn
                        conn.commit()
                    except BaseException:
                        remembered.forget_all(conn)
                        raise
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explain(error, self._url) from error

    def _begin_immediate(self, conn: Connection) -> None:
        ends = time.monotonic() + self._wait_s
        while True:
            try:
                conn.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except SQLAlchemyError as error:
                if not is_busy(error) or time.monotonic() >= ends:
                    raise
                time.sleep(0.01)

    def _open(self) -> tuple[Engine, Engine]:
        if self._engines is None:
            # Only before the first connection: closing any handle of the file would drop the
            # locks that SQLite holds in this process, and another one could remove the log.
            if self.path is not None:
                sqlitefile.examine(self.path)
            self._engines = self._sqlite() if self.path is not None else self._postgresql()
        elif self.path is not None and not self.path.exists():
            sqlitefile.examine(self.path)  # says that it is gone
        return self._engines

    def _sqlite(self) -> tuple[Engine, Engine]:
        busy_s = min(BUSY_TIMEOUT_S, self._wait_s)
        # mode=rw: SQLite would create an empty database where the file has just gone.
        # Its own URI is `file:…`, so the path is quoted by sqlitefile.
        address = sqlitefile.uri(self._url.database or "", "rw")

        def engine(read_only: bool) -> Engine:
            made = create_engine(
                "sqlite://",
                creator=lambda: sqlite3.connect(
                    address, uri=True, timeout=busy_s, check_same_thread=False
                ),
                hide_parameters=True,
                json_serializer=dump_json,
                poolclass=QueuePool,
            )

            @event.listens_for(made, "connect")
            def prepare(connection: Any, record: object) -> None:
                connection.isolation_level = None  # we say BEGIN ourselves
                sqlitefile.prepare(connection, read_only=read_only)

            return made

        return engine(False), engine(True)

    def _postgresql(self) -> tuple[Engine, Engine]:
        try:
            writer = create_engine(
                self._url,
                hide_parameters=True,
                json_serializer=dump_json,
                pool_pre_ping=True,
                connect_args={"connect_timeout": 10, "options": "-c timezone=UTC"},
            )
        except ImportError as error:
            raise StorageError(
                "PostgreSQL needs the driver psycopg: "
                "install this program with its extra `postgres`."
            ) from error
        reader = writer.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        return writer, reader


def _parsed(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise StorageError(
            "The database address cannot be read: "
            "write sqlite:///path/to/file or postgresql://user@host/name."
        ) from error
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise StorageError("The database address names no file: write sqlite:///path/to/file.")
        return url
    raise StorageError(
        f"{url.drivername} is no database that this program knows: "
        "write sqlite:///path/to/file or postgresql://user@host/name."
    )


def _set_foreign_keys(conn: Connection, *, on: bool) -> None:
    conn.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    conn.commit()


def _refuse_orphans(conn: Connection) -> None:
    found = conn.exec_driver_sql("PRAGMA foreign_key_check").first()
    if found is not None:
        raise StorageError(
            f"The upgrade would leave rows of {found[0]} that point to nothing in {found[2]}; "
            "nothing was changed."
        )

"""Database: opening, refusing, reading while writing."""

from __future__ import annotations

import builtins
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Connection, text

from storage import meta, schema
from storage.database import Database
from storage.errors import DamagedDatabase, StorageError

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def sqlite_file(database: Database) -> Path:
    assert database.path is not None
    return database.path


def _write_then_fail(conn: Connection) -> None:
    meta.set(conn, "poll", "moved", NOW)
    raise KeyError("a bug further up")


def test_what_is_written_is_read_by_the_next_transaction(database: Database) -> None:
    with database.write() as conn:
        meta.set(conn, "poll", "moved", NOW)
    with database.read() as conn:
        assert meta.get(conn, "poll") == meta.Mark("moved", NOW)


def test_an_exception_undoes_the_transaction(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as conn:
        _write_then_fail(conn)
    with database.read() as conn:
        assert meta.get(conn, "poll") is None


def test_a_read_session_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError, match="read-only"), database.read() as conn:
        meta.set(conn, "poll", "moved", NOW)


def test_a_read_session_sees_one_state_while_another_writes(database: Database) -> None:
    with database.read() as reader:
        assert meta.get(reader, "poll") is None
        with database.write() as conn:
            meta.set(conn, "poll", "moved", NOW)
        assert meta.get(reader, "poll") is None
    with database.read() as reader:
        assert meta.get(reader, "poll") is not None


def test_reading_does_not_wait_for_a_writer(database: Database) -> None:
    with database.write() as conn:
        meta.set(conn, "poll", "moved", NOW)
        with database.read() as reader:
            assert meta.get(reader, "poll") is None


def test_a_writer_that_waits_too_long_says_so_in_one_sentence(database_url: str) -> None:
    holder, second = Database(database_url), Database(database_url, wait_s=0.05)
    with (
        holder.write(),
        pytest.raises(StorageError, match="Another program holds the database"),
        second.write(),
    ):
        pytest.fail("two writers at once")
    with second.write() as conn:
        meta.set(conn, "poll", "moved", NOW)
    holder.close()
    second.close()


def test_a_row_that_points_to_nothing_is_refused(database: Database) -> None:
    statement = text(
        "INSERT INTO delivery (notice_id, at, outcome, response) SELECT 9, at, '', '' FROM meta"
    )
    with database.write() as conn:
        meta.set(conn, "poll", "moved", NOW)
    with pytest.raises(StorageError, match="contradicts another"), database.write() as conn:
        conn.execute(statement)


def test_the_write_ahead_log_full_syncing_and_foreign_keys_are_on(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as conn:
        modes = [
            conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.close()
    assert modes == ["wal", 2, 1]


def test_a_missing_file_is_not_made_by_reading_or_writing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db")
    for use in (database.read, database.write):
        with pytest.raises(StorageError, match="run `monitor db upgrade`"), use():
            pytest.fail("opened")
    assert schema.revision(database) is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_vanishes_while_running_is_not_made_anew(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read():
        pass
    sqlite_file(database).unlink()
    with pytest.raises(StorageError, match="There is no database"), database.write():
        pytest.fail("opened")
    database.close()
    assert not sqlite_file(database).exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none/monitor.db")
    with pytest.raises(StorageError, match=f"no folder {tmp_path}/none"):
        schema.upgrade(database)


def test_a_path_with_unusual_letters_opens_the_right_file(tmp_path: Path) -> None:
    path = tmp_path / "a b#น้ำ%41.db"
    database = Database("sqlite:///" + quote(str(path)))
    schema.upgrade(database)
    with database.write() as conn:
        meta.set(conn, "poll", "moved", NOW)
    database.close()
    assert path.exists()


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_kind(path: Path) -> None:
    path.write_bytes(b"<html>not a database</html>" * 20)


def scribbled_over(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\xee" * 3996
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [cut_in_half, empty, other_kind, scribbled_over])
def test_a_damaged_file_is_refused_in_one_sentence_and_left_as_it_is(
    sqlite_url: str, harm: Callable[[Path], None]
) -> None:
    database = Database(sqlite_url)
    path = sqlite_file(database)
    harm(path)
    before = path.read_bytes()
    for use in (schema.require_current, schema.upgrade):
        with pytest.raises(DamagedDatabase) as caught:
            use(database)
        assert "\n" not in str(caught.value)
        assert "restore" in str(caught.value)
    assert schema.check(database) == [str(caught.value)]
    database.close()
    assert path.read_bytes() == before


def test_a_file_that_grew_in_its_log_is_not_taken_for_cut_off(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as conn:
        for n in range(300):
            meta.set(conn, f"key {n}", "x" * 500, NOW)
    with database.read() as conn:
        assert meta.get(conn, "key 299") is not None
    database.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://host/name", "mysql is no database"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("nonsense", "cannot be read"),
    ],
)
def test_an_address_of_another_kind_is_refused(url: str, words: str) -> None:
    with pytest.raises(StorageError, match=words):
        Database(url)


def test_the_password_is_never_printed() -> None:
    database = Database("postgresql://desk:s3cret@127.0.0.1:1/monitor")
    with pytest.raises(StorageError) as caught, database.read():
        pytest.fail("opened")
    assert "s3cret" not in repr(database) + database.url + str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_driver_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_psycopg(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "psycopg":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with (
        pytest.raises(StorageError, match="extra `postgres`"),
        Database("postgresql://desk@127.0.0.1:1/monitor").read(),
    ):
        pytest.fail("opened")


def test_an_old_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 33, 0))
    with pytest.raises(StorageError, match=r"3\.35 or newer"):
        Database("sqlite:///x.db")

"""Backup and restore: a good copy or none, a whole database at every moment."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import backup, itemreads, meta, schema
from storage.database import Database
from storage.errors import DamagedDatabase, NewerSchema, StorageError
from tests import postgres
from tests.storage import make, processes


@pytest.fixture
def _tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    found = postgres.tool("pg_dump")
    if found is not None:
        monkeypatch.setenv("PATH", f"{found.resolve().parent}:{os.environ['PATH']}")


def mark(database: Database, value: str, now: datetime) -> None:
    with database.write() as conn:
        meta.set(conn, "mark", value, now)


def marked(database: Database) -> str | None:
    with database.read() as conn:
        found = meta.get(conn, "mark")
    return None if found is None else found.value


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("_tools_on_path")
def test_what_was_backed_up_comes_back(database: Database, tmp_path: Path, now: datetime) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with database.write() as conn:
        item_id = make.item_id(conn, make.feed_id(conn, now), now, title="น้ำท่วม")
    mark(database, "then", now)
    backup.backup(database, folder / "one")
    assert names(folder) == ["one"]
    mark(database, "later", now)
    database.close()
    kept = backup.restore(database.secret_url, folder / "one")
    assert marked(database) == "then"
    assert schema.check(database) == []
    with database.write() as conn:
        assert itemreads.get(conn, item_id).values.title == "น้ำท่วม"
        assert make.item_id(conn, make.feed_id(conn, now), now) > item_id
    database.close()
    assert kept is not None
    assert kept.name.endswith(".before-restore")
    backup.restore(database.secret_url, kept)  # and back again
    assert marked(database) == "later"


@pytest.mark.usefixtures("_tools_on_path")
def test_a_backup_never_replaces_a_file(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    target.write_text("precious")
    with pytest.raises(StorageError, match="exists already"):
        backup.backup(database, target)
    with pytest.raises(StorageError, match="no folder"):
        backup.backup(database, tmp_path / "none" / "backup")
    assert target.read_text() == "precious"


@pytest.mark.usefixtures("_tools_on_path")
def test_a_file_that_is_no_backup_changes_nothing(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    mark(database, "now", now)
    database.close()
    other = tmp_path / "letter.txt"
    other.write_text("Dear colleagues,\n" * 20)
    for path in (other, tmp_path / "none"):
        with pytest.raises(StorageError) as caught:
            backup.restore(database.secret_url, path)
        assert "\n" not in str(caught.value)
    assert marked(database) == "now"


@pytest.mark.usefixtures("_tools_on_path")
def test_a_backup_of_a_newer_program_is_refused_before_anything_is_touched(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    sql = f"UPDATE {schema.VERSION_TABLE} SET version_num = "  # noqa: S608 - our own constant
    with database.write() as conn:
        conn.execute(text(sql + "'9999'"))
    backup.backup(database, tmp_path / "newer")
    with database.write() as conn:
        conn.execute(text(sql + f"'{schema.head()}'"))
    mark(database, "now", now)
    database.close()
    before = names(tmp_path)
    with pytest.raises(NewerSchema):
        backup.restore(database.secret_url, tmp_path / "newer")
    assert marked(database) == "now"
    database.close()
    assert names(tmp_path) == before


def test_a_backup_is_one_file_that_reading_leaves_unchanged(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    folder = tmp_path / "backups"
    folder.mkdir()
    backup.backup(database, folder / "one.db")
    before = (folder / "one.db").read_bytes()
    assert backup.verify(folder / "one.db") == schema.head()
    assert names(folder) == ["one.db"]
    assert (folder / "one.db").read_bytes() == before
    database.close()


def test_a_backup_is_taken_while_another_process_writes(
    sqlite_url: str, tmp_path: Path, now: datetime
) -> None:
    database = Database(sqlite_url)
    mark(database, "whole", now)
    with processes.running("hang", sqlite_url):
        backup.backup(database, tmp_path / "one.db")
    database.close()
    copy = Database(f"sqlite:///{tmp_path}/one.db")
    assert marked(copy) == "whole"
    with copy.read() as conn:
        assert itemreads.count(conn) == 0
    copy.close()


def test_what_stands_only_in_the_log_is_kept_and_not_applied_to_the_restored_file(
    sqlite_url: str, tmp_path: Path, now: datetime
) -> None:
    database = Database(sqlite_url)
    assert database.path is not None
    backup.backup(database, tmp_path / "old.db")
    database.close()
    with processes.running("hang", sqlite_url) as process:
        mark_in_log = sqlite3.connect(database.path)  # stays open: the log is not folded in
        process.kill()
        process.wait()
        mark_in_log.execute("INSERT INTO meta VALUES ('mark', 'in the log', '2026-11-22T08:30Z')")
        mark_in_log.commit()
    log = database.path.with_name("monitor.db-wal")
    assert log.stat().st_size > 0
    saved = {path: path.read_bytes() for path in (database.path, log)}
    mark_in_log.close()
    for path, data in saved.items():  # as a kill would have left them
        path.write_bytes(data)
    kept = backup.restore(sqlite_url, tmp_path / "old.db")
    assert kept is not None
    assert marked(database) is None
    replaced = Database(f"sqlite:///{kept}")
    assert marked(replaced) == "in the log"
    replaced.close()
    database.close()


def test_a_damaged_database_can_be_replaced_and_is_kept(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    assert database.path is not None
    backup.backup(database, tmp_path / "good.db")
    database.close()
    database.path.write_bytes(b"lost" * 500)
    (tmp_path / "monitor.db-wal").write_bytes(b"what is left of the log")
    kept = backup.restore(sqlite_url, tmp_path / "good.db")
    assert schema.check(database) == []
    database.close()
    assert kept is not None
    assert kept.read_bytes() == b"lost" * 500
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"what is left of the log"


def test_a_missing_database_is_restored_and_earlier_ones_are_kept_apart(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    assert database.path is not None
    backup.backup(database, tmp_path / "good.db")
    database.close()
    database.path.unlink()
    assert backup.restore(sqlite_url, tmp_path / "good.db") is None
    database.path.chmod(0o600)
    kept = [backup.restore(sqlite_url, tmp_path / "good.db") for _ in range(2)]
    assert [path.name for path in kept if path] == [
        "monitor.db.before-restore",
        "monitor.db.before-restore-2",
    ]
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
    assert schema.check(database) == []
    database.close()


def test_a_database_that_is_in_use_is_not_replaced(
    sqlite_url: str, tmp_path: Path, now: datetime
) -> None:
    database = Database(sqlite_url)
    mark(database, "now", now)
    backup.backup(database, tmp_path / "good.db")
    with (
        processes.running("hang", sqlite_url),
        pytest.raises(StorageError, match=r"has .* open"),
    ):
        backup.restore(sqlite_url, tmp_path / "good.db")
    assert marked(database) == "now"
    database.close()
    assert "monitor.db.restoring" not in names(tmp_path)


def test_a_damaged_backup_is_refused(sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    database = Database(sqlite_url)
    with database.write() as conn:
        feed = make.feed_id(conn, now)
        for n in range(300):
            make.item_id(conn, feed, now, keys=(("id", str(n)),))
    backup.backup(database, tmp_path / "bad.db")
    data = bytearray((tmp_path / "bad.db").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20_000] = os.urandom(20_000)
    (tmp_path / "bad.db").write_bytes(data)
    database.close()
    with pytest.raises(DamagedDatabase, match=r"backup .* damaged"):
        backup.restore(sqlite_url, tmp_path / "bad.db")
    (tmp_path / "other.db").unlink(missing_ok=True)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (a)")
    with pytest.raises(StorageError, match="no backup of this program"):
        backup.restore(sqlite_url, tmp_path / "other.db")
    with pytest.raises(StorageError, match="database itself"):
        backup.restore(sqlite_url, tmp_path / "monitor.db")
    assert schema.check(database) == []
    database.close()


def test_a_damaged_database_is_not_backed_up(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    assert database.path is not None
    database.path.write_bytes(database.path.read_bytes()[:5000])
    with pytest.raises(DamagedDatabase):
        backup.backup(database, tmp_path / "bad.db")
    assert not (tmp_path / "bad.db").exists()


def test_missing_postgresql_programs_are_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageError, match="pg_dump was not found"):
        backup.backup(Database(postgres_url), tmp_path / "dump")
    assert names(tmp_path) == []

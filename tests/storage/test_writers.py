"""Several processes at one database, and processes that are killed."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from storage import incidents, itemreads, meta, outbox, schema
from storage.database import Database
from tests import postgres
from tests.storage import make, processes


def test_processes_that_write_at_once_wait_for_each_other_and_lose_nothing(
    database: Database,
) -> None:
    writers = [processes.start("write", database.secret_url, name, "60") for name in ("a", "b")]
    assert [processes.output(writer) for writer in writers] == ["ready\ndone\n"] * 2
    with database.read() as conn:
        counter = meta.get(conn, "counter")
        opened = incidents.listing(conn, limit=999)
    assert counter is not None
    assert counter.value == "120"
    assert sorted(incident.seq for incident in opened) == list(range(1, 121))
    assert schema.check(database) == []


def test_two_workers_lease_disjoint_notices(database: Database, now: datetime) -> None:
    with database.write() as conn:
        for n in range(60):
            outbox.enqueue(conn, make.notice(now, str(n)), now)
    with (
        processes.running("lease", database.secret_url, "one") as one,
        processes.running("lease", database.secret_url, "two") as two,
    ):
        for worker in (one, two):
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        got = [processes.output(worker).split() for worker in (one, two)]
    assert sorted(int(each) for each in got[0] + got[1]) == list(range(1, 61))


def test_a_kill_in_the_middle_of_a_transaction_leaves_nothing_half(
    database: Database, now: datetime
) -> None:
    with database.write() as conn:
        whole = make.item_id(conn, make.feed_id(conn, now, "usgs"), now)
    with processes.running("hang", database.secret_url) as process:
        process.kill()
        process.wait()
    assert schema.check(database) == []
    with database.write() as conn:
        assert [item.id for item in itemreads.recent(conn, limit=9)] == [whole]
        assert outbox.waiting(conn) == 0
        assert make.item_id(conn, make.feed_id(conn, now), now) > whole


@pytest.mark.campaign
def test_a_hundred_kills_at_any_moment_leave_a_sound_database(database: Database) -> None:
    for n in range(100):
        with processes.running("write", database.secret_url, "x", "9999") as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=n % 17 / 40)
            process.kill()
            process.wait()
        assert schema.check(database) == []
        with database.read() as conn:
            counter = meta.get(conn, "counter")
            opened = incidents.listing(conn, limit=99_999)
        count = 0 if counter is None else int(counter.value)
        assert sorted(incident.seq for incident in opened) == list(range(1, count + 1))
    assert count > 100


def test_a_writer_does_not_wait_for_one_that_was_killed(database_url: str) -> None:
    with processes.running("hang", database_url) as process:
        process.kill()
        process.wait()
    impatient = Database(database_url, wait_s=5)
    with impatient.write() as conn:
        assert itemreads.count(conn) == 0
    impatient.close()


def test_readers_go_on_while_another_process_is_writing(database: Database) -> None:
    with processes.running("hang", database.secret_url), database.read() as conn:
        assert itemreads.count(conn) == 0


def test_an_upgrade_that_is_killed_is_done_by_the_next_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    with processes.running("hang_upgrading", database.secret_url) as process:
        process.kill()
        process.wait()
    assert schema.revision(database) is None
    assert schema.upgrade(database)[-1] == schema.head()
    assert schema.check(database) == []
    database.close()


def test_two_upgrades_at_once_do_each_step_once(tmp_path: Path, postgres_server: URL) -> None:
    name = "monitor_test_empty"
    postgres.run_on(postgres_server, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    empty = postgres_server.set(database=name).render_as_string(hide_password=False)
    for url in (f"sqlite:///{tmp_path}/monitor.db", empty):
        both = [processes.start("upgrade", url) for _ in range(2)]
        steps = [step for each in both for step in processes.output(each).split()[1:]]
        assert sorted(set(steps)) == sorted(steps)  # either may do any of them
        assert max(steps) == schema.head()
        database = Database(url)
        assert schema.check(database) == []
        database.close()
    postgres.run_on(postgres_server, f"DROP DATABASE {name}")


@pytest.mark.parametrize("size", [0, 50])
def test_a_kill_while_the_file_is_made_leaves_no_file_that_looks_lost(
    tmp_path: Path, size: int
) -> None:
    draft = tmp_path / ".new-killed"
    draft.mkdir()
    (draft / "monitor.db").write_bytes(b"x" * size)
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    assert schema.upgrade(database)[-1] == schema.head()
    database.close()


def test_a_lease_of_a_killed_worker_ends_with_its_time(database: Database, now: datetime) -> None:
    with database.write() as conn:
        outbox.enqueue(conn, make.notice(now), now)
    with processes.running("lease", database.secret_url, "one") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        assert process.stdout.readline() == "1\n"
        process.kill()
    with database.write() as conn:
        assert outbox.lease(conn, now + timedelta(minutes=1), now, "two", 9) == []
        later = now + timedelta(minutes=2)
        again = outbox.lease(conn, later, later + timedelta(minutes=2), "two", 9)
    assert [notice.message_id for notice in again] == ["<1@monitor.example>"]

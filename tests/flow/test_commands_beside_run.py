"""Other commands beside a running program, what keeps it from starting, and live configuration."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import meta, schema
from storage.database import Database
from tests.documents import Quake, quakes
from tests.feedserver import FeedServer, eventually
from tests.office import Office, Running, free_port

ROUNDS = 4
LIVE_S = 10.0


def quake(number: int, *, magnitude: float = 7.2) -> Quake:
    """Earthquakes far enough apart in place to be incidents of their own."""
    at = datetime.now(UTC) - timedelta(minutes=4)
    return Quake(f"q{number}", magnitude, at, lat=-2.0 + 4 * number, lon=95.0 + 3 * number)


@pytest.fixture
def watching(office: Office, feed_server: FeedServer) -> Office:
    """An office with one feed that it has seen, with one earthquake of this minute."""
    office.environ["MONITOR_ALLOW_HOSTS"] = feed_server.host
    url = feed_server.put("q.geojson", quakes([quake(1)]))
    office.list_feeds({"name": "Quakes", "url": url}, every="1s")
    office.monitor("poll", "--all").ok()
    return office


@pytest.fixture
def running(watching: Office) -> Iterator[Running]:
    """The program, running in that office."""
    with watching.running() as process:
        yield process


def test_commands_work_beside_the_running_program(
    watching: Office, running: Running, feed_server: FeedServer, tmp_path: Path
) -> None:
    (number,) = (
        line.split()[0]
        for line in watching.monitor("incidents", "list").ok().splitlines()
        if line[:4].isdigit()
    )

    def act() -> None:
        for turn in range(ROUNDS):
            feed_server.put("q.geojson", quakes([quake(n) for n in range(1, turn + 3)]))
            watching.monitor("poll", "--all").ok()
            watching.monitor("ack", number, "--by", "night desk").ok()
            watching.monitor("ack", number, "--undo").ok()
            watching.monitor("db", "backup", str(tmp_path / f"copy-{turn}.db")).ok()

    def look() -> None:
        for _ in range(ROUNDS):
            assert number in watching.monitor("incidents", "list").ok()
            watching.monitor("incidents", "show", number).ok()
            running.page("/")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(act), pool.submit(look)]:
            done.result()
    (incident,) = json.loads(watching.monitor("incidents", "list", "--json").ok())[-1:]
    assert incident["acknowledged_by"] is None
    assert "locked" not in running.text()
    assert "Traceback" not in running.text()
    assert running.interrupt() == 0
    assert "sound" in watching.monitor("db", "check").ok()
    for turn in range(ROUNDS):
        copy = {"MONITOR_DATABASE_URL": f"sqlite:///{tmp_path / f'copy-{turn}.db'}"}
        assert "sound" in watching.monitor("db", "check", **copy).ok()


def test_what_a_command_writes_outlives_both_programs(
    watching: Office, running: Running, feed_server: FeedServer
) -> None:
    """Each command that ends must leave the log of the one that runs on alone."""
    for turn in range(ROUNDS):
        feed_server.put("q.geojson", quakes([quake(n) for n in range(1, turn + 3)]))
        watching.monitor("poll", "--all")  # either of the two reads it
        eventually(
            lambda turn=turn: len(_incidents(watching)) == turn + 2, 20, "it is seen by others too"
        )
    first = _incidents(watching)[0]
    watching.monitor("ack", first, "--by", "night desk").ok()
    running.kill()
    assert len(_incidents(watching)) == ROUNDS + 1
    assert "taken by night desk" in " ".join(watching.monitor("ack", first).ok().split())
    assert "sound" in watching.monitor("db", "check").ok()


def test_a_command_that_ends_leaves_the_log_of_the_database_to_those_who_write_on(
    office: Office,
) -> None:
    """SQLite removes the log when the last program closes; it must know of the others."""
    office.monitor("db", "upgrade").ok()
    database = Database(f"sqlite:///{office.database}")
    look = (
        "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone())"
    )
    query = "SELECT value FROM meta WHERE key = 'turn'"
    try:
        for turn in range(3):
            for _ in range(2):
                with database.write() as conn:
                    meta.set(conn, "turn", str(turn), datetime.now(UTC))
            office.monitor("incidents", "list").ok()
            assert office.database.with_name("monitor.db-wal").exists()
            seen = subprocess.run(
                [sys.executable, "-c", look, str(office.database), query],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert seen.stdout.strip() == str(turn)
    finally:
        database.close()
    assert "sound" in office.monitor("db", "check").ok()


def _incidents(office: Office) -> list[str]:
    """The numbers of all open incidents, as a program that just started sees them."""
    listed = json.loads(office.monitor("incidents", "list", "--level", "INFO", "--json").ok())
    return sorted(each["number"] for each in listed)


def test_a_second_program_names_the_one_that_holds_the_database(
    watching: Office, running: Running
) -> None:
    holder = str(running.process.pid)
    elsewhere = {"MONITOR_LISTEN": f"127.0.0.1:{free_port()}"}
    for command in (("run",), ("run", "--once"), ("db", "upgrade")):
        refusal = watching.monitor(*command, **elsewhere).refusal()
        assert holder in refusal
        assert "monitor run" in refusal
    copy = watching.folder / "copy.db"
    watching.monitor("db", "backup", str(copy)).ok()
    assert holder in watching.monitor("db", "restore", str(copy)).refusal()
    assert running.page("/healthz")
    assert running.interrupt() == 0
    assert "sound" in watching.monitor("db", "check").ok()


def test_a_port_in_use_stops_the_start_in_one_sentence(office: Office) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refusal = office.monitor("run", MONITOR_LISTEN=f"127.0.0.1:{port}").refusal()
    assert f"127.0.0.1:{port} is in use" in refusal
    assert "MONITOR_LISTEN" in refusal


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.0.2.7"])
def test_the_page_is_never_offered_to_other_machines(office: Office, host: str) -> None:
    refusal = office.monitor("run", MONITOR_LISTEN=f"{host}:{free_port()}").refusal()
    assert "MONITOR_LISTEN" in refusal
    assert "127.0.0.1" in refusal


def test_a_database_of_a_newer_program_is_left_alone(office: Office) -> None:
    office.database.parent.mkdir()
    database = Database(f"sqlite:///{office.database}")
    schema.upgrade(database)
    database.close()
    with sqlite3.connect(office.database) as raw:
        raw.execute("UPDATE schema_revision SET version_num = '9999'")
    raw.close()
    before = office.database.read_bytes()
    for command in (("run",), ("run", "--once"), ("poll",), ("db", "upgrade"), ("db", "check")):
        environ = {"MONITOR_LISTEN": f"127.0.0.1:{free_port()}"}
        assert "newer" in office.monitor(*command, **environ).refusal()
    assert office.database.read_bytes() == before


def test_a_folder_that_cannot_be_written_stops_the_start(office: Office) -> None:
    blocked = office.folder / "blocked"
    blocked.write_text("a file stands where the folder should be", encoding="utf-8")
    for command in (("run",), ("run", "--once"), ("poll",), ("db", "upgrade")):
        refusal = office.monitor(*command, MONITOR_VAR=str(blocked)).refusal()
        assert "MONITOR_VAR" in refusal
        assert str(blocked) in refusal


def test_a_good_edit_is_live_and_a_bad_one_changes_nothing_but_the_page(
    watching: Office, running: Running, feed_server: FeedServer
) -> None:
    first = {"name": "Quakes", "url": feed_server.url("q.geojson")}
    second = {"name": "Second", "url": feed_server.put("second.geojson", quakes([quake(5)]))}
    good = watching.feeds.read_text(encoding="utf-8")

    watching.write(watching.feeds, good + "  - {name: Third, url: nowhere, kind: hazard}\n")
    eventually(lambda: "nowhere" in running.page("/"), LIVE_S, "the page shows the fault")
    asked = feed_server.asked["q.geojson"]
    eventually(lambda: feed_server.asked["q.geojson"] > asked + 1, LIVE_S, "the old list is polled")

    watching.list_feeds(first, second, every="1s")
    eventually(lambda: "nowhere" not in running.page("/"), LIVE_S, "the fault is gone")
    eventually(lambda: "Second" in running.page("/feeds"), LIVE_S, "the new list is in force")
    eventually(lambda: feed_server.asked["second.geojson"], 40, "the new feed is polled")

    watching.list_feeds(second, every="1s")
    eventually(lambda: _quiet(feed_server), LIVE_S, "the removed feed is polled no more")
    assert running.interrupt() == 0
    assert "Traceback" not in running.text()


def _quiet(server: FeedServer) -> bool:
    """True when two polls of the second feed went by without one of the first."""
    before = server.asked["q.geojson"]
    seen = server.asked["second.geojson"]
    eventually(lambda: server.asked["second.geojson"] > seen + 1, LIVE_S, "polling goes on")
    return server.asked["q.geojson"] == before


def test_a_bad_rule_file_keeps_the_old_rules(watching: Office, running: Running) -> None:
    rules = watching.folder / "alerts.yaml"
    good = rules.read_text(encoding="utf-8")
    watching.write(rules, good.replace("min_level: FLASH", "min_level: LOUD"))
    eventually(lambda: "LOUD" in running.page("/"), LIVE_S, "the page shows the fault")
    assert running.page("/healthz")
    watching.write(rules, good)
    eventually(lambda: "LOUD" not in running.page("/"), LIVE_S, "the fault is gone")
    assert running.interrupt() == 0

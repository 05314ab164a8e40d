"""Fixtures that more than one package's tests use."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from storage import schema
from storage.database import Database
from tests import postgres
from tests.feedserver import FeedServer, feedserver
from tests.office import MONITOR, ROOT, Office

# The same examples at every run, so that a red run can be repeated; campaigns roll new ones.
hypothesis_settings.register_profile("steady", derandomize=True)


def pytest_configure(config: pytest.Config) -> None:
    """Roll new examples in campaigns only."""
    if config.getoption("markexpr") != "campaign":
        hypothesis_settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _logging_of_its_own() -> Iterator[None]:
    """A command that ran in this process leaves no log that writes to its closed stream."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def now() -> datetime:
    """The moment at which tests take place."""
    return datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server; each worker of pytest-xdist has its own."""
    try:
        with postgres.server() as url:
            yield url
    except postgres.Absent as absent:
        skip_or_fail(str(absent))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> Iterator[str]:
    """The name of a migrated database; copying it is faster than migrating."""
    name = f"{postgres.TEMPLATE}_{uuid.uuid4().hex[:8]}"
    postgres.run_on(postgres_server, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    database = Database(text_of(postgres_server.set(database=name)))
    schema.upgrade(database)
    database.close()
    yield name
    postgres.run_on(postgres_server, f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite database with the newest schema."""
    path = tmp_path / "monitor.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: URL, postgres_template: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the newest schema."""
    name = f"monitor_test_{uuid.uuid4().hex[:12]}"
    postgres.run_on(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield text_of(postgres_server.set(database=name))
    postgres.run_on(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, once of each kind."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with the newest schema, once of each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    """A write transaction in a fresh database, once of each kind."""
    with database.write() as connection:
        yield connection


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built model; one for all workers of pytest-xdist, for it takes a while."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared-model"
    subprocess.run(
        [*MONITOR, "model", "train"],  # locks the folder, so that it is built once
        env={
            **os.environ,
            "MONITOR_MODEL_DIR": str(folder),
            "MONITOR_VAR": str(own / "no-desk"),  # corrections of this machine's desk teach none
            "PYTHONPATH": str(ROOT),
        },
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    """Feeds on loopback that the test sets and changes."""
    with feedserver() as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, model_dir: Path) -> Office:
    """A folder in which the program runs, with the policy of the tree and a feed that is down."""
    folder = tmp_path / "office"
    folder.mkdir()
    shutil.copyfile(ROOT / "alerts.yaml", folder / "alerts.yaml")
    made = Office(folder, model_dir)
    made.list_feeds({"name": "Down", "url": "http://127.0.0.1:9/feed"}, every="1d")
    return made


@pytest.fixture
def typed(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., str]:
    """Run a command on `sqlite_url` with the policy of the tree; what it printed.

    That is its output, or what it said of a fault where exit code 2 is awaited.
    """
    for name, value in (
        ("DATABASE_URL", sqlite_url),
        ("VAR", str(tmp_path / "var")),
        ("ALERTS", str(ROOT / "alerts.yaml")),
    ):
        monkeypatch.setenv(f"MONITOR_{name}", value)

    def command(*arguments: str, code: int = 0) -> str:
        from monitor.cli import main

        assert main(arguments) == code
        said = capsys.readouterr()
        return said.err if code == 2 else said.out

    return command


def text_of(url: URL) -> str:
    """An address as text, password included."""
    return url.render_as_string(hide_password=False)


def skip_or_fail(reason: str) -> None:
    """Skip the test for this reason; fail where everything must be tested."""
    if os.environ.get("MONITOR_TEST_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)

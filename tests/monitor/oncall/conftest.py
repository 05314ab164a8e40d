"""Settings and a database for the on-call tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from monitor.config.settings import Settings
from storage.database import Connection, Database
from tests import oncall
from tests.monitor.desk import world


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    """Settings of a desk whose replies are read."""
    return replace(
        world.settings(tmp_path, database_url=sqlite_url),
        reply_to=oncall.INBOX,
        inbox=f"maildir://{tmp_path / 'Maildir'}",
        secret_key="a secret of the test",
    )


@pytest.fixture
def empty(sqlite_url: str, tmp_path: Path) -> Iterator[world.StandIn]:
    """A desk on a database with nothing in it."""
    program = world.stand_in(sqlite_url, tmp_path, world.NOW)
    yield program
    program.writer.close()
    program.database.close()


@pytest.fixture
def conn(sqlite_url: str) -> Iterator[Connection]:
    """A write transaction on a fresh database."""
    database = Database(sqlite_url)
    with database.write() as connection:
        yield connection
    database.close()


@pytest.fixture
def case(conn: Connection, settings: Settings, now: datetime) -> oncall.Case:
    """An incident at FLASH that two people were told of."""
    return oncall.told(conn, settings, now)

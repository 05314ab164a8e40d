"""A desk on a fresh database, empty or with a crisis in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.monitor.desk import crisis, world


@pytest.fixture
def empty(sqlite_url: str, tmp_path: Path) -> Iterator[world.StandIn]:
    """A desk on a database with nothing in it."""
    program = world.stand_in(sqlite_url, tmp_path, world.NOW)
    yield program
    program.writer.close()
    program.database.close()


@pytest.fixture(scope="session")
def filled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a crisis in it, to copy."""
    path = tmp_path_factory.mktemp("desk") / "monitor.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.write() as conn:
        crisis.fill(conn, world.NOW)
    database.close()
    return path


@pytest.fixture
def filled(empty: world.StandIn, filled_template: Path) -> world.StandIn:
    """The same desk with a crisis in its database."""
    assert empty.database.path is not None
    shutil.copyfile(filled_template, empty.database.path)
    return empty

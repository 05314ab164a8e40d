"""Schema: migrating, and saying what is wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import URL

from storage import incidents, schema
from storage.database import Database
from storage.errors import NewerSchema, OutdatedSchema, StorageError
from storage.tables import metadata
from tests import postgres
from tests.storage import make


def test_a_fresh_database_is_at_head_and_sound(database: Database) -> None:
    assert schema.revision(database) == schema.head()
    assert schema.check(database) == []
    schema.require_current(database)


def test_upgrading_names_its_steps_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    assert schema.check(database) == [
        f"There is no database at {tmp_path}/monitor.db: run `monitor db upgrade` to make one."
    ]
    with pytest.raises(OutdatedSchema, match="run `monitor db upgrade`"):
        schema.require_current(database)
    assert schema.upgrade(database)[-1] == schema.head()
    assert schema.upgrade(database) == []
    database.close()


def shape(engine: Engine) -> dict[str, object]:
    """Tables with their columns, keys, indexes and foreign keys, in a comparable form."""
    look = inspect(engine)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)],
            look.get_pk_constraint(name),
            sorted(str(sorted(index.items(), key=str)) for index in look.get_indexes(name)),
            sorted(str(sorted(key.items(), key=str)) for key in look.get_foreign_keys(name)),
            sorted(str(u["column_names"]) for u in look.get_unique_constraints(name)),
        )
        for name in look.get_table_names()
        if name != schema.VERSION_TABLE
    }


def test_migrating_and_the_tables_give_the_same_sqlite_schema(
    sqlite_url: str, tmp_path: Path
) -> None:
    migrated, built = create_engine(sqlite_url), create_engine(f"sqlite:///{tmp_path}/built.db")
    metadata.create_all(built)
    assert shape(migrated) == shape(built)
    definitions = "SELECT name, sql FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
    with migrated.connect() as one, built.connect() as other:
        counted = [{row.name for row in conn.execute(text(definitions))} for conn in (one, other)]
    assert counted[0] == counted[1] != set()
    migrated.dispose()
    built.dispose()


def test_migrating_and_the_tables_give_the_same_postgresql_schema(
    postgres_url: str, postgres_server: URL
) -> None:
    name = postgres_url.rsplit("/", 1)[-1].split("?")[0] + "_built"
    postgres.run_on(postgres_server, f"CREATE DATABASE {name}")
    migrated, built = create_engine(postgres_url), create_engine(postgres_server.set(database=name))
    metadata.create_all(built)
    assert shape(migrated) == shape(built)
    migrated.dispose()
    built.dispose()
    postgres.run_on(postgres_server, f"DROP DATABASE {name}")


def test_alembic_finds_nothing_to_change(database: Database) -> None:
    with database.read() as conn:
        context = MigrationContext.configure(
            conn, opts={"version_table": schema.VERSION_TABLE, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Database) -> None:
    with database.write() as conn:
        conn.execute(text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    for refuse in (schema.upgrade, schema.require_current):
        with pytest.raises(NewerSchema, match="schema 9999"):
            refuse(database)
    assert "9999" in schema.check(database)[0]
    assert schema.revision(database) == "9999"


def test_an_empty_schema_is_told_to_upgrade(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    database.create()
    assert schema.revision(database) is None
    assert schema.check(database) == ["The database is not up to date: run `monitor db upgrade`."]
    database.close()


def test_a_step_that_fails_leaves_nothing_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")

    def full_disk(conn: Connection) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr("storage.database._refuse_orphans", full_disk)
    with pytest.raises(StorageError, match="disk full"):
        schema.upgrade(database)
    monkeypatch.undo()
    with database.read() as conn:
        assert inspect(conn).get_table_names() == []
    assert schema.upgrade(database)[-1] == schema.head()
    assert schema.check(database) == []
    database.close()


def test_a_row_that_points_to_nothing_is_found(sqlite_url: str, now: datetime) -> None:
    database = Database(sqlite_url)
    with database.write() as conn:
        make.item_id(conn, make.feed_id(conn, now), now)
    with database.migrate() as conn:
        conn.execute(text("DELETE FROM item_revision"))
    assert schema.check(database) == ["Item 1 has lost its newest revision."]
    with pytest.raises(StorageError, match="point to nothing"), database.migrate() as conn:
        conn.execute(text("DELETE FROM feed"))
    engine = create_engine(sqlite_url)  # foreign keys are off here
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM feed"))
    engine.dispose()
    assert "Row 1 of item points to a row of feed that is gone." in schema.check(database)
    database.close()


def test_a_postgresql_database_that_cannot_hold_thai_is_refused(postgres_server: URL) -> None:
    name = "monitor_test_latin"
    postgres.run_on(
        postgres_server,
        f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
    )
    database = Database(postgres_server.set(database=name).render_as_string(hide_password=False))
    with pytest.raises(StorageError, match="LATIN1"):
        schema.upgrade(database)
    database.close()
    postgres.run_on(postgres_server, f"DROP DATABASE {name}")


def test_an_incident_of_the_first_schema_has_nothing_held(tmp_path: Path, now: datetime) -> None:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    database.create()
    with database.migrate() as conn:
        schema.run_step(conn, "0001")
    with database.write() as conn:
        conn.execute(
            text(
                "INSERT INTO incident (year, seq, title_en, title_th, categories, level, level_why,"
                " state, exercise, countries, opened_at, last_item_at, level_since, figures,"
                " nationals, confirmation, sources, independent_sources, alert_levels, leave_calls,"
                " lifted, withdrawn) VALUES (2026, 1, 'A', 'ก', '[]', 1, '[]', 'open', 0, '[]',"
                " :at, :at, :at, '[]', 'unknown', 'official', 1, 1, '[]', 0, 0, 0)"
            ),
            {"at": now.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"},
        )
    assert "0010" in schema.upgrade(database)
    with database.read() as conn:
        found = incidents.by_number(conn, "2026-0001")
    assert found is not None
    assert (found.held, found.floor, found.floor_why) == ((), None, ())
    database.close()

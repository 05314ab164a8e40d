"""The database's schema: bringing it up to date, and finding what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text

from storage import drafts as _drafts  # noqa: F401 - its tables belong to the metadata
from storage import oncall as _oncall  # noqa: F401
from storage import traces as _traces  # noqa: F401
from storage.database import Database
from storage.errors import DamagedDatabase, NewerSchema, OutdatedSchema, StorageError
from storage.tables import item, item_revision, metadata

if TYPE_CHECKING:
    from alembic.runtime.environment import EnvironmentContext

VERSION_TABLE = "schema_revision"
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> list[str]:
    """Bring the database to the newest schema, making it first if need be; the steps taken.

    Each step is one transaction under the write lock: killed anywhere, the next call goes on
    from there, and two at once do each step once. Raises NewerSchema rather than touch a
    database of a newer version.
    """
    database.create()
    if database.dialect == "postgresql":
        _require_utf8(database)
    scripts = _scripts()
    done: list[str] = []
    while True:
        with database.migrate() as conn:
            now_at = _read_revision(conn)
            _refuse_unknown(scripts, now_at)
            step = _next(scripts, now_at)
            if step is None:
                return done
            run_step(conn, step)
        done.append(step)


def run_step(conn: Connection, step: str) -> None:
    """Run one migration on a connection of `Database.migrate()`, which commits it."""
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, step)


def revision(database: Database) -> str | None:
    """The schema the database stands at; None if it has none yet, or is not there yet."""
    if not database.exists():
        return None
    with database.read() as conn:
        return _read_revision(conn)


def head() -> str:
    """The schema this program was written for."""
    newest = _scripts().get_current_head()
    if newest is None:
        raise StorageError("This installation lacks its migrations: install it again.")
    return newest


def require_current(database: Database) -> None:
    """Return if the database is at `head()`; raise NewerSchema or OutdatedSchema otherwise."""
    now_at = revision(database)
    scripts = _scripts()
    _refuse_unknown(scripts, now_at)
    if now_at != head():
        raise OutdatedSchema("The database is not up to date: run `monitor db upgrade`.")


def check(database: Database) -> list[str]:
    """Everything that is wrong with the database, in words; empty if it is sound."""
    if not database.exists():
        return [f"There is no database at {database.path}: run `monitor db upgrade` to make one."]
    try:
        with database.read() as conn:
            problems = _check_file(conn) if database.dialect == "sqlite" else []
            now_at = _read_revision(conn)
            try:
                _refuse_unknown(_scripts(), now_at)
            except NewerSchema as newer:
                return [*problems, str(newer)]
            if now_at != head():
                return [*problems, "The database is not up to date: run `monitor db upgrade`."]
            return problems + _check_rows(conn)
    except DamagedDatabase as damage:
        return [str(damage)]


def refuse_newer(found: str) -> None:
    """Raise NewerSchema if this program does not know the schema `found`."""
    _refuse_unknown(_scripts(), found)


def configured(context: EnvironmentContext | Any) -> None:
    """Set up alembic's environment; used by migrations/env.py."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        render_as_batch=True,
        transactional_ddl=True,
    )


def _config() -> Config:
    config = Config()
    # ConfigParser would read a % in the path as the start of a reference.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _read_revision(conn: Connection) -> str | None:
    context = MigrationContext.configure(conn, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def _refuse_unknown(scripts: ScriptDirectory, now_at: str | None) -> None:
    if now_at is None or now_at in {script.revision for script in scripts.walk_revisions()}:
        return
    raise NewerSchema(
        f"The database is at schema {now_at}, which this version of the program does not know: "
        "install the newer version, or restore a backup made before its upgrade."
    )


def _next(scripts: ScriptDirectory, now_at: str | None) -> str | None:
    """The step that follows `now_at`."""
    for script in scripts.walk_revisions():  # newest first
        if script.down_revision == now_at:
            return script.revision
    return None


def _require_utf8(database: Database) -> None:
    with database.read() as conn:
        encoding = conn.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StorageError(
            f"The PostgreSQL database has the encoding {encoding}: "
            "make one with ENCODING 'UTF8', as Thai cannot be stored otherwise."
        )


def _check_file(conn: Connection) -> list[str]:
    found = conn.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    problems = [f"The file is damaged: {line}." for line in found if line != "ok"]
    for table, row, target, _ in conn.exec_driver_sql("PRAGMA foreign_key_check").all():
        problems.append(f"Row {row} of {table} points to a row of {target} that is gone.")
    return problems


def _check_rows(conn: Connection) -> list[str]:
    newest = select(item_revision.c.item_id).where(
        item_revision.c.item_id == item.c.id, item_revision.c.n == item.c.revision
    )
    bare = conn.execute(select(item.c.id).where(~newest.exists()).limit(20)).scalars()
    return [f"Item {item_id} has lost its newest revision." for item_id in bare]

"""A PostgreSQL server for the tests: the one that is named, or one that is started here."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

NAMED_BY = "MONITOR_TEST_POSTGRES_URL"
TEMPLATE = "monitor_test_template"


class Absent(Exception):
    """There is no PostgreSQL here; the message says what to install or set."""


@contextmanager
def server() -> Iterator[URL]:
    """The address of a running server; one that was started here ends afterwards."""
    named = os.environ.get(NAMED_BY)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    tools = _tools()
    with tempfile.TemporaryDirectory(prefix="monitor-pg-") as folder:
        home = Path(folder)
        owner = _owner(home)
        as_owner = ["runuser", "-u", owner, "--"] if owner else []
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        data = ["-D", str(home / "data")]
        _run([*as_owner, str(tools / "initdb"), *data, "-U", "monitor", *options])
        settings = f"-c fsync=off -c full_page_writes=off -c listen_addresses= -k {home}"
        control = [*as_owner, str(tools / "pg_ctl"), *data, "-w", "-t", "60"]
        _run([*control, "-l", str(home / "log"), "-o", settings, "start"])
        try:
            yield URL.create(
                "postgresql+psycopg",
                username="monitor",
                database="postgres",
                query={"host": str(home)},
            )
        finally:
            _run([*control, "-m", "immediate", "stop"])


def run_on(url: URL, *statements: str) -> None:
    """Run statements that no transaction may hold (CREATE DATABASE, …)."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for statement in statements:
            conn.execute(text(statement))
    engine.dispose()


def tool(name: str) -> Path | None:
    """One of PostgreSQL's own programs, from the path or where Debian keeps them."""
    found = shutil.which(name)
    if found:
        return Path(found)
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return versions[-1] if versions else None


def _tools() -> Path:
    initdb = tool("initdb")
    if initdb is None:
        raise Absent(f"PostgreSQL is not installed, and {NAMED_BY} names no server")
    return initdb.resolve().parent


def _owner(home: Path) -> str | None:
    """PostgreSQL refuses to run as root; then it runs as its own user."""
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError as error:
        raise Absent("PostgreSQL does not run as root, and there is no user postgres") from error
    os.chown(home, owner.pw_uid, owner.pw_gid)
    return owner.pw_name


def _run(command: list[str]) -> None:
    # The server inherits these: a pipe would stay open for as long as it runs.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, cwd="/"
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command} failed:\n{output.read().decode(errors='replace')}")

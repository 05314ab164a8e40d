"""Backup and restore of PostgreSQL through its own programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from storage import schema
from storage.database import ADVISORY_KEY, Database
from storage.errors import StorageError
from storage.tables import metadata

_COPIED = re.compile(rf"^COPY [^\n]*\b{schema.VERSION_TABLE}\b[^\n]*\n(\w+)\n", re.MULTILINE)


def dump(database: Database, path: Path) -> None:
    """Write a dump in PostgreSQL's custom format, and read its table of contents back."""
    _run("pg_dump", ["--format=custom", f"--file={path}", "--no-password"], database)
    _contents(path)


def put_back(database: Database, path: Path) -> Path | None:
    """Replace our tables by those of the dump, all in one transaction.

    What is replaced is dumped first, beside the backup, unless there is nothing yet.
    """
    schema.refuse_newer(_contents(path))
    kept: Path | None = None
    if schema.revision(database) is not None:
        kept = _free_name(path)
        dump(database, kept)
    database.close()
    tables = ", ".join(f'"{name}"' for name in [*metadata.tables, schema.VERSION_TABLE])
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        _run("pg_restore", ["--no-owner", "--no-privileges", f"--file={script}", str(path)])
        arguments = [
            "--no-psqlrc",
            "--no-password",
            "--quiet",
            f"--output={os.devnull}",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--command=SELECT pg_advisory_xact_lock({ADVISORY_KEY})",
            f"--command=DROP TABLE IF EXISTS {tables} CASCADE",
            f"--file={script}",
        ]
        _run("psql", arguments, database)
    return kept


def _contents(path: Path) -> str:
    """The schema of a dump; raises StorageError if it is none of this program."""
    one_table = ["--data-only", f"--table={schema.VERSION_TABLE}", "--file=-", str(path)]
    found = _COPIED.search(_run("pg_restore", one_table))
    if found is None:
        raise StorageError(f"{path} is no backup of this program: it has none of its tables.")
    return found[1]


def _run(program: str, arguments: Sequence[str], database: Database | None = None) -> str:
    """What the program prints. The password goes through its environment, where `ps` sees none."""
    found = shutil.which(program)
    if found is None:
        raise StorageError(
            f"PostgreSQL's program {program} was not found: "
            "install the PostgreSQL client programs on this machine."
        )
    environment = dict(os.environ)
    address: list[str] = []
    password = None
    if database is not None:
        url = make_url(database.secret_url)
        password = url.password
        if password:
            environment["PGPASSWORD"] = password
        address = [f"--dbname={_without_password(url)}"]
    done = subprocess.run(  # noqa: S603 - a program of the path, no shell
        [found, *address, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())
        if password:
            said = said.replace(password, "***")
        raise StorageError(f"PostgreSQL's program {program} failed: {said[:500]}")
    return done.stdout.decode(errors="replace")


def _without_password(url: URL) -> str:
    bare = url.set(drivername="postgresql", password=None)
    return bare.render_as_string(hide_password=False)


def _free_name(path: Path) -> Path:
    kept = path.with_name(path.name + ".before-restore")
    count = 1
    while kept.exists():
        count += 1
        kept = path.with_name(f"{path.name}.before-restore-{count}")
    return kept

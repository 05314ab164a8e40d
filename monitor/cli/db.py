"""`monitor db upgrade / check / backup / restore`: the database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("db", help="the database")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    upgrade = what.add_parser("upgrade", help="bring it to this program's version")
    upgrade.set_defaults(run=run_upgrade)
    check = what.add_parser("check", help="look for damage; exit 1 if there is any")
    common.add_json(check)
    check.set_defaults(run=run_check)
    backup = what.add_parser("backup", help="write a copy, also while the program runs")
    backup.add_argument("file", metavar="FILE")
    backup.set_defaults(run=run_backup)
    restore = what.add_parser("restore", help="put a backup in the database's place")
    restore.add_argument("file", metavar="FILE")
    restore.set_defaults(run=run_restore)


def run_upgrade(args: argparse.Namespace) -> int:
    """Apply what is missing."""
    from monitor.service import hold_database
    from storage import schema
    from storage.database import Database

    settings = common.settings()
    settings.make_var()
    with hold_database(settings):
        database = Database(settings.database_url)
        try:
            common.keep_copy(settings, database)
            done = schema.upgrade(database)
        finally:
            database.close()
    print(f"Applied: {', '.join(done)}" if done else "The database is up to date.")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Print every problem."""
    from storage import schema

    settings = common.settings()
    with common.database(settings) as database:
        problems = schema.check(database)
    if args.json:
        common.print_json({"problems": problems})
    else:
        print("\n".join(problems) if problems else "The database is sound.")
    return 1 if problems else 0


def run_backup(args: argparse.Namespace) -> int:
    """Copy and verify."""
    from storage.backup import backup

    settings = common.settings()
    target = Path(args.file)
    with common.database(settings) as database:
        backup(database, target)
    print(f"The backup is in {target} and was read through.")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Verify the backup, keep what it replaces."""
    from monitor.service import hold_database
    from storage.backup import restore

    settings = common.settings()
    settings.make_var()
    with hold_database(settings):
        kept = restore(settings.database_url, Path(args.file))
    print(f"Restored from {args.file}." + (f" The former one is kept in {kept}." if kept else ""))
    return 0

"""`monitor run`: everything; `--once` polls each feed once, delivers and exits."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "run", help="poll, classify, alert, deliver, and serve the desk page until Ctrl-C"
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="poll every enabled feed once, treat waits as elapsed, deliver, exit",
    )
    common.add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the program."""
    from monitor import memory
    from monitor.errors import MonitorError
    from monitor.rules.changes import begin
    from monitor.service import hold_database, once, serve

    if args.json and not args.once:
        raise MonitorError("--json goes with --once: a program that runs on has no end to print")
    memory.begin(os.environ)
    settings = common.settings()
    feedlist, policy = common.configuration(settings)
    settings.make_var()
    settings.require_database_folder()
    with hold_database(settings), common.database(settings, create=True) as database:
        begin(settings, policy, database, datetime.now(UTC))
        if not args.once:
            return asyncio.run(serve(settings, feedlist, policy, database))
        outcome = asyncio.run(once(settings, feedlist, policy, database))
    if args.json:
        common.print_json(outcome.as_json())
    else:
        print(outcome.as_text())
    sys.stdout.flush()
    return 0 if outcome.ok else 1

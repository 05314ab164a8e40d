"""`monitor export`: what partners may be given, as the program gives it."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "export", help="incidents for partners as CAP, Atom or JSON (off unless MONITOR_EXPORT)"
    )
    parser.add_argument("kind", choices=("cap", "atom", "json"), help="in which form")
    parser.add_argument("number", nargs="?", metavar="N", help="one incident, needed for cap")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one document; exit 2 while the operator has that form off."""
    from monitor.errors import MonitorError
    from monitor.export import documents, gather
    from monitor.export.view import as_json

    settings = common.settings()
    common.policy(settings)
    if args.kind not in settings.export:
        raise MonitorError(
            f"export as {args.kind} is off: set MONITOR_EXPORT={args.kind} if partners may have it"
        )
    if args.kind == "cap" and not args.number:
        raise MonitorError("write the number of the incident: monitor export cap 2026-0042")
    now = datetime.now(UTC)
    with common.database(settings) as database, database.read() as conn:
        if args.number:
            one = gather.one(conn, args.number)
            if one is None:
                raise MonitorError(
                    f"{args.number} is not for export: it is unknown, merged, or was never at ALERT"
                )
            found = [one]
        else:
            found = gather.listed(conn, now)
    if args.kind == "json":
        common.print_json([as_json(each) for each in found])
        return 0
    written = (
        documents.cap(found[0], settings)
        if args.kind == "cap"
        else documents.atom(found, settings, now=now)
    )
    sys.stdout.write(written.decode("utf-8") + "\n")
    return 0

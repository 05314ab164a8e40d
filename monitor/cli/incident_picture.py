"""`monitor incidents timeline N`: signals and communications on one time line, as a picture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from monitor.cli import common
from monitor.cli.incident_deeds import NUMBER


def add(what: Any) -> None:
    """Describe the command."""
    picture = what.add_parser("timeline", help="signals and communications on one time line")
    picture.add_argument("number", metavar="N", help=NUMBER)
    picture.add_argument("--format", choices=("svg",), default="svg")
    picture.add_argument("--out", type=Path, help="a file (default: standard output)")
    picture.add_argument("--lang", choices=("th", "en"), default="en")
    picture.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw it."""
    from monitor.communications.picture import svg
    from monitor.errors import MonitorError
    from monitor.incidents.officer import find
    from storage import incidents, items

    settings = common.settings()
    policy = common.policy(settings)
    with common.database(settings) as database, database.read() as conn:
        incident = find(conn, args.number)
        members = items.of_incident(conn, incident.id)
        spoken = incidents.communications(conn, incident.id, by_hand=True)
    drawn = svg(incident, members, spoken, policy, language=args.lang)
    if args.out is None:
        sys.stdout.write(drawn)
        return 0
    try:
        args.out.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise MonitorError(f"cannot write {args.out}: {error.strerror or error}") from error
    print(f"{args.out} is written")
    return 0

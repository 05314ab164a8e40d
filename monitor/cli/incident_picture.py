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
    picture.add_argument("--format", choices=("svg", "png"), default="svg")
    picture.add_argument("--out", type=Path, help="a file (default: standard output)")
    picture.add_argument("--lang", choices=("th", "en"), default="en")
    picture.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw it."""
    from monitor.communications.drawing import svg
    from monitor.communications.picture import timeline
    from monitor.communications.raster import png
    from monitor.errors import MonitorError
    from monitor.incidents.officer import find
    from storage import incidents, itemreads

    settings = common.settings()
    policy = common.policy(settings)
    if args.format == "png" and args.out is None and sys.stdout.isatty():
        raise MonitorError("a PNG is no text for a terminal: write --out FILE.png")
    with common.database(settings) as database, database.read() as conn:
        incident = find(conn, args.number)
        members = itemreads.of_incident(conn, incident.id)
        spoken = incidents.communications(conn, incident.id, by_hand=True)
    found = timeline(incident, members, spoken, policy, language=args.lang)
    drawn = png(found) if args.format == "png" else svg(found).encode()
    if args.out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(drawn)
        return 0
    try:
        args.out.write_bytes(drawn)
    except OSError as error:
        raise MonitorError(f"cannot write {args.out}: {error.strerror or error}") from error
    print(f"{args.out} is written")
    return 0

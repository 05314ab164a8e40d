"""`monitor parse`: one document in, one JSON object per entry out."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "parse", help="read one document and print its entries as JSON Lines"
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument("--url", default="", help="the address it came from, for relative links")
    parser.add_argument("--content-type", default="", help="the Content-Type header it came with")
    parser.add_argument("--timezone", default="UTC", help="zone of dates without one")
    parser.add_argument(
        "--certificate",
        action="append",
        default=[],
        metavar="PEM",
        help="a signer's certificate to check CAP signatures with (may repeat)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Parse and print; exit 2 if the document is no feed."""
    from monitor.errors import MonitorError
    from monitor.parse.document import parse
    from monitor.parse.entry import Hints, NotAFeed
    from monitor.parse.show import as_json

    body = common.read_input(args.file)
    hints = Hints(
        url=args.url,
        content_type=args.content_type,
        timezone=common.zone(args.timezone),
        certificates=tuple(_certificate(name) for name in args.certificate),
        at=datetime.now(UTC),
    )
    try:
        document = parse(body, hints)
    except NotAFeed as fault:
        found = f" (the page names a feed: {fault.found})" if fault.found else ""
        raise MonitorError(f"not a feed: {fault.detail} [{fault.state}]{found}") from fault
    for entry in document.entries:
        common.print_line(as_json(entry))
    for note in document.notes:
        print(f"note: {note}", file=sys.stderr)
    return 0


def _certificate(name: str) -> bytes:
    from monitor.errors import MonitorError
    from monitor.parse.signature import load_certificates

    try:
        pem = Path(name).read_bytes()
        load_certificates(pem)
    except (OSError, ValueError) as error:
        raise MonitorError(f"{name} is no readable certificate: give a PEM file") from error
    return pem

"""`monitor link`: items in, the incident of each out, from an empty store."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from monitor.cli import common

MOST_NAMED = 100  # wrong lines that are named one by one


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "link", help="link items (JSON Lines) to incidents and print where each went, with reasons"
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument(
        "--keywords", action="store_true", help="use keyword rules only, build no model"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Link every line, in order; one that is no item is named and left out, and the exit code 1."""
    from alerts import words
    from monitor.classifying import Classifiers
    from monitor.cli.classify import take_model
    from monitor.incidents.stream import Stream
    from monitor.linking import linked, read_lines

    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    text = common.read_input(args.file).decode("utf-8-sig", "replace")
    wrong: list[str] = []
    lines = list(read_lines(text.split("\n"), wrong.append))
    for each in wrong[:MOST_NAMED]:
        print(f"monitor: {each}", file=sys.stderr)
    classifiers = Classifiers(settings.model_dir, policy.home_country)
    if not args.keywords:
        take_model(classifiers)
    for line, placed in linked(lines, classifiers.current(), Stream(policy)):
        common.print_line(
            {
                "id": line.id,
                "incident": placed.incident_id,
                "why": words.reasons(placed.why, "en"),
                "related": placed.relates_to,
            }
        )
    sys.stdout.flush()
    if not lines and not wrong:
        print("monitor: there is no line to link in what was given", file=sys.stderr)
    if not wrong:
        return 0
    count = "1 line was" if len(wrong) == 1 else f"{len(wrong)} lines were"
    print(f"monitor: {count} no items and left out; {len(lines)} were read", file=sys.stderr)
    return 1

"""`monitor doctor`: is this machine and this configuration fit for duty?"""

from __future__ import annotations

import argparse
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "doctor", help="check machine, configuration, database and mail road"
    )
    common.add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print every finding; exit 1 if one is a fault."""
    from monitor.config.settings import shown
    from monitor.doctor import examine

    settings = common.settings()
    common.quiet_logs()
    found = examine(settings)
    if args.json:
        common.print_json(
            {
                "settings": shown(settings),
                "findings": [
                    {"what": each.what, "verdict": each.verdict, "text": each.text}
                    for each in found
                ],
            }
        )
    else:
        for each in found:
            print(f"{each.verdict:<6} {each.what}: {each.text}")
    return 1 if any(each.verdict == "fault" for each in found) else 0

"""`monitor demo`: a recorded crisis, played through the whole program; no network needed."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "demo", help="replay a recorded crisis through the whole program; no network needed"
    )
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument(
        "--speed", type=float, default=1.0, metavar="X", help="2 is twice as fast (default 1)"
    )
    pace.add_argument("--fast", action="store_true", help="make no pauses")
    parser.add_argument("--no-page", action="store_true", help="serve no desk page")
    parser.add_argument(
        "--dir", type=Path, metavar="DIR", help="folder for what it writes (default var/demo)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play it; with a terminal the page then stays until Ctrl-C."""
    from monitor.demo.stage import Options, play
    from monitor.errors import MonitorError
    from monitor.logs import configure

    if args.speed <= 0:
        raise MonitorError("--speed must be more than 0, for example 2")
    settings = common.settings()
    policy = common.policy(settings)
    configure("text", level=logging.ERROR)  # the story itself tells of what fails
    options = Options(
        folder=args.dir or settings.var / "demo",
        speed=None if args.fast else args.speed,
        with_page=not args.no_page,
        colour=sys.stdout.isatty(),
        stay=sys.stdin.isatty(),
    )
    asyncio.run(play(settings, policy, options, lambda line: print(line, flush=True)))
    return 0

"""`monitor check URL`: poll one address into a throw-away store and report."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "check", help="poll one address N times into a throw-away store, as a known feed"
    )
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--polls", type=int, default=1, metavar="N", help="how often (default 1)")
    parser.add_argument("--kind", default="hazard", help="kind of feed (default hazard)")
    parser.add_argument("--timezone", default="UTC", help="zone of dates without one")
    common.add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Poll and report; exit 1 if the last poll failed, the JSON is printed all the same."""
    from monitor.checking import check_url
    from monitor.config.feedschema import KINDS
    from monitor.errors import MonitorError

    if args.polls < 1:
        raise MonitorError("--polls must be 1 or more")
    if args.kind not in KINDS:
        raise MonitorError(f"--kind must be one of {', '.join(KINDS)}")
    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    polls = asyncio.run(
        check_url(
            settings,
            args.url,
            policy,
            polls=args.polls,
            kind=args.kind,
            timezone=common.zone(args.timezone),
        )
    )
    if args.json:
        common.print_json({"polls": [poll.as_json() for poll in polls]})
    else:
        for number, poll in enumerate(polls, 1):
            print(f"poll {number}: {poll.state} {poll.detail}".rstrip())
        for item in polls[-1].items:
            labels = ", ".join(item.categories) or "-"
            alert = "ALERTS" if item.alert else "no alert"
            print(f"  [{item.level}] {labels} · {alert} · {item.title}")
            for why in item.why:
                print(f"      {why}")
    return 0 if polls[-1].error is None else 1

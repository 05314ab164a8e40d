"""`monitor test-alert`: one marked drill notice to a team, and proof of its delivery."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "test-alert", help="send one marked test notice and wait for its delivery"
    )
    parser.add_argument("--team", help="team of alerts.yaml (default: the first)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Queue, deliver, and print each step with its time; exit 1 if it was not delivered."""
    from monitor.drill import send_test
    from monitor.errors import MonitorError

    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    team = args.team or next(iter(policy.teams))
    if team not in policy.teams:
        raise MonitorError(f"no team {team!r} in {settings.alerts}: {', '.join(policy.teams)}")
    settings.make_var()
    with common.database(settings, create=True) as database:
        steps = asyncio.run(send_test(settings, policy, database, team))
    for step in steps:
        print(f"{step.after_ms:>7} ms  {step.what}")
    return 0 if steps and all(step.ok for step in steps) else 1

"""`monitor digest`: the daily digest, looked at or sent."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("digest", help="the daily digest")
    parser.add_argument(
        "--date", metavar="D", help="YYYY-MM-DD, the day it is issued (default: the next)"
    )
    parser.add_argument("--format", choices=("text", "html", "json", "eml"), default="text")
    parser.add_argument("--lang", choices=("th", "en", "both"), default="both")
    parser.add_argument(
        "--digest", metavar="ID", help="which one of alerts.yaml (default: the first)"
    )
    parser.add_argument("--send", action="store_true", help="put it into the outbox for its team")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print it, or queue it."""
    from monitor import daily
    from monitor.errors import MonitorError

    settings = common.settings()
    policy = common.policy(settings)
    plan = next((each for each in policy.digests if args.digest in (None, each.id)), None)
    if plan is None:
        raise MonitorError(f"{settings.alerts} plans no digest of that name")
    try:
        day = date.fromisoformat(args.date) if args.date else None
    except ValueError as error:
        raise MonitorError(
            f"--date {args.date!r} is no day: write for example 2026-03-28"
        ) from error
    now = datetime.now(UTC)
    with common.database(settings) as database:
        if args.send:
            with database.write() as conn:
                queued = daily.send_now(conn, plan, policy, settings, now=now, local_date=day)
            print(f"{queued} notices are in the outbox; the running program delivers them.")
            return 0
        with database.read() as conn:
            content = daily.content_for(conn, plan, policy, now=now, local_date=day)
    if args.format == "json":
        common.print_json(daily.as_json(content))
        return 0
    shown = daily.shown(content, plan, policy, settings, language=args.lang, now=now)
    if args.format == "eml":
        sys.stdout.buffer.write(shown.mime)
        sys.stdout.buffer.flush()
    else:
        print(shown.html if args.format == "html" else shown.text)
    return 0

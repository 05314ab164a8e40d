"""`monitor poll`: poll the due, the named or all feeds now, beside a running program."""

from __future__ import annotations

import argparse
import asyncio
import resource
import time
from dataclasses import asdict
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("poll", help="poll feeds now (default: those that are due)")
    parser.add_argument("feeds", nargs="*", metavar="FEED", help="names of feeds")
    parser.add_argument("--all", action="store_true", help="every enabled feed")
    common.add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Poll, print, and exit 1 if a poll failed."""
    from monitor.errors import MonitorError

    if args.all and args.feeds:
        raise MonitorError("name feeds or say --all, not both")
    settings = common.settings()
    feedlist, policy = common.feedlist(settings), common.policy(settings)
    for name in args.feeds:
        if not feedlist.named(name).enabled:
            raise MonitorError(f"the feed {name!r} is disabled in {feedlist.path}")
    common.quiet_logs()
    settings.make_var()
    with common.database(settings, create=True) as database:
        reports, wall, cpu = asyncio.run(_poll(settings, feedlist, policy, database, args))
    rows = [asdict(report) for report in reports]
    if args.json:
        usage = [
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        common.print_json(
            {
                "feeds": rows,
                "counts": {
                    name: sum(row[name] for row in rows) for name in ("entries", "new", "revised")
                },
                "wall_s": round(wall, 3),
                "cpu_s": round(cpu, 3),
                "process_cpu_s": round(sum(each.ru_utime + each.ru_stime for each in usage), 3),
            }
        )
    elif rows:
        heads = ("feed", "state", "entries", "new", "revised", "detail")
        print(common.table([[row[head] for head in heads] for row in rows], heads))
    else:
        print("No feed is due.")
    return 0 if all(report.ok for report in reports) else 1


async def _poll(
    settings: Any, feedlist: Any, policy: Any, database: Any, args: argparse.Namespace
) -> tuple[list[Any], float, float]:
    from monitor.app import build

    program = build(settings, feedlist, policy, database=database)
    try:
        program.classifiers.load()
        await program.take_over_list()
        wall, cpu = time.perf_counter(), time.process_time()
        if args.feeds:
            reports = await program.poll_named(args.feeds)
        else:
            reports = await (program.poll_all() if args.all else program.poll_due())
        return reports, time.perf_counter() - wall, time.process_time() - cpu
    finally:
        await program.close()

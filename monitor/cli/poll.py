"""`monitor poll`: poll the due, the named or all feeds now, beside a running program."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from monitor.cli import common


@dataclass(frozen=True, slots=True)
class Pass:
    """The reports of one pass and what it cost, the start and the end of the program left out."""

    reports: list[Any]
    wall_s: float
    cpu_s: float
    memory_mib: float
    classifier: str


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("poll", help="poll feeds now (default: those that are due)")
    parser.add_argument("feeds", nargs="*", metavar="FEED", help="names of feeds")
    parser.add_argument("--all", action="store_true", help="every enabled feed")
    common.add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Poll, print, and exit 1 if a poll failed."""
    from monitor import memory
    from monitor.errors import MonitorError

    memory.begin(os.environ)
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
        done = asyncio.run(_poll(settings, feedlist, policy, database, args))
    rows = [asdict(report) for report in done.reports]
    if args.json:
        common.print_json({"feeds": rows} | _totals(done))
    elif rows:
        heads = ("feed", "state", "entries", "new", "revised", "detail")
        print(common.table([[row[head] for head in heads] for row in rows], heads))
    else:
        print("No feed is due.")
    return 0 if all(report.ok for report in done.reports) else 1


def _totals(done: Pass) -> dict[str, Any]:
    """For --json. `cpu_s`: of the pass, parser processes included; `memory_mib`: at its end."""
    from monitor import usage

    names = ("entries", "new", "revised")
    return {
        "states": Counter(report.state for report in done.reports),
        "counts": {name: sum(getattr(each, name) for each in done.reports) for name in names},
        "classifier": done.classifier,
        "wall_s": round(done.wall_s, 3),
        "cpu_s": round(done.cpu_s, 3),
        "process_cpu_s": round(usage.cpu_s(), 3),
        "memory_mib": round(done.memory_mib, 1),
    }


async def _poll(
    settings: Any, feedlist: Any, policy: Any, database: Any, args: argparse.Namespace
) -> Pass:
    from monitor import memory, usage
    from monitor.app import build

    program = build(settings, feedlist, policy, database=database)
    try:
        program.classifiers.load()
        await program.take_over_list()
        if args.all and args.json:
            await program.warm()  # what it costs is told as it is inside the running program
            memory.leave_alone()
            memory.go_on(os.environ)
        wall, cpu = time.perf_counter(), usage.cpu_s()
        if args.feeds:
            reports = await program.poll_named(args.feeds)
        else:
            reports = await (program.poll_all() if args.all else program.poll_due())
        return Pass(
            reports,
            time.perf_counter() - wall,
            usage.cpu_s() - cpu,
            usage.memory_mib(),
            program.classifiers.current().version,
        )
    finally:
        await program.close()

"""`monitor communications delays`: how long each ministry takes to its first word."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.cli import common

HEADS = ("ministry", "hazard", "incidents", "median", "fastest", "slowest")


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("communications", help="what ministries say, measured over time")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    delays = what.add_parser(
        "delays", help="from the first signal to a ministry's first word; for review, no ranking"
    )
    delays.add_argument("--days", type=int, default=365, help="how far back (default 365)")
    delays.add_argument("--hazard", help="of this hazard only, for example EQ")
    delays.add_argument("--lang", choices=("th", "en"), default="en")
    common.add_json(delays)
    delays.set_defaults(run=run_delays)


def run_delays(args: argparse.Namespace) -> int:
    """Print the delays."""
    from alerts import dates, words
    from alerts.sorting import Key, name_key
    from monitor.communications.delays import Delay, delays
    from monitor.config.policyrefs import hazard_keys
    from monitor.errors import MonitorError

    if not 1 <= args.days <= 36_500:
        raise MonitorError("--days is a number of days from 1 to 36500")
    settings = common.settings()
    common.policy(settings)
    if args.hazard is not None and args.hazard not in hazard_keys():
        raise MonitorError(f"{args.hazard!r} is no known hazard: write for example EQ or FL")
    since = datetime.now(UTC) - timedelta(days=args.days)
    with common.database(settings) as database, database.read() as conn:
        found = delays(conn, since)
    if args.hazard is not None:
        found = [each for each in found if each.hazard == args.hazard]
    if args.json:
        common.print_json(
            [
                {
                    "country": each.country,
                    "publisher": each.publisher,
                    "hazard": each.hazard,
                    "incidents": each.incidents,
                    "median_s": each.median_s,
                    "fastest_s": each.fastest_s,
                    "slowest_s": each.slowest_s,
                }
                for each in found
            ]
        )
        return 0

    def length(seconds: float) -> str:
        return dates.duration(timedelta(seconds=seconds), args.lang)

    def name(of: Delay) -> str:
        return words.country(of.country, args.lang, short=True) if of.country else of.publisher

    def place(of: Delay) -> tuple[Key, bool, Key]:
        hazard = name_key(words.hazard(of.hazard, args.lang))
        return name_key(name(of)), of.hazard is not None, hazard

    rows = [
        (
            name(each),
            words.hazard(each.hazard, args.lang)
            if each.hazard
            else words.say("delay.every_hazard", args.lang),
            each.incidents,
            length(each.median_s),
            length(each.fastest_s),
            length(each.slowest_s),
        )
        for each in sorted(found, key=place)
    ]
    print(common.table(rows, common.heads(args.lang, *HEADS)))
    print(words.say("list_end.delays", args.lang, count=len(found), days=args.days))
    return 0

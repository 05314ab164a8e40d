"""`monitor advice list` and `history COUNTRY`: what each ministry tells its people to do."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.cli import common
from monitor.cli.incident_deeds import country

if TYPE_CHECKING:
    from alerts.policy import Policy
    from alerts.sorting import Key
    from storage.records import AdviceGiven

HEADS = ("about", "ministry", "common_step", "as_given", "of_day", "read_at", "change")


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("advice", help="the travel advice of each ministry, over time")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    listing = what.add_parser("list", help="what holds now")
    listing.add_argument(
        "--about", metavar="COUNTRY", help="about this country only; name or ISO code"
    )
    listing.add_argument("--by", metavar="COUNTRY", help="of this country's ministry only")
    listing.add_argument("--step", type=int, choices=(1, 2, 3, 4), help="at this step or above")
    history = what.add_parser("history", help="how it changed about one country, oldest first")
    history.add_argument("country", metavar="COUNTRY", help="name in Thai or English, or ISO code")
    for each, run in ((listing, run_list), (history, run_history)):
        each.add_argument("--lang", choices=("th", "en"), default="en")
        common.add_json(each)
        each.set_defaults(run=run)


def run_list(args: argparse.Namespace) -> int:
    """Print what holds now."""
    from storage import advice

    settings = common.settings()
    policy = common.policy(settings)
    about = country(args.about) if args.about else None
    by = country(args.by) if args.by else None
    with common.database(settings) as database, database.read() as conn:
        found = [
            each
            for each in advice.current(conn, about)
            if (by is None or each.speaker == by)
            and (args.step is None or _at_least(each, args.step))
        ]
    if not args.json:
        found.sort(key=lambda each: (_name(each, args.lang), each.publisher))
    return _print(found, args, policy)


def run_history(args: argparse.Namespace) -> int:
    """Print how it changed."""
    from storage import advice

    settings = common.settings()
    policy = common.policy(settings)
    about = country(args.country)
    with common.database(settings) as database, database.read() as conn:
        found = advice.history(conn, about)
    return _print(found, args, policy)


def _at_least(of: AdviceGiven, step: int) -> bool:
    return of.step is not None and of.step >= step


def _name(of: AdviceGiven, language: str) -> Key:
    from alerts import words
    from alerts.sorting import name_key

    name = words.country(of.country, language, short=True) if of.country else of.line
    return name_key(name)


def _print(found: list[AdviceGiven], args: argparse.Namespace, policy: Policy) -> int:
    from alerts import clean, dates, words
    from monitor.communications.said import as_given, on_the_scale

    if args.json:
        common.print_json([as_json(each) for each in found])
        return 0
    zone = ZoneInfo(policy.timezone)
    rows = [
        (
            words.country(each.country, args.lang, short=True) if each.country else each.line,
            each.publisher,
            on_the_scale(each.step, each.flags, args.lang),
            clean.shorten(as_given(each, args.lang), 90),
            dates.day(each.at.astimezone(zone).date(), args.lang, weekday=False),
            common.when(each.seen_at, policy, args.lang),
            words.say(f"list_end.{'first' if each.first else 'changed'}", args.lang),
        )
        for each in found
    ]
    print(common.table(rows, common.heads(args.lang, *HEADS)))
    clock = dates.zone_label(zone, args.lang)
    print(words.say("list_end.advice", args.lang, count=len(found), clock=clock))
    return 0


def as_json(of: AdviceGiven) -> dict[str, Any]:
    """One line for `--json`; times ISO 8601 in UTC."""
    return {
        "about": of.country,
        "area": of.area,
        "line": of.line,
        "publisher": of.publisher,
        "country": of.speaker,
        "level": of.level,
        "wording": of.wording,
        "step": of.step,
        "flags": of.flags,
        "at": of.at.isoformat(),
        "seen_at": of.seen_at.isoformat(),
        "first_sight": of.first,
        "holds": of.newest,
        "item": of.item_id,
    }

"""`monitor feeds preview`, `alternates`, `stats` and `coverage`: looking before changing."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli import common
from monitor.cli.feed_fields import add_fields, fields_of

if TYPE_CHECKING:
    from monitor.tuning.preview import Look

_PAGES = frozenset(["not_a_feed", "login_page"])  # what a web page that names no feed comes to


def add(what: Any) -> None:
    """Describe the commands."""
    seen = _command(what, "preview", run_preview, "read an address, show what would become of it")
    seen.add_argument("url", metavar="URL", help="a feed, or a web page that names one")
    add_fields(seen)
    others = _command(what, "alternates", run_alternates, "try the other addresses of dead feeds")
    others.add_argument("feeds", metavar="NAME", nargs="*", help="default: all that fail")
    stats = _command(what, "stats", run_stats, "what each feed is worth: keep, tune or drop")
    stats.add_argument("feeds", metavar="NAME", nargs="*", help="default: all")
    stats.add_argument("--days", type=int, default=30, metavar="N", help="window (default 30)")
    cover = _command(what, "coverage", run_coverage, "countries and kinds, and what is missing")
    cover.add_argument("--all", action="store_true", help="every country with a feed or a mission")
    cover.add_argument("--svg", metavar="FILE", help="write the table as a picture")


def _command(what: Any, name: str, run: Any, told: str) -> Any:
    parser = what.add_parser(name, help=told, description=told)
    parser.add_argument("--lang", choices=("th", "en"), default="en", help="language")
    common.add_json(parser)
    parser.set_defaults(run=run)
    return parser


def run_preview(args: argparse.Namespace) -> int:
    """Look at the address; exit 1 if it cannot be read."""
    from monitor.tuning.preview import entry_for, preview

    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    given = fields_of(args)
    look = asyncio.run(preview(settings, args.url, policy, given=given, language=args.lang))
    entry = entry_for(args.url, given, look)
    if args.json:
        common.print_json(_look_json(look, entry))
    else:
        _print_look(look, entry, args.lang)
    return 0 if look.ok else 1


def _look_json(look: Look, entry: dict[str, Any]) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(look), "entry": entry}


def _print_look(look: Look, entry: dict[str, Any], language: str) -> None:
    from alerts import clean, feedhealth, words
    from monitor.cli.lines import in_trouble, width_of_terminal, wrapped
    from monitor.tuning.splice import written

    say = words.say
    print(f"{say(f'tuning.by.{look.by}', language)}: {look.url}")
    state = words.say_or(f"feed.{look.state}", language, look.state)
    print(f"{say('table.state', language)}: {state}")
    if not look.ok:
        why = feedhealth.reason(look.state, look.detail)
        for sentence in in_trouble(why, look.detail, language):
            print("\n".join(wrapped(sentence, width_of_terminal(), "  ")))
        if look.state in _PAGES:
            print(say("tuning.page_instead", language, url=look.url))
        return
    print(
        say("tuning.look", language, title=look.title or "-", format=look.format,
            entries=look.entries, dated=look.dated)
    )  # fmt: skip
    for item in look.items:
        published = datetime.fromtimestamp(item.published or 0, UTC)
        at = f"{published:%Y-%m-%d %H:%M}" if item.published else "-"
        tags = ", ".join(words.category(each, language) for each in item.categories) or "-"
        told = say("tuning.would_alert" if item.alert else "tuning.no_alert", language)
        incident = f" · #{item.incident}" if item.incident else ""
        print(f"  {at}  [{words.say(f'level.{item.level}', language)}] {tags} · {told}{incident}")
        print(f"      {clean.one_line(item.title, 140)}")
        for why in item.why[:3]:
            print(f"        {why}")
    print(say("tuning.look_sum", language, shown=len(look.items), tagged=look.tagged,
              alerts=look.alerts))  # fmt: skip
    print(say("tuning.entry", language))
    for key, value in entry.items():
        print(f"  {key}: {written(value)}")


def run_alternates(args: argparse.Namespace) -> int:
    """Try the other addresses; exit 1 if a dead feed has none that answers."""
    from alerts import words
    from monitor.tuning.alternates import dead_feeds, try_alternates

    settings = common.settings()
    feedlist, policy = common.configuration(settings)
    common.quiet_logs()
    chosen = [feedlist.named(name) for name in args.feeds]
    if not chosen:
        with common.database(settings) as database, database.read() as conn:
            chosen = dead_feeds(conn, feedlist)
    found = asyncio.run(try_alternates(settings, chosen, policy))
    if args.json:
        common.print_json([each.as_json() for each in found])
        return 0 if all(each.best for each in found) else 1
    for each in found:
        print(each.feed)
        for trial in each.trials:
            state = words.say_or(f"feed.{trial.state}", args.lang, trial.state)
            print(f"  {trial.url}: {state} · {trial.entries}")
        if each.best:
            print("  " + words.say("tuning.alternate_found", args.lang,
                                   name=each.feed, url=each.best))  # fmt: skip
        else:
            print("  " + words.say("tuning.alternate_none", args.lang))
    if not found:
        print(words.say("tuning.no_dead", args.lang))
    return 0 if all(each.best for each in found) else 1


def run_stats(args: argparse.Namespace) -> int:
    """What each feed brought in the window, with advice."""
    from datetime import timedelta

    from monitor.cli.lines import listing, width_of_terminal
    from monitor.errors import MonitorError
    from monitor.tuning.stats import stats_of

    if not 1 <= args.days <= 366:
        raise MonitorError("--days must be from 1 to 366")
    settings = common.settings()
    feedlist, _ = common.configuration(settings)
    now = datetime.now(UTC)
    with common.database(settings) as database, database.read() as conn:
        found = stats_of(conn, feedlist, now - timedelta(days=args.days), now)
    if args.feeds:
        names = {feedlist.named(name).name for name in args.feeds}
        found = [each for each in found if each.feed in names]
    if args.json:
        common.print_json([each.as_json() for each in found])
    else:
        rows = [each.as_row(args.lang) for each in found]
        below = [[f"{head}: {row.pop(head)}"] for row in rows for head in [list(row)[-1]]]
        if rows:
            cells = [list(row.values()) for row in rows]
            print(listing(cells, list(rows[0]), below, width=width_of_terminal()))
    return 0


def run_coverage(args: argparse.Namespace) -> int:
    """Countries by kinds; what is missing is named."""
    from alerts import words
    from monitor.cli.lines import width_of_terminal
    from monitor.errors import MonitorError
    from monitor.tuning.coverage import coverage_of, states_by_feed
    from monitor.tuning.coverage_show import coverage_svg, coverage_text

    settings = common.settings()
    feedlist, policy = common.configuration(settings)
    working = None
    path = settings.sqlite_path
    if path is None or path.exists():
        with common.database(settings) as database, database.read() as conn:
            working = states_by_feed(conn, feedlist)
    found = coverage_of(feedlist, policy, working, now=datetime.now(UTC))
    if args.svg:
        try:
            Path(args.svg).write_text(coverage_svg(found, args.lang), encoding="utf-8")
        except OSError as error:
            raise MonitorError(f"cannot write {args.svg}: {error.strerror or error}") from error
    if args.json:
        common.print_json(found.as_json())
    elif not args.svg or sys.stdout.isatty():
        print(coverage_text(found, args.lang, every=args.all, width=width_of_terminal()))
    if args.svg and not args.json:
        print(words.say("tuning.picture_written", args.lang, file=args.svg))
    return 0

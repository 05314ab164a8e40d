"""`monitor feeds …`: the feed list; here `list` and `check`, the others beside this module."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.cli import common, feed_edits, feed_looks, feed_moves

if TYPE_CHECKING:
    from monitor.config.feedlist import Feed
    from storage.records import FeedState


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("feeds", help="the feed list")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    listing = what.add_parser("list", help="every feed with its state, cause and remedy")
    listing.add_argument(
        "--lang", choices=("th", "en"), default="en", help="language of the states"
    )
    common.add_json(listing)
    listing.set_defaults(run=run_list)
    check = what.add_parser("check", help="poll feeds without storing anything, and report")
    check.add_argument("feeds", nargs="*", metavar="NAME", help="names of feeds (default: all)")
    check.add_argument("--lang", choices=("th", "en"), default="en", help="language of the states")
    common.add_json(check)
    check.set_defaults(run=run_check)
    feed_looks.add(what)
    feed_edits.add(what)
    feed_moves.add(what)


def run_list(args: argparse.Namespace) -> int:
    """Print the list; states come from the database when there is one."""
    from alerts import words
    from monitor.cli.lines import listing, width_of_terminal

    settings = common.settings()
    feedlist, _ = common.configuration(settings)
    states = _states(settings)
    rows = [_row(feed, states.get(feed.name), args.lang) for feed in feedlist.feeds]
    if args.json:
        common.print_json(rows)
        return 0
    heads = common.heads(args.lang, "feed", "country_short", "state", "last_news", "next_poll")
    keys = ("name", "country", "state", "last_news", "next_poll")
    cells = [[row[key] or "-" for key in keys] for row in rows]
    below = [_below(row, states.get(row["name"]), args.lang) for row in rows]
    print(listing(cells, heads, below, width=width_of_terminal()))
    trouble = sum(1 for row in rows if row["error"] and row["state_key"] != "disabled")
    print()
    print(words.say("tuning.list_sum", args.lang, all=len(rows), on=len(feedlist.enabled),
                    trouble=trouble, file=feedlist.path))  # fmt: skip
    return 0


def _below(row: Mapping[str, Any], state: FeedState | None, language: str) -> list[str]:
    """Cause and remedy of a feed in trouble, the reason of one that is off; nothing of others."""
    from alerts import feedhealth
    from monitor.cli.lines import in_trouble

    if not row["error"]:
        return []
    if row["state_key"] == "disabled" or state is None:
        return [str(row["error"])]
    why = feedhealth.reason(row["state_key"], state.detail)
    return in_trouble(why, state.detail, language, row["moved_to"])


def _states(settings: Any) -> dict[str, FeedState]:
    from storage import feeds

    path = settings.sqlite_path
    if path is not None and not path.exists():
        return {}
    with common.database(settings) as database, database.read() as conn:
        return {state.name: state for state in feeds.states(conn)}


def _row(feed: Feed, state: FeedState | None, language: str) -> dict[str, Any]:
    from alerts import dates, feedhealth, words
    from monitor.health import WARNINGS

    def length(of: timedelta) -> str:
        return dates.duration(max(of, timedelta(0)), language)

    now = datetime.now(UTC)
    key = feedhealth.shown_state(state, now) if state else "new"
    key = key if feed.enabled else "disabled"
    moved_to = feedhealth.proposed_address(state) if state else None
    failing = state is not None and feed.enabled and (state.failures > 0 or key in WARNINGS)
    off = feed.reason or None if not feed.enabled else None
    ago = now - state.last_news_at if state and state.last_news_at else None
    wait = state.due_at - now if state and state.due_at else None
    return {
        "name": feed.name,
        "kind": feed.kind,
        "country": feed.country or feed.organisation,
        "url": feed.url,
        "state": words.say(f"feed.{key}", language),
        "state_key": key,
        "last_news": words.say("label.ago", language, length=length(ago)) if ago else None,
        "usual_gap_s": state.usual_gap_s if state else None,
        "next_poll": length(wait) if wait and feed.enabled else None,
        "failures": state.failures if state else 0,
        "moved_to": moved_to,
        "parked": bool(state and state.parked and feed.enabled),
        "error": _error(key, state, language, moved_to) if state and failing else off,
    }


def _error(key: str, state: FeedState, language: str, moved_to: str | None) -> str:
    from alerts import clean, feedhealth, words
    from alerts.feeddetail import detail_in

    why = feedhealth.reason(key, state.detail)
    parts = [words.say_or(f"feed.{why}.{part}", language, "") for part in ("cause", "remedy")]
    if moved_to:
        parts.append(f"{words.say('desk.moved_to', language)}: {clean.one_line(moved_to, 300)}")
    if state.detail:
        parts.append(f"[{detail_in(state.detail, language)}]")
    return " ".join(part for part in parts if part)


def run_check(args: argparse.Namespace) -> int:
    """Poll each feed into nothing and say what came; exit 1 if one failed."""
    from alerts import feedhealth, words
    from monitor.checking import check_feeds
    from monitor.cli.lines import in_trouble, listing, width_of_terminal

    settings = common.settings()
    feedlist, policy = common.feedlist(settings), common.policy(settings)
    common.quiet_logs()
    chosen = [feedlist.named(name) for name in args.feeds] or list(feedlist.enabled)
    found = asyncio.run(check_feeds(settings, chosen, policy))
    if args.json:
        common.print_json([each.as_json() for each in found])
    else:
        rows = [each.as_row(args.lang) for each in found]
        below = [
            [] if each.ok else in_trouble(
                feedhealth.reason(each.state, each.detail), each.detail, args.lang
            )
            for each in found
        ]  # fmt: skip
        if rows:
            cells = [list(row.values()) for row in rows]
            print(listing(cells, list(rows[0]), below, width=width_of_terminal()))
        well = sum(each.ok for each in found)
        print()
        print(words.say("tuning.check_sum", args.lang, ok=well, all=len(found)))
    return 0 if all(each.ok for each in found) else 1

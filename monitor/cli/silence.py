"""`monitor silence add`, `list` and `end`: incidents kept quiet for a time, by whom and why."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from storage.database import Connection
    from storage.records import Silence


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("silence", help="mute incidents for a time; a FLASH passes")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    made = what.add_parser("add", help="mute one incident, or what matches all that is named")
    made.add_argument("--incident", metavar="N", help="this one; its FLASH is muted as well")
    made.add_argument(
        "--country", action="append", default=[], help="name, ISO code or region; may be repeated"
    )
    made.add_argument("--hazard", action="append", default=[], help="kind, for example FL or flood")
    made.add_argument("--feed", action="append", default=[], help="name of a feed")
    made.add_argument("--reason", required=True, help="why, in words")
    made.add_argument("--for", dest="length", metavar="TIME", help="24h (default) to 7d")
    made.add_argument("--until", metavar="AT", help="end, with zone: 2026-03-14T06:00+07:00")
    common.by_whom(made)
    made.set_defaults(run=run_add)
    listed = what.add_parser("list", help="those in force, and what each has hidden so far")
    listed.add_argument("--all", action="store_true", help="those that have ended too")
    common.add_json(listed)
    listed.set_defaults(run=run_list)
    ended = what.add_parser("end", help="end one now; what it hid is mailed")
    ended.add_argument("id", metavar="ID", type=int, help="its number, as `list` shows it")
    common.by_whom(ended)
    ended.set_defaults(run=run_end)


def run_add(args: argparse.Namespace) -> int:
    """Make one."""
    from monitor import silencing

    settings = common.settings()
    policy, now = common.policy(settings), datetime.now(UTC)
    wish = silencing.Wish(
        reason=args.reason,
        until=common.until(args.length, args.until, now),
        number=args.incident,
        countries=tuple(args.country),
        hazards=tuple(args.hazard),
        feeds=tuple(args.feed),
    )
    with common.database(settings) as database, database.write() as conn:
        made = silencing.add(conn, wish, policy, by=common.who(args), now=now)
        shown = _as_json(conn, made)
    if args.json:
        common.print_json(shown)
    else:
        ends = common.when(made.ends_at, policy, "en")
        print(f"silence {made.id}: {_scope(shown)} until {ends}.")
        if made.incident_id is None:
            print("A FLASH passes it; what it hides is mailed when it ends.")
        else:
            print("This incident is quiet at every level, FLASH too; what is hidden is mailed.")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """Print them."""
    from storage import silences

    settings, now = common.settings(), datetime.now(UTC)
    policy = common.policy(settings)
    with common.database(settings) as database, database.read() as conn:
        found = silences.listing(conn, limit=500) if args.all else silences.active(conn, now)
        shown = [_as_json(conn, each) for each in found]
    if args.json:
        common.print_json(shown)
        return 0
    rows = [
        (
            str(each["id"]), _scope(each), each["owner"], each["reason"],
            common.when(one.ends_at, policy, "en"), str(len(each["hidden"])),
        )
        for each, one in zip(shown, found, strict=True)
    ]  # fmt: skip
    print(common.table(rows, ("id", "what", "by", "reason", "until", "hid")))
    count = "1 silence" if len(found) == 1 else f"{len(found)} silences"
    print(count if args.all else f"{count} in force")
    return 0


def run_end(args: argparse.Namespace) -> int:
    """End one."""
    from monitor import silencing

    settings, now = common.settings(), datetime.now(UTC)
    common.policy(settings)
    with common.database(settings) as database, database.write() as conn:
        silencing.end(conn, args.id, by=common.who(args), now=now)
    if args.json:
        common.print_json({"id": args.id, "ended_at": now.isoformat()})
    else:
        print(f"silence {args.id} has ended; what it hid is mailed at the next tick.")
    return 0


def _as_json(conn: Connection, of: Silence) -> dict[str, Any]:
    from monitor import silencing
    from storage import incidents

    about = incidents.get(conn, of.incident_id).number if of.incident_id else None
    return {
        "id": of.id,
        "incident": about,
        "countries": of.countries,
        "hazards": of.hazards,
        "feeds": of.feeds,
        "owner": of.owner,
        "reason": of.reason,
        "starts_at": of.starts_at.isoformat(),
        "ends_at": of.ends_at.isoformat(),
        "hidden": [
            incidents.get(conn, each.incident_id).number for each in silencing.hidden(conn, of)
        ],
    }


def _scope(shown: dict[str, Any]) -> str:
    if shown["incident"]:
        return f"incident {shown['incident']}"
    parts = (*shown["countries"], *shown["hazards"], *shown["feeds"])
    return " + ".join(str(part) for part in parts)

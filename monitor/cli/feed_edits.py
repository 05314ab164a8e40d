"""`monitor feeds add`, `edit`, `enable`, `disable`, `remove`, `history` and `undo`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor.cli import common
from monitor.cli.feed_fields import add_fields, add_who, fields_of, until

if TYPE_CHECKING:
    from monitor.tuning.deeds import Desk, Done
    from monitor.tuning.preview import Look
    from monitor.tuning.splice import Value

UNSET = (
    "id", "alternates", "publisher", "country", "organisation", "coverage", "language", "tier",
    "category", "every", "pace", "timezone", "encoding", "format", "selector", "headers",
    "certificates", "tags", "note", "reason", "until",
)  # fmt: skip


def add(what: Any) -> None:
    """Describe the commands."""
    added = _command(what, "add", run_add, "look at an address, then add it to the list")
    added.add_argument("url", metavar="URL", help="a feed, or a web page that names one")
    added.add_argument("--unseen", action="store_true", help="add it without looking first")
    added.add_argument("--disabled", action="store_true", help="add it switched off")
    added.add_argument("--dry-run", action="store_true", help="show the entry, write nothing")
    add_fields(added)
    changed = _command(what, "edit", run_edit, "change an entry; comments and order stay")
    changed.add_argument("feed", metavar="NAME", help="name or id of the feed")
    changed.add_argument("--url", help="another address; the history stays")
    changed.add_argument(
        "--unset", action="append", default=[], choices=UNSET, help="take a key away"
    )
    add_fields(changed)
    enabled = _command(what, "enable", run_enable, "switch feeds on again")
    enabled.add_argument("feeds", metavar="NAME", nargs="+")
    disabled = _command(what, "disable", run_disable, "switch feeds off; what they brought stays")
    disabled.add_argument("feeds", metavar="NAME", nargs="+")
    disabled.add_argument("--reason", required=True, help="why, in words: it stands in the list")
    disabled.add_argument("--until", help="day or time at which they are read again: 2026-12-01")
    removed = _command(what, "remove", run_remove, "take feeds out; what they brought stays")
    removed.add_argument("feeds", metavar="NAME", nargs="+")
    past = what.add_parser("history", help="who changed the list, when and why")
    past.add_argument("number", metavar="N", nargs="?", type=int, help="one change, line by line")
    past.add_argument("--limit", type=int, default=20, metavar="N", help="how many (default 20)")
    past.add_argument("--lang", choices=("th", "en"), default="en", help="language")
    common.add_json(past)
    past.set_defaults(run=run_history)
    undone = _command(what, "undo", run_undo, "put the list back as it stood before a change")
    undone.add_argument("number", metavar="N", nargs="?", type=int, help="default: the newest")
    undone.add_argument("--and-later", action="store_true", help="and every change after it")


def _command(what: Any, name: str, run: Any, told: str) -> Any:
    parser = what.add_parser(name, help=told, description=told)
    add_who(parser)
    common.add_json(parser)
    parser.set_defaults(run=run)
    return parser


@contextmanager
def desk_of(args: argparse.Namespace) -> Iterator[Desk]:
    """The list, the rules it is checked by, and the database that keeps its history."""
    from monitor.tuning.deeds import Desk

    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    with common.database(settings, create=True) as database:
        who = args.by or getpass.getuser()
        yield Desk(settings, policy, database, who, datetime.now(UTC), os.environ)


def run_add(args: argparse.Namespace) -> int:
    """Look at the address, fill in what was not given, write the entry."""
    from monitor.errors import MonitorError
    from monitor.tuning import deeds
    from monitor.tuning.preview import entry_for, preview
    from monitor.tuning.splice import written

    given = fields_of(args)
    with desk_of(args) as desk:
        desk.current()  # a faulty list is told before anything is fetched
        look: Look | None = None
        if not args.unseen:
            look = asyncio.run(preview(desk.settings, args.url, desk.policy, given=given))
            if not look.ok:
                raise MonitorError(
                    f"{args.url} cannot be read ({look.state}: {look.detail}): correct the "
                    "address, or add it all the same with --unseen"
                )
        values = entry_for(args.url, given, look)
        values = _asked(values, given) if look and sys.stdin.isatty() else values
        if "name" not in values or "kind" not in values:
            raise MonitorError("without looking first, --name and --kind must be given")
        if args.disabled:
            values = {**values, "enabled": False, "reason": args.why or "added switched off"}
        if args.dry_run:
            if args.json:
                common.print_json(values)
            else:
                for key, value in values.items():
                    print(f"{key}: {written(value)}")
            return 0
        return _told(args, deeds.add(desk, values, why=args.why))


def _asked(values: dict[str, Value], given: dict[str, Value]) -> dict[str, Value]:
    """On a terminal: what was found may be corrected before it is written."""
    from monitor.countryname import country_code

    for key in ("name", "kind", "country", "language", "every"):
        if key in given:
            continue
        found = values.get(key)
        said = input(f"{key} [{found or '-'}]: ").strip()
        if said:
            values[key] = country_code(said) if key == "country" else said
    return values


def run_edit(args: argparse.Namespace) -> int:
    """Change an entry."""
    from monitor.errors import MonitorError
    from monitor.tuning import deeds

    values = {**fields_of(args), **dict.fromkeys(args.unset)}
    if args.url:
        values["url"] = args.url
    if not values:
        raise MonitorError("say what to change, for example --every 5m (see --help)")
    with desk_of(args) as desk:
        return _told(args, deeds.edit(desk, args.feed, values, why=args.why))


def run_enable(args: argparse.Namespace) -> int:
    """Switch feeds on."""
    from monitor.tuning import deeds

    with desk_of(args) as desk:
        return _told(args, deeds.enable(desk, args.feeds, why=args.why))


def run_disable(args: argparse.Namespace) -> int:
    """Switch feeds off."""
    from monitor.errors import MonitorError
    from monitor.tuning import deeds

    with desk_of(args) as desk:
        ends = until(args.until, desk.policy.timezone)
        if ends is not None and ends <= desk.now:
            raise MonitorError(f"--until {args.until}: that is over already: write a later day")
        return _told(args, deeds.disable(desk, args.feeds, reason=args.reason, until=ends))


def run_remove(args: argparse.Namespace) -> int:
    """Take feeds out of the list."""
    from monitor.tuning import deeds

    with desk_of(args) as desk:
        return _told(args, deeds.remove(desk, args.feeds, why=args.why))


def run_undo(args: argparse.Namespace) -> int:
    """Put the list back."""
    from monitor.tuning import deeds

    with desk_of(args) as desk:
        return _told(args, deeds.undo(desk, args.number, why=args.why, and_later=args.and_later))


def run_history(args: argparse.Namespace) -> int:
    """The changes, newest first, or one of them line by line."""
    from alerts import words
    from monitor.tuning import deeds, history

    args.by = None
    with desk_of(args) as desk:
        deeds.look_at_file(desk)
        with desk.database.read() as conn:
            if args.number is not None:
                found = [history.numbered(conn, args.number)]
            else:
                found = history.listing(conn, max(args.limit, 1))
    if args.json:
        common.print_json([_as_json(past) for past in found])
        return 0
    for past in found:
        names = past.named(args.lang)
        print(
            f"{past.id:>5}  {past.at:%Y-%m-%d %H:%M} UTC  {_who(past.who, args.lang)}: "
            f"{words.say(f'tuning.deed.{past.deed}', args.lang, names=names)}"
            + (f" · {past.why}" if past.why else "")
        )
        if args.number is not None:
            print("\n".join(f"       {line}" for line in past.diff))
    if not found:
        print(words.say("tuning.no_history", args.lang))
    return 0


def _who(who: str, language: str) -> str:
    from alerts import words
    from monitor.tuning.history import BY_HAND

    return words.say("tuning.by_hand", language) if who == BY_HAND else who


def _as_json(past: Any) -> dict[str, Any]:
    return {
        "id": past.id, "at": past.at.isoformat(), "who": past.who, "deed": past.deed,
        "feeds": list(past.names), "why": past.why, "diff": list(past.diff),
    }  # fmt: skip


def _told(args: argparse.Namespace, done: Done) -> int:
    from alerts import words

    if args.json:
        common.print_json(
            {"change": done.number, "deed": done.deed, "feeds": done.names, "diff": done.diff}
        )
        return 0
    names = ", ".join(done.names) or words.say("tuning.deed.no_feed", args.lang)
    print(words.say(f"tuning.deed.{done.deed}", args.lang, names=names))
    print("\n".join(f"  {line}" for line in done.diff))
    print(words.say("tuning.undo_by", args.lang, number=done.number))
    return 0

"""`monitor mode`: is a drill or maintenance on, turn one on for a time, go back to normal."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from monitor.config.settings import Settings


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("mode", help="drill and maintenance: show, turn on, turn off")
    what = parser.add_subparsers(dest="what", metavar="WHAT", parser_class=type(parser))
    common.add_json(parser)
    parser.set_defaults(run=run_show)
    shown = what.add_parser("show", help="what is on, until when, by whom and why")
    common.add_json(shown)
    shown.set_defaults(run=run_show)
    for name, told in (
        ("drill", "mark everything that goes out as EXERCISE / ฝึกซ้อม"),
        ("maintenance", "hold everything but a FLASH back until it ends"),
    ):
        mode = what.add_parser(name, help=told)
        mode.add_argument("--reason", required=True, help="why, in words")
        mode.add_argument("--for", dest="length", metavar="TIME", help="1h (default) to 24h")
        mode.add_argument("--until", metavar="AT", help="end, with zone: 2026-03-14T06:00+07:00")
        common.by_whom(mode)
        mode.set_defaults(run=run_on)
    normal = what.add_parser("normal", help="end both now")
    common.by_whom(normal)
    normal.set_defaults(run=run_off)


def run_show(args: argparse.Namespace) -> int:
    """Print what is on."""
    from monitor import modes

    settings, now = common.settings(), datetime.now(UTC)
    with common.database(settings) as database, database.read() as conn:
        found = [mode for name in modes.NAMES if (mode := modes.current(conn, name, now))]
    if args.json:
        common.print_json(
            [
                {"mode": each.name, "until": each.until.isoformat(), "by": each.by,
                 "reason": each.because}
                for each in found
            ]
        )  # fmt: skip
        return 0
    for each in found:
        print(f"{each.name} until {_clock(each.until, settings)}, by {each.by}: {each.because}")
    if not found:
        print("normal: no drill and no maintenance")
    return 0


def run_on(args: argparse.Namespace) -> int:
    """Turn one on."""
    from alerts import clean
    from monitor import modes

    settings, now = common.settings(), datetime.now(UTC)
    until = common.until(args.length, args.until, now) or now + timedelta(hours=1)
    because = clean.one_line(args.reason, 200)
    with common.database(settings) as database, database.write() as conn:
        mode = modes.turn_on(
            conn, args.what, until=until, by=common.who(args), because=because, now=now
        )
    if args.json:
        common.print_json({"mode": mode.name, "until": mode.until.isoformat()})
        return 0
    print(f"{mode.name} until {_clock(mode.until, settings)}.")
    if mode.name == "drill":
        print(
            "Everything that goes out is marked EXERCISE / ฝึกซ้อม, what is real too, whose mail "
            "says that it is real: end it with `monitor mode normal` the moment something real "
            "happens."
        )
    else:
        print("Only a FLASH is told; the rest waits and goes out when it ends.")
    return 0


def _clock(at: datetime, settings: Settings) -> str:
    """A time by the desk's own clock."""
    from zoneinfo import ZoneInfo

    name = common.policy(settings).timezone
    return f"{at.astimezone(ZoneInfo(name)):%Y-%m-%d %H:%M} ({name})"


def run_off(args: argparse.Namespace) -> int:
    """End both."""
    from monitor import modes

    settings, now = common.settings(), datetime.now(UTC)
    with common.database(settings) as database, database.write() as conn:
        ended = [
            name for name in modes.NAMES if modes.turn_off(conn, name, by=common.who(args), now=now)
        ]
    if args.json:
        common.print_json({"ended": ended})
    else:
        print(f"{' and '.join(ended)} ended" if ended else "it is normal already")
    return 0

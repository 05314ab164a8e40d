"""`monitor rules backtest` and `monitor rules shadow`: rules against what has been. Read only."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from monitor.rules.backtest import Backtest, Load, Told
    from storage.records import Incident

MOST = 20  # incidents of a kind that are printed; JSON has all


def add(what: Any) -> None:
    """Describe the commands."""
    past = what.add_parser("backtest", help="rules against stored history; writes nothing")
    past.add_argument("--days", type=int, default=7, help="how far back (default 7, at most 90)")
    past.add_argument("--alerts", type=Path, help="another alerts.yaml, set beside that in force")
    common.add_json(past)
    past.set_defaults(run=run_backtest)
    shadow = what.add_parser("shadow", help="what the rules on trial would have told")
    shadow.add_argument("--days", type=int, default=7, help="how far back (default 7, at most 90)")
    common.add_json(shadow)
    shadow.set_defaults(run=run_shadow)


def run_backtest(args: argparse.Namespace) -> int:
    """Print what would be gained, lost and changed, and the load on each team."""
    from monitor.rules.backtest import backtest

    settings = common.settings()
    live = common.policy(settings)
    other = common.written_policy(settings, args.alerts)
    now = datetime.now(UTC)
    with common.database(settings) as database, database.read() as conn:
        found = backtest(conn, live, other, start=now - _days(args.days), end=now)
    if args.json:
        common.print_json(_as_json(found))
    else:
        _print(found, args)
    return 0


def run_shadow(args: argparse.Namespace) -> int:
    """Print what each rule on trial would have told, beside the live ones."""
    from monitor.rules.shadowing import trial

    settings = common.settings()
    policy, now = common.policy(settings), datetime.now(UTC)
    with common.database(settings) as database, database.read() as conn:
        found = trial(conn, policy, start=now - _days(args.days), end=now)
    if args.json:
        common.print_json(
            {
                "days": args.days,
                "told_by_live_rules": found.told,
                "shadow": [
                    {"rule": each.rule.id, "enabled": each.rule.enabled,
                     "incidents": each.incidents,
                     "only_by_it": [one.number for one in each.alone]}
                    for each in found.rules
                ],
            }
        )  # fmt: skip
        return 0
    print(f"The live rules told of {found.told} incidents in {args.days} days.")
    if not found.rules:
        print("No rule is on trial: set 'shadow: true' on one in alerts.yaml.")
    for each in found.rules:
        off = "" if each.rule.enabled else " (switched off)"
        print(
            f"{each.rule.id}{off}: would have told of {each.incidents}, "
            f"{len(each.alone)} of them no live rule told"
        )
        for one in each.alone[:MOST]:
            print(f"  {_line(one)}")
    return 0


def _days(count: int) -> timedelta:
    from monitor.errors import MonitorError

    if not 1 <= count <= 90:
        raise MonitorError("--days must be from 1 to 90")
    return timedelta(days=count)


def _print(found: Backtest, args: argparse.Namespace) -> None:
    from monitor.rules.backtest import FLASH_BUDGET

    print(
        f"{found.incidents} incidents of {args.days} days worked out again; "
        f"{found.really} of them were really told."
    )
    told = f"The rules in force tell of {found.told_live}"
    print(told + (f", the other file of {found.told_other}." if args.alerts else "."))
    for name, list_of in (("gained", found.gained), ("lost", found.lost)):
        if args.alerts:
            print(f"{name}: {len(list_of)}")
            for each in list_of[:MOST]:
                print(f"  {_line(each.incident)} · {_calls(each)}")
    if args.alerts:
        print(f"changed: {len(found.changed)}")
        for before, after in found.changed[:MOST]:
            print(f"  {_line(after.incident)} · {_calls(before)} → {_calls(after)}")
    rows = []
    for which, group in (("in force", found.live), ("other file", found.other)):
        if which == "in force" or args.alerts:
            rows += [(which, *_load(each, FLASH_BUDGET)) for each in group]
    print()
    headings = ("rules", "team", "calls", "per shift", "worst shift", "FLASH/shift", "at night")
    print(common.table(rows, headings))
    down = sorted(found.feeds_down.items(), key=lambda each: -each[1])
    hours = sum(length.total_seconds() for _, length in down) / 3600
    print(
        f"{len(down)} feeds were down for {hours:.1f} hours in all: what they had then to tell "
        "is not in the history."
    )
    for name, length in down[:5]:
        print(f"  {name}: {length.total_seconds() / 3600:.1f} h")


def _load(of: Load, budget: float) -> tuple[str, ...]:
    over = " (over 2)" if of.flashes_per_shift > budget else ""
    return (
        of.team, str(of.calls), f"{of.calls / of.shifts:.2f}" if of.shifts else "-",
        str(of.worst), f"{of.flashes_per_shift:.2f}{over}", str(of.at_night),
    )  # fmt: skip


def _calls(of: Told) -> str:
    return ", ".join(
        f"{each.team} {each.level.name} {each.at:%m-%d %H:%M} ({'+'.join(each.rules)})"
        for each in of.calls[:3]
    )


def _line(of: Incident) -> str:
    return f"{of.number} [{of.level.name}] {of.title_en}"


def _as_json(found: Backtest) -> dict[str, Any]:
    def told(of: Told) -> dict[str, Any]:
        return {
            "number": of.incident.number,
            "title": of.incident.title_en,
            "level": of.level.name,
            "calls": [
                {"team": each.team, "at": each.at.isoformat(), "level": each.level.name,
                 "rules": each.rules}
                for each in of.calls
            ],
        }  # fmt: skip

    def load(of: Load) -> dict[str, Any]:
        return {
            "team": of.team, "calls": of.calls, "flashes": of.flashes, "shifts": of.shifts,
            "worst_shift": of.worst, "flashes_per_shift": round(of.flashes_per_shift, 3),
            "at_night": of.at_night,
        }  # fmt: skip

    return {
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "incidents": found.incidents,
        "really_told": found.really,
        "told_in_force": found.told_live,
        "told_other": found.told_other,
        "gained": [told(each) for each in found.gained],
        "lost": [told(each) for each in found.lost],
        "changed": [{"before": told(one), "after": told(two)} for one, two in found.changed],
        "load_in_force": [load(each) for each in found.live],
        "load_other": [load(each) for each in found.other],
        "feeds_down_hours": {
            name: round(length.total_seconds() / 3600, 2)
            for name, length in found.feeds_down.items()
        },
    }

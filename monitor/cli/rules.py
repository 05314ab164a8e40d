"""`monitor rules check`: is alerts.yaml sound, and does every duty have somebody?

The other commands on rules stand in `rules_try` and `rules_past`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli import common, rules_past, rules_try

if TYPE_CHECKING:
    from alerts.policy import Policy, Rule


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("rules", help="the alert rules")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    check = what.add_parser("check", help="check alerts.yaml and print what is in force")
    check.add_argument("--lang", choices=("th", "en"), default="en", help="language")
    common.add_json(check)
    check.set_defaults(run=run)
    history = what.add_parser("history", help="the changes of alerts.yaml that were taken over")
    history.add_argument("--lang", choices=("th", "en"), default="en", help="language")
    history.add_argument("--limit", type=int, default=20, metavar="N", help="how many (default 20)")
    common.add_json(history)
    history.set_defaults(run=run_history)
    rules_try.add(what)
    rules_past.add(what)


def run(args: argparse.Namespace) -> int:
    """Print rules, teams and gaps; exit 1 if somebody could be left untold."""
    from monitor.rules import checking

    settings = common.settings()
    policy, now = common.written_policy(settings), datetime.now(UTC)
    channels = [name for name, _ in settings.channels]
    faults = [each.in_(args.lang) for each in checking.faults(policy, now, channels)]
    notes = [each.in_(args.lang) for each in checking.notes(policy, now)]
    if args.json:
        common.print_json(
            {
                "file": str(settings.alerts),
                "rules": [
                    {"id": rule.id, "name": rule.name.en, "teams": rule.teams,
                     "shadow": rule.shadow, "enabled": rule.enabled}
                    for rule in policy.rules
                ],
                "faults": faults,
                "notes": notes,
            }
        )  # fmt: skip
    else:
        _print(policy, settings.alerts, faults, notes, args.lang)
    return 1 if faults else 0


def run_history(args: argparse.Namespace) -> int:
    """Print what each version that was taken over changed, newest first."""
    from alerts import words
    from monitor.rules import changes as rule_changes

    settings = common.settings()
    policy = common.policy(settings)
    with common.database(settings) as database, database.read() as conn:
        found = rule_changes.listing(conn, max(1, min(args.limit, 1000)))
    if args.json:
        common.print_json(
            [{"at": each.at.isoformat(), "who": each.who, "parts": each.parts_json()}
             for each in found]
        )  # fmt: skip
        return 0
    for each in found:
        print(common.when(each.at, policy, args.lang))
        for line in each.lines(args.lang):
            print(f"  {line}")
    if not found:
        print(words.say("rules_changed.none", args.lang))
    return 0


def _print(
    policy: Policy, file: Path, faults: Sequence[str], notes: Sequence[str], language: str
) -> None:
    from alerts import words

    def say(key: str, **values: object) -> str:
        return words.say(f"fault.check.{key}", language, zone=None, **values)

    print(say("sound", file=file, rules=len(policy.rules), teams=len(policy.teams)))
    if policy.missions_file is not None:
        count = sum(not each.confirmed for each in policy.missions)
        listed = len(policy.missions)
        print(say("missions", file=policy.missions_file, missions=listed, unchecked=count))
    rows = [
        (rule.id, rule.name.in_(language), ", ".join(rule.teams), say(_state(rule)))
        for rule in policy.rules
    ]
    print(common.table(rows, common.heads(language, "rule", "about", "tells", "state")))
    waits = ", ".join(
        f"{level.name} {int(wait.total_seconds())} s"
        for level, wait in sorted(policy.timing.group_wait.items(), reverse=True)
    )
    print(say("waits", waits=waits))
    for note in notes:
        print(say("note", what=note))
    for fault in faults:
        print(say("attention", what=fault))


def _state(rule: Rule) -> str:
    if not rule.enabled:
        return "off"
    return "shadow" if rule.shadow else "live"

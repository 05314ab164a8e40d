"""`monitor rules check`: is alerts.yaml sound, and does every duty have somebody?

The other commands on rules stand in `rules_try` and `rules_past`.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from monitor.cli import common, rules_past, rules_try


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("rules", help="the alert rules")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    check = what.add_parser("check", help="check alerts.yaml and print what is in force")
    common.add_json(check)
    check.set_defaults(run=run)
    rules_try.add(what)
    rules_past.add(what)


def run(args: argparse.Namespace) -> int:
    """Print rules, teams and gaps; exit 1 if somebody could be left untold."""
    from monitor import rulecheck

    settings = common.settings()
    policy, now = common.written_policy(settings), datetime.now(UTC)
    faults, notes = rulecheck.faults(policy, now), rulecheck.notes(policy, now)
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
        return 1 if faults else 0
    print(f"{settings.alerts} is sound: {len(policy.rules)} rules, {len(policy.teams)} teams.")
    unchecked = sum(not each.confirmed for each in policy.missions)
    if policy.missions_file is not None:
        print(
            f"{policy.missions_file} is sound: {len(policy.missions)} missions, {unchecked} to be "
            "confirmed by the ministry."
        )
    rows = [
        (rule.id, rule.name.en, ", ".join(rule.teams), _state(rule.shadow, rule.enabled))
        for rule in policy.rules
    ]
    print(common.table(rows, ("rule", "name", "tells", "state")))
    waits = ", ".join(
        f"{level.name} {int(wait.total_seconds())} s"
        for level, wait in sorted(policy.timing.group_wait.items(), reverse=True)
    )
    print(f"waits before the first mail: {waits}")
    for note in notes:
        print(f"note: {note}")
    for fault in faults:
        print(f"attention: {fault}")
    return 1 if faults else 0


def _state(shadow: bool, enabled: bool) -> str:
    if not enabled:
        return "off"
    return "shadow (mails nobody)" if shadow else "live"

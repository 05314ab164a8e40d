"""`monitor rules check`: is alerts.yaml sound, and does every duty have somebody?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from alerts.policy import Policy

ROSTER_DAYS = 14


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("rules", help="the alert rules")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    check = what.add_parser("check", help="check alerts.yaml and print what is in force")
    common.add_json(check)
    check.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print rules, teams and gaps; exit 1 if somebody could be left untold."""
    settings = common.settings()
    policy = common.policy(settings)
    faults = [*_gaps(policy, datetime.now(UTC)), *_unreachable(policy)]
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
    for fault in faults:
        print(f"attention: {fault}")
    return 1 if faults else 0


def _state(shadow: bool, enabled: bool) -> str:
    if not enabled:
        return "off"
    return "shadow (mails nobody)" if shadow else "live"


def _gaps(policy: Policy, now: datetime) -> list[str]:
    """Hours of the coming days in which a team with a roster has nobody on duty."""
    from zoneinfo import ZoneInfo

    from alerts.roster import on_duty

    zone = ZoneInfo(policy.timezone)
    found: list[str] = []
    for team in policy.teams.values():
        if not team.roster:
            continue
        start = now.replace(minute=0, second=0, microsecond=0)
        empty = [
            start + timedelta(hours=hour)
            for hour in range(ROSTER_DAYS * 24)
            if on_duty(team, policy, start + timedelta(hours=hour)).primary is None
        ]
        if empty:
            first = empty[0].astimezone(zone)
            found.append(
                f"team {team.id}: nobody on duty in {len(empty)} hours of the next "
                f"{ROSTER_DAYS} days, first on {first:%Y-%m-%d %H:%M} {policy.timezone}"
            )
    return found


def _unreachable(policy: Policy) -> list[str]:
    """Rules that can never tell anybody anything new."""
    found: list[str] = []
    for rule in policy.rules:
        if rule.enabled and rule.when.countries and not policy.countries_of(rule.when.countries):
            found.append(f"rule {rule.id}: its countries are empty, so it can never hold")
    live = [rule for rule in policy.rules if rule.enabled and not rule.shadow]
    told = {team for rule in live for team in rule.teams}
    found += [f"team {team}: no live rule tells it" for team in policy.teams if team not in told]
    if not policy.digests:
        found.append("no digest is planned: add one under 'digests:'")
    return found

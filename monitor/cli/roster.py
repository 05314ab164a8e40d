"""`monitor roster`: who has duty when, by the file; as a table or as an iCalendar file."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from alerts.policy import Policy, Team
    from monitor.oncall.stretches import Stretch


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("roster", help="who has duty when, and each hand-over")
    parser.add_argument("--team", help="team of alerts.yaml (default: the first with a roster)")
    parser.add_argument("--days", type=int, default=7, metavar="N", help="how far (default 7)")
    parser.add_argument("--ics", action="store_true", help="print an iCalendar file")
    common.add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the stretches of duty; exit 1 when somebody is missing in one of them."""
    from monitor.errors import MonitorError
    from monitor.oncall.stretches import as_calendar, from_its_start, stretches

    policy = common.policy(common.settings())
    if not 1 <= args.days <= 400:
        raise MonitorError("--days takes 1 to 400")
    team = _team(policy, args.team)
    now = datetime.now(UTC)
    found = stretches(team, policy, now, now + timedelta(days=args.days))
    if args.ics:
        found = from_its_start(found, team, policy)
        sys.stdout.write(as_calendar(found, team, policy, now))
    elif args.json:
        common.print_json([_json(each) for each in found])
    else:
        _print(found, team, policy)
    return 1 if any(each.primary is None for each in found) else 0


def _team(policy: Policy, name: str | None) -> Team:
    from monitor.errors import MonitorError

    if name is None:
        with_roster = [each for each in policy.teams.values() if each.roster or each.overrides]
        if not with_roster:
            raise MonitorError("no team of alerts.yaml has a roster: everybody is told")
        return with_roster[0]
    if name not in policy.teams:
        raise MonitorError(f"no team {name!r} in alerts.yaml: {', '.join(policy.teams)}")
    return policy.teams[name]


def _json(of: Stretch) -> dict[str, Any]:
    return {
        "from": of.starts.isoformat(),
        "to": of.ends.isoformat(),
        "primary": of.primary,
        "backup": of.backup,
        "why": of.why,
    }


def _print(found: list[Stretch], team: Team, policy: Policy) -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(policy.timezone)
    rows = [
        (
            f"{each.starts.astimezone(zone):%a %d %b %H:%M}",
            f"{each.ends.astimezone(zone):%a %d %b %H:%M}",
            each.primary or "NOBODY",
            each.backup or "–",
            each.why,
        )
        for each in found
    ]
    print(f"{team.name.en}, times of {policy.timezone}; head: {team.head or 'none'}")
    print(common.table(rows, ("from", "hand-over", "primary", "backup", "why")))
    gaps = sum(each.primary is None for each in found)
    if gaps:
        print(f"attention: {gaps} stretches without a primary: the whole team is told then")

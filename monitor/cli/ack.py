"""`monitor ack N`: take an incident on; escalation stops."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("ack", help="acknowledge an incident; escalation stops")
    parser.add_argument("number", metavar="N", help="its number, for example 2026-0042")
    parser.add_argument("--by", help="who takes it, an office or a login (default: yours)")
    parser.add_argument("--undo", action="store_true", help="take the acknowledgement back")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Record it; works beside a running program."""
    from alerts import phrases
    from monitor.errors import MonitorError
    from monitor.incidents.officer import Deed
    from monitor.oncall import deeds
    from monitor.refusal import NotDone
    from storage import incidents

    settings = common.settings()
    policy = common.policy(settings)
    by = args.by or getpass.getuser()
    now = datetime.now(UTC)
    with common.database(settings) as database, database.write() as conn:
        incident = incidents.by_number(conn, args.number)
        if incident is None:
            raise MonitorError(
                f"there is no incident {args.number}: `monitor incidents list --all` shows all"
            )
        deed = Deed(conn, policy, by, now)
        if args.undo:
            deeds.unacknowledge(deed, incident)
        elif deeds.is_over(incident):
            raise NotDone("over", number=incident.number)
        elif not deeds.acknowledge(deed, incident, "command") and incident.acknowledged_at:
            print(
                f"{incident.number} was taken by "
                f"{phrases.office(incident.acknowledged_by, 'en', policy)} at "
                f"{common.when(incident.acknowledged_at, policy, 'en')} already; nothing is "
                "changed."
            )
            return 0
    done = "is open again for the escalation" if args.undo else f"is taken by {by}"
    print(f"{incident.number} {done}: {incident.title_en}")
    return 0

"""A warning that nobody lifted ends by itself; its incident tells so once, with the last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.policy import Policy
from monitor.incidents.afresh import work_out
from monitor.incidents.messages import in_force
from storage import incidents, itemreads
from storage.records import Incident, Level, Role

if TYPE_CHECKING:
    from storage.database import Connection

RECENT = timedelta(days=7)  # of the last item: warnings run for hours, or a few days
MOST = 200  # incidents looked at in one go, the gravest first


def expire(conn: Connection, policy: Policy, now: datetime) -> int:
    """Write into the timelines of open incidents that their warnings have expired; how many."""
    found = incidents.listing(
        conn, states=("open",), min_level=Level.WATCH, since=now - RECENT, limit=10 * MOST
    )
    warned = [each for each in found if each.severity and not (each.lifted or each.withdrawn)]
    done = 0
    for incident in warned[:MOST]:
        if not _has_expired(conn, incident, now):
            continue
        change = incidents.add_change(conn, incident_id=incident.id, at=now, kind="expired")
        work_out(conn, incident, policy, now=now, changes=(change,))
        done += 1
    return done


def _has_expired(conn: Connection, incident: Incident, now: datetime) -> bool:
    """Whether all warnings in force have run out, and nobody has been told of it yet."""
    told = [each.at for each in incidents.changes(conn, incident.id) if each.kind == "expired"]
    if told and max(told) >= incident.last_item_at:
        return False
    linked = itemreads.of_incident(conn, incident.id)
    signals = [each for each in linked if each.role is Role.SIGNAL]
    ends = [each.values.expires_at for each in in_force(signals)]
    known = [each for each in ends if each is not None]
    return bool(known) and max(known) <= now

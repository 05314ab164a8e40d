"""Incidents on which nothing moves any more go quiet, then close; a later item opens them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.incidents.hazards import LONGEST, window
from storage import incidents
from storage.records import Incident, Why

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 100_000
CLOSES_AFTER = LONGEST  # no item joins any more by then, but by an identity of the event


def rest(conn: Connection, now: datetime) -> int:
    """Mark as quiet what has had no item for as long as its hazard takes new ones; how many.

    What has been quiet for long is closed.
    """
    done = 0
    for incident in incidents.listing(conn, states=("open", "quiet"), limit=MOST):
        if "state" in incident.held:
            continue  # an officer has opened it again
        still = now - incident.last_item_at
        if still > CLOSES_AFTER:
            _settle(conn, incident, "closed", Why("closed_by_rule", {"days": still.days}), now)
        elif incident.state == "open" and still > window(incident.hazard):
            _settle(conn, incident, "quiet", Why("no_news", {"days": still.days}), now)
        else:
            continue
        done += 1
    return done


def _settle(conn: Connection, incident: Incident, state: str, why: Why, now: datetime) -> None:
    incidents.save(conn, replace(incident, state=state))
    incidents.add_change(conn, incident_id=incident.id, at=now, kind=state, why=(why,))


def closed_by_rule(conn: Connection, incident: Incident) -> bool:
    """Whether the machine closed it, so that it may open it again; never what an officer closed."""
    if incident.state != "closed" or "state" in incident.held:
        return False
    closed = [each for each in incidents.changes(conn, incident.id) if each.kind == "closed"]
    return bool(closed) and max(closed, key=lambda each: each.id).by == "machine"

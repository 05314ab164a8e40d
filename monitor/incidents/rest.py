"""Incidents on which nothing moves any more go quiet; a later item opens them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.incidents.hazards import window
from storage import incidents
from storage.records import Why

if TYPE_CHECKING:
    from storage.database import Connection

MOST = 100_000


def rest(conn: Connection, now: datetime) -> int:
    """Mark as quiet what has had no item for as long as its hazard takes new ones; how many."""
    done = 0
    for incident in incidents.listing(conn, states=("open",), limit=MOST):
        if "state" in incident.held:
            continue  # an officer has opened it again
        still = now - incident.last_item_at
        if still <= window(incident.hazard):
            continue
        incidents.save(conn, replace(incident, state="quiet"))
        incidents.add_change(
            conn,
            incident_id=incident.id,
            at=now,
            kind="quiet",
            why=(Why("no_news", {"days": still.days}),),
        )
        done += 1
    return done

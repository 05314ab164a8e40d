"""Incidents that officers closed and of which something grave was told since."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.closing import is_grave, since_closing
from storage import incidents
from storage.records import Incident

if TYPE_CHECKING:
    from storage.database import Connection

SHOWN_FOR = timedelta(days=3)
_KINDS = ("level_raised", "nationals", "nationals_report")


def overlooked(conn: Connection, now: datetime) -> list[Incident]:
    """Those of the last days, newest number first; opening or closing again settles them."""
    recent = (
        change
        for kind in _KINDS
        for change in incidents.changes_of_kind(conn, kind, now - SHOWN_FOR)
    )
    ids = {change.incident_id for change in recent if is_grave(change)}
    found = [incidents.get(conn, each) for each in sorted(ids, reverse=True)]
    return [
        each
        for each in found
        if each.state == "closed" and since_closing(incidents.changes(conn, each.id))
    ]

"""What is written of our people in an incident, as a digest prints it: now, and at the start."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from alerts import standing
from alerts.digest.people import MACHINE
from storage import incidents
from storage.records import Incident, NationalsStatus

if TYPE_CHECKING:
    from storage.database import Connection


def people_of(
    conn: Connection, of: Incident, start: datetime
) -> tuple[NationalsStatus | None, NationalsStatus | None]:
    """What holds now, with its source and time, and what an officer had written by `start`.

    An officer's word stands over the machine's; None where nothing was written of the status
    that the incident has.
    """
    if of.nationals == "unknown":
        return None, None
    known = incidents.nationals_of(conn, of.id)
    by_officer = [each for each in known if each.by != MACHINE]
    if "nationals" in of.held and by_officer:
        before = [each for each in by_officer if each.recorded_at < start]
        return by_officer[-1], before[-1] if before else None
    status = standing.shown(of.nationals)
    return next((each for each in reversed(known) if each.status == status), None), None

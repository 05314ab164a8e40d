"""What officers recorded of ministries' words: dated within reason, and taken back openly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.communications.recorded import entries, record, take_back
from monitor.refusal import NotDone
from storage import audit, incidents
from storage.database import Connection
from storage.records import Incident
from tests.monitor.deeds import NOW, Desk


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def said(desk: Desk, of: Incident, *, days_before: float = 0, by: str = "SG") -> Incident:
    return record(
        desk.deed(), of, at=NOW - timedelta(days=days_before), country=by, publisher=by,
        channel="a call", kind="statement", title="", link=None,
    )  # fmt: skip


def test_a_slip_of_the_year_is_refused_and_advice_of_last_week_is_not(desk: Desk) -> None:
    of = desk.incident(desk.comes("Floods in Laos").incident_id)
    said(desk, of, days_before=7)
    with pytest.raises(NotDone, match="365 days before") as refused:
        said(desk, of, days_before=365)
    assert "365 วัน" in refused.value.in_("th")
    assert len(entries(desk.conn, of)) == 1


def test_what_was_recorded_by_mistake_is_taken_back_and_the_record_says_so(desk: Desk) -> None:
    of = desk.incident(desk.comes("Floods in Laos").incident_id)
    with pytest.raises(NotDone, match="no communication"):
        take_back(desk.deed(), of, None, "wrong one")
    said(desk, of)
    said(desk, of, by="JP")
    first, second = entries(desk.conn, of)
    with pytest.raises(NotDone, match=f"{first.entry}: SG .a call.*{second.entry}: JP"):
        take_back(desk.deed(), of, None, "wrong one")
    desk.later(hours=1)
    take_back(desk.deed(), of, second.entry, "wrong one")
    assert [each.speaker for each in incidents.communications(desk.conn, of.id, by_hand=True)] == [
        "SG"
    ]
    line = incidents.changes(desk.conn, of.id)[-1]
    assert (line.kind, line.old, line.new, line.by, line.at) == (
        "taken_back", "JP (a call)", "wrong one", "duty-primary", desk.now,
    )  # fmt: skip
    kept = audit.listing(desk.conn, limit=1)[0]
    assert kept.before["country"] == "JP"
    with pytest.raises(NotDone, match="name one"):
        take_back(desk.deed(), of, second.entry, "again")

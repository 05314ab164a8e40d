"""What officers recorded of ministries' words: dated within reason, and taken back openly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.communications.recorded import (
    entries,
    is_early,
    kept_beside,
    record,
    set_nationals,
    take_back,
)
from monitor.refusal import NotDone
from storage import audit, incidents
from storage.database import Connection
from storage.records import Incident, Level
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


def told(desk: Desk, of: Incident, status: str, *, minutes: int, **counts: int) -> Incident:
    """What is known of our people as of so many minutes after the first report."""
    return set_nationals(
        desk.deed(), desk.incident(of.id), status, counts,
        source="Embassy", note="", at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def test_a_status_of_an_older_time_is_kept_and_does_not_replace_the_newer(desk: Desk) -> None:
    of = desk.incident(desk.comes("Floods in Laos").incident_id)
    desk.later(hours=2)
    assert told(desk, of, "confirmed", minutes=60, dead=1).level is Level.FLASH
    after = told(desk, of, "none_checked", minutes=30)
    assert (after.nationals, after.level) == ("confirmed", Level.FLASH)
    assert [each.status for each in incidents.nationals_of(desk.conn, of.id)] == [
        "none_checked", "confirmed",
    ]  # fmt: skip
    newer = kept_beside(desk.deed(), after, NOW + timedelta(minutes=30))
    assert newer == NOW + timedelta(minutes=60)
    same = told(desk, of, "none_checked", minutes=60)
    assert same.nationals == "none_checked"  # of one time what was written last holds
    assert kept_beside(desk.deed(), same, NOW + timedelta(minutes=60)) is None


def test_a_number_of_people_that_nobody_means_is_refused(desk: Desk) -> None:
    of = desk.incident(desk.comes("Floods in Laos").incident_id)
    with pytest.raises(NotDone, match="at most 10,000,000") as refused:
        told(desk, of, "confirmed", minutes=0, injured=99999999999999999999)
    assert "10,000,000" in refused.value.in_("th")
    assert incidents.nationals_of(desk.conn, of.id) == []


def test_words_days_before_the_event_are_worth_a_second_look(desk: Desk) -> None:
    of = desk.incident(desk.comes("Floods in Laos").incident_id)
    assert is_early(of, NOW - timedelta(days=4))
    assert not is_early(of, NOW - timedelta(hours=2))

"""After officers move items, everything an incident knows comes from what is left in it."""

from __future__ import annotations

import pytest

from monitor.incidents import officer
from storage import decisions, incidents
from storage.database import Connection
from storage.records import Hazard, Item, Level
from tests.monitor.deeds import NOW, Desk

QUAKE = Hazard(type="EQ", magnitude=6.4, event_at=NOW, severity="Severe")


def fire(desk: Desk) -> Item:
    """Something else, elsewhere, from another feed."""
    return desk.comes(
        "Fire in a hotel", feed="local", hazard="FR", labels=("human_made",), country="VN"
    )


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def test_an_incident_of_old_items_tells_nobody_when_it_is_arranged_anew(desk: Desk) -> None:
    quake = desk.comes("M 6.4 earthquake in Laos", hazard="EQ", facts=QUAKE, tier="official")
    other = fire(desk)
    note = desk.comes("Villages cut off after the earthquake in Laos", hazard="EQ")
    assert note.incident_id == quake.incident_id != other.incident_id
    desk.later(days=45)
    before = {each.id for each in decisions.of_incident(desk.conn, quake.incident_id or 0)}
    officer.move(desk.deed(), quake.id, desk.incident(other.incident_id))
    for number in (note.incident_id, other.incident_id):
        made = [
            each
            for each in decisions.of_incident(desk.conn, number or 0)
            if each.id not in before and each.made_at == desk.now
        ]
        assert made
        assert {each.state for each in made} == {"none"}, "nothing waits that will never tell"
        assert {why.code for each in made for why in each.why} == {"stale"}
    officer.merge(desk.deed(), desk.incident(note.incident_id), desk.incident(other.incident_id))
    assert not [each for each in decisions.pending(desk.conn, other.incident_id or 0)
                if each.made_at == desk.now]  # fmt: skip


def test_what_is_left_without_its_official_report_is_confirmed_by_nobody(desk: Desk) -> None:
    quake = desk.comes("M 6.4 earthquake in Laos", hazard="EQ", facts=QUAKE, tier="official")
    desk.later(hours=2)
    desk.comes(
        "Earthquake in Laos: advice", feed="gb", hazard="EQ", speaker="GB", tier="official",
        communication="travel_advice",
    )  # fmt: skip
    of = desk.incident(quake.incident_id)
    (said,) = incidents.communications(desk.conn, of.id)
    assert (of.confirmation, said.delay_s) == ("official", 7200.0)
    other = fire(desk)
    officer.move(desk.deed(), quake.id, desk.incident(other.incident_id))
    left = desk.incident(of.id)
    (said,) = incidents.communications(desk.conn, of.id)
    assert (left.confirmation, left.severity, left.figures) == ("ministries", None, ())
    assert said.delay_s is None, "there is no report to count from"
    officer.move(desk.deed(), quake.id, left)
    (said,) = incidents.communications(desk.conn, of.id)
    assert (desk.incident(of.id).confirmation, said.delay_s) == ("official", 7200.0)


def test_an_incident_that_officers_emptied_knows_nothing_but_keeps_its_title(desk: Desk) -> None:
    quake = desk.comes("M 6.4 earthquake in Laos", hazard="EQ", facts=QUAKE, tier="official")
    other = fire(desk)
    title = desk.incident(quake.incident_id).title_en
    officer.move(desk.deed(), quake.id, desk.incident(other.incident_id))
    left = desk.incident(quake.incident_id)
    assert (left.state, left.confirmation, left.sources) == ("closed", "no_source", 0)
    assert (left.level, left.figures, left.severity) == (Level.INFO, (), None)
    assert left.title_en == title

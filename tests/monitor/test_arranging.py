"""After officers move items, everything an incident knows comes from what is left in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.desk.incidenttext import as_text
from monitor.incidents import officer
from monitor.incidents.show import dossier
from monitor.incidents.showjson import as_json
from monitor.incidents.take import Taker
from storage import decisions, incidents, itemreads
from storage.database import Connection
from storage.records import Hazard, Item, Level, Place
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


BLAST = Hazard(type="explosion", event_at=NOW, severity="Severe")
COQUIMBO = Place("45 km SW of Coquimbo, Chile", "CL", -30.2, -71.9)
KEDAH = Place("Kedah", "MY", 6.1, 100.4)


def blast(desk: Desk, **more: object) -> Item:
    """An explosion in Malaysia, from a news agency that names the place."""
    return desk.comes(
        "Explosion at a plant in Kedah, Malaysia", hazard="explosion", labels=("human_made",),
        country="MY", places=(KEDAH,), **more,
    )  # fmt: skip


def shock(desk: Desk) -> Item:
    """An earthquake in Chile, measured by an official network."""
    facts = replace(QUAKE, magnitude=6.4)
    return desk.comes(
        "M 6.4 - 45 km SW of Coquimbo, Chile", feed="network", hazard="EQ", facts=facts,
        country="CL", places=(COQUIMBO,), tier="official",
    )  # fmt: skip


def test_an_incident_that_takes_over_another_stays_what_it_is(desk: Desk) -> None:
    ours, other = blast(desk), shock(desk)
    before = desk.incident(ours.incident_id)
    after = officer.merge(desk.deed(), desk.incident(other.incident_id), before)
    assert (after.title_en, after.title_th) == (before.title_en, before.title_th)
    assert (after.hazard, after.place) == ("explosion", "Kedah")
    assert (after.lat, after.lon) == (before.lat, before.lon)
    assert after.countries == ("MY", "CL"), "what is added stands behind"
    assert after.sources == 2, "its reports count"
    assert "magnitude" not in {each.kind for each in after.figures}
    why = incidents.why_of(desk.conn, after.id)[other.id]
    assert [each.code for each in why] == ["merged_in"]
    desk.later(hours=1)
    blast(desk, feed="second")  # and it stays so with what comes later
    later = desk.incident(after.id)
    assert (later.title_en, later.hazard, later.place) == (before.title_en, "explosion", "Kedah")


def test_what_a_merged_incident_brings_fills_what_the_survivor_does_not_know(desk: Desk) -> None:
    said = desk.comes("Earthquake felt in Chile", hazard="EQ", country="CL")
    desk.later(days=3)
    other = shock(desk)
    assert said.incident_id != other.incident_id
    into = desk.incident(said.incident_id)
    after = officer.merge(desk.deed(), desk.incident(other.incident_id), into)
    assert (after.place, after.event_at) == (COQUIMBO.name, NOW)
    assert {each.kind: each.value for each in after.figures}["magnitude"] == 6.4
    assert after.number == into.number


def test_a_revision_of_what_came_with_a_merge_changes_nothing_of_the_survivor(desk: Desk) -> None:
    ours, other = blast(desk), shock(desk)
    into = desk.incident(ours.incident_id)
    officer.merge(desk.deed(), desk.incident(other.incident_id), into)
    taker = Taker(desk.conn, desk.policy, now=desk.now)
    newest = desk.item(other.id)
    taker.take_revised(newest, newest, (), hold=None)
    taker.finish()
    after = desk.incident(into.id)
    assert (after.hazard, after.place) == ("explosion", "Kedah")


def test_an_officer_who_splits_and_merges_back_lifts_nothing(desk: Desk) -> None:
    quake = desk.comes("M 6.4 earthquake in Laos", hazard="EQ", facts=QUAKE, tier="official")
    desk.later(hours=1)
    clear = desk.comes("Earthquake in Laos: all clear", hazard="EQ", tier="official",
                       facts=replace(QUAKE, response="AllClear"))  # fmt: skip
    of = desk.incident(quake.incident_id)
    assert clear.incident_id == of.id
    assert desk.kinds(of).count("lifted") == 1
    desk.later(hours=1)
    part = officer.split(desk.deed(), of, [clear.id])
    assert not desk.incident(of.id).lifted
    before = incidents.changes(desk.conn, of.id)
    officer.merge(desk.deed(), part, desk.incident(of.id))
    after = desk.incident(of.id)
    assert after.lifted
    new = [each.kind for each in incidents.changes(desk.conn, of.id) if each not in before]
    assert new == ["absorbed", "level_lowered"], "what it comes to is told, and no more"


def test_a_word_that_lifts_comes_with_its_own_time_and_name_to_another_incident(
    desk: Desk,
) -> None:
    quake = desk.comes("M 6.4 earthquake in Laos", hazard="EQ", facts=QUAKE, tier="official")
    desk.later(hours=1)
    elsewhere = shock(desk)
    clear = desk.comes("Earthquake in Chile: all clear", hazard="EQ", tier="official",
                       country="CL", facts=replace(QUAKE, response="AllClear"))  # fmt: skip
    assert clear.incident_id == elsewhere.incident_id != quake.incident_id
    said_at = clear.first_seen_at
    desk.later(hours=1)
    officer.move(desk.deed(), clear.id, desk.incident(quake.incident_id))
    lifted = [
        each for each in incidents.changes(desk.conn, quake.incident_id or 0)
        if each.kind == "lifted"
    ]  # fmt: skip
    assert [(each.at, each.by, each.item_id) for each in lifted] == [(said_at, "machine", clear.id)]


def test_a_split_says_on_both_sides_what_went_where_and_by_whom(desk: Desk) -> None:
    one, two = blast(desk), blast(desk, feed="second")
    of = desk.incident(one.incident_id)
    part = officer.split(desk.deed(), of, [two.id])
    opened = incidents.changes(desk.conn, part.id)[0]
    assert (opened.old, opened.by) == (of.number, "duty-primary")
    left = next(each for each in incidents.changes(desk.conn, of.id) if each.kind == "split")
    assert (left.new, left.by, left.why[0].values["items"]) == (
        part.number, "duty-primary", str(two.id),
    )  # fmt: skip
    shown = dossier(desk.conn, part, desk.policy, now=desk.now)
    told = as_text(shown, desk.policy, "en", desk.now)
    assert f"Split from #{of.number} (primary duty officer," in told
    assert as_json(shown, desk.policy)["split_from"]["number"] == of.number
    old = dossier(desk.conn, desk.incident(of.id), desk.policy, now=desk.now)
    assert f"รายการที่แยกออกไป: {two.id}" in as_text(old, desk.policy, "th", desk.now)


def test_what_was_split_off_comes_home_as_the_incidents_own(desk: Desk) -> None:
    quake = desk.comes("M 6.4 earthquake in Laos", hazard="EQ", facts=QUAKE, tier="official")
    note = desk.comes("Villages cut off after the earthquake in Laos", hazard="EQ")
    of = desk.incident(quake.incident_id)
    assert note.incident_id == of.id
    part = officer.split(desk.deed(), of, [quake.id])
    after = officer.merge(desk.deed(), part, desk.incident(of.id))
    assert [item.brought for item in itemreads.of_incident(desk.conn, of.id)] == [False, False]
    assert after.event_at == NOW

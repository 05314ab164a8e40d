"""An officer's word goes through to the incident and to whoever was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from monitor.config.policyfile import read_policy
from monitor.correcting import Ask, Corrected, correct
from monitor.errors import MonitorError
from monitor.incidents.take import Taker
from storage import audit, corrections, decisions, incidents, itemreads, items
from storage.database import Database
from storage.errors import StorageError
from storage.records import Figure, Hazard, Item, ItemValues, Level, Place, Reading, Tag
from tests.storage import make

NOW = datetime(2026, 3, 28, 6, 20, tzinfo=UTC)
POLICY = read_policy(Path(__file__).resolve().parents[2] / "alerts.yaml")
BOMBING = Reading(
    tags=(Tag("human_made", 0.9, ("bombing",)),), hazard="bombing", countries=("TH",),
    figures=(Figure("dead", 60, "60 dead"),), classifier="linear-1",
)  # fmt: skip
UNSURE = Reading(
    tags=(Tag("human_made", 0.3, ("blast",), sure=False),), hazard="explosion", countries=("TH",),
    figures=(Figure("dead", 60, "60 dead"),), classifier="linear-1",
)  # fmt: skip


@pytest.fixture
def conn(sqlite_url: str) -> Iterator[Connection]:
    """A write transaction; nothing here depends on the kind of database."""
    database = Database(sqlite_url)
    with database.write() as connection:
        yield connection
    database.close()


def taken(conn: Connection, reading: Reading, values: ItemValues, key: str = "wire") -> Item:
    """An item that came in and went its way."""
    feed = make.feed_id(conn, NOW, key, kind="news", publisher=key, tier="official")
    item_id = make.item_id(
        conn, feed, NOW, title=values.title, values=values, reading=reading, keys=(("id", key),)
    )
    taker = Taker(conn, POLICY, now=NOW)
    taker.take_new(itemreads.get(conn, item_id), (), hold=None)
    taker.finish()
    return itemreads.get(conn, item_id)


def said(conn: Connection, item: Item, ask: Ask) -> Corrected:
    return correct(conn, POLICY, item.id, ask, by="duty desk", note="looked", now=NOW)


def story(title: str = "Bombing in Bangkok kills 60", **more: object) -> ItemValues:
    return ItemValues(title, published_at=NOW, **more)  # type: ignore[arg-type]


def test_no_crisis_takes_the_incident_down_and_says_so_in_its_timeline(conn: Connection) -> None:
    item = taken(conn, BOMBING, story())
    done = said(conn, item, Ask(categories=()))
    assert done.before is not None
    assert done.after is not None
    assert (done.before.level, done.after.level) == (Level.FLASH, Level.INFO)
    assert (done.after.categories, done.after.hazard, done.after.figures) == ((), None, ())
    assert [why.code for why in done.after.level_why] == ["dismissed"]
    kinds = {change.kind: change.by for change in incidents.changes(conn, done.after.id)}
    assert kinds["reviewed"] == "duty desk"
    assert "level_lowered" in kinds
    assert done.item.reading.corrected == ("categories", "hazard")


def test_whoever_was_told_is_told_that_the_level_fell(conn: Connection) -> None:
    item = taken(conn, BOMBING, story())
    assert item.incident_id is not None
    told = {each.team for each in decisions.of_incident(conn, item.incident_id) if each.team}
    said(conn, item, Ask(categories=()))
    lowered = next(
        each for each in incidents.changes(conn, item.incident_id) if each.kind == "level_lowered"
    )
    again = [
        each for each in decisions.of_incident(conn, item.incident_id)
        if each.change_id == lowered.id
    ]  # fmt: skip
    assert told
    assert again


def test_an_item_that_waited_opens_an_incident_and_alerts_once_an_officer_is_sure(
    conn: Connection,
) -> None:
    item = taken(conn, UNSURE, story("Blast near Bangkok kills 60"))
    assert item.incident_id is None
    assert [why.code for why in item.disposition] == ["unsure"]
    done = said(conn, item, Ask(categories=("human_made",)))
    assert done.after is not None
    assert done.after.level is Level.FLASH
    assert done.item.disposition == ()
    made = decisions.of_incident(conn, done.after.id)
    assert any(each.team for each in made)


def test_another_report_of_the_incident_keeps_it_up(conn: Connection) -> None:
    first = taken(conn, BOMBING, story())
    second = taken(conn, BOMBING, story(), "other")
    assert first.incident_id == second.incident_id
    done = said(conn, first, Ask(categories=()))
    assert done.after is not None
    assert done.after.level is Level.FLASH
    assert done.after.independent_sources == 1


def test_an_officers_hazard_and_country_stand_above_the_sources_own(conn: Connection) -> None:
    values = story(
        "Warning for the coast",
        hazard=Hazard(type="TC", severity="Severe"),
        places=(Place("coast", "LA"),),
    )
    item = taken(conn, Reading(tags=(Tag("natural", 1.0),), countries=("LA",)), values)
    done = said(conn, item, Ask(hazard="FL", countries=("VN",)))
    assert done.after is not None
    assert (done.after.hazard, done.after.countries) == ("FL", ("VN",))
    assert done.item.reading.categories == ("natural",)


def test_what_a_source_calls_a_hazard_is_none_once_an_officer_says_so(conn: Connection) -> None:
    values = story("M 6.9 near Chiang Rai", hazard=Hazard(type="EQ", magnitude=6.9))
    item = taken(conn, Reading(tags=(Tag("natural", 1.0),), countries=("TH",)), values)
    done = said(conn, item, Ask(categories=()))
    assert done.after is not None
    assert (done.after.hazard, done.after.level) == (None, Level.INFO)


def test_a_revision_of_a_corrected_item_changes_nothing_of_it(conn: Connection) -> None:
    item = taken(conn, BOMBING, story())
    done = said(conn, item, Ask(categories=()))
    assert done.after is not None
    before = itemreads.get(conn, item.id)
    items.revise(
        conn, item.id, values=story("Bombing in Bangkok kills 61"), content_hash="2",
        changed=("title",), reading=BOMBING, keys=(), now=NOW,
    )  # fmt: skip
    taker = Taker(conn, POLICY, now=NOW)
    taker.take_revised(before, itemreads.get(conn, item.id), (), hold=None)
    taker.finish()
    assert incidents.get(conn, done.after.id).level is Level.INFO


def test_the_audit_names_who_changed_what(conn: Connection) -> None:
    item = taken(conn, BOMBING, story())
    said(conn, item, Ask(categories=("health",)))
    line = audit.listing(conn, limit=1)[0]
    assert (line.who, line.action, line.subject) == ("duty desk", "correct", f"item {item.id}")
    assert line.after == {"categories": ["health"], "hazard": "bombing", "countries": ["TH"]}
    assert corrections.newest(conn, item.id) is not None


def test_nothing_to_correct_and_no_such_item_are_refused(conn: Connection) -> None:
    item = taken(conn, BOMBING, story())
    with pytest.raises(MonitorError, match="--categories"):
        said(conn, item, Ask())
    with pytest.raises(StorageError, match="no item"):
        correct(conn, POLICY, 999, Ask(hazard=""), by="desk", note="", now=NOW)

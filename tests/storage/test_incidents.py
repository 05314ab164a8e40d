"""Incidents: numbers, lists, events, timeline, communications, acknowledgements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection, delete, select, text

from storage import incidents
from storage.database import Database
from storage.errors import StorageError
from storage.records import (
    Advice,
    Change,
    Communication,
    Figure,
    Incident,
    ItemValues,
    Level,
    Reading,
    Role,
    Why,
)
from storage.tables import acknowledgement, incident
from tests.storage import make

MINUTE = timedelta(minutes=1)


def test_an_incident_comes_back_as_it_was_saved(conn: Connection, now: datetime) -> None:
    opened = make.incident(conn, now)
    assert (opened.number, opened.opened_at, opened.level_since) == ("2026-0001", now, now)
    changed = Incident(
        id=opened.id,
        year=opened.year,
        seq=opened.seq,
        title_en="Earthquake",
        title_th="แผ่นดินไหว",
        hazard="EQ",
        categories=("natural", "health"),
        level=Level.FLASH,
        level_why=(Why("level.dead", {"n": 50}),),
        state="quiet",
        exercise=True,
        countries=("TH", "LA"),
        place="เชียงใหม่",
        lat=18.79,
        lon=98.98,
        event_at=now - MINUTE,
        opened_at=now - MINUTE,
        last_item_at=now + MINUTE,
        level_since=now + MINUTE,
        figures=(Figure("dead", 50, "50 ราย", "GDACS", now),),
        nationals="harmed",
        confirmation="official",
        sources=4,
        independent_sources=3,
        alert_levels=("GDACS: Orange",),
        severity="Extreme",
        urgency="Immediate",
        certainty="Observed",
        leave_calls=3,
        lifted=True,
        withdrawn=True,
        merged_into=None,
        acknowledged_at=now,
        acknowledged_by="duty officer",
        acknowledged_level=Level.ALERT,
    )
    incidents.save(conn, changed)
    assert incidents.get(conn, opened.id) == changed


def test_numbers_count_within_each_year(conn: Connection, now: datetime) -> None:
    numbers = [make.incident(conn, now).number for _ in range(2)]
    numbers.append(make.incident(conn, datetime(2027, 1, 1, tzinfo=UTC)).number)
    assert numbers == ["2026-0001", "2026-0002", "2027-0001"]


def test_a_number_is_not_given_again_after_its_incident_was_deleted(
    conn: Connection, now: datetime
) -> None:
    opened = make.incident(conn, now)
    conn.execute(delete(incident).where(incident.c.id == opened.id))
    again = make.incident(conn, now)
    assert again.number == "2026-0002"
    assert again.id > opened.id


def test_a_number_whose_transaction_failed_is_free_again(database: Database, now: datetime) -> None:
    def open_then_fail(conn: Connection) -> None:
        make.incident(conn, now)
        raise KeyError("a bug further up")

    with pytest.raises(KeyError), database.write() as conn:
        open_then_fail(conn)
    with database.write() as conn:
        assert make.incident(conn, now).number == "2026-0001"


def test_an_incident_is_found_by_the_number_officers_write(conn: Connection, now: datetime) -> None:
    opened = make.incident(conn, now)
    assert incidents.by_number(conn, " 2026-0001 ") == opened
    assert incidents.by_number(conn, "2026-1") == opened
    for none in (
        "2026-0002",
        "2026",
        "",
        "x-1",
        "2026-1-1",
        "๒๐๒๖-1",
        "2026-99999999999",
        "2026-²",
    ):
        assert incidents.by_number(conn, none) is None


def test_the_highest_level_comes_first_then_the_newest(conn: Connection, now: datetime) -> None:
    watch = make.incident(conn, now + MINUTE, level=Level.WATCH)
    flash = make.incident(conn, now, level=Level.FLASH)
    late = make.incident(conn, now + 2 * MINUTE, level=Level.WATCH)
    closed = make.incident(conn, now, level=Level.ALERT, state="closed")

    def ids(**asked: object) -> list[int]:
        return [i.id for i in incidents.listing(conn, limit=9, **asked)]  # type: ignore[arg-type]

    assert ids() == [flash.id, closed.id, late.id, watch.id]
    assert ids(states=("open", "quiet")) == [flash.id, late.id, watch.id]
    assert ids(states=()) == []
    assert ids(min_level=Level.ALERT) == [flash.id, closed.id]
    assert ids(since=now + MINUTE) == [late.id, watch.id]
    assert [i.id for i in incidents.listing(conn, limit=1)] == [flash.id]


def test_incidents_opened_between_two_moments_come_oldest_first(
    conn: Connection, now: datetime
) -> None:
    late, early = make.incident(conn, now + MINUTE), make.incident(conn, now)
    make.incident(conn, now + 2 * MINUTE)
    found = incidents.opened_between(conn, now, now + 2 * MINUTE)
    assert [i.id for i in found] == [early.id, late.id]


def test_sketches_are_of_living_incidents_with_their_newest_titles(
    conn: Connection, now: datetime
) -> None:
    feed = make.feed_id(conn, now)
    bare = make.incident(conn, now)
    full = make.incident(conn, now + MINUTE, hazard="FL", countries=("TH",), state="quiet")
    make.incident(conn, now, state="closed")
    make.incident(conn, now, state="merged")
    make.incident(conn, now - 60 * MINUTE)
    for n, title in enumerate(["หนึ่ง", "two", "three"]):
        item_id = make.item_id(conn, feed, now + n * MINUTE, title=title)
        incidents.add_item(conn, full.id, item_id, why=(), now=now)
    found = incidents.sketches(conn, now - MINUTE, titles=2)
    assert [(s.id, s.titles) for s in found] == [(full.id, ("three", "two")), (bare.id, ())]
    assert (found[0].number, found[0].hazard, found[0].countries) == (full.number, "FL", ("TH",))


def test_an_event_belongs_to_the_first_incident_that_had_it(
    conn: Connection, now: datetime
) -> None:
    one, two = make.incident(conn, now), make.incident(conn, now)
    long = ("cap", "x" * 5000)
    incidents.add_events(conn, one.id, [("usgs", "us7000"), ("glide", "EQ-2026-000001-THA")])
    incidents.add_events(conn, two.id, [("usgs", "us7000"), long])
    asked = [("usgs", "us7000"), ("glide", "us7000"), long, ("cap", "x" * 5001)]
    assert incidents.by_events(conn, asked) == {("usgs", "us7000"): one.id, long: two.id}
    assert incidents.by_events(conn, []) == {}
    assert ("usgs", "us7000") in incidents.events_of(conn, one.id)


def test_the_event_of_a_merged_incident_leads_to_the_one_it_lives_on_in(
    conn: Connection, now: datetime
) -> None:
    chain = [make.incident(conn, now) for _ in range(3)]
    incidents.add_events(conn, chain[0].id, [("usgs", "a")])
    for old, new in pairwise(chain):
        incidents.save(conn, replace(old, state="merged", merged_into=new.id))
    assert incidents.by_events(conn, [("usgs", "a")]) == {("usgs", "a"): chain[2].id}


def test_incidents_merged_in_a_circle_do_not_hang(conn: Connection, now: datetime) -> None:
    one, two = make.incident(conn, now), make.incident(conn, now)
    incidents.add_events(conn, one.id, [("usgs", "a")])
    incidents.save(conn, replace(one, merged_into=two.id))
    incidents.save(conn, replace(two, merged_into=one.id))
    assert incidents.by_events(conn, [("usgs", "a")])["usgs", "a"] in (one.id, two.id)


def test_every_link_of_an_item_has_its_reason(conn: Connection, now: datetime) -> None:
    feed, opened = make.feed_id(conn, now), make.incident(conn, now)
    item_id = make.item_id(conn, feed, now)
    incidents.add_item(conn, opened.id, item_id, why=(Why("same_event"),), now=now)
    assert incidents.why_of(conn, opened.id) == {item_id: (Why("same_event"),)}
    officer = (Why("by_hand"),)
    incidents.add_item(conn, opened.id, item_id, why=officer, now=now, by="duty officer")
    assert incidents.why_of(conn, opened.id) == {item_id: officer}
    assert incidents.remove_item(conn, opened.id, item_id)
    assert not incidents.remove_item(conn, opened.id, item_id)
    assert incidents.why_of(conn, opened.id) == {}


def test_the_timeline_runs_from_old_to_new(conn: Connection, now: datetime) -> None:
    opened, other = make.incident(conn, now), make.incident(conn, now)
    item_id = make.item_id(conn, make.feed_id(conn, now), now)
    second = incidents.add_change(
        conn,
        incident_id=opened.id,
        at=now + MINUTE,
        kind="level_raised",
        item_id=item_id,
        old="WATCH",
        new="ALERT",
        why=(Why("level.size", {"m": 7.1}),),
        by="duty officer",
    )
    first = incidents.add_change(conn, incident_id=opened.id, at=now, kind="opened")
    elsewhere = incidents.add_change(conn, incident_id=other.id, at=now, kind="opened")
    assert second == Change(
        second.id, opened.id, now + MINUTE, "level_raised", item_id, "WATCH", "ALERT",
        (Why("level.size", {"m": 7.1}),), "duty officer",
    )  # fmt: skip
    assert incidents.changes(conn, opened.id) == [first, second]
    assert incidents.changes(conn, opened.id, since=now + MINUTE) == [second]
    assert incidents.changes_between(conn, now, now + MINUTE) == [first, elsewhere]


def test_communications_tell_how_long_after_the_first_signal_a_ministry_spoke(
    conn: Connection, now: datetime
) -> None:
    signals = make.feed_id(conn, now)
    ministry = make.feed_id(conn, now, "mfa", kind="ministry", country="JP", home=False)
    opened = make.incident(conn, now)
    advice = Advice("TH", "3", "Avoid non-essential travel")
    told = [
        (signals, Role.SIGNAL, ItemValues("quake", published_at=now - 10 * MINUTE), Reading()),
        (
            ministry,
            Role.COMMUNICATION,
            ItemValues("คำแนะนำ", link="https://mfa.example/1", published_at=now, advice=advice),
            Reading(communication="travel_advice"),
        ),
        (
            ministry,
            Role.COMMUNICATION,
            ItemValues("Dated tomorrow", published_at=now + 999 * MINUTE),
            Reading(),
        ),
    ]
    ids = []
    for n, (feed, role, values, reading) in enumerate(told):
        item_id = make.item_id(
            conn, feed, now + n * MINUTE, role=role, values=values, reading=reading
        )
        incidents.add_item(conn, opened.id, item_id, why=(), now=now)
        ids.append(item_id)
    first, second = incidents.communications(conn, opened.id)
    assert first == Communication(
        opened.id, ids[1], "JP", "Agency", False, "travel_advice", "คำแนะนำ",
        "https://mfa.example/1", now, 600.0, advice,
    )  # fmt: skip
    assert (second.kind, second.at, second.delay_s) == ("other", now + 2 * MINUTE, 720.0)


def test_without_a_signal_there_is_no_delay(conn: Connection, now: datetime) -> None:
    opened = make.incident(conn, now)
    item_id = make.item_id(conn, make.feed_id(conn, now), now, role=Role.COMMUNICATION)
    incidents.add_item(conn, opened.id, item_id, why=(), now=now)
    assert [c.delay_s for c in incidents.communications(conn, opened.id)] == [None]


def test_an_acknowledgement_stands_until_it_is_taken_back(conn: Connection, now: datetime) -> None:
    opened = make.incident(conn, now)
    change = incidents.acknowledge(
        conn, opened.id, by="duty officer", at=now, channel="desk", level=Level.ALERT
    )
    held = incidents.get(conn, opened.id)
    assert (held.acknowledged_at, held.acknowledged_by, held.acknowledged_level) == (
        now,
        "duty officer",
        Level.ALERT,
    )
    undone = incidents.unacknowledge(conn, opened.id, by="head", at=now + MINUTE)
    freed = incidents.get(conn, opened.id)
    assert (freed.acknowledged_at, freed.acknowledged_by, freed.acknowledged_level) == (
        None,
        None,
        None,
    )
    assert incidents.changes(conn, opened.id) == [change, undone]
    assert (change.kind, change.new, undone.kind, undone.by) == (
        "acknowledged",
        "ALERT",
        "unacknowledged",
        "head",
    )
    history = conn.execute(select(acknowledgement)).mappings().one()
    assert (history["channel"], history["undone_at"], history["undone_by"]) == (
        "desk",
        now + MINUTE,
        "head",
    )


def test_an_unknown_incident_is_refused(conn: Connection, now: datetime) -> None:
    known = make.incident(conn, now)
    with pytest.raises(StorageError, match="no incident with the id 99"):
        incidents.get(conn, 99)
    with pytest.raises(StorageError, match="no incident with the id 99"):
        incidents.save(conn, replace(known, id=99))
    with pytest.raises(StorageError, match="no incident with the id 99"):
        incidents.acknowledge(conn, 99, by="x", at=now, channel="desk", level=Level.INFO)


def test_the_queries_of_every_poll_use_their_indexes(sqlite_url: str, now: datetime) -> None:
    database = Database(sqlite_url)
    queries = {
        "SELECT 1 FROM item_key WHERE feed_id=1 AND kind='a' AND value IN ('b')": "item_key",
        "SELECT 1 FROM notice WHERE state='pending' AND level=2 AND due_at<='x'":
            "ix_notice_state_level_due_at",
        "SELECT 1 FROM decision WHERE state='due' AND due_at<='x'": "ix_decision_state_due_at",
        "SELECT 1 FROM feed WHERE listed=1 AND parked=0 AND due_at<='x'": "ix_feed_due",
        "SELECT 1 FROM incident WHERE state IN ('open') AND last_item_at>='x'":
            "ix_incident_state_last_item_at",
        "SELECT 1 FROM item ORDER BY first_seen_at DESC, id DESC LIMIT 5":
            "ix_item_first_seen_at_id",
    }  # fmt: skip
    with database.read() as conn:
        for query, index in queries.items():
            plan = conn.execute(text("EXPLAIN QUERY PLAN " + query)).mappings().all()
            assert any(index in row["detail"] and "INDEX" in row["detail"] for row in plan), plan
    database.close()


def test_lines_written_together_are_those_written_one_by_one(
    conn: Connection, now: datetime
) -> None:
    feed, opened = make.feed_id(conn, now), make.incident(conn, now)
    other = make.incident(conn, now)
    item_id = make.item_id(conn, feed, now)
    lines = [
        Change(0, opened.id, now, "joined", item_id, None, "Agency", (Why("link_words"),)),
        Change(0, other.id, now, "opened"),
        Change(0, opened.id, now, "level_raised", item_id, "WATCH", "ALERT"),
    ]
    ids = incidents.add_changes(conn, lines)
    assert ids == sorted(set(ids))
    stored = [replace(line, id=row_id) for line, row_id in zip(lines, ids, strict=True)]
    assert incidents.changes(conn, opened.id) == [stored[0], stored[2]]
    assert incidents.changes(conn, other.id) == [stored[1]]
    assert incidents.add_changes(conn, []) == []


def test_items_linked_together_each_have_their_reason(conn: Connection, now: datetime) -> None:
    feed, opened = make.feed_id(conn, now), make.incident(conn, now)
    first, second = (make.item_id(conn, feed, now, title=title) for title in "ab")
    one, two = (Why("link_words"),), (Why("link_place"),)
    incidents.add_items(conn, [(opened.id, first, one), (opened.id, second, two)], now=now)
    assert incidents.why_of(conn, opened.id) == {first: one, second: two}
    incidents.add_items(conn, [(opened.id, first, two)], now=now)
    assert incidents.why_of(conn, opened.id) == {first: two, second: two}
    incidents.add_items(conn, [], now=now)

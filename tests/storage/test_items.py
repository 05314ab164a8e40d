"""Items: keys, revisions, readings and lists."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from storage import incidents, itemreads, items
from storage.errors import StorageError
from storage.records import (
    Advice,
    Figure,
    Hazard,
    ItemValues,
    Place,
    Reading,
    Role,
    Tag,
    Why,
)
from storage.tables import item_key
from tests.storage import make

MINUTE = timedelta(minutes=1)


def full(now: datetime) -> tuple[ItemValues, Reading]:
    values = ItemValues(
        title="แผ่นดินไหว 7.1 🌏",
        summary="ลึก 10 กม.",
        link="https://agency.example/1",
        published_at=now - MINUTE,
        hazard=Hazard("EQ", magnitude=7.1, population=120_000, event_at=now, current=True),
        places=(Place("เชียงใหม่", "TH", 18.79, 98.98),),
        advice=Advice("TH", "2", "ระวัง", partial=True),
        references=("a,b,c",),
    )
    reading = Reading(
        tags=(Tag("natural", 0.98, ("แผ่นดินไหว",)), Tag("health", 0.4, sure=False)),
        figures=(Figure("dead", 12, "12 ราย", at=now),),
        countries=("TH",),
        classifier="v1",
    )
    return values, reading


def test_an_item_comes_back_as_it_was_stored(conn: Connection, now: datetime) -> None:
    feed = make.feed_id(conn, now, kind="ministry", country="TH", home=True, tier="official")
    values, reading = full(now)
    item_id = make.item_id(conn, feed, now, role=Role.COMMUNICATION, values=values, reading=reading)
    item = itemreads.get(conn, item_id)
    assert (item.values, item.reading, item.role) == (values, reading, Role.COMMUNICATION)
    assert (item.feed_id, item.feed_name, item.feed_kind) == (feed, "GDACS", "ministry")
    assert (item.speaker, item.home, item.tier, item.publisher) == (
        "TH",
        True,
        "official",
        "Agency",
    )
    assert (item.first_seen_at, item.revision, item.incident_id) == (now, 1, None)
    assert item.disposition == ()


def test_a_known_key_leads_to_its_item_within_its_feed_only(
    conn: Connection, now: datetime
) -> None:
    feed, other = make.feed_id(conn, now), make.feed_id(conn, now, "usgs")
    item_id = make.item_id(conn, feed, now, keys=(("id", "a"), ("link", "a")))
    asked = [("id", "a"), ("link", "a"), ("id", "b"), ("usgs", "a")]
    known = items.Known(item_id, 1, "hash of Flood in the north")
    assert items.known(conn, feed, asked) == {("id", "a"): known, ("link", "a"): known}
    assert items.known(conn, other, asked) == {}
    assert items.known(conn, feed, []) == {}


def test_more_keys_than_one_statement_holds_are_looked_up(conn: Connection, now: datetime) -> None:
    feed = make.feed_id(conn, now)
    keys = tuple(("id", f"entry {n}") for n in range(1500))
    item_id = make.item_id(conn, feed, now, keys=keys)
    found = items.known(conn, feed, keys)
    assert len(found) == 1500
    assert {known.item_id for known in found.values()} == {item_id}


@pytest.mark.parametrize("letter", ["x", "ก", "\x00"])
def test_a_key_of_any_length_and_letters_is_found_again(
    conn: Connection, now: datetime, letter: str
) -> None:
    feed = make.feed_id(conn, now)
    one, two = letter * 90_000 + "1", letter * 90_000 + "2"
    first = make.item_id(conn, feed, now, keys=(("link", one),))
    second = make.item_id(conn, feed, now, keys=(("link", two),))
    found = items.known(conn, feed, [("link", one), ("link", two)])
    assert {key[1]: known.item_id for key, known in found.items()} == {one: first, two: second}


def test_one_guid_on_two_entries_stays_with_the_first(conn: Connection, now: datetime) -> None:
    feed = make.feed_id(conn, now)
    first = make.item_id(conn, feed, now, keys=(("id", "a"), ("link", "1")))
    second = make.item_id(conn, feed, now, title="other", keys=(("id", "a"), ("link", "2")))
    found = items.known(conn, feed, [("id", "a"), ("link", "1"), ("link", "2")])
    assert [known.item_id for known in found.values()] == [first, first, second]


def test_an_edited_title_is_a_revision_of_the_same_item(conn: Connection, now: datetime) -> None:
    feed = make.feed_id(conn, now)
    item_id = make.item_id(conn, feed, now, keys=(("id", "a"),))
    n = items.revise(
        conn,
        item_id,
        values=ItemValues("Flood in the north and east"),
        content_hash="h2",
        changed=("title",),
        reading=Reading(tags=(Tag("natural", 0.9),)),
        keys=(("id", "a"), ("link", "b")),
        now=now + MINUTE,
    )
    assert n == 2
    item = itemreads.get(conn, item_id)
    assert (item.revision, item.values.title) == (2, "Flood in the north and east")
    assert item.first_seen_at == now
    assert [
        (r.n, r.seen_at, r.changed, r.values.title) for r in itemreads.revisions(conn, item_id)
    ] == [
        (1, now, (), "Flood in the north"),
        (2, now + MINUTE, ("title",), "Flood in the north and east"),
    ]
    assert items.known(conn, feed, [("link", "b")])["link", "b"] == items.Known(item_id, 2, "h2")
    assert itemreads.count(conn) == 1
    assert conn.execute(select(func.count()).select_from(item_key)).scalar_one() == 2


def test_a_newer_classifier_replaces_the_reading_of_the_newest_revision(
    conn: Connection, now: datetime
) -> None:
    feed = make.feed_id(conn, now)
    item_id = make.item_id(conn, feed, now, reading=Reading(tags=(Tag("natural", 0.9),)))
    newer = Reading(tags=(Tag("health", 0.8),), classifier="v2")
    items.reread(conn, item_id, newer)
    item = itemreads.get(conn, item_id)
    assert (item.reading, item.revision) == (newer, 1)
    assert itemreads.recent(conn, limit=9, category="natural") == []
    assert [each.id for each in itemreads.recent(conn, limit=9, category="health")] == [item_id]


def test_recent_items_page_by_when_they_were_first_seen(conn: Connection, now: datetime) -> None:
    feed, other = make.feed_id(conn, now), make.feed_id(conn, now, "usgs")
    natural = Reading(tags=(Tag("natural", 0.9),))
    late = make.item_id(conn, feed, now + 2 * MINUTE, reading=natural)
    twins = [make.item_id(conn, feed, now + MINUTE) for _ in range(2)]
    early = make.item_id(conn, other, now, reading=natural)
    assert [i.id for i in itemreads.recent(conn, limit=2)] == [late, twins[1]]
    assert [i.id for i in itemreads.recent(conn, limit=9, before_id=twins[1])] == [twins[0], early]
    assert [i.id for i in itemreads.recent(conn, limit=9, category="natural")] == [late, early]
    assert [i.id for i in itemreads.recent(conn, limit=9, feed_id=other)] == [early]


def test_items_between_two_moments_come_oldest_first(conn: Connection, now: datetime) -> None:
    feed = make.feed_id(conn, now)
    ids = [make.item_id(conn, feed, now + n * MINUTE) for n in range(4)]
    found = itemreads.between(conn, now + MINUTE, now + 3 * MINUTE, 9)
    assert [i.id for i in found] == ids[1:3]
    assert [i.id for i in itemreads.between(conn, now, now + 9 * MINUTE, 1)] == ids[:1]


def test_items_are_counted_by_time_and_by_what_is_sure(conn: Connection, now: datetime) -> None:
    feed = make.feed_id(conn, now)
    both = Reading(tags=(Tag("natural", 0.9), Tag("health", 0.4, sure=False)))
    make.item_id(conn, feed, now, reading=both)
    make.item_id(conn, feed, now + MINUTE, reading=Reading(tags=(Tag("natural", 0.9),)))
    assert itemreads.count_by_category(conn) == {"natural": 2}
    assert itemreads.count_between(conn, now, now + MINUTE) == 1
    assert itemreads.count_between(conn, now, now + 2 * MINUTE) == 2


def test_new_items_are_counted_by_feed_from_a_moment_on(conn: Connection, now: datetime) -> None:
    busy, slow = make.feed_id(conn, now), make.feed_id(conn, now, "slow")
    for minutes in range(3):
        make.item_id(conn, busy, now + minutes * MINUTE)
    make.item_id(conn, slow, now)
    assert itemreads.count_by_feed(conn, now) == {busy: 3, slow: 1}
    assert itemreads.count_by_feed(conn, now + MINUTE) == {busy: 2}


def test_an_item_knows_its_incident_and_the_incident_its_items(
    conn: Connection, now: datetime
) -> None:
    feed = make.feed_id(conn, now)
    first, second = make.item_id(conn, feed, now), make.item_id(conn, feed, now + MINUTE)
    incident = make.incident(conn, now)
    for item_id in (first, second):
        incidents.add_item(conn, incident.id, item_id, why=(), now=now)
    assert itemreads.get(conn, first).incident_id == incident.id
    assert [i.id for i in itemreads.of_incident(conn, incident.id)] == [second, first]


def test_an_item_in_two_incidents_names_the_one_it_was_linked_to_last(
    conn: Connection, now: datetime
) -> None:
    item_id = make.item_id(conn, make.feed_id(conn, now), now)
    one, two = make.incident(conn, now), make.incident(conn, now)
    incidents.add_item(conn, two.id, item_id, why=(), now=now)
    incidents.add_item(conn, one.id, item_id, why=(), now=now + MINUTE)
    assert itemreads.get(conn, item_id).incident_id == one.id
    assert len(itemreads.recent(conn, limit=9)) == 1


def test_the_disposition_says_why_an_item_did_not_alert(conn: Connection, now: datetime) -> None:
    item_id = make.item_id(conn, make.feed_id(conn, now), now)
    why = (Why("first_sight", {"hours": 6}),)
    items.set_disposition(conn, item_id, why)
    assert itemreads.get(conn, item_id).disposition == why


def test_an_unknown_item_is_refused(conn: Connection, now: datetime) -> None:
    with pytest.raises(StorageError, match="no item with the id 9"):
        itemreads.get(conn, 9)
    with pytest.raises(StorageError, match="no item with the id 9"):
        items.reread(conn, 9, Reading())
    with pytest.raises(StorageError, match="no item with the id 9"):
        items.revise(
            conn, 9, values=ItemValues("x"), content_hash="", changed=(), reading=Reading(),
            keys=(), now=now,
        )  # fmt: skip


def test_an_item_has_the_tags_that_its_feed_has_now(conn: Connection, now: datetime) -> None:
    feed = make.feed_id(conn, now, tags=("weather", "ยังไม่ยืนยัน"))
    item = make.item_id(conn, feed, now)
    assert itemreads.get(conn, item).feed_tags == ("weather", "ยังไม่ยืนยัน")
    make.feed_id(conn, now, tags=("cap",))
    assert itemreads.get(conn, item).feed_tags == ("cap",)
    make.feed_id(conn, now)
    assert itemreads.get(conn, item).feed_tags == ()

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete

from storage import corrections, itemreads, items
from storage.records import Correction, ItemValues, Judgement, Reading, Tag
from storage.tables import item as item_table
from tests.storage import make

READ = Reading(
    tags=(Tag("natural", 0.4, ("flood",), sure=False), Tag("health", 0.9, ("cholera",))),
    hazard="FL",
    hazard_evidence=("flood",),
    countries=("LA",),
    flags=("retrospective", "exercise"),
    classifier="linear-1",
)


def stored(conn: Connection, now: datetime, reading: Reading = READ) -> int:
    return make.item_id(conn, make.feed_id(conn, now), now, reading=reading)


def correct(
    conn: Connection, item_id: int, at: datetime, *names: str, **after: tuple[str, ...] | str | None
) -> Correction:
    item = itemreads.get(conn, item_id)
    said = replace(corrections.judgement_of(item.reading), **after)  # type: ignore[arg-type]
    made = corrections.add(conn, item, said, corrected=names, by="desk", note="why", at=at)
    items.reread(conn, item_id, item.reading)
    return made


def test_a_correction_keeps_who_when_before_and_after(conn: Connection, now: datetime) -> None:
    item_id = stored(conn, now)
    made = correct(conn, item_id, now, "categories", categories=("natural",), unsure=())
    assert corrections.of_item(conn, item_id) == [made]
    assert (made.by, made.at, made.note) == ("desk", now, "why")
    assert made.before == Judgement(("health",), ("natural",), "FL", ("LA",))
    assert made.after.categories == ("natural",)
    assert made.title == "Flood in the north"


def test_a_corrected_item_says_what_the_officer_said(conn: Connection, now: datetime) -> None:
    item_id = stored(conn, now)
    correct(conn, item_id, now, "categories", categories=("natural",), unsure=())
    reading = itemreads.get(conn, item_id).reading
    assert reading.tags == (Tag("natural", 1.0, ("flood",)),)
    assert (reading.corrected, reading.corrected_by) == (("categories",), "desk")
    assert reading.flags == ("exercise",)  # a crisis by an officer's word is one of today
    assert reading.hazard == "FL"


def test_no_classifier_ever_changes_what_an_officer_set(conn: Connection, now: datetime) -> None:
    item_id = stored(conn, now)
    correct(conn, item_id, now, "categories", categories=(), unsure=())
    items.reread(conn, item_id, READ)
    assert itemreads.get(conn, item_id).reading.categories == ()
    items.revise(
        conn, item_id, values=ItemValues("Flood grows"), content_hash="2", changed=("title",),
        reading=replace(READ, hazard="FF", classifier="linear-2"), keys=(), now=now,
    )  # fmt: skip
    reading = itemreads.get(conn, item_id).reading
    assert reading.tags == ()
    assert reading.hazard == "FF"  # nobody set that
    assert reading.classifier == "linear-2"
    assert itemreads.recent(conn, limit=5, category="health") == []


def test_a_second_correction_keeps_what_the_first_set(conn: Connection, now: datetime) -> None:
    item_id = stored(conn, now)
    correct(conn, item_id, now, "categories", categories=("natural",), unsure=())
    correct(conn, item_id, now, "hazard", "countries", hazard="LS", countries=("VN",))
    items.reread(conn, item_id, READ)
    reading = itemreads.get(conn, item_id).reading
    assert reading.categories == ("natural",)
    assert (reading.hazard, reading.hazard_evidence, reading.countries) == ("LS", (), ("VN",))
    assert reading.corrected == ("categories", "hazard", "countries")
    last = corrections.newest(conn, item_id)
    assert last is not None
    assert corrections.in_force(conn) == [last]


def test_what_waits_for_a_look_leaves_the_list_once_an_officer_has_looked(
    conn: Connection, now: datetime
) -> None:
    item_id = stored(conn, now)
    sure = replace(READ, tags=READ.tags[1:])
    make.item_id(conn, make.feed_id(conn, now), now, title="Sure", reading=sure)
    assert [each.id for each in itemreads.waiting(conn, limit=5)] == [item_id]
    assert itemreads.count_waiting(conn) == 1
    assert itemreads.count_waiting(conn, since=now + timedelta(hours=1)) == 0
    correct(conn, item_id, now, "categories", categories=("health",), unsure=())
    assert itemreads.waiting(conn, limit=5) == []


def test_corrections_outlive_their_item(conn: Connection, now: datetime) -> None:
    item_id = stored(conn, now)
    correct(conn, item_id, now, "categories", categories=(), unsure=())
    conn.execute(delete(item_table).where(item_table.c.id == item_id))
    (left,) = corrections.in_force(conn)
    assert (left.item_id, left.title, left.after.categories) == (None, "Flood in the north", ())


def test_corrections_of_other_things_teach_no_category(conn: Connection, now: datetime) -> None:
    item_id = stored(conn, now)
    correct(conn, item_id, now, "hazard", hazard="LS")
    assert corrections.in_force(conn) == []
    assert len(corrections.listing(conn, limit=5)) == 1
    assert corrections.count_since(conn, now) == 1
    assert corrections.count_since(conn, now + timedelta(seconds=1)) == 0


@pytest.mark.parametrize("item_id", [1, 99])
def test_an_item_without_corrections_is_read_as_it_is(conn: Connection, item_id: int) -> None:
    assert corrections.newest(conn, item_id) is None
    assert corrections.held(conn, item_id, READ) is READ

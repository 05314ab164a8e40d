"""The items of incidents that are kept between transactions are those that storage has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.incidents import members
from monitor.incidents.members import Members
from storage import incidents, itemreads, items, meta
from storage.database import Connection, Database
from storage.records import ItemValues, Reading
from tests.storage import make


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def two_incidents(conn: Connection, now: datetime) -> tuple[int, int, list[int]]:
    """Two incidents of three items each, of which they share the first."""
    feed = make.feed_id(conn, now)
    first, second = make.incident(conn, now).id, make.incident(conn, now).id
    ids = [
        make.item_id(conn, feed, now + timedelta(minutes=number), title=f"Report {number}")
        for number in range(5)
    ]
    for incident_id, linked in ((first, ids[:3]), (second, [ids[0], *ids[3:]])):
        for each in linked:
            incidents.add_item(conn, incident_id, each, why=(), now=now)
    return first, second, ids


def test_an_item_that_is_revised_is_revised_in_every_incident_that_has_it(
    database: Database, now: datetime
) -> None:
    with database.write() as conn:
        first, second, ids = two_incidents(conn, now)
        held = Members()
        for incident_id in (first, second):
            held.with_item(conn, incident_id, itemreads.get(conn, ids[0]))
        now_said = replace(itemreads.get(conn, ids[0]), values=ItemValues("Said anew"))
        held.revised(now_said)
        for incident_id, own in ((first, ids[1]), (second, ids[3])):
            found = held.with_item(conn, incident_id, itemreads.get(conn, own))
            assert found[0].values.title == "Said anew"
            assert [each.id for each in found] == sorted(each.id for each in found)


def test_the_incidents_that_waited_longest_are_let_go_and_read_again(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST", 3)
    with database.write() as conn:
        first, second, ids = two_incidents(conn, now)
        held = Members()
        for incident_id in (first, second):
            held.with_item(conn, incident_id, itemreads.get(conn, ids[0]))
        held.trim(now)
        assert len(held) == 3
        held.revised(itemreads.get(conn, ids[1]))  # of the one that was let go
        again = held.with_item(conn, first, itemreads.get(conn, ids[0]))
        assert [each.id for each in again] == ids[:3]


def test_an_incident_that_nothing_joins_is_let_go_after_a_few_minutes(
    database: Database, now: datetime
) -> None:
    with database.write() as conn:
        first, second, ids = two_incidents(conn, now)
        held = Members()
        for incident_id in (first, second):
            held.with_item(conn, incident_id, itemreads.get(conn, ids[0]))
        held.trim(now)
        held.with_item(conn, second, itemreads.get(conn, ids[3]))
        for minutes, left in ((0, 6), (5, 6), (6, 3), (10, 3), (20, 0)):
            held.trim(now + timedelta(minutes=minutes))
            assert len(held) == left, minutes
            if minutes == 5:
                held.with_item(conn, second, itemreads.get(conn, ids[3]))
        again = held.with_item(conn, first, itemreads.get(conn, ids[0]))
        assert [each.id for each in again] == ids[:3]


@pytest.mark.parametrize("change", ["none", "revise", "reread", "link", "unlink", "feed"])
def test_what_is_kept_is_trusted_only_while_no_item_of_an_incident_has_changed(
    change: str, database: Database, now: datetime
) -> None:
    with database.write() as conn:
        first, _, ids = two_incidents(conn, now)
        itemreads.keep_members(conn, "kept")
    with database.write() as conn:
        if change == "revise":
            items.revise(
                conn, ids[0], values=ItemValues("Anew"), content_hash="x", changed=("title",),
                reading=Reading(), keys=(), now=now,
            )  # fmt: skip
        elif change == "reread":
            items.reread(conn, ids[0], Reading(hazard="FL"))
        elif change == "link":
            incidents.add_item(conn, first, ids[4], why=(), now=now)
        elif change == "unlink":
            incidents.remove_item(conn, first, ids[0])
        elif change == "feed":
            make.feed_id(conn, now, publisher="Another name")
        else:
            meta.set(conn, "poll", "moved", now)
        assert itemreads.kept_members(conn) == ("kept" if change == "none" else None)

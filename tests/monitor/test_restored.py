"""The window of incidents that is read anew is the one that was known before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.incidents import restored as module
from monitor.incidents.restored import restored
from monitor.incidents.window import TITLES
from storage import incidents, itemreads
from storage.database import Database
from tests.storage import make

AGO = timedelta(days=1)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def test_the_items_that_speak_for_an_incident_are_its_newest_ones_and_its_first(
    database: Database, now: datetime
) -> None:
    with database.write() as conn:
        feed = make.feed_id(conn, now)
        large, small, empty = (make.incident(conn, now).id for _ in range(3))
        ids = [make.item_id(conn, feed, now + timedelta(minutes=n), title=f"{n}") for n in range(5)]
        for incident_id, linked in ((large, ids), (small, ids[3:4])):
            for each in reversed(linked):
                incidents.add_item(conn, incident_id, each, why=(), now=now)
        found = itemreads.told_by(conn, [large, small, empty], 2)
        assert {key: [each.id for each in held] for key, held in found.items()} == {
            large: [ids[0], *ids[3:]],
            small: ids[3:4],
        }
        for each in found[large]:
            whole = itemreads.get(conn, each.id)
            without = replace(whole.reading, tags=())
            assert each == replace(whole, incident_id=None, disposition=(), reading=without)


def test_incidents_read_in_pieces_are_those_read_at_once(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as conn:
        feed = make.feed_id(conn, now)
        for number in range(5):
            incident = make.incident(conn, now + timedelta(minutes=number))
            for part in range(TITLES + 2 if number == 2 else number):
                at = now + timedelta(minutes=part)
                item = make.item_id(conn, feed, at, title=f"Flood {number}, part {part}")
                incidents.add_item(conn, incident.id, item, why=(), now=at)
        whole = list(restored(conn, now - AGO))
        monkeypatch.setattr(module, "AT_ONCE", 2)
        assert list(restored(conn, now - AGO)) == whole
        assert [len(each.titles) for each in whole] == [0, 1, TITLES, 3, 4]
        assert whole[2].titles[0] == f"Flood 2, part {TITLES + 1}"
        assert whole[2].titles[-1] == "Flood 2, part 0"


def test_an_incident_that_an_officer_opened_awaits_its_first_item_only(
    database: Database, now: datetime
) -> None:
    with database.write() as conn:
        opened = make.incident(conn, now)
        incidents.save(conn, replace(opened, held=("opened", "title"), title_en="Flood at home"))
        (alone,) = restored(conn, now - AGO)
        assert alone.awaits
        assert alone.titles[0] == "Flood at home"
        item = make.item_id(conn, make.feed_id(conn, now), now, title="Flood in Laos")
        incidents.add_item(conn, opened.id, item, why=(), now=now)
        (joined,) = restored(conn, now - AGO)
        assert not joined.awaits
        assert joined.titles[:2] == ("Flood in Laos", "Flood at home")

"""What a connection remembers is trusted only while nobody has written since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage import incidents, meta
from storage.database import Connection, Database
from storage.records import Sketch
from tests.storage import make

AGO = timedelta(days=9)


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return Database(sqlite_url)


def read(conn: Connection, now: datetime) -> dict[int, Sketch]:
    """The sketches as they were kept, or read anew."""
    kept: dict[int, Sketch] | None = incidents.kept_sketches(conn)
    if kept is not None:
        return kept
    return {each.id: each for each in incidents.sketches(conn, now - AGO)}


def learn(database: Database, now: datetime) -> dict[int, Sketch]:
    """Open an incident, then take the sketches and keep them."""
    with database.write() as conn:
        make.incident(conn, now)
    with database.write() as conn:
        known = read(conn, now)
        incidents.keep_sketches(conn, known)
    assert known
    return known


def again(database: Database, now: datetime) -> dict[int, Sketch]:
    with database.write() as conn:
        return read(conn, now)


def test_sketches_that_were_kept_are_not_read_again(database: Database, now: datetime) -> None:
    known = learn(database, now)
    with database.write() as conn:
        meta.set(conn, "poll", "moved", now)  # which changes no incident
    (same,) = again(database, now).values()
    assert same is next(iter(known.values()))


def test_they_are_taken_once_so_that_a_failure_in_between_leaves_none(
    database: Database, now: datetime
) -> None:
    (known,) = learn(database, now).values()
    assert next(iter(again(database, now).values())) is known
    assert next(iter(again(database, now).values())) is not known


def test_a_transaction_that_fails_forgets_them(database: Database, now: datetime) -> None:
    def fail(conn: Connection) -> None:
        incidents.keep_sketches(conn, {})
        raise KeyError("a bug further up")

    learn(database, now)
    with pytest.raises(KeyError), database.write() as conn:
        fail(conn)
    assert len(again(database, now)) == 1


def test_a_write_of_another_program_is_seen(database: Database, now: datetime) -> None:
    (known,) = learn(database, now).values()
    other = Database(database.secret_url)
    with other.write() as conn:
        incidents.save(conn, replace(incidents.get(conn, known.id), place="Elsewhere", lat=1.0))
    other.close()
    (seen,) = again(database, now).values()
    assert seen.lat == 1.0


@pytest.mark.parametrize("change", ["open", "save", "link", "unlink"])
def test_a_change_of_an_incident_on_the_same_connection_is_seen(
    change: str, database: Database, now: datetime
) -> None:
    (known,) = learn(database, now).values()
    with database.write() as conn:
        item_id = make.item_id(conn, make.feed_id(conn, now), now)
        if change == "open":
            make.incident(conn, now)
        elif change == "save":
            incidents.save(conn, replace(incidents.get(conn, known.id), lat=1.0))
        elif change == "link":
            incidents.add_item(conn, known.id, item_id, why=(), now=now)
        else:
            incidents.remove_item(conn, known.id, item_id)
    assert all(each is not known for each in again(database, now).values())

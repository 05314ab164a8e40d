"""What is remembered of a feed's last document holds only while all is as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text, update

from storage import traces
from storage.database import Database
from storage.tables import item
from storage.traces import MOST, Trace, Traces
from tests.storage import make


def stored(database: Database, now: datetime) -> tuple[int, Traces]:
    """A feed with one item, and the traces of the document that brought it."""
    with database.write() as conn:
        feed_id = make.feed_id(conn, now)
        item_id = make.item_id(conn, feed_id, now)
        content_hash = conn.execute(item.select().where(item.c.id == item_id)).one().hash
        known = Trace(b"\x00\xff" * 8, (0, 2**32 - 1), item_id, content_hash, now, undated=False)
        never = replace(known, digest=b"\x01" * 16, claims=(), published_at=None, undated=True)
        kept = Traces(feed_id, "d1", "around", (known, never))
        traces.keep(conn, [kept])
    return feed_id, kept


def test_traces_come_back_as_they_were_kept(database: Database, now: datetime) -> None:
    feed_id, kept = stored(database, now)
    with database.read() as conn:
        assert traces.last(conn, {feed_id: "d1"}) == {feed_id: kept}
        assert traces.last(conn, {}) == {}


def test_traces_of_another_document_are_not_told(database: Database, now: datetime) -> None:
    feed_id, _ = stored(database, now)
    with database.read() as conn:
        assert traces.last(conn, {feed_id: "d2"}) == {}


def test_an_entry_whose_item_says_something_else_by_now_is_not_told(
    database: Database, now: datetime
) -> None:
    feed_id, kept = stored(database, now)
    with database.write() as conn:
        conn.execute(update(item).values(hash="2:other"))
        assert traces.last(conn, {feed_id: "d1"}) == {feed_id: replace(kept, entries=())}


def test_the_next_document_takes_the_place_of_the_last(database: Database, now: datetime) -> None:
    feed_id, kept = stored(database, now)
    after = replace(kept, body_digest="d2", entries=kept.entries[:1] * (MOST + 1))
    with database.write() as conn:
        traces.keep(conn, [after])
        assert traces.last(conn, {feed_id: "d1"}) == {}
        assert len(traces.last(conn, {feed_id: "d2"})[feed_id].entries) == MOST


def test_damaged_traces_are_none(database: Database, now: datetime) -> None:
    feed_id, kept = stored(database, now)
    with database.write() as conn:
        conn.execute(text("UPDATE feed_trace SET entries = :data"), {"data": b"\x07" * 41})
        assert traces.last(conn, {feed_id: "d1"}) == {feed_id: replace(kept, entries=())}

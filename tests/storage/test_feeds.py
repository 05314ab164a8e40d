"""Feeds: following the list, being due, leases, and what polls leave behind."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, event

from storage import feeds
from storage.database import Database
from storage.errors import StorageError
from storage.records import PollResult
from tests.storage import make

MINUTE = timedelta(minutes=1)


def ok(now: datetime, **changes: object) -> PollResult:
    values: dict[str, object] = {"state": "ok", "at": now, "ok": True, "http_status": 200}
    return PollResult(**values | changes)  # type: ignore[arg-type]


def failed(now: datetime, **changes: object) -> PollResult:
    values: dict[str, object] = {"state": "http_error", "at": now, "detail": "HTTP 500"}
    return PollResult(**values | changes)  # type: ignore[arg-type]


def test_new_feeds_are_spread_over_the_next_minutes_and_always_the_same_way(
    conn: Connection, now: datetime
) -> None:
    listed = [make.identity(f"feed-{n}") for n in range(40)]
    first = feeds.sync(conn, listed, now, spread_s=300)
    offsets = [(state.due_at - now).total_seconds() for state in first.values() if state.due_at]
    assert all(0 <= offset < 300 for offset in offsets)
    assert min(offsets) < 60
    assert max(offsets) > 240
    again = feeds.sync(conn, list(reversed(listed)), now + MINUTE, spread_s=300)
    assert again == first


def test_a_feed_keeps_its_history_under_a_new_name(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.record_poll(conn, feed_id, ok(now, etag='"1"', new=2), due_at=now + MINUTE)
    state = feeds.sync(conn, [make.identity(name="GDACS (EU)")], now + MINUTE)["gdacs"]
    assert (state.id, state.name, state.etag, state.state) == (feed_id, "GDACS (EU)", '"1"', "ok")


def test_a_new_address_forgets_validators_and_parking_but_not_the_polls(
    conn: Connection, now: datetime
) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.set_first_seen(conn, feed_id, now)
    feeds.record_poll(
        conn, feed_id, ok(now, etag='"1"', body_digest="d", last_modified="m"), due_at=now + MINUTE
    )
    feeds.record_poll(
        conn,
        feed_id,
        failed(now, state="gone", moved_to="https://new.example/"),
        due_at=now + 60 * MINUTE,
        not_before=now + 60 * MINUTE,
        parked=True,
        moved_count=3,
    )
    later = now + MINUTE
    state = feeds.sync(conn, [make.identity(url="https://new.example/")], later)["gdacs"]
    assert (state.etag, state.last_modified, state.body_digest) == (None, None, None)
    assert (state.parked, state.moved_count, state.moved_to, state.failures) == (False, 0, None, 0)
    assert (state.due_at, state.not_before, state.state) == (later, None, "new")
    assert state.first_seen_at == now
    assert len(feeds.polls(conn, feed_id, 10)) == 2


def test_a_feed_that_leaves_the_list_stays_unlisted_and_is_due_again_when_it_returns(
    conn: Connection, now: datetime
) -> None:
    feed_id = make.feed_id(conn, now)
    assert feeds.sync(conn, [], now) == {}
    state = feeds.state_of(conn, "gdacs")
    assert state is not None
    assert (state.id, state.listed) == (feed_id, False)
    assert feeds.due(conn, now + 60 * MINUTE, 10) == []
    back = feeds.sync(conn, [make.identity()], now + 60 * MINUTE)["gdacs"]
    assert (back.id, back.listed, back.due_at) == (feed_id, True, now + 60 * MINUTE)


def test_a_key_that_stands_twice_in_the_list_is_refused(conn: Connection, now: datetime) -> None:
    with pytest.raises(StorageError, match="same key"):
        feeds.sync(conn, [make.identity(), make.identity()], now)


def test_due_feeds_come_with_priority_first_then_the_longest_due(
    conn: Connection, now: datetime
) -> None:
    keys = ("a", "b", "c", "parked", "later", "leased")
    known = feeds.sync(
        conn,
        [make.identity(key, priority=key == "c") for key in keys],
        now - 60 * MINUTE,
    )
    for key, due_at, parked in [
        ("a", now - MINUTE, False),
        ("b", now - 5 * MINUTE, False),
        ("c", now, False),
        ("parked", now - 9 * MINUTE, True),
        ("later", now + MINUTE, False),
        ("leased", now - MINUTE, False),
    ]:
        at = now - 10 * MINUTE
        feeds.record_poll(conn, known[key].id, ok(at), due_at=due_at, parked=parked)
    assert feeds.lease(conn, known["leased"].id, now, now + MINUTE, "other")
    assert [state.key for state in feeds.due(conn, now, 10)] == ["c", "parked", "b", "a"]
    assert [state.key for state in feeds.due(conn, now, 2)] == ["c", "parked"]


def test_a_leased_feed_is_not_leased_twice_until_its_lease_ends(
    conn: Connection, now: datetime
) -> None:
    feed_id = make.feed_id(conn, now)
    assert feeds.lease(conn, feed_id, now, now + MINUTE, "one")
    assert not feeds.lease(conn, feed_id, now, now + MINUTE, "two")
    assert not feeds.lease(conn, feed_id, now, now + MINUTE, "one")
    assert feeds.lease(conn, feed_id, now + MINUTE, now + 2 * MINUTE, "two")
    feeds.release(conn, feed_id, "one")  # no longer its own
    assert not feeds.lease(conn, feed_id, now + MINUTE, now + 3 * MINUTE, "one")
    feeds.release(conn, feed_id, "two")
    assert feeds.lease(conn, feed_id, now + MINUTE, now + 3 * MINUTE, "one")


def test_many_feeds_are_leased_at_once(conn: Connection, now: datetime) -> None:
    known = feeds.sync(conn, [make.identity(f"feed-{n}") for n in range(600)], now)
    ids = [state.id for state in known.values()]
    assert feeds.lease(conn, ids[0], now, now + MINUTE, "other")
    assert feeds.lease_many(conn, ids, now, now + MINUTE, "one") == set(ids[1:])
    assert feeds.due(conn, now, 10) == []


def test_recording_a_poll_ends_its_lease(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.lease(conn, feed_id, now, now + 60 * MINUTE, "one")
    feeds.record_poll(conn, feed_id, ok(now), due_at=now + MINUTE)
    assert [state.id for state in feeds.due(conn, now + MINUTE, 10)] == [feed_id]


def test_the_state_says_since_when_it_holds(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    for n, result in enumerate([ok, failed, failed]):
        at = now + n * MINUTE
        state = feeds.record_poll(conn, feed_id, result(at), due_at=at + MINUTE)
    assert (state.state, state.state_since, state.failures) == ("http_error", now + MINUTE, 2)
    assert (state.last_ok_at, state.last_poll_at) == (now, now + 2 * MINUTE)
    assert state.detail == "HTTP 500"
    state = feeds.record_poll(conn, feed_id, ok(now + 3 * MINUTE), due_at=now + 4 * MINUTE)
    assert (state.state, state.state_since, state.failures) == ("ok", now + 3 * MINUTE, 0)


def test_only_news_move_the_time_of_the_last_news(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.record_poll(conn, feed_id, ok(now, new=1), due_at=now)
    state = feeds.record_poll(conn, feed_id, ok(now + MINUTE, entries=9), due_at=now)
    assert state.last_news_at == now
    state = feeds.record_poll(conn, feed_id, ok(now + 2 * MINUTE, revised=1), due_at=now)
    assert state.last_news_at == now + 2 * MINUTE


def test_a_failed_poll_keeps_the_validators(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.record_poll(conn, feed_id, ok(now, etag='"1"', body_digest="d"), due_at=now)
    state = feeds.record_poll(conn, feed_id, failed(now, etag='"2"'), due_at=now)
    assert (state.etag, state.body_digest) == ('"1"', "d")


def test_a_304_without_validators_keeps_them_and_one_with_replaces_them(
    conn: Connection, now: datetime
) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.record_poll(conn, feed_id, ok(now, etag='"1"', body_digest="d"), due_at=now)
    bare = ok(now, state="not_modified", http_status=304)
    state = feeds.record_poll(conn, feed_id, bare, due_at=now)
    assert (state.etag, state.body_digest) == ('"1"', "d")
    newer = ok(now, state="not_modified", http_status=304, etag='"2"')
    state = feeds.record_poll(conn, feed_id, newer, due_at=now)
    assert (state.etag, state.body_digest) == ('"2"', "d")


def test_a_200_without_validators_drops_the_old_ones(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.record_poll(conn, feed_id, ok(now, etag='"1"'), due_at=now)
    assert feeds.record_poll(conn, feed_id, ok(now), due_at=now).etag is None


def test_a_poll_comes_back_as_it_was(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    result = PollResult(
        "partly", now, "2 entries unread", True, 200, 812, 4_000_000_000, 40, 3, 1, 2,
        '"e"', "Sun, 22 Nov 2026 08:00:00 GMT", "digest", "https://new.example/",
    )  # fmt: skip
    feeds.record_poll(conn, feed_id, failed(now - MINUTE), due_at=now)
    state = feeds.record_poll(
        conn, feed_id, result, due_at=now + MINUTE, usual_gap_s=812.5, moved_count=1
    )
    assert feeds.polls(conn, feed_id, 1) == [result]
    assert (state.usual_gap_s, state.moved_count, state.moved_to) == (
        812.5,
        1,
        "https://new.example/",
    )


def test_overdue_feeds_are_spread_over_the_next_seconds(conn: Connection, now: datetime) -> None:
    known = feeds.sync(conn, [make.identity(f"feed-{n}") for n in range(20)], now - 60 * MINUTE)
    later = known["feed-0"].id
    feeds.record_poll(conn, later, ok(now), due_at=now + 5 * MINUTE)
    assert feeds.spread_due(conn, now, 30) == 19
    due_at = {state.id: state.due_at for state in feeds.states(conn) if state.due_at}
    assert due_at.pop(later) == now + 5 * MINUTE
    assert all(now <= each < now + MINUTE / 2 for each in due_at.values())
    assert len(set(due_at.values())) == 19
    assert feeds.spread_due(conn, now - MINUTE, 30) == 0


def test_first_seen_is_set_once(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    feeds.set_first_seen(conn, feed_id, now)
    feeds.set_first_seen(conn, feed_id, now + MINUTE)
    assert feeds.states(conn)[0].first_seen_at == now


def test_old_polls_are_forgotten(conn: Connection, now: datetime) -> None:
    feed_id = make.feed_id(conn, now)
    for minutes in (0, 1, 2):
        feeds.record_poll(conn, feed_id, ok(now + minutes * MINUTE), due_at=now)
    assert feeds.prune_polls(conn, now + 2 * MINUTE) == 2
    assert [poll.at for poll in feeds.polls(conn, feed_id, 9)] == [now + 2 * MINUTE]


def test_an_unknown_feed_is_refused(conn: Connection, now: datetime) -> None:
    with pytest.raises(StorageError, match="no feed with the id 77"):
        feeds.record_poll(conn, 77, ok(now), due_at=now)
    assert feeds.state_of(conn, "none") is None


def test_a_thousand_quiet_polls_need_few_statements(database: Database, now: datetime) -> None:
    with database.write() as conn:
        known = feeds.sync(conn, [make.identity(f"feed-{n:04}") for n in range(1000)], now)
        ends = [
            feeds.PollEnd(state.id, ok(now, state="not_modified", http_status=304), now + MINUTE)
            for state in known.values()
        ]
        seen: list[str] = []
        event.listen(conn, "before_cursor_execute", lambda *a: seen.append(str(a[2])))
        after = feeds.record_polls(conn, ends)
    assert [state.id for state in after] == [end.feed_id for end in ends]
    assert {state.due_at for state in after} == {now + MINUTE}
    assert len(seen) <= 20


def test_a_feed_is_not_recorded_twice_at_once(conn: Connection, now: datetime) -> None:
    end = feeds.PollEnd(make.feed_id(conn, now), ok(now), now + MINUTE)
    with pytest.raises(StorageError, match="twice"):
        feeds.record_polls(conn, [end, end])
    assert feeds.record_polls(conn, []) == []

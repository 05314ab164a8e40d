"""Outbox: leases, attempts, and nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import outbox
from storage.errors import StorageError
from storage.records import Delivery, Level, NewNotice, Notice, Why
from tests.storage import make

MINUTE = timedelta(minutes=1)


def queued(conn: Connection, now: datetime, message_id: str = "<1@monitor.example>") -> int:
    added = outbox.enqueue(conn, make.notice(now, message_id), now)
    assert added is not None
    return added


def test_a_notice_comes_back_as_it_was_put_in(conn: Connection, now: datetime) -> None:
    opened = make.incident(conn, now)
    new = NewNotice(
        "raised", "duty@mfa.example", "duty", "desk", "th", Level.FLASH, "น้ำท่วม", "<x@y.example>",
        b"\x00\xffSubject: x", now + MINUTE, opened.id, None, 3, 1, (Why("rule"),), True,
    )  # fmt: skip
    added = outbox.enqueue(conn, new, now)
    assert added is not None
    assert outbox.get(conn, added) == Notice(
        added, "raised", "duty@mfa.example", "duty", "desk", "th", Level.FLASH, "น้ำท่วม",
        "<x@y.example>", b"\x00\xffSubject: x", now, now + MINUTE, "pending", 0, opened.id, None,
        3, 1, (Why("rule"),), True, None, "",
    )  # fmt: skip
    assert [n.id for n in outbox.of_incident(conn, opened.id)] == [added]


def test_a_message_id_enters_the_outbox_once(conn: Connection, now: datetime) -> None:
    added = queued(conn, now)
    assert outbox.enqueue(conn, make.notice(now), now + MINUTE) is None
    assert [n.id for n in outbox.recent(conn, 9)] == [added]
    assert outbox.get(conn, added).created_at == now


def test_many_notices_enter_together_and_each_message_id_once(
    conn: Connection, now: datetime
) -> None:
    assert outbox.enqueue_many(conn, [], now) == set()
    queued(conn, now, "<old@x>")
    new = [make.notice(now, f"<{n}@x>") for n in range(30)]
    again = [make.notice(now, "<old@x>"), make.notice(now, "<3@x>")]
    assert outbox.enqueue_many(conn, [*new, *again], now) == {each.message_id for each in new}
    kept = outbox.recent(conn, 99)
    assert len(kept) == 31
    assert {(each.state, each.attempts, each.created_at) for each in kept} == {("pending", 0, now)}


def test_the_highest_level_goes_out_first_then_the_longest_due(
    conn: Connection, now: datetime
) -> None:
    for name, level, minutes in [
        ("watch", Level.WATCH, -9),
        ("alert", Level.ALERT, -1),
        ("older alert", Level.ALERT, -2),
        ("flash", Level.FLASH, 0),
        ("later", Level.FLASH, 1),
    ]:
        outbox.enqueue(conn, make.notice(now + minutes * MINUTE, name, level=level), now)
    first = outbox.lease(conn, now, now + MINUTE, "one", 3)
    assert [n.message_id for n in first] == ["flash", "older alert", "alert"]
    assert {n.state for n in first} == {"leased"}
    assert [n.message_id for n in outbox.lease(conn, now, now + MINUTE, "two", 9)] == ["watch"]
    assert outbox.lease(conn, now, now + MINUTE, "two", 9) == []


def test_a_claimed_message_is_not_claimed_twice_until_its_lease_ends(
    conn: Connection, now: datetime
) -> None:
    queued(conn, now)
    assert len(outbox.lease(conn, now, now + 2 * MINUTE, "one", 9)) == 1
    assert outbox.lease(conn, now + MINUTE, now + 3 * MINUTE, "two", 9) == []
    assert len(outbox.lease(conn, now + 2 * MINUTE, now + 4 * MINUTE, "two", 9)) == 1


def test_a_sent_notice_never_goes_out_again(conn: Connection, now: datetime) -> None:
    notice_id = queued(conn, now)
    outbox.lease(conn, now, now + MINUTE, "one", 9)
    outbox.mark_sent(conn, notice_id, now, "250 accepted")
    sent = outbox.get(conn, notice_id)
    assert (sent.state, sent.sent_at, sent.response, sent.attempts) == (
        "sent",
        now,
        "250 accepted",
        1,
    )
    assert outbox.lease(conn, now + 60 * MINUTE, now + 61 * MINUTE, "two", 9) == []
    assert outbox.waiting(conn) == 0


def test_every_attempt_leaves_a_line(conn: Connection, now: datetime) -> None:
    notice_id = queued(conn, now)
    outbox.retry(conn, notice_id, now, now + MINUTE, "451 try later")
    waiting = outbox.get(conn, notice_id)
    assert (waiting.state, waiting.due_at, waiting.attempts) == ("pending", now + MINUTE, 1)
    assert outbox.lease(conn, now, now + MINUTE, "one", 9) == []
    assert len(outbox.lease(conn, now + MINUTE, now + 2 * MINUTE, "one", 9)) == 1
    outbox.park(conn, notice_id, now + MINUTE, "550 no such mailbox")
    parked = outbox.get(conn, notice_id)
    assert (parked.state, parked.attempts, parked.response) == ("parked", 2, "550 no such mailbox")
    assert outbox.lease(conn, now + 60 * MINUTE, now + 61 * MINUTE, "one", 9) == []
    assert outbox.deliveries(conn, notice_id) == [
        Delivery(notice_id, now, "retry", "451 try later"),
        Delivery(notice_id, now + MINUTE, "parked", "550 no such mailbox"),
    ]


def test_a_late_failure_of_another_worker_does_not_undo_sent(
    conn: Connection, now: datetime
) -> None:
    notice_id = queued(conn, now)
    outbox.mark_sent(conn, notice_id, now, "250 accepted")
    outbox.retry(conn, notice_id, now + MINUTE, now + MINUTE, "timeout")
    outbox.park(conn, notice_id, now + MINUTE, "timeout")
    sent = outbox.get(conn, notice_id)
    assert (sent.state, sent.response, sent.attempts) == ("sent", "250 accepted", 3)
    assert len(outbox.deliveries(conn, notice_id)) == 3


def test_a_clean_stop_gives_untried_notices_back_at_once(conn: Connection, now: datetime) -> None:
    for n in range(3):
        queued(conn, now, str(n))
    first = outbox.lease(conn, now, now + 60 * MINUTE, "one", 2)
    outbox.lease(conn, now, now + 60 * MINUTE, "two", 2)
    outbox.mark_sent(conn, first[0].id, now, "250")
    assert outbox.release(conn, "one") == 1
    again = outbox.lease(conn, now, now + MINUTE, "three", 9)
    assert [n.id for n in again] == [first[1].id]


def test_the_outbox_says_how_much_waits_and_since_when(conn: Connection, now: datetime) -> None:
    assert (outbox.waiting(conn), outbox.oldest_waiting(conn)) == (0, None)
    first = queued(conn, now, "1")
    outbox.enqueue(conn, make.notice(now, "2"), now + MINUTE)
    outbox.lease(conn, now, now + MINUTE, "one", 1)
    assert (outbox.waiting(conn), outbox.oldest_waiting(conn)) == (2, now)
    outbox.mark_sent(conn, first, now, "250")
    assert (outbox.waiting(conn), outbox.oldest_waiting(conn)) == (1, now + MINUTE)
    assert [n.message_id for n in outbox.between(conn, now, now + MINUTE)] == ["1"]
    assert [n.message_id for n in outbox.recent(conn, 1)] == ["2"]


def test_an_unknown_notice_is_refused(conn: Connection, now: datetime) -> None:
    with pytest.raises(StorageError, match="no notice with the id 5"):
        outbox.get(conn, 5)
    with pytest.raises(StorageError, match="no notice with the id 5"):
        outbox.mark_sent(conn, 5, now, "250")

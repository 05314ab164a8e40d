"""Outcomes of deliveries share transactions, and each call returns after its own is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import pytest
from sqlalchemy import delete

from monitor.outbox import StoredOutbox
from monitor.writer import Writer
from storage import outbox
from storage.database import Connection, Database
from storage.errors import StorageError
from storage.records import Level, NewNotice, Notice
from storage.tables import notice

Result = TypeVar("Result")
pytestmark = pytest.mark.asyncio


class Counting(Writer):
    """Counts the transactions."""

    count = 0

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        self.count += 1
        return await super().write(work)


def fill(database: Database, now: datetime, count: int) -> list[Notice]:
    with database.write() as conn:
        for number in range(count):
            added = outbox.enqueue(
                conn,
                NewNotice(
                    kind="alert", recipient="a@ministry.example", person="a", team="duty",
                    language="th", level=Level.ALERT, subject="s", due_at=now,
                    message_id=f"<{number}@ministry.example>", mime=b"m",
                ),
                now,
            )  # fmt: skip
            assert added is not None
        return outbox.lease(conn, now, now, "me", count)


async def test_outcomes_that_come_together_are_committed_together(
    database: Database, now: datetime
) -> None:
    notices = fill(database, now, 20)
    writer = Counting(database)
    stored = StoredOutbox(writer)
    await asyncio.gather(
        *(stored.mark_sent(each, at=now, response="250 ok") for each in notices[:10]),
        *(stored.mark_parked(each, at=now, response="550 no") for each in notices[10:]),
    )
    with database.read() as conn:
        states = [outbox.get(conn, each.id).state for each in notices]
    writer.close()
    assert states == ["sent"] * 10 + ["parked"] * 10
    assert writer.count <= 2


async def test_each_call_returns_after_its_own_commit(database: Database, now: datetime) -> None:
    notices = fill(database, now, 5)
    writer = Writer(database)
    stored = StoredOutbox(writer)

    async def one(mine: Notice) -> str:
        await stored.mark_sent(mine, at=now, response="250 ok")
        with database.read() as conn:
            return outbox.get(conn, mine.id).state

    assert await asyncio.gather(*(one(each) for each in notices)) == ["sent"] * 5
    writer.close()


async def test_one_that_fails_is_told_and_does_not_stop_those_after_it(
    database: Database, now: datetime
) -> None:
    first, second = fill(database, now, 2)
    writer = Writer(database)
    stored = StoredOutbox(writer)
    with database.write() as conn:
        conn.execute(delete(notice).where(notice.c.id == first.id))
    with pytest.raises(StorageError):
        await stored.mark_sent(first, at=now, response="250 ok")
    await stored.mark_sent(second, at=now, response="250 ok")
    with database.read() as conn:
        assert outbox.get(conn, second.id).state == "sent"
    writer.close()


async def test_notices_that_were_not_tried_are_due_again(database: Database, now: datetime) -> None:
    notices = fill(database, now, 3)
    writer = Writer(database)
    stored = StoredOutbox(writer)
    await stored.give_back(notices[:2], owner="me")
    await stored.give_back(notices[2:], owner="somebody else")
    with database.read() as conn:
        states = [outbox.get(conn, each.id).state for each in notices]
    writer.close()
    assert states == ["pending", "pending", "leased"]

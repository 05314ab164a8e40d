"""The outbox as delivery sees it: storage's functions in transactions of the writer's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.writer import Writer
from storage import outbox
from storage.database import Connection
from storage.records import Notice

Mark = Callable[[Connection], None]


class StoredOutbox:
    """`alerts.ports.Outbox` over the database.

    Outcomes that come while the writer is busy share a transaction; each call returns only when
    its own is committed.
    """

    def __init__(self, writer: Writer, *, channels: bool = False) -> None:
        """`channels`: the notices for other channels, not the mails."""
        self._writer = writer
        self._channels = channels
        self._marks: list[Mark] = []
        self._filling: asyncio.Task[None] | None = None  # writes what is marked from now on
        self._writing: asyncio.Task[None] | None = None  # the one before

    async def lease(
        self, *, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> tuple[Notice, ...]:
        """Take up to `limit` due notices for `lease`."""
        found = await self._writer.write(
            lambda conn: outbox.lease(conn, now, now + lease, owner, limit, channels=self._channels)
        )
        return tuple(found)

    async def give_back(self, notices: Sequence[Notice], *, owner: str) -> None:
        """Leased and not tried."""
        ids = [notice.id for notice in notices]
        await self._writer.write(lambda conn: outbox.give_back(conn, ids, owner))

    async def mark_sent(self, notice: Notice, *, at: datetime, response: str) -> None:
        """The server has taken it."""
        await self._mark(lambda conn: outbox.mark_sent(conn, notice.id, at, response))

    async def mark_retry(
        self, notice: Notice, *, at: datetime, due_at: datetime, response: str
    ) -> None:
        """It is due again later."""
        await self._mark(lambda conn: outbox.retry(conn, notice.id, at, due_at, response))

    async def mark_parked(self, notice: Notice, *, at: datetime, response: str) -> None:
        """It waits for a person."""
        await self._mark(lambda conn: outbox.park(conn, notice.id, at, response))

    async def _mark(self, mark: Mark) -> None:
        self._marks.append(mark)
        if self._filling is None:
            self._filling = asyncio.create_task(self._write(after=self._writing))
        await asyncio.shield(self._filling)  # one worker's end is not that of the others' marks

    async def _write(self, after: asyncio.Task[None] | None) -> None:
        if after is not None:
            await asyncio.wait([after])
        marks, self._marks = self._marks, []
        self._writing, self._filling = self._filling, None

        def work(conn: Connection) -> None:
            for mark in marks:
                mark(conn)

        await self._writer.write(work)

"""The outbox as delivery sees it: storage's functions, each in a transaction of the writer's."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.writer import Writer
from storage import outbox
from storage.records import Notice


class StoredOutbox:
    """`alerts.ports.Outbox` over the database."""

    def __init__(self, writer: Writer, *, channels: bool = False) -> None:
        """`channels`: the notices for other channels, not the mails."""
        self._writer = writer
        self._channels = channels

    async def lease(
        self, *, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> tuple[Notice, ...]:
        """Take up to `limit` due notices for `lease`."""
        found = await self._writer.write(
            lambda conn: outbox.lease(conn, now, now + lease, owner, limit, channels=self._channels)
        )
        return tuple(found)

    async def mark_sent(self, notice: Notice, *, at: datetime, response: str) -> None:
        """The server has taken it."""
        await self._writer.write(lambda conn: outbox.mark_sent(conn, notice.id, at, response))

    async def mark_retry(
        self, notice: Notice, *, at: datetime, due_at: datetime, response: str
    ) -> None:
        """It is due again later."""
        await self._writer.write(lambda conn: outbox.retry(conn, notice.id, at, due_at, response))

    async def mark_parked(self, notice: Notice, *, at: datetime, response: str) -> None:
        """It waits for a person."""
        await self._writer.write(lambda conn: outbox.park(conn, notice.id, at, response))

"""Connections to one mail server, kept open from one message to the next.

A greeting, transport security and a login cost more than the message itself. A kept connection
may have been closed by the server in the meantime; that is told apart from a refusal, so that it
costs a new connection and not a try.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiosmtplib

KEPT_S = 15.0  # servers wait for a minute or more before they hang up
MOST_MESSAGES = 100  # then another connection, perhaps to another machine behind the same name
_GOODBYE_S = 2.0


@dataclass(slots=True)
class Connection:
    """One open connection, and how many messages have gone over it."""

    client: aiosmtplib.SMTP
    messages: int = 0
    idle_since: float = 0.0

    @property
    def used(self) -> bool:
        """Whether it was kept from an earlier message, and so may be dead."""
        return self.messages > 0


class Connections:
    """Open connections that wait for the next message; each is used by one message at a time."""

    def __init__(self, make: Callable[[], aiosmtplib.SMTP]) -> None:
        self._make = make
        self._idle: list[Connection] = []
        self._sweep: asyncio.TimerHandle | None = None
        self._goodbyes: set[asyncio.Task[None]] = set()

    def kept(self) -> Connection | None:
        """The connection that was used last, None when none is open."""
        return self._idle.pop() if self._idle else None

    async def fresh(self) -> Connection:
        """A new connection, greeted, secured and logged in. Raises what aiosmtplib raises."""
        import aiosmtplib

        client = self._make()
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                try:
                    await client.ehlo()
                except aiosmtplib.SMTPHeloError:
                    await client.helo()
        except BaseException:
            client.close()
            raise
        return Connection(client)

    def keep(self, connection: Connection) -> None:
        """Put back a connection whose message was taken."""
        connection.messages += 1
        if connection.messages >= MOST_MESSAGES or not connection.client.is_connected:
            self._leave_later(connection)
            return
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        self._idle.append(connection)
        if self._sweep is None:
            self._sweep = loop.call_later(KEPT_S, self._leave_old)

    async def close(self) -> None:
        """Take leave of the server on every connection."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        while self._idle:
            self._leave_later(self._idle.pop())
        await asyncio.gather(*self._goodbyes)

    def _leave_old(self) -> None:
        loop, self._sweep = asyncio.get_running_loop(), None
        old = [each for each in self._idle if loop.time() - each.idle_since >= KEPT_S]
        self._idle = [each for each in self._idle if each not in old]
        for each in old:
            self._leave_later(each)
        if self._idle:
            due = min(each.idle_since for each in self._idle) + KEPT_S
            self._sweep = loop.call_at(due, self._leave_old)

    def _leave_later(self, connection: Connection) -> None:
        task = asyncio.get_running_loop().create_task(leave(connection))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)


async def leave(connection: Connection) -> None:
    """Say goodbye and close; a server that will not answer changes nothing."""
    import aiosmtplib

    client = connection.client
    if client.is_connected:
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await client.quit()
    client.close()

"""Room between fetching and storing: so many documents and bytes may wait there, no more."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Backlog:
    """First come, first served; a document larger than all the room is let in alone."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._count = 0
        self._bytes = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    def __len__(self) -> int:
        """How many documents are inside."""
        return self._count

    async def enter(self, size: int) -> None:
        """Wait until a document of `size` bytes has room, and take it."""
        if not self._waiting and self._fits(size):
            self._take(size)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, future))
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.leave(size)  # it was let in at the moment it gave up
            raise

    def leave(self, size: int) -> None:
        """Give the room back and let in who waits."""
        self._count -= 1
        self._bytes -= size
        while self._waiting:
            wanted, future = self._waiting[0]
            if not future.done():
                if not self._fits(wanted):
                    break
                self._take(wanted)
                future.set_result(None)
            self._waiting.popleft()

    @asynccontextmanager
    async def inside(self, size: int) -> AsyncIterator[None]:
        """Hold room for `size` bytes."""
        await self.enter(size)
        try:
            yield
        finally:
            self.leave(size)

    def _fits(self, size: int) -> bool:
        return not self._count or (
            self._count < self._most and self._bytes + size <= self._most_bytes
        )

    def _take(self, size: int) -> None:
        self._count += 1
        self._bytes += size

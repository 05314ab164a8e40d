"""Places at a host: no host is asked for more than a few things at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from monitor.fetch.faults import Fault


class _Places:
    def __init__(self, count: int) -> None:
        self.free = asyncio.Semaphore(count)
        self.users = 0


class Slots:
    """A few places per host, first come, first served; a place is freed however its use ends."""

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._places: dict[str, _Places] = {}

    @asynccontextmanager
    async def at(self, host: str, *, wait_s: float) -> AsyncIterator[None]:
        """Hold a place at `host`; raises Fault (timed_out) when none came free in `wait_s`."""
        places = self._places.setdefault(host, _Places(self._per_host))
        places.users += 1
        try:
            try:
                async with asyncio.timeout(wait_s):
                    await places.free.acquire()
            except TimeoutError:
                raise Fault(
                    "timed_out", f"Other feeds of {host} took all places for {wait_s:.3g} s."
                ) from None
            try:
                yield
            finally:
                places.free.release()
        finally:
            places.users -= 1
            if not places.users:
                del self._places[host]

    def __len__(self) -> int:
        """How many hosts are talked to or waited for."""
        return len(self._places)

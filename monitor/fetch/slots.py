"""Places at a host: no host is asked for more than a few things at once, nor without a pause."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from types import TracebackType

from monitor.fetch.faults import Fault

MOST_REMEMBERED = 4096  # hosts whose last visit is kept before those long past are dropped


class _Places:
    """The places at one host and who waits for them."""

    __slots__ = ("free", "ordinary", "priority", "users")

    def __init__(self, count: int) -> None:
        self.free = count
        self.users = 0
        self.priority: deque[asyncio.Future[None]] = deque()
        self.ordinary: deque[asyncio.Future[None]] = deque()

    async def wait(self, *, priority: bool) -> None:
        turn = asyncio.get_running_loop().create_future()
        queue = self.priority if priority else self.ordinary
        queue.append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.give_back()  # it was our turn, but nobody is there to take it
            else:
                queue.remove(turn)
            raise

    def give_back(self) -> None:
        """Hand the place to the next who waits."""
        for queue in (self.priority, self.ordinary):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self.free += 1


class Slots:
    """A few places per host, priority feeds first; a place is freed however its use ends."""

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._places: dict[str, _Places] = {}
        self._started: dict[str, float] = {}  # when the last visit to a host began or will begin

    def at(
        self, host: str, *, wait_s: float | None, gap_s: float = 0.0, priority: bool = False
    ) -> Place:
        """Hold a place at `host`; raises Fault (timed_out) when none came free in `wait_s`.

        None waits for ever. A visit begins `gap_s` seconds after the one before it at the same
        host, or later.
        """
        return Place(self, host, wait_s, gap_s, priority)

    def __len__(self) -> int:
        """How many hosts are talked to or waited for."""
        return len(self._places)

    def _enter(self, host: str) -> _Places:
        places = self._places.get(host)
        if places is None:
            places = self._places[host] = _Places(self._per_host)
        places.users += 1
        return places

    def _leave(self, host: str, places: _Places) -> None:
        places.users -= 1
        if not places.users:
            del self._places[host]

    def _pause(self, host: str, gap_s: float) -> float:
        """How long the next visit has to wait; it counts as begun then."""
        now = time.monotonic()
        begins = max(now, self._started.get(host, now - gap_s) + gap_s)
        if len(self._started) >= MOST_REMEMBERED:
            self._started = {each: at for each, at in self._started.items() if now - at < gap_s}
        self._started[host] = begins
        return begins - now


class Place:
    """One place at one host, held inside `async with`."""

    __slots__ = ("_gap_s", "_host", "_places", "_priority", "_slots", "_wait_s")

    def __init__(
        self, slots: Slots, host: str, wait_s: float | None, gap_s: float, priority: bool
    ) -> None:
        self._slots = slots
        self._host = host
        self._wait_s = wait_s
        self._gap_s = gap_s
        self._priority = priority

    async def __aenter__(self) -> None:
        self._places = self._slots._enter(self._host)
        try:
            await self._take(self._places)
        except BaseException:
            self._slots._leave(self._host, self._places)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Give the place back; once."""
        self._places.give_back()
        self._slots._leave(self._host, self._places)

    async def _take(self, places: _Places) -> None:
        if places.free:
            places.free -= 1  # at once: no timer to set and take down
        else:
            try:
                async with asyncio.timeout(self._wait_s):
                    await places.wait(priority=self._priority)
            except TimeoutError:
                raise Fault(
                    "timed_out",
                    f"Other feeds of {self._host} took all places for {self._wait_s or 0:.3g} s.",
                ) from None
        if self._gap_s <= 0:
            return
        pause_s = self._slots._pause(self._host, self._gap_s)
        if pause_s > 0:
            try:
                await asyncio.sleep(pause_s)
            except BaseException:
                places.give_back()
                raise

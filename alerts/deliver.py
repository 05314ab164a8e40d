"""Hand over what waits in the outbox: lease one notice, send it, record how it ended.

In this order a notice is sent at least once: when the program dies between the server's answer
and our record of it, the lease runs out and the same bytes go out again under the same
Message-ID. Retry times live here and in `backoff`, never in the mailer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import backoff
from alerts.errors import DeliveryError
from alerts.ports import Mailer, Outbox
from alerts.smtp import DEADLINE_S, MailRoadClosed
from storage.records import Notice

HELD = timedelta(seconds=20)  # the longest that a leased notice waits for a worker
# Outlasts the longest send after the longest wait, else two would send the same notice.
LEASE = timedelta(seconds=DEADLINE_S + 10) + HELD
AT_ONCE = 10  # notices to a lease; each of one notice alone would cost as much as sending it
ROAD_WAIT = timedelta(seconds=60)  # while nothing gets through, one message tries this often
WORKERS = 8


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one pass did. `wait`: nothing gets through, so do not try again before."""

    sent: int = 0
    retried: int = 0
    parked: int = 0
    wait: timedelta | None = None
    response: str = ""  # of the last failure

    @property
    def tried(self) -> int:
        """How many notices were taken in hand."""
        return self.sent + self.retried + self.parked

    def __add__(self, other: Delivered) -> Delivered:
        waits = [wait for wait in (self.wait, other.wait) if wait is not None]
        return Delivered(
            self.sent + other.sent,
            self.retried + other.retried,
            self.parked + other.parked,
            max(waits) if waits else None,
            other.response or self.response,
        )


async def deliver_due(
    outbox: Outbox,
    mailer: Mailer,
    *,
    now: datetime,
    owner: str,
    limit: int = 100,
    workers: int = WORKERS,
    clock: Callable[[], datetime] | None = None,
) -> Delivered:
    """Send up to `limit` notices that are due, `workers` at a time.

    Each worker takes one notice at a time, so that a slow recipient holds up nobody else. When
    the mail road is closed the pass ends and `Delivered.wait` says how long to leave it alone.
    `clock` gives the time of leases and outcomes (default: `now` for all). Errors of the outbox
    come through, as do bugs of the mailer: an exception that is no DeliveryError.
    """
    hands = _Hands(outbox, mailer, owner, limit, clock or (lambda: now))
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(hands.work()) for _ in range(max(1, min(workers, limit)))]
    finally:
        await hands.give_back()
    return sum((task.result() for task in tasks), Delivered())


class _Hands:
    """What the workers of one pass share: the notices that are leased and not yet tried."""

    def __init__(
        self, outbox: Outbox, mailer: Mailer, owner: str, limit: int, clock: Callable[[], datetime]
    ) -> None:
        self._outbox, self._mailer, self._owner, self._clock = outbox, mailer, owner, clock
        self._left = limit
        self._ready: deque[Notice] = deque()
        self._leased_at = clock()
        self._leasing = asyncio.Lock()
        self._closed = False

    async def work(self) -> Delivered:
        done = Delivered()
        while not self._closed and (notice := await self._next()) is not None:
            result = await _hand_over(self._outbox, self._mailer, notice, self._clock)
            done += result
            self._closed = self._closed or result.wait is not None
        return done

    async def _next(self) -> Notice | None:
        async with self._leasing:
            if self._ready and self._clock() - self._leased_at > HELD:
                await self.give_back()
            if not self._ready and self._left > 0 and not self._closed:
                self._leased_at = self._clock()
                taken = await self._outbox.lease(
                    now=self._leased_at,
                    owner=self._owner,
                    lease=LEASE,
                    limit=min(AT_ONCE, self._left),
                )
                self._left = self._left - len(taken) if taken else 0
                self._ready += taken
            return self._ready.popleft() if self._ready and not self._closed else None

    async def give_back(self) -> None:
        """Let go of what was not tried, so that it does not wait for the end of its lease."""
        untried, self._left = list(self._ready), self._left + len(self._ready)
        self._ready.clear()
        if untried:
            await self._outbox.give_back(untried, owner=self._owner)


async def _hand_over(
    outbox: Outbox, mailer: Mailer, notice: Notice, clock: Callable[[], datetime]
) -> Delivered:
    try:
        response = await mailer.send(notice.mime, notice.recipient)
    except DeliveryError as error:
        return await _failed(outbox, notice, error, clock())
    await outbox.mark_sent(notice, at=clock(), response=response)
    return Delivered(sent=1)


async def _failed(outbox: Outbox, notice: Notice, error: DeliveryError, at: datetime) -> Delivered:
    response = error.response
    closed = isinstance(error, MailRoadClosed)
    # One refusal after a day of other faults is not the last word: it must be said again.
    again = notice.response[:1] == "5" or notice.response == response
    due_at = backoff.next_try(
        attempts=notice.attempts + 1,
        key=notice.message_id,
        created_at=notice.created_at,
        now=at,
        permanent=error.permanent and again,
    )
    if due_at is None:
        await outbox.mark_parked(notice, at=at, response=response)
        return Delivered(parked=1, response=response)
    wait = None
    if closed:
        # It stays due: it is no fault of its own, and the gravest goes first once a road is open.
        wait, due_at = min(due_at - at, ROAD_WAIT), at
    await outbox.mark_retry(notice, at=at, due_at=due_at, response=response)
    return Delivered(retried=1, wait=wait, response=response)

"""Hand over what waits in the outbox: lease one notice, send it, record how it ended.

In this order a notice is sent at least once: when the program dies between the server's answer
and our record of it, the lease runs out and the same bytes go out again under the same
Message-ID. Retry times live here and in `backoff`, never in the mailer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import backoff
from alerts.errors import DeliveryError
from alerts.ports import Mailer, Outbox
from alerts.smtp import DEADLINE_S, MailRoadClosed
from storage.records import Notice

LEASE = timedelta(seconds=DEADLINE_S + 30)  # outlasts the longest send, else two would send it
ROAD_WAIT = timedelta(seconds=60)  # while nothing gets through, one message tries this often
WORKERS = 4


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
    """Send up to `limit` notices that are due at `now`, `workers` at a time.

    Each worker takes one notice at a time, so that a slow recipient holds up nobody else. When
    the mail road is closed the pass ends and `Delivered.wait` says how long to leave it alone.
    `clock` gives the time of each outcome (default: `now` for all). Errors of the outbox come
    through, as do bugs of the mailer: an exception that is no DeliveryError.
    """
    left = iter(range(limit))
    closed = asyncio.Event()

    async def work() -> Delivered:
        done = Delivered()
        while not closed.is_set() and next(left, None) is not None:
            taken = await outbox.lease(now=now, owner=owner, lease=LEASE, limit=1)
            if not taken:
                break
            for notice in taken:
                result = await _hand_over(outbox, mailer, notice, clock or (lambda: now))
                done += result
                if result.wait is not None:
                    closed.set()
        return done

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work()) for _ in range(max(1, min(workers, limit)))]
    return sum((task.result() for task in tasks), Delivered())


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
    due_at = backoff.next_try(
        attempts=notice.attempts + 1,
        key=notice.message_id,
        created_at=notice.created_at,
        now=at,
        permanent=error.permanent,
    )
    if due_at is None:
        await outbox.mark_parked(notice, at=at, response=response)
        return Delivered(parked=1, response=response)
    if closed:
        due_at = min(due_at, at + ROAD_WAIT)  # all that waits is out soon after the server is back
    await outbox.mark_retry(notice, at=at, due_at=due_at, response=response)
    return Delivered(retried=1, wait=due_at - at if closed else None, response=response)

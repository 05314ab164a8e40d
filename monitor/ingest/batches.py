"""Group commit: requests that come while the last ones are worked on are done together.

A transaction costs the same for one poll and for thirty. Nobody waits for a batch to fill: when
little is asked each request goes alone and at once, when much is asked the batches grow.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)

Request = TypeVar("Request")
Result = TypeVar("Result")


class Batches(Generic[Request, Result]):
    """Hands requests to `work` in the order they came, several at a time.

    work: one result for each request, in their order; all of them or, by raising, none.
    most: the weight of a batch, unless a single request weighs more.
    weigh: the weight of a request, 1 unless it is given.
    window_s: how long the first request of a batch waits for others.

    A batch that fails is done again one by one, so that a request which cannot be done harms no
    other. One whose asker was cancelled before its batch began is left out.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Request]], Awaitable[Sequence[Result]]],
        *,
        most: int,
        weigh: Callable[[Request], int] = lambda _: 1,
        window_s: float = 0.0,
    ) -> None:
        self._work = work
        self._most = most
        self._weigh = weigh
        self._window_s = window_s
        self._waiting: deque[tuple[Request, asyncio.Future[Result]]] = deque()
        self._runner: asyncio.Task[None] | None = None

    async def ask(self, request: Request) -> Result:
        """The result of this request; raises what `work` raised for it alone."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run(), name="batches")
        return await future

    async def _run(self) -> None:
        while self._waiting:
            if self._window_s:
                await asyncio.sleep(self._window_s)
            if batch := self._next():
                await self._do(batch)

    def _next(self) -> list[tuple[Request, asyncio.Future[Result]]]:
        batch: list[tuple[Request, asyncio.Future[Result]]] = []
        room = self._most
        while self._waiting:
            request, future = self._waiting[0]
            if not future.done():
                room -= self._weigh(request)
                if room < 0 and batch:
                    break
                batch.append((request, future))
            self._waiting.popleft()
        return batch

    async def _do(self, batch: Sequence[tuple[Request, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._work([request for request, _ in batch])
        except Exception as error:  # noqa: BLE001 - it is handed to who asked
            if len(batch) == 1:
                _set(batch[0][1], error)
                return
            log.warning("batch_failed", requests=len(batch), error=f"{type(error).__name__}")
            for one in batch:
                await self._do([one])
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)


def _set(future: asyncio.Future[Result], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)

"""Requests that come together are done together, and one that fails harms no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from monitor.ingest.backlog import Backlog
from monitor.ingest.batches import Batches


class Worker:
    """Doubles numbers; keeps the batches it was given; is stopped and let go by the test."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()
        self.go.set()

    async def work(self, numbers: Sequence[int]) -> list[int]:
        """All of them or none; no number may be negative."""
        self.batches.append(list(numbers))
        await self.go.wait()
        if any(number < 0 for number in numbers):
            raise ValueError("negative")
        return [2 * number for number in numbers]


async def asked(batches: Batches[int, int], *numbers: int) -> list[int | BaseException]:
    asking = [batches.ask(number) for number in numbers]
    return list(await asyncio.gather(*asking, return_exceptions=True))


@pytest.mark.asyncio
async def test_what_comes_while_a_batch_is_worked_on_is_the_next_batch() -> None:
    worker = Worker()
    batches = Batches(worker.work, most=10)
    worker.go.clear()
    first = asyncio.create_task(batches.ask(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = asyncio.create_task(asked(batches, 2, 3, 4))
    await asyncio.sleep(0)
    worker.go.set()
    assert await first == 2
    assert await rest == [4, 6, 8]
    assert worker.batches == [[1], [2, 3, 4]]


@pytest.mark.asyncio
async def test_a_batch_holds_no_more_than_its_weight_but_always_one() -> None:
    worker = Worker()
    batches = Batches(worker.work, most=5, weigh=lambda number: number)
    assert await asked(batches, 2, 3, 1, 9, 1) == [4, 6, 2, 18, 2]
    assert worker.batches == [[2, 3], [1], [9], [1]]


@pytest.mark.asyncio
async def test_one_that_fails_harms_no_other_of_its_batch() -> None:
    worker = Worker()
    results = await asked(Batches(worker.work, most=10), 1, -1, 2)
    assert (results[0], results[2]) == (2, 4)
    assert isinstance(results[1], ValueError)
    assert worker.batches == [[1, -1, 2], [1], [-1], [2]]


@pytest.mark.asyncio
async def test_who_gave_up_before_the_batch_began_is_left_out() -> None:
    worker = Worker()
    batches = Batches(worker.work, most=1)
    worker.go.clear()
    first, second, third = (asyncio.create_task(batches.ask(number)) for number in (1, 2, 3))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    worker.go.set()
    assert (await first, await third) == (2, 6)
    assert second.cancelled()
    assert worker.batches == [[1], [3]]


@pytest.mark.asyncio
async def test_the_backlog_holds_so_many_documents_and_bytes_and_no_more() -> None:
    room = Backlog(most=2, most_bytes=100)
    await room.enter(60)
    large = asyncio.create_task(room.enter(50))
    small = asyncio.create_task(room.enter(10))
    await asyncio.sleep(0)
    assert (large.done(), small.done()) == (False, False)  # first come, first served
    room.leave(60)
    await asyncio.gather(large, small)
    assert len(room) == 2


@pytest.mark.asyncio
async def test_a_document_larger_than_all_the_room_is_let_in_alone() -> None:
    room = Backlog(most=2, most_bytes=100)
    await room.enter(10)
    huge = asyncio.create_task(room.enter(1000))
    await asyncio.sleep(0)
    assert not huge.done()
    room.leave(10)
    await huge
    after = asyncio.create_task(room.enter(1))
    await asyncio.sleep(0)
    assert not after.done()
    room.leave(1000)
    await after


@pytest.mark.asyncio
async def test_who_gives_up_waiting_takes_no_room() -> None:
    room = Backlog(most=1, most_bytes=100)
    await room.enter(1)
    waiting = asyncio.create_task(room.enter(1))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    room.leave(1)
    assert len(room) == 0
    async with room.inside(1):
        assert len(room) == 1
    assert len(room) == 0

"""Places at a host: who gets them, in what order, and that none is ever lost."""

from __future__ import annotations

import asyncio

import pytest

from monitor.fetch.faults import Fault
from monitor.fetch.slots import Slots

pytestmark = pytest.mark.asyncio


async def test_a_priority_feed_goes_before_those_that_wait_longer() -> None:
    slots, order = Slots(1), []

    async def visit(name: str, *, priority: bool = False) -> None:
        async with slots.at("a.example", wait_s=5, priority=priority):
            order.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for name in ("first", "second", "third"):
            group.create_task(visit(name))
        group.create_task(visit("tsunami", priority=True))
    assert order == ["first", "tsunami", "second", "third"]
    assert len(slots) == 0


async def test_a_place_is_not_lost_when_its_turn_comes_as_the_waiting_ends() -> None:
    slots = Slots(1)
    for _ in range(20):
        holder = slots.at("a.example", wait_s=5)
        await holder.__aenter__()

        async def wait() -> None:
            async with slots.at("a.example", wait_s=5):
                await asyncio.Event().wait()

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        await holder.__aexit__(None, None, None)  # it is the waiting one's turn now,
        waiting.cancel()  # which at the same moment is called off
        await asyncio.gather(waiting, return_exceptions=True)
        assert len(slots) == 0
    async with slots.at("a.example", wait_s=0.01):
        pass


async def test_waiting_ends_in_time_and_leaves_the_queue() -> None:
    slots = Slots(1)
    async with slots.at("a.example", wait_s=5):
        with pytest.raises(Fault, match="took all places"):
            await slots.at("a.example", wait_s=0.01).__aenter__()
        async with slots.at("b.example", wait_s=0.01):
            assert len(slots) == 2
    async with slots.at("a.example", wait_s=0.01):
        assert len(slots) == 1
    assert len(slots) == 0


async def test_a_visit_called_off_during_its_pause_gives_its_place_back() -> None:
    slots = Slots(1)
    async with slots.at("a.example", wait_s=5, gap_s=60):
        pass
    pausing = asyncio.create_task(slots.at("a.example", wait_s=5, gap_s=60).__aenter__())
    await asyncio.sleep(0)
    pausing.cancel()
    await asyncio.gather(pausing, return_exceptions=True)
    assert len(slots) == 0
    async with slots.at("a.example", wait_s=0.01):
        assert len(slots) == 1

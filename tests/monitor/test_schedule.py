"""The jobs: none runs twice at a time, and none makes noise about it."""

from __future__ import annotations

import asyncio

import pytest

from monitor.schedule import alone


@pytest.mark.asyncio
async def test_a_job_is_left_out_while_its_last_run_is_under_way_and_then_goes_on() -> None:
    gate, runs = asyncio.Event(), 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        await gate.wait()

    job = alone(work, "tick")
    first = asyncio.create_task(job())
    await asyncio.sleep(0)
    await job()
    await job()
    assert runs == 1
    gate.set()
    await first
    await job()
    assert runs == 2


@pytest.mark.asyncio
async def test_a_job_that_fails_runs_again() -> None:
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        raise RuntimeError("a bug")

    job = alone(work, "tick")
    await job()
    await job()
    assert runs == 2


@pytest.mark.asyncio
async def test_a_job_that_the_end_of_the_program_cuts_off_ends_quietly() -> None:
    work: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def wait() -> None:
        await work

    job = asyncio.create_task(alone(wait, "tick")())
    await asyncio.sleep(0)
    work.cancel()  # as the writer does with what it no longer starts
    await job
    assert not job.cancelled()

"""The dead-man's switch: an outside watchdog hears from us only while everything moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest

from monitor.health import WRITTEN
from monitor.heartbeat import Heartbeat
from monitor.oncall.watch import StorageWatch
from storage import feeds, meta, outbox
from tests.fakes import FakeFetcher
from tests.monitor.desk import world
from tests.storage import make

URL = "https://watchdog.example/ping/x"
LONG = timedelta(minutes=11)


@dataclass
class Watched:
    """A desk and the watchdog that listens to it."""

    program: world.StandIn
    heart: Heartbeat
    watchdog: FakeFetcher

    async def beat(self, later: timedelta = timedelta(0)) -> bool:
        self.program.clock.move(later)
        return await self.heart.beat(cast(Any, self.program))


@pytest.fixture
def watched(empty: world.StandIn) -> Watched:
    watchdog = FakeFetcher({URL: b"ok"})
    with empty.database.write() as conn:
        feeds.sync(conn, [make.identity()], world.NOW)
        for key in ("moved.poll", "moved.outbox", WRITTEN):
            meta.set(conn, key, "", world.NOW)
    return Watched(empty, Heartbeat(URL, watchdog, world.NOW), watchdog)


def moves(watched: Watched, *keys: str) -> None:
    """These have moved just now."""
    now = watched.program.clock.now()
    with watched.program.database.write() as conn:
        for key in keys:
            meta.set(conn, key, "", now)


@pytest.mark.asyncio
async def test_while_all_moves_the_watchdog_hears_us(watched: Watched) -> None:
    assert await watched.beat(timedelta(minutes=1))
    assert [each.url for each in watched.watchdog.asked] == [URL]


@pytest.mark.asyncio
async def test_polls_that_stand_still_keep_the_heart_silent(watched: Watched) -> None:
    watched.program.clock.move(LONG)
    moves(watched, WRITTEN, "moved.outbox")
    assert not await watched.beat()
    assert watched.watchdog.asked == []


@pytest.mark.asyncio
async def test_a_database_that_takes_no_writes_keeps_the_heart_silent(watched: Watched) -> None:
    with watched.program.database.write() as conn:
        feeds.sync(conn, [], world.NOW)  # no feed is due, so polls are no standstill
    assert not await watched.beat(LONG)
    await StorageWatch().look(cast(Any, watched.program))
    assert await watched.beat()


@pytest.mark.asyncio
async def test_mails_that_wait_keep_the_heart_silent(watched: Watched) -> None:
    with watched.program.database.write() as conn:
        feeds.sync(conn, [], world.NOW)
        outbox.enqueue(conn, make.notice(world.NOW), world.NOW)
    watched.program.clock.move(LONG)
    moves(watched, WRITTEN)
    assert not await watched.beat()


@pytest.mark.asyncio
async def test_healthz_says_503_when_nothing_could_be_written_for_ten_minutes(
    watched: Watched,
) -> None:
    with watched.program.database.write() as conn:
        feeds.sync(conn, [], world.NOW)
    async with world.client(watched.program) as browser:
        watched.program.clock.move(LONG)
        answer = await browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "not written"


@pytest.mark.asyncio
async def test_a_watchdog_that_does_not_answer_is_no_beat(watched: Watched) -> None:
    watched.watchdog.documents.clear()
    assert not await watched.beat()

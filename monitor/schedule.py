"""APScheduler fires a one-second job and a few calendar jobs; each only calls the program.

The library's defaults would drop a run that is a second late (agronholm/apscheduler 146, 292):
grace is unlimited here, missed runs fold into one, and no job runs twice at a time.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import Program
from monitor.heartbeat import Heartbeat
from monitor.incidents.rest import rest
from storage import feeds

log = structlog.get_logger(__name__)

JUMP_S = 60.0
KEEP_POLLS = timedelta(days=30)


def start_schedule(program: Program, heartbeat: Heartbeat | None = None) -> AsyncIOScheduler:
    """The running scheduler. Must be called in the event loop."""
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    heart = Heart(program)
    scheduler.add_job(heart.beat, "interval", seconds=1, id="beat")
    scheduler.add_job(_guarded(program.digest, "digest"), "interval", seconds=20, id="digest")
    scheduler.add_job(_guarded(lambda: settle(program), "rest"), "interval", hours=1, id="rest")
    scheduler.add_job(_guarded(lambda: prune(program), "prune"), "cron", hour=20, id="prune")
    if heartbeat is not None:
        beat = _guarded(lambda: heartbeat.beat(program), "heartbeat")
        scheduler.add_job(beat, "interval", minutes=1, id="heartbeat")
    scheduler.start()
    return scheduler


class Heart:
    """The one-second job: start the polls that are due, turn due decisions into notices."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._wall = datetime.now(UTC)
        self._steady = time.monotonic()

    async def beat(self) -> None:
        """One beat; a fault is logged and the next beat goes on."""
        try:
            await self._spread_after_jump()
            self._program.start_due_polls(await self._program.due())
            await self._program.tick()
        except Exception:
            log.exception("beat_failed")

    async def _spread_after_jump(self) -> None:
        """After a sleep or a clock change everything is due at once: spread it out again."""
        wall, steady = datetime.now(UTC), time.monotonic()
        jump = abs((wall - self._wall).total_seconds() - (steady - self._steady))
        self._wall, self._steady = wall, steady
        if jump > JUMP_S:
            log.warning("clock_jumped", seconds=round(jump))
            await self._program.spread_due()


def _guarded(work: Callable[[], Awaitable[object]], name: str) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await work()
        except Exception:
            log.exception("job_failed", job=name)

    return run


async def settle(program: Program) -> None:
    """Let incidents without news go quiet."""
    now = program.clock.now()
    await program.writer.write(lambda conn: rest(conn, now))


async def prune(program: Program) -> None:
    """Forget poll records that are older than a month."""
    before = program.clock.now() - KEEP_POLLS
    await program.writer.write(lambda conn: feeds.prune_polls(conn, before))

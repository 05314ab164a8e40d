"""APScheduler fires a one-second job and a few calendar jobs; each only calls the program.

The library's defaults would drop a run that is a second late (agronholm/apscheduler 146, 292):
grace is unlimited here, missed runs fold into one, and no job runs twice at a time. A job that
is called while its last run is under way says so in the log's debug lines only: behind a long
write of a poll that is a matter of course, and the library would warn of each.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import Program
from monitor.heartbeat import Heartbeat
from monitor.oncall.watch import StorageWatch, inbox_reader, watch_mail
from storage import feeds

log = structlog.get_logger(__name__)

JUMP_S = 60.0
KEEP_POLLS = timedelta(days=30)


def start_schedule(program: Program, heartbeat: Heartbeat | None = None) -> AsyncIOScheduler:
    """The running scheduler. Must be called in the event loop."""
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 2},
    )
    heart = Heart(program)
    scheduler.add_job(alone(heart.beat, "beat"), "interval", seconds=1, id="beat")
    scheduler.add_job(alone(program.tick, "tick"), "interval", seconds=1, id="tick")
    scheduler.add_job(alone(program.digest, "digest"), "interval", seconds=20, id="digest")
    scheduler.add_job(alone(program.settle, "rest"), "interval", hours=1, id="rest")
    scheduler.add_job(alone(program.listen, "listen"), "interval", minutes=1, id="listen")
    scheduler.add_job(alone(lambda: prune(program), "prune"), "cron", hour=20, id="prune")
    scheduler.add_job(alone(program.watch, "watch"), "interval", minutes=1, id="watch")
    scheduler.add_job(alone(program.follow_list, "list"), "interval", minutes=1, id="list")
    scheduler.add_job(alone(lambda: watch_mail(program), "mail"), "interval", seconds=30, id="mail")
    storage = StorageWatch()
    scheduler.add_job(
        alone(lambda: storage.look(program), "storage"), "interval", seconds=20, id="storage"
    )
    inbox = inbox_reader(program)
    if inbox is not None:
        look = alone(lambda: inbox.look(program), "inbox")
        scheduler.add_job(look, "interval", seconds=15, id="inbox")
    if heartbeat is not None:
        beat = alone(lambda: heartbeat.beat(program), "heartbeat")
        scheduler.add_job(beat, "interval", minutes=1, id="heartbeat")
    scheduler.start()
    return scheduler


class Heart:
    """The one-second job that starts the polls that are due; it waits for none of them."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._wall = datetime.now(UTC)
        self._steady = time.monotonic()

    async def beat(self) -> None:
        """One beat; the writes of polls under way do not hold it up, they are read past."""
        await self._spread_after_jump()
        self._program.start_due_polls(await self._program.due())

    async def _spread_after_jump(self) -> None:
        """After a sleep or a clock change everything is due at once: spread it out again."""
        wall, steady = datetime.now(UTC), time.monotonic()
        jump = abs((wall - self._wall).total_seconds() - (steady - self._steady))
        self._wall, self._steady = wall, steady
        if jump > JUMP_S:
            log.warning("clock_jumped", seconds=round(jump))
            await self._program.spread_due()


def alone(work: Callable[[], Awaitable[object]], name: str) -> Callable[[], Awaitable[None]]:
    """`work` as a job: left out while its last run is under way; a fault is logged, no more."""
    running = False
    skipped = 0

    async def run() -> None:
        nonlocal running, skipped
        if running:
            skipped += 1
            log.debug("job_skipped", job=name, in_a_row=skipped)
            return
        running, skipped = True, 0
        try:
            await work()
        except asyncio.CancelledError:
            log.debug("job_stopped", job=name)  # the program ends; the library would log a fault
        except Exception:
            log.exception("job_failed", job=name)
        finally:
            running = False

    return run


async def prune(program: Program) -> None:
    """Forget poll records that are older than a month."""
    before = program.clock.now() - KEEP_POLLS
    await program.writer.write(lambda conn: feeds.prune_polls(conn, before))

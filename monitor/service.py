"""`monitor run`: the loops around the program, from the lock to the last commit."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from alerts.deliver import Delivered
from alerts.policy import Policy
from monitor import memory
from monitor.app import Program, build
from monitor.config.feedlist import FeedList
from monitor.config.settings import Settings
from monitor.errors import MonitorError
from monitor.heartbeat import heartbeat_for
from monitor.ingest.polling import PollReport
from monitor.reload import watch_configuration
from monitor.schedule import alone, start_schedule
from monitor.serving import served
from storage import decisions, incidents, outbox
from storage.database import Database
from storage.errors import StorageError
from storage.lock import InstanceLock
from storage.records import Level

log = structlog.get_logger(__name__)

STORAGE_WAIT = timedelta(seconds=5)
STOP_WITHIN_S = 2.0  # of the five that Ctrl-C may take; the page and the workers need theirs


@contextmanager
def hold_database(settings: Settings) -> Iterator[None]:
    """Hold the lock beside a SQLite database; PostgreSQL needs none.

    Raises AlreadyRunning naming the holder.
    """
    path = settings.sqlite_path
    if path is None:
        yield
        return
    with InstanceLock(path, "monitor run"):
        yield


def listening_socket(settings: Settings) -> socket.socket:
    """The page's socket, bound. Raises MonitorError when it may not or cannot listen there."""
    listen = settings.listen
    if not listen.loopback:
        raise MonitorError(
            f"MONITOR_LISTEN is {listen.host}: the page has no login yet, so it listens on this "
            "machine only: write 127.0.0.1:8080 and reach it through ssh or a proxy with a login"
        )
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((listen.host, listen.port))
        bound.listen()  # from here on nobody else gets the port, and the first visitor waits
    except OSError as error:
        bound.close()
        raise MonitorError(
            f"{listen.host}:{listen.port} is in use by another program: stop it, or set "
            "MONITOR_LISTEN to another port, for example 127.0.0.1:8081"
        ) from error
    return bound


async def serve(settings: Settings, feedlist: FeedList, policy: Policy, database: Database) -> int:
    """Run everything until a signal; exit code 0."""
    bound = listening_socket(settings)
    stop = asyncio.Event()
    _stop_on_signals(stop)
    async with _running(settings, feedlist, policy, database) as program, page(program, bound):
        heartbeat = heartbeat_for(program)
        schedule = start_schedule(program, heartbeat)
        tasks = [
            asyncio.create_task(_deliver_loop(program.deliver, program.queued), name="delivery"),
            asyncio.create_task(_tick_on_news(program), name="tick on news"),
            asyncio.create_task(_get_ready(program), name="model"),
            asyncio.create_task(watch_configuration(program), name="configuration"),
        ]
        if settings.channels:
            beside = _deliver_loop(program.deliver_channels, asyncio.Event())
            tasks.append(asyncio.create_task(beside, name="channels"))
        host, port = bound.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        _say(f"The desk page is at http://{shown}:{port}")
        _say(f"{len(feedlist.enabled)} feeds are watched; {_mail_road(settings)}")
        _say("Ctrl-C stops.")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await _until(stopping, tasks)
        finally:
            schedule.shutdown(wait=False)
            stopping.cancel()
            if heartbeat is not None:
                await heartbeat.close()
            under_way = [*tasks, *program.polls_under_way()]
            for task in under_way:
                task.cancel()
            await asyncio.wait(under_way, timeout=STOP_WITHIN_S)
    log.info("stopped")
    return 0


async def _until(stopping: asyncio.Task[Any], tasks: list[asyncio.Task[Any]]) -> None:
    """Wait for the signal; a task that breaks before is a bug, and stops the program loudly."""
    waiting = {stopping, *tasks}
    while stopping in waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()


@asynccontextmanager
async def _running(
    settings: Settings, feedlist: FeedList, policy: Policy, database: Database
) -> AsyncIterator[Program]:
    program = build(settings, feedlist, policy, database=database)
    try:
        await program.take_over_list()
        yield program
    finally:
        await program.close()


@asynccontextmanager
async def page(program: Program, bound: socket.socket) -> AsyncIterator[None]:
    """Serve the desk page on `bound`, and close it at the end."""
    from monitor.desk.app import desk

    try:
        async with served(desk(program), bound, name="page"):
            yield
    finally:
        bound.close()


async def _get_ready(program: Program) -> None:
    await program.classifiers.ensure(_progress)
    await program.warm()
    memory.leave_alone()
    memory.go_on(os.environ)


async def _tick_on_news(program: Program) -> None:
    """Decide as soon as items are stored: the beat of every second would cost half of one."""
    tick = alone(program.tick, "tick on news")
    while True:
        await program.news.wait()
        program.news.clear()
        await tick()


async def _deliver_loop(deliver: Callable[[], Awaitable[Delivered]], queued: asyncio.Event) -> None:
    """Deliver whenever something waits; a closed mail road is left alone for as long as it says.

    While storage fails it waits as well: what is in the outbox goes out when that is over.
    """
    while True:
        queued.clear()
        delivered = None
        try:
            delivered = await deliver()
        except* StorageError as group:
            log.error("delivery_waits_for_storage", why=str(group.exceptions[0]))
        if delivered is None:
            await asyncio.sleep(STORAGE_WAIT.total_seconds())
        elif delivered.wait is not None:
            await asyncio.sleep(delivered.wait.total_seconds())
        elif not delivered.sent:  # else there may be more
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await queued.wait()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    asked = False

    def ask() -> None:
        nonlocal asked
        if asked:
            sys.stderr.write("stopping at once\n")
            signal.raise_signal(signal.SIGKILL)
        asked = True
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _progress(line: str) -> None:
    _say(f"  model: {line}")


def _mail_road(settings: Settings) -> str:
    if settings.smtp_url:
        return "mails go to the mail server of MONITOR_SMTP_URL"
    return f"no mail server is set, so mails are written to {settings.outbox_dir}"


@dataclass(frozen=True, slots=True)
class OnceOutcome:
    """What `monitor run --once` did."""

    polls: tuple[PollReport, ...]
    items: int
    tagged: dict[str, int]
    incidents: dict[str, int]
    notices: int
    digests: int
    sent: int
    failed: int
    seconds: float
    outbox: str
    waiting: int = 0  # first notices that are decided and not told yet: a gap, quiet hours, a flood
    next_at: datetime | None = None  # when the first of them comes up again

    @property
    def ok(self) -> bool:
        """True when every feed was read and every mail went out."""
        return self.failed == 0 and all(poll.ok for poll in self.polls)

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        states: dict[str, int] = {}
        for poll in self.polls:
            states[poll.state] = states.get(poll.state, 0) + 1
        return {
            "feeds": len(self.polls),
            "states": states,
            "items": self.items,
            "tagged": self.tagged,
            "incidents": self.incidents,
            "notices": self.notices,
            "digests": self.digests,
            "sent": self.sent,
            "failed": self.failed,
            "waiting": self.waiting,
            "next_at": self.next_at.isoformat() if self.next_at else None,
            "seconds": round(self.seconds, 2),
            "polls": [
                {"feed": poll.feed, "state": poll.state, "detail": poll.detail, "new": poll.new}
                for poll in self.polls
            ],
        }

    def as_text(self) -> str:
        """For a person."""
        said = self.as_json()
        states = ", ".join(f"{name} {count}" for name, count in sorted(said["states"].items()))
        levels = ", ".join(f"{count} {name}" for name, count in self.incidents.items() if count)
        tags = ", ".join(f"{name} {count}" for name, count in self.tagged.items())
        return (
            f"{len(self.polls)} feeds polled in {self.seconds:.1f} s: {states or 'none'}\n"
            f"{self.items} new items ({tags or 'none tagged'})\n"
            f"incidents: {levels or 'none'}\n"
            f"{self.notices} alert notices, {self.digests} digest notices; "
            f"{self.sent} delivered, {self.failed} not yet\n"
            f"{self._waits()}"
            f"mails: {self.outbox}"
        )

    def _waits(self) -> str:
        if not self.waiting or self.next_at is None:
            return ""
        return (
            f"{self.waiting} decisions wait (gap between updates, quiet hours, flood or "
            f"maintenance), the first until {self.next_at:%Y-%m-%d %H:%M} UTC\n"
        )


async def once(
    settings: Settings, feedlist: FeedList, policy: Policy, database: Database
) -> OnceOutcome:
    """Poll every enabled feed once, take waits as elapsed, decide the digest, deliver."""
    started = time.monotonic()
    async with _running(settings, feedlist, policy, database) as program:
        await program.classifiers.ensure(_progress)
        polls = await program.poll_all()
        await program.settle()
        await program.listen()
        notices = await program.tick(waits_elapsed=True)
        digests = await program.digest_now()
        sent = failed = 0
        while (delivered := await program.deliver()).tried:
            sent += delivered.sent
            failed += delivered.parked
            if delivered.wait is not None:
                break
        while (beside := await program.deliver_channels()).tried:
            sent += beside.sent
            failed += beside.parked
        waiting = await program.writer.read(outbox.waiting)
        open_incidents = await program.writer.read(
            lambda conn: incidents.listing(conn, states=("open",), limit=100_000)
        )
        tagged = await program.writer.read(_count_tags)
        held = await program.writer.read(decisions.waiting)
    return OnceOutcome(
        polls=tuple(polls),
        items=sum(poll.new for poll in polls),
        tagged=tagged,
        incidents={
            level.name: sum(each.level == level for each in open_incidents)
            for level in sorted(Level, reverse=True)
        },
        notices=notices,
        digests=digests,
        sent=sent,
        failed=failed + waiting,
        seconds=time.monotonic() - started,
        outbox="sent to the mail server" if settings.smtp_url else str(settings.outbox_dir),
        waiting=len(held),
        next_at=min((each.due_at for each in held if each.due_at is not None), default=None),
    )


def _count_tags(conn: Any) -> dict[str, int]:
    from storage import itemreads

    return itemreads.count_by_category(conn)

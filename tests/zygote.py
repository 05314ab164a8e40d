"""Processes that run poll → mail and die on the way: `python -m tests.zygote`, orders on stdin.

One process loads everything once and forks a child for every order, so that two hundred deaths
take minutes. A child dies at the n-th point (before and after each commit, before a message is
handed over and after its answer), or after a time. An order and its answer are a line of JSON each.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts.smtp import SmtpMailer
from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.logs import configure
from monitor.parse.worker import InlineParser
from storage import schema
from storage.database import Connection, Database
from tests.documents import Quake, quakes
from tests.fakes import FakeFetcher
from tests.mailserver import mailserver
from tests.office import ROOT

FEED = "https://quakes.example/all.geojson"


def write_feeds(folder: Path) -> None:
    """The feed list of one feed."""
    feed = f'{{name: Quakes, url: "{FEED}", kind: hazard, country: null}}'
    (folder / "feeds.yaml").write_text(f"feeds:\n  - {feed}\n")


@dataclass(frozen=True, slots=True)
class Order:
    """One life: what is published by `at`, and when it ends before its time.

    `published` counts the earthquakes, one every quarter of an hour up to `at`. `dies_at` is the
    number of the point at which it kills itself; `dies_after_s` the time after which it is killed.
    `lives` processes run at the same time.
    """

    folder: str
    database_url: str
    smtp_url: str
    at: str
    published: int
    dies_at: int | None = None
    dies_after_s: float | None = None
    lives: int = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """How it went: `killed`, and otherwise how many of the lives failed; the time it took."""

    killed: bool
    failed: int
    took_s: float


def document(published: int, at: datetime) -> bytes:
    """The feed: a great earthquake every quarter of an hour, each in a place of its own."""
    first = at - timedelta(minutes=15 * published)
    found = [
        Quake(
            f"q{n}", 7.2, first + timedelta(minutes=15 * (n + 1), seconds=-90),
            place=f"{n} km N of Example Town, Myanmar",
            lat=-60 + 15.0 * (n % 9), lon=-175 + 25.0 * (n // 9 % 14),
        )
        for n in range(published)
    ]  # fmt: skip
    return quakes(found[-30:]).encode()


class _Points:
    def __init__(self, dies_at: int | None) -> None:
        self._left = dies_at

    def point(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


class _Mortal(Database):
    """A database whose program may die before and after every commit."""

    points: _Points

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as conn:
            yield conn
            self.points.point()
        self.points.point()


class _Post(SmtpMailer):
    """A mailer whose program may die before it sends and after the answer."""

    points: _Points

    async def send(self, mime: bytes, recipient: str) -> str:
        self.points.point()
        answer = await super().send(mime, recipient)
        self.points.point()
        return answer


def program_of(order: Order) -> Program:
    """The program of one life."""
    at, folder = datetime.fromisoformat(order.at), Path(order.folder)
    settings = read_settings(
        {
            "MONITOR_VAR": str(folder / "var"),
            "MONITOR_DATABASE_URL": order.database_url,
            "MONITOR_MAIL_FROM": "alerts@ministry.example",
            "MONITOR_FEEDS": str(folder / "feeds.yaml"),
            "MONITOR_ALERTS": str(folder / "alerts.yaml"),
        }
    )
    database = _Mortal(order.database_url)
    mailer = _Post(order.smtp_url, sender=settings.mail_from)
    database.points = mailer.points = _Points(order.dies_at)
    return build(
        settings,
        read_feedlist(settings.feeds, {}),
        read_policy(settings.alerts),
        database=database,
        mailer=mailer,
        clock=SetClock(at),
        fetcher=FakeFetcher({FEED: document(order.published, at)}),
        parser=InlineParser(),
    )


async def _live(order: Order) -> None:
    program = program_of(order)
    try:
        await program.take_over_list()
        await program.poll_all()
        await program.tick()
        while (await program.deliver()).tried:
            pass
    finally:
        await program.close()


def _fork(order: Order) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        asyncio.run(_live(order))
        code = 0
    finally:
        os._exit(code)


def fulfil(order: Order) -> Ended:
    """Run the order's lives to their end."""
    began = time.monotonic()
    children = [_fork(order) for _ in range(order.lives)]
    if order.dies_after_s is not None:
        time.sleep(order.dies_after_s)
        for child in children:
            os.kill(child, signal.SIGKILL)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    killed = -signal.SIGKILL in codes
    failed = sum(code not in (0, -signal.SIGKILL) for code in codes)
    return Ended(killed, failed, time.monotonic() - began)


def _load_everything() -> None:
    """One whole life on a scratch database: what it imports, no child imports again."""
    with tempfile.TemporaryDirectory() as name, mailserver() as inbox:
        folder = Path(name)
        url = f"sqlite:///{folder / 'monitor.db'}"
        shutil.copyfile(ROOT / "alerts.yaml", folder / "alerts.yaml")
        write_feeds(folder)
        database = Database(url)
        schema.upgrade(database)
        database.close()
        at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
        for published in (0, 1):
            asyncio.run(_live(Order(name, url, inbox.url, at.isoformat(), published)))


def main() -> None:
    """Fulfil one order a line until there are no more."""
    configure("text", level=logging.ERROR)
    _load_everything()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asdict(fulfil(Order(**json.loads(line))))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

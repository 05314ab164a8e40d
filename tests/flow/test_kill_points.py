"""Killed at every commit between poll and mail, or at any moment: told once, never forgotten.

Beside `test_kill.py`, which kills the real `monitor run`, this goes through the same road in
forked processes, fast enough to try every point and both databases.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import incidents, itemreads, outbox, schema
from storage.database import Database
from tests.mailserver import MailServer, mailserver
from tests.office import ROOT
from tests.zygote import Ended, Order, write_feeds

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ROUND = timedelta(minutes=15)  # so far apart that no guard against floods has a say
POINTS, RANDOM_IN_CI, RANDOM = 60, 4, 200


@dataclass(slots=True)
class Desk:
    """The desk whose program dies: its database, its mail server, and what was committed when."""

    process: subprocess.Popen[str]
    folder: Path
    database: Database
    inbox: MailServer
    published: int = 0
    final: Counter[str] = field(default_factory=Counter)  # arrivals of what is marked as sent

    def live(self, after: timedelta = timedelta(0), **order: float) -> Ended:
        """One life of the program."""
        wanted = Order(
            folder=str(self.folder),
            database_url=self.database.secret_url,
            smtp_url=self.inbox.url,
            at=(START + ROUND * self.published + after).isoformat(),
            published=self.published,
            **order,  # type: ignore[arg-type]
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asdict(wanted)) + "\n")
        self.process.stdin.flush()
        ended = Ended(**json.loads(self.process.stdout.readline()))
        assert ended.failed == 0
        self._nothing_sent_comes_again()
        return ended

    def _nothing_sent_comes_again(self) -> None:
        arrived = Counter(mail.id for mail in self.inbox.taken)
        for identifier, count in self.final.items():
            assert arrived[identifier] == count, f"{identifier} came again after it was sent"
        with self.database.read() as conn:
            for notice in outbox.recent(conn, 100_000):
                if notice.state == "sent":
                    assert arrived[notice.message_id] >= 1, "marked as sent and never taken"
                    self.final[notice.message_id] = arrived[notice.message_id]

    def dies_and_lives_again(self, **death: float) -> bool:
        """A new alert, a death, and a life in which everything must be told; whether it died."""
        self.published += 1
        died = self.live(**death).killed
        assert not self.live(after=timedelta(minutes=6)).killed
        self.all_told()
        return died

    def all_told(self) -> None:
        """Everything that was published has one item, one incident, one first notice, all sent."""
        with self.database.read() as conn:
            stored = itemreads.recent(conn, limit=100_000)
            notices = outbox.recent(conn, 100_000)
            alerted = {each.id for each in incidents.listing(conn, limit=100_000)}
        titles = Counter(each.values.title for each in stored)
        assert titles == Counter(
            f"M 7.2 - {n} km N of Example Town, Myanmar" for n in range(self.published)
        )
        assert len(alerted) == self.published
        assert {each.state for each in notices} <= {"sent"}
        assert {each.incident_id for each in notices} == alerted
        firsts = Counter((n.incident_id, n.person) for n in notices if n.kind == "alert")
        assert set(firsts.values()) <= {1}
        about = Counter((n.incident_id, n.person, n.number, n.step, n.kind) for n in notices)
        assert set(about.values()) <= {1}  # the same under two Message-IDs nobody could tell apart
        assert {mail.id for mail in self.inbox.taken} == {each.message_id for each in notices}

    @property
    def repeated(self) -> int:
        """How many messages came more than once."""
        arrived = Counter(mail.id for mail in self.inbox.taken)
        return sum(count - 1 for count in arrived.values())


@pytest.fixture(scope="module")
def zygote() -> Iterator[subprocess.Popen[str]]:
    """The process that forks the lives."""
    command = [sys.executable, "-m", "tests.zygote"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)  # a busy machine


@contextmanager
def opened(folder: Path, url: str, zygote: subprocess.Popen[str]) -> Iterator[Desk]:
    shutil.copyfile(ROOT / "alerts.yaml", folder / "alerts.yaml")
    write_feeds(folder)
    database = Database(url)
    try:
        with mailserver() as inbox:
            made = Desk(zygote, folder, database, inbox)
            assert not made.live().killed  # first sight of the feed: it is empty
            yield made
        assert schema.check(database) == []
    finally:
        database.close()


@pytest.fixture
def desk(tmp_path: Path, database_url: str, zygote: subprocess.Popen[str]) -> Iterator[Desk]:
    with opened(tmp_path, database_url, zygote) as made:
        yield made


@pytest.fixture
def sqlite_desk(tmp_path: Path, sqlite_url: str, zygote: subprocess.Popen[str]) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_url, zygote) as made:
        yield made


def at_every_point(desk: Desk, *, step: int = 1) -> None:
    """Die at each point in turn (or each `step`-th) until a life gets through."""
    for point in range(0, POINTS, step):
        if not desk.dies_and_lives_again(dies_at=point):
            break
    assert 15 < point < POINTS - step  # there are some, and the last one was reached
    # Only a death between the server's answer and our record of it repeats what was in flight.
    assert desk.repeated <= point


def at_random_moments(desk: Desk, deaths: int, seed: int) -> None:
    """Die so often, at any moment of a life."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    desk.published += 1
    whole_s = desk.live().took_s
    died = 0
    while died < deaths:
        died += desk.dies_and_lives_again(dies_after_s=dice.uniform(0.0, 1.1 * whole_s))


def test_a_death_at_commits_from_poll_to_mail_loses_and_doubles_nothing(
    sqlite_desk: Desk,
) -> None:
    at_every_point(sqlite_desk, step=6)


@pytest.mark.campaign
def test_a_death_at_any_commit_loses_and_doubles_nothing_on_either_database(desk: Desk) -> None:
    at_every_point(desk)


def test_a_death_at_a_few_random_moments_loses_and_doubles_nothing(desk: Desk) -> None:
    at_random_moments(desk, RANDOM_IN_CI, seed=3)


@pytest.mark.campaign
def test_two_hundred_deaths_at_random_moments_lose_and_double_nothing(desk: Desk) -> None:
    at_random_moments(desk, RANDOM, seed=5)
    assert desk.repeated <= RANDOM


def test_two_programs_on_one_database_send_nothing_twice(desk: Desk) -> None:
    for _ in range(2):
        desk.published += 5
        assert not desk.live(lives=2).killed
    for minutes in (11, 22, 33):  # what one of them left to the other
        desk.live(after=timedelta(minutes=minutes), lives=2)
    with desk.database.read() as conn:
        assert outbox.waiting(conn) == 0
        notices = outbox.recent(conn, 10_000)
    assert len({each.incident_id for each in notices}) == desk.published
    assert set(Counter(mail.id for mail in desk.inbox.taken).values()) == {1}
    firsts = Counter((n.incident_id, n.person) for n in notices if n.kind == "alert")
    assert set(firsts.values()) == {1}

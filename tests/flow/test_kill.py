"""Killed at any moment, the program loses nothing, announces nothing twice and starts again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from subprocess import TimeoutExpired

import pytest

from monitor.app import build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from storage import incidents, itemreads, outbox, schema
from storage.database import Connection, Database
from storage.records import Item, Notice
from tests.documents import Quake, quakes
from tests.feedserver import FeedServer
from tests.mailserver import MailServer, mailserver
from tests.office import Office

SHORT, LONG = 6, 100
LEASES = timedelta(minutes=6)  # longer than any that a killed program left behind
ALIVE_S = 3.0  # the longest that a program lives, from its first words on


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with mailserver() as server:
        yield server


def published(number: int) -> Quake:
    """The alert of one round: a great earthquake in a place of its own, in our neighbourhood."""
    at = datetime.now(UTC) - timedelta(seconds=90)
    return Quake(
        f"q{number}", 7.2, at, place=f"{number} km N of Example Town, Myanmar",
        lat=-85 + 17.0 * (number % 11), lon=-175 + 29.0 * (number % 12),
    )  # fmt: skip


async def rounds(
    kills: int, office: Office, feed_server: FeedServer, mail_server: MailServer, seed: int
) -> None:
    """Publish and kill so often; then see that all of it arrived, once."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    told: list[Quake] = []
    _without_flood_guard(office)
    feeds = ("a.geojson", "b.geojson")
    office.list_feeds(
        *({"name": name, "url": feed_server.put(name, quakes([]))} for name in feeds), every="1s"
    )
    office.environ.update(
        MONITOR_ALLOW_HOSTS=feed_server.host,
        MONITOR_SMTP_URL=mail_server.url,
        MONITOR_MAIL_FROM="alerts@ministry.example",
    )
    office.monitor("poll", "--all").ok()  # first sight
    for number in range(kills):
        told.append(published(number))
        feed_server.put(feeds[number % 2], quakes(told[number % 2 :: 2][-40:]))
        running = office.start()
        try:
            if dice.random() < 0.8:  # else it dies while it starts
                running.wait_for_page()
            with suppress(TimeoutExpired):
                running.process.wait(dice.uniform(0.05, ALIVE_S))
        finally:
            said = running.kill()
        assert running.process.returncode == -9, running.text()
        assert "Traceback" not in said
    await _last_run(office)
    _arrived(told, office, mail_server)


def _without_flood_guard(office: Office) -> None:
    """More than ten alerts in ten minutes are put off, and rightly; here each is waited for."""
    file = office.folder / "alerts.yaml"
    usual, none = "flood: {count: 10, within: 10m}", "flood: {count: 100000, within: 10m}"
    text = file.read_text(encoding="utf-8")
    assert usual in text
    office.write(file, text.replace(usual, none))


async def _last_run(office: Office) -> None:
    """The program once more, to the end of everything, after all leases of the dead."""
    environ = office.env(MONITOR_VAR=str(office.folder / "var"))
    environ |= {"MONITOR_FEEDS": str(office.feeds)}
    environ |= {"MONITOR_ALERTS": str(office.folder / "alerts.yaml")}
    settings = read_settings({k: v for k, v in environ.items() if k.startswith("MONITOR_")})
    clock = SetClock(datetime.now(UTC) + LEASES)
    program = build(
        settings, read_feedlist(settings.feeds, {}), read_policy(settings.alerts), clock=clock
    )
    try:
        await program.take_over_list()
        for report in await program.poll_all():
            assert report.ok, report
        await program.tick(waits_elapsed=True)
        while (await program.deliver()).tried:
            pass
    finally:
        await program.close()


def _arrived(told: list[Quake], office: Office, mail_server: MailServer) -> None:
    def look(conn: Connection) -> tuple[list[Item], list[Notice], set[int]]:
        found = itemreads.recent(conn, limit=10_000)
        alerted = {each.id for each in incidents.listing(conn, states=("open",), limit=10_000)}
        return found, outbox.recent(conn, 10_000), alerted

    database = Database(f"sqlite:///{office.database}")
    try:
        with database.read() as conn:
            stored, notices, alerted = look(conn)
        assert schema.check(database) == []
    finally:
        database.close()
    titles = Counter(each.values.title for each in stored)
    assert titles == Counter(f"M {each.magnitude} - {each.place}" for each in told)
    assert {each.incident_id for each in stored} == alerted
    assert {each.state for each in notices} == {"sent"}
    received = Counter(mail.id for mail in mail_server.taken)
    assert set(received) == {each.message_id for each in notices}
    assert {each.incident_id for each in notices} == alerted
    # The same notice under two Message-IDs would be told apart by nobody.
    about = Counter(
        (each.incident_id, each.person, each.number, each.step, each.kind) for each in notices
    )
    assert set(about.values()) == {1}
    firsts = Counter(each.incident_id for each in notices if each.kind == "alert" and not each.step)
    assert set(firsts.values()) == {1}
    # Only what was on the way at a kill may come again, and then as the same message.
    assert sum(received.values()) - len(received) <= len(told)


@pytest.mark.asyncio
async def test_nothing_is_lost_or_doubled_over_a_few_kills(
    office: Office, feed_server: FeedServer, mail_server: MailServer
) -> None:
    await rounds(SHORT, office, feed_server, mail_server, seed=7)


@pytest.mark.campaign
@pytest.mark.asyncio
async def test_nothing_is_lost_or_doubled_over_a_hundred_kills(
    office: Office, feed_server: FeedServer, mail_server: MailServer
) -> None:
    await rounds(LONG, office, feed_server, mail_server, seed=11)

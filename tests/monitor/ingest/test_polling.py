"""One poll: what is new, revised, old or too much, and the state it ends in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from alerts import feedhealth
from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.fetch.result import Fetched, Request
from monitor.ingest.polling import PollReport, host_of
from monitor.parse.worker import InlineParser
from storage import decisions, feeds, incidents, itemreads
from storage.database import Database
from tests.fakes import FakeFetcher, FakeMailer, item, items, rss

Result = TypeVar("Result")
ROOT = Path(__file__).parents[3]
START = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
FLOOD = "Flash floods kill 12 in northern Laos, thousands evacuated"
LIST = """\
feeds:
  - {name: News, url: "https://news.example/rss", kind: news, tier: media, every: 10m}
  - {name: Tsunami, url: "https://tsunami.example/rss", kind: hazard, priority: true, every: 2m}
"""
NEWS = "https://news.example/rss"


class World:
    """A program with a clock, a network and a post office of our own."""

    def __init__(self, folder: Path, url: str, feed_list: str = LIST) -> None:
        path = folder / "feeds.yaml"
        path.write_text(feed_list, encoding="utf-8")
        settings = read_settings({"MONITOR_VAR": str(folder), "MONITOR_DATABASE_URL": url})
        self.clock = SetClock(START)
        self.network = FakeFetcher()
        self.mailer = FakeMailer()
        self.database = Database(url)
        self.program: Program = build(
            settings,
            read_feedlist(path, {}),
            read_policy(ROOT / "alerts.yaml"),
            database=self.database,
            clock=self.clock,
            fetcher=self.network,
            parser=InlineParser(),
            mailer=self.mailer,
        )

    def news(self, *entries: dict[str, str]) -> PollReport:
        """Publish these items on the news feed and poll it."""
        self.network.documents[NEWS] = rss(*entries)
        return self.poll("News")

    def poll(self, name: str) -> PollReport:
        """Poll one feed."""

        async def work() -> list[PollReport]:
            await self.program.take_over_list()
            return await self.program.poll_named([name])

        return self.run(work)[0]

    def known(self) -> None:
        """Read the empty feed once, so that what follows is news."""
        self.news()
        self.clock.move(timedelta(minutes=10))

    def run(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Run `work` in a loop of its own."""
        return asyncio.run(work())

    def titles(self) -> list[str]:
        """The titles in the store, newest first."""
        with self.database.read() as conn:
            return [each.values.title for each in itemreads.recent(conn, limit=1000)]


@pytest.fixture
def world(tmp_path: Path, sqlite_url: str) -> Iterator[World]:
    """A fresh one."""
    made = World(tmp_path, sqlite_url)
    yield made
    made.run(made.program.close)


def test_a_new_item_is_stored_tagged_and_linked_in_one_poll(world: World) -> None:
    world.known()
    report = world.news(item(1, FLOOD, world.clock.now()))
    assert (report.state, report.new, report.ok) == ("ok", 1, True)
    with world.database.read() as conn:
        (kept,) = itemreads.recent(conn, limit=10)
        assert kept.reading.categories == ("natural",)
        assert kept.reading.countries == ("LA",)
        assert kept.incident_id is not None
        incident = incidents.get(conn, kept.incident_id)
        assert (incident.number, incident.hazard, incident.level.name) == (
            "2026-0001",
            "FF",
            "FLASH",
        )
        assert "Laos" in incident.title_en or "Lao" in incident.title_en
        assert "12" in incident.title_th
        assert [each.rule for each in decisions.of_incident(conn, incident.id) if each.team]


def test_polling_the_same_document_again_changes_nothing(world: World) -> None:
    world.known()
    entries = items([FLOOD, "Minister opens trade fair"], world.clock.now())
    assert world.news(*entries).new == 2
    again = world.news(*entries)
    assert (again.state, again.new, again.revised) == ("unchanged", 0, 0)
    with world.database.read() as conn:
        assert len(incidents.listing(conn, limit=10)) == 1


def test_a_new_date_alone_is_no_revision(world: World) -> None:
    world.known()
    world.news(item(1, FLOOD, world.clock.now()))
    world.clock.move(timedelta(minutes=10))
    report = world.news(item(1, FLOOD, world.clock.now()))
    assert (report.new, report.revised) == (0, 0)


def test_an_edited_title_is_a_revision_of_the_same_item(world: World) -> None:
    world.known()
    world.news(item(1, FLOOD, world.clock.now()))
    world.clock.move(timedelta(minutes=10))
    report = world.news(item(1, FLOOD.replace("12", "19"), world.clock.now()))
    assert (report.new, report.revised) == (0, 1)
    with world.database.read() as conn:
        (kept,) = itemreads.recent(conn, limit=10)
        assert kept.revision == 2
        assert kept.incident_id is not None
        kinds = {change.kind: change.new for change in incidents.changes(conn, kept.incident_id)}
        assert kinds["figure"] == "dead 19"


def test_the_first_sight_of_a_feed_keeps_old_entries_and_tells_nobody(world: World) -> None:
    old = world.clock.now() - timedelta(hours=8)
    world.news(item(1, FLOOD, old))
    with world.database.read() as conn:
        (kept,) = itemreads.recent(conn, limit=10)
        assert [why.code for why in kept.disposition] == ["first_sight"]
        assert kept.incident_id is not None
        assert not [each for each in decisions.of_incident(conn, kept.incident_id) if each.team]


def test_the_first_sight_of_a_feed_still_alerts_on_what_is_fresh(world: World) -> None:
    world.news(item(1, FLOOD, world.clock.now() - timedelta(hours=2)))
    with world.database.read() as conn:
        (kept,) = itemreads.recent(conn, limit=10)
        assert kept.incident_id is not None
        assert [each for each in decisions.of_incident(conn, kept.incident_id) if each.team]


def test_old_news_is_kept_and_opens_nothing(world: World) -> None:
    world.known()
    report = world.news(item(1, FLOOD, world.clock.now() - timedelta(days=40)))
    assert report.state == "stale"
    with world.database.read() as conn:
        (kept,) = itemreads.recent(conn, limit=10)
        assert [why.code for why in kept.disposition] == ["stale"]
        assert incidents.listing(conn, limit=10) == []


def test_a_flood_is_taken_in_parts_and_nothing_is_lost(world: World) -> None:
    world.known()
    entries = items([f"Item number {n}" for n in range(1200)], world.clock.now())
    first = world.news(*entries)
    assert (first.state, first.new, first.deferred) == ("flood", 500, 700)
    assert "Item number 0" in world.titles()
    assert world.news(*entries).deferred == 200
    last = world.news(*entries)
    assert (last.state, last.new, last.deferred) == ("ok", 200, 0)
    with world.database.read() as conn:
        assert itemreads.count(conn) == 1200


@pytest.mark.parametrize("later", [0, 600])
def test_entries_that_waited_and_left_the_feed_are_told(world: World, later: int) -> None:
    """Whatever came instead of them: news that is younger than the poll never waited."""
    world.known()
    waiting = items([f"Item number {n}" for n in range(1200)], world.clock.now())
    assert world.news(*waiting).deferred == 700
    del world.network.documents[NEWS]
    assert world.poll("News").state == "http_4xx"  # a failure in between forgets nothing
    world.clock.move(timedelta(hours=1))
    younger = items([f"Younger number {n}" for n in range(later)], world.clock.now(), 2000)
    report = world.news(*younger, *waiting[:900])
    assert report.state == "flood"
    assert report.detail.startswith("300 entries that waited are no longer in the feed")
    assert shown(world) == "lost"
    while report.deferred:
        world.clock.move(timedelta(minutes=10))
        report = world.news(*younger, *waiting[:900])
    assert shown(world) == ("lost" if later == 0 else "ok")
    world.clock.move(timedelta(hours=2))
    world.news(*younger, *waiting[:900])  # whatever later polls say, the loss is kept
    now = world.clock.now()
    with world.database.read() as conn:
        (lost,) = feeds.lost_between(conn, now - timedelta(days=1), now)
        assert lost.count == 300
        assert feeds.lost_between(conn, now - timedelta(days=9), lost.since) == []


def test_a_feed_that_is_empty_after_a_flood_tells_what_was_lost(world: World) -> None:
    world.known()
    world.news(*items([f"Item number {n}" for n in range(510)], world.clock.now()))
    report = world.news()
    assert (report.state, report.detail) == (
        "flood", "10 entries that waited are no longer in the feed",
    )  # fmt: skip
    assert world.news(*items(["Quiet day"], world.clock.now(), 900)).state == "ok"


def test_entries_without_a_date_may_be_those_that_waited(world: World) -> None:
    world.known()
    entries = items([f"Item number {n}" for n in range(600)], world.clock.now())
    for entry in entries:
        del entry["pubDate"]
    assert world.news(*entries).deferred == 100
    world.clock.move(timedelta(minutes=10))
    assert world.news(*entries).state == "ok"


def test_of_a_part_of_a_document_nothing_is_said_to_have_left_the_feed(world: World) -> None:
    world.known()
    entries = items([f"Item number {n}" for n in range(510)], world.clock.now())
    world.news(*entries)
    world.network.documents[NEWS] = rss(*entries[:400])[:-40]
    report = world.poll("News")
    assert report.state == "partly_parsed"
    assert report.detail.endswith("; 10 entries that waited were not read")


def shown(world: World) -> str:
    """The state of the news feed as the page and the digest show it."""
    with world.database.read() as conn:
        (state,) = (each for each in feeds.states(conn) if each.name == "News")
    return feedhealth.shown_state(state, world.clock.now())


def test_an_item_that_is_no_crisis_says_so(world: World) -> None:
    world.known()
    world.news(item(1, "Minister opens trade fair in Osaka", world.clock.now()))
    with world.database.read() as conn:
        (kept,) = itemreads.recent(conn, limit=10)
        assert [why.code for why in kept.disposition] == ["no_crisis"]


def test_a_failed_poll_backs_off_and_keeps_what_was_known(world: World) -> None:
    world.known()
    world.news(item(1, FLOOD, world.clock.now()))
    del world.network.documents[NEWS]
    waits = []
    for _ in range(5):
        report = world.poll("News")
        assert (report.state, report.ok) == ("http_4xx", False)
        waits.append(report.next_poll_s)
    assert waits[0] < waits[1] < waits[2] <= waits[4] <= 3600 * 1.1
    assert world.titles() == [FLOOD]
    assert world.news(item(1, FLOOD, world.clock.now())).new == 0


def test_validators_of_the_last_good_answer_are_sent_and_survive_a_304(world: World) -> None:
    world.known()
    assert world.network.asked[-1].etag is None
    world.network.documents[NEWS] = Fetched("not_modified", "", status=304, url=NEWS)
    for _ in range(2):
        assert world.poll("News").state == "not_modified"
        assert world.network.asked[-1].etag == '"one"'


def test_a_page_instead_of_a_feed_is_named(world: World) -> None:
    world.network.documents[NEWS] = b"<!doctype html><html><body><p>Hello</p></body></html>"
    report = world.poll("News")
    assert (report.state, report.ok) == ("not_a_feed", False)


def test_a_move_is_proposed_after_three_agreeing_polls_and_not_applied(world: World) -> None:
    body = rss(item(1, "Quiet day", START))
    world.network.documents[NEWS] = Fetched(
        "ok", "", status=200, body=body, url="https://new.example/rss",
        moved_to="https://new.example/rss",
    )  # fmt: skip
    told = [world.poll("News").moved_to for _ in range(3)]
    assert told == [None, None, "https://new.example/rss"]
    with world.database.read() as conn:
        assert {state.url for state in feeds.states(conn) if state.name == "News"} == {NEWS}


def test_a_feed_that_is_gone_is_parked_and_asked_again_once_a_day(world: World) -> None:
    def news() -> tuple[bool, bool]:
        with world.database.read() as conn:
            (state,) = (each for each in feeds.states(conn) if each.name == "News")
            due = {each.name for each in feeds.due(conn, world.clock.now(), 10)}
        return state.parked, "News" in due

    world.network.documents[NEWS] = Fetched("gone", "HTTP 410 Gone", status=410, url=NEWS)
    assert world.poll("News").gone
    world.clock.move(timedelta(hours=18))
    assert news() == (True, False)
    world.clock.move(timedelta(hours=6))
    assert news() == (True, True)
    world.news(item(1, "Quiet day", world.clock.now()))
    assert news() == (False, False)


def test_a_move_that_does_not_stand_is_counted_afresh(world: World) -> None:
    """Another target, a direct answer or a failure in between starts the count again."""
    body = rss(item(1, "Quiet day", START))

    def poll(moved_to: str | None, state: str = "ok") -> str | None:
        ok = state == "ok"
        world.network.documents[NEWS] = Fetched(
            state, "", status=200, body=body if ok else None, url=NEWS, moved_to=moved_to
        )
        return world.poll("News").moved_to

    new, other = "https://new.example/rss", "https://other.example/rss"
    assert [poll(new), poll(new), poll(other), poll(new), poll(new)] == [None] * 5
    assert [poll(None), poll(new), poll(new), poll(None, "timed_out"), poll(new)] == [None] * 5
    assert [poll(new), poll(new)] == [None, new]


def test_a_stale_feed_stays_stale_while_nothing_changes(world: World) -> None:
    old = START - timedelta(days=60)
    assert world.news(item(1, "Quiet day", old)).stale
    again = world.news(item(1, "Quiet day", old))
    assert (again.state, again.stale) == ("unchanged", True)
    world.network.documents[NEWS] = Fetched("not_modified", "", status=304, url=NEWS)
    for _ in range(2):
        again = world.poll("News")
        assert (again.state, again.stale) == ("not_modified", True)
    assert not world.news(item(2, "Quiet day", world.clock.now())).stale


def test_feeds_of_a_host_that_hangs_do_not_hold_up_those_of_others(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = [f'  - {{name: S{n}, url: "https://slow.example/{n}", kind: news}}' for n in range(60)]
    world = World(tmp_path, sqlite_url, "\n".join([LIST.rstrip(), *slow, ""]))
    healthy, started = world.network.fetch, list[str]()

    async def fetch(request: Request) -> Fetched:
        if "slow.example" in request.url:
            started.append(request.url)
            await asyncio.Event().wait()
        return await healthy(request)

    monkeypatch.setattr(world.network, "fetch", fetch)
    world.network.documents[NEWS] = rss(item(1, "Quiet day", START))

    async def poll() -> list[PollReport]:
        await world.program.take_over_list()
        states = await world.program.writer.read(feeds.states)
        hanging = asyncio.create_task(
            world.program.poll([state for state in states if state.name.startswith("S")])
        )
        try:
            while not started:
                await asyncio.sleep(0)
            healthy_ones = [state for state in states if state.name == "News"]
            return await asyncio.wait_for(world.program.poll(healthy_ones), 5)
        finally:
            hanging.cancel()
            await asyncio.gather(hanging, return_exceptions=True)

    assert [report.state for report in world.run(poll)] == ["ok"]
    assert len(started) < 48
    world.run(world.program.close)


def test_a_bug_on_one_document_is_that_feeds_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    world.known()
    monkeypatch.setattr("monitor.ingest.pipeline.prepare", broken)
    report = world.news(item(1, FLOOD, world.clock.now()))
    assert (report.state, report.ok) == ("parse_error", False)
    assert "ZeroDivisionError" in report.detail
    monkeypatch.undo()
    assert world.news(item(1, FLOOD, world.clock.now())).new == 1


def test_a_date_in_the_future_does_not_top_the_list_for_ever(world: World) -> None:
    world.known()
    world.news(item(1, FLOOD, world.clock.now() + timedelta(days=400)))
    with world.database.read() as conn:
        (kept,) = itemreads.recent(conn, limit=10)
        assert kept.values.published_at is None
        assert "date_future" in kept.values.flags


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.example/rss?to=//other.example/", "news.example"),
        ("http://name:p@ss@news.example:8080/rss", "news.example"),
        ("http://[2001:db8::1]:80/rss", "[2001:db8::1]"),
        ("https://news.example#part", "news.example"),
        ("news", ""),
    ],
)
def test_feeds_share_places_by_the_host_of_their_address(url: str, host: str) -> None:
    assert host_of(url) == host

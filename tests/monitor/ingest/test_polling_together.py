"""Many polls at once: they share transactions, and none of them harms or delays another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.fetch.result import Fetched, Request
from monitor.ingest.pipeline import Prepared
from monitor.ingest.polling import PollReport
from monitor.parse.worker import InlineParser
from storage import feeds, itemreads
from storage import items as stored
from storage.database import Connection, Database
from storage.records import FeedState
from tests.fakes import FakeFetcher, FakeMailer, items, rss
from tests.monitor.ingest.test_polling import ROOT, START

FEEDS = 40
URGENT = "https://urgent.example/rss"


def url_of(number: int) -> str:
    return f"https://feed-{number}.example/rss"


def program_of(folder: Path, url: str, network: FakeFetcher) -> Program:
    lines = ["feeds:", f'  - {{name: Urgent, url: "{URGENT}", kind: hazard, priority: true}}']
    for number in range(FEEDS):
        lines.append(f'  - {{name: Feed {number}, url: "{url_of(number)}", kind: news}}')
        network.documents[url_of(number)] = rss(*items([f"Talks {number} in Osaka"], START))
    network.documents[URGENT] = rss(*items(["Minister opens trade fair"], START))
    (folder / "feeds.yaml").write_text("\n".join(lines), encoding="utf-8")
    return build(
        read_settings({"MONITOR_VAR": str(folder), "MONITOR_DATABASE_URL": url}),
        read_feedlist(folder / "feeds.yaml", {}),
        read_policy(ROOT / "alerts.yaml"),
        database=Database(url),
        clock=SetClock(START),
        fetcher=network,
        parser=InlineParser(),
        mailer=FakeMailer(),
    )


@pytest.fixture
def network() -> FakeFetcher:
    return FakeFetcher()


@pytest.fixture
def program(tmp_path: Path, sqlite_url: str, network: FakeFetcher) -> Iterator[Program]:
    made = program_of(tmp_path, sqlite_url, network)
    yield made
    asyncio.run(made.close())


async def poll_all(program: Program) -> list[PollReport]:
    await program.take_over_list()
    return await program.poll_all()


def test_polls_that_come_together_share_transactions(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = 0
    write = program.database.write

    def counted() -> object:
        nonlocal writes
        writes += 1
        return write()

    monkeypatch.setattr(program.database, "write", counted)
    reports = asyncio.run(poll_all(program))
    assert {report.state for report in reports} == {"ok"}
    assert sum(report.new for report in reports) == FEEDS + 1
    assert writes < FEEDS


def test_a_poll_that_cannot_be_stored_harms_no_other_of_its_transaction(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitor.ingest import pipeline

    commit = pipeline.commit

    def broken(conn: object, many: Sequence[Prepared], *args: object, **named: object) -> object:
        made = commit(conn, many, *args, **named)  # type: ignore[arg-type]
        if any(each.arrival.feed.name == "Feed 7" for each in many):
            raise ZeroDivisionError
        return made

    monkeypatch.setattr("monitor.ingest.pipeline.commit", broken)
    reports = {report.feed: report for report in asyncio.run(poll_all(program))}
    assert {name for name, report in reports.items() if not report.ok} == {"Feed 7"}
    assert "ZeroDivisionError" in reports["Feed 7"].detail
    with program.database.read() as conn:
        titles = {each.values.title for each in itemreads.recent(conn, limit=100)}
        states = {state.name: state for state in feeds.states(conn)}
    assert titles == {
        "Minister opens trade fair",
        *(f"Talks {number} in Osaka" for number in range(FEEDS) if number != 7),
    }
    # What was not stored was not marked seen: the next poll reads it again.
    assert (states["Feed 7"].body_digest, states["Feed 7"].etag) == (None, None)
    monkeypatch.undo()
    again = {report.feed: report for report in asyncio.run(poll_all(program))}
    assert again["Feed 7"].new == 1
    assert sum(report.new for report in again.values()) == 1


def test_a_priority_feed_waits_for_no_ordinary_one(program: Program, network: FakeFetcher) -> None:
    class Slow(FakeFetcher):
        async def fetch(self, request: Request) -> Fetched:
            if request.url != URGENT:
                await told.wait()  # every place of the ordinary feeds is taken until then
            return await network.fetch(request)

    told = asyncio.Event()
    slow = Slow()
    object.__setattr__(program.poller, "fetcher", slow)

    async def run() -> tuple[str, int]:
        await program.take_over_list()
        others = asyncio.create_task(program.poll_all())
        while not (seen := await program.writer.read(_urgent)).last_ok_at:
            await asyncio.sleep(0)
        done_first = not others.done()
        told.set()
        return seen.state if done_first else "late", len(await others)

    assert asyncio.run(run()) == ("ok", FEEDS + 1)


def test_two_programs_on_one_database_never_poll_a_feed_twice_at_once(
    program: Program, tmp_path: Path, sqlite_url: str, network: FakeFetcher
) -> None:
    (tmp_path / "other").mkdir()
    second_network = FakeFetcher()
    second = program_of(tmp_path / "other", sqlite_url, second_network)

    async def run() -> list[list[PollReport]]:
        await program.take_over_list()
        await second.take_over_list()
        at_once = await asyncio.gather(program.poll_all(), second.poll_all())
        await second.close()
        return list(at_once)

    by_one, by_other = asyncio.run(run())
    assert len(by_one) == len(network.asked)
    assert len(by_other) == len(second_network.asked)
    assert sum(report.new for report in (*by_one, *by_other)) == FEEDS + 1
    with program.database.read() as conn:
        assert itemreads.count(conn) == FEEDS + 1


def test_an_unchanged_item_under_an_older_hash_is_no_revision(
    program: Program, network: FakeFetcher
) -> None:
    asyncio.run(poll_all(program))
    with program.database.write() as conn:
        ids = [each.id for each in itemreads.recent(conn, limit=100)]
        stored.rehash(conn, dict.fromkeys(ids, "0123456789abcdef0123456789abcdef"))
    url = url_of(3)
    network.documents[url] = rss(*items(["Talks 3 in Osaka", "More talks"], START))
    reports = {report.feed: report for report in asyncio.run(poll_all(program))}
    assert (reports["Feed 3"].new, reports["Feed 3"].revised) == (1, 0)
    with program.database.read() as conn:
        rows = conn.exec_driver_sql("SELECT title, hash, revision FROM item").fetchall()
    assert {revision for *_, revision in rows} == {1}
    renewed = {title for title, kept, _ in rows if kept.startswith("2:")}
    assert renewed == {"Talks 3 in Osaka", "More talks"}  # the others have not been read since


def _urgent(conn: Connection) -> FeedState:
    return next(each for each in feeds.states(conn) if each.name == "Urgent")

"""Travel advice that comes as a whole list each time is compared country by country."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.incidents.older import is_older_advice
from monitor.incidents.take import advice_change
from monitor.ingest.polling import PollReport
from monitor.parse.worker import InlineParser
from storage import advice, incidents, itemreads
from storage.database import Database
from storage.records import Advice, Item, ItemValues
from tests.fakes import FakeFetcher, FakeMailer

ROOT = Path(__file__).parents[3]
START = datetime(2026, 9, 10, 6, 0, tzinfo=UTC)
URL = "https://travel.state.gov/_res/rss/TAsTWs.xml"
LIST = (
    f"feeds:\n  - {{name: Advice, url: '{URL}', kind: advice, tier: official, country: US, "
    "publisher: State, coverage: [world], language: en, every: 30m}\n"
)
WORDS = {1: "Exercise Normal Precautions", 3: "Reconsider Travel", 4: "Do Not Travel"}


def line(country: str, level: int, day: int) -> str:
    page = f"https://travel.state.gov/{country.lower()}-travel-advisory.html"
    return (
        f"<item><title>{country} - Level {level}: {WORDS[level]}</title><link>{page}</link>"
        f"<guid>{page}</guid><pubDate>Tue, {day:02d} Sep 2026</pubDate>"
        f"<description>About {country}.</description></item>"
    )


class Office:
    """A program that reads one list of travel advice."""

    def __init__(self, folder: Path, url: str) -> None:
        path = folder / "feeds.yaml"
        path.write_text(LIST, encoding="utf-8")
        self.clock = SetClock(START)
        self.network = FakeFetcher()
        self.database = Database(url)
        self.program: Program = build(
            read_settings({"MONITOR_VAR": str(folder), "MONITOR_DATABASE_URL": url}),
            read_feedlist(path, {}),
            read_policy(ROOT / "alerts.yaml"),
            database=self.database,
            clock=self.clock,
            fetcher=self.network,
            parser=InlineParser(),
            mailer=FakeMailer(),
        )

    def poll(self, *lines: str) -> PollReport:
        """Publish these countries half an hour later, and poll."""
        self.network.documents[URL] = f"<rss><channel>{''.join(lines)}</channel></rss>".encode()
        self.clock.move(timedelta(minutes=30))

        async def work() -> list[PollReport]:
            await self.program.take_over_list()
            return await self.program.poll_named(["Advice"])

        return asyncio.run(work())[0]

    def item(self, country: str) -> Item:
        with self.database.read() as conn:
            found = itemreads.recent(conn, limit=100)
        return next(each for each in found if each.values.title.startswith(country))

    def incidents(self) -> int:
        with self.database.read() as conn:
            return len(incidents.listing(conn, limit=100))


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Iterator[Office]:
    made = Office(tmp_path, sqlite_url)
    yield made
    asyncio.run(made.program.close())


def level(item: Item) -> str | None:
    return item.values.advice.level if item.values.advice else None


def test_the_first_sight_of_a_list_opens_nothing_and_a_changed_level_does(office: Office) -> None:
    first = office.poll(line("Lebanon", 3, 8), line("Chad", 3, 8))
    assert (first.new, office.incidents()) == (2, 0)
    second = office.poll(line("Lebanon", 4, 9), line("Chad", 3, 9))
    assert second.new == 0
    assert office.incidents() == 1
    assert office.item("Lebanon").incident_id is not None
    assert office.item("Chad").incident_id is None


def test_every_line_is_kept_over_time_on_the_common_scale(office: Office) -> None:
    office.poll(line("Lebanon", 3, 8), line("Chad", 3, 8))
    office.poll(line("Lebanon", 4, 9), line("Chad", 3, 9))
    office.poll(line("Lebanon", 3, 8), line("Chad", 3, 9))  # an older version, not taken
    with office.database.read() as conn:
        lebanon, chad = advice.history(conn, "LB"), advice.history(conn, "TD")
    assert [(each.step, each.first, each.newest) for each in lebanon] == [
        (3, True, False),
        (4, False, True),
    ]
    assert [(each.step, each.first, each.newest) for each in chad] == [(3, True, True)]


def test_a_country_that_vanishes_and_comes_back_is_no_news(office: Office) -> None:
    both = (line("Lebanon", 3, 8), line("Chad", 3, 8))
    office.poll(*both)
    office.poll(both[0])
    back = office.poll(*both)
    assert (back.new, back.revised, office.incidents()) == (0, 0, 0)


def test_an_older_version_of_a_country_is_not_taken(office: Office) -> None:
    office.poll(line("Lebanon", 4, 9), line("Chad", 3, 8))
    office.poll(line("Lebanon", 3, 8), line("Chad", 3, 8))
    kept = office.item("Lebanon")
    assert (level(kept), kept.revision, office.incidents()) == ("4", 1, 0)
    office.poll(line("Lebanon", 3, 10), line("Chad", 3, 8))
    assert level(office.item("Lebanon")) == "3"


def test_a_worse_area_is_a_change_though_the_countrys_level_stays() -> None:
    before = Advice("TH", "2", "Exercise a high degree of caution")
    after = Advice("TH", "2", before.wording, False, "Southern provinces: Do not travel")
    assert advice_change(before, after) == (
        "2 Exercise a high degree of caution",
        "2 Exercise a high degree of caution (Southern provinces: Do not travel)",
    )
    assert advice_change(after, after) is None


def values(day: int | None, *, advice: bool = True) -> ItemValues:
    at = datetime(2026, 9, day, tzinfo=UTC) if day else None
    return ItemValues("x", published_at=at, advice=Advice("LB") if advice else None)


@pytest.mark.parametrize(
    ("before", "after", "older"),
    [
        (values(9), values(8), True),
        (values(8), values(9), False),
        (values(9), values(9), False),
        (values(9), values(None), False),
        (values(None), values(9), False),
        (values(9, advice=False), values(8, advice=False), False),
    ],
)
def test_only_an_earlier_date_of_advice_is_older(
    before: ItemValues, after: ItemValues, older: bool
) -> None:
    assert is_older_advice(before, after) is older

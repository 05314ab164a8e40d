"""Whole polls without the network: parse, read, store, link, decide."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.parse.worker import InlineParser
from storage import schema
from storage.database import Database
from tests.fakes import FakeFetcher, FakeMailer, items, rss

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
FEEDS = 100


def _program(folder: Path, network: FakeFetcher) -> Program:
    lines = ["feeds:"]
    for number in range(FEEDS):
        url = f"https://feed-{number}.example/rss"
        lines.append(f'  - {{name: Feed {number}, url: "{url}", kind: news}}')
        titles = [f"Council {number} meets on item {n} of its agenda" for n in range(30)]
        network.documents[url] = rss(*items(titles, AT))
    (folder / "feeds.yaml").write_text("\n".join(lines), encoding="utf-8")
    settings = read_settings({"MONITOR_VAR": str(folder)})
    database = Database(settings.database_url)
    schema.upgrade(database)
    return build(
        settings,
        read_feedlist(folder / "feeds.yaml", {}),
        read_policy(ROOT / "alerts.yaml"),
        database=database,
        clock=SetClock(AT),
        fetcher=network,
        parser=InlineParser(),
        mailer=FakeMailer(),
    )


async def _polls(passes: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        program = _program(Path(folder), FakeFetcher())
        await program.take_over_list()
        for _ in range(passes):
            reports = await program.poll_all()
        await program.close()
    return len(reports)


def cold() -> tuple[int, str]:
    """Everything is new."""
    return asyncio.run(_polls(1)), "feed"


def unchanged() -> tuple[int, str]:
    """One cold pass and ten of the same bytes; the cold one is in the figure too."""
    return asyncio.run(_polls(11)) * 11, "poll"

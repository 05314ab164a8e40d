"""Which feeds have another address worth trying; the trying itself is in the desk's forms' test."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts import feedhealth
from monitor.config.feedlist import FeedList, identities, identity, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.tuning.alternates import Tried, dead_feeds, try_alternates
from storage import feeds
from storage.database import Database
from storage.records import PollResult

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MOVED = "https://moved.example/new"
LIST = """\
feeds:
  - {name: Well, url: "https://well.example/", alternates: ["https://well.example/2"], kind: news}
  - {name: Dead, url: "https://dead.example/", alternates: ["https://dead.example/2"], kind: news}
  - {name: Lone, url: "https://lone.example/", kind: news}
  - {name: Moved, url: "https://moved.example/", kind: news,
     alternates: ["https://moved.example/2"]}
  - {name: "Off", url: "https://off.example/", alternates: ["https://off.example/2"], kind: news,
     enabled: false}
"""


@pytest.fixture
def listed(tmp_path: Path) -> FeedList:
    path = tmp_path / "feeds.yaml"
    path.write_text(LIST, encoding="utf-8")
    return read_feedlist(path, {})


def test_a_feed_that_fails_or_has_moved_offers_its_other_addresses_and_no_other_does(
    listed: FeedList, sqlite_url: str
) -> None:
    database = Database(sqlite_url)
    with database.write() as conn:
        feeds.sync(conn, [identity(*each) for each in identities(listed.feeds, []).items()], NOW)
        for state in feeds.states(conn):
            ok, moved = state.name in ("Well", "Moved"), state.name == "Moved"
            result = PollResult(
                "ok" if ok else "cannot_resolve", NOW, ok=ok, moved_to=MOVED if moved else None
            )
            count = feedhealth.MOVED_AFTER if moved else 0
            feeds.record_poll(conn, state.id, result, due_at=NOW, moved_count=count)
        found = {feed.name: feed.alternates for feed in dead_feeds(conn, listed)}
    database.close()
    assert found == {
        "Dead": ("https://dead.example/2",),
        "Moved": (MOVED, "https://moved.example/2"),
    }


@pytest.mark.asyncio
async def test_where_there_is_nothing_to_try_nothing_is_started(
    listed: FeedList, tmp_path: Path
) -> None:
    settings = read_settings({"MONITOR_VAR": str(tmp_path)})
    policy = read_policy(ROOT / "alerts.yaml")
    found = await try_alternates(settings, [listed.named("Lone")], policy)
    assert found == [Tried("Lone", "https://lone.example/", (), None)]

"""What a feed is worth: figures from the database, and advice with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config.feedlist import Feed, read_feedlist
from monitor.tuning.stats import advise, stats_of
from storage import schema
from storage.database import Database
from storage.feedstats import FeedFigures
from storage.records import FeedState
from tests.monitor.desk import crisis, world

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FEED: Feed = world.feed("A", kind="news", home=False, priority=False, alternates=())
STATE = FeedState(
    1, "a", "A", "https://a.example", "news", "A", None, "media", False, False, True,
    last_ok_at=NOW,
)  # fmt: skip
WATCHED = NOW - timedelta(days=30)
READ = FeedFigures(polls=500, ok=500, with_news=100, items=100, crises=10, since=WATCHED)


@pytest.mark.parametrize(
    ("feed", "state", "figures", "what", "reason"),
    [
        ({}, {}, replace(READ, first=3, later=2, alerts=1), "keep", "first"),
        ({}, {}, replace(READ, first=1, alone=90), "keep", "brings"),
        ({}, {}, replace(READ, first=1, alerts=1), "keep", "alerts"),
        ({}, {}, replace(READ, first=9, floods=1, flood_items=80), "tune", "flooded"),
        ({}, {}, replace(READ, first=9, dark_s=300_000.0), "tune", "outages"),
        ({}, {}, replace(READ, items=0, since=NOW - timedelta(hours=9)), "wait", "too_early"),
        ({}, {}, READ, "keep", "brings"),
        ({}, {}, replace(READ, polls=3, ok=3), "wait", "too_early"),
        ({"enabled": False}, {}, READ, "wait", "off"),
        ({}, {"last_ok_at": None}, replace(READ, ok=10), "drop", "dead"),
        ({}, {}, replace(READ, ok=10), "tune", "unread"),
        ({"alternates": ("https://b.example",)}, {}, replace(READ, ok=10), "tune", "alternates"),
        ({}, {}, replace(READ, dismissed=4), "tune", "dismissed"),
        ({"home": True}, {}, replace(READ, items=0, crises=0), "keep", "home"),
        ({"kind": "hazard"}, {}, replace(READ, items=0, crises=0), "keep", "quiet"),
        ({}, {}, replace(READ, items=0, crises=0), "drop", "nothing"),
        ({}, {}, replace(READ, later=40, late_s=3600.0), "tune", "echo"),
        ({}, {}, replace(READ, crises=0), "tune", "beside"),
        ({}, {}, replace(READ, with_news=2), "tune", "seldom"),
    ],
)
def test_each_advice_has_its_reason_in_both_languages(
    feed: dict[str, object], state: dict[str, object], figures: FeedFigures, what: str, reason: str
) -> None:
    of = replace(FEED, **feed)  # type: ignore[arg-type]
    found = advise(of, replace(STATE, **state), figures, timedelta(days=30), NOW)  # type: ignore[arg-type]
    assert (found.what, found.reason) == (what, reason)
    assert found.words("th") != found.words("en")


def test_figures_of_a_crisis_are_counted(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/monitor.db")
    schema.upgrade(database)
    try:
        with database.write() as conn:
            crisis.fill(conn, world.NOW)
        listed = replace(read_feedlist(Path("feeds.yaml")), feeds=world.LIST)
        with database.read() as conn:
            found = stats_of(conn, listed, world.NOW - timedelta(days=30), world.NOW)
    finally:
        database.close()
    figures = [each.figures for each in found]
    assert sum(each.items for each in figures) > 0
    assert sum(each.first for each in figures) > 0
    assert all(each.since for each in figures if each.polls)
    assert any(each.categories for each in figures)
    assert all(each.as_row("th") and each.as_json() for each in found)

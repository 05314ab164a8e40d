"""How often an adaptive feed is read, and what never happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest import habits
from monitor.ingest.pacing import next_poll
from monitor.ingest.tempo import SHORTEST, tempo
from tests.fakes import item, rss
from tests.monitor.ingest.test_polling import FLOOD, NEWS, World

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)  # 2 o'clock in Bangkok
LIST = """\
defaults: {pace: adaptive}
feeds:
  - {name: News, url: "https://news.example/rss", kind: news, every: 10m}
  - {name: Paper, url: "https://paper.example/rss", kind: news, every: 30m, coverage: [LA]}
  - {name: Far, url: "https://far.example/rss", kind: news, every: 30m, coverage: [FJ]}
"""


def wanted(every: timedelta = 15 * MINUTE, **more: object) -> timedelta:
    known: dict[str, object] = {
        "usual_gap_s": None, "alarmed": False, "slowed": True, "zone": "UTC", "hint": None,
        "now": NOON,
    }  # fmt: skip
    return tempo(every, **{**known, **more})  # type: ignore[arg-type]


def test_an_adaptive_feed_is_read_by_its_cadence_the_hour_and_what_goes_on() -> None:
    assert wanted() == 15 * MINUTE
    assert wanted(alarmed=True) == 5 * MINUTE
    assert wanted(alarmed=True, hint=10 * MINUTE) == 10 * MINUTE
    assert wanted(alarmed=True, hint=timedelta(hours=6)) == 15 * MINUTE  # pacing does the rest
    assert wanted(usual_gap_s=86_400.0) == 60 * MINUTE
    assert wanted(zone="Asia/Bangkok", now=NIGHT) == 30 * MINUTE
    assert wanted(zone="Asia/Bangkok", now=NIGHT, alarmed=True) == 5 * MINUTE


def test_nearly_every_poll_with_news_halves_the_interval_by_night_too() -> None:
    for gap_min in (5, 13.5, 16.5):  # whichever way the feed's own rhythm leans
        assert wanted(usual_gap_s=gap_min * 60) == 7.5 * MINUTE
    assert wanted(usual_gap_s=900.0, zone="Asia/Bangkok", now=NIGHT) == 7.5 * MINUTE
    assert wanted(usual_gap_s=1200.0) == 15 * MINUTE
    assert wanted(5 * MINUTE, usual_gap_s=60.0) == 5 * MINUTE  # often enough: documents are large


def test_whoever_warns_or_speaks_is_never_read_more_seldom() -> None:
    assert wanted(usual_gap_s=86_400.0, slowed=False) == 15 * MINUTE
    assert wanted(zone="Asia/Bangkok", now=NIGHT, slowed=False) == 15 * MINUTE


@given(
    every=st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=7)),
    usual=st.none() | st.floats(0, 1e7),
    alarmed=st.booleans(),
    zone=st.sampled_from(["UTC", "Asia/Bangkok", "America/New_York"]),
    hint=st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2)),
    priority=st.booleans(),
    key=st.text(max_size=4),
    hour=st.integers(0, 23),
)
def test_no_feed_is_read_before_its_publisher_wants_and_no_priority_feed_late(
    every: timedelta, usual: float | None, alarmed: bool, zone: str, hint: timedelta | None,
    priority: bool, key: str, hour: int,
) -> None:  # fmt: skip
    now = NOON.replace(hour=hour)
    found = tempo(
        every, usual_gap_s=usual, alarmed=alarmed, slowed=not priority, zone=zone, hint=hint,
        now=now,
    )  # fmt: skip
    assert min(every, SHORTEST) <= found <= max(every, timedelta(hours=1))
    if priority:
        assert found <= every
    plan = next_poll(
        found, priority=priority, outcome_ok=True, failures=0, retry_after=None, max_age=hint,
        ttl=None, key=key, now=now,
    )  # fmt: skip
    most = found * 2 if priority else max(found, timedelta(hours=24))  # of what a hint can make
    assert plan.due_at - now >= min(hint or timedelta(0), most)


@pytest.fixture
def world(tmp_path: Path, sqlite_url: str) -> Iterator[World]:
    made = World(tmp_path, sqlite_url, LIST)
    yield made
    made.run(made.program.close)


def test_an_open_alert_makes_the_feeds_of_its_country_quicker_and_no_other(world: World) -> None:
    for name in ("paper", "far"):
        world.network.documents[f"https://{name}.example/rss"] = rss()
    assert world.poll("Paper").next_poll_s >= 26 * 60
    world.known()
    world.news(item(1, FLOOD, world.clock.now()))
    world.clock.move(30 * MINUTE)
    assert world.poll("Paper").next_poll_s <= 11 * 60
    assert world.poll("Far").next_poll_s >= 26 * 60


def test_what_a_feed_asks_for_holds_while_it_is_unchanged(world: World) -> None:
    slow = rss(item(1, "Minister opens trade fair", world.clock.now())).replace(
        b"<channel>", b"<channel><ttl>45</ttl>"
    )
    world.network.documents[NEWS] = slow
    for state in ("ok", "unchanged", "unchanged"):
        report = world.poll("News")
        assert report.state == state
        assert report.next_poll_s >= 45 * 60
        world.clock.move(50 * MINUTE)
    world.network.documents[NEWS] = slow.replace(b"<ttl>45</ttl>", b"")
    assert world.poll("News").next_poll_s <= 41 * 60


def test_what_older_versions_kept_of_a_feed_is_still_read() -> None:
    kept = '{"format":"rss","entries":9.0,"dated":1.0,"language":"th","documents":7,"odd":0}'
    found = habits.read(kept)
    assert found is not None
    assert (found.entries, found.ttl_s) == (9.0, 0.0)
    assert habits.read("[1]") is None

"""How a feed stands, by its row alone, and the same everywhere it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts import feedhealth, words
from alerts.digest import content
from alerts.digest.content import DigestFacts, Period
from storage.records import FeedState

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ = FeedState(
    id=1, key="tides", name="Tides", url="https://tides.example/rss", kind="hazard",
    publisher="Tides", country=None, tier="official", home=False, priority=False, listed=True,
    state="not_modified", state_since=NOON - HOUR, last_ok_at=NOON, last_news_at=NOON - 7 * HOUR,
    usual_gap_s=600.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("usual_gap", "silent_for", "silent"),
    [
        (timedelta(minutes=10), timedelta(hours=6), False),
        (timedelta(minutes=10), timedelta(hours=6, seconds=1), True),
        (timedelta(hours=2), timedelta(hours=10), False),
        (timedelta(hours=2), timedelta(hours=10, seconds=1), True),
        (timedelta(days=7), timedelta(days=34), False),
        (None, timedelta(days=300), False),
    ],
    ids=["six-hours", "past-six", "five-gaps", "past-five", "weekly", "not-learnt-yet"],
)
def test_a_feed_is_silent_after_six_hours_or_five_usual_gaps(
    usual_gap: timedelta | None, silent_for: timedelta, silent: bool
) -> None:
    gap_s = usual_gap.total_seconds() if usual_gap else None
    state = replace(READ, usual_gap_s=gap_s, last_news_at=NOON - silent_for)
    assert feedhealth.is_silent(state, NOON) is silent
    assert feedhealth.shown_state(state, NOON) == ("silent" if silent else "not_modified")
    assert (feedhealth.shown_since(state, NOON) == state.last_news_at) is silent


def test_a_feed_that_cannot_be_read_or_has_never_brought_news_is_not_called_silent() -> None:
    assert not feedhealth.is_silent(replace(READ, state="timed_out"), NOON)
    assert feedhealth.shown_state(replace(READ, state="timed_out"), NOON) == "timed_out"
    assert not feedhealth.is_silent(replace(READ, last_news_at=None), NOON)


def test_a_move_shows_once_three_polls_agree_and_hides_no_fault() -> None:
    moving = replace(READ, last_news_at=NOON, moved_to="https://new.example/rss", moved_count=2)
    assert feedhealth.shown_state(moving, NOON) == "not_modified"
    assert feedhealth.proposed_address(moving) is None
    moved = replace(moving, moved_count=3)
    assert feedhealth.shown_state(moved, NOON) == "moved"
    assert feedhealth.proposed_address(moved) == "https://new.example/rss"
    assert feedhealth.shown_state(replace(moved, state="tls"), NOON) == "tls"


def test_the_digest_names_silent_feeds_among_the_blind_spots_but_not_as_down() -> None:
    down = replace(READ, id=2, key="b", name="Down", state="tls", state_since=NOON - HOUR)
    well = replace(READ, id=3, key="c", name="Well", last_news_at=NOON - HOUR)
    facts = DigestFacts(
        "daily", Period(NOON.date(), NOON - 24 * HOUR, NOON), NOON, feeds=(READ, well, down)
    )
    made = content.build(facts, next_at=NOON + 24 * HOUR)
    assert [(spot.name, spot.state) for spot in made.blind_spots] == [
        ("Down", "tls"), ("Tides", "silent"),
    ]  # fmt: skip
    assert made.blind_spots[1].since == READ.last_news_at
    assert (made.feeds_total, made.feeds_healthy) == (3, 2)


@pytest.mark.parametrize(
    ("state", "detail", "reason"),
    [
        ("tls", f"No secure connection to a.example: {feedhealth.EXPIRED} (x).", "tls_expired"),
        ("tls", f"No secure connection to a.example: {feedhealth.WRONG_NAME}.", "tls_wrong_name"),
        ("tls", f"No secure connection to a.example: {feedhealth.UNTRUSTED}.", "tls_untrusted"),
        ("tls", "No secure connection to a.example: it hung up.", "tls"),
        ("http_4xx", "HTTP 401 Unauthorized: it asks for a name and password", "http_401"),
        ("http_4xx", "HTTP 403 Forbidden", "http_403"),
        ("http_4xx", "HTTP 404 Not Found", "http_4xx"),
        ("http_5xx", "HTTP 403 is what the gateway said", "http_5xx"),
        ("not_a_feed", f"A web page came; {feedhealth.FEED_FOUND}https://a.example/rss",
         "feed_found"),
        ("ok", "", "ok"),
    ],
)  # fmt: skip
def test_cause_and_remedy_are_those_of_the_finer_reason(
    state: str, detail: str, reason: str
) -> None:
    assert feedhealth.reason(state, detail) == reason
    for language in words.LANGUAGES:
        assert words.say(f"feed.{reason}.remedy", language)


def test_a_wrong_compression_is_told_apart_from_wrong_letters() -> None:
    for detail in (
        "The body is announced as gzip but is not.",
        "The body is compressed as zstd, which was not offered.",
        "The body came in a transfer coding that was not offered.",
        "The answer is still compressed (gzip).",
    ):
        assert feedhealth.reason("bad_encoding", detail) == "bad_coding"
    assert feedhealth.reason("bad_encoding", "The letters are no UTF-8.") == "bad_encoding"

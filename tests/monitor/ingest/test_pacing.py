"""When a feed is polled next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest.pacing import Next, next_poll, spread

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
KEYS = [f"feed-{number}" for number in range(200)]


def following(
    every: timedelta = 15 * MINUTE,
    *,
    priority: bool = False,
    failures: int = 0,
    retry_after: timedelta | None = None,
    max_age: timedelta | None = None,
    ttl: timedelta | None = None,
    key: str = "bmkg",
) -> Next:
    return next_poll(
        every,
        priority=priority,
        outcome_ok=failures == 0,
        failures=failures,
        retry_after=retry_after,
        max_age=max_age,
        ttl=ttl,
        key=key,
        now=NOW,
    )


def wait(**kwargs: object) -> timedelta:
    return following(**kwargs).due_at - NOW  # type: ignore[arg-type]


def test_a_good_poll_is_followed_after_the_interval_give_or_take_a_tenth() -> None:
    waits = [wait(key=key) for key in KEYS]
    assert min(waits) >= 13.5 * MINUTE
    assert max(waits) <= 16.5 * MINUTE
    assert len(set(waits)) == len(KEYS)
    assert max(waits) - min(waits) > 2.5 * MINUTE
    assert wait(key="a") == wait(key="a")
    assert following().not_before is None
    assert following().why == "every 15 min"


@pytest.mark.parametrize(
    ("failures", "times"), [(1, 1), (2, 2), (3, 4), (4, 4), (5, 4), (50, 4), (10**9, 4)]
)
def test_failures_double_the_wait_up_to_an_hour(failures: int, times: int) -> None:
    usual = 15 * MINUTE * times
    for key in KEYS[:20]:
        got = wait(failures=failures, key=key)
        assert usual * 0.8 <= got <= min(usual * 1.1, HOUR)
    assert "in a row" in following(failures=failures).why


@pytest.mark.parametrize(("failures", "most_min"), [(1, 5.5), (2, 11), (3, 15), (99, 15)])
def test_a_priority_feed_is_tried_again_within_a_quarter_of_an_hour(
    failures: int, most_min: float
) -> None:
    for key in KEYS[:20]:
        assert wait(every=5 * MINUTE, priority=True, failures=failures, key=key) <= (
            most_min * MINUTE
        )


@pytest.mark.parametrize("priority", [True, False])
def test_a_failing_feed_is_never_polled_more_often_than_a_good_one(priority: bool) -> None:
    every = 6 * HOUR
    for failures in (1, 5, 500):
        assert wait(every=every, priority=priority, failures=failures) >= every * 0.9


def test_feeds_at_the_limit_do_not_all_come_back_at_one_moment() -> None:
    waits = {wait(failures=30, key=key) for key in KEYS}
    assert len(waits) == len(KEYS)


@pytest.mark.parametrize(
    ("asked", "priority", "got"),
    [
        (30 * MINUTE, False, 30 * MINUTE),
        (20 * HOUR, False, 20 * HOUR),
        (timedelta(days=300), False, 24 * HOUR),
        (30 * MINUTE, True, 30 * MINUTE),
        (20 * HOUR, True, HOUR),
    ],
)
def test_retry_after_is_honoured_up_to_a_limit_and_never_undercut(
    asked: timedelta, priority: bool, got: timedelta
) -> None:
    limit = HOUR if priority else 24 * HOUR
    for key in KEYS[:20]:
        plan = following(priority=priority, failures=1, retry_after=asked, key=key)
        assert plan.not_before == NOW + got
        assert got <= plan.due_at - NOW <= min(got + 1.5 * MINUTE, limit)
    assert "the server asks for" in following(failures=1, retry_after=asked).why


def test_a_short_retry_after_does_not_shorten_the_wait() -> None:
    plain = following(failures=3)
    plan = following(failures=3, retry_after=timedelta(seconds=5))
    assert plan.due_at == plain.due_at
    assert plan.not_before == NOW + timedelta(seconds=5)
    assert following(failures=3, retry_after=-HOUR) == plain


@pytest.mark.parametrize("source", ["max_age", "ttl"])
@pytest.mark.parametrize(
    ("asked", "priority", "least", "most"),
    [
        (MINUTE, False, 13.5 * MINUTE, 16.5 * MINUTE),
        (2 * HOUR, False, 2 * HOUR, 2 * HOUR + 1.5 * MINUTE),
        (timedelta(days=30), False, 24 * HOUR, 24 * HOUR),
        (20 * MINUTE, True, 20 * MINUTE, 21.5 * MINUTE),
        (2 * HOUR, True, 30 * MINUTE, 30 * MINUTE),
    ],
)
def test_the_feeds_own_hint_lengthens_the_interval_up_to_a_limit(
    source: str, asked: timedelta, priority: bool, least: timedelta, most: timedelta
) -> None:
    for key in KEYS[:20]:
        assert least <= wait(priority=priority, key=key, **{source: asked}) <= most


def test_the_longer_hint_counts_and_is_named() -> None:
    plan = following(max_age=HOUR, ttl=2 * HOUR)
    assert plan.why == "the feed's ttl asks for 2 h: every 2 h"
    assert following(max_age=3 * HOUR, ttl=HOUR).why.startswith("Cache-Control asks for 3 h")


def test_a_hint_does_not_shorten_the_interval_of_a_slow_feed() -> None:
    assert wait(every=timedelta(days=3), max_age=timedelta(days=2)) >= timedelta(days=2.7)


def test_hints_do_not_matter_while_a_feed_fails() -> None:
    assert following(failures=2, max_age=9 * HOUR) == following(failures=2)


waits = st.none() | st.timedeltas()


@given(
    every=st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=60)),
    priority=st.booleans(),
    failures=st.integers(0, 10**12),
    retry_after=waits,
    max_age=waits,
    ttl=waits,
    key=st.text(max_size=8),
)
def test_there_is_always_a_next_poll_and_it_lies_ahead(
    every: timedelta,
    priority: bool,
    failures: int,
    retry_after: timedelta | None,
    max_age: timedelta | None,
    ttl: timedelta | None,
    key: str,
) -> None:
    plan = following(
        every, priority=priority, failures=failures, retry_after=retry_after, max_age=max_age,
        ttl=ttl, key=key,
    )  # fmt: skip
    assert NOW < plan.due_at <= NOW + max(every * 2, timedelta(hours=24)) * 1.1
    assert plan.not_before is None or NOW < plan.not_before <= plan.due_at
    assert plan.why


def test_first_polls_are_spread_over_the_interval() -> None:
    offsets = [spread(key, 15 * MINUTE) for key in KEYS]
    assert min(offsets) >= timedelta(0)
    assert max(offsets) < 15 * MINUTE
    assert len({offset // (3 * MINUTE) for offset in offsets}) == 5
    assert spread("a", HOUR) == spread("a", HOUR)
    assert spread("a", -HOUR) == timedelta(0)

"""The waits in headers, sensible and absurd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.retry_after import LONGEST, http_date, max_age, retry_after

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
TEN = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("²", None),
        ("0", timedelta(0)),
        (" 120 ", timedelta(minutes=2)),
        ("1.5", timedelta(seconds=1.5)),
        ("120, 600", TEN),
        ("60 ; x", None),
        ("PT30S", None),
        ("0x10", None),
        ("2026-11-22T08:40:00Z", None),
        ("9" * 12, LONGEST),
        ("9" * 5000, LONGEST),
        ("Sun, 22 Nov 2026 08:40:00 GMT", TEN),
        ("Sunday, 22-Nov-26 08:40:00 GMT", TEN),
        ("Sun Nov 22 08:40:00 2026", TEN),
        ("Sun, 22 Nov 2026 08:20:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("Sun, 99 Nov 2026 08:40:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
    ],
    ids=lambda value: str(value)[:30].encode("ascii", "replace").decode(),
)
def test_retry_after_in_every_form(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, date=None, now=NOW) == wait


def test_a_moment_is_measured_by_the_servers_own_clock_when_it_shows_it() -> None:
    moment = "Sun, 22 Nov 2026 09:40:00 GMT"
    wait = retry_after(moment, date="Sun, 22 Nov 2026 09:30:00 GMT", now=NOW)
    assert wait == TEN
    assert retry_after(moment, date="yesterday", now=NOW) == timedelta(minutes=70)


@pytest.mark.parametrize(
    ("header", "age", "fresh_s"),
    [
        (None, None, None),
        ("", None, None),
        ("public", None, None),
        ("max-age=600", None, 600),
        ("max-age=600", "60", 540),
        ("max-age=600", "900", 0),
        ("max-age=600", "-5", 600),
        ("max-age=600", "9" * 99, 0),
        ('public,MAX-AGE = "600"', None, 600),
        ("s-maxage=10, max-age=600", None, 600),
        ("s-maxage=10", None, None),
        ("max-age=600, no-cache", None, None),
        ("no-store,max-age=600", None, None),
        ("max-age=-1", None, None),
        ("max-age=x", None, None),
        ("max-age=" + "9" * 500, None, LONGEST.total_seconds()),
        ("x" * 5000 + ",max-age=600", None, None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_max_age_less_age(header: str | None, age: str | None, fresh_s: float | None) -> None:
    expected = None if fresh_s is None else timedelta(seconds=fresh_s)
    assert max_age(header, age) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_a_bounded_wait_or_none(value: str, other: str) -> None:
    for wait in (retry_after(value, date=other, now=NOW), max_age(value, other)):
        assert wait is None or timedelta(0) <= wait <= LONGEST


def test_a_date_without_a_zone_is_taken_as_utc() -> None:
    assert http_date("Sun, 22 Nov 2026 08:40:00 -0000") == NOW + TEN
    assert http_date(None) is None

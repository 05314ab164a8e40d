"""Local time of an event: certain or not given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.localtime import zone_of

AT = datetime(2025, 3, 28, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "hours"), [("MM", 6.5), ("NP", 5.75), ("JP", 9), ("TH", 7), ("DE", 1), ("LA", 7)]
)
def test_a_country_with_one_time_has_a_zone(country: str, hours: float) -> None:
    zone = zone_of((country,), AT)
    assert zone is not None
    assert AT.astimezone(zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "countries",
    [("ID",), ("US",), ("AU",), ("MM", "TH"), (), ("ZZ",)],
    ids=["three times", "many times", "half hours", "two countries", "none", "unknown"],
)
def test_where_it_is_not_certain_none_is_given(countries: tuple[str, ...]) -> None:
    assert zone_of(countries, AT) is None


def test_summer_time_counts_at_the_moment_of_the_event() -> None:
    zone = zone_of(("GB",), AT)
    assert zone is not None
    assert AT.astimezone(zone).utcoffset() == timedelta(0)
    assert (AT + timedelta(days=10)).astimezone(zone).utcoffset() == timedelta(hours=1)

"""When mail is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts import backoff
from tests.alerts.policies import NOW


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (6, 160), (7, 300), (500, 300)]
)
def test_waits_double_from_five_seconds_to_five_minutes(attempts: int, seconds: int) -> None:
    wait = backoff.wait(attempts, "17")
    assert timedelta(seconds=seconds) <= wait <= timedelta(seconds=seconds) * 1.2


def test_the_same_failure_always_waits_the_same_and_others_spread() -> None:
    waits = {backoff.wait(3, str(id)) for id in range(50)}
    assert len(waits) > 40
    assert backoff.wait(3, "17") == backoff.wait(3, "17")


def test_a_permanent_refusal_is_tried_three_times_and_parked() -> None:
    tries = [
        backoff.next_try(attempts=n, key="17", created_at=NOW, now=NOW, permanent=True)
        for n in (1, 2, 3)
    ]
    assert tries[0] is not None
    assert tries[1] is not None
    assert tries[2] is None


def test_a_passing_fault_is_tried_for_five_days() -> None:
    late = NOW + timedelta(days=4, hours=23)
    over = NOW + timedelta(days=5)
    again = backoff.next_try(attempts=900, key="1", created_at=NOW, now=late, permanent=False)
    assert again is not None
    assert again > late
    given_up = backoff.next_try(attempts=901, key="1", created_at=NOW, now=over, permanent=False)
    assert given_up is None

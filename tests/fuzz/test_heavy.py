"""Documents that make careless readers slow cost ours no more than their size."""

from __future__ import annotations

import time

import pytest

from tests.fuzz.heavy import HEAVY
from tests.fuzz.invariants import check, outcome

_SMALL = 25_000


def cost(body: bytes) -> float:
    """Seconds of processor time that reading takes."""
    begun = time.process_time()
    outcome(body)
    return time.process_time() - begun


@pytest.fixture(scope="module", autouse=True)
def _everything_imported() -> None:
    outcome(HEAVY["XML: nested tags never closed"](2_000))
    outcome(HEAVY["JSON: quakes"](2_000))


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_document_keeps_the_promises(name: str) -> None:
    check(HEAVY[name](_SMALL))


@pytest.mark.campaign
@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_document_of_two_megabytes_costs_no_more_than_its_size(name: str) -> None:
    small, large = cost(HEAVY[name](500_000)), cost(HEAVY[name](2_000_000))
    assert large < 1.0 or large < 8 * max(small, 0.05)

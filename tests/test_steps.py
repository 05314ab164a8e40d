"""The clocks that the comparison with other pollers puts around the steps of a pass."""

from __future__ import annotations

import time
from importlib import import_module

from tests.benchmarks.steps import BEYOND, CLOCKED, Clocks, without_beyond


def _busy(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


def test_a_step_does_not_count_what_the_steps_inside_it_cost() -> None:
    clocks = Clocks()
    inner = clocks.around("inner", _busy)

    def whole() -> None:
        inner(0.02)
        _busy(0.01)
        inner(0.02)

    clocks.around("outer", whole)()
    spent = clocks.spent()
    assert 0.04 <= spent["inner"] < 0.06
    assert 0.01 <= spent["outer"] < 0.03
    assert abs(clocks.covered_here() - sum(spent.values())) < 0.005


def test_every_clocked_function_is_there() -> None:
    for name in CLOCKED:
        module, _, path = name.partition(":")
        held = import_module(module)
        for part in path.split("."):
            held = getattr(held, part)
        assert callable(held), name


def test_the_goal_counts_all_but_what_it_does_not_name() -> None:
    steps = {"fetch": 1.0, "categories": 2.0, "other": 0.5, **dict.fromkeys(BEYOND, 10.0)}
    assert without_beyond(steps) == 3.5

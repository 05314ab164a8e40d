"""The short form of the fuzz campaign: damaged documents by a fixed dice, no atheris needed."""

from __future__ import annotations

import importlib
import resource

import pytest

from tests.fuzz.campaign import TARGETS
from tests.fuzz.mutate import dice, mutated

_ROUNDS = 250
_GROWTH_KB = 96 * 1024


@pytest.mark.parametrize("name", TARGETS)
def test_no_damaged_document_breaks_a_promise(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.target_{name}")
    seeds = [seed[:6000] for seed in target.beginnings()]
    chance = dice(f"damage {name}")
    for _ in range(_ROUNDS):
        target.run(mutated(chance.choice(seeds), chance, seeds))


def test_reading_the_same_damage_again_takes_no_more_memory() -> None:
    target = importlib.import_module("tests.fuzz.target_json")
    chance = dice("growth")
    bodies = [mutated(seed[:6000], chance) for seed in target.beginnings()]
    for body in bodies:
        target.run(body)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        for body in bodies:
            target.run(body)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < _GROWTH_KB


@pytest.mark.parametrize("name", TARGETS)
def test_every_document_to_begin_with_keeps_every_promise(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.target_{name}")
    for seed in target.beginnings():
        target.run(seed)

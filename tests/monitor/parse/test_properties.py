"""What holds of every format, for documents built as sources build them and then damaged."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.parse.entry import Document, Hints, NotAFeed
from tests.fuzz.invariants import HINTS, check, outcome
from tests.fuzz.mutate import dice, mutated
from tests.monitor.parse import strategies

THOROUGH = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEEDS = st.integers(0, 2**32)


def entries_of(found: Document | NotAFeed) -> int:
    return len(found.entries) if isinstance(found, Document) else 0


@THOROUGH
@given(strategies.xml_documents)
def test_built_xml_keeps_every_promise_and_gives_no_more_entries_than_elements(
    built: tuple[str, int],
) -> None:
    text, elements = built
    found = check(text.encode())
    assert entries_of(found) <= elements


@THOROUGH
@given(strategies.json_documents)
def test_built_json_keeps_every_promise(value: dict[str, object]) -> None:
    check(json.dumps(value).encode())


@THOROUGH
@given(strategies.xml_documents, SEEDS)
def test_damaged_xml_keeps_every_promise(built: tuple[str, int], seed: int) -> None:
    check(mutated(built[0].encode(), dice(seed)))


@THOROUGH
@given(strategies.json_documents, SEEDS)
def test_damaged_json_keeps_every_promise(value: dict[str, object], seed: int) -> None:
    check(mutated(json.dumps(value).encode(), dice(seed)))


@THOROUGH
@given(strategies.xml_documents, st.sampled_from(["utf-16", "utf-16-le", "utf-32", "utf-8-sig"]))
def test_the_same_document_in_another_encoding_gives_the_same_entries(
    built: tuple[str, int], codec: str
) -> None:
    plainly, otherwise = outcome(built[0].encode()), outcome(built[0].encode(codec))
    assert isinstance(plainly, Document) == isinstance(otherwise, Document)
    if isinstance(plainly, Document) and isinstance(otherwise, Document):
        assert otherwise.entries == plainly.entries


@THOROUGH
@given(strategies.json_documents, st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(
    value: dict[str, object], chance: random.Random
) -> None:
    straight = outcome(json.dumps(value).encode())
    shuffled = outcome(json.dumps(_shuffled(value, chance)).encode())
    assert isinstance(straight, Document) == isinstance(shuffled, Document)
    if isinstance(straight, Document) and isinstance(shuffled, Document):
        # countries that are members of one object come in another order, and that is all
        assert set(shuffled.entries) == set(straight.entries)
        assert replace(shuffled, entries=()) == replace(straight, entries=())


@THOROUGH
@given(strategies.json_documents, st.text(min_size=1, max_size=10), strategies.leaves)
def test_a_member_that_nobody_knows_changes_nothing(
    value: dict[str, object], name: str, member: object
) -> None:
    straight = outcome(json.dumps(value).encode())
    added = outcome(json.dumps(value | {f"x-{name}": member}).encode())
    if isinstance(straight, Document):
        assert added == straight
    else:
        assert isinstance(added, NotAFeed)


@pytest.mark.campaign  # it measures time
@THOROUGH
@given(strategies.xml_documents, SEEDS)
def test_a_damaged_byte_never_costs_many_times_more(built: tuple[str, int], seed: int) -> None:
    chance = dice(seed)
    body = bytearray(built[0].encode())
    whole = _cost(bytes(body))
    for _ in range(3):
        body[chance.randrange(len(body))] = chance.randrange(256)
        # what the strict reader refuses goes to two slower ones: times twelve, and a few
        # milliseconds that a machine with other work to do may need for anything
        assert _cost(bytes(body)) < 12 * whole + 0.1


@THOROUGH
@given(strategies.xml_documents, st.sampled_from(["Asia/Bangkok", "UTC", "America/St_Johns"]))
def test_the_hints_change_times_and_links_but_not_how_many_entries(
    built: tuple[str, int], zone: str
) -> None:
    body = built[0].encode()
    found = check(body, Hints(timezone=zone, language="th"))
    assert isinstance(found, NotAFeed) == isinstance(outcome(body, HINTS), NotAFeed)


def _cost(body: bytes) -> float:
    begun = time.process_time()
    outcome(body)
    return time.process_time() - begun


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: _shuffled(value[name], chance) for name in names}
    if isinstance(value, list):
        return [_shuffled(part, chance) for part in value]
    return value

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.parse.entry import Hints, NotAFeed
from monitor.parse.worker import InlineParser, Parser, ParserPool
from tests.fuzz.heavy import HEAVY

GOOD = b"<rss><channel><item><title>Flood</title></item></channel></rss>"
# so many warnings that reading them all takes many seconds: the limits below are far under that
SLOW = HEAVY["CAP and others: Thai warnings"](6_000_000)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    made = ParserPool(workers=2)
    made.start()
    yield made
    made.close()


async def outcome(parser: Parser, body: bytes) -> str:
    try:
        document = await parser.parse(body, Hints())
    except NotAFeed as refused:
        return f"{refused.state}: {refused.detail}"
    return document.entries[0].values.title


def test_a_pool_and_an_inline_parser_say_the_same(pool: ParserPool) -> None:
    for body in (GOOD, b"<html></html>", b""):
        assert asyncio.run(outcome(pool, body)) == asyncio.run(outcome(InlineParser(), body))


def test_a_refusal_keeps_its_state_across_processes(pool: ParserPool) -> None:
    page = b'<html><link type="application/rss+xml" href="https://m.example/rss"></html>'
    with pytest.raises(NotAFeed) as caught:
        asyncio.run(pool.parse(page, Hints()))
    assert (caught.value.state, caught.value.found) == ("not_a_feed", "https://m.example/rss")


@pytest.mark.parametrize("limit", ["wall", "cpu"])
def test_a_document_that_takes_too_long_ends_and_harms_no_other(limit: str) -> None:
    made = ParserPool(workers=1, wall_s=1.5) if limit == "wall" else ParserPool(workers=1, cpu_s=0)

    async def run() -> list[str]:
        first = await outcome(made, GOOD) if limit == "wall" else "Flood"
        slow = await outcome(made, SLOW)
        return [first, slow, await outcome(made, GOOD)]

    try:
        first, slow, after = asyncio.run(run())
    finally:
        made.close()
    assert slow.startswith("parse_error: ")
    assert "too long" in slow
    assert (first, after) == ("Flood", "Flood")


def test_a_document_that_takes_too_much_memory_ends_and_harms_no_other() -> None:
    made = ParserPool(workers=1, memory_bytes=90 * 1024 * 1024)
    items = b"<item><title>x</title><link>https://m.example/a</link></item>" * 130_000
    greedy_body = b"<rss><channel>" + items + b"</channel></rss>"

    async def run() -> tuple[str, str]:
        return await outcome(made, greedy_body), await outcome(made, GOOD)

    try:
        greedy, after = asyncio.run(run())
    finally:
        made.close()
    assert greedy.startswith("parse_error: ")
    assert after == "Flood"


def test_a_pool_can_be_closed_twice_and_started_again() -> None:
    made = ParserPool(workers=1)
    made.start()
    made.close()
    made.close()
    try:
        assert asyncio.run(outcome(made, GOOD)) == "Flood"
    finally:
        made.close()


@pytest.mark.parametrize(
    "module", ["monitor.parse.document", "monitor.parse.worker", "monitor.parse.show"]
)
def test_workers_load_no_heavy_library(module: str) -> None:
    heavy = "{'sklearn', 'numpy', 'scipy', 'sqlalchemy', 'pythainlp', 'starlette', 'pydantic'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"

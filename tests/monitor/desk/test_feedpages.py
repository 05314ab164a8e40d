"""The pages beside the table of feeds: worth, coverage, changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.tuning import history
from storage import feeds
from storage.records import PollResult
from tests.monitor.desk import world
from tests.monitor.desk.browsing import fetch


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("path", ["/feeds/worth", "/feeds/coverage", "/feeds/changes"])
async def test_every_page_is_drawn_in_both_languages(
    filled: world.StandIn, path: str, language: str
) -> None:
    for more in ("", "&all=1"):
        answer = await fetch(filled, f"{path}?lang={language}{more}")
        assert answer.status_code == 200, answer.text[-500:]
        assert f'lang="{language}"' in answer.text


@pytest.mark.asyncio
async def test_the_history_shows_hostile_text_as_text(empty: world.StandIn) -> None:
    with empty.database.write() as conn:
        history.remember(
            conn, at=world.NOW, who="<script>alert(1)</script>", deed="edit", names=["<b>A"],
            why="because & so", before="feeds:\n", after="feeds:\n# <i>new\n", digest="x",
        )  # fmt: skip
    text = (await fetch(empty, "/feeds/changes?lang=en")).text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "+# &lt;i&gt;new" in text


@pytest.mark.asyncio
async def test_the_picture_is_served_as_one(filled: world.StandIn) -> None:
    answer = await fetch(filled, "/feeds/coverage.svg?lang=th")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.startswith("<svg")


@pytest.mark.asyncio
async def test_a_feed_that_cannot_be_read_is_to_be_tuned(filled: world.StandIn) -> None:
    earlier = world.NOW - timedelta(hours=1)
    with filled.database.write() as conn:
        state = next(each for each in feeds.states(conn) if each.key == "hostile")
        for hours in range(60, 0, -1):
            at = world.NOW - timedelta(hours=hours)
            feeds.record_poll(conn, state.id, PollResult("refused", at), due_at=earlier)
    text = (await fetch(filled, "/feeds/worth?lang=en")).text
    assert "Hostile&lt;script&gt;" in text
    assert "read 0 of 6" in text

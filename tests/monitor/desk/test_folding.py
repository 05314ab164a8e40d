"""What stands open on an incident's page and what one click away; nothing is left uncounted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from monitor.desk.folding import all_folded, rest_folded
from storage import decisions, incidents
from storage.records import ItemValues, Level, NewDecision, Reading, Tag, Why
from tests.monitor.desk import world
from tests.monitor.desk.browser import browsing, served
from tests.monitor.desk.browsing import fetch
from tests.storage import make

SOURCES = 500


def great(program: world.StandIn, now: datetime) -> str:
    """An incident of 500 sources, each with its line of the timeline and its decision."""
    with program.database.write() as conn:
        of = make.incident(
            conn, now - timedelta(hours=9), level=Level.FLASH, hazard="EQ", countries=("MM",),
            title_en="Myanmar – M7.7 earthquake", title_th="เมียนมา – แผ่นดินไหวขนาด 7.7",
        )  # fmt: skip
        feed = make.feed_id(conn, now, "wire", kind="news", publisher="Wire")
        for count in range(SOURCES):
            at = now - timedelta(minutes=SOURCES - count)
            title = f"Earthquake in Myanmar, report {count}"
            item = make.item_id(
                conn, feed, at, title=title, values=ItemValues(title),
                reading=Reading(tags=(Tag("natural", 0.99, ("earthquake", "แผ่นดินไหว")),)),
            )  # fmt: skip
            incidents.add_item(conn, of.id, item, why=(Why("link_similar"),), now=at)
            change = incidents.add_change(
                conn, incident_id=of.id, at=at, kind="joined", item_id=item, new="Wire"
            )
            none = NewDecision("", None, None, (Why("not_material", {"change": "joined"}),))
            decisions.add(conn, of.id, change.id, [none], Level.FLASH, at)
        for dead in (12, 144):
            incidents.add_change(
                conn, incident_id=of.id, at=now - timedelta(hours=8), kind="figure",
                old=None, new=f"dead {dead}",
            )  # fmt: skip
    return of.number


def test_the_rest_of_a_list_is_folded_and_what_is_not_on_the_page_is_counted() -> None:
    found = rest_folded(range(100), str, seen=3, most=10)
    assert (found.open, len(found.folded), found.left, found.total) == (("0", "1", "2"), 7, 90, 100)
    assert rest_folded([1], str, seen=3, most=10).folded == ()


def test_grave_lines_stand_open_and_all_lines_in_their_order_are_folded() -> None:
    found = all_folded(range(9), [4, 8], str, seen=5, most=6)
    assert found.open == ("4", "8")
    assert found.folded == ("0", "1", "2", "3", "4", "5")
    assert (found.left, found.total) == (3, 9)
    assert all_folded([1, 2], [1, 2], str, seen=5, most=6).folded == ()


@pytest.mark.asyncio
async def test_a_page_of_500_sources_states_its_counts_and_leads_to_the_whole(
    filled: world.StandIn, now: datetime
) -> None:
    number = great(filled, now)
    shown = (await fetch(filled, f"/incidents/{number}?lang=en")).text
    assert shown.count('<li class="item">') == 60
    assert "495 more items" in shown
    assert "The whole timeline: 502 entries" in shown
    assert "440 more are not shown." in shown
    assert f'<a href="/incidents/{number}?all=1">Show everything</a>' in shown
    assert shown.index("144 dead") < shown.index("<summary>The whole timeline")
    assert len(shown) < 250_000
    whole = (await fetch(filled, f"/incidents/{number}?lang=th&all=1")).text
    assert whole.count('<li class="item">') == SOURCES
    assert "ที่ไม่ได้แสดง" not in whole


@pytest.mark.asyncio
async def test_a_page_of_500_sources_is_a_few_screens_on_a_phone(
    filled: world.StandIn, now: datetime
) -> None:
    number = great(filled, now)
    async with served(filled) as base, browsing() as browser:
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        heights = []
        for language in ("th", "en"):
            await page.goto(f"{base}/incidents/{number}?lang={language}")
            heights.append(await page.evaluate("document.documentElement.scrollHeight"))
        await page.locator("summary", has_text=re.compile("timeline")).first.click()
        opened = await page.evaluate("document.documentElement.scrollHeight")
    assert max(heights) < 6_000
    assert opened > heights[-1], "what is folded opens without a script"

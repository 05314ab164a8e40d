"""The pages in a real browser: nothing to scroll sideways on a phone, no script, no request out."""

from __future__ import annotations

import pytest

from tests.monitor.desk import world
from tests.monitor.desk.browser import browsing, served

PAGES = (
    "/",
    "/?all=1",
    "/incidents/2026-0001",
    "/incidents/2026-0002",
    "/incidents/2026-0001/act",
    "/advice",
    "/advice/MM",
    "/communications?days=90",
    "/items",
    "/items/1",
    "/review",
    "/feeds",
    "/feeds/add",
    "/feeds/tune/quakes",
    "/feeds/alternates",
    "/feeds/import",
    "/feeds/changes",
    "/feeds/worth?all=1",
    "/feeds/coverage?all=1",
    "/mails",
    "/mails/2",
    "/digests",
    "/digests/latest",
    "/nothing",
)


@pytest.mark.asyncio
async def test_no_page_scrolls_sideways_on_a_phone_or_asks_for_anything_outside(
    filled: world.StandIn,
) -> None:
    asked: set[str] = set()
    wide: list[str] = []
    async with served(filled) as base, browsing() as browser:
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        page.on("request", lambda request: asked.add(request.url))
        page.on("dialog", lambda dialog: wide.append(f"a script ran: {dialog.message}"))
        for language in ("th", "en"):
            for path in PAGES:
                mark = "&" if "?" in path else "?"
                await page.goto(f"{base}{path}{mark}lang={language}")
                width = await page.evaluate("document.documentElement.scrollWidth")
                if width > 360:
                    wide.append(f"{path} in {language} is {width} px wide")
        await page.goto(f"{base}/mails/2")
        framed = await page.frames[1].locator("h1").text_content()
    assert wide == []
    assert framed == "◆ วิกฤต", "the mail's own HTML is drawn in its frame"
    blocked = {"https://tracker.example/p.gif"}  # asked for by a mail, refused by its policy
    assert {url for url in asked if not url.startswith(base)} <= blocked

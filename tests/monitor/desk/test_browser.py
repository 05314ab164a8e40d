"""The pages in a real browser: nothing to scroll sideways on a phone, no script, no request out."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import uvicorn

from monitor.app import Program
from monitor.desk.app import desk
from tests.conftest import skip_or_fail
from tests.monitor.desk import world

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGES = (
    "/",
    "/?all=1",
    "/incidents/2026-0001",
    "/incidents/2026-0002",
    "/advice",
    "/advice/MM",
    "/communications?days=90",
    "/items",
    "/feeds",
    "/mails",
    "/mails/2",
    "/digests",
    "/digests/latest",
    "/nothing",
)


@contextlib.asynccontextmanager
async def served(program: world.StandIn) -> AsyncIterator[str]:
    """The desk on a loopback port; its address."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    config = uvicorn.Config(desk(cast(Program, program)), log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        bound.close()


@pytest.mark.asyncio
async def test_no_page_scrolls_sideways_on_a_phone_or_asks_for_anything_outside(
    filled: world.StandIn,
) -> None:
    if not CHROMIUM.exists():
        skip_or_fail("Chromium is not installed: apt-get install chromium")
    if importlib.util.find_spec("playwright") is None:
        skip_or_fail("playwright is not installed: it is in the development packages")
    from playwright.async_api import async_playwright

    asked: set[str] = set()
    wide: list[str] = []
    async with served(filled) as base, async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
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
        await browser.close()
    assert wide == []
    assert framed == "◆ วิกฤต", "the mail's own HTML is drawn in its frame"
    blocked = {"https://tracker.example/p.gif"}  # asked for by a mail, refused by its policy
    assert {url for url in asked if not url.startswith(base)} <= blocked

"""A real browser for the tests, and the desk served to it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import uvicorn

from monitor.app import Program
from monitor.desk.app import desk
from tests.conftest import skip_or_fail
from tests.monitor.desk import world

if TYPE_CHECKING:
    from playwright.async_api import Browser

_CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextlib.asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Headless Chromium; skips the test where there is none."""
    if not _CHROMIUM.exists():
        skip_or_fail("Chromium is not installed: apt-get install chromium")
    if importlib.util.find_spec("playwright") is None:
        skip_or_fail("playwright is not installed: it is in the development packages")
    from playwright.async_api import async_playwright

    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


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

"""Reading the desk's pages: which there are, how to fetch one, what elements it has."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx

from tests.monitor.desk import world

PAGES = (
    "/",
    "/?all=1",
    "/advice",
    "/advice?all=1",
    "/advice/MM",
    "/communications",
    "/communications?days=90",
    "/items",
    "/items?category=human_made",
    "/items?category=nonsense&feed=nobody",
    "/feeds",
    "/mails",
    "/silences",
    "/digests",
    "/digests/latest",
)
FILLED = (
    *PAGES,
    "/feeds/add",
    "/feeds/tune/quakes",
    "/feeds/tune/hostile",
    "/feeds/alternates",
    "/feeds/import",
    "/feeds/changes",
    "/feeds/worth?all=1",
    "/feeds/coverage?all=1",
    "/incidents/2026-0001/act",
    "/incidents/2026-0001",
    "/incidents/2026-0002",
    "/mails/1",
    "/mails/2",
)
BARE = ("/mails/1/html", "/digests/latest/html")
UNKNOWN = (
    "/nothing",
    "/feeds/",
    "/feeds/tune/nobody",
    "/feeds/tune/",
    "/feeds/export.exe",
    "/incidents/2026-9999",
    "/incidents/x",
    "/incidents/%00",
    "/advice/XX",
    "/advice/mm",
    "/advice/%00",
    "/mails/0",
    "/mails/99999999999999999999",
    "/mails/x.eml",
    "/mails/7/html",
    "/digests/daily/2020-01-01",
    "/digests/daily/yesterday",
    "/static/nothing.css",
    "/static/../app.py",
    "//evil.example/%2e%2e",
)


class Elements(HTMLParser):
    """The elements of a page with their attributes, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]


async def fetch(program: world.StandIn, path: str, **headers: str) -> httpx.Response:
    async with world.client(program, **headers) as browser:
        return await browser.get(path)

"""Stand-ins for the outside world, with modes instead of patched internals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from alerts.errors import DeliveryError
from monitor.fetch.result import Fetched, Request


@dataclass
class FakeFetcher:
    """Answers from a table of documents by address; keeps what was asked."""

    documents: dict[str, bytes | Fetched] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    async def fetch(self, request: Request) -> Fetched:
        """The document, or a 404."""
        self.asked.append(request)
        found = self.documents.get(request.url)
        if isinstance(found, Fetched):
            return found
        if found is None:
            return Fetched("http_4xx", "HTTP 404 Not Found", status=404, url=request.url)
        return Fetched("ok", "", status=200, body=found, url=request.url, etag='"one"')

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeMailer:
    """Keeps what it was given; `refuse` makes it fail."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    refuse: DeliveryError | None = None

    async def send(self, mime: bytes, recipient: str) -> str:
        """Taken, unless told to refuse."""
        if self.refuse is not None:
            raise self.refuse
        self.sent.append((recipient, mime))
        return "250 taken"


def rss(*items: Mapping[str, str], title: str = "Feed") -> bytes:
    """An RSS 2.0 document; each item maps element names to texts."""
    body = "".join(
        "<item>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in item.items()) + "</item>"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://feed.example/</link>{body}</channel></rss>"
    ).encode()


def item(number: int, title: str, at: datetime, summary: str = "") -> dict[str, str]:
    """One RSS item."""
    return {
        "title": title,
        "link": f"https://feed.example/{number}",
        "guid": f"id-{number}",
        "pubDate": at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "description": summary,
    }


def items(titles: Sequence[str], at: datetime, first: int = 1) -> list[dict[str, str]]:
    """Items with these titles, a second apart, the first the newest."""
    return [
        item(first + index, title, at - timedelta(seconds=index))
        for index, title in enumerate(titles)
    ]

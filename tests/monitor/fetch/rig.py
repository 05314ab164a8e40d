"""A hostile server and a fetcher that may reach it; at the end nothing may be left open."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.clock import SetClock
from monitor.fetch.client import HttpFetcher
from monitor.fetch.result import Fetched, Request
from tests import hostile

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOOPBACK = ("127.0.0.1",)
BARE = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody; reading the real list is slow


class Names(AbstractResolver):
    """A name service that answers one list after the other, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """The next list of addresses."""
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=10 if ":" in each else 2,
                proto=6,
                flags=0,
            )
            for each in found
        ]

    async def close(self) -> None:
        """Nothing to close."""


@contextlib.asynccontextmanager
async def rig(
    *,
    total_s: float = 5.0,
    allow_hosts: Sequence[str] = LOOPBACK,
    max_body: int = 2**20,
    per_host: int = 2,
    gap_s: float = 0.0,
    proxied: bool = False,
    resolver: AbstractResolver | None = None,
    server_tls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[tuple[hostile.Server, HttpFetcher]]:
    """Both, running; afterwards every connection has to be closed and every task ended."""
    async with hostile.serving(server_tls) as server:
        before = asyncio.all_tasks()
        fetcher = HttpFetcher(
            version="1.2",
            allow_hosts=allow_hosts,
            proxy=f"http://127.0.0.1:{server.port}" if proxied else None,
            contact="https://mfa.example/monitor",
            total_s=total_s,
            connect_s=1.0,
            max_body=max_body,
            per_host=per_host,
            gap_s=gap_s,
            clock=SetClock(NOON),
            resolver=resolver,
            tls=tls or BARE,
        )
        try:
            yield server, fetcher
        finally:
            await fetcher.close()
        await server.emptied()
        async with asyncio.timeout(1):  # fails when a task of the client's stays
            while asyncio.all_tasks() - before:
                await asyncio.sleep(0)
        assert fetcher.busy_hosts == 0


async def fetch(
    server: hostile.Server, fetcher: HttpFetcher, page: hostile.Page | bytes
) -> Fetched:
    """Fetch this page from this server."""
    server.pages["/page"] = page
    return await fetcher.fetch(Request(server.url("/page")))

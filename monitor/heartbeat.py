"""The dead-man's switch: an outside watchdog hears from us only while everything moves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from monitor.fetch.result import Fetcher, Request
from monitor.health import health

if TYPE_CHECKING:
    from monitor.app import Program

log = structlog.get_logger(__name__)


class Heartbeat:
    """Pings `url` when polls, database and outbox have all moved; its silence is the alarm."""

    def __init__(self, url: str, fetcher: Fetcher, started: datetime) -> None:
        self._url = url
        self._fetcher = fetcher
        self._started = started

    async def beat(self, program: Program) -> bool:
        """Ping if all is well; whether the watchdog has heard us."""
        now = program.clock.now()
        state = await program.writer.read(lambda conn: health(conn, started=self._started, now=now))
        if not state.ok:
            log.error(
                "heartbeat_withheld",
                poll_s=state.poll_s,
                outbox_s=state.outbox_s,
                feeds_ok=state.feeds_ok,
                feeds_failing=state.feeds_failing,
            )
            return False
        answer = await self._fetcher.fetch(Request(self._url))
        if answer.state not in ("ok", "not_modified"):
            log.warning("heartbeat_failed", state=answer.state, detail=answer.detail)
            return False
        return True

    async def close(self) -> None:
        """Close the connection."""
        await self._fetcher.close()


def heartbeat_for(program: Program) -> Heartbeat | None:
    """The heartbeat of these settings; None when no watchdog is set.

    The operator's watchdog may stand inside: its own host is allowed, no other.
    """
    from monitor.fetch.client import HttpFetcher

    settings = program.settings
    if settings.heartbeat_url is None:
        return None
    host = urlsplit(settings.heartbeat_url).hostname or ""
    fetcher = HttpFetcher(
        allow_hosts=(host,), proxy=settings.proxy, contact=settings.contact, version="heartbeat"
    )
    return Heartbeat(settings.heartbeat_url, fetcher, program.clock.now())

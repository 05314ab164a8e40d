"""One poll of one feed: lease, fetch, parse, store; it always ends in a named state.

Many run at once. What they ask of the database goes there in batches (`batches.py`), and what
they have fetched but not stored yet is bounded (`backlog.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from alerts.policy import Policy
from monitor.clock import Clock
from monitor.config.feedlist import Feed
from monitor.fetch import slots
from monitor.fetch.result import Fetched, Fetcher, Request
from monitor.fetch.slots import Slots
from monitor.ingest.backlog import Backlog
from monitor.ingest.batches import Batches
from monitor.ingest.recall import kept_of, last_of, way_of_reading
from monitor.ingest.storing import OK_STATES, Brought, Poll, PollReport, Store
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.writer import Writer
from storage import feeds, traces
from storage.records import FeedState
from storage.traces import Traces

__all__ = ["OK_STATES", "Lane", "Parser", "PollReport", "Poller", "lane"]

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=3)  # longer than the longest fetch, parse and write together
BROKE = "the program failed on this document; the others go on"
MOST_WAITING, MOST_WAITING_BYTES = 64, 32 * 2**20  # documents between the fetch and the store
ENTRIES_AT_ONCE, POLLS_AT_ONCE = 200, 200  # in one transaction: a priority poll may wait for one
PLACES_PER_HOST = 3  # at most this part of a lane's places is for one host
GATHER_S = 0.02  # that ordinary polls wait for others to be written with


class Parser(Protocol):
    """What polling needs of the parser pool."""

    async def parse(self, body: bytes, hints: Hints) -> Document:
        """The document; raises NotAFeed."""
        ...

    def close(self) -> None:
        """Stop what parses."""
        ...


class Place:
    """A place to fetch, given back once."""

    def __init__(self, places: asyncio.Semaphore, at_host: slots.Place) -> None:
        self._places: asyncio.Semaphore | None = places
        self._at_host = at_host

    def free(self) -> None:
        """Let another feed be fetched; harmless when done before."""
        if self._places is not None:
            self._places.release()
            self._at_host.leave()
            self._places = None


@dataclass(frozen=True, slots=True)
class Lane:
    """What polls of one sort share, so that polls of the other sort never wait for them."""

    places: asyncio.Semaphore
    hosts: Slots  # a host that hangs holds a few places only, whatever waits for it
    backlog: Backlog
    parser: Parser
    leases: Batches[int, datetime | None]
    documents: Batches[Brought, PollReport]
    outcomes: Batches[Brought, PollReport]  # of polls that brought no document
    traces: Batches[FeedState, Traces | None]  # of the feeds' last documents

    @asynccontextmanager
    async def place(self, host: str) -> AsyncIterator[Place]:
        """Wait for a place to fetch from `host`; it is given back at the latest at the end."""
        at_host = self.hosts.at(host, wait_s=None)
        await at_host.__aenter__()
        try:
            await self.places.acquire()
        except BaseException:
            at_host.leave()
            raise
        place = Place(self.places, at_host)
        try:
            yield place
        finally:
            place.free()


def lane(
    store: Store, parser: Parser, writer: Writer, clock: Clock, owner: str, *, places: int,
    gather_s: float,
) -> Lane:  # fmt: skip
    """A lane with so many places to fetch; `gather_s` is how long writes wait for each other."""

    async def lease(feed_ids: Sequence[int]) -> list[datetime | None]:
        now = clock.now()
        until = now + LEASE
        won = await writer.write(lambda conn: feeds.lease_many(conn, feed_ids, now, until, owner))
        return [until if feed_id in won else None for feed_id in feed_ids]

    async def remembered(states: Sequence[FeedState]) -> list[Traces | None]:
        digests = {each.id: each.body_digest for each in states if each.body_digest}
        found = await writer.beside(lambda conn: traces.last(conn, digests))
        return [found.get(each.id) for each in states]

    def weight(brought: Brought) -> int:
        return brought.weight

    return Lane(
        places=asyncio.Semaphore(places),
        hosts=Slots(max(2, places // PLACES_PER_HOST)),
        backlog=Backlog(most=MOST_WAITING, most_bytes=MOST_WAITING_BYTES),
        parser=parser,
        leases=Batches(lease, most=POLLS_AT_ONCE, window_s=gather_s),
        documents=Batches(store.keep, most=ENTRIES_AT_ONCE, weigh=weight),
        outcomes=Batches(store.keep, most=POLLS_AT_ONCE, window_s=gather_s),
        traces=Batches(remembered, most=POLLS_AT_ONCE, window_s=gather_s),
    )


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls feeds one at a time or many at once; a poll is stored whole or not at all.

    `lanes` are those of ordinary (False) and of priority feeds (True).
    """

    writer: Writer
    fetcher: Fetcher
    lanes: Mapping[bool, Lane]
    clock: Clock
    owner: str

    async def poll(self, feed: Feed, state: FeedState, policy: Policy) -> PollReport | None:
        """Poll `feed`; None when another program holds its lease. No feed makes it raise."""
        lane = self.lanes[feed.priority]
        async with lane.place(urlsplit(feed.url).hostname or "") as place:
            started = time.monotonic()
            lease = await lane.leases.ask(state.id)
            if lease is None:
                return None
            poll = Poll(feed, state, policy, started, lease)
            try:
                report = await self._leased(poll, lane, place)
            except Exception as error:
                # A bug that one document wakes is that feed's fault state, red on the page and in
                # the digest; the other feeds must go on.
                log.exception("poll_broke", feed=feed.name)
                fault = f"{BROKE}: {type(error).__name__}"
                broken = Fetched("parse_error", fault, url=feed.url)
                report = await lane.outcomes.ask(Brought(poll, broken, broken.state, fault))
            except BaseException:
                await self.writer.write(lambda conn: feeds.release(conn, state.id, self.owner))
                raise
        log.info(
            "poll", feed=feed.name, state=report.state, detail=report.detail, new=report.new,
            revised=report.revised, ms=report.duration_ms,
            **({"moved_to": report.moved_to} if report.moved_to else {}),
        )  # fmt: skip
        return report

    async def _leased(self, poll: Poll, lane: Lane, place: Place) -> PollReport:
        fetched = await self.fetcher.fetch(_request(poll.feed, poll.state))
        if fetched.body is None:
            place.free()
            return await lane.outcomes.ask(Brought(poll, fetched, fetched.state, fetched.detail))
        async with lane.backlog.inside(len(fetched.body)):
            place.free()  # another feed may be fetched while this one is parsed and stored
            brought = await self._read(poll, fetched, fetched.body, lane)
            del fetched
            if brought.document is None:
                return await lane.outcomes.ask(brought)
            return await lane.documents.ask(brought)

    async def _read(self, poll: Poll, fetched: Fetched, body: bytes, lane: Lane) -> Brought:
        """The document in the body, unless the bytes are those of the last good poll."""
        digest, size = _digest(body), len(body)
        bare = replace(fetched, body=None)
        if digest == poll.state.body_digest:
            return Brought(poll, bare, "unchanged", "", digest=digest, size=size)
        known = await lane.traces.ask(poll.state) if poll.state.body_digest else None
        try:
            hints = _hints(poll.feed, fetched, self.clock.now(), known)
            document = await lane.parser.parse(body, hints)
        except NotAFeed as fault:
            detail = fault.detail
            if fault.found:
                detail = f"{detail}; the page names a feed: {fault.found}"
            return Brought(poll, bare, fault.state, detail, digest=digest, size=size)
        outcome, detail = _outcome(document)
        kept = kept_of(document, known)
        return Brought(poll, bare, outcome, detail, document, digest, size, kept)


def _request(feed: Feed, state: FeedState) -> Request:
    same = state.url == feed.url
    return Request(
        url=feed.url,
        headers=feed.headers,
        etag=state.etag if same else None,
        last_modified=state.last_modified if same else None,
        priority=feed.priority,
    )


def _hints(feed: Feed, fetched: Fetched, now: datetime, known: Traces | None) -> Hints:
    return Hints(
        url=fetched.url,
        content_type=fetched.content_type,
        timezone=feed.timezone,
        encoding=feed.encoding,
        language=feed.language,
        format=feed.format,
        selector=feed.selector,
        certificates=feed.certificates,
        at=now,
        reading=way_of_reading(feed),
        last=last_of(known),
    )


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _outcome(document: Document) -> tuple[str, str]:
    if document.partly:
        return "partly_parsed", "; ".join(document.notes[:3])
    if not (document.entries or document.kept):
        return "no_entries", ""
    return "ok", ""

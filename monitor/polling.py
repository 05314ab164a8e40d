"""One poll of one feed: fetch, parse, read, store; it always ends in a named state."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from alerts.policy import Policy
from classifiers.tags import Classifier
from monitor import pipeline
from monitor.clock import Clock
from monitor.feedlist import Feed
from monitor.fetch.result import Fetched, Fetcher, Request
from monitor.pacing import next_poll
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.writer import Writer
from storage import feeds
from storage.records import FeedState, PollResult

if TYPE_CHECKING:
    from storage.database import Connection

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=3)  # longer than the longest fetch, parse and write together
STALE = timedelta(days=30)
MOVED_AFTER = 3  # agreeing permanent redirects before the move is told
GAP_WEIGHT = 0.3  # of the newest gap in the learnt one


class Parser(Protocol):
    """What polling needs of the parser pool."""

    async def parse(self, body: bytes, hints: Hints) -> Document:
        """The document; raises NotAFeed."""
        ...

    def close(self) -> None:
        """Stop what parses."""
        ...


class Classifying(Protocol):
    """Gives the classifier of the moment: keyword rules until the model is ready."""

    def current(self) -> Classifier:
        """The classifier in force."""
        ...


@dataclass(frozen=True, slots=True)
class _Validators:
    etag: str | None = None
    last_modified: str | None = None


NOTHING_KEPT = _Validators()
BROKE = "the program failed on this document; the others go on"


@dataclass(frozen=True, slots=True)
class _Read:
    """What one poll brought, and the state it is in so far."""

    fetched: Fetched
    document: Document | None
    outcome: str
    detail: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll did, for the log and for `monitor poll --json`."""

    feed: str
    state: str
    detail: str
    ok: bool
    entries: int
    new: int
    revised: int
    deferred: int
    duration_ms: int
    next_poll_s: float
    moved_to: str | None = None
    gone: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls feeds one at a time or many at once; each poll is one transaction."""

    writer: Writer
    fetcher: Fetcher
    parser: Parser
    classifying: Classifying
    clock: Clock
    owner: str

    async def poll(self, feed: Feed, state: FeedState, policy: Policy) -> PollReport | None:
        """Poll `feed`; None when another program holds its lease. No feed makes it raise."""
        started = time.monotonic()
        now = self.clock.now()
        won = await self.writer.write(
            lambda conn: feeds.lease(conn, state.id, now, now + LEASE, self.owner)
        )
        if not won:
            return None
        try:
            report = await self._leased(feed, state, policy, started)
        except Exception as error:
            # A bug that one document wakes is that feed's fault state, red on the page and in
            # the digest; the other feeds must go on.
            log.exception("poll_broke", feed=feed.name)
            fault = Fetched("parse_error", f"{BROKE}: {type(error).__name__}", url=feed.url)
            report = await self._keep(feed, state, policy, fetched=fault, started=started)
        except BaseException:
            await self.writer.write(lambda conn: feeds.release(conn, state.id, self.owner))
            raise
        log.info(
            "poll", feed=feed.name, state=report.state, detail=report.detail, new=report.new,
            revised=report.revised, ms=report.duration_ms,
        )  # fmt: skip
        return report

    async def _leased(
        self, feed: Feed, state: FeedState, policy: Policy, started: float
    ) -> PollReport:
        fetched = await self.fetcher.fetch(_request(feed, state))
        document: Document | None = None
        outcome, detail = fetched.state, fetched.detail
        digest = _digest(fetched.body) if fetched.body is not None else None
        if fetched.body is not None and digest == state.body_digest:
            outcome, detail = "unchanged", ""
        elif fetched.body is not None:
            try:
                document = await self.parser.parse(fetched.body, _hints(feed, fetched))
                outcome, detail = _outcome(document)
            except NotAFeed as fault:
                outcome, detail = fault.state, fault.detail
                if fault.found:
                    detail = f"{detail}; the page names a feed: {fault.found}"
        read = _Read(fetched, document, outcome, detail, digest)
        return await self.writer.in_thread(lambda: self._store(feed, state, policy, read, started))

    async def _keep(
        self, feed: Feed, state: FeedState, policy: Policy, *, fetched: Fetched, started: float
    ) -> PollReport:
        """Record a poll that brought nothing."""
        read = _Read(fetched, None, fetched.state, fetched.detail, None)
        return await self.writer.in_thread(lambda: self._store(feed, state, policy, read, started))

    def _store(
        self,
        feed: Feed,
        state: FeedState,
        policy: Policy,
        read: _Read,
        started: float,
    ) -> PollReport:
        """Read the texts, then write everything of this poll in one transaction."""
        database = self.writer.database
        classifier = self.classifying.current()
        now = self.clock.now()
        prepared = None
        if read.document is not None:
            with database.read() as conn:
                prepared = pipeline.prepare(conn, feed, state, read.document, classifier, now=now)
        with database.write() as conn:
            counts = pipeline.Counts()
            if prepared is not None:
                counts = pipeline.commit(conn, feed, state, prepared, classifier, policy, now=now)
                if state.first_seen_at is None:
                    feeds.set_first_seen(conn, state.id, now)
            outcome, detail = _after(read.outcome, read.detail, counts, now)
            ended = replace(read, outcome=outcome, detail=detail)
            return self._record(conn, feed, state, ended, counts, started, now)

    def _record(
        self,
        conn: Connection,
        feed: Feed,
        state: FeedState,
        read: _Read,
        counts: pipeline.Counts,
        started: float,
        now: datetime,
    ) -> PollReport:
        """Write how the poll ended and when the next one is due."""
        fetched, outcome, detail = read.fetched, read.outcome, read.detail
        ok = outcome in OK_STATES
        gone = outcome == "gone"
        complete = ok and counts.deferred == 0
        failures = 0 if ok else state.failures + 1
        following = next_poll(
            feed.every,
            priority=feed.priority,
            outcome_ok=ok,
            failures=failures,
            retry_after=fetched.retry_after,
            max_age=fetched.max_age,
            ttl=read.document.ttl if read.document else None,
            key=state.key,
            now=now,
        )
        moved = fetched.moved_to if ok else None
        moved_count = 0 if moved is None else 1 + state.moved_count * (moved == state.moved_to)
        duration_ms = round((time.monotonic() - started) * 1000)
        kept = state if outcome == "not_modified" else NOTHING_KEPT  # a 304 need not repeat them
        result = PollResult(
            state=outcome,
            at=now,
            detail=detail,
            ok=ok,
            http_status=fetched.status,
            duration_ms=duration_ms,
            size=len(fetched.body or b""),
            entries=counts.entries,
            new=counts.new,
            revised=counts.revised,
            deferred=counts.deferred,
            etag=(fetched.etag or kept.etag) if complete else None,
            last_modified=(fetched.last_modified or kept.last_modified) if complete else None,
            body_digest=(read.digest or state.body_digest) if complete else None,
            moved_to=moved,
        )
        feeds.record_poll(
            conn,
            state.id,
            result,
            due_at=following.due_at,
            not_before=following.not_before,
            usual_gap_s=_usual_gap(state, counts, now),
            parked=gone,
            moved_count=moved_count,
        )
        return PollReport(
            feed=feed.name,
            state=outcome,
            detail=detail,
            ok=ok,
            entries=counts.entries,
            new=counts.new,
            revised=counts.revised,
            deferred=counts.deferred,
            duration_ms=duration_ms,
            next_poll_s=max(0.0, (following.due_at - now).total_seconds()),
            moved_to=moved if moved_count >= MOVED_AFTER else None,
            gone=gone,
            stale=outcome == "stale",
        )


OK_STATES = frozenset(
    ["ok", "not_modified", "unchanged", "partly_parsed", "flood", "stale", "no_entries"]
)


def _request(feed: Feed, state: FeedState) -> Request:
    same = state.url == feed.url
    return Request(
        url=feed.url,
        headers=feed.headers,
        etag=state.etag if same else None,
        last_modified=state.last_modified if same else None,
    )


def _hints(feed: Feed, fetched: Fetched) -> Hints:
    return Hints(
        url=fetched.url,
        content_type=fetched.content_type,
        timezone=feed.timezone,
        encoding=feed.encoding,
        language=feed.language,
        format=feed.format,
    )


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _outcome(document: Document) -> tuple[str, str]:
    if document.partly:
        return "partly_parsed", "; ".join(document.notes[:3])
    if not document.entries:
        return "no_entries", ""
    return "ok", ""


def _after(outcome: str, detail: str, counts: pipeline.Counts, now: datetime) -> tuple[str, str]:
    """States that only show once the entries are stored."""
    if counts.deferred:
        return "flood", f"{counts.deferred} entries wait for the next polls"
    if outcome == "ok" and counts.newest_at is not None and now - counts.newest_at > STALE:
        return "stale", f"newest entry is {(now - counts.newest_at).days} days old"
    return outcome, detail


def _usual_gap(state: FeedState, counts: pipeline.Counts, now: datetime) -> float | None:
    """Seconds between polls that brought news, learnt as a running mean."""
    if not counts.new or state.last_news_at is None:
        return state.usual_gap_s
    gap = (now - state.last_news_at).total_seconds()
    if state.usual_gap_s is None:
        return gap
    return state.usual_gap_s * (1 - GAP_WEIGHT) + gap * GAP_WEIGHT

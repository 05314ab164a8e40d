"""What polls brought goes to the store: read together, then written in one transaction."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from alerts import feedhealth
from alerts.policy import Policy
from classifiers.tags import Classifier
from monitor.clock import Clock
from monitor.config.feedlist import Feed
from monitor.fetch.result import Fetched
from monitor.ingest import habits, pipeline
from monitor.ingest.habits import Seen
from monitor.ingest.pacing import NONE, next_poll
from monitor.ingest.recall import dated_in
from monitor.ingest.tempo import tempo
from monitor.parse.entry import Document
from monitor.writer import Writer
from storage import feeds, incidents, meta, traces
from storage.records import FeedState, Level, PollResult
from storage.traces import Trace, Traces

if TYPE_CHECKING:
    from storage.database import Connection

STALE = timedelta(days=30)
MOST_GRAVE = 500  # incidents that are asked for their countries
GAP_WEIGHT = 0.3  # of the newest gap in the learnt one
OK_STATES = (
    frozenset(["ok", "not_modified", "unchanged", "partly_parsed", "flood", "stale", "no_entries"])
    | feedhealth.ODD
)


class Classifying(Protocol):
    """Gives the classifier of the moment: keyword rules until the model is ready."""

    def current(self) -> Classifier:
        """The classifier in force."""
        ...


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll under way; `started` is on the monotonic clock, `lease` the end of the lease."""

    feed: Feed
    state: FeedState
    policy: Policy
    started: float
    lease: datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """What a poll brought, and the state it is in so far. `fetched` holds no body any more."""

    poll: Poll
    fetched: Fetched
    outcome: str
    detail: str
    document: Document | None = None
    digest: str | None = None
    size: int = 0  # bytes of the body
    kept: tuple[Trace, ...] = ()  # entries that stand there as they did in the last document

    @property
    def weight(self) -> int:
        """How much there is to store, about one for each entry."""
        return 1 + (len(self.document.entries) if self.document else 0)


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
    title: str = ""  # of the document, where one came
    format: str = ""
    dated: int = 0  # entries with a time of their own


@dataclass(frozen=True, slots=True)
class _Kept:
    """One poll as it is stored and told."""

    end: feeds.PollEnd
    report: PollReport


_NOTHING_KEPT: tuple[None, None] = (None, None)


@dataclass(frozen=True, slots=True)
class Store:
    """Keeps what polls brought, all of them or, by raising, none."""

    writer: Writer
    classifying: Classifying
    clock: Clock
    owner: str

    async def keep(self, many: Sequence[Brought]) -> list[PollReport]:
        """Read the texts, then write everything of these polls in one transaction.

        At most one poll of each feed.
        """
        now = self.clock.now()
        classifier = self.classifying.current()
        arrivals = {
            each.poll.state.id: pipeline.Arrival(
                each.poll.feed, each.poll.state, each.document, each.kept
            )
            for each in many
            if each.document is not None
        }
        prepared: list[pipeline.Prepared] = []
        if arrivals:
            prepared = await self.writer.beside(
                lambda conn: pipeline.prepare(conn, [*arrivals.values()], classifier, now=now)
            )
        return await self.writer.write(
            lambda conn: self._write(conn, many, prepared, classifier, now)
        )

    def _write(
        self,
        conn: Connection,
        many: Sequence[Brought],
        prepared: Sequence[pipeline.Prepared],
        classifier: Classifier,
        now: datetime,
    ) -> list[PollReport]:
        counts: dict[int, pipeline.Counts] = {}
        if prepared:
            leases = {
                each.poll.state.id: each.poll.lease for each in many if each.document is not None
            }
            lost = leases.keys() - feeds.held(conn, leases, self.owner)
            policy = many[-1].poll.policy
            made = pipeline.commit(conn, prepared, classifier, policy, now=now, again=lost)
            counts = dict(zip(leases, made, strict=True))
        learnt = {each.arrival.state.id: _language(each) for each in prepared if each.arrival.state}
        alarmed = _alarmed(conn, many)
        kept = [_kept(each, counts, learnt, alarmed, now) for each in many]
        feeds.note_polls(conn, [each.end for each in kept])
        traces.keep(conn, _traces(many, kept, counts))
        meta.set(conn, "moved.poll", "", now)
        return [each.report for each in kept]


def _traces(
    many: Sequence[Brought], ends: Sequence[_Kept], counts: Mapping[int, pipeline.Counts]
) -> list[Traces]:
    """By what the next documents will be known again; of documents that were taken whole."""
    return [
        Traces(end.end.feed_id, digest, brought.document.around, (*brought.kept, *found))
        for brought, end in zip(many, ends, strict=True)
        if brought.document is not None
        and (digest := end.end.result.body_digest) is not None
        and ((found := counts[end.end.feed_id].traces) or brought.kept)
    ]


def _kept(
    brought: Brought,
    stored: Mapping[int, pipeline.Counts],
    languages: Mapping[int, str | None],
    alarmed: frozenset[str],
    now: datetime,
) -> _Kept:
    """How the poll ended, when the next one is due, and what its feed has to remember."""
    feed, state, fetched = brought.poll.feed, brought.poll.state, brought.fetched
    counts = stored.get(state.id, pipeline.Counts())
    outcome, detail = _after(brought.outcome, brought.detail, state, counts, now)
    before = habits.read(state.habit)
    habit, dated, ttl = None, 0, timedelta(seconds=before.ttl_s) if before else NONE
    if brought.document is not None:
        dated = dated_in(brought.document, brought.kept)
        seen = Seen(
            brought.document.format,
            len(brought.document.entries) + len(brought.kept),
            dated,
            languages.get(state.id),
        )
        after, unusual, told = habits.learn(before, seen)
        ttl = brought.document.ttl or NONE
        habit = habits.write(replace(after, ttl_s=ttl.total_seconds()))
        if unusual and outcome in ("ok", "no_entries"):
            outcome, detail = unusual, told
    ok = outcome in OK_STATES
    gone = outcome == "gone"
    complete = ok and counts.deferred == 0
    following = next_poll(
        _interval(brought.poll, alarmed, max(ttl, fetched.max_age or NONE), now),
        priority=feed.priority,
        outcome_ok=ok,
        failures=0 if ok else state.failures + 1,
        retry_after=fetched.retry_after,
        max_age=fetched.max_age,
        ttl=ttl,
        key=state.key,
        now=now,
        gone=gone,
    )
    moved = fetched.moved_to if ok else None
    moved_count = 0 if moved is None else 1 + state.moved_count * (moved == state.moved_to)
    duration_ms = round((time.monotonic() - brought.poll.started) * 1000)
    # A 304 need not repeat the validators it confirms.
    etag, last_modified = (
        (state.etag, state.last_modified) if outcome == "not_modified" else _NOTHING_KEPT
    )
    result = PollResult(
        state=outcome,
        at=now,
        detail=detail,
        ok=ok,
        http_status=fetched.status,
        duration_ms=duration_ms,
        size=brought.size,
        entries=counts.entries,
        new=counts.new,
        revised=counts.revised,
        deferred=counts.deferred,
        etag=(fetched.etag or etag) if complete else None,
        last_modified=(fetched.last_modified or last_modified) if complete else None,
        body_digest=(brought.digest or state.body_digest) if complete else None,
        moved_to=moved,
        lost=counts.missing,
    )
    end = feeds.PollEnd(
        state.id,
        result,
        following.due_at,
        not_before=following.not_before,
        usual_gap_s=_usual_gap(state, counts, now),
        parked=gone,
        moved_count=moved_count,
        took_document=brought.document is not None,
        habit=habit,
        certificate_ends=fetched.certificate_ends,
    )
    report = PollReport(
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
        moved_to=moved if moved_count >= feedhealth.MOVED_AFTER else None,
        gone=gone,
        stale=feedhealth.is_stale(outcome, detail),
        title=brought.document.title if brought.document else "",
        format=brought.document.format if brought.document else "",
        dated=dated,
    )
    return _Kept(end, report)


def _after(
    outcome: str, detail: str, state: FeedState, counts: pipeline.Counts, now: datetime
) -> tuple[str, str]:
    """States that only show once the entries are stored."""
    notes = [f"{counts.missing} {feedhealth.LOST}"] if counts.missing else []
    if counts.deferred:
        notes.append(f"{counts.deferred} entries wait for the next polls")
    elif notes and outcome == "partly_parsed":  # they may be in the part that was not read
        return outcome, f"{detail}; {counts.missing} entries that waited were not read"
    if notes:
        return "flood", "; ".join(notes)
    if outcome == "ok" and counts.newest_at is not None and now - counts.newest_at > STALE:
        return "stale", f"{feedhealth.NEWEST_IS} {counts.newest_at:%Y-%m-%d}"
    if outcome in ("unchanged", "not_modified") and feedhealth.is_stale(state.state, state.detail):
        return outcome, state.detail  # nothing has changed: it is as stale as it was
    if outcome in ("unchanged", "not_modified") and feedhealth.odd(state.state, state.detail):
        return outcome, state.detail  # and as odd
    return outcome, detail


def _alarmed(conn: Connection, many: Sequence[Brought]) -> frozenset[str]:
    """The countries of open incidents at ALERT or above, if a feed among these goes by them."""
    if not any(each.poll.feed.pace == "adaptive" for each in many):
        return frozenset()
    return incidents.countries_of_open(conn, Level.ALERT, limit=MOST_GRAVE)


def _interval(of: Poll, alarmed: frozenset[str], hint: timedelta, now: datetime) -> timedelta:
    """How often the feed is to be read for now."""
    feed = of.feed
    if feed.pace != "adaptive":
        return feed.every
    named = tuple(word for word in feed.coverage if word != "world")
    concerned = of.policy.countries_of(named) | ({feed.country} if feed.country else set())
    return tempo(
        feed.every,
        usual_gap_s=of.state.usual_gap_s,
        alarmed=bool(concerned & alarmed),
        slowed=not feed.priority and feed.kind == "news",  # whoever warns or speaks is not
        zone=feed.timezone,
        hint=hint,
        now=now,
    )


def _language(of: pipeline.Prepared) -> str | None:
    """The language of most of the entries that are new in this document."""
    return habits.language_of(
        [each.reading.language for each in of.candidates if each.reading is not None]
    )


def _usual_gap(state: FeedState, counts: pipeline.Counts, now: datetime) -> float | None:
    """Seconds between polls that brought news, learnt as a running mean."""
    if not counts.new or state.last_news_at is None:
        return state.usual_gap_s
    gap = (now - state.last_news_at).total_seconds()
    if state.usual_gap_s is None:
        return gap
    return state.usual_gap_s * (1 - GAP_WEIGHT) + gap * GAP_WEIGHT

"""The composition root: the one place where the real parts are joined.

`build` takes replacements by keyword, so that a test or the demo runs the same program.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from alerts import maps, words
from alerts.deliver import Delivered, deliver_due
from alerts.policy import Policy
from alerts.ports import Closing, Mailer
from classifiers.tags import Text
from monitor import __version__, catchup
from monitor.classifying import Classifiers
from monitor.clock import Clock, SystemClock
from monitor.communications.signals import after_time
from monitor.config.feedlist import Feed, FeedList, identities, identity
from monitor.config.settings import Settings
from monitor.digest.daily import Ready, make_ready, mark_started, owed, ready_now, settle
from monitor.errors import ConfigError
from monitor.incidents.expiry import expire
from monitor.incidents.rest import rest
from monitor.ingest.polling import GATHER_S, Parser, Poller, PollReport, lane
from monitor.ingest.storing import Store
from monitor.leases import free, free_dead, own_name
from monitor.notify import decide_due
from monitor.outbox import StoredOutbox
from monitor.parse.entry import Hints
from monitor.parse.worker import WORKERS
from monitor.silencing import tell_ended
from monitor.watching import watch_feeds
from monitor.writer import Writer
from storage import feeds, meta
from storage.database import Connection, Database
from storage.errors import StorageError
from storage.records import FeedState

if TYPE_CHECKING:
    from monitor.fetch.result import Fetcher

log = structlog.get_logger(__name__)

PLACES, PRIORITY_PLACES = 48, 8  # feeds that are fetched at a time
SAMPLES = ("Flood in Laos kills 12", "น้ำท่วมลาว เสียชีวิต 12 ราย", "ラオスで洪水、12人死亡")
SAMPLE = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Sample</title><item>'
    b"<title>Sample</title><link>https://sample.example/1</link></item></channel></rss>"
)
FIRST_POLLS_WITHIN = timedelta(seconds=30)


@dataclass(slots=True)
class Program:
    """All parts, joined. Its methods are what the scheduler, the commands and the demo call."""

    settings: Settings
    feedlist: FeedList
    policy: Policy
    database: Database
    writer: Writer
    fetcher: Fetcher
    parsers: tuple[Parser, Parser]  # for ordinary and for priority feeds
    classifiers: Classifiers
    mailer: Mailer
    clock: Clock
    owner: str
    poller: Poller
    road: Mailer = field(kw_only=True)  # of the other channels
    config_fault: ConfigError | None = None
    fault_since: datetime | None = None
    faults_told: frozenset[str] | None = None  # the files told of; None before it is looked up
    news: asyncio.Event = field(default_factory=asyncio.Event)  # items came: a notice may be due
    queued: asyncio.Event = field(default_factory=asyncio.Event)  # there are notices to deliver
    _by_key: dict[str, Feed] = field(default_factory=dict)
    _in_flight: set[int] = field(default_factory=set)
    _polls: set[asyncio.Task[list[PollReport]]] = field(default_factory=set)

    async def take_over_list(self) -> None:
        """Bring the feed table in step with `feeds.yaml`."""
        now = self.clock.now()
        listed = self.feedlist.read_at(now, self.policy.timezone)

        def work(conn: Connection) -> dict[str, Feed]:
            mark_started(conn, now)
            free_dead(conn)
            by_key = identities(listed, feeds.states(conn))
            feeds.sync(
                conn,
                [identity(key, feed) for key, feed in by_key.items()],
                now,
                spread_s=FIRST_POLLS_WITHIN.total_seconds(),
            )
            return by_key

        self._by_key = await self.writer.write(work)

    async def follow_list(self) -> None:
        """Take the list over again when a feed that was off until some time is to be read."""
        listed = self.feedlist.read_at(self.clock.now(), self.policy.timezone)
        if {id(feed) for feed in listed} != {id(feed) for feed in self._by_key.values()}:
            await self.take_over_list()

    def use(self, feedlist: FeedList, policy: Policy) -> None:
        """Put another configuration in force; `take_over_list` must follow."""
        self.feedlist, self.policy = feedlist, policy

    async def warm(self) -> None:
        """Load now what the first poll would load: word lists, and what the parsers import.

        The first warning after a start then waits for nothing.
        """
        classifier = self.classifiers.current()
        texts = [Text(title) for title in SAMPLES]
        await asyncio.to_thread(classifier.classify, texts)
        await asyncio.to_thread(maps.warm)
        lanes = {feed.priority for feed in self._by_key.values()}
        used = dict.fromkeys(self.parsers[lane] for lane in lanes)
        readers = [parser for parser in used for _ in range(WORKERS)]
        await asyncio.gather(*(parser.parse(SAMPLE, Hints()) for parser in readers))

    async def poll_due(self, limit: int = 200) -> list[PollReport]:
        """Poll what is due, at most a lane's width at a time; the reports of those polled."""
        return await self.poll(await self.due(limit))

    async def due(self, limit: int = 200) -> list[FeedState]:
        """The feeds that are due, priority feeds first."""
        now = self.clock.now()
        return await self.writer.read(lambda conn: feeds.due(conn, now, limit))

    def start_due_polls(self, states: Sequence[FeedState]) -> None:
        """Poll these in tasks of their own, so that no feed holds up the next beat."""
        for state in states:
            if state.id not in self._in_flight:
                task = asyncio.create_task(self.poll([state]), name=f"poll {state.name}")
                self._polls.add(task)
                task.add_done_callback(self._poll_ended)

    def _poll_ended(self, task: asyncio.Task[list[PollReport]]) -> None:
        self._polls.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("poll_failed", task=task.get_name(), exc_info=error)

    def polls_under_way(self) -> list[asyncio.Task[list[PollReport]]]:
        """The polls that are running; a cancelled one loses nothing, it commits whole or not."""
        return list(self._polls)

    async def spread_due(self) -> None:
        """Spread what is overdue over the next half minute."""
        now = self.clock.now()
        await self.writer.write(
            lambda conn: feeds.spread_due(conn, now, FIRST_POLLS_WITHIN.total_seconds())
        )

    async def poll_all(self) -> list[PollReport]:
        """Poll every enabled feed once, due or not."""
        states = await self.writer.read(feeds.states)
        return await self.poll([state for state in states if state.listed])

    async def poll_named(self, names: Sequence[str]) -> list[PollReport]:
        """Poll the named feeds now. Raises ConfigError for a name that is not in the list."""
        wanted = {id(self.feedlist.named(name)) for name in names}
        keys = {key for key, feed in self._by_key.items() if id(feed) in wanted}
        states = await self.writer.read(feeds.states)
        return await self.poll([state for state in states if state.key in keys])

    async def poll(self, states: Sequence[FeedState]) -> list[PollReport]:
        """Poll these feeds, priority feeds in a lane of their own; none delays another."""

        async def one(state: FeedState) -> PollReport | None:
            feed = self._by_key.get(state.key)
            if feed is None or state.id in self._in_flight:
                return None
            self._in_flight.add(state.id)
            try:
                report = await self.poller.poll(feed, state, self.policy)
            finally:
                self._in_flight.discard(state.id)
            if report is not None and (report.new or report.revised):
                self.news.set()
            return report

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(state)) for state in states]
        reports = [task.result() for task in tasks]
        return [report for report in reports if report is not None]

    async def tick(self, *, waits_elapsed: bool = False) -> int:
        """Turn due decisions into notices in the outbox, and tell what silences hid; how many."""
        now = self.clock.now()

        def work(conn: Connection) -> int:
            made = decide_due(
                conn, self.policy, self.settings, now=now, waits_elapsed=waits_elapsed
            )
            return made + tell_ended(conn, self.policy, self.settings, now=now)

        made = await self.writer.write(work)
        if made:
            self.queued.set()
        return made

    async def settle(self) -> int:
        """Tell what time has done: warnings expired, incidents gone quiet or closed; how many."""
        now = self.clock.now()

        def work(conn: Connection) -> int:
            return expire(conn, self.policy, now) + rest(conn, now)

        return await self.writer.write(work)

    async def listen(self) -> int:
        """Tell of grave incidents on which others have spoken and our own feeds not; how many."""
        now = self.clock.now()
        return await self.writer.write(lambda conn: after_time(conn, self.policy, now=now))

    async def watch(self) -> int:
        """Tell of priority feeds that went dark or are back; how many notices that made."""
        now = self.clock.now()
        return await self.writer.write(
            lambda conn: watch_feeds(conn, self.policy, self.settings, now=now)
        )

    async def digest(self) -> int:
        """Decide the digests and drafts whose time has come; how many notices that made.

        What takes long (reading, drawing) is done beside the writer; deciding is one transaction.
        """
        now, made = self.clock.now(), 0
        for each in await self.writer.read(lambda conn: owed(conn, self.policy, now=now)):
            prepare = partial(
                make_ready, of=each, policy=self.policy, settings=self.settings, now=now
            )
            made += await self._issue(prepare)
        return made

    async def digest_now(self) -> int:
        """An issue of every daily digest up to this moment, beside those of the day."""
        now, made = self.clock.now(), 0
        for each in self.policy.digests:
            if not each.weekly:
                prepare = partial(
                    ready_now, plan=each, policy=self.policy, settings=self.settings, now=now
                )
                made += await self._issue(prepare)
        return made

    async def _issue(self, prepare: Callable[[Connection], Ready]) -> int:
        ready, now = await self.writer.beside(prepare), self.clock.now()
        return await self.writer.write(lambda conn: settle(conn, ready, now=now))

    async def deliver(self, limit: int = 100) -> Delivered:
        """Hand over what waits in the outbox; one notice only while the mail road is closed.

        When it is open again, those who missed much get a summary ahead of the rest.
        """
        closed = await self.writer.read(catchup.closed_since) is not None
        delivered = await deliver_due(
            StoredOutbox(self.writer),
            self.mailer,
            now=self.clock.now(),
            owner=self.owner,
            limit=1 if closed else limit,
            clock=self.clock.now,
        )
        if delivered.wait is not None or (closed and delivered.tried):
            await self._road(is_open=delivered.wait is None)
        if delivered.sent:
            await self._moved("outbox")
        return delivered

    async def deliver_channels(self, limit: int = 50) -> Delivered:
        """Hand over what waits for other channels than mail; a closed mail road holds up none."""
        return await deliver_due(
            StoredOutbox(self.writer, channels=True),
            self.road,
            now=self.clock.now(),
            owner=self.owner,
            limit=limit,
            clock=self.clock.now,
        )

    async def _road(self, *, is_open: bool) -> None:
        now = self.clock.now()

        def work(conn: Connection) -> None:
            if is_open:
                catchup.reopen(conn, self.policy, self.settings, now=now)
            else:
                catchup.close(conn, now)

        await self.writer.write(work)

    async def close(self) -> None:
        """Stop the workers and close what is open."""
        await self.fetcher.close()
        if isinstance(self.mailer, Closing):
            await self.mailer.close()
        for parser in self.parsers:
            parser.close()
        with contextlib.suppress(StorageError):  # the leases run out by themselves
            await self.writer.write(lambda conn: free(conn, self.owner))
        self.writer.close()
        self.database.close()

    async def _moved(self, part: str) -> None:
        now = self.clock.now()
        await self.writer.write(lambda conn: meta.set(conn, f"moved.{part}", "", now))


def build(
    settings: Settings,
    feedlist: FeedList,
    policy: Policy,
    *,
    database: Database | None = None,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    fetcher: Fetcher | None = None,
    parser: Parser | None = None,
    classifiers: Classifiers | None = None,
    hold_database: Callable[[], None] | None = None,
) -> Program:
    """The program for these settings, with any part replaced by keyword.

    Raises StorageError when the database cannot be used.
    """
    from monitor.fetch.client import HttpFetcher
    from monitor.mailroad import mailer_for
    from monitor.oncall.roads import ChannelMailer
    from monitor.parse.worker import ParserPool

    words.load(settings.words)
    database = database or Database(settings.database_url)
    if hold_database is not None:
        hold_database()
    clock, owner, writer = clock or SystemClock(), own_name(), Writer(database)
    fetcher = fetcher or HttpFetcher(
        allow_hosts=settings.allow_hosts,
        proxy=settings.proxy,
        contact=settings.contact,
        version=__version__,
    )
    classifiers = classifiers or Classifiers(settings.model_dir, policy.home_country)
    # A priority feed's document never waits behind those of others: it has a worker of its own.
    parsers = (parser, parser) if parser else (ParserPool(), ParserPool(workers=1))
    store = Store(writer, classifiers, clock, owner)
    common = (writer, clock, owner)
    poller = Poller(
        writer=writer,
        fetcher=fetcher,
        lanes={
            False: lane(store, parsers[0], *common, places=PLACES, gather_s=GATHER_S),
            True: lane(store, parsers[1], *common, places=PRIORITY_PLACES, gather_s=0.0),
        },
        clock=clock,
        owner=owner,
    )
    return Program(
        settings=settings,
        feedlist=feedlist,
        policy=policy,
        database=database,
        writer=writer,
        fetcher=fetcher,
        parsers=parsers,
        classifiers=classifiers,
        mailer=mailer or mailer_for(settings),
        road=ChannelMailer(settings, clock.now),
        clock=clock,
        owner=owner,
        poller=poller,
    )

"""Polling without consequences: the scheduler's own poll function over a throw-away store."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alerts import words
from alerts.policy import Policy
from monitor.app import Program, build
from monitor.classifying import Classifiers
from monitor.config.feedlist import Feed, FeedList
from monitor.config.feedschema import valid_url
from monitor.config.settings import Settings
from monitor.errors import ConfigError
from monitor.ingest.polling import PollReport
from storage import decisions, feeds, incidents, itemreads, schema
from storage.database import Database
from storage.records import Item

if TYPE_CHECKING:
    from storage.database import Connection

MOST_ITEMS = 100_000
Stored = tuple[Item, str, bool, tuple[str, ...], str | None]  # the last: its incident's number


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One item of the throw-away store, as an officer would see it."""

    id: str
    title: str
    link: str | None
    summary: str
    published: int | None
    language: str | None
    categories: tuple[str, ...]
    level: str
    alert: bool
    why: tuple[str, ...]
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedPoll:
    """What one poll left in the store."""

    items: tuple[CheckedItem, ...]
    error: str | None
    state: str
    detail: str
    next_poll_s: float
    new_url: str | None
    gone: bool
    stale: bool

    def as_json(self) -> dict[str, Any]:
        """As the command's contract has it."""
        said = asdict(self)
        said.pop("detail")
        for item in said["items"]:
            item.pop("incident")  # of the throw-away store
        return said


@dataclass(frozen=True, slots=True)
class CheckedFeed:
    """One line of `feeds check`."""

    feed: str
    state: str
    detail: str
    ok: bool
    entries: int
    newest: datetime | None
    crises: int
    alerts: int
    format: str = ""
    dated: int = 0
    language: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return {**asdict(self), "newest": self.newest.isoformat() if self.newest else None}

    def as_row(self, language: str) -> dict[str, str]:
        """For the table, by its heads."""

        def head(key: str) -> str:
            return words.say(f"tuning.head.{key}", language)

        return {
            words.say("table.feed", language): self.feed,
            words.say("table.state", language): words.say(f"feed.{self.state}", language),
            head("format"): self.format or "-",
            head("entries"): str(self.entries),
            head("dated"): str(self.dated),
            words.say("table.language", language): self.language or "-",
            head("newest"): f"{self.newest:%Y-%m-%d}" if self.newest else "-",
            head("crises"): str(self.crises),
            head("alerts"): str(self.alerts),
        }


@asynccontextmanager
async def throw_away(
    settings: Settings,
    chosen: Sequence[Feed],
    policy: Policy,
    progress: Callable[[str], None] = lambda _: None,
    classifiers: Classifiers | None = None,
) -> AsyncIterator[Program]:
    """The whole program over a database in a folder that goes away; nothing is delivered.

    With the `classifiers` of a program that runs, items are read as that program reads them now.
    """
    with tempfile.TemporaryDirectory(prefix="monitor-check-") as folder:
        url = f"sqlite:///{Path(folder) / 'check.db'}"
        apart = replace(settings, var=Path(folder), database_url=url, smtp_url=None)
        database = Database(url)
        schema.upgrade(database)
        listed = FeedList(settings.feeds, tuple(chosen))
        program = build(apart, listed, policy, database=database, classifiers=classifiers)
        try:
            if classifiers is None:
                await program.classifiers.ensure(progress)
            await program.take_over_list()
            yield program
        finally:
            await program.close()


async def check_url(
    settings: Settings,
    url: str,
    policy: Policy,
    *,
    polls: int = 1,
    kind: str = "hazard",
    timezone: str = "UTC",
) -> list[CheckedPoll]:
    """Poll `url` so often, as a feed already known. Raises ConfigError if it is no web address."""
    try:
        valid_url(url)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    feed = Feed(
        name=url, url=url, kind=kind, publisher=url, id="checked", alternates=(), country=None,
        organisation=None, coverage=("world",), language=None, tier="official", category=None,
        priority=False, every=timedelta(minutes=15), timezone=timezone, encoding=None,
        format="auto", selector=None, headers={}, home=False, enabled=True, tags=(), note="",
        line=0,
    )  # fmt: skip
    found: list[CheckedPoll] = []
    async with throw_away(settings, [feed], policy) as program:
        now = program.clock.now()
        state = (await program.writer.read(feeds.states))[0]
        await program.writer.write(lambda conn: feeds.set_first_seen(conn, state.id, now))
        for _ in range(polls):
            (report,) = await program.poll_all()
            kept = await program.writer.read(stored)
            found.append(_checked(report, kept))
    return found


async def check_feeds(
    settings: Settings, chosen: Sequence[Feed], policy: Policy
) -> list[CheckedFeed]:
    """Poll each feed once into the throw-away store; the feeds in the order given."""
    async with throw_away(settings, chosen, policy) as program:
        now = program.clock.now()
        states = await program.writer.read(feeds.states)

        def known(conn: Connection) -> None:
            for state in states:
                feeds.set_first_seen(conn, state.id, now)

        await program.writer.write(known)
        reports = {report.feed: report for report in await program.poll_all()}
        kept = await program.writer.read(stored)
    return [_line(feed, reports[feed.name], kept) for feed in chosen if feed.name in reports]


def stored(conn: Connection, language: str = "en") -> list[Stored]:
    """Every item with the level of its incident, whether it alerts, and why or why not."""
    found: list[Stored] = []
    for item in itemreads.recent(conn, limit=MOST_ITEMS):
        if item.incident_id is None:
            found.append((item, "INFO", False, words.reasons(item.disposition, language), None))
            continue
        incident = incidents.get(conn, item.incident_id)
        made = [
            each
            for each in decisions.of_incident(conn, incident.id)
            if each.team and not each.shadow
        ]
        why = [why for each in made for why in each.why] if made else item.disposition
        reasons = words.reasons((*incident.level_why, *why), language)
        found.append((item, incident.level.name, bool(made), reasons, incident.number))
    return found


def checked_item(of: Stored) -> CheckedItem:
    """The item as an officer would see it."""
    item, level, alerts, why, number = of
    published = item.values.published_at
    return CheckedItem(
        id=str(item.id),
        title=item.values.title,
        link=item.values.link,
        summary=item.values.summary,
        published=int(published.timestamp()) if published else None,
        language=item.values.language or item.reading.language,
        categories=item.reading.categories,
        level=level,
        alert=alerts,
        why=why,
        incident=number,
    )


def _checked(report: PollReport, kept: Sequence[Stored]) -> CheckedPoll:
    return CheckedPoll(
        items=tuple(checked_item(each) for each in kept),
        error=None if report.ok else (report.detail or report.state),
        state=report.state,
        detail=report.detail,
        next_poll_s=report.next_poll_s,
        new_url=report.moved_to,
        gone=report.gone,
        stale=report.stale,
    )


def _line(
    feed: Feed,
    report: PollReport,
    kept: Sequence[Stored],
) -> CheckedFeed:
    mine = [each for each in kept if each[0].feed_name == feed.name]
    dated = [each[0].values.published_at for each in mine]
    return CheckedFeed(
        feed=feed.name,
        state=report.state,
        detail=report.detail,
        ok=report.ok,
        entries=report.entries,
        newest=max((at for at in dated if at), default=None),
        crises=sum(bool(item.reading.categories) for item, *_ in mine),
        alerts=sum(each[2] for each in mine),
        format=report.format,
        dated=report.dated,
        language=_language([each[0] for each in mine]),
    )


def _language(mine: Sequence[Item]) -> str | None:
    found = Counter(item.reading.language or item.values.language for item in mine)
    return found.most_common(1)[0][0] if found else None

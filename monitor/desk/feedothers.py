"""The other addresses of feeds that cannot be read: tried when an officer asks, and taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from alerts import clean
from monitor.config.feedlist import Feed
from monitor.desk import forms
from monitor.desk.choosing import Choice, officers
from monitor.desk.feeddesk import FeedDesk, NotDone, done_at, said, status_of
from monitor.desk.page import Ask, Page
from monitor.errors import MonitorError
from monitor.tuning import deeds
from monitor.tuning.alternates import Tried, dead_feeds, try_alternates
from monitor.tuning.deeds import Desk, Done

MOST = 20  # feeds that are tried at once


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """One other address; `state` is empty before it was tried."""

    url: str
    state: str
    ok: bool
    entries: int


@dataclass(frozen=True, slots=True)
class DarkFeed:
    """A feed that cannot be read, its other addresses, and the one that is proposed."""

    name: str
    url: str
    others: tuple[OtherAddress, ...]
    tried: bool
    best: str | None


@dataclass(frozen=True, slots=True)
class Others:
    """The page."""

    rows: tuple[DarkFeed, ...]
    left: int
    mark: str
    people: tuple[Choice, ...]
    why: str
    fault: str


class OtherAddresses:
    """Lists on GET; tries, and takes one over, on POST."""

    def __init__(self, desk: FeedDesk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """The page, or the way to the change that was made."""
        ask = self._desk.ask(request)
        dark = await self._dark()
        if request.method != "POST":
            return await self._page(ask, dark, {}, {}, "")
        given = await forms.read(request)
        try:
            self._desk.check(ask, given)
            if given.get("deed") == "take":
                return done_at(await self._desk.do(ask, given, _taking(dark, given)))
            wanted = given.get("feed", "")
            chosen = [feed for feed in dark if not wanted or feed.name == wanted][:MOST]
            program = self._desk.program
            tried = await self._desk.look(
                try_alternates(
                    program.settings, chosen, program.policy, classifiers=program.classifiers
                )
            )
            return await self._page(ask, dark, {each.feed: each for each in tried}, given, "")
        except MonitorError as error:
            return await self._page(ask, dark, {}, given, said(error, ask), status_of(error))

    async def _dark(self) -> list[Feed]:
        feedlist = self._desk.program.feedlist
        return await self._desk.program.writer.read(lambda conn: dead_feeds(conn, feedlist))

    async def _page(
        self,
        ask: Ask,
        dark: list[Feed],
        tried: Mapping[str, Tried],
        given: Mapping[str, str],
        fault: str,
        status: int = 200,
    ) -> Response:
        ordered = sorted(dark, key=lambda feed: feed.name not in tried)
        content = Others(
            rows=tuple(_row(feed, tried.get(feed.name), ask) for feed in ordered[:MOST]),
            left=max(0, len(dark) - MOST),
            mark=self._desk.mark(ask),
            people=officers(ask.voice, given.get("by")),
            why=clean.one_line(given.get("why", ""), 300),
            fault=fault,
        )
        page = Page("feed_others.html", ask.voice.say("tuning.form.others"), content)
        return await self._desk.drawn(ask, page, status)


def _taking(dark: list[Feed], given: Mapping[str, str]) -> Any:
    def work(desk: Desk, why: str) -> Done:
        name, url = given.get("feed", ""), given.get("url", "")
        feed = next((each for each in dark if each.name == name), None)
        if feed is None or url not in feed.alternates:
            raise NotDone("changed_meanwhile")
        return deeds.edit(desk, name, {"url": url}, why=why or feed.url)

    return work


def _row(feed: Feed, tried: Tried | None, ask: Ask) -> DarkFeed:
    trials = {each.url: each for each in tried.trials} if tried else {}
    others = []
    for url in feed.alternates:
        trial = trials.get(url)
        others.append(
            OtherAddress(
                url=clean.one_line(url, 500),
                state=ask.voice.say_or(f"feed.{trial.state}", trial.state) if trial else "",
                ok=bool(trial and trial.ok),
                entries=trial.entries if trial else 0,
            )
        )
    return DarkFeed(
        name=feed.name,
        url=clean.one_line(feed.url, 500),
        others=tuple(others),
        tried=tried is not None,
        best=tried.best if tried else None,
    )

"""Adding a feed at the desk: an address, what would come of it, and only then the entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from alerts import clean
from alerts.feeddetail import detail_in
from monitor.checking import CheckedItem
from monitor.config.feedlist import FeedList
from monitor.desk import forms
from monitor.desk.choosing import Choice, officers
from monitor.desk.feeddesk import FeedDesk, NotDone, done_at, said, status_of
from monitor.desk.feedfields import (
    Fields,
    faulty_field,
    fields,
    fields_again,
    values_of,
)
from monitor.desk.page import Ask, Page
from monitor.desk.voice import LevelMark, Moment, Voice
from monitor.errors import MonitorError
from monitor.tuning import deeds
from monitor.tuning.deeds import Desk, Done
from monitor.tuning.preview import Look, entry_for, preview
from storage.records import Level


@dataclass(frozen=True, slots=True)
class LookRow:
    """One item of the look: what would become of it."""

    at: Moment | None
    title: str
    language: str | None
    level: LevelMark
    categories: tuple[str, ...]
    told: str
    alert: bool
    incident: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found at the address."""

    ok: bool
    url: str
    by: str
    state: str
    remedy: str
    detail: str
    about: str
    sums: str
    rows: tuple[LookRow, ...]
    tried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddPage:
    """The page in its two steps: without `form` the address is asked for."""

    mark: str
    people: tuple[Choice, ...]
    url: str
    why: str
    off: bool
    fault: str
    seen: Seen | None = None
    form: Fields | None = None
    twin: str = ""  # the feed that has this address already


class AddFeed:
    """Asks on GET; looks, then writes, on POST."""

    def __init__(self, desk: FeedDesk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """The page, or the way to the change that was made."""
        ask = self._desk.ask(request)
        if request.method != "POST":
            return await self._page(ask, {}, "")
        given = await forms.read(request)
        try:
            self._desk.check(ask, given)
            if given.get("step") != "add":
                return await self._looked(ask, given)
            values = values_of(given, {})
            wrong = faulty_field(values)
            if wrong is not None:
                label = ask.voice.say_or(f"tuning.field.{wrong[0]}", wrong[0])
                why = wrong[1].in_(ask.voice.language)
                raise NotDone("field", field=label, why=why)
            return done_at(await self._desk.do(ask, given, _adding(values, given)))
        except MonitorError as error:
            form = fields_again(given, ask.voice) if given.get("step") == "add" else None
            return await self._page(ask, given, said(error, ask), status_of(error), form=form)

    async def _looked(self, ask: Ask, given: Mapping[str, str]) -> Response:
        program, voice = self._desk.program, ask.voice
        url = given.get("url", "").strip()
        look = await self._desk.look(
            preview(
                program.settings,
                url,
                program.policy,
                language=voice.language,
                classifiers=program.classifiers,
            )
        )
        return await self._page(
            ask, given, "", form=fields(entry_for(url, {}, look), voice), seen=_seen(look, voice),
            twin=_twin(program.feedlist, look.url, url),
        )  # fmt: skip

    async def _page(
        self,
        ask: Ask,
        given: Mapping[str, str],
        fault: str,
        status: int = 200,
        *,
        form: Fields | None = None,
        seen: Seen | None = None,
        twin: str = "",
    ) -> Response:
        content = AddPage(
            mark=self._desk.mark(ask),
            people=officers(ask.voice, given.get("by")),
            url=clean.one_line(given.get("url", ""), 2000),
            why=clean.one_line(given.get("why", ""), 300),
            off=bool(given.get("off")) or (seen is not None and not seen.ok),
            fault=fault,
            seen=seen,
            form=form,
            twin=twin,
        )
        page = Page("feed_add.html", ask.voice.say("tuning.form.add"), content)
        return await self._desk.drawn(ask, page, status)


def _adding(values: dict[str, Any], given: Mapping[str, str]) -> Any:
    def work(desk: Desk, why: str) -> Done:
        new = dict(values)
        if given.get("off"):
            new |= {"enabled": False, "reason": why or "added switched off"}
        return deeds.add(desk, new, why=why)

    return work


def _twin(feedlist: FeedList, *urls: str) -> str:
    return next((feed.name for feed in feedlist.feeds if feed.url in urls), "")


def _seen(look: Look, voice: Voice) -> Seen:
    return Seen(
        ok=look.ok,
        url=clean.one_line(look.url, 500),
        by=voice.say(f"tuning.by.{look.by}"),
        state=voice.say_or(f"feed.{look.state}", look.state),
        remedy="" if look.ok else voice.say_or(f"feed.{look.state}.remedy", ""),
        detail=clean.one_line(detail_in(look.detail, voice.language), 300),
        about=voice.say(
            "tuning.look", title=look.title or "-", format=look.format or "-",
            entries=look.entries, dated=look.dated,
        ),
        sums=voice.say(
            "tuning.look_sum", shown=len(look.items), tagged=look.tagged, alerts=look.alerts
        ),
        rows=tuple(_row(item, voice) for item in look.items),
        tried=tuple(clean.one_line(each, 300) for each in look.tried),
    )  # fmt: skip


def _row(item: CheckedItem, voice: Voice) -> LookRow:
    at = datetime.fromtimestamp(item.published, UTC) if item.published else None
    return LookRow(
        at=voice.moment(at),
        title=clean.one_line(item.title, 200),
        language=item.language,
        level=voice.level(Level[item.level]),
        categories=tuple(voice.say(f"category.{each}.short") for each in item.categories),
        told=voice.say("tuning.would_alert" if item.alert else "tuning.no_alert"),
        alert=item.alert,
        incident=item.incident or "",
        why=item.why[:3],
    )

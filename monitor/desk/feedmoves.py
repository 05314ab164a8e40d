"""Lists of other programs at the desk: what an import would do, doing it, and our list to take."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from alerts import clean
from monitor.config.feedschema import KINDS
from monitor.desk import forms
from monitor.desk.choosing import Choice, officers
from monitor.desk.feeddesk import FeedDesk, NotDone, done_at, fault_page, said, status_of
from monitor.desk.folding import MOST, Fold, rest_folded
from monitor.desk.page import Ask, Page
from monitor.errors import MonitorError
from monitor.tuning import deeds, exchange
from monitor.tuning.deeds import Desk, Done
from monitor.tuning.editing import entries_of
from monitor.tuning.exchange import Trial, read_file, tried
from monitor.tuning.listfile import look

HELD = 4  # files that wait for an officer's yes
SEEN = 10  # lines of a list that stand open


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that was tried and not taken over yet; `digest` is of our list at the trial."""

    name: str
    raw: bytes
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class TrialPage:
    """What an import would do."""

    name: str
    token: str
    sums: str
    new: Fold[tuple[str, str]]
    changed: Fold[tuple[str, str]]
    bad: Fold[tuple[str, str]]
    some: bool


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The page in its two steps."""

    mark: str
    people: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    why: str
    fault: str
    trial: TrialPage | None = None


class ImportFeeds:
    """Asks on GET; tries a file, then takes it over, on POST."""

    def __init__(self, desk: FeedDesk) -> None:
        self._desk = desk
        self._held: OrderedDict[str, HeldFile] = OrderedDict()

    async def __call__(self, request: Request) -> Response:
        """The page, or the way to the change that was made."""
        ask = self._desk.ask(request)
        if request.method != "POST":
            return await self._page(ask, {}, "")
        given: Mapping[str, str] = {}
        try:
            if forms.kind_of(request) == "multipart/form-data":
                sent = await forms.read_upload(request, exchange.MAX_BYTES)
                given = sent.fields
                if sent.cut:
                    raise NotDone("too_large", most=exchange.MAX_BYTES // 2**20)
                self._desk.check(ask, given)
                if not sent.raw:
                    raise NotDone("no_file")
                return await self._tried(ask, given, sent)
            given = await forms.read(request)
            self._desk.check(ask, given)
            held = self._held.get(given.get("file", ""))
            if held is None:
                raise NotDone("file_gone")
            done = await self._desk.do(ask, given, _importing(held, given))
            self._held.pop(given["file"], None)
            return done_at(done)
        except MonitorError as error:
            return await self._page(ask, given, said(error, ask), status_of(error))

    async def _tried(self, ask: Ask, given: Mapping[str, str], sent: forms.Upload) -> Response:
        path = self._desk.program.settings.feeds
        name = clean.one_line(sent.name, 80) or "file"
        kind = given.get("kind", "")

        def work() -> tuple[HeldFile, Trial]:
            version = look(path)
            held = HeldFile(name, sent.raw, kind if kind in KINDS else "news", version.digest)
            return held, _trial(held, version.text)

        held, trial = await asyncio.to_thread(work)
        token = secrets.token_urlsafe(12)
        self._held[token] = held
        while len(self._held) > HELD:
            self._held.popitem(last=False)
        return await self._page(ask, given, "", trial=_shown(held, token, trial, ask))

    async def _page(
        self,
        ask: Ask,
        given: Mapping[str, str],
        fault: str,
        status: int = 200,
        trial: TrialPage | None = None,
    ) -> Response:
        voice = ask.voice
        content = ImportPage(
            mark=self._desk.mark(ask),
            people=officers(ask.voice, given.get("by")),
            kinds=tuple(
                Choice(each, voice.say(f"kind.{each}"), each == given.get("kind", "news"))
                for each in KINDS
            ),
            why=clean.one_line(given.get("why", ""), 300),
            fault=fault,
            trial=trial,
        )
        page = Page("feed_import.html", voice.say("tuning.form.exchange"), content)
        return await self._desk.drawn(ask, page, status)


class ExportFeeds:
    """The list as a file that other programs, and an import here, can read."""

    def __init__(self, desk: FeedDesk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """The file. Raises HTTPException 404."""
        form = str(request.path_params["form"])
        if form not in ("opml", "csv"):
            raise HTTPException(404)
        try:
            entries = await self._desk.entries()
        except MonitorError as error:
            ask = self._desk.ask(request)
            return await self._desk.drawn(ask, fault_page(error, ask), 409)
        text = exchange.to_opml(entries) if form == "opml" else exchange.to_csv(entries)
        headers = {"Content-Disposition": f'attachment; filename="feeds.{form}"'}
        media = "text/x-opml" if form == "opml" else "text/csv"
        return Response(text.encode("utf-8"), media_type=media, headers=headers)


def _trial(held: HeldFile, here: str) -> Trial:
    entries, bad = read_file(held.raw, held.name)
    return tried(entries, bad, entries_of(here), kind=held.kind)


def _importing(held: HeldFile, given: Mapping[str, str]) -> Any:
    def work(desk: Desk, why: str) -> Done:
        version = look(desk.settings.feeds)
        if version.digest != held.digest:
            raise NotDone("list_changed")
        trial = _trial(held, version.text)
        return deeds.take_over(
            desk, trial, enabled=bool(given.get("enabled")), why=why or held.name
        )

    return work


def _shown(held: HeldFile, token: str, trial: Trial, ask: Ask) -> TrialPage:
    say = ask.voice.say

    def line(number: int, text: str) -> tuple[str, str]:
        return say("tuning.form.line", number=number), clean.one_line(text, 300)

    new = [line(each.line, f"{each.values['name']} {each.values['url']}") for each in trial.new]
    changed = [
        line(each.line, f"{name} · {_differs(differs, ask)}")
        for name, each, differs in trial.changed
    ]
    bad = [line(each.line, each.why) for each in trial.bad]
    return TrialPage(
        name=held.name,
        token=token,
        sums=say(
            "tuning.import_trial", new=len(new), changed=len(changed), same=trial.same,
            bad=len(bad),
        ),
        new=rest_folded(new, _as_is, seen=SEEN, most=MOST),
        changed=rest_folded(changed, _as_is, seen=SEEN, most=MOST),
        bad=rest_folded(bad, _as_is, seen=SEEN, most=MOST),
        some=bool(new or changed),
    )  # fmt: skip


def _differs(values: Mapping[str, Any], ask: Ask) -> str:
    parts = []
    for key, value in values.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        parts.append(f"{ask.voice.say_or(f'tuning.field.{key}', key)}: {shown}")
    return " · ".join(parts)


def _as_is(row: tuple[str, str]) -> tuple[str, str]:
    return row

"""Who changed the feed list, when and why, line by line; and taking a change back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from alerts import clean, phrases
from monitor.desk import forms
from monitor.desk.banner import banner
from monitor.desk.choosing import Choice, officers
from monitor.desk.feeddesk import FeedDesk, NotDone, done_at, said, status_of
from monitor.desk.page import Ask, Page, written
from monitor.desk.voice import Moment
from monitor.errors import MonitorError
from monitor.tuning import deeds, history
from monitor.tuning.deeds import Desk, Done

if TYPE_CHECKING:
    from storage.database import Connection

FEW, MANY = 15, 100
LINES = 60


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of the list; `later` counts the changes after it, which go back with it."""

    number: int
    at: Moment | None
    who: str
    deed: str
    why: str
    diff: tuple[str, ...]
    later: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The last changes, newest first."""

    rows: tuple[ChangeRow, ...]
    newest: int
    more: bool
    everything: bool
    mark: str
    people: tuple[Choice, ...]
    fault: str


class ListHistory:
    """Shows the changes on GET; takes one back on POST."""

    def __init__(self, desk: FeedDesk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """The page, or the way to the change that took the other back."""
        ask = self._desk.ask(request)
        if request.method != "POST":
            return await self._page(ask, {}, "")
        given = await forms.read(request)
        try:
            self._desk.check(ask, given)
            return done_at(await self._desk.do(ask, given, _undoing(given)))
        except MonitorError as error:
            return await self._page(ask, given, said(error, ask), status_of(error))

    async def _page(
        self, ask: Ask, given: Mapping[str, str], fault: str, status: int = 200
    ) -> Response:
        everything = ask.query.get("all") == "1"
        people, mark = officers(ask.voice, given.get("by")), self._desk.mark(ask)

        def draw(conn: Connection) -> str:
            most = MANY if everything else FEW
            found = history.listing(conn, most + 1)
            rows = tuple(_row(past, count, ask) for count, past in enumerate(found[:most]))
            content = Changes(
                rows=rows,
                newest=found[0].id if found else 0,
                more=len(found) > most and not everything,
                everything=everything,
                mark=mark,
                people=people,
                fault=fault,
            )
            page = Page("feed_changes.html", ask.voice.say("tuning.page.changes"), content)
            return written(page, ask, banner(conn, ask))

        return HTMLResponse(await self._desk.program.writer.read(draw), status)


def _undoing(given: Mapping[str, str]) -> Any:
    def work(desk: Desk, why: str) -> Done:
        number, seen = _number(given.get("number")), _number(given.get("newest"))
        deeds.look_at_file(desk)  # what was saved by hand meanwhile is a change as well
        with desk.database.read() as conn:
            newest = history.newest(conn)
        if number is None or newest is None or newest.id != seen:
            raise NotDone("history_moved")
        return deeds.undo(desk, number, why=why, and_later=True)

    return work


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def _row(past: history.Past, later: int, ask: Ask) -> ChangeRow:
    voice = ask.voice
    names = clean.one_line(past.named(voice.language), 300)
    by_hand = past.who == history.BY_HAND
    who = phrases.office(past.who, voice.language, voice.policy)
    return ChangeRow(
        number=past.id,
        at=voice.moment(past.at),
        who=voice.say("tuning.by_hand") if by_hand else who,
        deed=voice.say(f"tuning.deed.{past.deed}", names=names),
        why=clean.one_line(past.why, 300),
        diff=tuple(clean.one_line(line, 300) for line in past.diff[:LINES]),
        later=later,
    )

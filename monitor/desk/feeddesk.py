"""What the desk's forms on the feed list share: who acts, the mark of a form, and doing it.

The deeds are those of the commands (`monitor.tuning`). The desk has no login yet: who acts is
chosen from `alerts.yaml` and written down as chosen; a mark that ends keeps pages of other sites
from sending a form.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts import clean
from monitor.config.faults import lines_of
from monitor.config.feedlist import identities
from monitor.desk.banner import banner
from monitor.desk.choosing import FORM_LIFE
from monitor.desk.page import Ask, Page, written
from monitor.errors import ConfigError, MonitorError
from monitor.oncall import marks
from monitor.refusal import Refusal
from monitor.reload import reload_configuration
from monitor.tuning import listfile
from monitor.tuning.deeds import Desk, Done
from monitor.tuning.editing import entries_of
from storage import feeds

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

LOOK_WITHIN_S = 60.0  # a look at an address, with all that it leads to
TEXT = 300
Found = TypeVar("Found")


class NotDone(Refusal):
    """A deed on the feed list that cannot be done."""

    section = "tuning.form"


class FeedDesk:
    """The feed list of one program, as the desk's forms act on it."""

    def __init__(self, program: Program, ask: Callable[[Request], Ask]) -> None:
        self.program = program
        self.ask = ask
        self._looking = asyncio.Lock()

    def mark(self, ask: Ask) -> str:
        """The mark of a form on the page that is asked for."""
        until = ask.voice.now + FORM_LIFE
        return marks.form(self.program.settings.secret(), ask.path, until)

    def check(self, ask: Ask, given: Mapping[str, str]) -> None:
        """Raises NotDone for a form that is not ours, or too old."""
        secret = self.program.settings.secret()
        if not marks.is_form(secret, ask.path, given.get("mark", ""), ask.voice.now):
            raise NotDone("stale")

    async def entries(self) -> list[dict[str, Any]]:
        """The entries as the file has them now. Raises ConfigError."""
        path = self.program.settings.feeds
        return await asyncio.to_thread(lambda: entries_of(listfile.look(path).text))

    async def name_of(self, key: str) -> str | None:
        """The name under which the feed of that key stands in the list in force."""
        states = await self.program.writer.read(feeds.states)
        feed = identities(self.program.feedlist.feeds, states).get(key)
        return feed.name if feed else None

    async def do(
        self, ask: Ask, given: Mapping[str, str], deed: Callable[[Desk, str], Done]
    ) -> Done:
        """Do it as who is chosen in the form, with the reason given, and put it in force.

        Raises MonitorError; then nothing is changed.
        """
        program, by = self.program, given.get("by", "")
        if by not in ask.voice.policy.people:
            raise NotDone("who")
        why = clean.one_line(given.get("why", ""), TEXT)
        desk = Desk(
            program.settings, program.policy, program.database, by, ask.voice.now, os.environ
        )
        done = await asyncio.to_thread(deed, desk, why)
        await reload_configuration(program)
        return done

    async def look(self, work: Coroutine[Any, Any, Found]) -> Found:
        """Read addresses, one officer at a time and not for ever. Raises NotDone."""
        if self._looking.locked():
            work.close()
            raise NotDone("busy")
        async with self._looking:
            try:
                async with asyncio.timeout(LOOK_WITHIN_S):
                    return await work
            except TimeoutError as error:
                raise NotDone("too_long", seconds=round(LOOK_WITHIN_S)) from error

    async def drawn(self, ask: Ask, page: Page, status: int = 200) -> HTMLResponse:
        """The page in its frame."""

        def draw(conn: Connection) -> str:
            return written(page, ask, banner(conn, ask))

        return HTMLResponse(await self.program.writer.read(draw), status)


def done_at(done: Done) -> Response:
    """The way to the change that was made, where it can be taken back."""
    return RedirectResponse(f"/feeds/changes#c{done.number}", 303)


def said(error: MonitorError, ask: Ask) -> str:
    """What was wrong, in the reader's language."""
    if isinstance(error, Refusal):
        return error.in_(ask.voice.language)
    if isinstance(error, ConfigError):
        lines = lines_of(error, ask.voice.language, short=True)[:5]
        return "\n".join(clean.one_line(line, 600) for line in lines)
    return clean.one_line(error.in_(ask.voice.language), 600)


def fault_page(error: MonitorError, ask: Ask) -> Page:
    """The page where the file itself is faulty, so that no form can be shown."""
    return Page("feed_fault.html", ask.voice.say("page.feeds"), said(error, ask))


def status_of(error: MonitorError) -> int:
    """The HTTP status of a deed that was not done."""
    return 403 if isinstance(error, NotDone) and error.key == "stale" else 409

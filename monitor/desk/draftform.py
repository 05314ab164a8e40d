"""Takes the form on a digest's draft: the same change, and the same audit, as the command makes.

The desk has no login yet: who acts is chosen from `alerts.yaml` and written down as chosen. A mark
that ends keeps pages of other sites from sending the form; what an officer changed since the page
was opened is not overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.policy import DigestPlan
from monitor.desk import digests, forms
from monitor.desk.banner import banner
from monitor.desk.draftrows import LEVEL, MOST_ROWS, OUT, PLACE, Attempt, subject_of
from monitor.desk.page import Ask, written
from monitor.digest.edit import Refused, Wanted, change
from monitor.oncall import marks

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

_LARGEST = 65_536  # bytes: two bottom lines of 2,000 Thai letters, each nine bytes in a form
_SHOWN = "/digests/latest"


class DraftForm:
    """Acts on POST; on GET it leads to the page that shows the form."""

    def __init__(self, program: Program, ask: Callable[[Request], Ask]) -> None:
        self._program = program
        self._ask = ask

    async def __call__(self, request: Request) -> Response:
        """The way back to the draft, or the page again with what was wrong."""
        ask = replace(self._ask(request), path=_SHOWN)
        if request.method != "POST":
            return RedirectResponse(_SHOWN, 303)
        given = await forms.read(request, largest=_LARGEST, fields=MOST_ROWS + 20)
        plan, day = self._meant(given)
        ask = replace(ask, query={**ask.query, "plan": plan.id})
        secret = self._program.settings.secret()
        if not marks.is_form(
            secret, subject_of(plan.id, day), given.get("mark", ""), ask.voice.now
        ):
            return await self._again(ask, given, ask.voice.say("digest_edit.form_stale"), 403)
        if given.get("by") not in ask.voice.policy.people:
            fault = ask.voice.say("digest_edit.form_who_missing")
            return await self._again(ask, given, fault, 409)
        try:
            await self._program.writer.write(lambda conn: _act(conn, ask, plan, day, given))
        except Refused as error:
            return await self._again(ask, given, error.in_(ask.voice.language), 409)
        return RedirectResponse(f"{_SHOWN}?plan={quote(plan.id)}&saved=1", 303)

    def _meant(self, given: Mapping[str, str]) -> tuple[DigestPlan, date]:
        """Which issue the form changes. Raises HTTPException 404."""
        for plan in self._program.policy.digests:
            if plan.id == given.get("plan"):
                try:
                    return plan, date.fromisoformat(given.get("day", ""))
                except ValueError as error:
                    raise HTTPException(404) from error
        raise HTTPException(404)

    async def _again(
        self, ask: Ask, given: Mapping[str, str], fault: str, status: int
    ) -> HTMLResponse:
        def draw(conn: Connection) -> str:
            page = digests.preview(conn, ask, Attempt(given, fault))
            return written(page, ask, banner(conn, ask))

        return HTMLResponse(await self._program.writer.read(draw), status)


def _act(conn: Connection, ask: Ask, plan: DigestPlan, day: date, given: Mapping[str, str]) -> None:
    change(
        conn,
        plan,
        ask.voice.policy,
        wanted=_wanted(given),
        by=given["by"],
        now=ask.voice.now,
        day=day,
        seen=given.get("seen", ""),
    )


def _wanted(given: Mapping[str, str]) -> Wanted:
    """What the whole form says; a field that it had no room for stays as it is."""
    if given.get("clear"):
        return Wanted(clear=True)
    places = {
        name.removeprefix(PLACE): place for name, place in given.items() if name.startswith(PLACE)
    }
    first = {number: int(at) for number, at in places.items() if at.isascii() and at.isdigit()}
    return Wanted(
        bottom_line_th=given.get("bottom_line_th"),
        bottom_line_en=given.get("bottom_line_en"),
        hide=[number for number, place in places.items() if place == OUT],
        pick=sorted(first, key=first.__getitem__),
        show=[number for number, place in places.items() if place == LEVEL],
    )

"""The form of an officer's deeds on one incident: the same deeds as the commands have.

The desk has no login yet: who acts is chosen from `alerts.yaml` and written down as chosen. Only
this machine, or what a proxy with a login lets through, reaches the page; a mark that ends keeps
pages of other sites from sending the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts import clean
from monitor.desk import forms
from monitor.desk.choosing import FORM_LIFE, Choice, officers
from monitor.desk.page import Ask, Page, written
from monitor.desk.queue import IncidentRow, incident_row
from monitor.errors import MonitorError
from monitor.incidents.officer import Deed, close, find, note
from monitor.oncall import deeds, letters, marks
from storage import incidents, oncall
from storage.records import Incident

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

_HOURS = (1, 4, 8, 12, 24, 72)
_TEXT = 500


@dataclass(frozen=True, slots=True)
class ActForm:
    """The form, and what was wrong with the last attempt."""

    head: IncidentRow
    deeds: tuple[Choice, ...]
    people: tuple[Choice, ...]
    assignees: tuple[Choice, ...]
    hours: tuple[Choice, ...]
    mark: str
    text: str
    fault: str


class ActPage:
    """Shows the form on GET, acts on POST."""

    def __init__(self, program: Program, ask: Callable[[Request], Ask]) -> None:
        self._program = program
        self._ask = ask

    async def __call__(self, request: Request) -> Response:
        """The form, or the way back to the incident after a deed."""
        ask = self._ask(request)
        if request.method != "POST":
            return await self._form(ask, {}, "", 200)
        given = await forms.read(request)
        secret, number = self._program.settings.secret(), ask.parts["number"]
        if not marks.is_form(secret, number, given.get("mark", ""), ask.voice.now):
            return await self._form(ask, given, ask.voice.say("oncall.act_stale"), 403)
        try:
            await self._program.writer.write(lambda conn: self._act(conn, ask, given))
        except MonitorError as error:
            return await self._form(ask, given, error.in_(ask.voice.language), 409)
        return RedirectResponse(f"/incidents/{number}", 303)

    async def _form(
        self, ask: Ask, given: Mapping[str, str], fault: str, status: int
    ) -> HTMLResponse:
        def draw(conn: Connection) -> str:
            of = incidents.by_number(conn, ask.parts["number"])
            if of is None:
                raise HTTPException(404)
            content = self._content(of, oncall.care_of(conn, of.id), ask, given, fault)
            title = ask.voice.say("oncall.act")
            return written(Page("act.html", f"{title} #{of.number}", content), ask, None)

        return HTMLResponse(await self._program.writer.read(draw), status)

    def _content(
        self, of: Incident, care: oncall.Care, ask: Ask, given: Mapping[str, str], fault: str
    ) -> ActForm:
        voice = ask.voice
        people = officers(voice, given.get("by"))
        possible = ["note"]
        if not deeds.is_over(of):
            taken = deeds.is_taken(of)
            snoozed = care.snoozed(voice.now, of.level) is not None
            possible = [
                *(["unacknowledge"] if taken else ["acknowledge", "escalate"]),
                "assign",
                "unsnooze" if snoozed else "snooze",
                "note",
                "close",
            ]
        # Nobody gives back by a slip of the thumb what another has taken.
        wanted = given.get("deed") or ("note" if deeds.is_taken(of) else "")
        return ActForm(
            head=incident_row(of, voice),
            deeds=tuple(
                Choice(each, voice.say(f"oncall.deed.{each}"), each == wanted) for each in possible
            ),
            people=people,
            assignees=tuple(
                Choice(each.key, each.word, each.key == given.get("to", care.assigned_to))
                for each in people
            ),
            hours=tuple(
                Choice(str(each), str(each), str(each) == given.get("hours", "4"))
                for each in _HOURS
            ),
            mark=marks.form(self._program.settings.secret(), of.number, voice.now + FORM_LIFE),
            text=clean.one_line(given.get("text", ""), _TEXT),
            fault=fault,
        )

    def _act(self, conn: Connection, ask: Ask, given: Mapping[str, str]) -> None:
        voice = ask.voice
        of = find(conn, ask.parts["number"])
        by, text = given.get("by", ""), clean.one_line(given.get("text", ""), _TEXT)
        if by not in voice.policy.people:
            raise MonitorError(voice.say("oncall.act_who"))
        deed = Deed(conn, voice.policy, by, voice.now)
        wanted = given.get("deed", "")
        if wanted in ("note", "close") and not text:
            raise MonitorError(voice.say("oncall.act_needs_text"))
        if wanted == "acknowledge":
            deeds.acknowledge(deed, of, "desk")
        elif wanted == "unacknowledge":
            deeds.unacknowledge(deed, of, "desk")
        elif wanted == "escalate":
            deeds.call_next(deed, of)
        elif wanted == "assign":
            person = deeds.assign(deed, of, given.get("to", ""))
            letters.tell_assigned(deed, of, person, self._program.settings)
        elif wanted == "snooze":
            hours = given.get("hours", "")
            length = int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 4 else 0
            deeds.snooze(deed, of, voice.now + timedelta(hours=length))
        elif wanted == "unsnooze":
            deeds.unsnooze(deed, of)
        elif wanted == "close":
            close(deed, of, text)
        elif wanted == "note":
            pass
        else:
            raise MonitorError(voice.say("oncall.act_what"))
        if text and wanted != "close":
            note(deed, of, text)

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

from alerts import clean, phrases
from monitor.communications.recorded import entries, entry_said, take_back
from monitor.desk import forms
from monitor.desk.choosing import FORM_LIFE, Choice, officers
from monitor.desk.page import Ask, Page, written
from monitor.desk.queue import IncidentRow, incident_row
from monitor.desk.voice import Voice
from monitor.errors import MonitorError
from monitor.incidents.officer import Deed, close, find, note
from monitor.oncall import deeds, letters, marks
from monitor.refusal import NotDone
from storage import incidents, oncall
from storage.records import Incident

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

_HOURS = (1, 4, 8, 12, 24, 72)
_TEXT = 500


@dataclass(frozen=True, slots=True)
class ActForm:
    """The form, and what was wrong with the last attempt.

    `entries` are what officers recorded of ministries' words; `seen` is the newest line of the
    timeline that stood there when the form was drawn.
    """

    head: IncidentRow
    deeds: tuple[Choice, ...]
    people: tuple[Choice, ...]
    assignees: tuple[Choice, ...]
    hours: tuple[Choice, ...]
    entries: tuple[Choice, ...]
    seen: int
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
            content = self._content(conn, of, ask, given, fault)
            title = ask.voice.say("oncall.act")
            return written(Page("act.html", f"{title} #{of.number}", content), ask, None)

        return HTMLResponse(await self._program.writer.read(draw), status)

    def _content(
        self, conn: Connection, of: Incident, ask: Ask, given: Mapping[str, str], fault: str
    ) -> ActForm:
        voice, care = ask.voice, oncall.care_of(conn, of.id)
        recorded = entries(conn, of)
        if of.state == "merged" and not fault:
            into = incidents.survivor(conn, of.id).number
            fault = NotDone("name_that_one", number=of.number, into=into).in_(voice.language)
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
        if recorded:
            possible.append("take_back")
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
            entries=tuple(
                Choice(
                    str(each.entry),
                    entry_said(each, voice.zone),
                    str(each.entry) == given.get("entry"),
                )
                for each in recorded
            ),
            seen=max((each.id for each in incidents.changes(conn, of.id)), default=0),
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
        _as_it_was_seen(conn, of, deed, given, voice)
        if wanted in ("note", "close", "take_back") and not text:
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
        elif wanted == "take_back":
            entry = given.get("entry", "")
            take_back(deed, of, int(entry) if entry.isascii() and entry.isdigit() else None, text)
        elif wanted == "note":
            pass
        else:
            raise MonitorError(voice.say("oncall.act_what"))
        if text and wanted not in ("close", "take_back"):
            note(deed, of, text)


def _as_it_was_seen(
    conn: Connection, of: Incident, deed: Deed, given: Mapping[str, str], voice: Voice
) -> None:
    """Raises NotDone with what other officers did since the form was drawn, once.

    The form that says so is drawn anew, so that a second press is an answer to it. A note harms
    nobody's deed.
    """
    seen = given.get("seen", "")
    if given.get("deed") == "note" or not (seen.isascii() and seen.isdigit()):
        return
    newer = [
        each
        for each in incidents.changes(conn, of.id)
        if each.id > int(seen) and each.by not in ("machine", deed.by)
    ]
    if newer:
        by = {each.id: phrases.office(each.by, voice.language, voice.policy) for each in newer}
        said = (
            f"{voice.say_or(f'change_kind.{each.kind}', each.kind)} ({by[each.id]})"
            for each in newer
        )
        raise NotDone("changed_meanwhile", what=", ".join(dict.fromkeys(said)))

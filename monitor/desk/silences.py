"""The page of silences: what is muted, by whom, until when, what each hid; add one, end one.

The desk has no login yet: who acts is chosen from `alerts.yaml` and written down as chosen. A mark
that ends keeps pages of other sites from sending the forms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts import clean, phrases, words
from monitor import silencing
from monitor.desk import forms
from monitor.desk.banner import banner
from monitor.desk.choosing import FORM_LIFE, Choice, officers
from monitor.desk.page import Ask, Page, written
from monitor.desk.voice import Moment, Voice
from monitor.oncall import marks
from storage import incidents, silences
from storage.records import Silence

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection

HOURS = (1, 4, 8, 24, 72, 168)
_FORM = "silences"
_ENDED = 20  # of those that have ended
_NAMES = 8  # of incidents that one hid


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """One silence; `hid` are the numbers of what it kept quiet, `more` how many besides."""

    id: int
    what: str
    number: str | None
    by: str
    reason: str
    ends: Moment | None
    hid: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Silences:
    """The page: what is in force, what has ended, and the form with what was wrong with it."""

    rows: tuple[SilenceRow, ...]
    ended: tuple[SilenceRow, ...]
    people: tuple[Choice, ...]
    hours: tuple[Choice, ...]
    given: Mapping[str, str]
    mark: str
    fault: str


class SilencesPage:
    """Shows the page on GET, acts on POST."""

    def __init__(self, program: Program, ask: Callable[[Request], Ask]) -> None:
        self._program = program
        self._ask = ask

    async def __call__(self, request: Request) -> Response:
        """The page, or the way back to it after a deed."""
        ask = self._ask(request)
        if request.method != "POST":
            return await self._page(ask, {"incident": ask.query.get("incident", "")}, "", 200)
        given = await forms.read(request)
        if not marks.is_form(self._secret, _FORM, given.get("mark", ""), ask.voice.now):
            return await self._page(ask, given, ask.voice.say("silences.stale"), 403)
        try:
            await self._program.writer.write(lambda conn: _act(conn, ask, given))
        except silencing.Refused as error:
            return await self._page(ask, given, error.in_(ask.voice.language), 409)
        return RedirectResponse("/silences", 303)

    async def _page(
        self, ask: Ask, given: Mapping[str, str], fault: str, status: int
    ) -> HTMLResponse:
        def draw(conn: Connection) -> str:
            content = _content(conn, ask, given, fault, self._mark(ask))
            page = Page("silences.html", ask.voice.say("page.silences"), content)
            return written(page, ask, banner(conn, ask))

        return HTMLResponse(await self._program.writer.read(draw), status)

    @property
    def _secret(self) -> str:
        return self._program.settings.secret()

    def _mark(self, ask: Ask) -> str:
        return marks.form(self._secret, _FORM, ask.voice.now + FORM_LIFE)


def _act(conn: Connection, ask: Ask, given: Mapping[str, str]) -> None:
    voice, by = ask.voice, given.get("by", "")
    if by not in voice.policy.people:
        raise silencing.Refused("who")
    if given.get("end"):
        number = given["end"]
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0
        silencing.end(conn, known, by=by, now=voice.now)
        return
    hours = given.get("hours", "")
    length = int(hours) if hours in {str(each) for each in HOURS} else 24
    wish = silencing.Wish(
        reason=given.get("reason", ""),
        until=voice.now + timedelta(hours=length),
        number=given.get("incident", "").strip().lstrip("#") or None,
        countries=_listed(given.get("countries", "")),
        hazards=tuple(filter(None, (given.get("hazard", ""),))),
    )
    silencing.add(conn, wish, voice.policy, by=by, now=voice.now)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())


def _content(
    conn: Connection, ask: Ask, given: Mapping[str, str], fault: str, mark: str
) -> Silences:
    voice = ask.voice
    active = silences.active(conn, voice.now)
    past = silences.listing(conn, limit=_ENDED + len(active))
    names = ("incident", "countries", "hazard", "reason")
    return Silences(
        rows=tuple(_row(conn, each, voice) for each in active),
        ended=tuple(_row(conn, each, voice) for each in past if each.ends_at <= voice.now),
        people=officers(voice, given.get("by")),
        hours=tuple(
            Choice(str(each), voice.say("silences.hours", count=each),
                   str(each) == given.get("hours", "24"))
            for each in HOURS
        ),
        given={name: clean.one_line(given.get(name, ""), 200) for name in names},
        mark=mark,
        fault=clean.one_line(fault, 400),
    )  # fmt: skip


def _row(conn: Connection, of: Silence, voice: Voice) -> SilenceRow:
    language = voice.language
    number = incidents.get(conn, of.incident_id).number if of.incident_id else None
    parts = [
        *(
            voice.say_or(f"region.{code}", words.country(code, language, short=True))
            for code in of.countries
        ),
        *(words.hazard(key, language) for key in of.hazards),
        *of.feeds,
    ]
    hid = [incidents.get(conn, each.incident_id).number for each in silencing.hidden(conn, of)]
    return SilenceRow(
        id=of.id,
        what=clean.one_line(" + ".join(parts), 200),
        number=number,
        by=phrases.office(of.owner, language, voice.policy),
        reason=clean.one_line(of.reason, 200),
        ends=voice.moment(of.ends_at),
        hid=tuple(hid[:_NAMES]),
        more=max(0, len(hid) - _NAMES),
    )

"""The page behind the link in each mail: takes an incident on from a phone, without a login.

GET shows and changes nothing, whoever follows the link (mail scanners do); only the button acts,
by POST. The link's mark says which notice, and so who acts: it is good for that recipient alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from alerts import phrases
from monitor.desk import forms, templating
from monitor.desk.voice import LevelMark, Moment, Voice
from monitor.incidents.officer import Deed
from monitor.oncall import deeds, marks
from storage import incidents, oncall, outbox
from storage.records import Incident, Level, Notice

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Ack:
    """What the page shows. `state` decides the heading; `button` is take, undo or none."""

    heading: str
    lines: tuple[str, ...]
    level: LevelMark | None = None
    drill: str = ""
    number: str = ""
    title: str = ""
    who: str = ""
    people: str = ""
    told: Moment | None = None
    button: str = ""
    seen: str = ""
    grave: bool = False
    reasons: tuple[tuple[str, str], ...] = ()  # why it may not concern the desk: key, word


@dataclass(frozen=True, slots=True)
class Answer:
    """A page and its status."""

    page: Ack
    status: int = 200


class AckPage:
    """The two endpoints for one program."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def __call__(self, request: Request) -> Response:
        """Show on GET, act on POST."""
        token = str(request.path_params["token"])
        if request.method == "POST":
            given = await forms.read(request)
            deed = given.get("deed", "")
            seen, reason = given.get("seen", ""), given.get("reason", "")
            answer, voice = await self._program.writer.write(
                lambda conn: self._act(conn, token, deed, seen, reason, request)
            )
        else:
            answer, voice = await self._program.writer.read(
                lambda conn: self._show(conn, token, request)
            )
        html = templating.html("ack.html", voice, page=answer.page, product=True)
        return HTMLResponse(html, answer.status)

    def _show(self, conn: Connection, token: str, request: Request) -> tuple[Answer, Voice]:
        found, voice, fault = self._found(conn, token, request)
        if found is None:
            return fault or Answer(Ack("", ())), voice
        return Answer(_standing(conn, found, voice)), voice

    def _act(
        self, conn: Connection, token: str, deed_name: str, seen: str, reason: str, request: Request
    ) -> tuple[Answer, Voice]:
        found, voice, fault = self._found(conn, token, request)
        if found is None:
            return fault or Answer(Ack("", ())), voice
        of = incidents.survivor(conn, found.incident_id or 0)
        deed = Deed(conn, self._program.policy, found.person, voice.now)
        if deeds.is_over(of):
            return Answer(_standing(conn, found, voice), 409), voice
        if deed_name == "unacknowledge":
            if of.acknowledged_by != found.person:
                return Answer(_standing(conn, found, voice), 409), voice
            deeds.unacknowledge(deed, of, "link")
            after = incidents.get(conn, of.id)
            return Answer(_page(after, found, voice, "undone", button="take")), voice
        if deed_name == "dismiss" and reason in deeds.DISMISSALS and seen in Level.__members__:
            deeds.dismiss(deed, of, "link", reason, Level[seen])
            after = incidents.get(conn, of.id)
            return Answer(_page(after, found, voice, "dismissed")), voice
        if deed_name != "acknowledge" or seen not in Level.__members__:
            return Answer(_standing(conn, found, voice), 400), voice  # no button of ours sent this
        if Level[seen] < of.level:
            said = voice.say("oncall.raised", level=of.level.name)
            return Answer(_page(of, found, voice, "title", said, button="take"), 409), voice
        if not deeds.acknowledge(deed, of, "link"):
            return Answer(_standing(conn, found, voice)), voice
        after = incidents.get(conn, of.id)
        return Answer(_page(after, found, voice, "done", button="undo")), voice

    def _found(
        self, conn: Connection, token: str, request: Request
    ) -> tuple[Notice | None, Voice, Answer | None]:
        """The notice that the link is for, or the page that says why it is none."""
        program = self._program
        now, policy = program.clock.now(), program.policy
        notice = self._notice(conn, token)
        language = request.query_params.get("lang", "")
        if language not in ("th", "en"):
            wanted = notice.language if notice else policy.languages[0] if policy.languages else ""
            language = "en" if wanted == "en" else "th"
        voice = Voice(language, policy, now)
        if notice is None or notice.incident_id is None:
            return None, voice, Answer(_fault(voice, "invalid"), 404)
        given = marks.read_link(token)
        if given is None or given.ends <= now:
            return None, voice, Answer(_fault(voice, "expired"), 410)
        return notice, voice, None

    def _notice(self, conn: Connection, token: str) -> Notice | None:
        from alerts.message import domain_of

        given, settings = marks.read_link(token), self._program.settings
        if given is None:
            return None
        message_id = f"<{given.local}@{domain_of(settings.mail_from)}>"
        notice_id = oncall.notice_of(conn, message_id)
        if notice_id is None:
            return None
        notice = outbox.get(conn, notice_id)
        secret = settings.secret()
        return notice if marks.is_genuine(secret, given, message_id, notice.recipient) else None


def _standing(conn: Connection, notice: Notice, voice: Voice) -> Ack:
    """The page for how things are, before or without a deed."""
    first = incidents.get(conn, notice.incident_id or 0)
    of = incidents.survivor(conn, first.id)
    merged = voice.say("oncall.merged", number=of.number) if of.id != first.id else ""
    if deeds.is_over(of):
        return _page(of, notice, voice, "over", merged)
    if deeds.is_taken(of):
        if of.acknowledged_by == notice.person:
            return _page(of, notice, voice, "mine", merged, button="undo", reasons=deeds.DISMISSALS)
        return _page(of, notice, voice, "already", merged, reasons=deeds.DISMISSALS)
    return _page(of, notice, voice, "title", merged, button="take", reasons=deeds.DISMISSALS)


def _page(
    of: Incident,
    notice: Notice,
    voice: Voice,
    state: str,
    *said: str,
    button: str = "",
    reasons: tuple[str, ...] = (),
) -> Ack:
    lines = [line for line in said if line]
    if deeds.is_taken(of) and of.acknowledged_at is not None:
        who = phrases.office(of.acknowledged_by, voice.language, voice.policy)
        at = phrases.at_short(of.acknowledged_at, voice.language, voice.zone, voice.now)
        lines.append(voice.say("mail.taken_by", who=who, at=at))
    hints = {
        "title": ("oncall.what_it_does", "oncall.chain"),
        "done": ("oncall.done_hint",),
        "mine": ("oncall.done_hint",),
        "undone": ("oncall.undone_hint",),
        "already": ("oncall.already_hint",),
        "dismissed": ("oncall.dismissed_hint",),
        "over": ("oncall.over_hint",),
    }
    lines += [voice.say(key) for key in hints[state]]
    state_of_people = voice.say_or(f"nationals.{of.nationals}", of.nationals)
    return Ack(
        heading=voice.say(f"oncall.{state}"),
        lines=tuple(lines),
        level=voice.level(of.level),
        drill=voice.say("mail.exercise") if of.exercise else "",
        number=of.number,
        title=phrases.title(of, voice.language),
        who=voice.say(
            "oncall.you_are", who=phrases.office(notice.person, voice.language, voice.policy)
        ),
        people=voice.say("mail.nationals", state=state_of_people),
        told=voice.moment(notice.created_at),
        button=button,
        seen=of.level.name,
        reasons=tuple((each, voice.say(f"oncall.dismiss.{each}")) for each in reasons),
    )


def _fault(voice: Voice, state: str) -> Ack:
    return Ack(
        heading=voice.say(f"oncall.{state}"),
        lines=(voice.say(f"oncall.{state}_hint"),),
        grave=True,
    )

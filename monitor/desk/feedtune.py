"""One feed of the list at the desk: changed, switched off and on, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from alerts import clean
from monitor.desk import forms
from monitor.desk.choosing import Choice, officers
from monitor.desk.feeddesk import FeedDesk, NotDone, done_at, fault_page, said, status_of
from monitor.desk.feedfields import (
    FIRST,
    MORE,
    Fields,
    faulty_field,
    fields,
    fields_again,
    mark_of,
    values_of,
)
from monitor.desk.page import Ask, Page
from monitor.desk.voice import Moment
from monitor.errors import MonitorError
from monitor.tuning import deeds, history
from monitor.tuning.deeds import Desk, Done
from monitor.tuning.editing import entries_of
from monitor.tuning.listfile import look
from monitor.typeddate import typed_time


@dataclass(frozen=True, slots=True)
class Tuned:
    """The forms of one feed, and what was wrong with the last attempt.

    `seen` is the mark of the entry that the forms show; `now` names what has become of it where
    somebody else has changed it meanwhile.
    """

    key: str
    name: str
    address: str  # of this page
    enabled: bool
    until: str
    reason: str
    mark: str
    seen: str
    people: tuple[Choice, ...]
    form: Fields
    other: tuple[tuple[str, str], ...]  # keys that the form leaves as they are
    why: str
    fault: str
    now: tuple[tuple[str, str], ...]
    changed_by: str
    changed_at: Moment | None


class TuneFeed:
    """Shows the forms on GET, acts on POST."""

    def __init__(self, desk: FeedDesk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """The page, or the way to the change that was made."""
        ask = self._desk.ask(request)
        name = await self._desk.name_of(ask.parts["key"])
        if name is None:
            raise HTTPException(404)
        if request.method != "POST":
            return await self._page(ask, name, {}, "")
        given = await forms.read(request)
        try:
            self._desk.check(ask, given)
            return done_at(await self._desk.do(ask, given, _deed(name, given, ask)))
        except MonitorError as error:
            return await self._page(ask, name, given, said(error, ask), status_of(error))

    async def _page(
        self, ask: Ask, name: str, given: Mapping[str, str], fault: str, status: int = 200
    ) -> Response:
        voice = ask.voice
        try:
            entry = _entry(await self._desk.entries(), name)
        except MonitorError as error:  # the file is faulty: there is nothing to show but that
            return await self._desk.drawn(ask, fault_page(error, ask), 409)
        written = given.get("deed") == "edit"
        lost = bool(given.get("seen")) and given["seen"] != mark_of(entry)
        last = None
        if lost:
            last = await self._desk.program.writer.read(
                lambda conn: next(
                    (past for past in history.listing(conn, 50) if name in past.names), None
                )
            )
        content = Tuned(
            key=ask.parts["key"],
            name=name,
            address=clean.one_line(str(entry.get("url", "")), 500),
            enabled=entry.get("enabled", True) is not False,
            until=clean.one_line(str(entry.get("until") or ""), 40),
            reason=clean.one_line(str(entry.get("reason") or ""), 300),
            mark=self._desk.mark(ask),
            seen=mark_of(entry),
            people=officers(ask.voice, given.get("by")),
            form=fields_again(given, voice) if written else fields(entry, voice),
            other=tuple(
                (key, clean.one_line(str(value), 200))
                for key, value in entry.items()
                if key not in (*FIRST, *MORE, "enabled", "until", "reason", "headers")
            ),
            why=clean.one_line(given.get("why", ""), 300),
            fault=fault,
            now=_now(entry, given, voice.say) if lost and written else (),
            changed_by=last.who if last else "",
            changed_at=voice.moment(last.at) if last else None,
        )
        page = Page("feed_tune.html", voice.say("tuning.form.tune", name=name), content)
        return await self._desk.drawn(ask, page, status)


def _deed(name: str, given: Mapping[str, str], ask: Ask) -> Callable[[Desk, str], Done]:
    """What the form asks for, on the entry as it was shown. Raises NotDone."""

    def work(desk: Desk, why: str) -> Done:
        entry = _entry(entries_of(look(desk.settings.feeds).text), name)
        if given.get("seen") != mark_of(entry):
            raise NotDone("changed_meanwhile")
        match given.get("deed"):
            case "edit":
                return deeds.edit(desk, name, _values(given, entry, ask), why=why)
            case "enable":
                return deeds.enable(desk, [name], why=why)
            case "disable":
                return _disabled(desk, name, given, why, ask)
            case "remove":
                if not why:
                    raise NotDone("reason")
                return deeds.remove(desk, [name], why=why)
            case _:
                raise NotDone("what")

    return work


def _values(given: Mapping[str, str], entry: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    values = values_of(given, entry)
    if not values:
        raise NotDone("nothing")
    wrong = faulty_field({**entry, **values})
    if wrong is not None:
        label = ask.voice.say_or(f"tuning.field.{wrong[0]}", wrong[0])
        raise NotDone("field", field=label, why=wrong[1].in_(ask.voice.language))
    return values


def _disabled(desk: Desk, name: str, given: Mapping[str, str], why: str, ask: Ask) -> Done:
    if not why:
        raise NotDone("reason")
    until = given.get("until", "").strip()
    field = ask.voice.say("table.until")
    ends = typed_time(until, field, desk.policy.timezone).at if until else None
    if ends is not None and ends <= desk.now:
        raise NotDone("past")
    return deeds.disable(desk, [name], reason=why, until=ends)


def _entry(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The entry of that name as the file has it. Raises NotDone when it is gone."""
    for each in entries:
        if str(each.get("name")) == name:
            return {
                key: value.isoformat() if isinstance(value, datetime) else value
                for key, value in each.items()
            }
    raise NotDone("gone", name=name)


def _now(entry: Mapping[str, Any], given: Mapping[str, str], say: Any) -> tuple[Any, ...]:
    """What stands in the file now where the form says otherwise."""
    return tuple(
        (say(f"tuning.field.{key}"), clean.one_line(str(entry.get(key) or "–"), 300))
        for key in values_of(given, entry)
    )

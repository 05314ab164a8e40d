"""The advice watch: what each ministry tells its people about each country, and how it changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from alerts import clean, words
from alerts.sorting import Key, name_key
from monitor.communications import said
from monitor.desk.page import Ask, Page
from monitor.desk.voice import Moment, Voice
from monitor.names import known_country
from storage import advice
from storage.records import AdviceGiven

if TYPE_CHECKING:
    from storage.database import Connection

RECENT = timedelta(days=14)
MOST = 400


@dataclass(frozen=True, slots=True)
class Given:
    """One ministry's advice about a country, as given and on the common scale of four."""

    about: str
    code: str | None
    area: str
    ministry: str
    given: str
    step: str
    key: int | None
    was: str
    way: str
    at: Moment | None
    seen: Moment | None
    holds: bool
    first: bool


@dataclass(frozen=True, slots=True)
class AdvicePage:
    """`changed` are the changes of late, newest first; `lines` what holds now, gravest first."""

    country: str | None
    everything: bool
    changed: tuple[Given, ...]
    lines: tuple[Given, ...]
    cut: bool


def advice_page(conn: Connection, ask: Ask) -> Page:
    """All countries: the changes of two weeks, and what is at step 3 or above (or everything)."""
    voice = ask.voice
    everything = ask.query.get("all") == "1"
    recent = advice.changed_between(conn, voice.now - RECENT, voice.now + timedelta(seconds=1))
    held = [
        each
        for each in advice.current(conn)
        if everything or (each.step or 0) >= 3 or each.country == voice.policy.home_country
    ]
    held.sort(key=lambda each: (-(each.step or 0), _name(each, voice), each.publisher))
    content = AdvicePage(
        country=None,
        everything=everything,
        changed=tuple(_given(each, voice, advice.before(conn, each)) for each in recent[:-61:-1]),
        lines=tuple(_given(each, voice, None) for each in held[:MOST]),
        cut=len(held) > MOST,
    )
    return Page("advice.html", voice.say("page.advice"), content)


def _name(of: AdviceGiven, voice: Voice) -> Key:
    return name_key(words.country(of.country, voice.language) if of.country else "")


def advice_country(conn: Connection, ask: Ask) -> Page:
    """One country: everything that was ever said of it, newest first. Raises HTTPException 404."""
    code = ask.parts["country"]
    if not re.fullmatch("[A-Z]{2}", code) or not known_country(code):
        raise HTTPException(404)
    voice = ask.voice
    history = advice.history(conn, code)
    name = words.country(code, voice.language)
    before: dict[tuple[int, str], AdviceGiven] = {}
    rows = []
    for each in history:
        rows.append(_given(each, voice, before.get((each.feed_id, each.line))))
        before[each.feed_id, each.line] = each
    content = AdvicePage(
        country=name,
        everything=False,
        changed=tuple(row for row in reversed(rows) if not row.first)[:MOST],
        lines=tuple(_given(each, voice, None) for each in advice.current(conn, code)),
        cut=len(rows) > MOST,
    )
    return Page("advice.html", f"{voice.say('page.advice')}: {name}", content)


def _given(of: AdviceGiven, voice: Voice, before: AdviceGiven | None) -> Given:
    language = voice.language
    ministry = clean.one_line(of.publisher, 80)
    if of.speaker:
        ministry = f"{words.country(of.speaker, language, short=True)} · {ministry}"
    about = clean.one_line(of.line, 80)
    if of.country:
        about = words.country(of.country, language, short=True)
    return Given(
        about=about,
        code=of.country,
        area=clean.one_line(of.area or "", 200),
        ministry=ministry,
        given=said.as_given(of, language),
        step=said.on_the_scale(of.step, of.flags, language),
        key=of.step,
        was=said.on_the_scale(before.step, before.flags, language) if before else "",
        way=_way(before, of, voice),
        at=voice.moment(of.at),
        seen=voice.moment(of.seen_at),
        holds=of.newest,
        first=of.first,
    )


def _way(before: AdviceGiven | None, of: AdviceGiven, voice: Voice) -> str:
    """Raised, lowered or lifted; empty where the steps do not tell."""
    if before is None or before.step is None or of.step is None or before.step == of.step:
        return ""
    if of.step > before.step:
        return voice.say("advice.raised")
    return voice.say("advice.lifted" if of.step == 1 else "advice.lowered")

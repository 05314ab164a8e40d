"""How long each ministry takes to its first word, for review after the event; no ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts import clean, dates, words
from alerts.sorting import Key, name_key
from monitor.communications.delays import Delay, delays
from monitor.desk.page import Ask, Page
from monitor.desk.voice import Voice

if TYPE_CHECKING:
    from storage.database import Connection

DAYS = (30, 90)  # a page reads every incident of that time; the command looks back further


@dataclass(frozen=True, slots=True)
class DelayRow:
    """One ministry and hazard."""

    ministry: str
    hazard: str
    incidents: int
    median: str
    fastest: str
    slowest: str


@dataclass(frozen=True, slots=True)
class DelayPage:
    """`rows` are in the order of the ministries' names; `days` is how far back they look."""

    days: int
    choices: tuple[int, ...]
    rows: tuple[DelayRow, ...]


def delay_page(conn: Connection, ask: Ask) -> Page:
    """From the first signal to a ministry's first word, per ministry and hazard."""
    voice = ask.voice
    days = next((each for each in DAYS if ask.query.get("days") == str(each)), DAYS[0])
    found = delays(conn, voice.now - timedelta(days=days))
    rows = sorted((_row(each, voice) for each in found), key=lambda row: _place(row, voice))
    return Page("delays.html", voice.say("delay.title"), DelayPage(days, DAYS, tuple(rows)))


def _place(of: DelayRow, voice: Voice) -> tuple[Key, bool, Key]:
    every = voice.say("delay.every_hazard")
    return name_key(of.ministry), of.hazard != every, name_key(of.hazard)


def _row(of: Delay, voice: Voice) -> DelayRow:
    def length(seconds: float) -> str:
        return dates.duration(timedelta(seconds=seconds), voice.language)

    name = words.country(of.country, voice.language, short=True) if of.country else of.publisher
    every = voice.say("delay.every_hazard")
    return DelayRow(
        ministry=clean.one_line(name, 80),
        hazard=words.hazard(of.hazard, voice.language) if of.hazard else every,
        incidents=of.incidents,
        median=length(of.median_s),
        fastest=length(of.fastest_s),
        slowest=length(of.slowest_s),
    )

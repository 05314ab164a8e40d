"""Who has said what about an incident: one row per country, our own ministry always among them.

That our own has not been seen to speak stays at the desk: ministries also speak on channels
that nobody here reads, and a forwarded list of the silent would be read as a reproach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alerts import feedhealth
from alerts.digest.content import HEALTHY
from monitor.communications.scale import Scaled, scaled
from storage import advice, feeds
from storage.records import Advice, Communication, Incident

if TYPE_CHECKING:
    from storage.database import Connection

READ = (HEALTHY | {"silent"}) - {"new"}


@dataclass(frozen=True, slots=True)
class HomeVoice:
    """How well our own ministry can be heard: its feeds, those that fail, how far we have read.

    `last_read` is when the feed that was read longest ago was last read well.
    """

    feeds: int
    failing: int
    last_read: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """What one country has said: `first` and `newest` of its communications, and how many.

    `advice` is what its ministry says of the incident's country now, as given; `step` and
    `flags` are the same on the common scale.
    """

    country: str | None
    publisher: str
    home: bool
    first: Communication
    newest: Communication
    count: int
    kinds: tuple[str, ...]
    advice: Advice | None = None
    step: int | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoSaid:
    """The table; `ours` is our own ministry's row, None while nothing of it was seen."""

    rows: tuple[Said, ...]
    ours: Said | None
    voice: HomeVoice

    @property
    def home_state(self) -> str:
        """spoken, none (not seen), not_known (a feed of ours fails), no_feeds."""
        if self.ours is not None:
            return "spoken"
        if not self.voice.feeds:
            return "no_feeds"
        return "not_known" if self.voice.failing else "none"


def home_voice(conn: Connection, now: datetime) -> HomeVoice:
    """How well our own ministry can be heard at `now`."""
    ours = [state for state in feeds.states(conn) if state.listed and state.home]
    failing = [
        state
        for state in ours
        if state.last_ok_at is None or feedhealth.shown_state(state, now) not in READ
    ]
    read = [state.last_ok_at for state in ours if state.last_ok_at is not None]
    return HomeVoice(len(ours), len(failing), min(read, default=None))


def who_said(
    conn: Connection,
    incident: Incident,
    communications: Sequence[Communication],
    home_country: str,
    *,
    now: datetime,
) -> WhoSaid:
    """The table for one incident; the first to speak stands first, after our own ministry."""
    by_speaker: dict[str, list[Communication]] = {}
    for each in sorted(communications, key=lambda each: each.at):
        key = home_country if each.home else each.speaker or f"\x00{each.publisher}"
        by_speaker.setdefault(key, []).append(each)
    levels = _levels(conn, incident)
    rows = [
        _row(key, said, key == home_country, levels.get(key)) for key, said in by_speaker.items()
    ]
    ours = next((row for row in rows if row.home), None)
    rows.sort(key=lambda row: (not row.home, row.first.at))
    return WhoSaid(tuple(rows), ours, home_voice(conn, now))


def _row(
    key: str, said: Sequence[Communication], home: bool, held: tuple[Advice, Scaled] | None
) -> Said:
    country = None if key.startswith("\x00") else key
    given, found = held or (None, None)
    if given is None:
        given = next((each.advice for each in reversed(said) if each.advice), None)
        found = scaled(given, country) if given else None
    return Said(
        country=country,
        publisher=said[0].publisher,
        home=home,
        first=said[0],
        newest=said[-1],
        count=len(said),
        kinds=tuple(dict.fromkeys(each.kind for each in said)),
        advice=given,
        step=found.step if found else None,
        flags=found.flags if found else (),
    )


def _levels(conn: Connection, incident: Incident) -> dict[str, tuple[Advice, Scaled]]:
    """What each ministry says now of the incident's country: of the whole of it before a part."""
    if not incident.countries:
        return {}
    found: dict[str, tuple[Advice, Scaled]] = {}
    held = advice.current(conn, incident.countries[0])
    for each in sorted(held, key=lambda each: ("partial" in each.flags, -(each.step or 0))):
        if each.speaker is not None:
            partial = "partial" in each.flags
            given = Advice(each.country, each.level, each.wording, partial, each.area)
            found.setdefault(each.speaker, (given, Scaled(each.step, each.flags)))
    return found

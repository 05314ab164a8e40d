"""Beside the table of feeds: what each is worth, and what the list covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts import clean, words
from monitor.config.feedschema import KINDS
from monitor.desk.page import Ask, Page
from monitor.tuning.coverage import Coverage, coverage_of, states_by_feed
from monitor.tuning.coverage_show import coverage_svg, kinds_named, mark, matters
from monitor.tuning.stats import stats_of

if TYPE_CHECKING:
    from storage.database import Connection

WINDOW = timedelta(days=30)
_ORDER = ("drop", "tune", "wait", "keep")


@dataclass(frozen=True, slots=True)
class WorthRow:
    """One feed's figures and the advice; `what` is keep, tune, drop or wait."""

    name: str
    what: str
    do: str
    reason: str
    cells: tuple[tuple[str, str], ...]  # head, value


@dataclass(frozen=True, slots=True)
class Worth:
    """Feeds that want an officer's hand, or all; `hidden` counts the others."""

    rows: tuple[WorthRow, ...]
    heads: tuple[str, ...]
    hidden: int
    everything: bool


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One country: a sign and number for each kind."""

    name: str
    missions: int
    marks: tuple[tuple[str, str], ...]  # kind, sign
    missing: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The table in words beside the picture."""

    share: int
    unheard: str
    rows: tuple[CoverRow, ...]
    heads: tuple[str, ...]
    known: bool
    hidden: int
    everything: bool


def feed_worth(conn: Connection, ask: Ask) -> Page:
    """What the feeds brought in thirty days, and what to do about each."""
    voice = ask.voice
    found = stats_of(conn, ask.program.feedlist, voice.now - WINDOW, voice.now)
    everything = ask.query.get("all") == "1"
    shown = [each for each in found if everything or each.advice.what in ("drop", "tune")]
    shown.sort(key=lambda each: (_ORDER.index(each.advice.what), each.feed.casefold()))
    rows = []
    for each in shown:
        cells = list(each.as_row(voice.language).items())[1:-1]
        rows.append(
            WorthRow(
                name=clean.one_line(each.feed, 120),
                what=each.advice.what,
                do=voice.say(f"tuning.do.{each.advice.what}"),
                reason=each.advice.words(voice.language),
                cells=tuple(cells),
            )
        )
    heads = tuple(head for head, _ in rows[0].cells) if rows else ()
    content = Worth(tuple(rows), heads, len(found) - len(shown), everything)
    return Page("feed_worth.html", voice.say("tuning.page.worth"), content)


def feed_coverage(conn: Connection, ask: Ask) -> Page:
    """Countries by kinds, as a picture and as a table."""
    voice, found = ask.voice, _coverage(conn, ask)
    everything = ask.query.get("all") == "1"
    chosen = [row for row in found.rows if everything or matters(row)]
    rows = tuple(
        CoverRow(
            name=words.country(row.country, voice.language, short=True),
            missions=row.missions,
            marks=tuple((kind, mark(row.cells[kind])) for kind in KINDS),
            missing=kinds_named(row.missing, voice.language),
        )
        for row in chosen
    )
    unheard = [words.country(row.country, voice.language, short=True) for row in found.unheard]
    heads = tuple(voice.say(f"kind.{kind}") for kind in KINDS)
    content = Cover(
        share=round(found.share * 100),
        unheard=", ".join(unheard),
        rows=rows,
        heads=heads,
        known=found.known,
        hidden=len(found.rows) - len(rows),
        everything=everything,
    )
    return Page("feed_coverage.html", voice.say("tuning.coverage.title"), content)


def coverage_picture(conn: Connection, ask: Ask) -> str:
    """The picture by itself."""
    return coverage_svg(_coverage(conn, ask), ask.voice.language)


def _coverage(conn: Connection, ask: Ask) -> Coverage:
    feedlist, policy = ask.program.feedlist, ask.program.policy
    working = states_by_feed(conn, feedlist)
    return coverage_of(feedlist, policy, working, now=ask.voice.now)

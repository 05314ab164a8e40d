"""Beside the table of feeds: what each is worth, and what the list covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts import clean, words
from monitor.config.feedlist import Feed, identities
from monitor.config.feedschema import KINDS
from monitor.desk.folding import EVERYTHING, Fold, rest_folded
from monitor.desk.page import Ask, Page
from monitor.tuning.coverage import Coverage, Row, coverage_of, states_by_feed
from monitor.tuning.coverage_show import coverage_svg, kinds_named, mark, matters
from monitor.tuning.stats import FeedStats, stats_of
from storage import feeds

if TYPE_CHECKING:
    from storage.database import Connection

WINDOW = timedelta(days=30)
_ORDER = ("drop", "tune", "wait", "keep")
_SEEN = 12  # rows that stand open; on a phone each is a card


@dataclass(frozen=True, slots=True)
class WorthRow:
    """One feed's figures and the reason of the advice."""

    key: str
    name: str
    reason: str
    cells: tuple[tuple[str, str], ...]  # head, value


@dataclass(frozen=True, slots=True)
class WorthGroup:
    """The feeds with the same advice: the first stand open, the rest folded."""

    do: str
    rows: Fold[WorthRow]


@dataclass(frozen=True, slots=True)
class Worth:
    """Feeds that want an officer's hand, or all; `hidden` counts the others."""

    groups: tuple[WorthGroup, ...]
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
    rows: Fold[CoverRow]
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
    shown.sort(key=lambda each: each.feed.casefold())
    keys = {feed.name: key for key, feed in _keys(conn, ask).items()}

    def row(each: FeedStats) -> WorthRow:
        return WorthRow(
            key=keys.get(each.feed, ""),
            name=clean.one_line(each.feed, 120),
            reason=each.advice.words(voice.language),
            cells=tuple(each.as_row(voice.language).items())[1:-1],
        )

    groups = []
    for what in _ORDER:
        alike = [each for each in shown if each.advice.what == what]
        if alike:
            seen = _SEEN if what in ("drop", "tune") else 0
            rows = rest_folded(alike, row, seen=seen, most=EVERYTHING)
            groups.append(WorthGroup(voice.say(f"tuning.do.{what}"), rows))
    heads = tuple(head for head, _ in row(shown[0]).cells) if shown else ()
    content = Worth(tuple(groups), heads, len(found) - len(shown), everything)
    return Page("feed_worth.html", voice.say("tuning.page.worth"), content)


def feed_coverage(conn: Connection, ask: Ask) -> Page:
    """Countries by kinds, as a picture and as a table."""
    voice, found = ask.voice, _coverage(conn, ask)
    everything = ask.query.get("all") == "1"
    chosen = [row for row in found.rows if everything or matters(row)]

    def line(row: Row) -> CoverRow:
        return CoverRow(
            name=words.country(row.country, voice.language, short=True),
            missions=row.missions,
            marks=tuple((kind, mark(row.cells[kind])) for kind in KINDS),
            missing=kinds_named(row.missing, voice.language),
        )

    unheard = [words.country(row.country, voice.language, short=True) for row in found.unheard]
    heads = tuple(voice.say(f"kind.{kind}") for kind in KINDS)
    content = Cover(
        share=round(found.share * 100),
        unheard=", ".join(unheard),
        rows=rest_folded(chosen, line, seen=_SEEN, most=EVERYTHING),
        heads=heads,
        known=found.known,
        hidden=len(found.rows) - len(chosen),
        everything=everything,
    )
    return Page("feed_coverage.html", voice.say("tuning.coverage.title"), content)


def coverage_picture(conn: Connection, ask: Ask) -> str:
    """The picture by itself."""
    return coverage_svg(_coverage(conn, ask), ask.voice.language)


def _keys(conn: Connection, ask: Ask) -> dict[str, Feed]:
    return identities(ask.program.feedlist.feeds, feeds.states(conn))


def _coverage(conn: Connection, ask: Ask) -> Coverage:
    feedlist, policy = ask.program.feedlist, ask.program.policy
    working = states_by_feed(conn, feedlist)
    return coverage_of(feedlist, policy, working, now=ask.voice.now)

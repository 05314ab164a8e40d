"""Which countries the list hears, by which kinds of source, and what is missing.

A ministry and its advice are heard from their own country only; hazard, health and news sources
count for every country that they cover by name or region. Sources of the whole world stand apart:
they hide no gap. Countries weigh by our missions there and by nearness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.policy import Policy
from monitor.config.feedlist import Feed, FeedList, identities
from monitor.config.feedschema import KINDS
from storage import feeds

if TYPE_CHECKING:
    from storage.database import Connection

WANTED = ("ministry", "advice", "hazard", "health", "news")  # of each country, where there is one
BALI, NEAR = "bali21", ("neighbours", "asean")
WORLD, HOME = "world", "home"
_SPEAK = ("ministry", "advice")
_NEAR_WEIGHT, _BALI_WEIGHT = 2, 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Feeds of one kind for one country: how many work, of how many that are read, and listed.

    `working` is None while nothing is known of any poll yet.
    """

    listed: int = 0
    read: int = 0
    working: int | None = None

    @property
    def heard(self) -> bool:
        """Whether something comes from here, as far as is known."""
        return bool(self.read if self.working is None else self.working)


@dataclass(frozen=True, slots=True)
class Row:
    """One country. `weight` is 1, more for our missions there, for neighbours and the 21."""

    country: str
    missions: int
    weight: int
    group: str  # home | bali21 | missions | others
    cells: Mapping[str, Cell]

    @property
    def heard(self) -> bool:
        """Whether any feed speaks of this country."""
        return any(cell.heard for cell in self.cells.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """The kinds that one would want and that nothing comes from."""
        return tuple(kind for kind in WANTED if not self.cells[kind].heard)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole table; rows by group, then by weight. `home` are feeds of our own ministry."""

    rows: tuple[Row, ...]
    world: Mapping[str, Cell]
    home: Cell
    known: bool  # whether polls have told which feeds work

    @property
    def share(self) -> float:
        """Weighted part of all wanted kinds of all countries that is heard, 0 to 1."""
        whole = sum(row.weight * len(WANTED) for row in self.rows)
        gaps = sum(row.weight * len(row.missing) for row in self.rows)
        return 1 - gaps / whole if whole else 0.0

    @property
    def unheard(self) -> tuple[Row, ...]:
        """Countries without a working feed of their own, the heaviest first."""
        return tuple(sorted((row for row in self.rows if not row.heard), key=_heaviest))

    def gaps(self, most: int = 15) -> tuple[Row, ...]:
        """The countries with the heaviest gaps, the heaviest first."""
        found = [row for row in self.rows if row.missing]
        found.sort(key=lambda row: (-row.weight * len(row.missing), row.country))
        return tuple(found[:most])

    def as_json(self) -> dict[str, Any]:
        """For --json."""

        def cells(of: Mapping[str, Cell]) -> dict[str, Any]:
            return {kind: asdict(cell) for kind, cell in of.items() if cell.listed}

        return {
            "share": round(self.share, 3),
            "known": self.known,
            "home": asdict(self.home),
            "world": cells(self.world),
            "without_working_feed": [row.country for row in self.unheard],
            "countries": [
                {
                    "country": row.country,
                    "group": row.group,
                    "missions": row.missions,
                    "weight": row.weight,
                    "missing": row.missing,
                    "cells": cells(row.cells),
                }
                for row in self.rows
            ],
        }


def states_by_feed(conn: Connection, feedlist: FeedList) -> dict[str, bool] | None:
    """Whether each feed's newest poll went well, by name; None before any poll."""
    states = feeds.states(conn)
    by_key = {state.key: state for state in states if state.last_poll_at}
    found = {
        feed.name: by_key[key].failures == 0
        for key, feed in identities(feedlist.feeds, states).items()
        if key in by_key
    }
    return found or None


def coverage_of(
    feedlist: FeedList, policy: Policy, working: Mapping[str, bool] | None, *, now: datetime
) -> Coverage:
    """The table of this list; `working` as `states_by_feed` has it."""
    by_country: dict[str, dict[str, list[Feed]]] = {}
    world: dict[str, list[Feed]] = {kind: [] for kind in KINDS}
    for feed in feedlist.feeds:
        spoken_for = _countries(feed, policy)
        if not spoken_for:
            world[feed.kind].append(feed)
        for country in spoken_for:
            by_country.setdefault(country, {kind: [] for kind in KINDS})[feed.kind].append(feed)
    missions = [mission.country for mission in policy.missions if mission.kind != "trade_office"]
    bali = policy.countries_of((BALI,)) if BALI in policy.regions else frozenset()
    near = policy.countries_of(tuple(name for name in NEAR if name in policy.regions))
    own = {feed.country for feed in feedlist.feeds if feed.country}
    rows = []

    def cell(of: Iterable[Feed]) -> Cell:
        chosen = list(of)
        read = [feed for feed in chosen if feed.read_at(now, policy.timezone)]
        if working is None:
            return Cell(len(chosen), len(read))
        return Cell(len(chosen), len(read), sum(working.get(feed.name, False) for feed in read))

    for country in {*missions, *bali, *near, *own}:
        home = country == policy.home_country
        count = missions.count(country)
        weight = 1 + count + _NEAR_WEIGHT * (country in near) + _BALI_WEIGHT * (country in bali)
        group = HOME if home else BALI if country in bali else "missions" if count else "others"
        kinds = by_country.get(country, {kind: [] for kind in KINDS})
        cells = {kind: cell(kinds[kind]) for kind in KINDS}
        rows.append(Row(country, count, weight, group, cells))
    order = (HOME, BALI, "missions", "others")
    rows.sort(key=lambda row: (order.index(row.group), *_heaviest(row)))
    return Coverage(
        rows=tuple(rows),
        world={kind: cell(world[kind]) for kind in KINDS},
        home=cell(feed for feed in feedlist.feeds if feed.home),
        known=working is not None,
    )


def _countries(feed: Feed, policy: Policy) -> frozenset[str]:
    """The countries that the feed counts for; none for one of the whole world."""
    if feed.kind in _SPEAK:
        return frozenset([feed.country] if feed.country else [])
    named = tuple(word for word in feed.coverage if word != WORLD)
    return policy.countries_of(named) if len(named) == len(feed.coverage) else frozenset()


def _heaviest(row: Row) -> tuple[int, str]:
    return -row.weight, row.country

"""An incident, what linking needs to know of it, its time line, and who has spoken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.records.basics import Level, Why
from storage.records.items import Advice, Figure, Place


@dataclass(frozen=True, slots=True)
class Incident:
    """One real-world event and what is known of it."""

    id: int
    year: int
    seq: int
    title_en: str
    title_th: str
    hazard: str | None
    categories: tuple[str, ...]
    level: Level
    level_why: tuple[Why, ...]
    state: str  # open | quiet | closed | merged
    exercise: bool
    countries: tuple[str, ...]
    place: str | None
    lat: float | None
    lon: float | None
    event_at: datetime | None
    opened_at: datetime
    last_item_at: datetime
    level_since: datetime
    figures: tuple[Figure, ...]
    nationals: str
    # one_source | several | official | claimed | disputed | withdrawn | ministries (no source has
    # reported it) | reviewed (opened by hand, no source yet) | no_source (officers emptied it)
    confirmation: str
    sources: int
    independent_sources: int
    alert_levels: tuple[str, ...] = ()  # the sources' own levels, as given ("GDACS: Orange")
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    leave_calls: int = 0  # ministries that newly say "leave" or "avoid all travel"
    lifted: bool = False
    withdrawn: bool = False
    merged_into: int | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_level: Level | None = None
    held: tuple[str, ...] = ()  # what officers set, and the machine leaves: title, hazard, …
    floor: Level | None = None  # the least level, whatever the sources say
    floor_why: tuple[Why, ...] = ()

    @property
    def number(self) -> str:
        """The number officers use, for example `2026-0042`."""
        return f"{self.year}-{self.seq:04d}"


@dataclass(frozen=True, slots=True)
class Trace:
    """What linking needs to know of an item that an incident holds.

    `at` is when what it tells of happened, as far as it says. `measured` is True when the source
    gives time and place of the event in its own fields. `places` are smaller than a country.
    """

    title: str
    summary: str = ""  # its beginning
    language: str | None = None
    at: datetime | None = None
    feed_kind: str = "news"
    publisher: str = ""
    hazard: str | None = None
    magnitude: float | None = None
    measured: bool = False
    countries: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """What linking needs to know of an incident that may take a new item.

    `titles` are those of its newest items in their own language, newest first, and of the one
    that opened it; `traces` are what else is known of the same ones.
    """

    id: int
    number: str
    hazard: str | None
    categories: tuple[str, ...]
    countries: tuple[str, ...]
    lat: float | None
    lon: float | None
    event_at: datetime | None
    opened_at: datetime
    last_item_at: datetime
    level: Level
    exercise: bool
    figures: tuple[Figure, ...]
    titles: tuple[str, ...]
    traces: tuple[Trace, ...] = ()
    awaits: bool = False  # an officer opened it, and no source has told of it yet


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an incident's timeline.

    `kind`: opened, joined, communication, advice, level_raised, level_lowered, corrected, figure,
    withdrawn, lifted, expired, nationals, acknowledged, unacknowledged, quiet, closed,
    reopened, merged, absorbed, split, moved, renamed, related (`new` is the other's number),
    reviewed, note, taken_back (a recorded communication), advice_eased, advice_cluster, voices,
    home_silent, nationals_report.
    `old` and `new` are what changed, as plain JSON-able values for the catalogue sentence.
    """

    id: int
    incident_id: int
    at: datetime
    kind: str
    item_id: int | None = None
    old: str | None = None
    new: str | None = None
    why: tuple[Why, ...] = ()
    by: str = "machine"


@dataclass(frozen=True, slots=True)
class Communication:
    """A ministry speaking about an incident: who, what kind, when, how long after the signal.

    One that an officer recorded has no item; `channel` and `by` then say how it came to us.
    """

    incident_id: int
    item_id: int | None
    speaker: str | None
    publisher: str
    home: bool
    kind: str
    title: str
    link: str | None
    at: datetime
    delay_s: float | None
    advice: Advice | None = None
    channel: str | None = None
    by: str = "machine"
    entry: int | None = None  # under which an officer's record of it is kept


@dataclass(frozen=True, slots=True)
class NewAdvice:
    """What a ministry says of one country from a moment on, before it is stored.

    `line` is its own name for the country or the part of it. `level` and `wording` are its own;
    `step` is the common scale of four, None where the words do not tell it. `flags`: partial,
    leave, shelter, forbidden, by_number. `at` is when it says so, `seen_at` when we read it;
    `first`: it was so when we first saw the line, and is no change.
    """

    feed_id: int
    line: str
    item_id: int | None
    country: str | None
    area: str | None
    level: str | None
    wording: str | None
    step: int | None
    flags: tuple[str, ...]
    at: datetime
    seen_at: datetime
    first: bool = False


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """One line of a ministry's advice over time; `newest`: it holds now."""

    id: int
    feed_id: int
    publisher: str
    speaker: str | None
    line: str
    item_id: int | None
    country: str | None
    area: str | None
    level: str | None
    wording: str | None
    step: int | None
    flags: tuple[str, ...]
    at: datetime
    seen_at: datetime
    first: bool
    newest: bool


@dataclass(frozen=True, slots=True)
class NationalsStatus:
    """What was known of our people in an incident at a time, from whom, and who wrote it down.

    `status`: unknown, none_reported, reported, confirmed or none_checked; the machine sets only
    the first three. `counts` are of confirmed ones: dead, injured, missing, unreached, held,
    safe. Never names.
    """

    id: int
    incident_id: int
    at: datetime
    status: str
    counts: Mapping[str, int]
    source: str
    note: str
    by: str
    recorded_at: datetime

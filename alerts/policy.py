"""What `alerts.yaml` says, as plain values: who is told what, when, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from alerts.hours import NO_HOLIDAYS, Holidays, Hours
from storage.records import Level


@dataclass(frozen=True, slots=True)
class Both:
    """A short text in Thai and in English."""

    th: str
    en: str

    def in_(self, language: str) -> str:
        """The text in `language`, English for anything but Thai."""
        return self.th if language == "th" else self.en


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told, by office. `language`: th, en or both (Thai first).

    `channels` are second roads for a FLASH, by the names that MONITOR_CHANNELS gives them.
    """

    id: str
    role: Both
    email: str
    language: str = "both"
    channels: tuple[str, ...] = ()
    quiet: tuple[Hours, ...] = ()  # only a FLASH reaches them then; the rest waits


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of the week and who holds it. `days` are 0 (Monday) to 6.

    `ends` at or before `starts` means that the shift runs past midnight; its day is that of
    its start. Times are local to the home time zone.
    """

    days: tuple[int, ...]
    starts: time
    ends: time
    primary: str
    backup: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """Who holds a stretch of time instead of the roster's: a swap, a holiday, an illness.

    Aware times. A place that is None stays with whom the roster has.
    """

    starts: datetime
    ends: datetime
    primary: str | None = None
    backup: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """People who share an inbox of alerts, and who of them has duty when.

    Without a roster everybody in `members` is told. `overrides` stand above the roster; where
    two overlap, the one that is written later. `channels` as for a person, heard by all.
    """

    id: str
    name: Both
    members: tuple[str, ...]
    roster: tuple[Shift, ...] = ()
    head: str | None = None
    overrides: tuple[Override, ...] = ()
    channels: tuple[str, ...] = ()
    quiet: tuple[Hours, ...] = ()  # as a person's, for everybody in the team


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """`after` the first notice, if nobody acknowledged: tell `to` (primary, backup, head, all)."""

    after: timedelta
    to: str


@dataclass(frozen=True, slots=True)
class Near:
    """Within `km` of one of our missions (its id, or `any`), or of a point in degrees."""

    km: float
    mission: str | None = None
    at: tuple[float, float] | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on an incident and the change that touched it; empty parts are not asked.

    Within one part any value suffices; all parts must hold. `countries` takes ISO codes and
    region names. `unknown_country`, `unknown_number` and `unknown_place` say what holds when the
    incident has no country, not that number, no position. `figures` maps a kind (dead,
    magnitude, …) to a minimum. `night_level` stands in for `min_level` at night and on holidays.
    `min_probability` is that of the surest category; `min_advice_step` is on the common scale.
    """

    categories: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    min_level: Level | None = None
    countries: tuple[str, ...] = ()
    unknown_country: bool = False
    nationals: tuple[str, ...] = ()
    feed_kinds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    min_independent_sources: int | None = None
    communications: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    max_depth_km: float | None = None
    unknown_number: bool = False
    words: tuple[str, ...] = ()
    any_of: tuple[Condition, ...] = ()
    all_of: tuple[Condition, ...] = ()
    none_of: tuple[Condition, ...] = ()
    night_level: Level | None = None
    severities: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    certainties: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    unknown_place: bool = False
    feeds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    min_advice_step: int | None = None
    min_probability: float | None = None
    hours: tuple[Hours, ...] = ()
    at_night: bool | None = None
    empty: tuple[
        str, ...
    ] = ()  # keys that stand in the file with an empty list: they limit nothing

    def level_at(self, night: bool) -> Level | None:
        """The least level that it asks for by day or at night, None if it asks for none."""
        if night and self.night_level is not None:
            return self.night_level
        return self.min_level


@dataclass(frozen=True, slots=True)
class Rule:
    """When `when` holds, the teams are told. A shadow rule is evaluated and mails nobody."""

    id: str
    name: Both
    when: Condition
    teams: tuple[str, ...]
    shadow: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class LevelPolicy:
    """The numbers behind a level; defaults as told in docs/levels.md.

    `grave_hazards` are kinds of event that the desk looks at within the hour whatever their
    numbers, where they concern us. `leave_calls` counts ministries.
    """

    exposure_regions: tuple[str, ...] = ("neighbours", "asean")
    covered_coasts: tuple[str, ...] = ("home", "neighbours", "asean")
    mass_casualty_dead: int = 50
    mass_casualty_dead_near: int = 10
    alert_dead: int = 10
    alert_dead_near: int = 3
    big_magnitude: float = 7.0
    alert_magnitude: float = 6.0
    alert_magnitude_near: float = 5.5
    watch_magnitude: float = 5.0
    mission_km: float = 300.0
    leave_calls: int = 3
    grave_hazards: tuple[str, ...] = (
        "pheic",
        "radiological",
        "dam_failure",
        "border_clash",
        "strike",
        "bombing",
        "coup",
        "emergency_rule",
        "hostage",
        "vessel_seized",
        "airspace_closed",
        "airport_closed",
        "border_closed",
        "mission_closed",
    )


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things wait, per level where a level matters."""

    group_wait: Mapping[Level, timedelta]
    update_gap: timedelta = timedelta(minutes=30)
    flood_count: int = 10
    flood_window: timedelta = timedelta(minutes=10)
    flapping_count: int = 4  # so many changes of level …
    flapping_window: timedelta = timedelta(hours=24)  # … within this time
    flapping_hold: timedelta = timedelta(hours=2)  # a fall waits until it has been still so long
    rounds: Mapping[Level, int] = field(default_factory=dict)  # of the chain; 1 where not named


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """One digest: when, to whom. Times are local to the home time zone.

    It comes at `at` on `days` (0 is Monday) and covers that much time before. From `draft` on the
    duty officer can change it. `onward` are persons who get the edition for forwarding as well.
    """

    id: str
    at: time
    teams: tuple[str, ...]
    days: tuple[int, ...] = tuple(range(7))
    covers: timedelta = timedelta(days=1)
    draft: time | None = None
    onward: tuple[str, ...] = ()

    @property
    def weekly(self) -> bool:
        """Whether it looks back on a week, and says more of feeds and rules."""
        return self.covers >= timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a mission works for a time: city, country, degrees, and since when."""

    city: str
    country: str
    lat: float
    lon: float
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Parts of a country, by the names of states, provinces and cities as sources write them."""

    country: str
    names: tuple[str, ...]
    spelled: tuple[tuple[str, str], ...] = ()  # another spelling, in any language, and the name


@dataclass(frozen=True, slots=True)
class Mission:
    """One of our missions, as the ministry's file has it; its seat in degrees.

    `covers` are the countries that it looks after as a whole; with neither those nor `parts` it
    looks after the country of its seat. `contact` is a line of the ministry's, or empty.
    """

    id: str
    name: Both
    country: str
    lat: float | None = None
    lon: float | None = None
    kind: str = "embassy"  # embassy | consulate_general | permanent_mission | trade_office
    city: str = ""
    covers: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    works_from: Seat | None = None
    contact: str = ""
    confirmed: bool = True

    @property
    def whole(self) -> tuple[str, ...]:
        """The countries that it looks after as a whole."""
        return self.covers or (() if self.parts else (self.country,))

    @property
    def at(self) -> tuple[float, float] | None:
        """Where it works now, in degrees; None where the file does not say."""
        if self.works_from is not None:
            return self.works_from.lat, self.works_from.lon
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Department:
    """A geographic department of the ministry, and its countries (codes and region names)."""

    id: str
    name: Both
    countries: tuple[str, ...]
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Registered:
    """How many of our nationals are registered in a country, and when that was counted."""

    count: int
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class VoicePolicy:
    """When what ministries say is a signal by itself (docs/advice.md).

    `advice_ministries` within `advice_within` change their advice on one country; `speakers`
    within `speak_within` speak of something that no hazard source told of; others have spoken
    about an incident at ALERT or above, and none of ours for `home_silent_after`.
    """

    advice_ministries: int = 3
    advice_within: timedelta = timedelta(hours=24)
    speakers: int = 3
    speak_within: timedelta = timedelta(hours=24)
    home_silent_after: timedelta = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole of `alerts.yaml`."""

    home_country: str
    timezone: str
    languages: tuple[str, ...]
    ministry: Both
    owner: str | None
    regions: Mapping[str, tuple[str, ...]]
    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    rules: tuple[Rule, ...]
    levels: LevelPolicy
    timing: Timing
    escalation: Mapping[Level, tuple[EscalationStep, ...]]
    digests: tuple[DigestPlan, ...]
    nationals_words: tuple[str, ...] = ()
    missions: tuple[Mission, ...] = ()
    departments: tuple[Department, ...] = ()
    registered: Mapping[str, Registered] = field(default_factory=dict)
    missions_file: Path | None = None
    voices: VoicePolicy = VoicePolicy()
    calendars: tuple[Path, ...] = ()
    day: Hours | None = None  # outside of it, and on holidays, the night's thresholds hold
    holidays: Holidays = NO_HOLIDAYS
    holidays_file: Path | None = None

    def countries_of(self, names: tuple[str, ...]) -> frozenset[str]:
        """The ISO codes that the given codes and region names stand for; `home` is ours."""
        found: set[str] = set()
        for name in names:
            if name == "home":
                found.add(self.home_country)
            elif name in self.regions:
                found.update(self.regions[name])
            else:
                found.add(name)
        return frozenset(found)

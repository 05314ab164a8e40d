"""What `alerts.yaml` may hold: every key with its type, its limits and its words for a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from alerts import policy
from alerts.hours import Hours as Stretch
from monitor.config.duration import parse_duration
from monitor.config.feedschema import Zone
from monitor.names import Code, Name
from storage.records import Level

Strict = ConfigDict(extra="forbid", strict=True)
_BUDDHIST = 2400  # a year from here on is one of the Buddhist era
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIGURES = (
    "dead", "injured", "missing", "displaced", "affected", "cases", "magnitude", "depth_km",
    "category", "wind_kmh", "height_m",
)  # fmt: skip
CHANGES = (
    "opened", "joined", "communication", "advice", "level_raised", "level_lowered", "corrected",
    "figure", "withdrawn", "lifted", "expired", "nationals", "nationals_report", "advice_eased",
    "advice_cluster", "voices", "home_silent", "reopened", "warned",
)  # fmt: skip
COMMUNICATIONS = (
    "travel_advice", "consular", "statement", "condolence", "aid_offer", "entry_health",
    "departure", "nationals_status", "clarification", "other",
)  # fmt: skip


def _clock(value: object) -> time:
    found = (
        re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", value) if isinstance(value, str) else None
    )
    if found is None:
        raise ValueError(f'{value!r} is no time of day: write it quoted, for example "07:00"')
    return time(int(found[1]), int(found[2]))


def _local(value: object) -> datetime:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "T"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(text.strip()) < len("2026-04-13 08:00"):
        raise ValueError(
            f'{value!r} is no local time, or no day that there is: write it as "2026-04-13 08:00"'
        )
    if found.year >= _BUDDHIST:
        raise ValueError(f"{found.year} is a Buddhist year: write {found.year - 543}")
    return found


def _days(value: object) -> tuple[int, ...]:
    text = str(value).strip().lower()
    if text == "daily":
        return tuple(range(7))
    days: set[int] = set()
    for part in re.split(r"[,\s]+", text):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"{value!r}: write daily, or days such as mon-fri or sat,sun")
        start, end = DAYS.index(first), DAYS.index(last) if dash else DAYS.index(first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return tuple(sorted(days))


def _level(value: object) -> Level:
    try:
        return Level[str(value)]
    except KeyError as error:
        raise ValueError(f"{value!r} is no level: write FLASH, ALERT, WATCH or INFO") from error


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;\"\\]+@[^@\s<>,;\"\\]+\.[^@\s<>,;\"\\]+", value):
        raise ValueError(f"{value!r} is no mail address: write for example desk@ministry.example")
    if not re.fullmatch(r"[\x21-\x7e]+", value.partition("@")[0]):
        raise ValueError(
            f"{value!r} cannot be reached through every mail server: write the part before the @ "
            "in plain Latin letters, for example desk@ministry.example"
        )
    return value


def _region(name: str) -> str:
    if name in ("home", "world") or re.fullmatch("[A-Z]{2}", name):
        raise ValueError(
            f"{name!r} has a meaning of its own: write another name, for example "
            f"{name.lower()}_area"
        )
    return name


def _within(shortest: timedelta, longest: timedelta, words: str) -> Callable[[object], timedelta]:
    def check(value: object) -> timedelta:
        found = parse_duration(value)
        if not shortest <= found <= longest:
            raise ValueError(f"{value!r} is out of bounds: write {words}")
        return found

    return check


Clock = Annotated[time, BeforeValidator(_clock)]
LocalTime = Annotated[datetime, BeforeValidator(_local)]
Days = Annotated[tuple[int, ...], BeforeValidator(_days)]
LevelName = Annotated[Level, BeforeValidator(_level)]
Address = Annotated[str, AfterValidator(_address)]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
Wait = Annotated[timedelta, BeforeValidator(_within(timedelta(), _HOUR, "a time from 0s to 1h"))]
FlashWait = Annotated[
    timedelta,
    BeforeValidator(_within(timedelta(), timedelta(minutes=1), "a time from 0s to 60s")),
]
AlertWait = Annotated[
    timedelta, BeforeValidator(_within(timedelta(), timedelta(minutes=5), "a time from 0s to 5m"))
]
Gap = Annotated[
    timedelta, BeforeValidator(_within(timedelta(minutes=1), _DAY, "a time from 1m to 24h"))
]
After = Annotated[timedelta, BeforeValidator(_within(timedelta(), _DAY, "a time from 0m to 24h"))]
Period = Annotated[
    timedelta, BeforeValidator(_within(_HOUR, 31 * _DAY, "a time from 1h to 31d, for example 7d"))
]
RegionName = Annotated[Name, AfterValidator(_region)]
Toll = Annotated[int, Field(ge=1)]
Magnitude = Annotated[float | int, Field(ge=0, le=10, allow_inf_nan=False)]
Amount = Annotated[float | int, Field(ge=0, le=1e12, allow_inf_nan=False)]
CalendarName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00]+\.ics$", max_length=120)]
FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00]+\.ya?ml$", max_length=120)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]


class Both(BaseModel):
    model_config = Strict
    th: Name
    en: Name

    def both(self) -> policy.Both:
        return policy.Both(self.th, self.en)


class Home(BaseModel):
    model_config = Strict
    country: Code
    timezone: Zone = "UTC"
    languages: list[Literal["th", "en"]] = ["en"]
    ministry: Both
    owner: Address | None = None
    nationals: list[Name] = []


class Hours(BaseModel):
    model_config = Strict
    days: Days = tuple(range(7))
    starts: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")
    holidays: bool = False

    def hours(self) -> Stretch:
        return Stretch(self.starts, self.ends, self.days, self.holidays)


class Person(BaseModel):
    model_config = Strict
    id: Id
    role: Both
    email: Address
    language: Literal["th", "en", "both"] = "both"
    channels: list[Name] = []
    quiet: list[Hours] = []


class Shift(BaseModel):
    model_config = Strict
    days: Days = tuple(range(7))
    starts: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")
    primary: Id
    backup: Id | None = None


class Override(BaseModel):
    model_config = Strict
    starts: LocalTime = Field(alias="from")
    ends: LocalTime = Field(alias="to")
    primary: Id | None = None
    backup: Id | None = None
    note: str = ""


class Team(BaseModel):
    model_config = Strict
    id: Id
    name: Both
    members: Annotated[list[Id], Field(min_length=1)]
    head: Id | None = None
    roster: list[Shift] = []
    overrides: list[Override] = []
    calendar: CalendarName | None = None
    channels: list[Name] = []
    quiet: list[Hours] = []


class Near(BaseModel):
    model_config = Strict
    km: Annotated[float | int, Field(gt=0, le=20_000, allow_inf_nan=False)]
    mission: Id | None = None
    at: Annotated[list[float | int], Field(min_length=2, max_length=2)] | None = None
    name: Name = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Near:
        if (self.mission is None) == (self.at is None):
            raise ValueError("write either mission: any (or its id), or at: [latitude, longitude]")
        if self.at and not (-90 <= self.at[0] <= 90 and -180 <= self.at[1] <= 180):
            raise ValueError(f"{self.at} is no place: write latitude and longitude in degrees")
        return self

    def near(self) -> policy.Near:
        at = (float(self.at[0]), float(self.at[1])) if self.at else None
        return policy.Near(float(self.km), self.mission, at, self.name)


class Condition(BaseModel):
    model_config = Strict
    categories: list[Literal["natural", "health", "human_made"]] = []
    hazards: list[Name] = []
    min_level: LevelName | None = None
    countries: list[Name] = []
    unknown_country: bool = False
    nationals: list[
        Literal["unknown", "none_reported", "reported", "harmed", "confirmed", "none_checked"]
    ] = []
    feed_kinds: list[Name] = []
    tiers: list[Name] = []
    min_independent_sources: Toll | None = None
    communications: list[Name] = []
    changes: list[Name] = []
    figures: dict[str, Amount] = {}
    max_depth_km: Amount | None = None
    unknown_number: bool = False
    words: list[Name] = []
    any: list[Condition] = []
    all: list[Condition] = []
    none: list[Condition] = []
    night_level: LevelName | None = None
    severities: list[Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]] = []
    urgencies: list[Literal["Immediate", "Expected", "Future", "Past", "Unknown"]] = []
    certainties: list[Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]] = []
    near: list[Near] = []
    unknown_place: bool = False
    feeds: list[Name] = []
    tags: list[Name] = []
    min_advice_step: Annotated[int, Field(ge=1, le=4)] | None = None
    min_probability: Annotated[float | int, Field(ge=0, le=1)] | None = None
    hours: list[Hours] = []
    at_night: bool | None = None

    def condition(self) -> policy.Condition:
        return policy.Condition(
            categories=tuple(self.categories),
            hazards=tuple(self.hazards),
            min_level=self.min_level,
            countries=tuple(self.countries),
            unknown_country=self.unknown_country,
            nationals=tuple(self.nationals),
            feed_kinds=tuple(self.feed_kinds),
            tiers=tuple(self.tiers),
            min_independent_sources=self.min_independent_sources,
            communications=tuple(self.communications),
            changes=tuple(self.changes),
            figures={kind: float(value) for kind, value in self.figures.items()},
            max_depth_km=None if self.max_depth_km is None else float(self.max_depth_km),
            unknown_number=self.unknown_number,
            words=tuple(self.words),
            any_of=tuple(each.condition() for each in self.any),
            all_of=tuple(each.condition() for each in self.all),
            none_of=tuple(each.condition() for each in self.none),
            night_level=self.night_level,
            severities=tuple(self.severities),
            urgencies=tuple(self.urgencies),
            certainties=tuple(self.certainties),
            near=tuple(each.near() for each in self.near),
            unknown_place=self.unknown_place,
            feeds=tuple(self.feeds),
            tags=tuple(self.tags),
            min_advice_step=self.min_advice_step,
            min_probability=None if self.min_probability is None else float(self.min_probability),
            hours=tuple(each.hours() for each in self.hours),
            at_night=self.at_night,
        )


class Rule(BaseModel):
    model_config = Strict
    id: Id
    name: Both
    when: Condition
    notify: Annotated[list[Id], Field(min_length=1)]
    shadow: bool = False
    enabled: bool = True


class Dead(BaseModel):
    model_config = Strict
    dead: Toll
    dead_near: Toll


class AlertAt(Dead):
    magnitude: Magnitude
    magnitude_near: Magnitude


class Levels(BaseModel):
    model_config = Strict
    exposure: list[Name] = ["neighbours", "asean"]
    coasts: list[Name] = ["home", "neighbours", "asean"]
    mass_casualty: Dead = Dead(dead=50, dead_near=10)
    alert: AlertAt = AlertAt(dead=10, dead_near=3, magnitude=6.0, magnitude_near=5.5)
    big_magnitude: Magnitude = 7.0
    watch_magnitude: Magnitude = 5.0
    mission_km: Annotated[float | int, Field(ge=0, le=20_000, allow_inf_nan=False)] = 300
    leave_calls: Toll = 3
    grave_hazards: list[Name] = list(policy.LevelPolicy().grave_hazards)


class Flood(BaseModel):
    model_config = Strict
    count: Toll = 10
    within: Gap = timedelta(minutes=10)


class Waits(BaseModel):
    model_config = Strict
    FLASH: FlashWait = timedelta(0)
    ALERT: AlertWait = timedelta(minutes=3)
    WATCH: Wait = timedelta(minutes=10)
    INFO: Wait = timedelta(minutes=10)


class Flapping(BaseModel):
    model_config = Strict
    changes: Annotated[int, Field(ge=2)] = 4
    within: Gap = timedelta(hours=24)
    hold: Gap = timedelta(hours=2)


Round = Annotated[int, Field(ge=1, le=5)]


class Rounds(BaseModel):
    model_config = Strict
    FLASH: Round = 3
    ALERT: Round = 1
    WATCH: Round = 1
    INFO: Round = 1


class Timing(BaseModel):
    model_config = Strict
    wait: Waits = Waits()
    update_gap: Gap = timedelta(minutes=30)
    flood: Flood = Flood()
    flapping: Flapping = Flapping()
    rounds: Rounds = Rounds()


class Step(BaseModel):
    model_config = Strict
    after: After
    to: Literal["primary", "backup", "head", "all", "channels"]

    @model_validator(mode="after")
    def _mail_first(self) -> Step:
        if self.to == "channels" and self.after <= timedelta(0):
            raise ValueError(
                "'channels' is a later step: a mail goes first, and a FLASH goes by the channels "
                "at once as well; write {after: 5m, to: channels}"
            )
        return self


class Chains(BaseModel):
    model_config = Strict
    FLASH: list[Step] = []
    ALERT: list[Step] = []
    WATCH: list[Step] = []


class Digest(BaseModel):
    model_config = Strict
    id: Id
    at: Clock
    to: Annotated[list[Id], Field(min_length=1)]
    days: Days = tuple(range(7))
    covers: Period = timedelta(days=1)
    draft: Clock | None = None
    onward: list[Id] = []


class Voices(BaseModel):
    model_config = Strict
    advice_ministries: Annotated[int, Field(ge=2)] = 3
    advice_within: Gap = timedelta(hours=24)
    speakers: Annotated[int, Field(ge=2)] = 3
    speak_within: Gap = timedelta(hours=24)
    home_silent_after: Gap = timedelta(hours=3)


class File(BaseModel):
    model_config = Strict
    home: Home
    regions: dict[RegionName, list[Code]] = {}
    people: Annotated[list[Person], Field(min_length=1)]
    teams: Annotated[list[Team], Field(min_length=1)]
    rules: list[Rule]
    levels: Levels = Levels()
    timing: Timing = Timing()
    voices: Voices = Voices()
    missions: FileName | None = None
    day: Hours | None = None
    holidays: FileName | None = None
    escalation: Chains = Chains()
    digests: list[Digest] = []

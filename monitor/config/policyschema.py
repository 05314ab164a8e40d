"""What `alerts.yaml` may hold: every key with its type, its limits and its words for a fault."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts import policy
from alerts.hours import Hours as Stretch
from monitor.config.faults import Wrong
from monitor.config.feedschema import Zone
from monitor.config.policyvalues import (
    Address,
    After,
    AlertWait,
    Amount,
    CalendarName,
    Clock,
    Days,
    FileName,
    FlashWait,
    Gap,
    Id,
    LevelName,
    LocalTime,
    Magnitude,
    Number,
    Period,
    Ref,
    RegionName,
    Toll,
    Wait,
)
from monitor.names import Code, Name

Strict = ConfigDict(extra="forbid", strict=True)
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
    primary: Ref
    backup: Ref | None = None


class Override(BaseModel):
    model_config = Strict
    starts: LocalTime = Field(alias="from")
    ends: LocalTime = Field(alias="to")
    primary: Ref | None = None
    backup: Ref | None = None
    note: str = ""


class Team(BaseModel):
    model_config = Strict
    id: Id
    name: Both
    members: Annotated[list[Ref], Field(min_length=1)]
    head: Ref | None = None
    roster: list[Shift] = []
    overrides: list[Override] = []
    calendar: CalendarName | None = None
    channels: list[Name] = []
    quiet: list[Hours] = []


class Near(BaseModel):
    model_config = Strict
    km: Annotated[Number, Field(gt=0, le=20_000, allow_inf_nan=False)]
    mission: Ref | None = None
    at: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    name: Name = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Near:
        if (self.mission is None) == (self.at is None):
            raise Wrong("mission_or_at")
        if self.at and not (-90 <= self.at[0] <= 90 and -180 <= self.at[1] <= 180):
            raise Wrong("no_place", given=self.at)
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
    min_probability: Annotated[Number, Field(ge=0, le=1)] | None = None
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
            empty=tuple(
                key
                for key in Condition.model_fields
                if key in self.model_fields_set and getattr(self, key) == []
            ),
        )


class Rule(BaseModel):
    model_config = Strict
    id: Id
    name: Both
    when: Condition
    notify: Annotated[list[Ref], Field(min_length=1)]
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
    mission_km: Annotated[Number, Field(ge=0, le=20_000, allow_inf_nan=False)] = 300
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
            raise Wrong("channels_later")
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
    to: Annotated[list[Ref], Field(min_length=1)]
    days: Days = tuple(range(7))
    covers: Period = timedelta(days=1)
    draft: Clock | None = None
    onward: list[Ref] = []


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

"""`alerts.yaml`: from the supervisors' file to the plain values that `alerts` decides on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from alerts.policy import (
    Both,
    Condition,
    DigestPlan,
    EscalationStep,
    LevelPolicy,
    Person,
    Policy,
    Rule,
    Shift,
    Team,
    Timing,
)
from monitor.config.duration import parse_duration
from monitor.config.feedlist import KINDS, TIERS, Zone
from monitor.config.words_near import near
from monitor.config.yamlfile import faults_of, line_of, plain, read_yaml, whose
from monitor.errors import ConfigError
from monitor.names import Code, Name, known_country
from storage.records import Level

Strict = ConfigDict(extra="forbid", strict=True)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIGURES = (
    "dead", "injured", "missing", "displaced", "affected", "cases", "magnitude", "depth_km",
    "category", "wind_kmh", "height_m",
)  # fmt: skip
CHANGES = (
    "opened", "joined", "communication", "advice", "level_raised", "level_lowered", "corrected",
    "figure", "withdrawn", "lifted", "expired", "nationals",
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
Days = Annotated[tuple[int, ...], BeforeValidator(_days)]
LevelName = Annotated[Level, BeforeValidator(_level)]
Address = Annotated[str, AfterValidator(_address)]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
Wait = Annotated[timedelta, BeforeValidator(_within(timedelta(), _HOUR, "a time from 0s to 1h"))]
Gap = Annotated[
    timedelta, BeforeValidator(_within(timedelta(minutes=1), _DAY, "a time from 1m to 24h"))
]
Step = Annotated[timedelta, BeforeValidator(_within(timedelta(), _DAY, "a time from 0m to 24h"))]
RegionName = Annotated[Name, AfterValidator(_region)]
Toll = Annotated[int, Field(ge=1)]
Magnitude = Annotated[float | int, Field(ge=0, le=10, allow_inf_nan=False)]
Amount = Annotated[float | int, Field(ge=0, le=1e12, allow_inf_nan=False)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]


class _Both(BaseModel):
    model_config = Strict
    th: Name
    en: Name

    def both(self) -> Both:
        return Both(self.th, self.en)


class _Home(BaseModel):
    model_config = Strict
    country: Code
    timezone: Zone = "UTC"
    languages: list[Literal["th", "en"]] = ["en"]
    ministry: _Both
    owner: Address | None = None
    nationals: list[Name] = []


class _Person(BaseModel):
    model_config = Strict
    id: Id
    role: _Both
    email: Address
    language: Literal["th", "en", "both"] = "both"


class _Shift(BaseModel):
    model_config = Strict
    days: Days = tuple(range(7))
    starts: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")
    primary: Id
    backup: Id | None = None


class _Team(BaseModel):
    model_config = Strict
    id: Id
    name: _Both
    members: Annotated[list[Id], Field(min_length=1)]
    head: Id | None = None
    roster: list[_Shift] = []


class _Condition(BaseModel):
    model_config = Strict
    categories: list[Literal["natural", "health", "human_made"]] = []
    hazards: list[Name] = []
    min_level: LevelName | None = None
    countries: list[Name] = []
    unknown_country: bool = False
    nationals: list[Literal["unknown", "none_reported", "reported", "harmed"]] = []
    feed_kinds: list[Name] = []
    tiers: list[Name] = []
    min_independent_sources: Toll | None = None
    communications: list[Name] = []
    changes: list[Name] = []
    figures: dict[str, Amount] = {}
    max_depth_km: Amount | None = None
    unknown_number: bool = False
    words: list[Name] = []
    any: list[_Condition] = []
    all: list[_Condition] = []
    none: list[_Condition] = []

    def condition(self) -> Condition:
        return Condition(
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
        )


class _Rule(BaseModel):
    model_config = Strict
    id: Id
    name: _Both
    when: _Condition
    notify: Annotated[list[Id], Field(min_length=1)]
    shadow: bool = False
    enabled: bool = True


class _Dead(BaseModel):
    model_config = Strict
    dead: Toll
    dead_near: Toll


class _AlertAt(_Dead):
    magnitude: Magnitude
    magnitude_near: Magnitude


class _Levels(BaseModel):
    model_config = Strict
    exposure: list[Name] = ["neighbours", "asean"]
    coasts: list[Name] = ["home", "neighbours", "asean"]
    mass_casualty: _Dead = _Dead(dead=50, dead_near=10)
    alert: _AlertAt = _AlertAt(dead=10, dead_near=3, magnitude=6.0, magnitude_near=5.5)
    big_magnitude: Magnitude = 7.0
    watch_magnitude: Magnitude = 5.0
    mission_km: Annotated[float | int, Field(ge=0, le=20_000, allow_inf_nan=False)] = 300
    leave_calls: Toll = 3
    grave_hazards: list[Name] = list(LevelPolicy().grave_hazards)


class _Flood(BaseModel):
    model_config = Strict
    count: Toll = 10
    within: Gap = timedelta(minutes=10)


class _Waits(BaseModel):
    model_config = Strict
    FLASH: Wait = timedelta(0)
    ALERT: Wait = timedelta(minutes=3)
    WATCH: Wait = timedelta(minutes=10)
    INFO: Wait = timedelta(minutes=10)


class _Timing(BaseModel):
    model_config = Strict
    wait: _Waits = _Waits()
    update_gap: Gap = timedelta(minutes=30)
    flood: _Flood = _Flood()


class _Step(BaseModel):
    model_config = Strict
    after: Step
    to: Literal["primary", "backup", "head", "all"]


class _Chains(BaseModel):
    model_config = Strict
    FLASH: list[_Step] = []
    ALERT: list[_Step] = []
    WATCH: list[_Step] = []


class _Digest(BaseModel):
    model_config = Strict
    id: Id
    at: Clock
    to: Annotated[list[Id], Field(min_length=1)]


class _File(BaseModel):
    model_config = Strict
    home: _Home
    regions: dict[RegionName, list[Code]] = {}
    people: Annotated[list[_Person], Field(min_length=1)]
    teams: Annotated[list[_Team], Field(min_length=1)]
    rules: list[_Rule]
    levels: _Levels = _Levels()
    timing: _Timing = _Timing()
    escalation: _Chains = _Chains()
    digests: list[_Digest] = []


_REMEDIES = {
    "country": "write the ISO code of two capital letters, for example TH",
    "email": "write a mail address, for example desk@ministry.example",
    "notify": "write the ids of teams in brackets, for example [duty]",
    "to": 'write a time such as "20:00" for a shift, a list of team ids for a digest',
    "roster": 'write one \'- {days: daily, from: "08:00", to: "20:00", primary: …}\' per shift',
    "role": "write {th: …, en: …}",
    "when": "write the conditions, for example {min_level: ALERT, countries: [asean]}",
}


def read_policy(path: Path) -> Policy:
    """The policy in the file. Raises ConfigError naming file, line, key and remedy."""
    data = read_yaml(path)
    try:
        parsed = _File.model_validate(plain(data))
    except ValidationError as error:
        raise faults_of(path, data, error, _REMEDIES) from error
    _check_references(path, data, parsed)
    return Policy(
        home_country=parsed.home.country,
        timezone=parsed.home.timezone,
        languages=tuple(parsed.home.languages),
        ministry=parsed.home.ministry.both(),
        owner=parsed.home.owner,
        regions={name: tuple(codes) for name, codes in parsed.regions.items()},
        people={
            each.id: Person(each.id, each.role.both(), each.email, each.language)
            for each in parsed.people
        },
        teams={each.id: _team(each) for each in parsed.teams},
        rules=tuple(
            Rule(
                id=each.id,
                name=each.name.both(),
                when=each.when.condition(),
                teams=tuple(each.notify),
                shadow=each.shadow,
                enabled=each.enabled,
            )
            for each in parsed.rules
        ),
        levels=_levels(parsed.levels),
        timing=Timing(
            group_wait={level: getattr(parsed.timing.wait, level.name) for level in Level},
            update_gap=parsed.timing.update_gap,
            flood_count=parsed.timing.flood.count,
            flood_window=parsed.timing.flood.within,
        ),
        escalation={
            level: tuple(
                EscalationStep(step.after, step.to)
                for step in getattr(parsed.escalation, level.name, [])
            )
            for level in Level
        },
        digests=tuple(DigestPlan(each.id, each.at, tuple(each.to)) for each in parsed.digests),
        nationals_words=tuple(parsed.home.nationals),
    )


def _team(team: _Team) -> Team:
    return Team(
        id=team.id,
        name=team.name.both(),
        members=tuple(team.members),
        roster=tuple(
            Shift(shift.days, shift.starts, shift.ends, shift.primary, shift.backup)
            for shift in team.roster
        ),
        head=team.head,
    )


def _levels(levels: _Levels) -> LevelPolicy:
    return LevelPolicy(
        exposure_regions=tuple(levels.exposure),
        covered_coasts=tuple(levels.coasts),
        mass_casualty_dead=levels.mass_casualty.dead,
        mass_casualty_dead_near=levels.mass_casualty.dead_near,
        alert_dead=levels.alert.dead,
        alert_dead_near=levels.alert.dead_near,
        big_magnitude=float(levels.big_magnitude),
        alert_magnitude=float(levels.alert.magnitude),
        alert_magnitude_near=float(levels.alert.magnitude_near),
        watch_magnitude=float(levels.watch_magnitude),
        mission_km=float(levels.mission_km),
        leave_calls=levels.leave_calls,
        grave_hazards=tuple(levels.grave_hazards),
    )


def _check_references(path: Path, data: Any, parsed: _File) -> None:
    """Names that point elsewhere in the file must point at something."""
    people = _unique(path, data, "people", [each.id for each in parsed.people])
    teams = _unique(path, data, "teams", [each.id for each in parsed.teams])
    _unique(path, data, "rules", [each.id for each in parsed.rules])
    _unique(path, data, "digests", [each.id for each in parsed.digests])

    def known(name: str, choice: Iterable[str], what: str, *location: str | int) -> None:
        if name not in choice:
            key = ".".join(str(x) for x in location)
            raise ConfigError(
                f"{path}:{line_of(data, location)}: {key}{whose(data, location)}: "
                f"{name!r} is no known {what}{near(name, choice) or _one_of(choice)}"
            )

    def place(name: str, what: str, *location: str | int) -> None:
        if not known_country(name):
            known(name, ("home", *parsed.regions), what, *location)

    for index, team in enumerate(parsed.teams):
        for member in team.members:
            known(member, people, "person", "teams", index, "members")
        if team.head:
            known(team.head, people, "person", "teams", index, "head")
        for number, shift in enumerate(team.roster):
            for holder in filter(None, (shift.primary, shift.backup)):
                known(holder, people, "person", "teams", index, "roster", number)
    for index, digest in enumerate(parsed.digests):
        for name in digest.to:
            known(name, teams, "team", "digests", index, "to")
    for name in (*parsed.levels.exposure, *parsed.levels.coasts):
        place(name, "country code or region", "levels")
    hazards = hazard_keys()
    for name in parsed.levels.grave_hazards:
        known(name, hazards, "hazard", "levels", "grave_hazards")
    choices: Mapping[str, Iterable[str]] = {
        "hazards": hazards,
        "feed_kinds": KINDS,
        "tiers": TIERS,
        "communications": COMMUNICATIONS,
        "changes": CHANGES,
        "figures": FIGURES,
    }
    for index, rule in enumerate(parsed.rules):
        for name in rule.notify:
            known(name, teams, "team", "rules", index, "notify")
        for condition in _walk(rule.when):
            for key, choice in choices.items():
                for name in getattr(condition, key):
                    known(name, choice, key.rstrip("s"), "rules", index, "when", key)
            for name in condition.countries:
                place(name, "country code or region", "rules", index, "when", "countries")
            magnitude = condition.figures.get("magnitude", 0)
            if magnitude > 10:
                raise ConfigError(
                    f"{path}:{line_of(data, ('rules', index, 'when', 'figures'))}: figures "
                    f"(rule {rule.id!r}): no magnitude is {magnitude:g}: write one from 0 to 10"
                )


def hazard_keys() -> tuple[str, ...]:
    """The hazards that the catalogue of words knows."""
    from alerts import words

    return tuple(words.current().hazards)


def _one_of(choice: Iterable[str]) -> str:
    shown = [*choice]
    more = f" or another of {len(shown)}" if len(shown) > 20 else ""
    return f": write one of {', '.join(shown[:20])}{more}"


def _walk(condition: _Condition) -> Iterable[_Condition]:
    yield condition
    for each in (*condition.any, *condition.all, *condition.none):
        yield from _walk(each)


def _unique(path: Path, data: Any, section: str, ids: list[str]) -> list[str]:
    for index, name in enumerate(ids):
        if name in ids[:index]:
            raise ConfigError(
                f"{path}:{line_of(data, (section, index))}: {section}: the id {name!r} stands "
                "twice: give each its own"
            )
    return ids

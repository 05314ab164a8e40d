"""The missions file that `alerts.yaml` names: where our missions are, and what each looks after."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

from alerts import policy
from monitor.config.faults import FileFault, Said, Wrong, meant_by, said
from monitor.config.policyschema import Both, Strict
from monitor.config.policyvalues import Id, Number
from monitor.config.yamlfile import fault_at, faults_of, plain, read_yaml
from monitor.names import Code, Name, known_country, one_visible_line

_SHIPPED = Path(__file__).parent.parent / "defaults"
# The word of [fault.remedy] that says what to write, by the name of the key.
_REMEDIES = {
    "at": "place",
    "country": "country",
    "covers": "covers",
    "parts": "parts",
    "contact": "contact",
    "name": "both",
    "th": "thai",
    "en": "english",
    "kind": "mission_kind",
}


def _degrees(found: list[float]) -> list[float]:
    if not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        raise Wrong("no_place", given=found)
    return found


def _day(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Wrong("no_date", given=repr(value)) from error


def _line(text: str) -> str:
    return one_visible_line(text.strip())


Degrees = Annotated[list[Number], Field(min_length=2, max_length=2), AfterValidator(_degrees)]
Day = Annotated[date, BeforeValidator(_day)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_line)]


class Seat(BaseModel):
    model_config = Strict
    city: Name
    country: Code
    at: Degrees
    since: Day | None = None


class Part(BaseModel):
    model_config = Strict
    country: Code
    names: Annotated[list[Name], Field(min_length=1)]


class Mission(BaseModel):
    model_config = Strict
    id: Id
    kind: Literal["embassy", "consulate_general", "permanent_mission", "trade_office"] = "embassy"
    name: Both
    city: Name
    country: Code
    at: Degrees | None = None
    covers: list[Code] = []
    parts: list[Part] = []
    works_from: Seat | None = None
    contact: Line = ""
    confirmed: bool = False


class Department(BaseModel):
    model_config = Strict
    id: Id
    name: Both
    countries: Annotated[list[Name], Field(min_length=1)]
    confirmed: bool = False


class Registered(BaseModel):
    model_config = Strict
    count: Annotated[int, Field(ge=0, le=100_000_000)]
    as_of: Day | None = None


class File(BaseModel):
    model_config = Strict
    departments: list[Department] = []
    registered: dict[Code, Registered] = {}
    missions: Annotated[list[Mission], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Missions:
    """What the file says, as the plain values of the policy."""

    missions: tuple[policy.Mission, ...] = ()
    departments: tuple[policy.Department, ...] = ()
    registered: dict[str, policy.Registered] | None = None


def path_beside(alerts: Path, name: str) -> Path:
    """Where the file is: beside `alerts.yaml`, else the shipped one of that name."""
    beside = alerts.parent / name
    shipped = _SHIPPED / name
    return shipped if not beside.exists() and shipped.exists() else beside


def read_missions(path: Path, regions: Collection[str]) -> Missions:
    """The missions file. Raises ConfigError naming file, line, key and remedy."""
    data = read_yaml(path)
    try:
        parsed = File.model_validate(plain(data))
    except ValidationError as error:
        raise faults_of(path, data, error, _REMEDIES, File) from error

    def fault(what: Said, *location: str | int) -> FileFault:
        return fault_at(path, data, location, what)

    for section in ("missions", "departments"):
        ids = [each.id for each in getattr(parsed, section)]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                raise fault(said("twice_id", name=repr(name)), section, index)
    for index, each in enumerate(parsed.missions):
        if not each.covers and not each.parts and each.kind == "embassy":
            raise fault(said("embassy_covers", code=each.country), "missions", index)
    for index, department in enumerate(parsed.departments):
        for name in department.countries:
            if not known_country(name) and name not in regions:
                what = said("no_region", given=repr(name), hint=meant_by(name, regions))
                raise fault(what, "departments", index, "countries")
    named = frozenset((of.country, name) for each in parsed.missions for of in each.parts
                      for name in of.names)  # fmt: skip
    known = _spellings(named)
    return Missions(
        missions=tuple(_mission(each, known) for each in parsed.missions),
        departments=tuple(
            policy.Department(each.id, each.name.both(), tuple(each.countries), each.confirmed)
            for each in parsed.departments
        ),
        registered={
            code: policy.Registered(each.count, each.as_of)
            for code, each in parsed.registered.items()
        },
    )


@lru_cache(maxsize=4)  # the file is read again and again, and rarely with other names
def _spellings(named: frozenset[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    from classifiers.gazetteer import spellings

    return spellings(named) if named else {}


def _part(found: Part, known: Mapping[tuple[str, str], tuple[str, ...]]) -> policy.Part:
    """A part of a country; what a Thai source calls it is known from the gazetteer."""
    spelled = (
        (other, name) for name in found.names for other in known.get((found.country, name), ())
    )
    return policy.Part(found.country, tuple(found.names), tuple(spelled))


def _mission(found: Mission, known: Mapping[tuple[str, str], tuple[str, ...]]) -> policy.Mission:
    lat, lon = found.at or (None, None)
    seat = found.works_from
    return policy.Mission(
        id=found.id,
        name=found.name.both(),
        country=found.country,
        lat=None if lat is None else float(lat),
        lon=None if lon is None else float(lon),
        kind=found.kind,
        city=found.city,
        covers=tuple(found.covers),
        parts=tuple(_part(each, known) for each in found.parts),
        works_from=None
        if seat is None
        else policy.Seat(
            seat.city, seat.country, float(seat.at[0]), float(seat.at[1]), seat.since
        ),
        contact=found.contact,
        confirmed=found.confirmed,
    )  # fmt: skip

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
from monitor.config.policyschema import Both, Id, Strict
from monitor.config.words_near import near
from monitor.config.yamlfile import faults_of, line_of, plain, read_yaml, whose
from monitor.errors import ConfigError
from monitor.names import Code, Name, known_country, one_visible_line

_SHIPPED = Path(__file__).parent.parent / "defaults"
_REMEDIES = {
    "at": "write latitude and longitude in degrees, for example [16.81, 96.16]",
    "country": "write the ISO code of two capital letters, for example MM",
    "covers": "write ISO codes in brackets, for example [MM]",
    "parts": "write [{country: CN, names: [Yunnan, Kunming]}]",
    "contact": 'write one line between quotation marks, or "" while there is none',
    "name": "write {th: …, en: …}",
    "kind": "write embassy, consulate_general, permanent_mission or trade_office",
}


def _degrees(found: list[float]) -> list[float]:
    if not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        raise ValueError(f"{found} is no place: {_REMEDIES['at']}")
    return found


def _day(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(value) if isinstance(value, str) else value


def _line(text: str) -> str:
    return one_visible_line(text.strip())


Degrees = Annotated[list[float | int], Field(min_length=2, max_length=2), AfterValidator(_degrees)]
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
        raise faults_of(path, data, error, _REMEDIES) from error

    def fault(text: str, *location: str | int) -> ConfigError:
        key = ".".join(str(part) for part in location)
        where = f"{path}:{line_of(data, location)}: {key}{whose(data, location)}"
        return ConfigError(f"{where}: {text}")

    for section in ("missions", "departments"):
        ids = [each.id for each in getattr(parsed, section)]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                raise fault(f"the id {name!r} stands twice: give each its own", section, index)
    for index, each in enumerate(parsed.missions):
        if not each.covers and not each.parts and each.kind == "embassy":
            raise fault(
                "an embassy is responsible for a country: write covers, for example "
                f"[{each.country}]", "missions", index,
            )  # fmt: skip
    for index, department in enumerate(parsed.departments):
        for name in department.countries:
            if not known_country(name) and name not in regions:
                raise fault(
                    f"{name!r} is no country code and no region of alerts.yaml"
                    f"{near(name, regions)}",
                    "departments", index, "countries",
                )  # fmt: skip
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

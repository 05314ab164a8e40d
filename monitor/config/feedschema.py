"""What `feeds.yaml` may hold: every key with its type, its limits and its words for a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from monitor.config.duration import parse_duration
from monitor.config.faults import Said, Wrong
from monitor.config.yamlfile import one_fault
from monitor.names import Code, Name
from monitor.typeddate import year_meant

KINDS = ("hazard", "health", "human_made", "ministry", "advice", "news")
TIERS = ("official", "un", "wire", "media", "other")
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=7)


def valid_url(text: str) -> str:
    """The address as it is; raises ValueError if it is no http or https address."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise Wrong("no_web_address", given=repr(text)) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise Wrong("no_web_address", given=repr(text))
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Wrong("no_time_zone", given=repr(text)) from error
    return text


def _encoding(text: str | None) -> str | None:
    import codecs

    if text is not None:
        known = "cp874" if text.lower() in ("windows-874", "windows_874") else text
        try:
            codecs.lookup(known)
        except LookupError as error:
            raise Wrong("no_encoding", given=repr(text)) from error
    return text


def _every(value: object) -> timedelta:
    try:
        every = parse_duration(value)
    except ValueError as error:
        raise Wrong("no_interval", given=repr(value)) from error
    if not SHORTEST <= every <= LONGEST:
        raise Wrong("interval_bounds", given=repr(value), least="1s", most="7d")
    return every


def _until(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):  # the YAML reader has a kind of its own
        found = datetime.fromisoformat(value.isoformat())
    elif isinstance(value, date):
        found = datetime.combine(value, time())
    else:
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            raise Wrong("no_day_or_time", given=repr(value)) from error
    try:
        return found.replace(year=year_meant(found.year))
    except ValueError as error:  # also the 29th of February where our year has none
        raise Wrong("no_year", given=str(value)) from error


Url = Annotated[str, AfterValidator(valid_url)]
Zone = Annotated[str, AfterValidator(_zone)]
Every = Annotated[timedelta, BeforeValidator(_every)]
Until = Annotated[datetime | None, BeforeValidator(_until)]
Pace = Literal["steady", "adaptive"]
Strict = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=False)


class Defaults(BaseModel):
    model_config = Strict
    every: Every = timedelta(minutes=15)
    timezone: Zone = "UTC"
    tier: Literal["official", "un", "wire", "media", "other"] = "other"
    language: str | None = None
    pace: Pace = "steady"


class Entry(BaseModel):
    model_config = Strict
    name: Name
    url: Url
    kind: Literal["hazard", "health", "human_made", "ministry", "advice", "news"]
    id: Name | None = None
    alternates: list[Url] = []
    publisher: Name | None = None
    country: Code | None = None
    organisation: Name | None = None
    coverage: list[Name] = ["world"]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None
    tier: Literal["official", "un", "wire", "media", "other"] | None = None
    category: Literal["natural", "health", "human_made"] | None = None
    priority: bool = False
    every: Every | None = None
    pace: Pace | None = None
    timezone: Zone | None = None
    encoding: Annotated[str | None, AfterValidator(_encoding)] = None
    format: Literal["auto", "rss", "atom", "cap", "geojson", "json", "jsonfeed", "jma", "page"] = (
        "auto"
    )
    selector: str | None = None
    headers: dict[str, str] = {}
    home: bool = False
    enabled: bool = True
    until: Until = None
    reason: str | None = None
    tags: list[Name] = []
    note: str | None = None
    certificates: list[Name] = []


class File(BaseModel):
    model_config = Strict
    defaults: Defaults = Defaults()
    feeds: list[Entry]


# The word of [fault.remedy] that says what to write, by the name of the key.
REMEDIES = {
    "name": "feed_name",
    "url": "feed_url",
    "kind": "feed_kind",
    "country": "country",
    "language": "language",
    "every": "every",
    "feeds": "feeds",
    "certificates": "certificates",
    "selector": "selector",
    "pace": "pace",
    "until": "until",
    "reason": "reason",
}


def fault_of_entry(values: Mapping[str, Any]) -> tuple[str, Said] | None:
    """The key that is wrong in an entry by itself, and how; None if nothing is."""
    try:
        Entry.model_validate(dict(values))
    except ValidationError as error:
        return one_fault(error, REMEDIES)
    return None

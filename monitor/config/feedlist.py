"""`feeds.yaml`: what to poll, as the officers wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
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
from monitor.config.yamlfile import faults_of, line_of, one_fault, plain, read_yaml
from monitor.errors import ConfigError
from monitor.names import Code, Name, key_form
from storage.records import FeedIdentity, FeedState

KINDS = ("hazard", "health", "human_made", "ministry", "advice", "news")
TIERS = ("official", "un", "wire", "media", "other")
_MAX_PEM_BYTES = 64 * 1024
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of the list, with the defaults filled in."""

    name: str
    url: str
    kind: str
    publisher: str
    id: str | None
    alternates: tuple[str, ...]
    country: str | None
    organisation: str | None
    coverage: tuple[str, ...]
    language: str | None
    tier: str
    category: str | None
    priority: bool
    every: timedelta
    timezone: str
    encoding: str | None
    format: str
    selector: str | None
    headers: Mapping[str, str]
    home: bool
    enabled: bool
    tags: tuple[str, ...]
    note: str
    line: int
    certificates: tuple[bytes, ...] = ()
    pace: str = "steady"  # adaptive: tighter and looser by what is known, see ingest/tempo.py
    until: datetime | None = None  # a feed that is off is read again from then on; may be naive
    reason: str = ""  # why it is off

    @property
    def communicates(self) -> bool:
        """True for feeds by which a ministry speaks to the public."""
        return self.kind in ("ministry", "advice")

    def read_at(self, now: datetime, timezone: str) -> bool:
        """Whether it is polled at `now`: enabled, or switched off until a time that has come.

        `timezone` is the home zone, for a time that stands in the file without one.
        """
        if self.enabled or self.until is None:
            return self.enabled
        until = self.until
        return now >= (until if until.tzinfo else until.replace(tzinfo=ZoneInfo(timezone)))


@dataclass(frozen=True, slots=True)
class FeedList:
    """All feeds of one file, in its order."""

    path: Path
    feeds: tuple[Feed, ...]

    @property
    def enabled(self) -> tuple[Feed, ...]:
        """The feeds that are polled."""
        return tuple(feed for feed in self.feeds if feed.enabled)

    def read_at(self, now: datetime, timezone: str) -> tuple[Feed, ...]:
        """The feeds that are polled at `now`; `timezone` is the home zone."""
        return tuple(feed for feed in self.feeds if feed.read_at(now, timezone))

    def named(self, name: str) -> Feed:
        """The feed of that name or id; upper and lower case do not matter.

        Raises ConfigError naming near matches.
        """
        wanted = name.casefold()
        for feed in self.feeds:
            if wanted in (feed.name.casefold(), (feed.id or "").casefold()):
                return feed
        near = [feed.name for feed in self.feeds if wanted in feed.name.casefold()][:5]
        hint = f": did you mean {', '.join(near)}?" if near else ""
        raise ConfigError(f"no feed is named {name!r} in {self.path}{hint}")


def valid_url(text: str) -> str:
    """The address as it is; raises ValueError if it is no http or https address."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"{text!r} is no web address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise ValueError(f"{text!r} is no web address: it must start with https:// or http://")
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"{text!r} is no time zone: write for example Asia/Bangkok or UTC"
        ) from error
    return text


def _encoding(text: str | None) -> str | None:
    import codecs

    if text is not None:
        known = "cp874" if text.lower() in ("windows-874", "windows_874") else text
        try:
            codecs.lookup(known)
        except LookupError as error:
            raise ValueError(
                f"{text!r} is no encoding: write for example windows-874 or utf-8"
            ) from error
    return text


def _every(value: object) -> timedelta:
    try:
        every = parse_duration(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is no interval: write for example 5m, 15m or 1h") from error
    if not SHORTEST <= every <= LONGEST:
        raise ValueError(f"{value!r}: write an interval from 1s to 7d")
    return every


def _until(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):  # the YAML reader has a kind of its own
        return datetime.fromisoformat(value.isoformat())
    if isinstance(value, date):
        return datetime.combine(value, time())
    try:
        return datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise ValueError(
            f"{value!r} is no day or time: write for example 2026-12-01 or 2026-12-01T08:00"
        ) from error


_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # a token: RFC 9110, section 5.6.2
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")  # latin-1 that shows

Url = Annotated[str, AfterValidator(valid_url)]
Zone = Annotated[str, AfterValidator(_zone)]
Every = Annotated[timedelta, BeforeValidator(_every)]
Until = Annotated[datetime | None, BeforeValidator(_until)]
Pace = Literal["steady", "adaptive"]
Strict = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=False)


class _Defaults(BaseModel):
    model_config = Strict
    every: Every = timedelta(minutes=15)
    timezone: Zone = "UTC"
    tier: Literal["official", "un", "wire", "media", "other"] = "other"
    language: str | None = None
    pace: Pace = "steady"


class _Entry(BaseModel):
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


class _File(BaseModel):
    model_config = Strict
    defaults: _Defaults = _Defaults()
    feeds: list[_Entry]


_REMEDIES = {
    "name": "give the feed a short name of its own",
    "url": "write the address, starting with https://",
    "kind": f"write one of {', '.join(KINDS)}",
    "country": "write the ISO code of two capital letters, for example TH",
    "language": "write the ISO code of two small letters, for example th",
    "every": "write for example 5m, 15m or 1h",
    "feeds": "write 'feeds:' and under it one '- name: …' per feed",
    "certificates": "write a list of PEM files: [signer.pem]",
    "selector": "a selector belongs to 'format: page'",
    "pace": "write steady or adaptive",
    "until": "write the day or time at which it is read again, for example 2026-12-01",
    "reason": "write in one line why the feed is off",
}


def read_feedlist(path: Path, environ: Mapping[str, str] | None = None) -> FeedList:
    """The feed list in the file. Raises ConfigError naming file, line, key and remedy.

    `environ` supplies header values written as `env:NAME`.
    """
    data = read_yaml(path)
    try:
        parsed = _File.model_validate(plain(data))
    except ValidationError as error:
        raise faults_of(path, data, error, _REMEDIES) from error
    feeds = tuple(
        _feed(
            entry,
            parsed.defaults,
            line_of(data, ("feeds", index)),
            environ or {},
            path,
            _certificates(entry, path, data, index),
        )
        for index, entry in enumerate(parsed.feeds)
    )
    _refuse_doubles(path, data, feeds)
    return FeedList(path, feeds)


def fault_of_entry(values: Mapping[str, Any]) -> str | None:
    """What is wrong with an entry by itself, in the words of the list; None if nothing is."""
    try:
        _Entry.model_validate(dict(values))
    except ValidationError as error:
        return one_fault(error, _REMEDIES)
    return None


def _feed(
    entry: _Entry,
    defaults: _Defaults,
    line: int,
    environ: Mapping[str, str],
    path: Path,
    certificates: tuple[bytes, ...],
) -> Feed:
    if entry.format == "page" and not entry.selector:
        raise ConfigError(f"{path}:{line}: {entry.name}: 'format: page' needs a 'selector'")
    if entry.selector:
        _check_selector(entry, line, path)
    if entry.until is not None and entry.enabled:
        raise ConfigError(
            f"{path}:{line}: until (feed {entry.name!r}): the feed is on: write 'enabled: false' "
            "beside it, or remove 'until'"
        )
    headers: dict[str, str] = {}
    for name, value in entry.headers.items():
        if value.startswith("env:") and environ.get(value[4:]) is None:
            raise ConfigError(
                f"{path}:{line}: headers.{name}: the environment has no {value[4:]}: set it"
            )
        headers[name] = environ[value[4:]] if value.startswith("env:") else value
        if re.search(r"[\r\n\0]", name + headers[name]):
            raise ConfigError(f"{path}:{line}: headers.{name}: a header is one line of text")
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(headers[name]):
            raise ConfigError(
                f"{path}:{line}: headers.{name} (feed {entry.name!r}): a header cannot hold these "
                "signs: write plain Latin letters, digits and signs"
            )
    return Feed(
        name=entry.name,
        url=entry.url,
        kind=entry.kind,
        publisher=entry.publisher or entry.name,
        id=entry.id,
        alternates=tuple(entry.alternates),
        country=entry.country,
        organisation=entry.organisation,
        coverage=tuple(entry.coverage),
        language=entry.language or defaults.language,
        tier=entry.tier or defaults.tier,
        category=entry.category,
        priority=entry.priority,
        every=entry.every or defaults.every,
        timezone=entry.timezone or defaults.timezone,
        encoding=entry.encoding,
        format=entry.format,
        selector=entry.selector,
        headers=headers,
        home=entry.home,
        enabled=entry.enabled,
        tags=tuple(entry.tags),
        note=entry.note or "",
        line=line,
        certificates=certificates,
        pace=entry.pace or defaults.pace,
        until=entry.until,
        reason=entry.reason or "",
    )


def _check_selector(entry: _Entry, line: int, path: Path) -> None:
    from monitor.parse.page import xpath_of  # heavy: only where one stands in the list

    where = f"{path}:{line}: selector (feed {entry.name!r})"
    if entry.format != "page":
        raise ConfigError(f"{where}: a selector belongs to 'format: page'")
    try:
        xpath_of(entry.selector or "")
    except ValueError as error:
        raise ConfigError(f"{where}: {error}: write for example 'ul.news a'") from error


def _certificates(entry: _Entry, path: Path, data: Any, index: int) -> tuple[bytes, ...]:
    """The PEM files of the feed's signers; a relative name is looked for beside the feed list."""
    found: list[bytes] = []
    for number, name in enumerate(entry.certificates):
        line = line_of(data, ("feeds", index, "certificates", number))
        where = f"{path}:{line}: certificates (feed {entry.name!r}): {name}"
        try:
            with (path.parent / name).open("rb") as file:
                pem = file.read(_MAX_PEM_BYTES + 1)
        except OSError as error:
            raise ConfigError(
                f"{where} cannot be read ({error.strerror or error}): put the file there, or "
                "write its path as seen from this list"
            ) from error
        if b"PRIVATE KEY" in pem:
            raise ConfigError(
                f"{where} holds a private key: only the publisher's certificate belongs here"
            )
        from monitor.parse.signature import load_certificates  # heavy: only where one is named

        try:
            if len(pem) > _MAX_PEM_BYTES or not load_certificates(pem):
                raise ValueError("too large, or empty")
        except ValueError as error:
            raise ConfigError(
                f"{where} is no certificate: give the signer's certificate as a PEM file "
                "(-----BEGIN CERTIFICATE-----)"
            ) from error
        found.append(pem)
    return tuple(found)


def _refuse_doubles(path: Path, data: Any, feeds: Sequence[Feed]) -> None:
    seen: dict[tuple[str, str], Feed] = {}
    for feed in feeds:
        key = feed_key(feed)
        if not key:
            raise ConfigError(
                f"{path}:{feed.line}: name: {feed.name!r} has neither letter nor digit: "
                "give the feed a name in words"
            )
        for what, value, shown in (
            ("name", feed.name.casefold(), feed.name),
            ("id", feed.id, feed.id),
            ("url", feed.url, feed.url),
            ("key", key, feed.name),
        ):
            if value is None:
                continue
            first = seen.setdefault((what, value), feed)
            if first is feed:
                continue
            if what == "key":
                raise ConfigError(
                    f"{path}:{feed.line}: name: {shown!r} has the same key ({key}) as "
                    f"{first.name!r} in line {first.line}: give this feed another name or an id "
                    "of its own"
                )
            raise ConfigError(
                f"{path}:{feed.line}: {what}: {shown!r} is taken by the feed in line "
                f"{first.line}: give this feed another {what} or remove it"
            )


def feed_key(feed: Feed) -> str:
    """What the history is kept under: the `id`, else a form of the name."""
    return feed.id or key_form(feed.name)


def identities(feeds: Sequence[Feed], known: Sequence[FeedState]) -> dict[str, Feed]:
    """Each feed under the key of its history.

    A feed whose name is new but whose address is that of a feed that has just left the list was
    renamed: it keeps the old key.
    """
    keys = {feed_key(feed) for feed in feeds}
    by_url = {state.url: state.key for state in known if state.key not in keys}
    stored = {state.key for state in known}
    found: dict[str, Feed] = {}
    for feed in feeds:
        key = feed_key(feed)
        if key not in stored and feed.url in by_url:
            key = by_url[feed.url]
        found[key] = feed
    return found


def identity(key: str, feed: Feed) -> FeedIdentity:
    """What the feed table keeps of a feed."""
    return FeedIdentity(
        key=key,
        name=feed.name,
        url=feed.url,
        kind=feed.kind,
        publisher=feed.publisher,
        country=feed.country,
        tier=feed.tier,
        home=feed.home,
        priority=feed.priority,
        tags=feed.tags,
    )

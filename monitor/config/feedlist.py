"""`feeds.yaml`: what to poll, as the officers wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from monitor.config.faults import Fault, FileFault, Said, meant_by, said
from monitor.config.feedschema import REMEDIES, Defaults, Entry, File
from monitor.config.yamlfile import (
    digest_of,
    fault_at,
    faults_of,
    line_of,
    parse_yaml,
    plain,
    raw_of,
    text_of,
)
from monitor.errors import ConfigError
from monitor.names import key_form
from storage.records import FeedIdentity, FeedState

_MAX_PEM_BYTES = 64 * 1024
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # a token: RFC 9110, section 5.6.2
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")  # latin-1 that shows


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
    """All feeds of one file, in its order; `digest` is of the bytes that it was read from."""

    path: Path
    feeds: tuple[Feed, ...]
    digest: str = field(default="", compare=False)

    @property
    def enabled(self) -> tuple[Feed, ...]:
        """The feeds that are polled."""
        return tuple(feed for feed in self.feeds if feed.enabled)

    def read_at(self, now: datetime, timezone: str) -> tuple[Feed, ...]:
        """The feeds that are polled at `now`; `timezone` is the home zone."""
        return tuple(feed for feed in self.feeds if feed.read_at(now, timezone))

    def named(self, name: str) -> Feed:
        """The feed of that name or id; upper and lower case do not matter.

        Raises ConfigError naming those that may be meant.
        """
        wanted = name.casefold()
        for feed in self.feeds:
            if wanted in (feed.name.casefold(), (feed.id or "").casefold()):
                return feed
        near = meant_by(name, [feed.name for feed in self.feeds]) or said("see_list")
        raise FileFault(Fault(self.path, said("no_feed_named", given=repr(name), hint=near)))


def read_feedlist(path: Path, environ: Mapping[str, str] | None = None) -> FeedList:
    """The feed list in the file. Raises ConfigError naming file, line, key and remedy.

    `environ` supplies header values written as `env:NAME`.
    """
    raw = raw_of(path)
    data = parse_yaml(text_of(path, raw), path)
    try:
        parsed = File.model_validate(plain(data))
    except ValidationError as error:
        raise faults_of(path, data, error, REMEDIES, File) from error
    feeds = tuple(
        _feed(entry, parsed.defaults, environ or {}, _Place(path, data, index))
        for index, entry in enumerate(parsed.feeds)
    )
    _refuse_doubles(path, data, feeds)
    return FeedList(path, feeds, digest_of(raw))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands, for what is wrong in it."""

    path: Path
    data: Any
    index: int

    def line(self, *key: str | int) -> int:
        return line_of(self.data, ("feeds", self.index, *key))

    def fault(self, what: Said, *key: str | int) -> ConfigError:
        return fault_at(self.path, self.data, ("feeds", self.index, *key), what)


def _feed(entry: Entry, defaults: Defaults, environ: Mapping[str, str], at: _Place) -> Feed:
    if entry.format == "page" and not entry.selector:
        raise at.fault(said("selector_missing"), "format")
    if entry.selector:
        _check_selector(entry, at)
    if entry.until is not None and entry.enabled:
        raise at.fault(said("until_of_feed_on"), "until")
    headers: dict[str, str] = {}
    for name, value in entry.headers.items():
        if value.startswith("env:") and environ.get(value[4:]) is None:
            raise at.fault(said("no_variable", name=value[4:]), "headers", name)
        headers[name] = environ[value[4:]] if value.startswith("env:") else value
        if re.search(r"[\r\n\0]", name + headers[name]):
            raise at.fault(said("header_lines"), "headers", name)
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(headers[name]):
            raise at.fault(said("header_signs"), "headers", name)
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
        line=at.line(),
        certificates=_certificates(entry, at),
        pace=entry.pace or defaults.pace,
        until=entry.until,
        reason=entry.reason or "",
    )


def _check_selector(entry: Entry, at: _Place) -> None:
    from monitor.parse.page import xpath_of  # heavy: only where one stands in the list

    if entry.format != "page":
        raise at.fault(said("remedy.selector"), "selector")
    try:
        xpath_of(entry.selector or "")
    except ValueError as error:
        raise at.fault(said("no_selector", why=error), "selector") from error


def _certificates(entry: Entry, at: _Place) -> tuple[bytes, ...]:
    """The PEM files of the feed's signers; a relative name is looked for beside the feed list."""
    found: list[bytes] = []
    for number, name in enumerate(entry.certificates):
        key = ("certificates", number)
        try:
            with (at.path.parent / name).open("rb") as file:
                pem = file.read(_MAX_PEM_BYTES + 1)
        except OSError as error:
            why = error.strerror or error
            raise at.fault(said("certificate_unreadable", name=name, why=why), *key) from error
        if b"PRIVATE KEY" in pem:
            raise at.fault(said("private_key", name=name), *key)
        from monitor.parse.signature import load_certificates  # heavy: only where one is named

        try:
            if len(pem) > _MAX_PEM_BYTES or not load_certificates(pem):
                raise ValueError("too large, or empty")
        except ValueError as error:
            raise at.fault(said("no_certificate", name=name), *key) from error
        found.append(pem)
    return tuple(found)


def _refuse_doubles(path: Path, data: Any, feeds: Sequence[Feed]) -> None:
    seen: dict[tuple[str, str], Feed] = {}
    for index, feed in enumerate(feeds):
        at = _Place(path, data, index)
        key = feed_key(feed)
        if not key:
            raise at.fault(said("no_letters", given=repr(feed.name)), "name")
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
                other = repr(first.name)
                same = said("same_key", key=key, other=other, line=str(first.line))
                raise at.fault(same, "name")
            taken = said("taken", given=repr(shown), line=str(first.line), what=what)
            raise at.fault(taken, what)


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

"""A look at an address before it is listed: its feed, its last items, what would become of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from alerts import clean, feedhealth
from alerts.policy import Policy
from monitor.checking import CheckedItem, checked_item, stored, throw_away
from monitor.classifying import Classifiers
from monitor.config.duration import parse_duration, show_duration
from monitor.config.feedlist import Feed, FeedList
from monitor.config.feedschema import valid_url
from monitor.config.settings import Settings
from monitor.errors import ConfigError
from monitor.ingest.storing import PollReport
from monitor.names import known_country
from monitor.tuning.splice import ORDER, Value
from storage import feeds

if TYPE_CHECKING:
    from monitor.app import Program
    from storage.records import Item

MOST_SHOWN = 20
MOST_HOPS = 2  # pages that name a feed, one after another
# Where sites put a feed that their pages do not name; asked only when a page came without one.
USUAL_PLACES = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml")
_NOT_COUNTRIES = frozenset(["AI", "CC", "CO", "EU", "FM", "IO", "LY", "ME", "SH", "TO", "TV", "WS"])
_OFFICIAL = re.compile(r"\.(gov|govt|gob|gouv|go|gc|admin)(\.|$)|(^|\.)(mfa|mofa|dfat?)\.", re.I)
_HAZARD_FORMATS = frozenset(["cap", "geojson", "jma", "tmd", "gdacs"])


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `url` is the address that answered; `by` how it was found.

    `by` is given, link (the page names it) or usual (a usual place). `kind`, `language`, `every`
    and `country` are proposals; `items` are the newest, at most 20 of `entries`.
    """

    asked: str
    url: str
    by: str
    ok: bool
    state: str
    detail: str
    title: str
    format: str
    entries: int
    dated: int
    kind: str
    language: str | None
    country: str | None
    every: str
    items: tuple[CheckedItem, ...]
    tried: tuple[str, ...]

    @property
    def tagged(self) -> int:
        """How many of the shown items are of a crisis."""
        return sum(bool(item.categories) for item in self.items)

    @property
    def alerts(self) -> int:
        """How many of the shown items would have told somebody."""
        return sum(item.alert for item in self.items)


async def preview(
    settings: Settings,
    url: str,
    policy: Policy,
    *,
    given: Mapping[str, Value] | None = None,
    language: str = "en",
    classifiers: Classifiers | None = None,
) -> Look:
    """Read the address into a throw-away store, following a page to the feed that it names.

    `given` is what an officer says of the feed already; `classifiers` those of a running program.
    Raises ConfigError for no web address.
    """
    try:
        valid_url(url)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    feed = _trial(url, given or {})
    tried = [url]
    async with throw_away(settings, [feed], policy, classifiers=classifiers) as program:
        report, by = await _poll(program, feed), "given"
        first = report
        for _ in range(MOST_HOPS):
            found = _named(report)
            if found is None or found in tried:
                break
            tried.append(found)
            feed, by = replace(feed, url=found), "link"
            report = await _poll(program, feed)
        if not report.ok and first.state == "not_a_feed" and by == "given":
            for place in USUAL_PLACES:
                found = urljoin(url if url.endswith("/") else f"{url}/", place)
                tried.append(found)
                trial = replace(feed, url=found)
                again = await _poll(program, trial)
                if again.ok and again.entries:
                    feed, report, by = trial, again, "usual"
                    break
        kept = await program.writer.read(lambda conn: stored(conn, language))
    kept = [each for each in kept if each[0].feed_name == feed.name]
    items = [each[0] for each in kept]
    kept.sort(key=lambda each: _when(each[0]), reverse=True)
    kind = feed.kind if given and "kind" in given else _kind(feed.url, report, items)
    return Look(
        asked=url,
        url=feed.url,
        by=by,
        ok=report.ok,
        state=report.state,
        detail=report.detail,
        title=clean.one_line(report.title, 100),
        format=report.format,
        entries=report.entries,
        dated=report.dated,
        kind=kind,
        language=_language(items),
        country=_country(feed.url),
        every=show_duration(_every(items, kind)),
        items=tuple(checked_item(each) for each in kept[:MOST_SHOWN]),
        tried=tuple(tried),
    )


def entry_for(url: str, given: Mapping[str, Value], look: Look | None) -> dict[str, Value]:
    """The entry as it would be written: what was given, and what the look found."""
    values: dict[str, Value] = {"url": look.url if look else url}
    if look is not None:
        official = bool(_OFFICIAL.search(urlsplit(look.url).hostname or ""))
        values["name"] = look.title or (urlsplit(look.url).hostname or look.url)
        values["kind"] = look.kind
        if look.country and official and "organisation" not in given:
            values["country"] = look.country
        values["language"] = look.language
        values["tier"] = "official" if official else "media" if look.kind == "news" else None
        values["every"] = look.every
    values.update(given)
    if look is not None and "coverage" not in values:
        values["coverage"] = _own_country(values.get("kind"), values.get("country") or look.country)
    order = [key for key in ORDER if values.get(key) is not None]
    return {key: values[key] for key in order}


def _own_country(kind: Value, country: Value) -> list[str] | None:
    """The coverage of the press and of agencies that warn: their own country, if it is known."""
    return [country] if kind in ("news", "hazard") and isinstance(country, str) else None


async def _poll(program: Program, feed: Feed) -> PollReport:
    program.use(FeedList(program.feedlist.path, (feed,)), program.policy)
    await program.take_over_list()
    now = program.clock.now()
    state = next(each for each in await program.writer.read(feeds.states) if each.listed)
    await program.writer.write(lambda conn: feeds.set_first_seen(conn, state.id, now))
    return (await program.poll_all())[0]


def _named(report: PollReport) -> str | None:
    if report.state != "not_a_feed" or feedhealth.FEED_FOUND not in report.detail:
        return None
    return report.detail.partition(feedhealth.FEED_FOUND)[2].strip() or None


def _trial(url: str, given: Mapping[str, Value]) -> Feed:
    def text(key: str) -> str | None:
        value = given.get(key)
        return value if isinstance(value, str) else None

    given_coverage = given.get("coverage")
    coverage = given_coverage if isinstance(given_coverage, list) else None
    coverage = coverage or _own_country(text("kind") or "news", text("country")) or ["world"]
    every = text("every")
    try:
        each = parse_duration(every) if every else timedelta(minutes=15)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return Feed(
        name="the feed", url=url, kind=text("kind") or "news", publisher=url, id="looked-at",
        alternates=(), country=text("country"), organisation=None, coverage=tuple(coverage),
        language=text("language"), tier=text("tier") or "official", category=text("category"),
        priority=False, every=each, timezone=text("timezone") or "UTC",
        encoding=text("encoding"), format=text("format") or "auto", selector=text("selector"),
        headers={}, home=bool(given.get("home")), enabled=True, tags=(), note="", line=0,
    )  # fmt: skip


def _kind(url: str, report: PollReport, items: Sequence[Item]) -> str:
    """What sort of source this seems to be."""
    if any(item.values.advice for item in items):
        return "advice"
    hazards = sum(item.values.hazard is not None for item in items)
    if report.format in _HAZARD_FORMATS or (items and hazards * 2 > len(items)):
        return "hazard"
    return "ministry" if _OFFICIAL.search(urlsplit(url).hostname or "") else "news"


def _country(url: str) -> str | None:
    """The country that the address's ending names, where it names one."""
    ending = (urlsplit(url).hostname or "").rpartition(".")[2].upper()
    ending = {"UK": "GB", "GOV": "US"}.get(ending, ending)
    return ending if ending not in _NOT_COUNTRIES and known_country(ending) else None


def _language(items: Sequence[Item]) -> str | None:
    found = Counter(item.reading.language or item.values.language for item in items)
    found.pop(None, None)
    return found.most_common(1)[0][0] if found else None


def _every(items: Sequence[Item], kind: str) -> timedelta:
    """An interval that fits how often the feed brings news."""
    times = sorted({_when(item) for item in items if item.values.published_at})
    gaps = [(late - early).total_seconds() for early, late in pairwise(times)]
    usual = timedelta(seconds=median(gaps)) if gaps else timedelta(hours=6)
    if kind == "hazard":
        return timedelta(minutes=5 if usual < timedelta(hours=3) else 15)
    for gap, every in ((timedelta(hours=1), 15), (timedelta(hours=12), 30)):
        if usual < gap:
            return timedelta(minutes=every)
    return timedelta(hours=1)


def _when(item: Item) -> datetime:
    values = item.values
    return values.published_at or values.updated_at or datetime.min.replace(tzinfo=UTC)

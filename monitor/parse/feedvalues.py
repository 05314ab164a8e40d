"""What a reader of RSS and Atom hands on: the source's own texts, links and times.

Two readers fill these in, feedparser (`reference.py`) and our own (`fast.py`). Everything after
them is shared, so the two can differ in nothing but these values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from monitor.parse.dates import Moment

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


@dataclass(slots=True)
class EntryValues:
    """One `<item>` or `<entry>`. Texts may be HTML and are empty where there is none.

    `content` is the first full text that is not blank. `own_link` is the link as the source
    names it, `link` the page to open (an alternate where the link is no address).
    """

    title: str = ""
    title_language: str = ""
    summary: str = ""
    content: str = ""
    own_link: str = ""
    link: str | None = None
    native_id: str = ""
    language: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FeedValues:
    """A feed and its entries in document order; `wait` is what its publisher asks of pollers."""

    title: str = ""
    link: str = ""
    language: str = ""
    updated: Moment | None = None
    wait: timedelta | None = None
    entries: list[EntryValues] = field(default_factory=list)


def longest_wait(ttl: str, period: str, frequency: str) -> timedelta | None:
    """The longer one of ttl (minutes) and `sy:updatePeriod` by frequency, at most a month."""
    waits: list[timedelta] = []
    ttl, frequency = ttl.strip(), frequency.strip()
    if ttl.isdecimal() and len(ttl) <= 6:
        waits.append(timedelta(minutes=int(ttl)))
    hours = _PERIODS.get(period.strip().lower())
    if hours:
        times = int(frequency) if frequency.isdecimal() and 0 < int(frequency) < 10_000 else 1
        waits.append(timedelta(hours=hours) / times)
    waits = [wait for wait in waits if wait > timedelta(0)]
    return min(max(waits), timedelta(days=30)) if waits else None


def page_of(own: str, alternates: list[str]) -> str | None:
    """The page of an entry: its link, or the first alternate where that is no address."""
    if "://" in own:
        return own
    return next((href for href in alternates if href), own or None)

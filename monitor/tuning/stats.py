"""What each feed is worth: figures of a window, and advice to keep, tune or drop, with reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from alerts import dates, words
from monitor.config.feedlist import Feed, FeedList, identities
from storage import feeds
from storage.feedstats import FeedFigures, figures
from storage.records import FeedState

if TYPE_CHECKING:
    from storage.database import Connection

ENOUGH_POLLS, ENOUGH_TIME = 10, timedelta(days=2)  # before anything is said
ENOUGH_SHARED = 5  # incidents that others told as well, before being the first is praised
MUCH_DARK = 0.1  # of the time watched
MOSTLY_FLOOD = 0.5  # of the items
RARELY_READ = 0.2  # of the polls went well: less is a feed that cannot be read
LONG_DARK = timedelta(days=14)
MANY_ITEMS = 50
DISMISSED_SHARE, DISMISSED_LEAST = 0.3, 3
MANY_POLLS, SELDOM_NEWS = 300, 0.01
_WARNS = frozenset(["hazard", "health", "human_made", "advice"])  # their silence is normal


@dataclass(frozen=True, slots=True)
class Advice:
    """`what`: keep, tune, drop or wait; `reason`: a word of [tuning.advice] and its values."""

    what: str
    reason: str
    values: dict[str, Any]

    def words(self, language: str) -> str:
        """The reason as a sentence."""
        values: dict[str, Any] = {
            name: dates.duration(value, language) if isinstance(value, timedelta) else value
            for name, value in self.values.items()
        }
        return words.say(f"tuning.advice.{self.reason}", language, **values)


@dataclass(frozen=True, slots=True)
class FeedStats:
    """One feed's figures and the advice."""

    feed: str
    figures: FeedFigures
    advice: Advice

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return {
            "feed": self.feed,
            **asdict(self.figures),
            "since": self.figures.since.isoformat() if self.figures.since else None,
            "advice": self.advice.what,
            "reason": self.advice.words("en"),
        }

    def as_row(self, language: str) -> dict[str, str]:
        """For the table, by its heads."""
        of = self.figures
        late = dates.duration(timedelta(seconds=of.late_s), language) if of.late_s else "-"
        tags = " ".join(
            f"{words.category(name, language, short=True)} {count}"
            for name, count in sorted(of.categories.items())
        )

        def head(key: str) -> str:
            return words.say(f"tuning.head.{key}", language)

        return {
            words.say("table.feed", language): self.feed,
            head("polls"): f"{of.ok}/{of.polls}",
            head("items"): str(of.items),
            head("categories"): tags or "-",
            head("first"): f"{of.first}/{of.first + of.later}",
            head("floods"): str(of.floods),
            head("dark"): dates.duration(timedelta(seconds=of.dark_s), language)
            if of.dark_s
            else "-",
            head("late"): late,
            head("alerts"): str(of.alerts),
            head("dismissed"): str(of.dismissed),
            head("cost"): _size(of.bytes),
            head("advice"): (
                f"{words.say(f'tuning.do.{self.advice.what}', language)}: "
                f"{self.advice.words(language)}"
            ),
        }


def stats_of(
    conn: Connection, feedlist: FeedList, start: datetime, end: datetime
) -> list[FeedStats]:
    """Every feed of the list in its order."""
    states = feeds.states(conn)
    by_key = {state.key: state for state in states}
    counted = figures(conn, start, end)
    found = []
    keys = {id(feed): key for key, feed in identities(feedlist.feeds, states).items()}
    for feed in feedlist.feeds:
        state = by_key.get(keys.get(id(feed), ""))
        of = counted.get(state.id, FeedFigures()) if state else FeedFigures()
        found.append(FeedStats(feed.name, of, advise(feed, state, of, end - start, end)))
    return found


def advise(
    feed: Feed, state: FeedState | None, of: FeedFigures, window: timedelta, now: datetime
) -> Advice:
    """What to do about the feed; the first reason that holds."""
    watched = now - of.since if of.since else timedelta(0)
    days = max(1, round(min(window, watched).total_seconds() / 86_400))
    if not feed.enabled:
        return Advice("wait", "off", {})
    if state is None or of.polls < ENOUGH_POLLS or watched < min(ENOUGH_TIME, window):
        return Advice("wait", "too_early", {"count": of.polls, "length": watched})
    if of.ok < of.polls * RARELY_READ:
        dark = state.last_ok_at is None or now - state.last_ok_at > LONG_DARK
        others = "alternates" if feed.alternates else "unread"
        values: dict[str, Any] = {"ok": of.ok, "polls": of.polls}
        return Advice("drop", "dead", values) if dark and not feed.home and not feed.alternates \
            else Advice("tune", others, values)  # fmt: skip
    if of.dark_s > watched.total_seconds() * MUCH_DARK:
        return Advice("tune", "outages", {"dark": timedelta(seconds=of.dark_s), "days": days})
    if of.floods and of.flood_items >= of.items * MOSTLY_FLOOD:
        flood = {"count": of.floods, "flood_items": of.flood_items, "items": of.items}
        return Advice("tune", "flooded", flood)
    if of.dismissed >= DISMISSED_LEAST and of.dismissed >= of.crises * DISMISSED_SHARE:
        return Advice("tune", "dismissed", {"dismissed": of.dismissed, "crises": of.crises})
    if feed.home:
        return Advice("keep", "home", {})
    shared = of.first + of.later
    if of.first and shared >= ENOUGH_SHARED:
        return Advice("keep", "first", {"first": of.first, "shared": shared, "alerts": of.alerts})
    if of.alerts:
        return Advice("keep", "alerts", {"count": of.alerts})
    if not of.items:
        quiet = feed.kind in _WARNS or feed.priority
        return Advice("keep" if quiet else "drop", "quiet" if quiet else "nothing", {"days": days})
    if of.later >= 20 and not of.first:
        late = timedelta(seconds=of.late_s or 0)
        return Advice(
            "tune", "echo", {"later": of.later, "minutes": round(late.total_seconds() / 60)}
        )
    if of.items >= MANY_ITEMS and not of.crises:
        return Advice("tune", "beside", {"items": of.items})
    if of.polls >= MANY_POLLS and of.with_news < of.polls * SELDOM_NEWS:
        return Advice("tune", "seldom", {"polls": of.polls, "news": of.with_news})
    return Advice("keep", "brings", {"items": of.items, "crises": of.crises})


def _size(count: int) -> str:
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"

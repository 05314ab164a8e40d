"""Every feed of the list, the ones that fail first, with cause and remedy in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts import clean, dates, feedhealth, words
from alerts.digest.content import HEALTHY
from alerts.feeddetail import detail_in
from monitor.config.feedlist import Feed, identities
from monitor.desk.folding import EVERYTHING, Fold, rest_folded
from monitor.desk.page import Ask, Page
from monitor.desk.voice import Moment, Voice
from monitor.health import WARNINGS
from storage import feeds, itemreads
from storage.records import FeedState, LostEntries

if TYPE_CHECKING:
    from storage.database import Connection

_A_DAY = timedelta(days=1)
_FEW = 12  # so many stand open: on a phone each is a card
_MOST = 300  # of one group on a page, while nobody asks for the whole
_FAILING, _WARNING, _WELL, _OFF = "failing", "warning", "well", "off"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One feed. `standing` is failing, warning, well or off; a well one has no cause or remedy."""

    key: str
    name: str
    kind: str
    publisher: str
    country: str
    host: str
    standing: str
    state: str
    since: str
    cause: str
    remedy: str
    detail: str
    failures: int
    items_day: int
    last_ok: Moment | None
    last_news: Moment | None
    usual_gap: str
    next_poll: str
    priority: bool
    home: bool
    moved_to: str
    missed: str  # entries that a flood cost in the last day


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """The feeds that stand alike: those that fail stand open first, the rest is folded.

    `heading` is the key of the words that count them.
    """

    standing: str
    heading: str
    rows: Fold[FeedRow]


@dataclass(frozen=True, slots=True)
class Feeds:
    """All groups and how many feeds stand how."""

    groups: tuple[FeedGroup, ...]
    failing: int
    warning: int
    well: int
    off: int


def feed_table(conn: Connection, ask: Ask) -> Page:
    """The feeds of the list in force."""
    states = feeds.states(conn)
    by_key = {state.key: state for state in states}
    listed = identities(ask.program.feedlist.feeds, states)
    since = ask.voice.now - _A_DAY
    new = itemreads.count_by_feed(conn, since)  # at once: lists have a thousand feeds
    lost = {
        each.feed_id: each
        for each in feeds.lost_between(conn, ask.voice.now - _A_DAY, ask.voice.now)
    }
    rows = [_row(key, feed, by_key.get(key), new, lost, ask.voice) for key, feed in listed.items()]
    order = (_FAILING, _WARNING, _WELL, _OFF)
    rows.sort(key=lambda each: (not each.priority, each.name.casefold()))
    few = len(rows) <= _FEW
    most = EVERYTHING if ask.query.get("all") == "1" else _MOST
    groups = {
        name: rest_folded(
            [each for each in rows if each.standing == name],
            lambda each: each,
            seen=_FEW if few or name == _FAILING else 0,
            most=most,
        )
        for name in order
    }
    content = Feeds(
        tuple(
            FeedGroup(name, f"desk.feeds_{name}", fold)
            for name, fold in groups.items()
            if fold.total
        ),
        *(groups[name].total for name in order),
    )
    return Page("feeds.html", ask.voice.say("page.feeds"), content)


def _row(
    key: str,
    feed: Feed,
    state: FeedState | None,
    new: Mapping[int, int],
    lost: Mapping[int, LostEntries],
    voice: Voice,
) -> FeedRow:
    """The row of one feed; `new` counts the items of the last day by feed, `lost` those missed."""
    now_is = "new" if state is None else feedhealth.shown_state(state, voice.now)
    now_is = now_is if feed.enabled else "disabled"
    since = feedhealth.shown_since(state, voice.now) if state else None
    why = feedhealth.reason(now_is, state.detail if state else "")
    standing = _WARNING if now_is in WARNINGS else _WELL if now_is in HEALTHY else _FAILING
    standing = standing if feed.enabled else _OFF
    missed = lost.get(state.id) if state else None
    if missed and standing == _WELL:  # the poll that told of it was not the last one
        standing, why = _WARNING, "lost"
    failing = standing in (_FAILING, _WARNING)
    where = words.country(feed.country, voice.language, short=True) if feed.country else ""
    gap = state.usual_gap_s if state else None
    return FeedRow(
        key=key,
        name=clean.one_line(feed.name, 120),
        kind=voice.say_or(f"kind.{feed.kind}", feed.kind),
        publisher=clean.one_line(feed.publisher, 120),
        country=where or clean.one_line(feed.organisation or "", 60),
        host=clean.host(feed.url),
        standing=standing,
        state=voice.say_or(f"feed.{now_is}", now_is),
        since=voice.ago(since) if since else "",
        cause=voice.say_or(f"feed.{why}.cause", "") if failing else "",
        remedy=voice.say_or(f"feed.{why}.remedy", "") if failing else "",
        detail=clean.one_line(detail_in(state.detail, voice.language), 300)
        if state and failing
        else "",
        failures=state.failures if state and feed.enabled else 0,
        items_day=new.get(state.id, 0) if state else 0,
        last_ok=voice.moment(state.last_ok_at) if state else None,
        last_news=voice.moment(state.last_news_at) if state else None,
        usual_gap=dates.duration(timedelta(seconds=gap), voice.language) if gap else "",
        next_poll=_next(feed, state, voice),
        priority=feed.priority,
        home=feed.home,
        missed=voice.say("desk.missed", count=missed.count, since=voice.ago(missed.since))
        if missed
        else "",
        moved_to=clean.link(feedhealth.proposed_address(state)) or "" if state else "",
    )


def _next(feed: Feed, state: FeedState | None, voice: Voice) -> str:
    if not feed.enabled or state is None or state.due_at is None or not state.listed:
        return ""
    if state.due_at <= voice.now:
        return voice.say("label.now")
    due = voice.ago(state.due_at)
    return voice.say("desk.feed_parked", at=due) if state.parked else due

"""What the feeds did not let us see: for how long, and of whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from storage.records import FeedState


def blind_s(feed: FeedState, start: datetime, end: datetime) -> float:
    """For how many seconds between `start` and `end` a feed that fails now was not read.

    From its last good reading, since nobody knows what it said after that.
    """
    since = max(feed.last_ok_at or start, start)
    return max(0.0, (end - since).total_seconds())


def speakers_lost(feeds: Iterable[FeedState], healthy: Collection[str]) -> tuple[str, ...]:
    """Countries of whose ministries no feed can be read; `feeds` are those that we read."""
    heard: dict[str, bool] = {}
    for feed in feeds:
        if feed.country and feed.kind in ("ministry", "advice"):
            heard[feed.country] = heard.get(feed.country, False) or feed.state in healthy
    return tuple(sorted(code for code, any_heard in heard.items() if not any_heard))

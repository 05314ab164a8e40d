"""A feed as the database knows it, and how a poll of it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedIdentity:
    """What the feed table must know of a feed of the list; `key` stays over a rename."""

    key: str
    name: str
    url: str
    kind: str
    publisher: str
    country: str | None = None
    tier: str = "other"
    home: bool = False
    priority: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedState:
    """One row of the feed table: identity and what polling has learnt."""

    id: int
    key: str
    name: str
    url: str
    kind: str
    publisher: str
    country: str | None
    tier: str
    home: bool
    priority: bool
    listed: bool  # False once the feed has left the list; its history stays
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    state: str = "new"
    detail: str = ""
    state_since: datetime | None = None
    first_seen_at: datetime | None = None  # when its first document was taken; None: never yet
    last_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_news_at: datetime | None = None
    due_at: datetime | None = None
    not_before: datetime | None = None  # Retry-After
    failures: int = 0
    usual_gap_s: float | None = None
    moved_to: str | None = None
    moved_count: int = 0
    parked: bool = False
    habit: str | None = None  # what its documents are usually like, see monitor/ingest/habits.py
    certificate_ends: datetime | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PollResult:
    """How one poll ended, to be kept: the named state, numbers, and validators for the next.

    `lost` counts entries that had waited since the poll before and left the feed unread.
    """

    state: str
    at: datetime
    detail: str = ""
    ok: bool = False
    http_status: int | None = None
    duration_ms: int = 0
    size: int = 0
    entries: int = 0
    new: int = 0
    revised: int = 0
    deferred: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    moved_to: str | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class LostEntries:
    """How many entries of a feed floods cost in a stretch of time, from the first to the last."""

    feed_id: int
    count: int
    since: datetime
    last_at: datetime

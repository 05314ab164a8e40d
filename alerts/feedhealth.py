"""How a feed stands at a moment, by its row alone: silent or moved beside what its last poll said.

One place for the page, the digest and the command line, so that they never disagree.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from storage.records import FeedState

SILENT_AT_LEAST = timedelta(hours=6)
SILENT_TIMES = 5  # usual gaps between news
MOVED_AFTER = 3  # agreeing permanent redirects before the move is told
# States of a feed that was read and gave what it has; only of these does silence say more.
READ_WELL = frozenset(["ok", "not_modified", "unchanged", "no_entries", "recovered"])
# What the details of the fetcher say of a certificate; it takes its words from here.
EXPIRED = "its certificate has expired"
NOT_YET_VALID = "its certificate is not valid yet"
WRONG_NAME = "its certificate names another site"
UNTRUSTED = "its certificate is signed by nobody we trust"
BAD_LENGTH = "announces a wrong length"
NOT_HTTP = "is not valid HTTP"
NEWEST_IS = "the newest entry is of"  # of a stale feed
LOST = "entries that waited are no longer in the feed"  # of a flood
FEED_FOUND = "the page names a feed: "
# Of a feed that is not as it used to be.
FEWER = "fewer entries than usual"
UNDATED = "no entry has a date any more"
LANGUAGE = "the language has changed"
FORMAT = "the format has changed"
_ODD = {FEWER: "drop", UNDATED: "undated", LANGUAGE: "language_changed", FORMAT: "format_changed"}
ODD = frozenset(_ODD.values())
TLS_SOON = timedelta(days=14)
_FINER = (
    ("tls", re.compile(re.escape(EXPIRED)), "tls_expired"),
    ("tls", re.compile(re.escape(NOT_YET_VALID)), "tls_expired"),
    ("tls", re.compile(re.escape(WRONG_NAME)), "tls_wrong_name"),
    ("tls", re.compile(re.escape(UNTRUSTED)), "tls_untrusted"),
    ("truncated", re.compile(re.escape(BAD_LENGTH)), "bad_length"),
    ("http_5xx", re.compile(re.escape(NOT_HTTP)), "not_http"),
    ("bad_encoding", re.compile("compressed|announced as|transfer coding"), "bad_coding"),
    ("not_a_feed", re.compile(re.escape(FEED_FOUND)), "feed_found"),
    ("not_a_feed", re.compile("matches the selector"), "no_match"),
    ("http_4xx", re.compile(r"\AHTTP 401\b"), "http_401"),
    ("http_4xx", re.compile(r"\AHTTP 403\b"), "http_403"),
    ("http_4xx", re.compile(r"\AHTTP 451\b"), "http_451"),
)


def silent_after(state: FeedState) -> timedelta | None:
    """How long the feed may bring nothing new before that is unusual; None until learnt."""
    if state.usual_gap_s is None:
        return None
    return max(SILENT_AT_LEAST, SILENT_TIMES * timedelta(seconds=state.usual_gap_s))


def is_silent(state: FeedState, now: datetime) -> bool:
    """Whether the feed is read well but has brought nothing for longer than is usual for it."""
    longest = silent_after(state)
    return (
        state.state in READ_WELL
        and longest is not None
        and state.last_news_at is not None
        and now - state.last_news_at > longest
    )


def is_stale(state: str, detail: str) -> bool:
    """Whether a poll found the newest entry too old, or nothing new since one that did."""
    return state == "stale" or (state in READ_WELL and detail.startswith(NEWEST_IS))


def odd(state: str, detail: str) -> str | None:
    """What the last document, or the one that nothing has changed since, had that was unusual."""
    if state not in READ_WELL and state not in ODD:
        return None
    return next((name for said, name in _ODD.items() if detail.startswith(said)), None)


def proposed_address(state: FeedState) -> str | None:
    """Where the publisher says the feed has gone, once enough polls agree; else None."""
    return state.moved_to if state.moved_count >= MOVED_AFTER else None


def shown_state(state: FeedState, now: datetime) -> str:
    """The named state to show: that of the last poll, or `lost`, `stale`, `silent`, `moved`."""
    if state.state == "flood" and LOST in state.detail:
        return "lost"
    if state.state not in READ_WELL:
        return state.state
    if is_stale(state.state, state.detail):
        return "stale"
    if is_silent(state, now):
        return "silent"
    unusual = odd(state.state, state.detail)
    if unusual:
        return unusual
    if proposed_address(state):
        return "moved"
    ends = state.certificate_ends
    return "tls_soon" if ends and ends - now < TLS_SOON else state.state


def shown_since(state: FeedState, now: datetime) -> datetime | None:
    """Since when it stands so; a silent feed since its last news."""
    return state.last_news_at if is_silent(state, now) else state.state_since


def reason(state: str, detail: str) -> str:
    """The key of the words for cause and remedy: the state, or a finer one that `detail` tells."""
    for coarse, told, finer in _FINER:
        if coarse == state and told.search(detail):
            return finer
    return state

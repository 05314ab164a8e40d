"""RSS 0.9x to 2.0, RDF and Atom through feedparser: what it says is right.

feedparser gets repaired UTF-8 bytes as a stream: it never opens a file or an address, and it
never sees a DOCTYPE. Its sanitiser is off because it is not safe; our own text cleaning is on.
It is imported with this module only, so a worker that never needs it never loads it.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import feedparser
from lxml import etree

from monitor.parse.bounds import MAX_ENTRIES
from monitor.parse.dates import Moment, read_date
from monitor.parse.entry import Hints, NotAFeed
from monitor.parse.feedvalues import EntryValues, FeedValues, longest_wait, page_of

_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError, etree.LxmlError,
)  # fmt: skip


def read(data: bytes, hints: Hints) -> FeedValues:
    """The values of a document of UTF-8 bytes, as feedparser reads it.

    Raises NotAFeed("parse_error") when feedparser fails.
    """
    parsed = _parsed(data, hints)
    feed: Mapping[str, Any] = parsed.get("feed", {})
    found: Sequence[Mapping[str, Any]] = parsed.get("entries", [])[:MAX_ENTRIES]
    return FeedValues(
        title=_text(feed, "title"),
        link=_text(feed, "link"),
        language=_text(feed, "language"),
        updated=_moment(feed, "updated", hints) or _moment(feed, "published", hints),
        wait=longest_wait(
            _text(feed, "ttl"), _text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency")
        ),
        entries=[_entry(values, hints) for values in found],
    )


def _parsed(data: bytes, hints: Hints) -> Mapping[str, Any]:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if hints.url:
        headers["content-location"] = hints.url
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(data),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FAULTS as fault:
        raise NotAFeed(
            "parse_error", f"The feed cannot be read: {type(fault).__name__}."
        ) from fault
    return parsed


def _entry(values: Mapping[str, Any], hints: Hints) -> EntryValues:
    detail = dict.get(values, "title_detail") if isinstance(values, dict) else None
    return EntryValues(
        title=_text(values, "title"),
        title_language=_text(detail, "language") if isinstance(detail, dict) else "",
        summary=_text(values, "summary"),
        content=_content(values),
        own_link=_text(values, "link"),
        link=page_of(_text(values, "link"), _alternates(values)),
        native_id=_text(values, "id"),
        language=_text(values, "language"),
        published=_moment(values, "published", hints) or _moment(values, "created", hints),
        updated=_moment(values, "updated", hints),
        authors=_authors(values),
        categories=[
            _text(tag, "term") or _text(tag, "label") for tag in values.get("tags", []) if tag
        ],
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    # dict.get: feedparser's own look-up answers one name for another, with a warning
    value = dict.get(values, name) if isinstance(values, dict) else None
    return value if isinstance(value, str) else ""


def _alternates(values: Mapping[str, Any]) -> list[str]:
    found = dict.get(values, "links") if isinstance(values, dict) else None
    if not isinstance(found, list):
        return []
    return [_text(part, "href") for part in found if _text(part, "rel") == "alternate"]


def _content(values: Mapping[str, Any]) -> str:
    parts = dict.get(values, "content") if isinstance(values, dict) else None
    texts = [_text(part, "value") for part in parts] if isinstance(parts, list) else []
    return next((text for text in texts if text.strip()), "")


def _authors(values: Mapping[str, Any]) -> list[str]:
    found = dict.get(values, "authors") if isinstance(values, dict) else None
    names = [_text(author, "name") for author in found] if isinstance(found, list) else []
    return [name for name in names if name] or [_text(values, "author")]


def _moment(values: Mapping[str, Any], name: str, hints: Hints) -> Moment | None:
    raw = _text(values, name)
    if not raw:
        return None
    moment = read_date(raw, hints.timezone)
    if moment is not None:
        return moment
    parsed = dict.get(values, f"{name}_parsed") if isinstance(values, dict) else None
    if not parsed:
        return None
    try:
        at = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return Moment(at, ("date_guessed",)) if 1900 <= at.year <= 2100 else None

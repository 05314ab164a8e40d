"""RSS 0.9x to 2.0, RDF and Atom, through feedparser, with the raw XML beside it.

feedparser gets repaired UTF-8 bytes as a stream: it never opens a file or an address, and it
never sees a DOCTYPE. Its sanitiser is off because it is not safe; our own text cleaning is on.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
from lxml import etree

from monitor.parse import cap
from monitor.parse.advice.titles import add_advice
from monitor.parse.bounds import MAX_ENTRIES, bounded
from monitor.parse.capxml import alerts_in, read_alert
from monitor.parse.dates import Moment, read_date
from monitor.parse.draft import Draft, language_code
from monitor.parse.entry import Document, Hints, NotAFeed
from monitor.parse.extensions import extend
from monitor.parse.identity import finish_all
from monitor.parse.text import title_text
from monitor.parse.xmlsafe import Element, Xml, local, text_at

_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError, etree.LxmlError,
)  # fmt: skip
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_WHOLE_LIST = "whole_list"


def read_feed(xml: Xml, hints: Hints) -> Document:
    """The document of an RSS, RDF or Atom file.

    Raises NotAFeed: parse_error when feedparser fails, truncated when the end is missing and
    nothing was read.
    """
    raws = _raw_entries(xml.root)
    flood = len(raws) - MAX_ENTRIES
    parsed = _feedparser(bounded(xml, raws), hints)
    feed: Mapping[str, Any] = parsed.get("feed", {})
    found: Sequence[Mapping[str, Any]] = parsed.get("entries", [])[:MAX_ENTRIES]
    raws = raws[:MAX_ENTRIES]
    notes = list(xml.notes)
    loose = _outside(xml.root, raws)
    if not found and not loose and xml.cut:
        raise NotAFeed("truncated", "The document ends before its first entry.")
    kind = "rss" if local(xml.root).lower() in ("rss", "rdf", "channel") else "atom"
    language = language_code(_text(feed, "language"))
    base = _text(feed, "link") if not hints.url else hints.url
    drafts = [cap.draft_of(read_alert(alert), hints) for alert in loose]
    if flood > 0:
        notes.append(f"only the first {MAX_ENTRIES} of {len(raws) + flood} entries were read")
    partly = xml.cut or flood > 0
    for values, raw in _paired(found, raws):
        if raw is None:
            partly = partly or bool(raws)
        drafts.append(_draft(values, raw, hints, kind, base, language))
    if partly and found and flood <= 0:
        notes.append("some entries may be incomplete")
    whole = any(_WHOLE_LIST in draft.flags for draft in drafts)
    for draft in drafts:
        draft.flags = [flag for flag in draft.flags if flag != _WHOLE_LIST]
    return Document(
        format="cap" if loose and not found else kind,
        entries=finish_all(drafts, hints, _text(feed, "link") or None),
        title=title_text(_text(feed, "title")),
        language=language,
        ttl=_ttl(feed),
        updated=_feed_time(feed, hints),
        is_list=whole,
        partly=partly,
        notes=tuple(notes),
    )


def _feedparser(data: bytes, hints: Hints) -> Mapping[str, Any]:
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


def _raw_entries(root: Element) -> list[Element]:
    return [element for element in root.iter() if local(element) in ("item", "entry")]


def _outside(root: Element, raws: list[Element]) -> list[Element]:
    """CAP alerts of the document that stand in no entry."""
    inside = set(raws)
    return [
        alert
        for alert in alerts_in(root)
        if (around := set(alert.iterancestors())) and not inside.intersection(around)
    ]


def _paired(
    found: Sequence[Mapping[str, Any]], raws: list[Element]
) -> list[tuple[Mapping[str, Any], Element | None]]:
    """Each of feedparser's entries with its element, by order or, if counts differ, by name."""
    if len(found) == len(raws):
        return list(zip(found, raws, strict=True))
    by_name: dict[str, Element] = {}
    for raw in raws:
        for name in ("guid", "id", "link", "title"):
            text = text_at(raw, name)
            if text:
                by_name.setdefault(f"{name} {text}", raw)
    pairs: list[tuple[Mapping[str, Any], Element | None]] = []
    for values in found:
        names = [
            f"guid {_text(values, 'id')}", f"id {_text(values, 'id')}",
            f"link {_text(values, 'link')}", f"title {_text(values, 'title')}",
        ]  # fmt: skip
        pairs.append((values, next((by_name[name] for name in names if name in by_name), None)))
    return pairs


def _draft(
    values: Mapping[str, Any],
    raw: Element | None,
    hints: Hints,
    kind: str,
    base: str,
    language: str | None,
) -> Draft:
    inner = alerts_in(raw) if raw is not None else []
    if inner:
        draft = cap.draft_of(read_alert(inner[0]), hints)
        draft.link = draft.link or _text(values, "link") or None
        draft.updated = draft.updated or _moment(values, "updated", hints)
        return draft
    published = _moment(values, "published", hints) or _moment(values, "created", hints)
    updated = _moment(values, "updated", hints)
    if kind == "rss" and published is None:  # dc:date, which feedparser calls updated
        published, updated = updated, None
    summary = _text(values, "summary")
    title = _text(values, "title")
    content = _content(values)
    if content and (not summary.strip() or summary.strip() == title.strip()):
        summary = content
    draft = Draft(
        title=title,
        summary=summary,
        link=_link(values),
        base=base,
        native_id=_text(values, "id") or None,
        language=_entry_language(values) or language,
        published=published,
        updated=updated,
        authors=_authors(values),
        categories=[
            _text(tag, "term") or _text(tag, "label") for tag in values.get("tags", []) if tag
        ],
    )
    if raw is not None:
        extend(draft, raw, hints)
        if add_advice(draft, raw):
            draft.flags.append(_WHOLE_LIST)
    return draft


def _text(values: Mapping[str, Any], name: str) -> str:
    # dict.get: feedparser's own look-up answers one name for another, with a warning
    value = dict.get(values, name) if isinstance(values, dict) else None
    return value if isinstance(value, str) else ""


def _link(values: Mapping[str, Any]) -> str | None:
    """The page of the entry; where feedparser names none, the first alternate link."""
    own = _text(values, "link")
    found = dict.get(values, "links") if isinstance(values, dict) else None
    if "://" in own or not isinstance(found, list):
        return own or None
    others = [_text(part, "href") for part in found if _text(part, "rel") == "alternate"]
    return next((href for href in others if href), own or None)


def _content(values: Mapping[str, Any]) -> str:
    parts = dict.get(values, "content") if isinstance(values, dict) else None
    texts = [_text(part, "value") for part in parts] if isinstance(parts, list) else []
    return next((text for text in texts if text.strip()), "")


def _entry_language(values: Mapping[str, Any]) -> str | None:
    detail = dict.get(values, "title_detail") if isinstance(values, dict) else None
    own = language_code(_text(detail, "language")) if isinstance(detail, dict) else None
    return language_code(_text(values, "language")) or own


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


def _feed_time(feed: Mapping[str, Any], hints: Hints) -> datetime | None:
    moment = _moment(feed, "updated", hints) or _moment(feed, "published", hints)
    return moment.at if moment else None


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    """The longest time that the publisher asks pollers to wait, at most a month."""
    waits: list[timedelta] = []
    ttl = _text(feed, "ttl").strip()
    if ttl.isdecimal() and len(ttl) <= 6:
        waits.append(timedelta(minutes=int(ttl)))
    period = _PERIODS.get(_text(feed, "sy_updateperiod").strip().lower())
    if period:
        frequency = _text(feed, "sy_updatefrequency").strip()
        times = int(frequency) if frequency.isdecimal() and 0 < int(frequency) < 10_000 else 1
        waits.append(timedelta(hours=period) / times)
    waits = [wait for wait in waits if wait > timedelta(0)]
    return min(max(waits), timedelta(days=30)) if waits else None

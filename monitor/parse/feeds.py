"""RSS 0.9x to 2.0, RDF and Atom: the values that a reader found, with the raw XML beside them.

Well-formed documents of known elements are read by `fast.py`, straight from the tree; feedparser
(`reference.py`) decides everything else. docs/decisions/0007 tells why and how they agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from monitor.parse import cap, fast
from monitor.parse.advice.titles import add_advice
from monitor.parse.bounds import MAX_ELEMENTS, MAX_ENTRIES, bounded
from monitor.parse.capxml import Signatures, alerts_in, read_alert
from monitor.parse.draft import Draft, language_code, note_unread
from monitor.parse.entry import Document, Entry, Hints, Mark, NotAFeed
from monitor.parse.extensions import extend
from monitor.parse.feedvalues import EntryValues, FeedValues
from monitor.parse.identity import finish_all, finish_each
from monitor.parse.pieces import around_of, checksums, pieces_of, top_of
from monitor.parse.sniff import route
from monitor.parse.text import title_text
from monitor.parse.xmlsafe import (
    Element,
    Xml,
    child,
    local,
    repair,
    strictly,
    text_at,
    text_of,
)

_WHOLE_LIST = "whole_list"
_COUNTED = re.compile(r"^https?://(?:feedproxy\.google\.com|feeds\d?\.feedburner\.com)/", re.I)
_DATED = frozenset(("pubDate", "published", "updated", "date", "issued", "modified", "created"))


class _Claimed(Exception):
    """An entry claims an identity of one that was not read: they must be read together."""


def read_feed(xml: Xml, hints: Hints, *, quick: bool = True) -> Document:
    """The document of an RSS, RDF or Atom file; without `quick` always through feedparser.

    Raises NotAFeed: parse_error when feedparser fails, truncated when the end is missing and
    nothing was read.
    """
    raws = list(xml.root.iter("{*}item", "{*}entry"))
    alerts = alerts_in(xml.root)
    feed = fast.read(xml, raws, hints) if quick and not alerts else None
    if feed is None:
        feed = _by_feedparser(xml, raws, hints)
        alerts = alerts_in(xml.root)  # the tree may have been cut for feedparser
        return _document(xml, raws, alerts, feed, hints)
    pieces = pieces_of(xml.text)
    if pieces is None or len(pieces.entries) != len(raws):
        return _document(xml, raws, alerts, feed, hints)
    return _document(xml, raws, alerts, feed, hints, pieces.digests())


def read_rest(text: str, hints: Hints) -> Document | None:
    """The document without those of its entries that stand in it as they did in the last one.

    All else is as `read_feed` would tell it. None where there are no such entries, or where
    they cannot be left out without a doubt: an entry more or less may change how another is
    known, and the head how all of them are read.
    """
    last, fixed = hints.last, repair(text)
    pieces = pieces_of(fixed) if last is not None else None
    if last is None or pieces is None or len(pieces.entries) > MAX_ENTRIES:
        return None
    digests = pieces.digests()
    places: dict[bytes, int] = {}
    for place, digest in enumerate(digests):
        if digest in last.claims:
            places.setdefault(digest, place)
    same = set(places.values())
    xml = strictly(pieces.without(same)) if same and fixed.count("<") < MAX_ELEMENTS else None
    if xml is None or route(xml.root) != "feed" or alerts_in(xml.root):
        return None
    raws = list(xml.root.iter("{*}item", "{*}entry"))
    top = top_of(xml.root)
    if top is None or len(raws) != len(digests):
        return None
    for place in same:
        if next(raws[place].iterancestors()) is not top:
            return None
        top.remove(raws[place])
    rest = [place for place in range(len(raws)) if place not in same]
    raws = [raws[place] for place in rest]
    feed = fast.read(xml, raws, hints)
    if feed is None or around_of(xml.root, feed, hints) != last.around:
        return None
    kept = tuple(places)
    taken = frozenset(claim for digest in kept for claim in last.claims[digest])
    try:
        document = _document(xml, raws, [], feed, hints, [digests[place] for place in rest], taken)
    except _Claimed:
        return None
    return replace(document, kept=kept)


def _by_feedparser(xml: Xml, raws: list[Element], hints: Hints) -> FeedValues:
    from monitor.parse import reference  # heavy: only when a document needs it

    return reference.read(bounded(xml, raws), hints)


def _document(
    xml: Xml,
    raws: list[Element],
    alerts: list[Element],
    feed: FeedValues,
    hints: Hints,
    digests: Sequence[bytes] | None = None,
    taken: frozenset[int] = frozenset(),
) -> Document:
    """The document; with the `digests` of its entries these can be known again.

    Raises _Claimed where one has a claim that is `taken`.
    """
    flood = len(raws) - MAX_ENTRIES
    raws = raws[:MAX_ENTRIES]
    notes = list(xml.notes)
    loose = _outside(alerts, raws)
    if not feed.entries and not loose and xml.cut:
        raise NotAFeed("truncated", "The document ends before its first entry.")
    kind = "rss" if local(xml.root).lower() in ("rss", "rdf", "channel") else "atom"
    signatures = Signatures(hints)
    drafts = [cap.draft_of(read_alert(alert, signatures), hints) for alert in loose]
    if flood > 0:
        notes.append(f"only the first {MAX_ENTRIES} of {len(raws) + flood} entries were read")
    partly = xml.cut or flood > 0
    about = _About(kind, hints.url or feed.link, language_code(feed.language), bool(alerts))
    for values, raw in _paired(feed.entries, raws):
        if raw is None:
            partly = partly or bool(raws)
        drafts.append(_draft(values, raw, hints, about, signatures))
    if partly and feed.entries and flood <= 0:
        notes.append("some entries may be incomplete")
    notes.extend(signatures.notes)
    whole = any(_WHOLE_LIST in draft.flags for draft in drafts)
    for draft in drafts:
        draft.flags = [flag for flag in draft.flags if flag != _WHOLE_LIST]
    return Document(
        format="cap" if loose and not feed.entries else kind,
        entries=_finished(drafts, hints, feed.link or None, digests, taken),
        title=title_text(feed.title),
        language=about.language,
        ttl=feed.wait,
        updated=feed.updated.at if feed.updated else None,
        is_list=whole,
        partly=partly,
        notes=tuple(notes),
        around=around_of(xml.root, feed, hints) if digests is not None else "",
    )


def _finished(
    drafts: list[Draft],
    hints: Hints,
    home: str | None,
    digests: Sequence[bytes] | None,
    taken: frozenset[int],
) -> tuple[Entry, ...]:
    if digests is None:
        return finish_all(drafts, hints, home)
    entries = []
    for place, entry, claims, alone in finish_each(drafts, hints, home):
        sums = checksums(claims)
        if not taken.isdisjoint(sums):
            raise _Claimed
        entries.append(replace(entry, mark=Mark(digests[place], sums)) if alone else entry)
    return tuple(entries)


def _outside(alerts: list[Element], raws: list[Element]) -> list[Element]:
    """CAP alerts of the document that stand in no entry."""
    inside = set(raws)
    return [
        alert
        for alert in alerts
        if (around := set(alert.iterancestors())) and not inside.intersection(around)
    ]


def _paired(
    found: Sequence[EntryValues], raws: list[Element]
) -> list[tuple[EntryValues, Element | None]]:
    """Each of a reader's entries with its element, by order or, if counts differ, by name."""
    if len(found) == len(raws):
        return list(zip(found, raws, strict=True))
    by_name: dict[str, Element] = {}
    for raw in raws:
        for name in ("guid", "id", "link", "title"):
            text = text_at(raw, name)
            if text:
                by_name.setdefault(f"{name} {text}", raw)
    pairs: list[tuple[EntryValues, Element | None]] = []
    for values in found:
        names = [
            f"guid {values.native_id}", f"id {values.native_id}",
            f"link {values.own_link}", f"title {values.title}",
        ]  # fmt: skip
        pairs.append((values, next((by_name[name] for name in names if name in by_name), None)))
    return pairs


class _About:
    """What all entries of one feed have in common; `alerts`: CAP alerts stand in it."""

    __slots__ = ("alerts", "base", "kind", "language")

    def __init__(self, kind: str, base: str, language: str | None, alerts: bool) -> None:
        self.kind, self.base, self.language, self.alerts = kind, base, language, alerts


def _original(link: str | None, raw: Element | None) -> str | None:
    """The publisher's own link where FeedBurner has put a counting one in its place."""
    if raw is None or not link or not _COUNTED.search(link):
        return link
    return text_at(raw, "origLink") or link


def _bare_id(values: EntryValues, raw: Element | None) -> str:
    """The id of an entry without a link, where it is a mere word, such as `<guid>12345</guid>`.

    By the letter of RSS such an id is an address relative to the feed's; the page does not exist.
    """
    if raw is None or not values.own_link or values.own_link != values.native_id:
        return ""
    said = text_at(raw, "guid") or text_at(raw, "id")
    return "" if "/" in said or ":" in said or child(raw, "link") is not None else said


def _draft(
    values: EntryValues,
    raw: Element | None,
    hints: Hints,
    about: _About,
    signatures: Signatures,
) -> Draft:
    inner = alerts_in(raw) if about.alerts and raw is not None else []
    if inner:
        draft = cap.draft_of(read_alert(inner[0], signatures), hints)
        draft.link = draft.link or (None if _bare_id(values, raw) else values.own_link or None)
        draft.updated = draft.updated or values.updated
        return draft
    published, updated = values.published, values.updated
    if about.kind == "rss" and published is None:  # dc:date, which feedparser calls updated
        published, updated = updated, None
    summary = values.summary
    if values.content and (not summary.strip() or summary.strip() == values.title.strip()):
        summary = values.content
    bare_id = _bare_id(values, raw)
    draft = Draft(
        title=values.title,
        summary=summary,
        link=None if bare_id else _original(values.link, raw),
        base=about.base,
        native_id=bare_id or values.native_id or None,
        language=(
            language_code(values.language) or language_code(values.title_language) or about.language
        ),
        published=published,
        updated=updated,
        authors=values.authors,
        categories=values.categories,
    )
    if raw is not None:
        extend(draft, raw, hints)
        if draft.published is None and draft.updated is None:
            note_unread(draft, *(text_of(part) for part in raw if local(part) in _DATED))
        if add_advice(draft, raw):
            draft.flags.append(_WHOLE_LIST)
    return draft

"""What holds of every document the parsers make, whatever bytes it came from."""

from __future__ import annotations

import math
import pickle
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

from alerts import words
from monitor.parse.document import parse
from monitor.parse.entry import Document, Entry, Hints, NotAFeed
from monitor.parse.text import SUMMARY_LIMIT, TITLE_LIMIT
from storage import codec
from storage.records import ItemValues, Place

STATUS = frozenset(("actual", "exercise", "system", "test", "draft"))
MESSAGE_TYPES = frozenset(("alert", "update", "cancel", "ack", "error"))
# Controls, marks that turn the direction of writing, marks that nobody sees, halves of pairs.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LINK_FORBIDDEN = re.compile('[\x00-\x20\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069<>"\\\\]')
_STATE = re.compile(r"[a-z][a-z0-9_]{2,30}")
HINTS = Hints(url="https://feeds.example/news/feed", timezone="Asia/Bangkok")


class Broken(AssertionError):
    """A parser's result that breaks a promise."""


def outcome(body: bytes, hints: Hints = HINTS) -> Document | NotAFeed:
    """What reading `body` gives; anything raised but NotAFeed goes through."""
    try:
        return parse(body, hints)
    except NotAFeed as refused:
        return refused


def check(body: bytes, hints: Hints = HINTS) -> Document | NotAFeed:
    """Read `body` twice and hold the result to every promise; raises Broken."""
    found, again = outcome(body, hints), outcome(body, hints)
    if isinstance(found, NotAFeed):
        check_refusal(found)
        _hold(isinstance(again, NotAFeed), "read once and refused once")
        _hold(str(found) == str(again), "refused for two reasons")
        return found
    _hold(found == again, "the same bytes gave two documents")
    check_document(found)
    return found


def check_refusal(refused: NotAFeed) -> None:
    """A refusal names a state that the pages know, in one clean line, and survives the queue."""
    _hold(_STATE.fullmatch(refused.state) is not None, f"the state {refused.state!r}")
    _hold(refused.state in _states(), f"no page knows the state {refused.state!r}")
    _hold(bool(refused.detail) and len(refused.detail) <= 1000, "a refusal's words")
    _hold(not UNSEEN.search(refused.detail), f"a refusal's words: {refused.detail!r}")
    if refused.found is not None:
        check_link(refused.found)
    copy = pickle.loads(pickle.dumps(refused))  # noqa: S301 - our own bytes
    _hold((copy.state, copy.detail) == (refused.state, refused.detail), "a refusal's copy")


def check_document(document: Document) -> None:
    """Hold a document to every promise; raises Broken."""
    _hold(bool(document.format), "a document without a format")
    _hold(len(document.title) <= TITLE_LIMIT, "a long title of the document")
    _hold(not UNSEEN.search(document.title), f"the document's title {document.title!r}")
    if document.updated is not None:
        _check_time(document.updated)
    if document.ttl is not None:
        _hold(0 < document.ttl.total_seconds() <= 31 * 86_400, f"ttl {document.ttl}")
    for entry in document.entries:
        check_entry(entry)
    _hold(pickle.loads(pickle.dumps(document)) == document, "a document's copy")  # noqa: S301


def check_entry(entry: Entry) -> None:
    """Hold one entry to every promise; raises Broken."""
    values = entry.values
    _hold(len(values.title) <= TITLE_LIMIT, f"a title of {len(values.title)} characters")
    _hold(len(values.summary) <= SUMMARY_LIMIT, f"a summary of {len(values.summary)} characters")
    for text in (values.title, values.summary, *values.authors, *values.source_categories):
        _hold(not UNSEEN.search(text), f"unseen characters in {text!r}")
        _hold(text == text.strip(), f"blanks around {text[:80]!r}")
    if values.link is not None:
        check_link(values.link)
    _hold(values.status in STATUS, f"the status {values.status!r}")
    _hold(values.message_type in MESSAGE_TYPES, f"the type {values.message_type!r}")
    _hold(values.language is None or 2 <= len(values.language) <= 3, f"{values.language!r}")
    _hold(bool(entry.keys), "an entry without identity")
    _hold(len(set(entry.keys)) == len(entry.keys), f"an identity twice: {entry.keys}")
    _hold(len(set(entry.events)) == len(entry.events), f"an event twice: {entry.events}")
    for key in (*entry.keys, *entry.events):
        _hold(bool(key.kind) and bool(key.value), f"an empty identity {key}")
        _hold(len(key.value) <= 5000, f"an identity of {len(key.value)} characters")
    for place in values.places:
        _check_place(place)
    if values.advice and values.advice.country:
        _check_country(values.advice.country)
    _hold(entry.undated == (values.published_at is None and values.updated_at is None), "undated")
    for value in _leaves(entry):
        if isinstance(value, str):
            value.encode()  # no half of a surrogate pair: no database would take it
            _hold("\x00" not in value, f"a NUL in {value!r}")
        elif isinstance(value, datetime):
            _check_time(value)
        elif isinstance(value, float):
            _hold(math.isfinite(value), "a number that is none")
        elif isinstance(value, int):
            _hold(abs(value) < 2**63, f"a number that no column holds: {value}")
    stored = codec.decode(ItemValues, codec.encode(values))
    _hold(stored == values, "an entry that storage does not give back")


def _leaves(value: object) -> Iterator[object]:
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def check_link(link: str) -> None:
    """An address that may be opened: absolute, http or https, without odd characters."""
    parts = urlsplit(link)
    _hold(parts.scheme in ("http", "https"), f"the scheme of {link[:200]!r}")
    _hold(bool(parts.hostname), f"no host in {link[:200]!r}")
    _hold(not _LINK_FORBIDDEN.search(link), f"odd characters in {link[:200]!r}")
    # percent-encoding a link of the longest kind may triple it
    _hold(len(link) <= 4 * 4096 * 3, f"a link of {len(link)} characters")


def _check_time(time: datetime) -> None:
    _hold(time.tzinfo is not None and time.utcoffset() == UTC.utcoffset(None), f"{time!r}")
    _hold(1899 <= time.year <= 2101, f"the year of {time!r}")


def _check_place(place: Place) -> None:
    if place.country is not None:
        _check_country(place.country)
    _hold((place.lat is None) == (place.lon is None), f"half a position: {place}")
    if place.lat is not None and place.lon is not None:
        _hold(-90 <= place.lat <= 90 and -180 <= place.lon <= 180, f"off the globe: {place}")
    _hold(not UNSEEN.search(place.name or ""), f"the name of {place}")


def _check_country(code: str) -> None:
    _hold(re.fullmatch(r"[A-Z]{2}", code) is not None, f"the country {code!r}")


@cache
def _states() -> frozenset[str]:
    return frozenset(tomllib.loads(words.SHIPPED.read_text(encoding="utf-8"))["feed"])


def _hold(true: bool, promise: str) -> None:
    if not true:
        raise Broken(promise)

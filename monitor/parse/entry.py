"""What the parsers make of one document: the same entry model for every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.records import ItemValues


@dataclass(frozen=True, slots=True)
class Key:
    """One identity of an entry within its feed: `kind` says of what sort.

    Kinds: id (guid, Atom id), link, title_time, cap (sender,identifier,sent), usgs, emsc,
    gdacs (eventtype+eventid), glide, jma (EventID), atcf (storm), advice (country).
    These name an event across feeds: usgs, emsc, gdacs, glide, jma, atcf, vtec
    (office.phenomenon.significance.number), tsunami_gov, cap, and cap_ref (a message that this
    one refers to).
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Mark:
    """By what an entry is known again in the feed's next document.

    `digest` is of its text as it stood there; `claims` are checksums of the identities that it
    alone had, so that an entry which claims one of them can be told.
    """

    digest: bytes
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One `<item>`, `<entry>`, CAP alert, GeoJSON feature or telegram.

    `keys` are its identities, best first; `events` are identities of the *event* it tells of,
    which hold across feeds. `undated` is True when the source gave no usable time. `mark` is
    None where the entry cannot be known again without reading it.
    """

    values: ItemValues
    keys: tuple[Key, ...]
    events: tuple[Key, ...] = ()
    undated: bool = False
    mark: Mark | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: its entries in document order and what its publisher asks of pollers.

    `format` is rss, atom, cap, geojson, json, jma, …. `ttl` is the longest of ttl and
    sy:updatePeriod hints. `notes` are faults that were read over, in plain English.
    `partly` is True when some entries could not be read. `kept` are the digests of entries that
    stand in the document as they did in the last one (`Hints.last`); they are not among the
    `entries`. `around` is the digest of all else that decides how an entry is read.
    """

    format: str
    entries: tuple[Entry, ...]
    title: str = ""
    language: str | None = None
    ttl: timedelta | None = None
    updated: datetime | None = None
    is_list: bool = False  # the whole list every time (travel advice): absence is no withdrawal
    partly: bool = False
    notes: tuple[str, ...] = ()
    kept: tuple[bytes, ...] = ()
    around: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Last:
    """The feed's last document: its `around`, and the claims of its entries by their digests."""

    around: str
    claims: Mapping[bytes, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a document before reading it.

    `certificates` are PEM files of signers whose CAP alerts are checked; `at` is when they must
    be valid, None for the present. `last` names entries that need not be read again, `reading`
    the way of reading under which they were read: under another, they are.
    """

    url: str = ""
    content_type: str = ""
    timezone: str = "UTC"
    encoding: str | None = None
    language: str | None = None
    format: str = "auto"
    selector: str | None = None  # with the format "page"
    certificates: tuple[bytes, ...] = ()
    at: datetime | None = None
    reading: str = ""
    last: Last | None = None


def raw_date(written: str) -> str:
    """The flag that keeps a date as it was written, where it gave no usable time."""
    return f"date_raw: {' '.join(written.split())[:80]}"


class NotAFeed(Exception):
    """The document is no feed we can read.

    `state` is the poll state it ends in: not_a_feed, json_not_feed, login_page, challenge_page,
    empty, truncated, bad_encoding, parse_error, too_large. `found` is a feed address that an HTML
    page pointed to, if any.
    """

    def __init__(self, state: str, detail: str, found: str | None = None) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail
        self.found = found

    def __reduce__(self) -> tuple[type[NotAFeed], tuple[str, str, str | None]]:
        return NotAFeed, (self.state, self.detail, self.found)

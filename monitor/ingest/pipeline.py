"""The way of the data for one poll: entries → read → store → link → decide.

`prepare` does what may take long, before the transaction; `commit` writes it all in one. Both
take the documents of several feeds, for one look at many texts costs far less than many looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from alerts.policy import Policy
from alerts.rules import STALE_AFTER
from classifiers.tags import Classifier, Tags
from monitor.communications.heard import Heard
from monitor.config.feedlist import Feed
from monitor.incidents.link import unlinkable
from monitor.incidents.older import is_older_advice
from monitor.incidents.subject import Subject
from monitor.incidents.take import Taker
from monitor.ingest.hashes import hash_of, same_under_older_form
from monitor.ingest.prose import with_prose
from monitor.ingest.reading import read_late, reading_of, settled_by_source, text_of
from monitor.ingest.recall import FUTURE, newest_of
from monitor.parse.entry import Document, Entry, raw_date
from monitor.parse.named_events import identities_in
from storage import feeds, itemreads, items
from storage.codec import decode, encode
from storage.items import Known, NewItem
from storage.records import FeedState, Item, ItemValues, Reading, Role, Why
from storage.traces import Trace

if TYPE_CHECKING:
    from storage.database import Connection

MOST_NEW = 500  # of one poll; the rest is taken at the next ones, never marked seen
READ_AT_ONCE = 1000  # texts
FRESH = timedelta(hours=6)
CANCELS = "cancels"  # kind of the keys that name what a cancellation cancels
FLAG_FUTURE = "date_future"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that came of one feed, with the feed as it was when it was asked.

    `kept` are its entries that stand there as they did and are stored already.
    """

    feed: Feed
    state: FeedState
    document: Document
    kept: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What one poll did with its entries; `traces` are of those that were read."""

    entries: int = 0
    new: int = 0
    revised: int = 0
    deferred: int = 0
    missing: int = 0  # that waited since the last poll and that the document no longer has
    newest_at: datetime | None = None
    traces: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with its content hash and what the classifiers read, if it was worth reading."""

    entry: Entry
    content_hash: str
    reading: Reading | None
    content: Any = None  # its values in their stored form, if they were worked out


@dataclass(frozen=True, slots=True)
class Prepared:
    """The entries of one document, oldest first, ready for the transaction.

    `known` is what the store had of their keys, `rehash` the items whose content is as it was
    under a hash of an older form.
    """

    arrival: Arrival
    candidates: tuple[Candidate, ...]
    deferred: int
    missing: int
    known: Mapping[tuple[str, str], Known]
    rehash: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Sifted:
    """One document's entries; `fresh` are the places of those that are new or revised."""

    arrival: Arrival
    entries: Sequence[Entry]
    hashes: Sequence[str]
    fresh: Sequence[int]
    late: frozenset[int]
    missing: int
    known: Mapping[tuple[str, str], Known]
    rehash: Mapping[int, str]
    contents: Mapping[int, Any]  # of the fresh, in their stored form


def prepare(
    conn: Connection,
    arrivals: Sequence[Arrival],
    classifier: Classifier,
    *,
    now: datetime,
) -> list[Prepared]:
    """Find what is new or revised in each document and read its text. `conn` only reads."""
    sifted = [_sift(conn, arrival, now) for arrival in arrivals]
    texts = [
        text_of(each.entries[index], each.arrival.feed) for each in sifted for index in each.fresh
    ]
    tags = iter(
        [
            tag
            for start in range(0, len(texts), READ_AT_ONCE)
            for tag in classifier.classify(texts[start : start + READ_AT_ONCE])
        ]
    )
    return [_prepared(each, tags, now) for each in sifted]


def _sift(conn: Connection, arrival: Arrival, now: datetime) -> _Sifted:
    """Tell what is new or revised from what the store has."""
    read = with_prose(arrival.document.entries, arrival.feed)
    entries = [entry for entry in read if _says_something(entry.values)]
    known = _known(conn, arrival.state.id, entries)
    contents = [encode(entry.values) for entry in entries]
    hashes = [hash_of(content) for content in contents]
    fresh: list[int] = []
    new: list[int] = []
    rehash: dict[int, str] = {}
    for index, entry in enumerate(entries):
        held = _held(entry, known)
        if held is None:
            new.append(index)
            fresh.append(index)
        elif held.hash != hashes[index]:
            if same_under_older_form(conn, held, hashes[index]):
                rehash[held.item_id] = hashes[index]
            else:
                fresh.append(index)
    late = frozenset(sorted(new, key=lambda index: _urgency(entries[index], now))[:-MOST_NEW])
    fresh = [index for index in fresh if index not in late]
    missing = _missing(conn, arrival.state, [entries[index].values for index in new], now)
    return _Sifted(
        arrival, entries, hashes, fresh, late, missing, known, rehash,
        {index: contents[index] for index in fresh},
    )  # fmt: skip


def _urgency(entry: Entry, now: datetime) -> tuple[bool, datetime]:
    """What the source itself says is a hazard is taken before the rest, the newest first."""
    return entry.values.hazard is not None, _order(entry, now)


def _missing(conn: Connection, state: FeedState, new: Sequence[ItemValues], now: datetime) -> int:
    """How many of those that waited are not among the `new` ones: the feed has rolled on.

    What is dated after the poll that let them wait is none of them; what has no date, or one
    to come, may be.
    """
    if state.first_seen_at is None or state.body_digest is not None:
        return 0  # the last document was taken whole
    waited = feeds.waiting(conn, state.id)
    if waited is None:
        return 0
    count, since = waited
    told = [values.published_at or values.updated_at for values in new]
    return max(0, count - sum(at is None or not since < at <= now for at in told))


def _prepared(sifted: _Sifted, tags: Iterator[Tags], now: datetime) -> Prepared:
    """The candidates of one document; takes the next of `tags` for each of its fresh entries."""
    feed = sifted.arrival.feed
    readings = {
        index: settled_by_source(reading_of(next(tags)), sifted.entries[index].values, feed)
        for index in sifted.fresh
    }
    candidates = [
        Candidate(
            dated := _dated(entry, now),
            sifted.hashes[index],
            readings.get(index),
            sifted.contents.get(index) if dated is entry else None,
        )
        for index, entry in enumerate(sifted.entries)
        if index not in sifted.late
    ]
    candidates.sort(key=lambda each: _order(each.entry, now))
    return Prepared(
        sifted.arrival,
        tuple(candidates),
        len(sifted.late),
        sifted.missing,
        sifted.known,
        sifted.rehash,
    )


def commit(
    conn: Connection,
    many: Sequence[Prepared],
    classifier: Classifier,
    policy: Policy,
    *,
    now: datetime,
    again: Collection[int] = (),
) -> list[Counts]:
    """Store what is new, link it, decide; all on `conn`, which its owner commits.

    `again` are the feeds that another program may have polled since they were prepared: what
    the store has of their keys is looked up afresh.
    """
    todo = [_changes_of(conn, each, classifier, now, again) for each in many]
    items.rehash(conn, {item_id: new for each in many for item_id, new in each.rehash.items()})
    fresh = [change.new for changes in todo for change in changes if change.new is not None]
    ids = iter(items.insert_many(conn, fresh, now=now))
    taker = Taker(conn, policy, now=now)
    heard = Heard()
    made: dict[tuple[int, bytes], int] = {}  # new items by feed and mark
    for prepared, changes in zip(many, todo, strict=True):
        for change in changes:
            if change.new is None:
                _revise(conn, prepared.arrival, change, taker, now, heard)
                continue
            item_id = next(ids)
            if change.candidate.entry.mark is not None:
                made[prepared.arrival.state.id, change.candidate.entry.mark.digest] = item_id
            item = _as_stored(prepared.arrival.state, item_id, change.new, now)
            heard.note_first(item, change.keys, now)
            if not change.new.disposition:
                heard.note(item, taker.take_new(item, change.events, hold=change.hold))
    taker.finish()
    heard.finish(conn, policy, now)
    return [
        replace(
            _counted(prepared, changes, now),
            traces=() if prepared.arrival.state.id in again else _traces(prepared, made),
        )
        for prepared, changes in zip(many, todo, strict=True)
    ]


def _traces(prepared: Prepared, made: Mapping[tuple[int, bytes], int]) -> tuple[Trace, ...]:
    """By what the entries that were read will be known again; `made` are the ids of new items."""
    found: list[Trace] = []
    for candidate in prepared.candidates:
        entry, values = candidate.entry, candidate.entry.values
        if entry.mark is None or FLAG_FUTURE in values.flags:  # its time will be believed one day
            continue
        held = _held(entry, prepared.known)
        digest = entry.mark.digest
        item_id = held.item_id if held else made.get((prepared.arrival.state.id, digest))
        if item_id is None:
            continue
        found.append(
            Trace(
                digest, entry.mark.claims, item_id, candidate.content_hash, values.published_at,
                entry.undated,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Change:
    """An entry that is stored now: as a `new` item, or as a revision of the one `held`."""

    candidate: Candidate
    reading: Reading
    keys: Sequence[tuple[str, str]]
    events: Sequence[tuple[str, str]]
    hold: Why | None
    held: Known | None
    new: NewItem | None


def _changes_of(
    conn: Connection,
    prepared: Prepared,
    classifier: Classifier,
    now: datetime,
    again: Collection[int],
) -> list[_Change]:
    feed, state = prepared.arrival.feed, prepared.arrival.state
    known = prepared.known
    if state.id in again:
        known = _known(conn, state.id, [each.entry for each in prepared.candidates])
    first_sight, is_list = state.first_seen_at is None, prepared.arrival.document.is_list
    found: list[_Change] = []
    for candidate in prepared.candidates:
        entry, values = candidate.entry, candidate.entry.values
        held = _held(entry, known)
        if held is not None and candidate.content_hash in (
            held.hash, prepared.rehash.get(held.item_id),
        ):  # fmt: skip
            continue
        reading = candidate.reading or read_late(entry, feed, classifier)
        keys = [(key.kind, key.value) for key in entry.keys]
        if values.message_type == "cancel":  # it may come before what it cancels
            keys += [(CANCELS, key.value) for key in entry.events if key.kind == "cap_ref"]
        events = event_keys(entry)
        is_new = held is None
        hold = hold_of(
            values, now=now, first_sight=first_sight and is_new, is_list=is_list and is_new
        )
        if any(key in known for key in _cancelling(entry)):
            hold = Why("cancelled_before")
        new = None
        if is_new:
            subject = Subject(
                values, reading, events, role_of(feed), feed.kind, feed.publisher, feed.country, now
            )
            why = unlinkable(subject)
            new = NewItem(
                state.id, role_of(feed), values, candidate.content_hash, keys, reading,
                disposition=(why,) if why else (),
                stored=(candidate.content or encode(values), encode(reading)),
            )  # fmt: skip
        found.append(_Change(candidate, reading, keys, events, hold, held, new))
    return found


def _revise(
    conn: Connection,
    arrival: Arrival,
    change: _Change,
    taker: Taker,
    now: datetime,
    heard: Heard,
) -> None:
    assert change.held is not None  # noqa: S101 - a change is either new or of what is held
    values, item_id = change.candidate.entry.values, change.held.item_id
    taker.settle()  # it may have been linked a moment ago
    before = itemreads.get(conn, item_id)
    if is_older_advice(before.values, values):
        return
    items.revise(
        conn,
        item_id,
        values=values,
        content_hash=change.candidate.content_hash,
        changed=changed_fields(before.values, values),
        reading=change.reading,
        keys=change.keys,
        now=now,
    )
    after = itemreads.get(conn, item_id)
    incident_id = taker.take_revised(before, after, change.events, hold=change.hold)
    heard.note_revised(conn, before, after, change.keys, incident_id, now)


def _as_stored(state: FeedState, item_id: int, new: NewItem, now: datetime) -> Item:
    """The item as it would be read back; nothing has linked it yet."""
    content, reading = new.stored or (encode(new.values), encode(new.reading))
    return Item(
        id=item_id,
        feed_id=state.id,
        feed_name=state.name,
        feed_kind=state.kind,
        publisher=state.publisher,
        tier=state.tier,
        home=state.home,
        speaker=state.country,
        role=new.role,
        first_seen_at=now,
        revision=1,
        values=decode(ItemValues, content),
        reading=decode(Reading, reading),
    )


def _counted(prepared: Prepared, changes: Sequence[_Change], now: datetime) -> Counts:
    kept = prepared.arrival.kept
    dated = [each.entry.values.published_at for each in prepared.candidates]
    dated.append(newest_of(kept, now))
    new = sum(change.new is not None for change in changes)
    return Counts(
        entries=len(prepared.candidates) + len(kept) + prepared.deferred,
        new=new,
        revised=len(changes) - new,
        deferred=prepared.deferred,
        missing=prepared.missing,
        newest_at=max((at for at in dated if at is not None), default=None),
    )


def _known(
    conn: Connection, feed_id: int, entries: Sequence[Entry]
) -> dict[tuple[str, str], Known]:
    keys = [(key.kind, key.value) for entry in entries for key in entry.keys]
    keys += [key for entry in entries for key in _cancelling(entry)]
    return items.known(conn, feed_id, keys)


def _cancelling(entry: Entry) -> list[tuple[str, str]]:
    """The keys that a cancellation of this entry has, should it have come first."""
    return [(CANCELS, key.value) for key in entry.events if key.kind == "cap"]


def _held(entry: Entry, known: Mapping[tuple[str, str], Known]) -> Known | None:
    """The item that has one of the entry's keys, its best key first."""
    found = (known.get((key.kind, key.value)) for key in entry.keys)
    return next((each for each in found if each is not None), None)


def event_keys(entry: Entry) -> tuple[tuple[str, str], ...]:
    """The event's identities as incidents own them.

    A message that is referred to counts as one of the event's own, so that an Update joins the
    incident of its parent, and two Updates of a parent that was never seen join each other.
    """
    given = (("cap" if key.kind == "cap_ref" else key.kind, key.value) for key in entry.events)
    values = entry.values
    named = identities_in(values.link, values.title, values.summary)
    return tuple(dict.fromkeys((*given, *named)))


def role_of(feed: Feed) -> Role:
    """A ministry's feed communicates, every other one signals."""
    return Role.COMMUNICATION if feed.communicates else Role.SIGNAL


def changed_fields(before: ItemValues, after: ItemValues) -> tuple[str, ...]:
    """The names of the values that differ."""
    old, new = asdict(before), asdict(after)
    return tuple(name for name in new if old[name] != new[name])


def _says_something(values: ItemValues) -> bool:
    return bool(values.title or values.summary or values.link)


def _dated(entry: Entry, now: datetime) -> Entry:
    """A time in the future is kept as a flag only, so that it tops no list for ever."""
    values = entry.values
    late = [at for at in (values.published_at, values.updated_at) if at and at > now + FUTURE]
    if not late:
        return entry
    said = tuple(raw_date(at.isoformat()) for at in late)
    return replace(
        entry,
        values=replace(
            values,
            published_at=None if values.published_at in late else values.published_at,
            updated_at=None if values.updated_at in late else values.updated_at,
            flags=tuple(dict.fromkeys((*values.flags, FLAG_FUTURE, *said))),
        ),
    )


def _order(entry: Entry, now: datetime) -> datetime:
    return entry.values.published_at or entry.values.updated_at or now


def hold_of(values: ItemValues, *, now: datetime, first_sight: bool, is_list: bool) -> Why | None:
    """Why this entry may not notify whatever the rules say, None when it may."""
    told = values.updated_at or values.published_at
    if (
        told is not None
        and now - told > STALE_AFTER
        and not (values.expires_at and values.expires_at > now)
    ):
        return Why("stale", {"days": (now - told).days})
    in_force = values.expires_at is not None and values.expires_at > now
    fresh = told is not None and now - told <= FRESH
    if values.expires_at is not None and not (in_force or fresh):
        return Why("expired", {"at": values.expires_at.isoformat(timespec="minutes")})
    if not first_sight:
        return None
    if is_list or not (in_force or fresh):
        return Why("first_sight")
    return None

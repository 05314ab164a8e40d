"""The way of the data for one poll: entries → read → store → link → decide.

`prepare` does what may take long, before the transaction; `commit` writes it all in one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.policy import Policy
from classifiers.tags import Classifier, Tags, Text
from monitor.feedlist import Feed
from monitor.incidents.hazards import category_of
from monitor.incidents.take import Taker
from monitor.parse.countries import iso2
from monitor.parse.entry import Document, Entry
from storage import items
from storage.records import (
    FeedState,
    Figure,
    ItemValues,
    Place,
    Reading,
    Role,
    Tag,
    Why,
)

if TYPE_CHECKING:
    from storage.database import Connection

MOST_NEW = 500  # of one poll; the rest is taken at the next ones, never marked seen
FIRST_SIGHT_FRESH = timedelta(hours=6)
STALE = timedelta(days=30)
FUTURE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Counts:
    """What one poll did with its entries."""

    entries: int = 0
    new: int = 0
    revised: int = 0
    deferred: int = 0
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with its content hash and what the classifiers read, if it was worth reading."""

    entry: Entry
    content_hash: str
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The entries of one document, oldest first, ready for the transaction."""

    candidates: tuple[Candidate, ...]
    deferred: int
    is_list: bool


def content_hash(values: ItemValues) -> str:
    """A digest of what an entry says; its times are left out, for a new date is no change."""
    said = asdict(values)
    for part in ("published_at", "updated_at", "flags"):
        said.pop(part)
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def prepare(
    conn: Connection,
    feed: Feed,
    state: FeedState,
    document: Document,
    classifier: Classifier,
    *,
    now: datetime,
) -> Prepared:
    """Find what is new or revised and read its text. `conn` only reads."""
    entries = [entry for entry in document.entries if _says_something(entry.values)]
    known = items.known(
        conn, state.id, [(key.kind, key.value) for entry in entries for key in entry.keys]
    )
    hashes = [content_hash(entry.values) for entry in entries]
    fresh: list[int] = []
    new: list[int] = []
    for index, entry in enumerate(entries):
        held = next(
            (known[key.kind, key.value] for key in entry.keys if (key.kind, key.value) in known),
            None,
        )
        if held is None:
            new.append(index)
        if held is None or held.hash != hashes[index]:
            fresh.append(index)
    late = set(sorted(new, key=lambda index: _order(entries[index], now))[:-MOST_NEW])
    chosen = [index for index in fresh if index not in late]
    tags = classifier.classify([_text(entries[index], feed) for index in chosen])
    readings = {
        index: settled_by_source(reading_of(tag), entries[index].values, feed)
        for index, tag in zip(chosen, tags, strict=True)
    }
    candidates = [
        Candidate(_dated(entry, now), hashes[index], readings.get(index))
        for index, entry in enumerate(entries)
        if index not in late
    ]
    candidates.sort(key=lambda each: _order(each.entry, now))
    return Prepared(tuple(candidates), len(late), document.is_list)


def commit(
    conn: Connection,
    feed: Feed,
    state: FeedState,
    prepared: Prepared,
    classifier: Classifier,
    policy: Policy,
    *,
    now: datetime,
) -> Counts:
    """Store what is new, link it, decide; all on `conn`, which its owner commits."""
    first_sight = state.first_seen_at is None
    known = items.known(
        conn,
        state.id,
        [(key.kind, key.value) for each in prepared.candidates for key in each.entry.keys],
    )
    taker = Taker(conn, policy, now=now)
    new = revised = 0
    for candidate in prepared.candidates:
        keys = [(key.kind, key.value) for key in candidate.entry.keys]
        held = next((known[key] for key in keys if key in known), None)
        if held is not None and held.hash == candidate.content_hash:
            continue
        reading = candidate.reading or _read_late(candidate.entry, feed, classifier)
        values = candidate.entry.values
        events = event_keys(candidate.entry)
        if held is None:
            item_id = items.insert(
                conn,
                feed_id=state.id,
                role=role_of(feed),
                values=values,
                content_hash=candidate.content_hash,
                keys=keys,
                reading=reading,
                now=now,
            )
            new += 1
            hold = _hold(values, now=now, first_sight=first_sight, is_list=prepared.is_list)
            taker.take_new(items.get(conn, item_id), events, hold=hold)
        else:
            before = items.get(conn, held.item_id)
            items.revise(
                conn,
                held.item_id,
                values=values,
                content_hash=candidate.content_hash,
                changed=changed_fields(before.values, values),
                reading=reading,
                keys=keys,
                now=now,
            )
            revised += 1
            hold = _hold(values, now=now, first_sight=False, is_list=False)
            taker.take_revised(before, items.get(conn, held.item_id), events, hold=hold)
    dated = [each.entry.values.published_at for each in prepared.candidates]
    return Counts(
        entries=len(prepared.candidates) + prepared.deferred,
        new=new,
        revised=revised,
        deferred=prepared.deferred,
        newest_at=max((at for at in dated if at is not None), default=None),
    )


def event_keys(entry: Entry) -> tuple[tuple[str, str], ...]:
    """The event's identities as incidents own them.

    A message that is referred to counts as one of the event's own, so that an Update joins the
    incident of its parent, and two Updates of a parent that was never seen join each other.
    """
    return tuple(
        dict.fromkeys(
            ("cap" if key.kind == "cap_ref" else key.kind, key.value) for key in entry.events
        )
    )


def role_of(feed: Feed) -> Role:
    """A ministry's feed communicates, every other one signals."""
    return Role.COMMUNICATION if feed.communicates else Role.SIGNAL


def changed_fields(before: ItemValues, after: ItemValues) -> tuple[str, ...]:
    """The names of the values that differ."""
    old, new = asdict(before), asdict(after)
    return tuple(name for name in new if old[name] != new[name])


def reading_of(tags: Tags) -> Reading:
    """The classifiers' tags as storage keeps them."""
    return Reading(
        tags=tuple(
            Tag(label, tags.probabilities.get(label, 0.0), tags.evidence.get(label, ()), sure)
            for labels, sure in ((tags.labels, True), (tags.unsure, False))
            for label in labels
        ),
        hazard=tags.hazard,
        hazard_evidence=tags.hazard_evidence,
        language=tags.language,
        countries=tags.countries,
        places=tuple(Place(hit.name, hit.country, hit.lat, hit.lon) for hit in tags.places),
        figures=tuple(Figure(each.kind, each.value, each.words) for each in tags.figures),
        nationals=tags.nationals,
        nationals_evidence=tags.nationals_evidence,
        communication=tags.communication,
        flags=tags.flags,
        flags_evidence=tags.flags_evidence,
        classifier=tags.classifier,
    )


def settled_by_source(reading: Reading, values: ItemValues, feed: Feed) -> Reading:
    """The reading with what the source itself settles.

    A hazard in the source's own fields gives its category for sure; a feed of one purpose
    settles one that the classifier was unsure of. The source's own word for the event stands
    as the evidence where the text held none. An authority's warning that names no country is
    for the one that its feed covers.
    """
    given = category_of(values.hazard.type if values.hazard else None)
    settled = {label for label in (given, feed.category) if label}
    event = values.hazard.event if values.hazard else None
    word = (event,) if event else ()
    tags = [
        replace(tag, sure=True, evidence=tag.evidence or word) if tag.label in settled else tag
        for tag in reading.tags
    ]
    if given and given not in {tag.label for tag in tags}:
        tags.append(Tag(given, 1.0, word, sure=True))
    countries = reading.countries
    if not countries and _placeless(values) and (country := _whose(feed)):
        countries = (country,)
    return replace(reading, tags=tuple(tags), countries=countries)


def _says_something(values: ItemValues) -> bool:
    return bool(values.title or values.summary or values.link)


def _text(entry: Entry, feed: Feed) -> Text:
    values = entry.values
    said = (values.summary, *(_areas(values) if _placeless(values) else ()))
    summary = "\n".join(part for part in said if part)
    return Text(values.title, summary, values.language or feed.language, feed.kind)


def _placeless(values: ItemValues) -> bool:
    """A hazard in the source's own fields without a country: its area may name one in words."""
    return values.hazard is not None and not any(place.country for place in values.places)


def _areas(values: ItemValues) -> list[str]:
    return [place.name for place in values.places if place.name]


def _whose(feed: Feed) -> str | None:
    """The one country that an authority's hazard feed is about, None when it covers more.

    `country` is where the publisher sits; only a coverage of one country says where events are.
    """
    if feed.kind != "hazard" or feed.tier != "official" or len(feed.coverage) != 1:
        return None
    (only,) = feed.coverage
    return only if iso2(only) == only else None


def _read_late(entry: Entry, feed: Feed, classifier: Classifier) -> Reading:
    """For an entry that another program changed between the two steps."""
    tags = classifier.classify([_text(entry, feed)])[0]
    return settled_by_source(reading_of(tags), entry.values, feed)


def _dated(entry: Entry, now: datetime) -> Entry:
    """A publication time in the future is kept as a flag only, so that it tops no list for ever."""
    published = entry.values.published_at
    if published is None or published <= now + FUTURE:
        return entry
    flags = tuple(dict.fromkeys((*entry.values.flags, "date_future")))
    return replace(entry, values=replace(entry.values, published_at=None, flags=flags))


def _order(entry: Entry, now: datetime) -> datetime:
    return entry.values.published_at or entry.values.updated_at or now


def _hold(values: ItemValues, *, now: datetime, first_sight: bool, is_list: bool) -> Why | None:
    """Why this entry may not notify whatever the rules say, None when it may."""
    told = values.updated_at or values.published_at
    if (
        told is not None
        and now - told > STALE
        and not (values.expires_at and values.expires_at > now)
    ):
        return Why("stale", {"days": (now - told).days})
    if not first_sight:
        return None
    in_force = values.expires_at is not None and values.expires_at > now
    fresh = told is not None and now - told <= FIRST_SIGHT_FRESH
    if is_list or not (in_force or fresh):
        return Why("first_sight")
    return None

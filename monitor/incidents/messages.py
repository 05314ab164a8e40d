"""Which official messages still stand, and what ended the others.

An update, a cancellation or an all-clear ends exactly the messages it refers to, by their own
identifiers (CAP 1.2: sender, identifier, sent) and only those of its own publisher. One that
refers to nothing ends what its VTEC event keys name. A cancellation that names nothing at all
ends all that its publisher said of the hazard. A message kept before identifiers were is known
by the moment at which it was sent, where only one was sent then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TypeAlias

from storage.records import Item

SUPERSEDED, CANCELLED, LIFTED, EXPIRED = "superseded", "cancelled", "lifted", "expired"
_TAKEN_BACK = frozenset(["cancel", "error"])
_Pair: TypeAlias = tuple[Item, Item]  # what is ended, and by what


@dataclass(frozen=True, slots=True)
class Ending:
    """How a message ended: `state` is superseded, cancelled, lifted or expired.

    `by` is the message that ended it (None when it expired), `at` when that was sent.
    """

    state: str
    at: datetime
    by: Item | None = None


def endings(items: Sequence[Item]) -> dict[int, Ending]:
    """What others among `items` (oldest first, of any publishers) ended, by item id.

    The order of coming is of no account where a message is named: a cancellation may come first.
    """
    enders = [item for item in items if _how(item)]
    if not enders:
        return {}
    found: dict[int, Ending] = {}
    pairs = chain(_referred(enders, items), _of_events(enders, items), _of_hazard(items))
    for item, ender in pairs:
        ending = Ending(_how(ender), _sent(ender), ender)
        held = found.get(item.id)
        if held is None or (held.state, ending.state) == (SUPERSEDED, CANCELLED):
            found[item.id] = ending
    return found


def in_force(items: Sequence[Item]) -> list[Item]:
    """Those that neither take something back nor were ended by another."""
    ended = endings(items)
    return [
        item
        for item in items
        if item.id not in ended and item.values.message_type not in _TAKEN_BACK
    ]


def standing(items: Sequence[Item], now: datetime) -> dict[int, Ending]:
    """As `endings`, with those that nobody ended but that have expired by `now`."""
    found = endings(items)
    for item in items:
        until = item.values.expires_at
        if until is not None and until <= now and item.id not in found:
            found[item.id] = Ending(EXPIRED, until)
    return found


def still_warns(item: Item, clear: Item) -> bool:
    """Whether `item`, which is in force, is a message of its own that `clear` does not name."""
    until = item.values.expires_at
    return (
        item.id != clear.id
        and item.publisher == clear.publisher
        and _names_itself(item)
        and bool(clear.values.references or clear.values.event_codes)
        and not is_clear(item)
        and (until is None or until > _sent(clear))
    )


def is_clear(item: Item) -> bool:
    """Whether the message says that the danger is over, or takes a warning back."""
    hazard = item.values.hazard
    clear = item.values.message_type == "cancel" or "all_clear" in item.reading.flags
    return clear or (hazard is not None and hazard.response == "AllClear")


def same_message(triple: str) -> str:
    """A CAP reference with its time in UTC; others write it in another zone's time."""
    who, comma, sent = triple.rpartition(",")
    with suppress(ValueError):
        at = datetime.fromisoformat(sent)
        if comma and at.tzinfo is not None:
            return f"{who},{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return triple


def _how(item: Item) -> str:
    """What a message does to those it names; empty for one that ends nothing."""
    if item.values.message_type in _TAKEN_BACK:
        return CANCELLED
    if item.values.message_type not in ("alert", "update"):
        return ""
    if is_clear(item) or "all_clear" in item.values.flags:
        return LIFTED
    return SUPERSEDED if item.values.message_type == "update" else ""


def _referred(enders: Sequence[Item], items: Sequence[Item]) -> Iterator[_Pair]:
    """What is ended by its name or, where it has none, by the moment at which it was sent."""
    named: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    unnamed: dict[tuple[str, datetime], Item] = {}
    sent: Counter[tuple[str, datetime]] = Counter()
    for item in items:
        if item.values.message_id:
            named[item.publisher, item.values.message_id].append(item)
        if item.values.published_at:
            moment = (item.publisher, item.values.published_at)
            sent[moment] += 1
            if not item.values.message_id:
                unnamed[moment] = item
    for ender in enders:
        for reference in ender.values.references:
            meant = named.get((ender.publisher, same_message(reference)), [])
            at = _moment(reference)
            if not meant and at is not None and sent[ender.publisher, at] == 1:
                meant = [unnamed[ender.publisher, at]] if (ender.publisher, at) in unnamed else []
            yield from ((item, ender) for item in meant if _may_end(ender, item))


def _of_events(enders: Sequence[Item], items: Sequence[Item]) -> Iterator[_Pair]:
    """What is ended by its VTEC events: each of them has had a later word."""
    told: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    for ender in enders:
        if not ender.values.references:
            for code in ender.values.event_codes:
                told[ender.publisher, code].append(ender)
    if not told:
        return
    # of those sent at once the one that goes on comes before the one that takes back
    for words in told.values():
        words.sort(key=lambda each: (_sent(each), _how(each) == CANCELLED))
    times = {key: [_sent(each) for each in words] for key, words in told.items()}
    for item in items:
        keys = [(item.publisher, code) for code in item.values.event_codes]
        places = [bisect_right(times.get(key, []), _sent(item)) for key in keys]
        later = [
            told[key][place]
            for key, place in zip(keys, places, strict=True)
            if place < len(times.get(key, []))
        ]
        if later and len(later) == len(keys):
            yield item, max(later, key=lambda each: (_sent(each), _how(each) != CANCELLED))


def _of_hazard(items: Sequence[Item]) -> Iterator[_Pair]:
    """What a cancellation that came later and names nothing ends: all of the hazard."""
    enders: dict[tuple[str, str | None], Item] = {}
    for item in reversed(items):
        about = (item.publisher, _hazard(item))
        if about in enders:
            yield item, enders[about]
        values = item.values
        if values.message_type in _TAKEN_BACK and not (values.references or values.event_codes):
            enders[about] = item


def _moment(reference: str) -> datetime | None:
    with suppress(ValueError):
        at = datetime.fromisoformat(reference.rpartition(",")[2])
        return at if at.tzinfo is not None else None
    return None


def _may_end(ender: Item, item: Item) -> bool:
    """No message ends itself or one that was sent after it."""
    ours, theirs = ender.values.published_at, item.values.published_at
    return item.id != ender.id and (ours is None or theirs is None or theirs <= ours)


def _names_itself(item: Item) -> bool:
    return bool(item.values.message_id or item.values.event_codes)


def _hazard(item: Item) -> str | None:
    return item.values.hazard.type if item.values.hazard else None


def _sent(item: Item) -> datetime:
    return item.values.published_at or item.first_seen_at

"""When to poll a feed next: pure arithmetic that never ends in "not at all"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

JITTER = 0.1  # of the interval, either way
LONGEST_BACK_OFF = timedelta(hours=1)
LONGEST_BACK_OFF_PRIORITY = timedelta(minutes=15)
LONGEST_RETRY_AFTER = timedelta(hours=24)
LONGEST_RETRY_AFTER_PRIORITY = timedelta(hours=1)
LONGEST_HINT = timedelta(hours=24)  # that Cache-Control or ttl can make of an interval
HINT_TIMES_PRIORITY = 2  # and for a priority feed: this many intervals
SHORTEST = timedelta(seconds=1)
PARKED = timedelta(hours=24)  # a 410 may be a mistake: asked again, but rarely
PARKED_PRIORITY = timedelta(hours=1)
MOST_DOUBLINGS = 20  # by then every limit has been reached
NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Next:
    """When a feed is polled next, and why then.

    `not_before` is set when the server has asked for time: nobody should poll earlier.
    """

    due_at: datetime
    not_before: datetime | None
    why: str


def next_poll(
    feed_every: timedelta,
    *,
    priority: bool,
    outcome_ok: bool,
    failures: int,
    retry_after: timedelta | None,
    max_age: timedelta | None,
    ttl: timedelta | None,
    key: str,
    now: datetime,
    gone: bool = False,
) -> Next:
    """The next poll of a feed that was polled at `now`; `gone`: it answered 410.

    `failures` counts this poll and those before it that failed in a row; 0 after a good one.
    `retry_after`, `max_age` and `ttl` are what the server and the feed ask for, in any size; they
    only ever lengthen the wait. `key` names the feed: it alone moves the moment by up to 10 %,
    so feeds with one interval drift apart and each keeps its rhythm.
    """
    every = max(feed_every, SHORTEST)
    if gone:
        parked = max(every, PARKED_PRIORITY if priority else PARKED)
        due_at = now + parked * (1 - 2 * JITTER * _share(key))
        return Next(due_at, None, f"gone: asked again every {_words(parked)}")
    if outcome_ok:
        wait, why = _after_success(every, priority, max_age, ttl, key)
    else:
        wait, why = _after_failure(every, priority, max(failures, 1), key)
    if retry_after is None or retry_after <= NONE:
        return Next(now + wait, None, why)
    limit = LONGEST_RETRY_AFTER_PRIORITY if priority else LONGEST_RETRY_AFTER
    asked = min(retry_after, limit)
    not_before = now + asked
    if asked <= wait:
        return Next(now + wait, not_before, why)
    late = every * JITTER * _share(key)  # never early: that is what the server asked not to do
    why = f"the server asks for {_words(retry_after)}"
    if asked < retry_after:
        why += f", {_words(asked)} is the most it gets"
    return Next(min(not_before + late, now + max(limit, wait)), not_before, why)


def spread(key: str, every: timedelta) -> timedelta:
    """How long after the start a feed is first polled: 0 to `every`, the same for the same key."""
    return max(every, NONE) * _share(key)


def _after_success(
    every: timedelta,
    priority: bool,
    max_age: timedelta | None,
    ttl: timedelta | None,
    key: str,
) -> tuple[timedelta, str]:
    limit = every * HINT_TIMES_PRIORITY if priority else max(every, LONGEST_HINT)
    hint, source = max((max_age or NONE, "Cache-Control"), (ttl or NONE, "the feed's ttl"))
    asked = min(hint, limit)
    if asked <= every:
        wait = _around(every, key)  # an early one must not come before the publisher's moment
        wait = wait if wait >= asked else asked + every * JITTER * _share(key)
        return wait, f"every {_words(every)}"
    wait = min(asked + every * JITTER * _share(key), limit)
    return wait, f"{source} asks for {_words(hint)}: every {_words(asked)}"


def _after_failure(
    every: timedelta, priority: bool, failures: int, key: str
) -> tuple[timedelta, str]:
    cap = max(every, LONGEST_BACK_OFF_PRIORITY if priority else LONGEST_BACK_OFF)
    times = 2 ** min(failures - 1, MOST_DOUBLINGS)
    wait = cap if every >= cap / times else every * times
    why = f"{failures} {'failure' if failures == 1 else 'failures'} in a row: {_words(wait)}"
    if wait < cap:
        return min(_around(wait, key), cap), why
    if cap == every:
        return _around(wait, key), why
    # At the limit, only ever sooner, but still apart: an outage hits all feeds at one moment.
    return wait * (1 - 2 * JITTER * _share(key)), why


def _around(wait: timedelta, key: str) -> timedelta:
    return wait * (1 - JITTER + 2 * JITTER * _share(key))


def _share(key: str) -> float:
    """0 (included) to 1 (excluded), always the same for a key."""
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def _words(wait: timedelta) -> str:
    seconds = round(wait.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size * (2 if unit == "d" else 1):
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds} s"

"""When a mail that could not be handed over is tried again, and when it is given up."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=5)
KEPT = timedelta(days=5)
JITTER = 0.2
PERMANENT_TRIES = 3


def wait(attempts: int, key: str) -> timedelta:
    """The time to the next try after `attempts` (1 or more) failed ones.

    5 s doubling to 5 min, up to a fifth longer. The jitter comes from `key` (a notice's id) and
    the attempt, so that the same failure always gives the same time and many notices spread.
    """
    doubled = FIRST * (1 << min(max(attempts, 1) - 1, 16))
    digest = hashlib.sha256(f"{key}:{attempts}".encode()).digest()
    part = int.from_bytes(digest[:4]) / 2**32
    return min(doubled, LONGEST) * (1 + JITTER * part)


def next_try(
    *, attempts: int, key: str, created_at: datetime, now: datetime, permanent: bool
) -> datetime | None:
    """When to try again, None when the notice is to be parked for a person to mend.

    `attempts` counts the failed tries, this one included. A permanent refusal gets three tries
    in all, anything else five days from `created_at`.
    """
    if permanent and attempts >= PERMANENT_TRIES:
        return None
    at = now + wait(attempts, key)
    return at if at < created_at + KEPT else None

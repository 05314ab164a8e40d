"""Entries that stand in a feed as they did in its last document: they are told, not read again."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

import storage
from monitor.config.feedlist import Feed
from monitor.ingest.hashes import HASH_FORM
from monitor.parse.entry import Document, Last
from storage.traces import Trace, Traces

FUTURE = timedelta(hours=24)  # a time later than that is taken for none
_OWN, _STORAGE = Path(__file__).parents[1], Path(storage.__file__).parent
_READING = (
    *((_OWN, pattern) for pattern in ("parse/**/*.py", "ingest/prose.py", "ingest/hashes.py")),
    *((_STORAGE, pattern) for pattern in ("codec.py", "records/*.py")),
)
_LIBRARIES = ("lxml", "nh3")


def way_of_reading(feed: Feed) -> str:
    """What, beside its text, its head and its hints, decides what is made of a feed's entry.

    Another version of the program reads everything once more.
    """
    return f"{_code_key()} {HASH_FORM} {feed.kind}"


@cache
def _code_key() -> str:
    digest = hashlib.sha256(repr(sys.version_info).encode())
    for folder, pattern in _READING:
        for path in sorted(folder.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    for name in _LIBRARIES:
        digest.update(f"{name}={version(name)}".encode())
    return digest.hexdigest()


def last_of(traces: Traces | None) -> Last | None:
    """The last document as the parser needs it, None where nothing of it is known."""
    if traces is None or not traces.entries:
        return None
    return Last(traces.around, {each.digest: each.claims for each in traces.entries})


def kept_of(document: Document, traces: Traces | None) -> tuple[Trace, ...]:
    """The traces of the entries that were not read again."""
    if traces is None or not document.kept:
        return ()
    by_digest = {each.digest: each for each in traces.entries}
    return tuple(by_digest[digest] for digest in document.kept)


def newest_of(kept: Sequence[Trace], now: datetime) -> datetime | None:
    """The latest time of these entries that has come, or is about to."""
    told = (each.published_at for each in kept)
    return max((at for at in told if at is not None and at <= now + FUTURE), default=None)


def dated_in(document: Document, kept: Sequence[Trace]) -> int:
    """How many of all entries have a time of their own."""
    read = sum(not each.undated for each in document.entries)
    return read + sum(not each.undated for each in kept)

"""What is remembered of each feed's last document, so that its old entries need no reading.

One row a feed: a trace of each entry that can be known again, packed into bytes. It holds only
with the digest of the whole document that the feed table has, so that whatever makes a feed be
read anew (another address, entries that wait) drops the traces with it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    Select,
    Table,
    bindparam,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.columns import ROW_ID, SafeText
from storage.tables import item, metadata
from storage.upsert import chunks, insert_of, is_among

MOST = 1000  # entries of one feed
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_NEVER = -(2**63)
_RECORD = struct.Struct(">16sqq?BB")  # digest, item, published, undated, claims, bytes of the hash

feed_trace = Table(
    "feed_trace",
    metadata,
    Column("feed_id", ROW_ID, ForeignKey("feed.id"), primary_key=True, autoincrement=False),
    Column("body_digest", SafeText, nullable=False),
    Column("around", SafeText, nullable=False),
    Column("entries", LargeBinary, nullable=False),
)
_OF_FEEDS = select(feed_trace)
_HASHES = select(item.c.id, item.c.hash)


@dataclass(frozen=True, slots=True)
class Trace:
    """An entry as it stood: `digest` (16 bytes) of its text, checksums of what it claims.

    It made the item `item_id` say what has this content `hash`; `published_at` is what it gave.
    """

    digest: bytes
    claims: tuple[int, ...]
    item_id: int
    hash: str
    published_at: datetime | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Traces:
    """The document of a feed with this digest; `around` is that of what decides its reading."""

    feed_id: int
    body_digest: str
    around: str
    entries: tuple[Trace, ...]


def last(conn: Connection, digests: Mapping[int, str]) -> dict[int, Traces]:
    """The traces of these feeds, by id, where they are of the document with the digest given.

    Without those of items that say something else by now, or are gone.
    """
    rows = [
        row
        for some in chunks(list(digests))
        for row in conn.execute(_OF_FEEDS.where(feed_trace.c.feed_id.in_(some)))
        if row.body_digest == digests[row.feed_id]
    ]
    found = {row.feed_id: _unpacked(row.entries) for row in rows}
    ids = [trace.item_id for entries in found.values() for trace in entries]
    asked = conn.execute(_hashes_among(conn.dialect.name), {"among": ids}) if ids else ()
    hashes = {row.id: row.hash for row in asked}
    return {
        row.feed_id: Traces(
            row.feed_id,
            row.body_digest,
            row.around,
            tuple(each for each in found[row.feed_id] if hashes.get(each.item_id) == each.hash),
        )
        for row in rows
    }


def keep(conn: Connection, many: Sequence[Traces]) -> None:
    """Remember these in the place of what was remembered of their feeds; at most MOST entries."""
    if many:
        rows = [
            {
                "feed_id": each.feed_id,
                "body_digest": each.body_digest,
                "around": each.around,
                "entries": b"".join(map(_packed, each.entries[:MOST])),
            }
            for each in many
        ]
        conn.execute(_replacing(conn.dialect.name), rows)


@cache
def _hashes_among(dialect: str) -> Select[Any]:
    return _HASHES.where(is_among(dialect, item.c.id, "among", BigInteger))


@cache
def _replacing(dialect: str) -> sqlite.Insert | postgresql.Insert:
    insert = insert_of(dialect, feed_trace).values(
        {column.name: bindparam(column.name) for column in feed_trace.c}
    )
    return insert.on_conflict_do_update(
        index_elements=["feed_id"],
        set_={name: insert.excluded[name] for name in ("body_digest", "around", "entries")},
    )


def _packed(trace: Trace) -> bytes:
    at = trace.published_at
    said = trace.hash.encode()
    ticks = _NEVER if at is None else (at - _EPOCH) // _TICK
    record = _RECORD.pack(
        trace.digest, trace.item_id, ticks, trace.undated, len(trace.claims), len(said)
    )
    return record + struct.pack(f">{len(trace.claims)}I", *trace.claims) + said


def _unpacked(data: bytes) -> list[Trace]:
    """The traces of a row; of one that is damaged none, so that the document is read whole."""
    try:
        return _read(data)
    except (struct.error, UnicodeDecodeError, OverflowError):
        return []


def _read(data: bytes) -> list[Trace]:
    found: list[Trace] = []
    at = 0
    while at < len(data):
        digest, item_id, ticks, undated, claims, letters = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        claimed = struct.unpack_from(f">{claims}I", data, at)
        at += 4 * claims
        said = data[at : at + letters].decode()
        at += letters
        published = None if ticks == _NEVER else _EPOCH + ticks * _TICK
        found.append(Trace(digest, claimed, item_id, said, published, undated))
    return found

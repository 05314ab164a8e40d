"""Short ways to the rows that the storage tests need."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from storage import feeds, incidents, items
from storage.records import (
    FeedIdentity,
    Incident,
    ItemValues,
    Level,
    NewNotice,
    Reading,
    Role,
)


def identity(key: str = "gdacs", **changes: object) -> FeedIdentity:
    """A feed of the list."""
    values: dict[str, object] = {
        "key": key,
        "name": key.upper(),
        "url": f"https://{key}.example/rss.xml",
        "kind": "hazard",
        "publisher": "Agency",
    }
    return FeedIdentity(**values | changes)  # type: ignore[arg-type]


def feed_id(conn: Connection, now: datetime, key: str = "gdacs", **changes: object) -> int:
    """A stored feed; feeds of earlier calls stay listed."""
    earlier = [
        identity(state.key, name=state.name, url=state.url, kind=state.kind, country=state.country)
        for state in feeds.states(conn)
        if state.key != key
    ]
    return feeds.sync(conn, [*earlier, identity(key, **changes)], now)[key].id


def item_id(
    conn: Connection,
    feed: int,
    now: datetime,
    *,
    title: str = "Flood in the north",
    role: Role = Role.SIGNAL,
    values: ItemValues | None = None,
    reading: Reading | None = None,
    keys: tuple[tuple[str, str], ...] = (),
) -> int:
    """A stored item."""
    return items.insert(
        conn,
        feed_id=feed,
        role=role,
        values=values or ItemValues(title),
        content_hash=f"hash of {title}",
        keys=keys,
        reading=reading or Reading(),
        now=now,
    )


def incident(conn: Connection, now: datetime, **fields: object) -> Incident:
    """A stored incident."""
    values: dict[str, object] = {"title_en": "Flood", "title_th": "น้ำท่วม"}
    return incidents.open_incident(conn, now=now, year=now.year, **values | fields)  # type: ignore[arg-type]


def notice(
    due_at: datetime,
    message_id: str = "<1@monitor.example>",
    *,
    level: Level = Level.ALERT,
    incident_id: int | None = None,
) -> NewNotice:
    """A notice that is not in the outbox yet."""
    return NewNotice(
        kind="alert",
        recipient="duty@mfa.example",
        person="duty",
        team="desk",
        language="th",
        level=level,
        subject="น้ำท่วม",
        message_id=message_id,
        mime=b"Subject: x\r\n\r\n\x00\xff",
        due_at=due_at,
        incident_id=incident_id,
    )

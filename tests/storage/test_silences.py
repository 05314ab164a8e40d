"""Silences: in force from their start to just before their end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import silences
from storage.errors import StorageError
from storage.records import Silence
from tests.storage import make

HOUR = timedelta(hours=1)


def test_a_silence_is_in_force_from_its_start_until_its_end(
    conn: Connection, now: datetime
) -> None:
    opened = make.incident(conn, now)
    made = silences.add(
        conn,
        owner="duty officer",
        reason="known",
        starts_at=now,
        ends_at=now + HOUR,
        incident_id=opened.id,
        countries=("TH",),
        hazards=("FL",),
        feeds=("gdacs",),
    )
    assert made == Silence(
        made.id, opened.id, ("TH",), ("FL",), ("gdacs",), "duty officer", "known", now, now + HOUR
    )
    assert silences.active(conn, now) == [made]
    assert silences.active(conn, now - timedelta(microseconds=1)) == []
    assert silences.active(conn, now + HOUR) == []
    assert silences.listing(conn, limit=9) == [made]


def test_a_silence_can_be_ended_early_once(conn: Connection, now: datetime) -> None:
    made = silences.add(conn, owner="x", reason="y", starts_at=now, ends_at=now + 2 * HOUR)
    assert silences.end(conn, made.id, now + HOUR)
    assert silences.active(conn, now + HOUR) == []
    assert silences.active(conn, now) != []
    assert not silences.end(conn, made.id, now + HOUR)
    assert not silences.end(conn, 99, now)


def test_a_silence_that_ends_before_it_starts_is_refused(conn: Connection, now: datetime) -> None:
    with pytest.raises(StorageError, match="must end after"):
        silences.add(conn, owner="x", reason="y", starts_at=now, ends_at=now)

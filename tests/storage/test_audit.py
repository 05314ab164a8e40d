"""Audit log: what was done comes back in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from storage import audit


def test_lines_come_back_newest_first_with_what_was_before(conn: Connection, now: datetime) -> None:
    first = audit.record(
        conn, at=now, who="duty officer", action="level", subject="2026-0001",
        before={"level": "WATCH"}, after={"level": "FLASH", "why": ["น้ำท่วม", None]},
    )  # fmt: skip
    second = audit.record(conn, at=now, who="head", action="close", subject="2026-0002")
    assert audit.listing(conn, limit=9) == [
        audit.Entry(second, now, "head", "close", "2026-0002", None, None),
        audit.Entry(
            first, now, "duty officer", "level", "2026-0001",
            {"level": "WATCH"}, {"level": "FLASH", "why": ["น้ำท่วม", None]},
        ),
    ]  # fmt: skip
    assert [e.id for e in audit.listing(conn, limit=9, subject="2026-0001")] == [first]
    assert [e.id for e in audit.listing(conn, limit=9, before_id=second)] == [first]


def test_the_log_can_only_be_added_to() -> None:
    offered = {name for name in vars(audit) if not name.startswith("_")}
    assert not offered & {"update", "delete", "change", "remove", "prune"}

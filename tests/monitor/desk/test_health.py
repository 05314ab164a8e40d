"""`/healthz`: well while the program moves, 503 when it stands still."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import feeds, meta, outbox
from storage.records import PollResult
from tests.monitor.desk import world
from tests.storage import make

NONE_TRIED = {"ok": 0, "failing": 0, "priority_dark": 0}


async def asked(program: world.StandIn, later: timedelta) -> tuple[int, dict[str, Any]]:
    """What the page answers `later` than it was started."""
    async with world.client(program) as browser:
        program.clock.move(later)
        answer = await browser.get("/healthz")
    return answer.status_code, answer.json()


@pytest.mark.asyncio
async def test_a_program_that_has_just_started_is_well(empty: world.StandIn) -> None:
    status, said = await asked(empty, timedelta(seconds=1))
    assert status == 200
    assert said == {
        "ok": True, "poll": None, "database": "ok", "outbox": 0.0, "feeds": NONE_TRIED,
        "faulty_files": [],
    }  # fmt: skip


@pytest.mark.asyncio
@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 503)])
async def test_feeds_that_are_due_and_not_read_for_ten_minutes_are_a_standstill(
    empty: world.StandIn, now: datetime, minutes: int, status: int
) -> None:
    with empty.database.write() as conn:
        feeds.sync(conn, [make.identity()], now)
        meta.set(conn, "moved.poll", "", now)
    found, said = await asked(empty, timedelta(minutes=minutes))
    assert found == status
    assert said["poll"] == minutes * 60.0
    assert said["ok"] is (status == 200)


@pytest.mark.asyncio
async def test_feeds_that_are_not_due_yet_are_no_standstill(
    empty: world.StandIn, now: datetime
) -> None:
    with empty.database.write() as conn:
        feeds.sync(conn, [make.identity()], now + timedelta(hours=1))
        meta.set(conn, "moved.poll", "", now)
    assert (await asked(empty, timedelta(minutes=30)))[0] == 200


@pytest.mark.asyncio
@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 503)])
async def test_a_mail_that_waits_for_ten_minutes_while_none_goes_out_is_a_standstill(
    empty: world.StandIn, now: datetime, minutes: int, status: int
) -> None:
    with empty.database.write() as conn:
        outbox.enqueue(conn, make.notice(now), now)
        meta.set(conn, "moved.outbox", "", now - timedelta(hours=5))
    found, said = await asked(empty, timedelta(minutes=minutes))
    assert found == status
    assert said["outbox"] == minutes * 60.0


@pytest.mark.asyncio
async def test_an_outbox_in_which_nothing_waits_counts_as_moved(
    empty: world.StandIn, now: datetime
) -> None:
    with empty.database.write() as conn:
        sent = outbox.enqueue(conn, make.notice(now), now)
        assert sent is not None
        outbox.mark_sent(conn, sent, now, "250 ok")
        meta.set(conn, "moved.outbox", "", now)
    status, said = await asked(empty, timedelta(hours=5))
    assert (status, said["outbox"]) == (200, 0.0)


@pytest.mark.asyncio
async def test_a_database_that_cannot_be_read_is_named_without_its_address(
    empty: world.StandIn,
) -> None:
    assert empty.database.path is not None
    empty.database.close()
    empty.database.path.unlink()
    status, said = await asked(empty, timedelta(0))
    assert status == 503
    assert said == {"ok": False, "poll": None, "database": "failing", "outbox": None,
        "feeds": NONE_TRIED, "faulty_files": [],
    }  # fmt: skip


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("minutes", "last", "status"), [(29, "timed_out", 200), (31, "timed_out", 503), (31, "ok", 200)]
)
async def test_a_program_that_no_feed_answers_for_half_an_hour_is_not_well(
    empty: world.StandIn, now: datetime, minutes: int, last: str, status: int
) -> None:
    later = now + timedelta(minutes=minutes)
    with empty.database.write() as conn:
        feeds.sync(conn, [make.identity(priority=True)], now)
        (state,) = feeds.states(conn)
        for outcome, at in (("ok", now), (last, now + timedelta(minutes=1))):
            result = PollResult(outcome, at, ok=outcome == "ok")
            feeds.record_poll(conn, state.id, result, due_at=later + timedelta(hours=1))
    found, said = await asked(empty, timedelta(minutes=minutes))
    assert found == status
    failing = int(last != "ok")
    assert said["feeds"] == {
        "ok": 1 - failing,
        "failing": failing,
        "priority_dark": int(status == 503),
    }

"""A digest is decided once per name and day: whatever is killed, however many programs run."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import Connection

from monitor.digest import daily, edit
from monitor.errors import MonitorError
from storage import audit, digests, drafts, meta, outbox
from storage.database import Database
from storage.records import DigestEdits, Level, Notice
from tests.monitor.digest_worker import STEPS, decide, the_policy, the_settings
from tests.storage import make

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 23)
SEVEN = datetime(2026, 11, 23, 0, 0, 5, tzinfo=UTC)  # 07:00:05 in Bangkok
HALF_PAST_SIX = SEVEN - timedelta(minutes=30)
PEOPLE = 5  # of both teams, each once
POLICY = the_policy()
(PLAN,) = POLICY.digests


def in_service(database: Database) -> None:
    """The program has run on this database since three days."""
    with database.write() as conn:
        daily.mark_started(conn, SEVEN - timedelta(days=3))
        decided = daily.owed(conn, POLICY, now=SEVEN - timedelta(days=1))
        assert [each.draft for each in decided] == [False]


def yesterday(conn: Connection) -> None:
    """The issue of the day before has gone out."""
    digests.decide(
        conn,
        name=PLAN.id,
        local_date=DAY - timedelta(days=1),
        period_start=SEVEN - timedelta(days=2),
        period_end=SEVEN - timedelta(days=1),
        now=SEVEN - timedelta(days=1),
        late=False,
        content={},
    )


def stored(database: Database) -> tuple[list[date], list[Notice]]:
    with database.read() as conn:
        issues = [each.local_date for each in digests.listing(conn, limit=50)]
        return issues, outbox.recent(conn, 100)


def worker(database: Database, step: str) -> subprocess.Popen[str]:
    url = database.secret_url
    return subprocess.Popen(
        [sys.executable, "-m", "tests.monitor.digest_worker", url, SEVEN.isoformat(), step],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_digest_is_decided_once(database: Database, step: str) -> None:
    in_service(database)
    dying = worker(database, step)
    dying.communicate(timeout=120)
    assert dying.returncode == -9
    decide(database, SEVEN + timedelta(seconds=20))
    assert decide(database, SEVEN + timedelta(seconds=40)) == 0
    issues, notices = stored(database)
    assert issues == [DAY]
    assert len(notices) == PEOPLE + 1  # the head has the onward edition as well
    assert len({each.message_id for each in notices}) == len(notices)


def test_two_programs_on_one_database_decide_it_once(database: Database) -> None:
    in_service(database)
    both = [worker(database, "") for _ in range(2)]
    made = [int(each.communicate(timeout=120)[0]) for each in both]
    assert sorted(made) == [0, PEOPLE + 1]
    issues, notices = stored(database)
    assert issues == [DAY]
    assert Counter(each.person for each in notices)["head"] == 2
    assert len(notices) == PEOPLE + 1


def test_a_draft_goes_to_the_duty_officer_once_and_the_issue_follows_untouched(
    database: Database,
) -> None:
    in_service(database)
    with database.write() as conn:
        yesterday(conn)
    assert decide(database, HALF_PAST_SIX - timedelta(seconds=10)) == 0
    assert decide(database, HALF_PAST_SIX) == 1
    assert decide(database, HALF_PAST_SIX + timedelta(minutes=5)) == 0
    (draft,) = stored(database)[1]
    assert draft.person == "night"  # on duty until eight
    assert draft.subject.startswith("[ร่าง สรุปประจำวัน] จ. 23 พ.ย. 2569")
    text = body(draft)
    assert "ฉบับจริงส่งเวลา 07.00 น." in text
    assert "/digests/latest?plan=daily" in text
    assert decide(database, SEVEN) == PEOPLE + 1
    assert stored(database)[0][0] == DAY
    assert decide(database, SEVEN + timedelta(seconds=20)) == 0  # and no draft of tomorrow


def body(of: Notice) -> str:
    part = message_from_bytes(of.mime, policy=default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_what_an_officer_changes_before_seven_is_what_goes_out(database: Database) -> None:
    in_service(database)
    with database.write() as conn:
        yesterday(conn)
        number = make.incident(conn, SEVEN - timedelta(hours=5), level=Level.ALERT).number
        said = edit.edit(
            conn,
            PLAN,
            POLICY,
            wanted=edit.Wanted("เขียนโดยเวร", None, [number], None),
            by="night",
            now=HALF_PAST_SIX,
        )
        assert "2026-11-23 07:00" in said
        assert number in said
        line = audit.listing(conn, limit=1)[0]
        assert (line.who, line.action) == ("night", "digest edit")
        assert drafts.get(conn, PLAN.id, DAY).changed_by == "night"
    decide(database, SEVEN)
    notice = next(each for each in stored(database)[1] if each.person == "night")
    text = body(notice)
    assert "เขียนโดยเวร" in text
    assert f"เจ้าหน้าที่นำออกจากฉบับนี้: #{number}" in text
    top = text.split("== เหตุการณ์สำคัญ")[1].split("== บันทึกการปฏิบัติของเวร")[0]
    assert number not in top
    with database.read() as conn:
        after = digest_edit_next(conn)
    assert after == DigestEdits()  # tomorrow's is made from facts again


def digest_edit_next(conn: Connection) -> DigestEdits:
    return drafts.get(conn, PLAN.id, DAY + timedelta(days=1)).edits


def test_a_change_made_while_the_issue_is_made_ready_is_not_lost(database: Database) -> None:
    in_service(database)
    settings = the_settings()
    with database.write() as conn:
        yesterday(conn)
        (owed,) = daily.owed(conn, POLICY, now=SEVEN)
        ready = daily.make_ready(conn, owed, POLICY, settings, now=SEVEN)
        edits = DigestEdits("ในวินาทีสุดท้าย")
        drafts.change(conn, PLAN.id, DAY, edits, by="night", now=SEVEN)
        assert daily.settle(conn, ready, now=SEVEN) == 0
    decide(database, SEVEN + timedelta(seconds=20))
    notice = next(each for each in stored(database)[1] if each.person == "night")
    assert "ในวินาทีสุดท้าย" in body(notice)


def test_an_unknown_number_and_a_text_too_long_are_refused(conn: Connection) -> None:
    for wanted in (
        edit.Wanted(hide=["2026-9999"]),
        edit.Wanted(bottom_line_en="x" * 3_000),
    ):
        with pytest.raises(MonitorError):
            edit.edit(conn, PLAN, POLICY, wanted=wanted, by="night", now=HALF_PAST_SIX)


def test_after_an_outage_the_issue_is_late_and_says_so(database: Database) -> None:
    in_service(database)
    with database.write() as conn:
        yesterday(conn)
    decide(database, SEVEN + timedelta(hours=3))
    notice = next(each for each in stored(database)[1] if each.person == "night")
    assert "ฉบับนี้ออกล่าช้า 3 ชั่วโมง" in body(notice)


def test_nothing_is_owed_from_before_the_first_start(database: Database) -> None:
    with database.write() as conn:
        assert meta.get(conn, daily.STARTED) is None
        assert [each.draft for each in daily.owed(conn, POLICY, now=SEVEN)] == []
        daily.mark_started(conn, SEVEN)
        assert daily.owed(conn, POLICY, now=SEVEN) == []


def test_a_weekly_plan_covers_seven_days_and_says_what_it_is(conn: Connection) -> None:
    weekly = replace(PLAN, id="weekly", days=(0,), covers=timedelta(days=7), draft=None)
    made = daily.content_for(conn, weekly, POLICY, now=SEVEN, local_date=DAY)
    assert made.end - made.start == timedelta(days=7)
    assert made.next_issue == SEVEN.replace(second=0) + timedelta(days=7)
    shown = daily.shown(made, weekly, POLICY, the_settings(), language="en", now=SEVEN)
    assert shown.subject.startswith("[PREVIEW Weekly crisis report] Mon 23 Nov 2026")
    for title in ("Feeds that led", "Feeds that only repeat", "Noisiest rules"):
        assert f"== {title} – Nothing in this period" in shown.text

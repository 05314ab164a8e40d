"""Replies to a digest's draft: the officer's change the issue, nobody else's do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from alerts.policy import DigestPlan
from monitor.config.settings import Settings
from monitor.digest import daily
from monitor.oncall.inbox import Desk, take
from storage import audit, digests, drafts, incidents, outbox
from storage.database import Connection
from storage.records import DigestEdits, Level, Notice
from tests import oncall
from tests.monitor.desk.mails_said import said_in
from tests.storage import make

PLAN = DigestPlan("daily", time(7), ("duty",), draft=time(6, 30))
POLICY = replace(oncall.POLICY, digests=(PLAN,))
SEVEN = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
BEFORE = SEVEN - timedelta(minutes=20)
TEXT = "แผ่นดินไหวในอินโดนีเซีย มีผู้เสียชีวิตอย่างน้อย 57 ราย"


@pytest.fixture
def number(conn: Connection) -> str:
    """An incident of the period."""
    return make.incident(conn, SEVEN - timedelta(hours=5), level=Level.ALERT).number


@pytest.fixture
def draft(conn: Connection, settings: Settings, number: str) -> Notice:
    """The draft of the issue at seven, as the duty officer has it."""
    now = SEVEN - timedelta(minutes=30)
    daily.mark_started(conn, SEVEN - timedelta(days=2))
    digests.decide(
        conn, name=PLAN.id, local_date=(SEVEN - timedelta(days=1)).date(),
        period_start=SEVEN - timedelta(days=2), period_end=SEVEN - timedelta(days=1),
        now=SEVEN - timedelta(days=1), late=False, content={},
    )  # fmt: skip
    (owed,) = daily.owed(conn, POLICY, now=now)
    assert owed.draft
    daily.settle(conn, daily.make_ready(conn, owed, POLICY, settings, now=now), now=now)
    return outbox.recent(conn, 1)[0]


def desk(conn: Connection, settings: Settings, now: datetime = BEFORE) -> Desk:
    return Desk(conn, POLICY, settings, now)


def edits(conn: Connection) -> DigestEdits:
    return drafts.get(conn, PLAN.id, SEVEN.date()).edits


def answers(conn: Connection) -> list[Notice]:
    return [each for each in outbox.recent(conn, 30) if each.kind == "answer"]


def test_the_draft_says_how_to_answer_it_and_where_its_page_is(
    draft: Notice, settings: Settings
) -> None:
    mail = message_from_bytes(draft.mime, policy=default)
    assert mail["X-Crisis-Draft"] == "daily"
    assert "+a-" in mail["Reply-To"]
    assert "ตอบอีเมลนี้ก่อนเวลาส่ง" in said_in(draft)
    assert f"{settings.base_url}/digests/latest?plan=daily" in said_in(draft)


def test_a_reply_changes_the_issue_is_audited_and_is_told_what_now_stands(
    conn: Connection, settings: Settings, draft: Notice, number: str
) -> None:
    mail = oncall.reply(settings, draft, f"{TEXT}\nhide {number}")
    assert take(desk(conn, settings), mail) == "draft_changed"
    assert edits(conn) == DigestEdits(bottom_line_th=TEXT, hidden=(number,))
    line = audit.listing(conn, limit=1)[0]
    assert (line.who, line.action) == (draft.person, "digest edit")
    (answer,) = answers(conn)
    assert answer.recipient == draft.recipient
    for wanted in (TEXT, f"#{number}", "จัดทำจากข้อเท็จจริงโดยระบบ", "จ. 23 พ.ย. 2569 07.00 น."):
        assert wanted in said_in(answer)
    content = daily.content_for(conn, PLAN, POLICY, now=BEFORE)
    assert content.desk.hidden == (number,)


def test_a_reply_that_names_no_mail_is_found_by_its_mark_and_clear_takes_all_back(
    conn: Connection, settings: Settings, draft: Notice
) -> None:
    assert take(desk(conn, settings), oncall.reply(settings, draft, TEXT)) == "draft_changed"
    mail = oncall.reply(settings, draft, "ล้าง", names_it=False)
    assert take(desk(conn, settings), mail) == "draft_changed"
    assert edits(conn) == DigestEdits()


def test_an_automatic_answer_and_another_sender_change_nothing(
    conn: Connection, settings: Settings, draft: Notice
) -> None:
    away = oncall.reply(settings, draft, TEXT, Auto_Submitted="auto-replied")
    assert take(desk(conn, settings), away) == "auto_reply"
    assert answers(conn) == []
    other = oncall.reply(settings, draft, TEXT, sender="duty-backup@ministry.example")
    assert take(desk(conn, settings), other) == "other_sender"
    stranger = oncall.reply(settings, draft, TEXT, sender="somebody@elsewhere.example")
    assert take(desk(conn, settings), stranger) == "other_sender"
    assert edits(conn) == DigestEdits()
    assert [each.recipient for each in answers(conn)] == ["duty-backup@ministry.example"]


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("รับทราบครับ", "draft_kept", "ไม่มีการเปลี่ยนแปลง"),
        ("hide the Chile one", "draft_refused", "hide the Chile one"),
        ("hide 2026-9999", "draft_refused", "ไม่มีเหตุการณ์หมายเลข 2026-9999"),
        (f"{TEXT}\n\nซ่อน 2026-9999", "draft_refused", "ไม่มีเหตุการณ์หมายเลข 2026-9999"),
        ("x" * 2_400, "draft_refused", "2,000"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_of_the_reply_is_done(
    conn: Connection, settings: Settings, draft: Notice, text: str, kind: str, told: str
) -> None:
    assert take(desk(conn, settings), oncall.reply(settings, draft, text)) == kind
    assert edits(conn) == DigestEdits()
    (answer,) = answers(conn)
    assert told in said_in(answer)


def test_a_reply_after_the_issue_has_gone_out_changes_neither_it_nor_the_next(
    conn: Connection, settings: Settings, draft: Notice
) -> None:
    late = desk(conn, settings, SEVEN + timedelta(minutes=1))
    assert take(late, oncall.reply(settings, draft, TEXT)) == "draft_refused"
    assert edits(conn) == DigestEdits()
    assert drafts.get(conn, PLAN.id, (SEVEN + timedelta(days=1)).date()).edits == DigestEdits()
    assert "ฉบับนี้ส่งไปแล้ว" in said_in(answers(conn)[0])


def test_an_acknowledgement_is_still_one(
    conn: Connection, settings: Settings, draft: Notice, now: datetime
) -> None:
    case = oncall.told(conn, settings, BEFORE)
    assert take(desk(conn, settings), oncall.reply(settings, case.first, "ack")) == "acknowledged"
    assert incidents.get(conn, case.incident.id).acknowledged_by == "duty-primary"

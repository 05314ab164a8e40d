"""Answers and bounces: who is obeyed, who is told, and what is only written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.config.settings import Settings
from monitor.oncall import marks
from monitor.oncall.inbox import Desk, take
from monitor.oncall.letters import MOST_ANSWERS
from storage import audit, decisions, feedstats, incidents, outbox
from storage.database import Connection
from storage.oncall import letters as letters_of
from storage.records import Level, Notice
from tests import oncall
from tests.monitor.desk.mails_said import said_in
from tests.storage import make

BACKUP, STRANGER = "duty-backup@ministry.example", "somebody@elsewhere.example"


def desk(conn: Connection, settings: Settings, now: datetime) -> Desk:
    return Desk(conn, oncall.POLICY, settings, now + timedelta(minutes=2))


def answers(conn: Connection) -> list[Notice]:
    return [each for each in outbox.recent(conn, 20) if each.kind == "answer"]


def test_a_reply_takes_it_on_stops_nothing_else_and_is_confirmed(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    mail = oncall.reply(settings, case.first, "รับเรื่องครับ")
    assert take(desk(conn, settings, now), mail) == "acknowledged"
    after = incidents.get(conn, case.incident.id)
    assert (after.acknowledged_by, after.acknowledged_level) == ("duty-primary", Level.FLASH)
    assert after.state == "open"
    (answer,) = answers(conn)
    assert answer.recipient == case.first.recipient
    assert answer.incident_id is None, "an answer is no notice: it must not count as one"
    assert "2026-0001" in said_in(answer)
    assert audit.listing(conn, limit=1)[0].after == {"channel": "mail", "level": "FLASH"}


def test_a_mail_is_read_once(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    mail = oncall.reply(settings, case.first, "ack")
    assert take(desk(conn, settings, now), mail) == "acknowledged"
    assert take(desk(conn, settings, now), mail) is None
    assert len(answers(conn)) == 1


def test_a_reply_that_names_no_mail_is_found_by_its_mark_in_any_case(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    mail = oncall.reply(settings, case.second, "ack", names_it=False, shout="yes")
    assert take(desk(conn, settings, now), mail) == "acknowledged"
    assert incidents.get(conn, case.incident.id).acknowledged_by == "duty-backup"


def test_a_reply_from_another_address_is_told_not_obeyed(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    mail = oncall.reply(settings, case.first, "ack", sender=BACKUP)
    assert take(desk(conn, settings, now), mail) == "other_sender"
    assert incidents.get(conn, case.incident.id).acknowledged_at is None
    (answer,) = answers(conn)
    assert answer.recipient == BACKUP
    assert "เวรหลัก" in said_in(answer)


def test_a_stranger_gets_no_mail_from_us(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    mail = oncall.reply(settings, case.first, "ack", sender=STRANGER)
    assert take(desk(conn, settings, now), mail) == "other_sender"
    assert answers(conn) == []
    assert incidents.get(conn, case.incident.id).acknowledged_at is None


def test_the_mark_of_another_secret_or_another_notice_opens_nothing(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    forged = replace(settings, secret_key="guessed")
    mail = oncall.reply(forged, case.first, "ack")
    assert take(desk(conn, settings, now), mail) == "unknown"
    assert incidents.get(conn, case.incident.id).acknowledged_at is None


def test_an_out_of_office_answer_acknowledges_nothing_and_is_not_answered(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    mail = oncall.reply(settings, case.first, "ack", Auto_Submitted="auto-replied")
    assert take(desk(conn, settings, now), mail) == "auto_reply"
    assert incidents.get(conn, case.incident.id).acknowledged_at is None
    assert answers(conn) == []
    assert oncall.kinds(conn) == ["auto_reply"]


def test_a_reply_without_a_known_word_is_told_which_there_are(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    assert take(desk(conn, settings, now), oncall.reply(settings, case.first, "ok?")) == "no_word"
    (answer,) = answers(conn)
    assert "รับเรื่อง" in said_in(answer)


def test_giving_it_back_starts_the_chain_anew(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    take(desk(conn, settings, now), oncall.reply(settings, case.first, "ack"))
    later = Desk(conn, oncall.POLICY, settings, now + timedelta(hours=1))
    assert take(later, oncall.reply(settings, case.first, "คืนเรื่อง")) == "unacknowledged"
    assert incidents.get(conn, case.incident.id).acknowledged_at is None
    again = decisions.pending(conn, case.incident.id)[-1]
    assert (again.step, again.due_at, again.why[-1].code) == (0, later.now, "given_back")
    old = [each for each in decisions.of_incident(conn, case.incident.id) if each.step > 0]
    assert {(each.state, each.why[-1].code) for each in old} == {("dropped", "given_back")}


def test_a_reply_to_a_lower_level_does_not_take_a_later_rise(
    conn: Connection, settings: Settings, now: datetime
) -> None:
    case = oncall.told(conn, settings, now, Level.ALERT)
    incidents.save(conn, replace(case.incident, level=Level.FLASH))
    mail = oncall.reply(settings, case.first, "ack")
    assert take(desk(conn, settings, now), mail) == "acknowledged"
    assert incidents.get(conn, case.incident.id).acknowledged_level == Level.ALERT
    (answer,) = answers(conn)
    assert "วิกฤต" in said_in(answer)


def test_who_comes_second_hears_who_has_it(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    take(desk(conn, settings, now), oncall.reply(settings, case.first, "ack"))
    assert take(desk(conn, settings, now), oncall.reply(settings, case.second, "ack")) == "already"
    assert incidents.get(conn, case.incident.id).acknowledged_by == "duty-primary"
    told = next(each for each in answers(conn) if each.person == "duty-backup")
    assert "เวรหลัก" in said_in(told)


def test_after_three_days_and_after_the_end_a_reply_changes_nothing(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    late = Desk(conn, oncall.POLICY, settings, now + timedelta(hours=73))
    assert take(late, oncall.reply(settings, case.first, "ack")) == "expired"
    incidents.save(conn, replace(case.incident, state="closed"))
    assert take(desk(conn, settings, now), oncall.reply(settings, case.second, "ack")) == "over"
    assert incidents.get(conn, case.incident.id).acknowledged_at is None


def test_a_bounce_marks_its_notice_with_the_reason(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    assert take(desk(conn, settings, now), oncall.bounce(case.first)) == "bounced"
    after = outbox.get(conn, case.first.id)
    assert (after.state, after.response) == ("bounced", "5.1.1 550 5.1.1 no such user here")
    assert outbox.deliveries(conn, case.first.id)[-1].outcome == "bounced"
    assert outbox.get(conn, case.second.id).state == "sent"
    assert incidents.get(conn, case.incident.id).acknowledged_at is None


def test_a_delay_and_a_bounce_about_somebody_else_leave_the_notice_as_it_is(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    at = desk(conn, settings, now)
    assert take(at, oncall.bounce(case.first, action="delayed")) == "delayed"
    assert take(at, oncall.bounce(case.first, lost=STRANGER)) == "unknown"
    assert take(at, oncall.bounce(case.first, action="relayed")) == "auto_reply"
    assert outbox.get(conn, case.first.id).state == "sent"


def test_every_reply_is_answered_up_to_a_number_an_hour_that_the_last_answer_tells(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    """Two programs that answer each other must not go on for ever."""
    at = desk(conn, settings, now)
    for count in range(MOST_ANSWERS + 3):
        take(at, oncall.reply(settings, case.first, f"what {count}"))
    told = answers(conn)
    assert len(told) == MOST_ANSWERS
    assert ["ไม่เกิน 10 ฉบับต่อชั่วโมง" in said_in(each) for each in told] == [True, *[False] * 9]
    assert take(at, oncall.reply(settings, case.first, "ack")) == "acknowledged"
    assert len(answers(conn)) == MOST_ANSWERS
    later = replace(at, now=at.now + timedelta(hours=1))
    take(later, oncall.reply(settings, case.first, "ack", X_Try="again"))
    assert len(answers(conn)) == MOST_ANSWERS + 1


def test_a_reply_to_two_mails_takes_both_incidents_and_names_both(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    other = oncall.told(conn, settings, now)
    both = marks.reply_address(
        oncall.INBOX, settings.secret(), other.first.message_id, other.first.recipient
    )
    mail = oncall.reply(settings, case.first, "ack", Cc=both)
    assert take(desk(conn, settings, now), mail) == "acknowledged"
    for each in (case, other):
        assert incidents.get(conn, each.incident.id).acknowledged_by == "duty-primary"
    (answer,) = answers(conn)
    said = said_in(answer)
    assert "2 เหตุการณ์" in said
    assert case.incident.number in said
    assert other.incident.number in said
    kept = letters_of(conn, limit=1)[0]
    assert (
        kept.detail
        == f"#{case.incident.number} acknowledged, #{other.incident.number} acknowledged"
    )


def test_two_mails_about_one_incident_are_one_answer_to_the_graver(
    conn: Connection, settings: Settings, now: datetime
) -> None:
    case = oncall.told(conn, settings, now, Level.ALERT)
    raised = replace(case.incident, level=Level.FLASH)
    incidents.save(conn, raised)
    second = oncall.notice(conn, settings, raised, "duty-primary", now, number=2)
    both = marks.reply_address(oncall.INBOX, settings.secret(), second.message_id, second.recipient)
    mail = oncall.reply(settings, case.first, "ack", Cc=both)
    assert take(desk(conn, settings, now), mail) == "acknowledged"
    assert incidents.get(conn, case.incident.id).acknowledged_level == Level.FLASH


def test_a_reply_that_it_does_not_concern_us_stops_the_calls_and_counts_for_the_feeds(
    conn: Connection, settings: Settings, case: oncall.Case, now: datetime
) -> None:
    feed = make.feed_id(conn, now)
    item = make.item_id(conn, feed, now)
    incidents.add_item(conn, case.incident.id, item, why=(), now=now)
    at = desk(conn, settings, now)
    assert take(at, oncall.reply(settings, case.first, "ไม่เกี่ยวข้องครับ")) == "dismissed"
    after = incidents.get(conn, case.incident.id)
    assert (after.acknowledged_by, after.level, after.state) == (
        "duty-primary",
        Level.FLASH,
        "open",
    )
    assert [each.kind for each in incidents.changes(conn, case.incident.id)][-1] == "dismissed"
    found = feedstats.figures(conn, now, now + timedelta(hours=1))
    assert found[feed].dismissed == 1
    (answer,) = answers(conn)
    assert "ไม่เกี่ยวข้อง" in said_in(answer)

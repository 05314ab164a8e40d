"""From due decisions to mails: floods, drills, maintenance, and what waits."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from monitor import modes
from monitor.errors import MonitorError
from monitor.incidents.officer import Told, open_by_hand
from monitor.notify import decide_due
from storage import decisions, incidents, outbox
from storage.database import Connection
from storage.records import Hazard, Level, Notice, Place
from tests.monitor.deeds import Desk
from tests.monitor.desk import world


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def told(desk: Desk, tmp_path: Path) -> int:
    return decide_due(desk.conn, desk.policy, world.settings(tmp_path), now=desk.now)


def events(desk: Desk, count: int, level: Level = Level.ALERT) -> None:
    """So many incidents in Laos and its neighbours."""
    for n in range(count):
        code = ("LA", "MM", "KH", "MY")[n % 4]
        found = Told(title_en=f"Event number {n}", countries=(code,), level=level, hazard="FL")
        open_by_hand(desk.deed(), found, "telephone call")


def text_of(notice: Notice) -> str:
    mail = message_from_bytes(notice.mime, policy=email_policy.default)
    assert isinstance(mail, EmailMessage)
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_a_flood_becomes_one_mail_with_the_list_and_each_incident_counts_as_told(
    desk: Desk, tmp_path: Path
) -> None:
    events(desk, 15)
    desk.later(minutes=3)
    assert told(desk, tmp_path) == 11
    notices = outbox.recent(desk.conn, 100)
    alone = [each for each in notices if each.kind == "alert" and each.state == "pending"]
    (listed,) = [each for each in notices if each.kind == "flood"]
    grouped = [each for each in notices if each.state == "grouped"]
    assert (len(alone), len(grouped)) == (10, 5)
    text = text_of(listed)
    for each in grouped:
        assert each.response == listed.message_id
        assert f"#{desk.incident(each.incident_id).number}" in text
    assert "แจ้งท่านไปแล้ว 10 ฉบับใน 10 นาที" in text
    assert "5 incidents in one mail" in text
    leased = outbox.lease(desk.conn, desk.now, desk.now + timedelta(minutes=1), "me", 100)
    assert {each.kind for each in leased} == {"alert", "flood"}
    assert len(leased) == 11


def test_the_chain_of_what_was_told_in_a_list_runs_on(desk: Desk, tmp_path: Path) -> None:
    events(desk, 12)
    desk.later(minutes=3)
    told(desk, tmp_path)
    grouped = [each for each in outbox.recent(desk.conn, 100) if each.state == "grouped"]
    assert grouped[0].incident_id is not None
    steps = [each.step for each in decisions.pending(desk.conn, grouped[0].incident_id)]
    assert steps == [1, 2]


def test_a_drill_is_marked_in_subject_body_and_headers_and_ends_by_itself(
    desk: Desk, tmp_path: Path
) -> None:
    until = desk.now + timedelta(hours=1)
    modes.turn_on(
        desk.conn, "drill", until=until, by="head-of-desk", because="yearly drill", now=desk.now
    )
    desk.comes("M 6.4 earthquake", hazard="EQ", facts=Hazard("EQ", magnitude=6.4))
    desk.later(minutes=3)
    assert told(desk, tmp_path) == 1
    (notice,) = outbox.recent(desk.conn, 10)
    assert notice.exercise
    assert notice.subject.startswith("[EXERCISE/ฝึกซ้อม] ")
    assert "ไม่ใช่เหตุจริง" not in text_of(notice)
    assert "ระบบอยู่ในโหมดฝึกซ้อม ตั้งแต่" in text_of(notice)
    assert "แต่รายงานนี้มาจากแหล่งข่าวจริง" in text_of(notice)
    assert b"X-Crisis-Exercise: yes" in notice.mime
    assert modes.current(desk.conn, "drill", until) is None
    assert modes.turn_off(desk.conn, "drill", by="head-of-desk", now=desk.now)
    assert not modes.turn_off(desk.conn, "drill", by="head-of-desk", now=desk.now)


def test_maintenance_holds_an_alert_back_and_the_reason_is_kept(desk: Desk, tmp_path: Path) -> None:
    until = desk.now + timedelta(hours=1)
    modes.turn_on(
        desk.conn, "maintenance", until=until, by="head-of-desk", because="new mail server",
        now=desk.now,
    )  # fmt: skip
    desk.comes("M 6.4 earthquake", hazard="EQ", facts=Hazard("EQ", magnitude=6.4))
    desk.later(minutes=3)
    assert told(desk, tmp_path) == 0
    for held in decisions.waiting(desk.conn):
        assert held.due_at == until
        assert [why.code for why in held.why].count("maintenance") == 1
    desk.now = until
    assert told(desk, tmp_path) == 1


def test_a_mode_lasts_a_day_at_most(desk: Desk) -> None:
    for hours in (0, 25):
        with pytest.raises(MonitorError, match="24 hours at most"):
            modes.turn_on(
                desk.conn, "drill", until=desk.now + timedelta(hours=hours), by="x", because="y",
                now=desk.now,
            )  # fmt: skip


def warns(desk: Desk, area: str, severity: str = "Extreme", **more: str) -> None:
    """A weather service's warning for an area of the same typhoon."""
    facts = Hazard("TC", severity=severity, urgency="Immediate", certainty="Likely")
    tier = more.get("tier", "official")
    desk.comes(
        f"Typhoon warning for {area}", hazard="TC", facts=facts, country="LA", tier=tier,
        events=(("gdacs", "TC9"),), places=(Place(area, "LA"),),
    )  # fmt: skip


def test_a_graver_warning_or_one_for_a_new_area_is_news_in_an_open_incident(
    desk: Desk, tmp_path: Path
) -> None:
    warns(desk, "Luang Prabang", "Severe")
    desk.later(minutes=3)
    assert told(desk, tmp_path) == 1
    desk.later(minutes=2)
    warns(desk, "Luang Prabang")
    told(desk, tmp_path)
    (incident,) = [desk.incident(1)]
    warned = [each for each in incidents.changes(desk.conn, incident.id) if each.kind == "warned"]
    assert [(each.old, each.new) for each in warned] == [("Severe", "Luang Prabang (WIRE)")]
    assert outbox.recent(desk.conn, 1)[0].created_at == desk.now  # it did not wait for the gap

    before = len(outbox.recent(desk.conn, 100))
    desk.later(minutes=5)
    warns(desk, "Luang Prabang")  # the same again
    warns(desk, "Vientiane", tier="media")  # no authority
    assert desk.kinds(incident).count("warned") == 1
    warns(desk, "Oudomxay")
    told(desk, tmp_path)
    assert len(outbox.recent(desk.conn, 100)) == before  # a further area keeps the gap …
    desk.later(minutes=30)
    told(desk, tmp_path)
    (update,) = [each for each in outbox.recent(desk.conn, 5) if each.kind == "update"]
    assert update.created_at == desk.now  # … and is told then
    assert "Oudomxay" in text_of(update)

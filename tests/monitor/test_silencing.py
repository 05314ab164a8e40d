"""Silences: who may make which, what they hide, and the mail that tells it when they end."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from alerts.digest.parts import Muted
from monitor import silencing
from monitor.digest.desk import desk as record
from monitor.errors import MonitorError
from monitor.incidents.officer import Told, open_by_hand
from monitor.notify import decide_due
from monitor.silencing import Wish
from storage import audit, outbox
from storage.database import Connection
from storage.records import Incident, Level, Notice, Silence
from tests.monitor.deeds import Desk
from tests.monitor.desk import world


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def silence(desk: Desk, **wish: Any) -> Silence:
    wish = {"reason": "known to the desk", "countries": ("LA",)} | wish
    return silencing.add(desk.conn, Wish(**wish), desk.policy, by="duty-primary", now=desk.now)


def opens(desk: Desk, country: str = "LA", level: Level = Level.ALERT) -> str:
    found = Told(title_en="Bridge closed", countries=(country,), hazard="FL", level=level)
    return open_by_hand(desk.deed(), found, "telephone call").number


def ticks(desk: Desk, tmp_path: Path) -> list[Notice]:
    """What one tick puts into the outbox."""
    settings = world.settings(tmp_path)
    known = {each.id for each in outbox.recent(desk.conn, 100)}
    decide_due(desk.conn, desk.policy, settings, now=desk.now)
    silencing.tell_ended(desk.conn, desk.policy, settings, now=desk.now)
    return [each for each in outbox.recent(desk.conn, 100) if each.id not in known]


def test_a_silence_lasts_a_day_unless_it_says_otherwise_and_is_in_the_audit_log(
    desk: Desk,
) -> None:
    made = silence(desk)
    assert made.ends_at - made.starts_at == timedelta(hours=24)
    assert (made.owner, made.reason) == ("duty-primary", "known to the desk")
    assert "add silence" in [each.action for each in audit.listing(desk.conn, limit=5)]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no reason": ({"reason": " "}, "reason"),
    "too long": ({"until": timedelta(days=7, minutes=1)}, "7 days at most"),
    "over": ({"until": timedelta(minutes=-1)}, "in the past"),
    "nothing named": ({"countries": ()}, "name what it silences"),
    "no such incident": ({"countries": (), "number": "2026-9999"}, "no incident 2026-9999"),
    "no such country": ({"countries": ("asaen",)}, "asean"),
    "no such hazard": ({"countries": (), "hazards": ("flod",)}, "no known hazard"),
    "no such feed": ({"countries": (), "feeds": ("gdcas",)}, "no feed is named"),
}


@pytest.mark.parametrize("said", ["LA", "la", "Laos", "ลาว", " สปป.ลาว"])
def test_a_country_and_a_hazard_may_be_called_by_their_names(desk: Desk, said: str) -> None:
    assert silence(desk, countries=(said, "asean")).countries == ("LA", "asean")
    assert silence(desk, countries=(), hazards=("น้ำท่วม", "flood", "fl")).hazards == ("FL",) * 3


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused_in_words(desk: Desk, name: str) -> None:
    wish, said = REFUSED[name]
    if "until" in wish:
        wish = {"until": desk.now + wish["until"]}
    with pytest.raises(MonitorError, match=said):
        silence(desk, **wish)


def test_what_a_silence_hid_is_mailed_once_when_it_ends(desk: Desk, tmp_path: Path) -> None:
    opens(desk)  # decided before the silence, and still waiting
    made = silence(desk)
    hidden = opens(desk)
    elsewhere = opens(desk, "MM")
    desk.later(minutes=5)
    assert {each.incident_id for each in ticks(desk, tmp_path)} == {3}
    desk.later(minutes=5)
    silencing.end(desk.conn, made.id, by="head-of-desk", now=desk.now)
    (told,) = [each for each in ticks(desk, tmp_path) if each.kind == "silence"]
    mail = message_from_bytes(told.mime, policy=email_policy.default)
    assert isinstance(mail, EmailMessage)
    text = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "2 incidents were not told while it lasted" in text
    assert "known to the desk" in text
    assert f"#{hidden}" in text
    assert f"#{elsewhere}" not in text
    assert ticks(desk, tmp_path) == []
    with pytest.raises(MonitorError, match="no silence"):
        silencing.end(desk.conn, made.id, by="head-of-desk", now=desk.now)


def test_the_digest_says_of_each_silence_what_it_hid_in_its_period(
    desk: Desk, tmp_path: Path
) -> None:
    before = desk.now
    silence(desk)
    hidden = opens(desk)
    opens(desk, "MM")
    desk.later(minutes=5)
    ticks(desk, tmp_path)

    def muted(start: datetime, end: datetime) -> list[Muted]:
        known: dict[int, Incident] = {}
        return list(
            record(
                desk.conn, desk.policy, start=start, end=end, changes=(), known=known, notices=(),
                team="duty", now=desk.now,
            ).muted
        )  # fmt: skip

    (of,) = muted(before - timedelta(hours=1), desk.now)
    assert (of.countries, of.hid_total) == (("LA",), 1)
    assert [each.number for each in of.hid] == [hidden]
    (later,) = muted(desk.now, desk.now + timedelta(hours=2))
    assert (later.hid, later.hid_total) == ((), 0)


def test_one_that_hid_nothing_ends_without_a_mail(desk: Desk, tmp_path: Path) -> None:
    silence(desk)
    desk.later(hours=24)
    assert ticks(desk, tmp_path) == []


def test_a_flash_passes_unless_the_incident_itself_is_muted(desk: Desk, tmp_path: Path) -> None:
    silence(desk)
    opens(desk, level=Level.FLASH)
    assert [each.kind for each in ticks(desk, tmp_path)] == ["alert"]
    desk.later(hours=1)
    other = opens(desk, "MM", level=Level.FLASH)
    silence(desk, countries=(), number=other)
    assert [each for each in ticks(desk, tmp_path) if each.incident_id == 2] == []

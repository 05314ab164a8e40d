"""Who has said what: one row a country, ours always among them, and only at the desk."""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.digest.content import Period, build
from alerts.digest.onward import onward
from monitor.communications import recorded, said
from monitor.communications.delays import delays
from monitor.communications.drawing import svg
from monitor.communications.picture import timeline
from monitor.communications.raster import png
from monitor.communications.table import WhoSaid, who_said
from monitor.digest.facts import gather
from monitor.incidents import officer
from storage import feeds, incidents, itemreads
from storage.database import Connection
from storage.records import Incident, Level, PollResult
from tests.monitor.deeds import NOW, Desk

BANGKOK = ZoneInfo("Asia/Bangkok")
SPEAKS = "Statement on the floods in Laos"


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def flood(desk: Desk) -> Incident:
    """A flood of which Japan spoke twice, and Viet Nam once."""
    first = desk.comes("Floods in Laos kill 12")
    desk.later(minutes=30)
    desk.comes(SPEAKS, feed="jp", speaker="JP", communication="statement")
    desk.later(minutes=30)
    desk.comes("Condolences over the floods in Laos", feed="vn", speaker="VN",
               communication="condolence")  # fmt: skip
    desk.comes("Travel advice on the floods in Laos", feed="jp", speaker="JP",
               communication="travel_advice")  # fmt: skip
    return desk.incident(first.incident_id)


def table(desk: Desk, of: Incident) -> WhoSaid:
    spoken = incidents.communications(desk.conn, of.id, by_hand=True)
    return who_said(desk.conn, of, spoken, "TH", now=desk.now)


def read_home(desk: Desk, state: str = "ok") -> None:
    held = feeds.state_of(desk.conn, "mfa")
    assert held is not None
    result = PollResult(state, desk.now, ok=state == "ok")
    feeds.record_poll(desk.conn, held.id, result, due_at=desk.now + timedelta(minutes=15))


def home_feed(desk: Desk) -> None:
    desk.comes("Ministry news", feed="mfa", speaker="TH", home=True, communication="other",
               country=None, hazard=None, labels=())  # fmt: skip


def line(desk: Desk, of: Incident, language: str = "en") -> str | None:
    return said.home_line(table(desk, of), language, BANGKOK, desk.now)


def test_a_country_has_one_row_with_its_first_word_and_all_kinds(desk: Desk) -> None:
    japan, vietnam = table(desk, flood(desk)).rows
    assert (japan.country, japan.count, japan.first.delay_s) == ("JP", 2, 1800.0)
    assert japan.kinds == ("statement", "travel_advice")
    assert (vietnam.country, vietnam.kinds) == ("VN", ("condolence",))


def test_a_row_has_what_the_ministry_advises_now_of_that_country(desk: Desk) -> None:
    desk.advises("JP", 3, "LA")
    desk.advises("JP", 4, "LA")
    desk.advises("JP", 1, "VN")
    japan = next(row for row in table(desk, flood(desk)).rows if row.country == "JP")
    assert (japan.step, japan.advice and japan.advice.wording) == (4, "Avoid all travel")


def test_our_own_is_not_seen_not_known_or_has_no_feed(desk: Desk) -> None:
    of = flood(desk)
    assert line(desk, of) == "not known: no home feed is in the list"
    home_feed(desk)
    assert line(desk, of) == "not known while the home feed fails (last read never)"
    read_home(desk)
    assert line(desk, of) == "no communication seen in the home feed (last read 14:00)"
    assert line(desk, of, "th") == ("ยังไม่พบการสื่อสารในฟีดของกระทรวง 1 ฟีดที่ติดตาม (อ่านล่าสุด 14.00 น.)")
    read_home(desk, "timed_out")
    assert table(desk, of).home_state == "not_known"


def test_what_an_officer_records_is_our_ministrys_row_with_its_channel(desk: Desk) -> None:
    of = flood(desk)
    desk.later(minutes=15)
    recorded.record(
        desk.deed(), of, at=desk.now, country="TH", publisher="Embassy, Vientiane",
        channel="embassy page", kind="consular", title="Hotline opened", link=None,
    )  # fmt: skip
    found = table(desk, of)
    assert found.home_state == "spoken"
    assert (found.rows[0].home, found.rows[0].first.channel) == (True, "embassy page")
    assert found.rows[0].first.delay_s == 4500.0
    assert line(desk, of) is None


def test_what_stays_at_the_desk_is_in_no_digest_that_leaves_it(desk: Desk) -> None:
    of = flood(desk)
    recorded.record(
        desk.deed(), of, at=desk.now, country="TH", publisher="Embassy", channel="call",
        kind="consular", title="SECRET-TITLE", link=None,
    )  # fmt: skip
    officer.note(desk.deed(), of, "SECRET-NOTE")
    incidents.add_change(
        desk.conn, incident_id=of.id, at=desk.now, kind="home_silent", new="SECRET-JP"
    )
    period = Period(NOW.date(), NOW - timedelta(hours=1), desk.now + timedelta(hours=1))
    facts = gather(desk.conn, desk.policy.digests[0], period, desk.policy, now=desk.now)
    content = onward(build(facts, next_at=desk.now), desk.policy.home_country)
    assert "SECRET" not in repr(content)
    (entry,) = (each for each in content.incidents if each.incident.id == of.id)
    assert {each.speaker for each in entry.communications} == {"JP", "VN"}


def test_delays_are_medians_per_ministry_and_hazard(desk: Desk) -> None:
    flood(desk)
    found = {
        (each.country, each.hazard): (each.incidents, each.median_s)
        for each in delays(desk.conn, NOW - timedelta(days=1), min_level=Level.INFO)
    }
    assert found["JP", "FL"] == found["JP", None] == (1, 1800.0)
    assert found["VN", "FL"] == (1, 3600.0)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_picture_shows_every_voice_and_lets_nothing_in(desk: Desk, language: str) -> None:
    of = flood(desk)
    desk.comes('Floods in Laos <script>alert(1)</script> & "12" dead\x07', feed="odd&<")
    members = itemreads.of_incident(desk.conn, of.id)
    spoken = incidents.communications(desk.conn, of.id, by_hand=True)
    drawn = svg(timeline(of, members, spoken, desk.policy, language=language))
    tree = Tree.fromstring(drawn)  # noqa: S314 - it is our own
    tags = [part.tag.rpartition("}")[2] for part in tree.iter()]
    assert "script" not in tags
    assert tags.count("circle") == 2 * len(spoken)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_a_picture_of_nothing_and_of_one_moment_can_be_drawn(desk: Desk) -> None:
    of = desk.incident(desk.comes("Floods in Laos kill 12").incident_id)
    assert svg(timeline(of, (), (), desk.policy, language="en")).endswith("</svg>\n")
    members = itemreads.of_incident(desk.conn, of.id)
    assert "Floods in Laos kill 12" in svg(timeline(of, members, (), desk.policy, language="th"))


def test_the_picture_as_png_has_twice_the_size_and_takes_any_letters(desk: Desk) -> None:
    of = flood(desk)
    desk.comes("น้ำท่วม $5 $x 洪水 فيضان \U0001f30a Floods in Laos kill 12")
    drawing = timeline(of, itemreads.of_incident(desk.conn, of.id), (), desk.policy, language="th")
    drawn = png(drawing)
    assert drawn.startswith(b"\x89PNG\r\n")
    size = (int.from_bytes(drawn[16:20], "big"), int.from_bytes(drawn[20:24], "big"))
    assert size == (2 * drawing.width, 2 * drawing.height)

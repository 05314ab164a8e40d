"""The mail with a list: order, limits, marks, and nothing hostile in it."""

from __future__ import annotations

import base64
from dataclasses import replace

from alerts.context import DrillMode
from alerts.listmail import HTML_LIMIT, Listed, ListMail, render_list
from alerts.message import to_mime
from storage.records import Level, Why
from tests.alerts.policies import BACKUP, DAY, NOW, figures, incident, policy

WHY = Why("grouped", {"count": 10, "minutes": 10.0})
HOSTILE = "Flood\r\nBcc: all@ministry.example <script>alert(1)</script> \u202egnp"


def mail(count: int, title: str = "Laos – flood", drill: bool = False) -> ListMail:
    entries = tuple(
        Listed(
            incident(
                id=n, seq=n, title_en=title, title_th=title, figures=figures(dead=12),
                level=Level.FLASH if n == count - 1 else Level.ALERT,
            ),
            "update", 2,
        )
        for n in range(count)
    )  # fmt: skip
    return ListMail(
        "flood", DAY, policy(), NOW, WHY, entries, "https://desk.example", drill, "<flood@x>"
    )


def test_the_gravest_comes_first_and_every_incident_has_its_link() -> None:
    message = render_list(mail(3))
    assert message.subject == "[วิกฤต] แจ้งรวม 3 เหตุการณ์: เมียนมา"
    assert message.text.index("#2025-0002") < message.text.index("#2025-0000")
    for n in range(3):
        assert f"https://desk.example/incidents/2025-000{n}" in message.text
        assert f'href="https://desk.example/incidents/2025-000{n}"' in message.html
    assert "แจ้งครั้งที่ 2 (ปรับปรุง) · เสียชีวิต 12 ราย" in message.text
    assert message.headers["Importance"] == "high"


def test_a_long_list_is_cut_within_the_size_and_the_rest_is_counted() -> None:
    message = render_list(mail(990, "ประเทศลาว – น้ำท่วมฉับพลันและดินถล่ม " * 6))
    assert len(base64.encodebytes(message.html.encode())) <= HTML_LIMIT
    listed = message.text.count("/incidents/2025-") // 2  # in both languages
    assert f"and {990 - listed} more" in message.text


def test_a_drill_is_marked_everywhere() -> None:
    made = mail(2, drill=True)
    drills = tuple(
        replace(each, incident=replace(each.incident, exercise=True)) for each in made.entries
    )
    message = render_list(replace(made, entries=drills))
    assert message.subject.startswith("[EXERCISE/ฝึกซ้อม] ")
    assert message.headers["X-Crisis-Exercise"] == "yes"
    assert "Importance" not in message.headers
    assert message.text.count("***") == 4


def test_a_list_with_something_real_in_drill_mode_says_so_and_stays_important() -> None:
    made = replace(mail(2, drill=True), drill_mode=DrillMode(NOW, "duty-backup"))
    message = render_list(made)
    assert message.subject.startswith("[EXERCISE/ฝึกซ้อม] ")
    assert message.headers["Importance"] == "high"
    assert "ไม่ใช่เหตุจริง" not in message.text
    assert "but this report comes from a real source" in message.text


def test_a_hostile_title_adds_no_header_and_no_script() -> None:
    message = render_list(mail(2, HOSTILE))
    assert "<script" not in message.html
    assert "\u202e" not in message.html + message.text.replace("\u2068", "")
    wire = to_mime(
        message, sender="m@ministry.example", recipient=BACKUP.email, message_id="<a@b>", now=NOW
    )
    assert b"\r\nBcc:" not in wire

"""The form of deeds at the desk: the same deeds as the commands, with a mark against strangers."""

from __future__ import annotations

import re

import httpx
import pytest

from storage import incidents, outbox
from storage import oncall as kept
from tests import oncall
from tests.monitor.desk import world


@pytest.fixture
def case(empty: world.StandIn) -> oncall.Case:
    empty.policy = oncall.POLICY
    with empty.database.write() as conn:
        return oncall.told(conn, empty.settings, world.NOW)


def path(case: oncall.Case) -> str:
    return f"/incidents/{case.incident.number}/act"


async def send(
    program: world.StandIn, case: oncall.Case, *, mark: str | None = None, **given: str
) -> httpx.Response:
    async with world.client(program) as browser:
        page = await browser.get(path(case))
        found = re.search(r'name="mark" value="([^"]+)"', page.text)
        assert found
        fields = {"mark": found[1] if mark is None else mark, "by": "duty-primary", **given}
        return await browser.post(f"{path(case)}?lang=th", data=fields)


@pytest.mark.asyncio
async def test_each_deed_is_done_and_leads_back_to_the_incident(
    empty: world.StandIn, case: oncall.Case
) -> None:
    for given in (
        {"deed": "escalate"},
        {"deed": "acknowledge"},
        {"deed": "assign", "to": "head-of-desk"},
        {"deed": "snooze", "hours": "4"},
        {"deed": "unsnooze"},
        {"deed": "unacknowledge"},
        {"deed": "note", "text": "called the embassy"},
        {"deed": "close", "text": "over"},
    ):
        answer = await send(empty, case, **given)
        assert answer.status_code == 303, (given, answer.text)
        assert answer.headers["location"] == f"/incidents/{case.incident.number}"
    with empty.database.read() as conn:
        said = [(each.kind, each.by) for each in incidents.changes(conn, case.incident.id)]
        of_no_items = ("level_lowered", "nationals")  # what it was made with has no source
        assert [kind for kind, by in said if by == "duty-primary" and kind not in of_no_items] == [
            "escalated", "acknowledged", "assigned", "snoozed", "unsnoozed", "unacknowledged",
            "note", "closed",
        ]  # fmt: skip
        assert kept.care_of(conn, case.incident.id).assigned_to == "head-of-desk"
        assert outbox.recent(conn, 1)[0].kind == "assigned"


@pytest.mark.asyncio
async def test_a_deed_without_our_mark_is_not_done(empty: world.StandIn, case: oncall.Case) -> None:
    for mark in ("", "1~x", "made-up"):
        answer = await send(empty, case, mark=mark, deed="acknowledge")
        assert answer.status_code == 403
    with empty.database.read() as conn:
        assert incidents.get(conn, case.incident.id).acknowledged_at is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"deed": "close"}, "โปรดเขียนเหตุผล"),
        ({"deed": "unacknowledge"}, "ยังไม่มีผู้รับเรื่อง"),
        ({"deed": "snooze", "hours": "9999"}, "7 วัน"),
        ({"deed": "assign", "to": "nobody"}, "alerts.yaml"),
        ({"deed": "launch"}, "สิ่งที่ต้องการทำ"),
        ({"deed": "acknowledge", "by": "somebody"}, "ท่านคือ"),
    ],
)
async def test_what_cannot_be_done_is_said_in_the_readers_language(
    empty: world.StandIn, case: oncall.Case, given: dict[str, str], said: str
) -> None:
    answer = await send(empty, case, **given)
    assert answer.status_code == 409
    assert "ยังไม่ได้ดำเนินการ" in answer.text
    assert said in answer.text


@pytest.mark.asyncio
async def test_the_incident_shows_who_looks_after_it_and_leads_to_the_form(
    empty: world.StandIn, case: oncall.Case
) -> None:
    await send(empty, case, deed="assign", to="head-of-desk")
    await send(empty, case, deed="snooze", hours="4")
    async with world.client(empty) as browser:
        page = await browser.get(f"/incidents/{case.incident.number}?lang=en")
        missing = await browser.get("/incidents/2026-9999/act")
    assert "assigned to the head of desk" in page.text
    assert "snoozed until" in page.text
    assert f'href="{path(case)}"' in page.text
    assert missing.status_code == 404


@pytest.mark.asyncio
async def test_what_a_colleague_has_closed_meanwhile_is_refused_in_the_readers_language(
    empty: world.StandIn, case: oncall.Case
) -> None:
    async with world.client(empty) as browser:
        page = await browser.get(path(case))
        mark = re.search(r'name="mark" value="([^"]+)"', page.text)
        assert mark
        assert (await send(empty, case, deed="close", text="over")).status_code == 303
        fields = {"mark": mark[1], "by": "duty-backup", "deed": "close", "text": "again"}
        thai = await browser.post(f"{path(case)}?lang=th", data=fields)
        english = await browser.post(f"{path(case)}?lang=en", data=fields)
    number = case.incident.number
    assert (thai.status_code, english.status_code) == (409, 409)
    assert f"#{number} ปิดเรื่องไปแล้ว ไม่มีการเปลี่ยนแปลง" in thai.text
    assert f"{number} is closed already; nothing is changed" in english.text


@pytest.mark.asyncio
async def test_the_queue_shows_who_looks_after_it_and_until_when_it_is_snoozed(
    empty: world.StandIn, case: oncall.Case
) -> None:
    async with world.client(empty) as browser:
        before = await browser.get("/?lang=en")
        await send(empty, case, deed="assign", to="head-of-desk")
        await send(empty, case, deed="snooze", hours="4")
        after = await browser.get("/?lang=en")
        thai = await browser.get("/?lang=th")
    assert "ssigned to" not in before.text
    assert "Assigned to the head of desk" in after.text
    assert "Snoozed until" in after.text
    assert "มอบหมายแล้ว: หัวหน้าเวร" in thai.text
    assert "พักการเตือน ถึง" in thai.text


@pytest.mark.asyncio
async def test_who_acts_on_what_he_saw_before_another_acted_is_told_what_has_changed(
    empty: world.StandIn, case: oncall.Case
) -> None:
    async with world.client(empty) as browser:
        page = await browser.get(path(case))
        fields = dict(re.findall(r'name="(mark|seen)" value="([^"]+)"', page.text))
        other = {**fields, "by": "duty-backup", "deed": "close", "text": "over"}
        assert (await browser.post(f"{path(case)}?lang=th", data=other)).status_code == 303
        mine = {**fields, "by": "duty-primary", "deed": "assign", "to": "head-of-desk"}
        answer = await browser.post(f"{path(case)}?lang=th", data=mine)
        assert answer.status_code == 409
        assert "ปิดเรื่อง (เวรสำรอง)" in answer.text
        again = dict(re.findall(r'name="(mark|seen)" value="([^"]+)"', answer.text))
        assert again["seen"] != fields["seen"]
        answer = await browser.post(f"{path(case)}?lang=th", data={**mine, **again})
        assert "เปิดหน้า" not in answer.text, "it is told once"


@pytest.mark.asyncio
async def test_a_recorded_communication_is_taken_back_at_the_desk(
    empty: world.StandIn, case: oncall.Case
) -> None:
    with empty.database.write() as conn:
        entry = incidents.record_communication(
            conn, incident_id=case.incident.id, at=world.NOW, speaker="SG", publisher="Singapore",
            home=False, channel="a call", kind="statement", title="", link=None, by="duty-primary",
            now=world.NOW,
        )  # fmt: skip
    answer = await send(empty, case, deed="take_back", entry=str(entry), text="another event")
    assert answer.status_code == 303, answer.text
    with empty.database.read() as conn:
        assert incidents.communications(conn, case.incident.id, by_hand=True) == []
        line = incidents.changes(conn, case.incident.id)[-1]
    assert (line.kind, line.new) == ("taken_back", "another event")

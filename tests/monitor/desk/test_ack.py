"""The page behind the link in a mail: it shows, and only its button acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from storage import incidents
from storage.records import Incident, Level
from tests import oncall
from tests.monitor.desk import world

PHONE = {"host": "desk.ministry.example"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def case(empty: world.StandIn) -> oncall.Case:
    empty.policy = oncall.POLICY
    with empty.database.write() as conn:
        return oncall.told(conn, empty.settings, world.NOW)


def now_of(program: world.StandIn, case: oncall.Case) -> Incident:
    with program.database.read() as conn:
        return incidents.get(conn, case.incident.id)


async def get(program: world.StandIn, path: str) -> httpx.Response:
    async with world.client(program, **PHONE) as phone:
        return await phone.get(path)


async def press(
    program: world.StandIn,
    path: str,
    deed: str = "acknowledge",
    seen: str = "FLASH",
    reason: str = "",
    **more: str,
) -> httpx.Response:
    async with world.client(program, **PHONE, **more) as phone:
        return await phone.post(path, data={"deed": deed, "seen": seen, "reason": reason})


@pytest.mark.asyncio
async def test_a_hundred_looks_change_nothing_and_one_press_takes_it(
    empty: world.StandIn, case: oncall.Case
) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    async with world.client(empty, **PHONE) as scanner:
        for _ in range(50):
            assert (await scanner.get(path)).status_code == 200
            assert (await scanner.head(path)).status_code == 200
    assert now_of(empty, case).acknowledged_at is None
    answer = await press(empty, path)
    assert answer.status_code == 200
    assert "รับเรื่องแล้ว" in answer.text
    after = now_of(empty, case)
    assert (after.acknowledged_by, after.acknowledged_level) == ("duty-primary", Level.FLASH)


@pytest.mark.asyncio
async def test_the_page_says_what_it_is_about_and_who_acts_in_either_language(
    empty: world.StandIn, case: oncall.Case
) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    thai, english = await get(empty, path), await get(empty, f"{path}?lang=en")
    assert "ลาว – น้ำท่วม" in thai.text
    assert "ท่านคือ เวรหลัก" in thai.text
    assert "Laos – flood" in english.text
    assert "You are the primary duty officer" in english.text
    assert 'method="post"' in english.text
    assert thai.headers["referrer-policy"] == "no-referrer"


@pytest.mark.asyncio
async def test_a_second_press_and_a_second_person_hear_who_has_it(
    empty: world.StandIn, case: oncall.Case
) -> None:
    mine = oncall.link(empty.settings, case.first, world.NOW)
    other = oncall.link(empty.settings, case.second, world.NOW)
    await press(empty, mine)
    again, second = await press(empty, mine), await press(empty, other)
    assert "ท่านรับเรื่องนี้แล้ว" in again.text
    assert "มีผู้รับเรื่องแล้ว" in second.text
    assert "เวรหลัก" in second.text
    assert 'value="acknowledge"' not in second.text
    assert now_of(empty, case).acknowledged_by == "duty-primary"


@pytest.mark.asyncio
async def test_only_who_took_it_can_give_it_back(empty: world.StandIn, case: oncall.Case) -> None:
    mine = oncall.link(empty.settings, case.first, world.NOW)
    other = oncall.link(empty.settings, case.second, world.NOW)
    await press(empty, mine)
    assert (await press(empty, other, "unacknowledge")).status_code == 409
    assert now_of(empty, case).acknowledged_by == "duty-primary"
    assert "คืนเรื่องแล้ว" in (await press(empty, mine, "unacknowledge")).text
    assert now_of(empty, case).acknowledged_at is None


@pytest.mark.asyncio
async def test_a_link_that_has_ended_says_so(empty: world.StandIn, case: oncall.Case) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    empty.clock.move(timedelta(hours=73))
    shown, pressed = await get(empty, path), await press(empty, path)
    assert shown.status_code == pressed.status_code == 410
    assert "หมดอายุ" in shown.text
    assert now_of(empty, case).acknowledged_at is None


@pytest.mark.asyncio
async def test_another_recipients_mark_and_a_cut_link_open_nothing(
    empty: world.StandIn, case: oncall.Case
) -> None:
    mine = oncall.link(empty.settings, case.first, world.NOW)
    other = oncall.link(empty.settings, case.second, world.NOW)
    swapped = "~".join([*mine.split("~")[:2], other.split("~")[2]])
    for path in (swapped, mine[:-3], "/ack/x", "/ack/%00~1~a", "/ack/a~1~b"):
        answer = await press(empty, path)
        assert answer.status_code == 404
        assert "ลิงก์นี้ไม่ถูกต้อง" in answer.text
        assert case.incident.title_th not in answer.text
    assert now_of(empty, case).acknowledged_at is None


@pytest.mark.asyncio
async def test_a_rise_while_the_page_is_open_asks_again(
    empty: world.StandIn, case: oncall.Case
) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    answer = await press(empty, path, seen="ALERT")
    assert answer.status_code == 409
    assert "วิกฤต" in answer.text
    assert now_of(empty, case).acknowledged_at is None


@pytest.mark.asyncio
async def test_a_closed_incident_has_no_button(empty: world.StandIn, case: oncall.Case) -> None:
    with empty.database.write() as conn:
        incidents.save(conn, replace(case.incident, state="closed"))
    path = oncall.link(empty.settings, case.first, world.NOW)
    shown = await get(empty, path)
    assert "<form" not in shown.text
    assert (await press(empty, path)).status_code == 409


@pytest.mark.asyncio
async def test_what_does_not_concern_the_desk_is_said_with_a_reason_and_calls_nobody_else(
    empty: world.StandIn, case: oncall.Case
) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    shown = await get(empty, path)
    assert 'id="not-relevant"' in shown.text  # where the mail's button leads
    assert (await press(empty, path, "dismiss", reason="because")).status_code == 400
    assert now_of(empty, case).acknowledged_at is None
    done = await press(empty, path, "dismiss", reason="old_news")
    assert "บันทึกว่าไม่เกี่ยวข้องแล้ว" in done.text
    after = now_of(empty, case)
    assert (after.acknowledged_by, after.level) == ("duty-primary", case.incident.level)
    with empty.database.read() as conn:
        last = incidents.changes(conn, case.incident.id)[-1]
    assert (last.kind, last.new, last.by) == ("dismissed", "old_news", "duty-primary")
    await press(empty, path, "dismiss", reason="old_news")
    with empty.database.read() as conn:
        assert incidents.changes(conn, case.incident.id)[-1] == last


@pytest.mark.asyncio
async def test_another_sites_page_cannot_press_the_button(
    empty: world.StandIn, case: oncall.Case
) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    answer = await press(empty, path, **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "MONITOR_BASE_URL" in answer.text  # what to do, and not that the page is read-only
    assert now_of(empty, case).acknowledged_at is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "sent",
    [
        {"seen": "FLASH"},
        {"deed": "xx", "seen": "FLASH"},
        {"deed": "acknowledge"},
        {"deed": "acknowledge", "seen": "x"},
        {"List-Unsubscribe": "One-Click"},
    ],
)
async def test_what_is_not_sent_by_the_button_takes_nothing(
    empty: world.StandIn, case: oncall.Case, sent: dict[str, str]
) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    async with world.client(empty) as scanner:
        answer = await scanner.post(path, data=sent)
    assert answer.status_code == 400
    assert now_of(empty, case).acknowledged_at is None


@pytest.mark.asyncio
async def test_only_a_small_plain_form_is_read(empty: world.StandIn, case: oncall.Case) -> None:
    path = oncall.link(empty.settings, case.first, world.NOW)
    async with world.client(empty, **PHONE) as phone:
        json = await phone.post(path, json={"deed": "acknowledge"})
        large = await phone.post(path, content=b"deed=" + b"a" * 20_000, headers=FORM)
    assert (json.status_code, large.status_code) == (415, 413)
    assert now_of(empty, case).acknowledged_at is None

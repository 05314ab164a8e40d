"""The page of silences: what is in force, adding, ending, and who may not send its forms."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from monitor import modes
from storage import audit, silences
from storage.records import Silence
from tests.monitor.desk import world
from tests.monitor.desk.browsing import Elements

pytestmark = pytest.mark.asyncio
FORM = {"by": "day", "countries": "MM, asean", "reason": "known to the desk", "hours": "4"}


async def mark_of(browser: httpx.AsyncClient) -> str:
    page = Elements((await browser.get("/silences?lang=en")).text)
    return next(each["value"] for each in page.named("input") if each.get("name") == "mark")


async def send(
    program: world.StandIn, fields: dict[str, str], mark: str | None = None, **headers: str
) -> httpx.Response:
    async with world.client(program, **headers) as browser:
        mark = await mark_of(browser) if mark is None else mark
        return await browser.post("/silences", data={"mark": mark, **fields})


def in_force(program: world.StandIn) -> list[Silence]:
    with program.database.read() as conn:
        return silences.active(conn, program.clock.now())


async def test_a_silence_is_made_listed_and_ended_at_the_desk(empty: world.StandIn) -> None:
    answer = await send(empty, FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/silences")
    (made,) = in_force(empty)
    assert (made.countries, made.owner) == (("MM", "asean"), "day")
    assert made.ends_at - made.starts_at == timedelta(hours=4)
    async with world.client(empty) as browser:
        page = (await browser.get("/silences?lang=en")).text
    assert "Myanmar + ASEAN" in page
    assert "known to the desk" in page
    assert "1 mute in force" in page

    ended = await send(empty, {"by": "head", "end": str(made.id)})
    assert ended.status_code == 303
    assert in_force(empty) == []
    with empty.database.read() as conn:
        assert [each.who for each in audit.listing(conn, limit=2)] == ["head", "day"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**FORM, "reason": " "}, "write the reason"),
        ({**FORM, "countries": ""}, "name what it silences"),
        ({**FORM, "by": "nobody"}, "choose who does it"),
        ({**FORM, "countries": "", "incident": "2026-9999"}, "no incident 2026-9999"),
        ({"by": "day", "end": "7"}, "no silence 7 in force"),
        ({"by": "day", "end": "x"}, "no silence 0 in force"),
    ],
)
async def test_what_cannot_be_done_is_said_on_the_page_and_what_was_written_stays(
    empty: world.StandIn, fields: dict[str, str], said: str
) -> None:
    answer = await send(empty, fields, cookie="desk_language=en")
    assert answer.status_code == 409
    assert said in answer.text
    if fields.get("countries"):
        assert 'value="MM, asean"' in answer.text
    assert in_force(empty) == []


async def test_a_form_without_our_mark_or_from_another_site_changes_nothing(
    empty: world.StandIn,
) -> None:
    now = int(empty.clock.now().timestamp())
    for forged in ("", "x", ".", f"{now + 60}.{'0' * 64}", "9" * 40 + ".é"):
        assert (await send(empty, FORM, mark=forged)).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert (await send(empty, FORM, **elsewhere)).status_code == 403
    async with world.client(empty) as browser:
        old = await mark_of(browser)
        empty.clock.set(empty.clock.now() + timedelta(hours=3))
        late = await browser.post("/silences", data={"mark": old, **FORM})
        assert (await browser.post("/silences", json=FORM)).status_code == 415
        assert (await browser.post("/silences/1", data=FORM)).status_code == 405
    assert late.status_code == 403
    assert in_force(empty) == []


async def test_a_drill_and_maintenance_stand_on_top_of_every_page(empty: world.StandIn) -> None:
    now = empty.clock.now()
    with empty.database.write() as conn:
        for name in modes.NAMES:
            until = now + timedelta(hours=1)
            modes.turn_on(conn, name, until=until, by="head", because="x", now=now)
    async with world.client(empty) as browser:
        page = (await browser.get("/?lang=en")).text
    assert "EXERCISE / ฝึกซ้อม until" in page
    assert "only a FLASH is told" in page


async def test_a_thai_reader_is_told_in_thai_what_was_wrong(empty: world.StandIn) -> None:
    answer = await send(empty, {**FORM, "reason": ""}, cookie="desk_language=th")
    assert "โปรดระบุเหตุผล" in answer.text

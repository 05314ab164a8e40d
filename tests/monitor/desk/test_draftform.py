"""The form on a digest's draft: the command's change and audit, and a mark against strangers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta

import httpx
import pytest

from alerts.policy import DigestPlan
from monitor.digest import edit
from storage import audit, drafts
from storage.records import DigestEdits, Level
from tests import oncall
from tests.monitor.desk import world
from tests.storage import make

PLAN = DigestPlan("daily", time(7), ("duty",), draft=time(6, 30))
DAY = date(2026, 11, 23)
PAGE = "/digests/latest?plan=daily"


@pytest.fixture
def numbers(empty: world.StandIn) -> list[str]:
    """Three incidents of the period."""
    empty.policy = replace(oncall.POLICY, digests=(PLAN,))
    at = world.NOW - timedelta(hours=2)
    with empty.database.write() as conn:
        return [make.incident(conn, at, level=Level.ALERT).number for _ in range(3)]


def edits(program: world.StandIn) -> DigestEdits:
    with program.database.read() as conn:
        return drafts.get(conn, PLAN.id, DAY).edits


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    for name, inner in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', page):
        chosen = re.search(r'value="([^"]+)" selected', inner)
        assert chosen, name
        found[name] = chosen[1]
    for name, inner in re.findall(
        r'<textarea id="\w+" name="(\w+)".*?>(.*?)</textarea>', page, re.S
    ):
        found[name] = inner
    return found


async def sent(program: world.StandIn, **given: str) -> httpx.Response:
    async with world.client(program) as browser:
        page = await browser.get(PAGE)
        return await browser.post("/digests/edit?lang=th", data={**fields(page.text), **given})


@pytest.mark.asyncio
async def test_the_form_changes_the_issue_as_the_command_does(
    empty: world.StandIn, numbers: list[str]
) -> None:
    one, two, three = numbers
    answer = await sent(
        empty, by="duty-primary", bottom_line_th="เงียบ\r\nสงบ",
        **{f"place-{one}": "out", f"place-{two}": "2", f"place-{three}": "1"},
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"{PAGE}&saved=1"
    assert edits(empty) == DigestEdits("เงียบ\nสงบ", "", (three, two), (one,))
    with empty.database.read() as conn:
        line = audit.listing(conn, limit=1)[0]
    assert (line.who, line.action, line.subject) == (
        "duty-primary", "digest edit", "digest daily 2026-11-23",
    )  # fmt: skip
    async with world.client(empty) as browser:
        page = (await browser.get(f"{PAGE}&saved=1")).text
    assert fields(page)[f"place-{one}"] == "out"  # what was hidden can be put back
    assert "เงียบ\nสงบ" in page
    again = await sent(empty, **{f"place-{one}": "level", f"place-{two}": "level"})
    assert again.status_code == 303
    assert edits(empty) == DigestEdits("เงียบ\nสงบ", "", (three,), ())


@pytest.mark.asyncio
async def test_an_untouched_form_changes_nothing_and_clear_takes_all_back(
    empty: world.StandIn, numbers: list[str]
) -> None:
    assert (await sent(empty)).status_code == 303
    assert edits(empty) == DigestEdits()
    with empty.database.read() as conn:
        assert audit.listing(conn, limit=5) == []
    await sent(empty, bottom_line_en="All is quiet today.")
    assert edits(empty).bottom_line_en
    await sent(empty, clear="1")
    assert edits(empty) == DigestEdits()


@pytest.mark.asyncio
async def test_what_somebody_changed_meanwhile_is_not_overwritten_and_no_text_is_lost(
    empty: world.StandIn, numbers: list[str]
) -> None:
    async with world.client(empty) as browser:
        page = await browser.get(PAGE)
        with empty.database.write() as conn:
            wanted = edit.Wanted(hide=numbers[:1])
            edit.edit(conn, PLAN, empty.policy, wanted=wanted, by="night", now=world.NOW)
        given = {**fields(page.text), "bottom_line_en": "What I wrote meanwhile."}
        answer = await browser.post("/digests/edit?lang=en", data=given)
        assert answer.status_code == 409
        assert "somebody has changed this issue" in answer.text
        assert "What I wrote meanwhile." in answer.text
        assert edits(empty).hidden == (numbers[0],)
        again = {**fields(answer.text), f"place-{numbers[0]}": "out"}
        assert (await browser.post("/digests/edit", data=again)).status_code == 303
    assert edits(empty) == DigestEdits("", "What I wrote meanwhile.", (), (numbers[0],))


@pytest.mark.asyncio
async def test_the_form_of_an_issue_that_has_gone_out_changes_nothing(
    empty: world.StandIn, numbers: list[str]
) -> None:
    async with world.client(empty) as browser:
        empty.clock.set(world.NOW.replace(hour=23, minute=59))  # 06:59 of the next day
        given = fields((await browser.get(PAGE)).text)
        empty.clock.set(world.NOW.replace(hour=23, minute=59) + timedelta(minutes=2))
        answer = await browser.post("/digests/edit?lang=en", data={**given, "bottom_line_en": "x"})
    assert answer.status_code == 409
    assert "that issue has gone out" in answer.text


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"mark": ""}, 403),
        ({"mark": "1~x"}, 403),
        ({"day": "2026-11-24"}, 403),  # the mark is for one issue
        ({"by": "nobody"}, 409),
        ({"plan": "none"}, 404),
        ({"day": "soon"}, 404),
        ({"place-2026-9999": "out"}, 409),
        ({"bottom_line_th": "ก" * 2_001}, 409),
        ({"bottom_line_th": "ก" * 9_000}, 413),
    ],
)
@pytest.mark.asyncio
async def test_a_form_that_is_none_of_ours_or_wrong_is_refused(
    empty: world.StandIn, numbers: list[str], given: dict[str, str], status: int
) -> None:
    answer = await sent(empty, **given)
    assert answer.status_code == status
    assert edits(empty) == DigestEdits()


@pytest.mark.asyncio
async def test_another_sites_page_cannot_send_it(empty: world.StandIn, numbers: list[str]) -> None:
    async with world.client(empty, **{"sec-fetch-site": "cross-site"}) as browser:
        assert (await browser.post("/digests/edit", data={"by": "duty-primary"})).status_code == 403


@pytest.mark.asyncio
async def test_no_form_stands_beside_the_onward_edition(
    empty: world.StandIn, numbers: list[str]
) -> None:
    async with world.client(empty) as browser:
        page = (await browser.get(f"{PAGE}&edition=onward")).text
    assert "/digests/edit" not in page

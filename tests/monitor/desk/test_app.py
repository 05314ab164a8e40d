"""Every page, empty and filled, in both languages, and what is shown when something breaks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from alerts import words
from storage import incidents, meta
from tests.monitor.desk import world
from tests.monitor.desk.browsing import FILLED, PAGES, UNKNOWN, Elements, fetch


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("path", PAGES)
async def test_every_page_of_an_empty_desk_says_so_in_words(
    empty: world.StandIn, path: str, language: str
) -> None:
    answer = await fetch(empty, path, cookie=f"desk_language={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert 'class="empty"' in answer.text or path in ("/feeds", "/digests/latest")


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("path", FILLED)
async def test_every_page_of_a_filled_desk_is_whole_html_with_one_heading(
    filled: world.StandIn, path: str, language: str
) -> None:
    answer = await fetch(filled, path, cookie=f"desk_language={language}")
    assert answer.status_code == 200
    page = Elements(answer.text)
    assert len(page.named("h1")) == 1
    assert len(page.named("main")) == 1
    assert "None" not in re.sub(r"<[^>]*>", "", answer.text)
    assert answer.text.rstrip().endswith("</html>")


@pytest.mark.asyncio
@pytest.mark.parametrize("path", UNKNOWN)
async def test_an_unknown_address_is_a_page_in_words(filled: world.StandIn, path: str) -> None:
    answer = await fetch(filled, path, cookie="desk_language=en")
    assert answer.status_code == 404
    assert words.say("page.not_found", "en") in answer.text


@pytest.mark.asyncio
async def test_head_is_answered_like_get(filled: world.StandIn) -> None:
    async with world.client(filled) as browser:
        assert (await browser.head("/")).status_code == 200
        assert (await browser.head("/nothing")).status_code == 404


@pytest.mark.asyncio
async def test_the_language_asked_for_is_remembered_and_the_policy_says_the_first(
    filled: world.StandIn,
) -> None:
    async with world.client(filled) as browser:
        assert '<html lang="th">' in (await browser.get("/")).text
        answer = await browser.get("/?all=1&lang=en")
        cookie = answer.headers["set-cookie"].lower()
        assert "samesite=strict" in cookie
        assert "httponly" in cookie
        assert 'href="/?all=1&amp;lang=th"' in answer.text
        assert '<html lang="en">' in (await browser.get("/feeds")).text
        assert "set-cookie" not in (await browser.get("/?lang=xx")).headers
    filled.policy = replace(filled.policy, languages=("en", "th"))
    assert '<html lang="en">' in (await fetch(filled, "/")).text


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [*PAGES, "/incidents/2026-0001", "/mails/1", "/mails/1.eml"])
async def test_a_database_that_cannot_be_read_is_a_page_in_words_and_no_address_of_it(
    filled: world.StandIn, path: str
) -> None:
    assert filled.database.path is not None
    filled.database.close()
    filled.database.path.write_bytes(b"no database at all" * 100)
    answer = await fetch(filled, path, cookie="desk_language=en")
    assert answer.status_code == 503
    assert words.say("desk.no_database", "en") in answer.text
    assert str(filled.database.path) not in answer.text


@pytest.mark.asyncio
async def test_a_fault_of_ours_is_a_page_with_all_headers_and_no_traceback(
    filled: world.StandIn,
) -> None:
    filled.classifiers = None  # type: ignore[assignment]
    answer = await fetch(filled, "/", cookie="desk_language=en")
    assert answer.status_code == 500
    assert words.say("page.error", "en") in answer.text
    assert "AttributeError" not in answer.text
    assert answer.headers["content-security-policy"]


@pytest.mark.asyncio
async def test_the_pages_follow_a_policy_that_was_put_in_force_meanwhile(
    filled: world.StandIn, now: datetime
) -> None:
    async with world.client(filled) as browser:
        assert "Duty desk · On duty now" in (await browser.get("/?lang=en")).text
        filled.policy = replace(filled.policy, teams={})
        assert "On duty now" not in (await browser.get("/?lang=en")).text
        with filled.database.write() as conn:
            meta.set(conn, "moved.poll", "", now)
        assert "Last read 15:30" in (await browser.get("/?lang=en")).text


@pytest.mark.asyncio
async def test_a_language_asked_for_at_any_page_is_kept_for_the_next(
    filled: world.StandIn,
) -> None:
    with filled.database.read() as conn:
        number = incidents.listing(conn, limit=1)[0].number
    for path in (
        f"/incidents/{number}", f"/incidents/{number}/act", "/silences", "/mails", "/digests",
        "/advice", "/communications", "/feeds", "/feeds/add", "/review", "/items",
    ):  # fmt: skip
        async with world.client(filled) as browser:
            first = await browser.get(path, params={"lang": "en"})
            assert "desk_language=en" in first.headers.get("set-cookie", ""), path
            assert '<html lang="en">' in (await browser.get("/items")).text, path

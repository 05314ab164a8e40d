"""Nothing that strangers wrote is live, nothing can be sent, only names of ours are served."""

from __future__ import annotations

import re

import pytest

from tests.monitor.desk import world
from tests.monitor.desk.browsing import BARE, FILLED, UNKNOWN, Elements, fetch


@pytest.mark.asyncio
@pytest.mark.parametrize("path", FILLED)
async def test_nothing_that_a_feed_or_server_said_is_ever_live(
    filled: world.StandIn, path: str
) -> None:
    answer = await fetch(filled, path)
    page = Elements(answer.text)
    assert page.named("script") == []
    assert page.named("img") == []
    for tag, attributes in page.found:
        assert not [name for name in attributes if name.startswith("on")], tag
    for link in page.named("a"):
        outside = link["href"].startswith(("http://", "https://"))
        assert outside or re.match(r"^(/(?!/)|#)", link["href"]), link["href"]
        assert outside == (link.get("rel") == "noopener noreferrer nofollow")
    assert "\u202e" not in answer.text


@pytest.mark.asyncio
async def test_hostile_headlines_are_shown_as_the_text_they_are(filled: world.StandIn) -> None:
    answer = await fetch(filled, "/items")
    assert "&lt;script&gt;alert(&#39;live&#39;)&lt;/script&gt; quake" in answer.text
    assert "javascript:" not in answer.text
    links = [link["href"] for link in Elements(answer.text).named("a")]
    assert "https://hostile.example/a%20b" in links, "the user name before the host is left out"
    assert "(hostile.example)" in answer.text


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [*FILLED, *BARE, *UNKNOWN, "/healthz", "/static/desk.css"])
async def test_every_answer_carries_the_headers_that_forbid_the_rest(
    filled: world.StandIn, path: str
) -> None:
    answer = await fetch(filled, path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src ")
    assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/mails/1", "/static/desk.css", "/healthz", "/nothing"])
async def test_nothing_can_be_sent_to_the_desk(
    filled: world.StandIn, path: str, method: str
) -> None:
    async with world.client(filled) as browser:
        answer = await browser.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    if method != "HEAD" and path == "/":
        assert "The request did nothing" in answer.text or "คำขอนี้ไม่มีผล" in answer.text
    assert answer.headers["content-security-policy"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("localhost", 200),
        ("LOCALHOST.:80", 200),
        ("[::1]:8080", 200),
        ("127.9.9.9", 200),
        ("desk.ministry.example", 200),
        ("desk.ministry.example:8443", 200),
        ("evil.example", 400),
        ("desk.ministry.example.evil.example", 400),
        ("evil.example/localhost", 400),
        ("localhost@evil.example", 400),
        ("10.0.0.1", 400),
        ("[::1", 400),
        ("localhost:port", 400),
        ("", 400),
    ],
)
async def test_only_names_of_ours_are_served(filled: world.StandIn, host: str, status: int) -> None:
    assert (await fetch(filled, "/", host=host)).status_code == status


@pytest.mark.asyncio
@pytest.mark.parametrize("path", BARE)
async def test_a_mails_own_html_is_shut_off_from_scripts_and_from_the_network(
    filled: world.StandIn, path: str
) -> None:
    answer = await fetch(filled, path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "img-src data:" in policy
    assert "frame-ancestors 'self'" in policy

"""Redirects: followed by us, five at most, checked on every hop, secrets left at home."""

from __future__ import annotations

import pytest

from monitor.fetch.result import Request
from tests import hostile
from tests.hostile import FEED, redirect, reply, sends
from tests.monitor.fetch.rig import Names, fetch, rig

pytestmark = pytest.mark.asyncio

KEY = {"X-Key": "k", "Accept": "text/xml"}


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((301,), True),
        ((308,), True),
        ((301, 308, 301), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 302), False),
        ((302, 301), False),
    ],
    ids=str,
)
async def test_only_a_chain_of_permanent_redirects_tells_a_move(
    statuses: tuple[int, ...], moved: bool
) -> None:
    async with rig() as (server, fetcher):
        for place, status in enumerate(statuses):
            last = place == len(statuses) - 1
            target = "/feed#top" if last else f"/hop{place + 1}"
            server.pages[f"/hop{place}"] = redirect(target, status)
        result = await fetcher.fetch(Request(server.url("/hop0")))
        assert (result.state, result.body) == ("ok", FEED)
        assert result.url == server.url("/feed")
        assert result.moved_to == (server.url("/feed") if moved else None)


async def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    async with rig() as (server, fetcher):
        for number in range(6):
            server.pages[f"/{number}"] = redirect(f"/{number + 1}")
        server.pages["/6"] = reply(FEED)
        assert (await fetcher.fetch(Request(server.url("/1")))).state == "ok"
        result = await fetcher.fetch(Request(server.url("/0")))
        assert result.state == "redirect_refused"
        assert "more than 5 redirects" in result.detail
        assert result.status == 302


async def test_a_circle_is_seen_at_its_first_turn() -> None:
    async with rig() as (server, fetcher):
        server.pages["/a"] = redirect("/b")
        server.pages["/b"] = redirect("/a")
        result = await fetcher.fetch(Request(server.url("/a")))
        assert result.state == "redirect_refused"
        assert "circle" in result.detail
        assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("target", "state"),
    [
        ("http://127.0.0.1:1/", "blocked_address"),  # excepted, but another port than the feed's
        ("http://127.0.0.2/", "blocked_address"),
        ("http://localhost:1/", "blocked_address"),
        ("//127.0.0.9/", "blocked_address"),
        ("http://169.254.169.254/latest/meta-data/", "blocked_address"),
        ("http://[::1]/", "blocked_address"),
        ("http://[::ffff:127.0.0.1]/", "blocked_address"),
        ("http://[fe80::1%25eth0]/", "blocked_address"),
        ("http://[64:ff9b::7f00:1]/", "blocked_address"),
        ("http://[2002:7f00:1::]/", "blocked_address"),
        ("http://2130706433/", "blocked_address"),
        ("http://0177.0.0.1/", "blocked_address"),
        ("http://0x7f.1/", "blocked_address"),
        ("http://0x7f000001/", "blocked_address"),
        ("http://127.1/", "blocked_address"),
        ("http://127。0。0。1/", "blocked_address"),
        ("http://１２７.0.0.1/", "blocked_address"),
        ("http://0/", "blocked_address"),
        ("http://user:word@10.0.0.1/", "blocked_address"),
        ("http://localhost.\\@10.0.0.1/", "blocked_address"),
        ("ftp://host.example/feed", "redirect_refused"),
        ("file:///etc/passwd", "redirect_refused"),
        ("gopher://127.0.0.1:25/", "redirect_refused"),
        ("javascript:1", "redirect_refused"),
        ("http://[::1", "redirect_refused"),
        ("http://", "redirect_refused"),
        ("http://host.example:0/", "redirect_refused"),
        ("", "redirect_refused"),  # to itself
        ("#part", "redirect_refused"),
        ("http://①②⑦.0.0.1/", "blocked_address"),
        ("http://[::127.0.0.1]/", "blocked_address"),
        ("http://[fd00:ec2::254]/", "blocked_address"),
        ("http://100.100.100.200/", "blocked_address"),
        ("http://017700000001/", "blocked_address"),
        ("http://127.0.0.1:99999/", "blocked_address"),
        ("http://4294967297/", "redirect_refused"),
        ("http://1.2.3.4.5/", "redirect_refused"),
        ("http://%31%32%37.0.0.1/", "redirect_refused"),
        ('http://"127.0.0.1"/', "redirect_refused"),
        ("ws://127.0.0.1/", "redirect_refused"),
        ("data:text/xml,<rss/>", "redirect_refused"),
        ("/" + "a" * 9000, "redirect_refused"),
        ("/a\x01b", "redirect_refused"),
    ],
)
async def test_a_redirect_to_a_forbidden_place_is_not_followed(target: str, state: str) -> None:
    async with rig() as (server, fetcher):
        page = sends(
            hostile.head(302).replace(b"\r\n\r\n", b"\r\nLocation: ")
            + target.encode()
            + b"\r\n\r\n"
        )
        result = await fetch(server, fetcher, page)
        assert result.state == state, result
        assert len(server.seen) == 1


async def test_a_redirect_without_a_target_is_refused() -> None:
    async with rig() as (server, fetcher):
        result = await fetch(server, fetcher, reply(b"", 302))
        assert (result.state, result.status) == ("redirect_refused", 302)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/ฟีด".encode(), "/%E0%B8%9F%E0%B8%B5%E0%B8%94"),
        (b"/caf\xe9", "/caf%E9"),
        (b"deep/../feed", "/feed"),
        (b"/a%0d%0aX-Evil:%201", "/a%0D%0AX-Evil:%201"),
        (b"\\\\169.254.169.254\\x", None),
        (b"/\\169.254.169.254/", None),
    ],
    ids=["utf-8", "latin-1", "dots", "escaped-line-break", "backslashes", "slash-backslash"],
)
async def test_an_odd_target_stays_at_the_host_and_keeps_its_bytes(
    target: bytes, path: str | None
) -> None:
    async with rig() as (server, fetcher):
        start = hostile.head(302)[:-2] + b"Location: " + target + b"\r\n\r\n"
        await fetch(server, fetcher, sends(start))
        assert len(server.seen) <= 2
        assert path is None or server.seen[1].path == path
        assert "x-evil" not in server.seen[-1].headers


async def test_two_different_targets_are_refused_and_two_equal_ones_are_one() -> None:
    async with rig() as (server, fetcher):
        other = reply(b"", 302, ["Location: /feed", "Location: http://169.254.169.254/"])
        assert (await fetch(server, fetcher, other)).state == "redirect_refused"
        same = reply(b"", 302, ["Location: /feed"] * 2)
        assert (await fetch(server, fetcher, same)).state == "ok"


async def test_the_exception_for_a_closed_address_does_not_go_beyond_the_configured_origin() -> (
    None
):
    async with rig() as (private, fetcher), hostile.serving() as other:
        # 127.0.0.1 is excepted with every port, yet only the feed list may choose the port
        result = await fetch(private, fetcher, redirect(other.url("/feed")))
        assert result.state == "blocked_address"
        assert other.seen == []
        assert (await fetcher.fetch(Request(other.url("/feed")))).state == "ok"


async def test_an_open_connection_of_an_excepted_feed_is_not_lent_to_a_redirect() -> None:
    async with rig() as (private, fetcher), hostile.serving() as other:
        assert (await fetcher.fetch(Request(private.url("/feed")))).state == "ok"
        assert private.open == 1  # kept for the next request to the same place
        result = await fetch(other, fetcher, redirect(private.url("/feed")))
        assert result.state == "blocked_address"
        assert len(private.seen) == 1


async def test_a_feed_that_has_left_home_has_no_exception_and_no_secrets_when_it_returns() -> None:
    names = Names(["127.0.0.1"])
    allow = ["a.example", "b.example"]
    async with rig(allow_hosts=allow, resolver=names) as (server, fetcher):
        server.pages["/start"] = redirect(server.url("/feed", "b.example"))
        request = Request(server.url("/start", "a.example"), headers=KEY)
        assert (await fetcher.fetch(request)).state == "blocked_address"
        assert [seen.path for seen in server.seen] == ["/start"]


async def test_own_headers_and_password_stay_at_the_origin() -> None:
    # Through a proxy every name leads to the same server, so both origins can be watched.
    async with rig(proxied=True) as (server, fetcher):
        a, b = "http://a.example", "http://b.example"
        server.pages |= {
            f"{a}/1": redirect("/2"),
            f"{a}/2": redirect(f"{b}/3"),
            f"{b}/3": redirect(f"{a}/4"),
            f"{a}/4": reply(FEED),
        }
        result = await fetcher.fetch(Request("http://desk:word@a.example/1", headers=KEY))
        assert (result.state, result.url) == ("ok", f"{a}/4")
        assert [seen.path for seen in server.seen] == [f"{a}/1", f"{a}/2", f"{b}/3", f"{a}/4"]
        sent = [("x-key" in each.headers, "authorization" in each.headers) for each in server.seen]
        assert sent == [(True, True), (True, True), (False, False), (False, False)]
        assert server.seen[2].headers["accept"] != "text/xml"


@pytest.mark.parametrize(
    "target", ["http://a.example:81/x", "http://A.example./x", "http://sub.a.example/x"]
)
async def test_another_port_or_name_is_another_origin(target: str) -> None:
    async with rig(proxied=True) as (server, fetcher):
        server.pages["http://a.example/1"] = redirect(target)
        await fetcher.fetch(Request("http://a.example/1", headers=KEY))
        assert len(server.seen) == 2
        assert "x-key" not in server.seen[1].headers


async def test_a_redirect_cannot_bring_its_own_password() -> None:
    async with rig(proxied=True) as (server, fetcher):
        server.pages["http://a.example/1"] = redirect("http://desk:word@b.example/2")
        server.pages["http://b.example/2"] = reply(FEED)
        result = await fetcher.fetch(Request("http://a.example/1"))
        assert (result.state, result.url) == ("ok", "http://b.example/2")
        assert "authorization" not in server.seen[1].headers


async def test_the_body_of_a_redirect_is_not_read() -> None:
    async with rig() as (server, fetcher):
        head = hostile.head(302, ["Location: /feed", "Content-Encoding: gzip"])
        server.pages["/page"] = hostile.forever(head, hostile.bomb(16))
        result = await fetcher.fetch(Request(server.url("/page")))
        assert (result.state, result.body) == ("ok", FEED)
        assert result.duration_ms < 1_000

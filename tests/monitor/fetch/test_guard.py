"""The guard where it stands: at the socket, whatever name led there."""

from __future__ import annotations

import socket

import pytest

from monitor.fetch.addresses import AllowList
from monitor.fetch.result import Request
from monitor.fetch.sockets import ATTEMPT, Attempt, Guard
from tests.hostile import FEED, reply
from tests.monitor.fetch.rig import Names, rig

pytestmark = pytest.mark.asyncio

CLOSED = [
    "127.0.0.1", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "192.168.1.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:1::1", "fc00::1", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
async def test_a_public_name_that_leads_to_a_closed_address_is_not_connected_to(
    address: str,
) -> None:
    async with rig(allow_hosts=(), resolver=Names([address])) as (server, fetcher):
        result = await fetcher.fetch(Request(server.url("/feed", "feed.example")))
        assert result.state == "blocked_address"
        assert "feed.example" in result.detail
        assert server.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/feed", "http://2130706433:{port}/feed",
        "http://0177.1:{port}/feed", "http://0x7f.0.0.1:{port}/feed", "http://127.1:{port}/feed",
        "http://localhost:{port}/feed", "http://[::ffff:127.0.0.1]:{port}/feed",
        "http://[::ffff:7f00:1]:{port}/feed", "http://0:{port}/feed",
        "http://a@127.0.0.1:{port}/feed", "http://127.0.0.1.:{port}/feed",
    ],
)  # fmt: skip
async def test_no_spelling_of_loopback_connects_without_an_exception(url: str) -> None:
    async with rig(allow_hosts=()) as (server, fetcher):
        result = await fetcher.fetch(Request(url.format(port=server.port)))
        assert result.state == "blocked_address"
        assert server.seen == []


async def test_a_name_that_changes_its_address_is_checked_at_every_connect() -> None:
    names = Names(["127.0.0.1"], ["127.0.0.9"], ["127.0.0.1", "10.0.0.1"])
    async with rig(allow_hosts=["127.0.0.1/32"], resolver=names) as (server, fetcher):
        request = Request(server.url("/feed", "feed.example"))
        states = []
        for _ in range(3):
            states.append((await fetcher.fetch(request)).state)
            await fetcher.close()  # forget the connection and the name's address
        assert states == ["ok", "blocked_address", "ok"]
        assert len(names.asked) == 3


@pytest.mark.parametrize(
    ("entry", "host", "state"),
    [
        ("feed.example", "feed.example", "ok"),
        ("FEED.example.", "feed.example", "ok"),
        ("feed.example:{port}", "feed.example", "ok"),
        ("127.0.0.1:{port}", "feed.example", "ok"),
        ("127.0.0.0/8", "feed.example", "ok"),
        ("feed.example:1", "feed.example", "blocked_address"),
        ("127.0.0.1:1", "feed.example", "blocked_address"),
        ("127.0.0.2", "feed.example", "blocked_address"),
        ("10.0.0.0/8", "feed.example", "blocked_address"),
        ("example", "feed.example", "blocked_address"),
        ("other.example", "feed.example", "blocked_address"),
    ],
)
async def test_an_exception_is_for_exactly_what_it_names(entry: str, host: str, state: str) -> None:
    names = Names(["127.0.0.1"])
    async with rig(resolver=names, allow_hosts=()) as (server, fetcher):
        fetcher._allow = AllowList.of([entry.format(port=server.port)])
        result = await fetcher.fetch(Request(server.url("/feed", host)))
        assert result.state == state


async def test_the_use_of_an_exception_is_logged_once_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with rig() as (server, fetcher):
        for path in ("/feed?key=secret", "/feed"):
            await fetcher.fetch(Request(server.url(path), headers={"X-Key": "secret"}))
            await fetcher.close()
    told = capsys.readouterr().out
    assert told.count("closed_address_allowed") == 1
    assert "127.0.0.1" in told
    assert "secret" not in told


async def test_through_a_proxy_what_is_visibly_closed_is_refused_all_the_same() -> None:
    async with rig(proxied=True, allow_hosts=["10.1.0.0/16"]) as (server, fetcher):
        for host in ("127.0.0.1", "localhost", "a.localhost.", "[::1]", "2130706433", "10.2.0.1"):
            result = await fetcher.fetch(Request(f"http://{host}/feed"))
            assert result.state == "blocked_address", host
        assert server.seen == []
        for host in ("10.1.0.1", "feed.example"):
            server.pages[f"http://{host}/feed"] = reply(FEED)
            assert (await fetcher.fetch(Request(f"http://{host}/feed"))).state == "ok"


async def test_a_proxy_that_refuses_a_tunnel_is_named() -> None:
    async with rig(proxied=True) as (_, fetcher):
        result = await fetcher.fetch(Request("https://feed.example/feed"))
        assert (result.state, result.detail) == ("refused", "The proxy answered HTTP 404.")


async def test_a_zone_is_refused_even_on_a_public_address() -> None:
    guard = Guard(1000)
    attempt = Attempt()
    token = ATTEMPT.set(attempt)
    with pytest.raises(PermissionError):
        guard.socket_for(
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700::1111", 80, 0, 3))
        )
    ATTEMPT.reset(token)
    assert attempt.refused == ["2606:4700::1111 (bound to one network card)"]


async def test_a_public_address_gets_a_socket() -> None:
    guard = Guard(1000)
    for family, place in (
        (socket.AF_INET, ("93.184.215.14", 80)),
        (socket.AF_INET6, ("2606:4700::1111", 80, 0, 0)),
    ):
        made = guard.socket_for((family, socket.SOCK_STREAM, 6, "", place))
        assert made.family == family
        made.close()

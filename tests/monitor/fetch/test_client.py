"""Every way an answer can end, by a hostile server, within its limit and with nothing left open."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from datetime import timedelta

import pytest

from alerts import feedhealth
from monitor.errors import ConfigError
from monitor.fetch.client import HttpFetcher, user_agent
from monitor.fetch.result import Request
from tests import hostile
from tests.hostile import FEED, Page, forever, head, reply, sends
from tests.monitor.fetch.rig import BARE, LOOPBACK, fetch, rig

pytestmark = pytest.mark.asyncio

GZIPPED = gzip.compress(FEED * 20)
GZIP = ["Content-Encoding: gzip"]
CHUNKED = head(200, ["Transfer-Encoding: chunked"])
RAW_DEFLATE = zlib.compress(FEED)[2:-4]
CHECK = b"<html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"
HTML = ["Content-Type: text/html"]
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n"


def late_body(length: int) -> Page:
    """A page whose body comes after its head, and is longer than `length`."""

    async def page(writer: asyncio.StreamWriter, seen: hostile.Seen) -> None:
        writer.write(head(200, [f"Content-Length: {length}"]))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(FEED)

    return page


def bit_by_bit(answer: bytes) -> Page:
    """A page that comes byte by byte, but whole."""

    async def page(writer: asyncio.StreamWriter, seen: hostile.Seen) -> None:
        for place in range(len(answer)):
            writer.write(answer[place : place + 1])
            await writer.drain()
            await asyncio.sleep(0)

    return page


ENDS: dict[str, tuple[Page | bytes, str]] = {
    # name: (page, state)
    "plain": (reply(FEED), "ok"),
    "gzip": (reply(GZIPPED, 200, GZIP), "ok"),
    "deflate": (reply(zlib.compress(FEED), 200, ["Content-Encoding: deflate"]), "ok"),
    "until-close": (sends(head(200), FEED), "ok"),
    "chunked": (sends(CHUNKED, b"3\r\nabc\r\n0\r\n\r\n"), "ok"),
    "after-a-hint": (sends(HINT, reply(FEED)), "ok"),
    "no-content": (reply(b"", 204), "ok"),
    "no-reason-phrase": (sends(b"HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc"), "ok"),
    "http-1.0": (sends(b"HTTP/1.0 200 OK\r\n\r\n", FEED), "ok"),
    "bare-line-feeds": (sends(b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc"), "ok"),
    "folded-header": (reply(FEED, 200, ["X: a\r\n b\r\n\tc"]), "ok"),
    "200-headers": (reply(FEED, 200, ["X: y"] * 200), "ok"),
    "headers-just-below-64-kb": (reply(FEED, 200, ["X: " + "y" * 1000] * 63), "ok"),
    "header-of-15-kb": (reply(FEED, 200, ["X: " + "y" * 15_000]), "ok"),
    "trailers": (sends(CHUNKED, b"3\r\nabc\r\n0\r\nContent-Encoding: br\r\n\r\n"), "ok"),
    "long-chunk-extension": (sends(CHUNKED, b"3;", b"a" * 8000, b"\r\nabc\r\n0\r\n\r\n"), "ok"),
    "gzip-in-two-members": (reply(gzip.compress(b"a") + gzip.compress(b"b"), 200, GZIP), "ok"),
    "gzip-in-capitals": (reply(GZIPPED, 200, ["Content-Encoding: GZIP"]), "ok"),
    "raw-deflate": (reply(RAW_DEFLATE, 200, ["Content-Encoding: deflate"]), "ok"),
    "coding-none": (reply(FEED, 200, ["Content-Encoding: none"]), "ok"),
    "coding-utf-8": (reply(FEED, 200, ["Content-Encoding: UTF-8"]), "ok"),
    "203": (reply(FEED, 203), "ok"),
    "201-with-a-location": (reply(FEED, 201, ["Location: http://169.254.169.254/"]), "ok"),
    "refresh-header": (reply(FEED, 200, ["Refresh: 0; url=http://169.254.169.254/"]), "ok"),
    "150-cookies": (reply(FEED, 200, ["Set-Cookie: a=b"] * 150), "ok"),
    "exactly-the-limit": (reply(b" " * 2**20), "ok"),
    "one-byte-over-the-limit": (sends(head(200), b" " * (2**20 + 1)), "too_large"),
    "one-byte-over-when-decoded": (
        reply(gzip.compress(b" " * (2**20 + 1)), 200, GZIP),
        "too_large",
    ),
    "header-of-17-kb": (reply(FEED, 200, ["X: " + "y" * 17_000]), "too_large"),
    "300-headers": (reply(FEED, 200, ["X: y"] * 300), "too_large"),
    "endless-gzip-file-name": (
        forever(head(200, GZIP) + b"\x1f\x8b\x08\x08\0\0\0\0\0\3", b"a" * 65_536),
        "too_large",
    ),
    "a-part": (reply(FEED[:50], 206, ["Content-Range: bytes 0-49/500"]), "truncated"),
    "reset-in-the-body": (hostile.resets(head(200, ["Content-Length: 500"]), FEED), "truncated"),
    "reset-in-a-body-without-length": (hostile.resets(head(200), FEED), "truncated"),
    "reset-in-the-headers": (hostile.resets(b"HTTP/1.1 200 O"), "refused"),
    "reset-at-once": (hostile.resets(), "refused"),
    "closed-in-the-headers": (sends(b"HTTP/1.1 200 OK\r\nContent-Le"), "refused"),
    "headers-only": (sends(head(200, [f"Content-Length: {len(FEED)}"])), "truncated"),
    "gzip-with-a-wrong-sum": (
        reply(GZIPPED[:-8] + b"\1\2\3\4" + GZIPPED[-4:], 200, GZIP),
        "bad_encoding",
    ),
    "deflate-that-is-gzip": (reply(GZIPPED, 200, ["Content-Encoding: deflate"]), "bad_encoding"),
    "zstd": (reply(b"abc", 200, ["Content-Encoding: zstd"]), "bad_encoding"),
    "two-coding-headers": (reply(GZIPPED, 200, [*GZIP, *GZIP]), "bad_encoding"),
    "transfer-coding-gzip": (
        sends(head(200, ["Transfer-Encoding: gzip, chunked"]), b"3\r\nabc\r\n0\r\n\r\n"),
        "bad_encoding",
    ),
    "transfer-coding-unknown": (
        sends(head(200, ["Transfer-Encoding: xchunked"]), b"3\r\nabc\r\n0\r\n\r\n"),
        "bad_encoding",
    ),
    "chunk-size-with-a-sign": (sends(CHUNKED, b"+3\r\nabc\r\n0\r\n\r\n"), "truncated"),
    "chunk-size-with-0x": (sends(CHUNKED, b"0x3\r\nabc\r\n0\r\n\r\n"), "truncated"),
    "chunks-end-in-line-feeds": (sends(CHUNKED, b"3\nabc\n0\n\n"), "truncated"),
    "length-with-a-sign": (sends(head(200, ["Content-Length: +5"]), FEED), "truncated"),
    "length-below-zero": (sends(head(200, ["Content-Length: -5"]), FEED), "truncated"),
    "length-twice": (sends(head(200, ["Content-Length: 5"] * 2), FEED), "truncated"),
    "length-shorter-than-the-body": (sends(head(200, ["Content-Length: 5"]) + FEED), "truncated"),
    "length-none-and-a-body": (sends(head(200, ["Content-Length: 0"]) + FEED), "truncated"),
    "length-shorter-and-the-body-late": (late_body(5), "truncated"),
    "length-shorter-of-a-redirect": (
        sends(head(302, ["Content-Length: 3", "Location: /feed"]) + FEED),
        "ok",
    ),
    "length-shorter-of-a-refusal": (sends(head(404, ["Content-Length: 3"]) + FEED), "http_4xx"),
    "more-after-the-last-chunk": (sends(CHUNKED + b"3\r\nabc\r\n0\r\n\r\nmore"), "ok"),
    "no-content-with-content": (sends(head(204) + FEED), "ok"),
    "head-in-pieces": (bit_by_bit(reply(FEED)), "ok"),
    "space-before-the-colon": (reply(FEED, 200, ["X-Y : z"]), "http_5xx"),
    "header-without-a-colon": (reply(FEED, 200, ["nonsense"]), "http_5xx"),
    "bare-carriage-return": (reply(FEED, 200, ["X: a\rSet-Cookie: b"]), "http_5xx"),
    "http-0.9": (sends(FEED), "http_5xx"),
    "http-3.0": (sends(b"HTTP/3.0 200 OK\r\n\r\n"), "http_5xx"),
    "nul-bytes": (sends(b"\0" * 4096), "http_5xx"),
    "a-tls-alert": (sends(b"\x15\x03\x01\x00\x02\x02\x28"), "http_5xx"),
    "radio": (sends(b"ICY 200 OK\r\n\r\n"), "http_5xx"),
    "status-of-four-digits": (sends(b"HTTP/1.1 2000 OK\r\n\r\n"), "http_5xx"),
    "status-000": (sends(b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n"), "http_5xx"),
    "408": (reply(b"", 408), "timed_out"),
    "418": (reply(b"", 418), "http_4xx"),
    "511": (reply(b"", 511), "login_page"),
    "robot-check-by-header": (reply(b"", 403, ["cf-mitigated: challenge"]), "challenge_page"),
    "robot-check-with-success": (
        reply(b"", 202, ["x-amzn-waf-action: challenge"]),
        "challenge_page",
    ),
    "robot-check-by-page": (reply(CHECK, 403, HTML), "challenge_page"),
    "robot-check-with-503": (reply(gzip.compress(CHECK), 503, [*HTML, *GZIP]), "challenge_page"),
    "robot-check-of-incapsula": (
        reply(b"<iframe src=/_Incapsula_Resource?x=1></iframe>", 403, HTML),
        "challenge_page",
    ),
    "an-ordinary-refusal": (reply(b"<html>Access Denied</html>", 403, HTML), "http_4xx"),
    "a-refusal-that-is-a-bomb": (sends(head(403, [*HTML, *GZIP]), hostile.bomb(64)), "http_4xx"),
    "an-endless-refusal": (forever(head(503, HTML), b"a" * 65_536), "http_5xx"),
    "gzip-without-end": (reply(GZIPPED[:-9], 200, GZIP), "truncated"),
    "gzip-that-is-none": (reply(FEED, 200, GZIP), "bad_encoding"),
    "brotli": (reply(b"abc", 200, ["Content-Encoding: br"]), "bad_encoding"),
    "gzip-in-gzip": (reply(b"abc", 200, ["Content-Encoding: gzip, gzip"]), "bad_encoding"),
    "gzip-bomb": (sends(head(200, GZIP), hostile.bomb(1024)), "too_large"),
    "announced-as-huge": (sends(head(200, ["Content-Length: 99999999"])), "too_large"),
    "endless-body": (forever(head(200), b"a" * 65_536), "too_large"),
    "endless-chunks": (forever(CHUNKED, b"3c\r\n" + b"a" * 60 + b"\r\n"), "too_large"),
    "endless-hints": (forever(b"", HINT * 200), "too_large"),
    "endless-headers": (forever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 50), "too_large"),
    "endless-header": (forever(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 5_000), "too_large"),
    "endless-status-line": (forever(b"HTTP/1.1 200 ", b"y" * 5_000), "too_large"),
    "headers-of-100-kb": (reply(FEED, 200, ["X: " + "y" * 1000] * 100), "too_large"),
    "endless-trailers": (forever(CHUNKED + b"0\r\n", b"X: y\r\n" * 50), "too_large"),
    "endless-chunk-extension": (forever(CHUNKED + b"1;", b"a" * 65_536), "too_large"),
    "shorter-than-announced": (sends(head(200, ["Content-Length: 500"]), FEED), "truncated"),
    "cut-in-a-chunk": (sends(CHUNKED, b"10\r\nabc"), "truncated"),
    "cut-between-chunks": (sends(CHUNKED, b"3\r\nabc\r\n"), "truncated"),
    "chunk-size-is-no-number": (sends(CHUNKED, b"zz\r\nabc\r\n"), "truncated"),
    "chunk-longer-than-told": (sends(CHUNKED, b"2\r\nabcdef\r\n0\r\n\r\n"), "truncated"),
    "chunk-size-overflows": (sends(CHUNKED, b"f" * 18 + b"\r\nabc\r\n"), "truncated"),
    "two-lengths": (
        sends(head(200, ["Content-Length: 5", "Content-Length: 7"]), FEED),
        "truncated",
    ),
    "length-and-chunks": (
        sends(head(200, ["Content-Length: 3", "Transfer-Encoding: chunked"]), b"3\r\nabc\r\n"),
        "truncated",
    ),
    "length-overflows": (sends(head(200, [f"Content-Length: {'9' * 30}"])), "truncated"),
    "nul-in-header": (sends(b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n"), "http_5xx"),
    "another-protocol": (sends(b"SSH-2.0-Server\r\n\r\n"), "http_5xx"),
    "no-headers-at-all": (sends(b"<html>hello</html>"), "http_5xx"),
    "switching-protocols": (sends(head(101, ["Upgrade: x", "Connection: upgrade"])), "http_5xx"),
    "hangs-up-at-once": (sends(), "refused"),
    "304-to-a-first-request": (reply(b"", 304), "unasked_304"),
    "300": (reply(b"", 300), "redirect_refused"),
    "401": (reply(b"", 401), "http_4xx"),
    "403": (reply(b"", 403), "http_4xx"),
    "404": (reply(b"", 404), "http_4xx"),
    "410": (reply(b"", 410), "gone"),
    "429": (reply(b"", 429), "rate_limited"),
    "451": (reply(b"", 451), "http_4xx"),
    "500": (reply(b"", 500), "http_5xx"),
    "503": (reply(b"", 503), "http_5xx"),
    "999": (sends(b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n"), "http_5xx"),
}


@pytest.mark.parametrize("name", ENDS)
async def test_each_answer_ends_in_its_named_state(name: str) -> None:
    page, state = ENDS[name]
    async with rig() as (server, fetcher):
        result = await fetch(server, fetcher, page)
        assert result.state == state, result
        assert (result.body is not None) == (state == "ok")
        assert result.detail
        assert "\n" not in result.detail
        assert result.duration_ms < 4_000


SLOW: dict[str, Page] = {
    "silence": hostile.silence,
    "headers-that-drip": forever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", pause_s=0.05),
    "body-that-drips": forever(head(200), b"a", pause_s=0.05),
    "chunks-that-drip": forever(CHUNKED, b"1\r\na\r\n", pause_s=0.05),
    "hints-that-drip": forever(b"", HINT, pause_s=0.05),
    "gzip-that-drips": forever(head(200, GZIP) + GZIPPED[:10], b"\x00", pause_s=10),
}


@pytest.mark.parametrize("name", SLOW)
async def test_a_slow_answer_of_any_kind_ends_at_the_deadline(name: str) -> None:
    async with rig(total_s=0.4) as (server, fetcher):
        result = await fetch(server, fetcher, SLOW[name])
        assert result.state == "timed_out"
        assert 300 <= result.duration_ms < 1_500


async def test_the_deadline_is_shared_by_all_redirects() -> None:
    async def late(writer: asyncio.StreamWriter, seen: hostile.Seen) -> None:
        await asyncio.sleep(0.25)
        writer.write(hostile.redirect(f"/late{len(server.seen)}"))

    async with rig(total_s=0.6) as (server, fetcher):
        server.pages |= {f"/late{number}": late for number in range(6)}
        result = await fetcher.fetch(Request(server.url("/late0")))
        assert result.state == "timed_out"
        assert result.duration_ms < 1_500


async def test_a_healthy_feed_is_read_promptly_beside_slow_and_hostile_ones() -> None:
    async with rig(total_s=2.0) as (server, fetcher):
        server.pages |= {f"/{name}": page for name, page in SLOW.items()}
        server.pages["/hints"] = ENDS["endless-hints"][0]
        bad = [*SLOW, "hints"]
        # Each is another host to the fetcher: places are per host, the feeds of one do wait.
        slow = [
            asyncio.create_task(fetcher.fetch(Request(server.url(f"/{name}", f"127.0.1.{place}"))))
            for place, name in enumerate(bad)
        ]
        await asyncio.sleep(0)
        began = time.monotonic()
        result = await fetcher.fetch(Request(server.url("/feed")))
        assert result.state == "ok"
        assert time.monotonic() - began < 1.0
        await asyncio.gather(*slow)


async def test_a_body_is_decoded_and_described() -> None:
    headers = [
        *GZIP,
        'ETag: "v1"',
        "Last-Modified: Sun, 22 Nov 2026 08:00:00 GMT",
        "Cache-Control: public, max-age=600",
        "Age: 60",
        "Content-Type: application/rss+xml; charset=utf-8",
    ]
    async with rig() as (server, fetcher):
        result = await fetch(server, fetcher, reply(GZIPPED, 200, headers))
        assert result.body == FEED * 20
        assert (result.status, result.detail) == (200, "HTTP 200 OK")
        assert result.content_type == "application/rss+xml; charset=utf-8"
        assert (result.etag, result.last_modified) == ('"v1"', "Sun, 22 Nov 2026 08:00:00 GMT")
        assert result.max_age == timedelta(minutes=9)
        assert result.url == server.url("/page")
        assert result.moved_to is None


ASIDE = [f"Content-Length: {len(FEED)}"]
NOT_MODIFIED: dict[str, Page | bytes] = {
    "with-a-body": head(304) + FEED,
    "with-a-length-and-a-body": head(304, ASIDE) + FEED,
    "with-a-body-in-pieces": sends(head(304, ASIDE), FEED, b"x" * 100_000),
    "with-chunks": head(304, ["Transfer-Encoding: chunked"]) + b"3\r\nabc\r\n0\r\n\r\n",
    "with-what-looks-like-an-answer": head(304) + reply(b"evil"),
    "after-a-hint": HINT + head(304) + FEED,
    "with-bare-line-feeds": b"HTTP/1.1 304 Not Modified\nETag: x\n\n" + FEED,
}


@pytest.mark.parametrize("name", NOT_MODIFIED)
async def test_a_304_with_a_body_is_not_modified_and_its_connection_is_not_used_again(
    name: str,
) -> None:
    async with rig() as (server, fetcher):
        server.pages["/page"] = NOT_MODIFIED[name]
        for _ in range(2):
            result = await fetcher.fetch(Request(server.url("/page"), etag='"v1"'))
            assert (result.state, result.body) == ("not_modified", None)
        whole = await fetcher.fetch(Request(server.url("/feed")))
        assert (whole.state, whole.body) == ("ok", FEED)


async def test_a_length_that_is_too_short_is_told_as_such_and_not_as_the_servers_fault() -> None:
    async with rig() as (server, fetcher):
        result = await fetch(server, fetcher, head(200, ["Content-Length: 5"]) + FEED)
        assert "announces a wrong length: the body goes on after its end" in result.detail
        assert feedhealth.reason(result.state, result.detail) == "bad_length"
        result = await fetch(server, fetcher, ENDS["length-twice"][0])
        assert feedhealth.reason(result.state, result.detail) == "bad_length"
        result = await fetch(server, fetcher, ENDS["another-protocol"][0])
        assert feedhealth.reason(result.state, result.detail) == "not_http"


async def test_validators_go_out_and_304_comes_back() -> None:
    async with rig() as (server, fetcher):
        server.pages["/page"] = reply(b"", 304, ['ETag: W/"v1"'])
        known = Request(server.url("/page"), etag='W/"v1"', last_modified="Sun, 22 Nov 2026")
        result = await fetcher.fetch(known)
        assert (result.state, result.status, result.body) == ("not_modified", 304, None)
        assert result.etag == 'W/"v1"'
        sent = server.seen[0].headers
        assert sent["if-none-match"] == 'W/"v1"'
        assert sent["if-modified-since"] == "Sun, 22 Nov 2026"


@pytest.mark.parametrize("etag", ['"\xff"', '"a\tb"', "a" * 2000], ids=["latin", "tab", "long"])
async def test_a_validator_that_could_break_a_header_is_not_kept(etag: str) -> None:
    async with rig() as (server, fetcher):
        result = await fetch(server, fetcher, reply(FEED, 200, [f"ETag: {etag}"]))
        assert (result.state, result.etag) == ("ok", None)
        again = await fetcher.fetch(Request(server.url("/feed"), etag="a\r\nEvil: 1"))
        assert again.state == "ok"
        assert "evil" not in server.seen[1].headers


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("9" * 40, timedelta(days=365)),
        ("soon", None),
    ],
    ids=["seconds", "date", "absurd", "nonsense"],
)
async def test_retry_after_is_read(status: int, header: str, wait: timedelta | None) -> None:
    async with rig() as (server, fetcher):
        result = await fetch(server, fetcher, reply(b"", status, [f"Retry-After: {header}"]))
        assert result.state == {429: "rate_limited", 503: "http_5xx"}[status]
        assert result.retry_after == wait


async def test_cookies_are_neither_kept_nor_sent() -> None:
    async with rig() as (server, fetcher):
        await fetch(server, fetcher, reply(FEED, 200, ["Set-Cookie: id=1; Path=/"]))
        await fetch(server, fetcher, reply(FEED))
        assert len(server.seen) == 2
        assert all("cookie" not in seen.headers for seen in server.seen)


async def test_only_what_we_can_undo_is_offered_and_the_user_agent_names_a_contact() -> None:
    async with rig() as (server, fetcher):
        own = {"Accept-Encoding": "br", "Host": "other.example", "X-Key": "k", "accept": "a/b"}
        await fetcher.fetch(Request(server.url(), headers=own))
        await fetcher.fetch(Request(server.url(), user_agent="Desk/1"))
        await fetcher.fetch(Request(server.url(), user_agent="Desk\r\nX-Evil: 1"))
        first, second, third = (seen.headers for seen in server.seen)
        assert first["accept-encoding"] == "gzip, deflate"
        assert first["host"] == f"127.0.0.1:{server.port}"
        assert (first["x-key"], first["accept"]) == ("k", "a/b")
        assert first["user-agent"] == "crisis-monitor/1.2 (+https://mfa.example/monitor)"
        assert second["user-agent"] == "Desk/1"
        assert third["user-agent"] == first["user-agent"]
        assert "x-evil" not in third
    assert user_agent("1.2", None) == "crisis-monitor/1.2"
    assert user_agent("1.2", "ก\r\n") == "crisis-monitor/1.2"


async def test_a_header_with_a_line_break_is_a_fault_and_not_sent() -> None:
    async with rig() as (server, fetcher):
        for name, text in (("X-Key", "a\r\nB: c"), ("X Key", "a")):
            result = await fetcher.fetch(Request(server.url(), headers={name: text}))
            assert result.state == "config_error"
            assert "header" in result.detail
        assert server.seen == []


async def test_name_and_password_of_the_address_become_basic_auth_and_are_shown_nowhere() -> None:
    async with rig() as (server, fetcher):
        address = server.url().replace("://", "://desk:s%3Acret@")
        request = Request(address)
        result = await fetcher.fetch(request)
        assert result.state == "ok"
        assert server.seen[0].headers["authorization"] == "Basic ZGVzazpzOmNyZXQ="
        assert "cret" not in result.url
        assert "cret" not in repr(request)
        own = Request(address, headers={"authorization": "Bearer t"})
        await fetcher.fetch(own)
        assert server.seen[1].headers["authorization"] == "Bearer t"


async def test_at_most_two_fetches_run_at_one_host_and_all_are_served() -> None:
    async def slow(writer: asyncio.StreamWriter, seen: hostile.Seen) -> None:
        await asyncio.sleep(0.05)
        writer.write(reply(FEED))

    async with rig(per_host=2) as (server, fetcher):
        server.pages["/slow"] = slow
        many = [fetcher.fetch(Request(server.url("/slow"))) for _ in range(6)]
        results = await asyncio.gather(*many)
        assert {result.state for result in results} == {"ok"}
        assert server.most_open == 2


async def test_a_feed_that_waits_too_long_for_a_place_is_timed_out_and_says_why() -> None:
    async with rig(total_s=0.1, per_host=1) as (server, fetcher):
        server.pages["/page"] = hostile.silence
        many = [fetcher.fetch(Request(server.url("/page"))) for _ in range(6)]
        results = await asyncio.gather(*many)
        assert {result.state for result in results} == {"timed_out"}
        assert any("took all places" in result.detail for result in results)


async def test_a_cancelled_fetch_frees_its_place_and_its_connection() -> None:
    async with rig(per_host=1) as (server, fetcher):
        server.pages["/page"] = hostile.silence
        task = asyncio.create_task(fetcher.fetch(Request(server.url("/page"))))
        async with asyncio.timeout(2):
            while not server.seen:
                await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await fetcher.fetch(Request(server.url()))).state == "ok"


async def test_an_unread_body_is_not_taken_for_the_next_answer() -> None:
    async with rig() as (server, fetcher):
        poison = reply(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", 500)
        assert (await fetch(server, fetcher, poison)).state == "http_5xx"
        assert (await fetch(server, fetcher, reply(FEED))).body == FEED


async def test_what_comes_late_on_an_idle_connection_is_not_taken_for_the_next_answer() -> None:
    async with rig() as (server, fetcher):
        late = hostile.says_more(reply(FEED), reply(b"evil"), after_s=0.05)
        assert (await fetch(server, fetcher, late)).body == FEED
        await asyncio.sleep(0.2)
        assert server.open == 0  # a line that speaks out of turn is closed at once
        assert (await fetcher.fetch(Request(server.url("/feed")))).body == FEED


async def test_visits_to_a_public_host_begin_apart_and_those_to_an_own_host_do_not() -> None:
    async with rig(proxied=True, gap_s=0.1, allow_hosts=["own.example"]) as (server, fetcher):
        for host in ("public.example", "own.example"):
            server.pages[f"http://{host}/1"] = hostile.redirect("/2")  # the same visit
            server.pages[f"http://{host}/2"] = reply(FEED)
            request = Request(f"http://{host}/1")
            began = time.monotonic()
            results = await asyncio.gather(*(fetcher.fetch(request) for _ in range(4)))
            took = time.monotonic() - began
            assert {result.state for result in results} == {"ok"}
            assert (took >= 0.3) is (host == "public.example")


async def test_a_good_connection_is_used_again_and_the_fetcher_works_after_close() -> None:
    async with rig() as (server, fetcher):
        await fetcher.fetch(Request(server.url()))
        await fetcher.fetch(Request(server.url()))
        assert server.most_open == 1
        await fetcher.close()
        assert (await fetcher.fetch(Request(server.url()))).state == "ok"


async def test_a_closed_port_is_refused() -> None:
    async with rig() as (server, fetcher):
        port = server.port
    fetcher = HttpFetcher(version="1", allow_hosts=LOOPBACK, tls=BARE)
    result = await fetcher.fetch(Request(f"http://127.0.0.1:{port}/"))
    await fetcher.close()
    assert (result.state, result.detail) == ("refused", "127.0.0.1 refused the connection.")


@pytest.mark.parametrize(
    "address",
    [
        "http://no-such-host.invalid/",
        "http://ไม่มี.invalid/",
        "http://" + "a" * 64 + ".invalid/",
        "http://" + "a." * 130 + "invalid/",
        "http://a..b.invalid/",
        "http://xn--a.invalid/",
        "http://-._.-.invalid/",
        "http://a b.invalid/",
        "http://a%2eb.invalid/",
        "http://[::1/",
        "http://[zz]/",
        "http://host.invalid:99999/",
        "http://host.invalid:0/",
        "http://host.invalid:x/",
        "http:///feed",
        "http://\x00/",
        "http://host.invalid/" + "a" * 9000,
        "ftp://host.invalid/feed",
        "file:///feed",
        "feed",
        "",
    ],
    ids=lambda text: text[:24].encode("ascii", "backslashreplace").decode() or "empty",
)
async def test_an_address_that_leads_nowhere_is_a_state_and_no_exception(address: str) -> None:
    async with rig() as (_, fetcher):
        assert (await fetcher.fetch(Request(address))).state == "cannot_resolve"


async def test_the_environment_sets_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    monkeypatch.delenv("no_proxy", raising=False)
    async with rig() as (server, fetcher):
        assert (await fetcher.fetch(Request(server.url()))).state == "ok"


async def test_a_bug_of_ours_is_not_taken_for_a_fault_of_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise TypeError("a bug")

    async with rig() as (server, fetcher):
        monkeypatch.setattr("monitor.fetch.answer.fetched", broken)
        with pytest.raises(TypeError, match="a bug"):
            await fetcher.fetch(Request(server.url()))


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://x", "http://[", "nonsense"])
async def test_a_wrong_proxy_setting_is_told_at_the_start(proxy: str) -> None:
    with pytest.raises(ConfigError, match="PROXY"):
        HttpFetcher(version="1", proxy=proxy)

"""What the client raises, told as states and words."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl

import aiohttp
import httpx
import pytest
from aiohttp import http_exceptions

from monitor.fetch.causes import fault_of
from monitor.fetch.result import Request
from tests.monitor.fetch.rig import Names, rig


def told(error: BaseException, *, reading: bool = False) -> tuple[str, str]:
    fault = fault_of(error, "feed.example", reading=reading)
    return fault.state, fault.detail


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, "x")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "cannot_resolve", "was not found"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "cannot_resolve", "did not answer"),
        (ConnectionRefusedError(), "refused", "refused the connection"),
        (ConnectionResetError(), "refused", "without an answer"),
        (OSError(errno.EHOSTUNREACH, "x"), "refused", "no route"),
        (OSError(errno.ENETUNREACH, "x"), "refused", "no route"),
        (OSError(errno.EMFILE, "x"), "refused", "(OSError)"),
        (TimeoutError(), "timed_out", "in time"),
        (aiohttp.ConnectionTimeoutError(), "timed_out", "No connection"),
        (aiohttp.ServerDisconnectedError(), "refused", "without an answer"),
        (aiohttp.ClientPayloadError("x"), "truncated", "before its announced end"),
        (http_exceptions.BadHttpMessage("Duplicate Content-Length:\n\n b'<x>'"), "truncated",
         "announces a wrong length: duplicate content-length."),
        (http_exceptions.BadHttpMessage("<script>"), "http_5xx", "it cannot be read"),
        (httpx.InvalidURL("x"), "cannot_resolve", "not a valid web address"),
        (httpx.ProxyError("x"), "refused", "(ProxyError)"),
        (tls("WRONG_VERSION_NUMBER"), "tls", "does not speak TLS"),
        (tls("TLSV1_ALERT_PROTOCOL_VERSION"), "tls", "other versions of TLS"),
        (tls("UNSAFE_LEGACY_RENEGOTIATION_DISABLED"), "tls", "renegotiation"),
        (tls("DH_KEY_TOO_SMALL"), "tls", "key is too weak"),
        (tls("SOMETHING_NEW"), "tls", "something new"),
    ],
)  # fmt: skip
def test_each_cause_has_its_state_and_words(error: BaseException, state: str, words: str) -> None:
    got, detail = told(error)
    assert got == state
    assert words in detail
    assert "<" not in detail


def test_the_cause_counts_and_not_what_it_is_wrapped_in() -> None:
    wrapped = httpx.ConnectTimeout("x")
    wrapped.__cause__ = OSError("y")
    wrapped.__cause__.__cause__ = ConnectionRefusedError()
    assert told(wrapped)[0] == "refused"
    assert told(httpx.ConnectTimeout("alone"))[0] == "refused"


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = OSError("a"), OSError("b")
    first.__cause__, second.__cause__ = second, first
    assert told(first)[0] == "refused"


@pytest.mark.parametrize(
    "error", [ConnectionResetError(), aiohttp.ServerDisconnectedError(), OSError("x")]
)
def test_a_break_while_the_body_is_read_is_a_cut_body(error: BaseException) -> None:
    assert told(error, reading=True)[0] == "truncated"


@pytest.mark.asyncio
async def test_a_name_service_that_never_answers_is_a_time_out_and_holds_up_nobody() -> None:
    class Mute(Names):
        async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[object]:  # type: ignore[override]
            await asyncio.Event().wait()
            return []

    async with rig(total_s=0.3, resolver=Mute([])) as (server, fetcher):
        mute = [fetcher.fetch(Request(f"http://mute{n}.example/")) for n in range(30)]
        *slow, good = await asyncio.gather(*mute, fetcher.fetch(Request(server.url())))
        assert {result.state for result in slow} == {"timed_out"}
        assert good.state == "ok"
        assert good.duration_ms < 250

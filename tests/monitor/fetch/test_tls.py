"""Secure connections: what is wrong with a certificate is told in words."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.feedhealth import (
    EXPIRED,
    NOT_YET_VALID,
    UNTRUSTED,
    WRONG_NAME,
    reason,
    shown_state,
)
from monitor.fetch.result import Request
from storage.records import FeedState
from tests.authority import Signed, authority
from tests.hostile import redirect
from tests.monitor.fetch.rig import Names, rig

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for feed.example, signed by itself, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("the command openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    made = subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "30", "-subj", "/CN=feed.example",
            "-addext", "subjectAltName=DNS:feed.example",
            "-keyout", str(path), "-out", str(path.with_suffix(".crt")),
        ],
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    """What the server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    """A client's side that trusts this certificate."""
    return ssl.create_default_context(cafile=str(certificate))


NAMES = ["feed.example", "other.example"]


async def test_a_trusted_certificate_of_the_right_name_is_accepted(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    names = Names(["127.0.0.1"])
    async with rig(server_tls=server_tls, tls=trusting, resolver=names, allow_hosts=NAMES) as (
        server,
        fetcher,
    ):
        result = await fetcher.fetch(Request(server.url("/feed", "feed.example")))
        assert result.state == "ok"


async def test_a_self_signed_certificate_is_refused(server_tls: ssl.SSLContext) -> None:
    async with rig(server_tls=server_tls) as (server, fetcher):
        result = await fetcher.fetch(Request(server.url("/feed")))
        assert result.state == "tls"
        assert "self-signed certificate" in result.detail or "self signed" in result.detail
        assert server.seen == []


async def test_a_certificate_of_another_name_is_refused(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    names = Names(["127.0.0.1"])
    async with rig(server_tls=server_tls, tls=trusting, resolver=names, allow_hosts=NAMES) as (
        server,
        fetcher,
    ):
        result = await fetcher.fetch(Request(server.url("/feed", "other.example")))
        assert result.state == "tls"
        assert "not valid for 'other.example'" in result.detail


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """Both sides of a connection under an authority of this test's own."""
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize(
    ("days", "host", "known", "told", "finer"),
    [
        ((-90, -1), "feed.example", True, EXPIRED, "tls_expired"),
        ((1, 90), "feed.example", True, NOT_YET_VALID, "tls_expired"),
        ((-1, 90), "other.example", True, WRONG_NAME, "tls_wrong_name"),
        ((-1, 90), "feed.example", False, UNTRUSTED, "tls_untrusted"),
    ],
    ids=["expired", "not-yet-valid", "wrong-name", "unknown-authority"],
)
async def test_what_is_wrong_with_a_certificate_is_told_apart(
    days: tuple[int, int], host: str, known: bool, told: str, finer: str, signed: Signed
) -> None:
    server_tls, trusting = signed(days, host)
    async with rig(
        server_tls=server_tls,
        tls=trusting if known else None,
        resolver=Names(["127.0.0.1"]),
        allow_hosts=NAMES,
    ) as (server, fetcher):
        result = await fetcher.fetch(Request(server.url("/feed", "feed.example")))
        assert result.state == "tls"
        assert told in result.detail
        assert reason(result.state, result.detail) == finer
        assert server.seen == []


async def test_the_end_of_a_certificate_that_holds_is_read_and_told_when_near(
    signed: Signed,
) -> None:
    server_tls, trusting = signed((-80, 10), "feed.example")
    names = Names(["127.0.0.1"])
    async with rig(server_tls=server_tls, tls=trusting, resolver=names, allow_hosts=NAMES) as (
        server,
        fetcher,
    ):
        result = await fetcher.fetch(Request(server.url("/feed", "feed.example")))
    ends, today = result.certificate_ends, datetime.now(UTC)
    assert result.state == "ok"
    assert ends is not None
    assert timedelta(days=9) < ends - today < timedelta(days=11)
    state = FeedState(
        1, "a", "A", "https://feed.example", "news", "A", None, "media", False, False, True,
        state="ok", certificate_ends=ends,
    )  # fmt: skip
    assert shown_state(state, today) == "tls_soon"
    assert shown_state(state, today - timedelta(days=30)) == "ok"


async def test_a_certificate_signed_by_itself_is_not_trusted(server_tls: ssl.SSLContext) -> None:
    async with rig(server_tls=server_tls) as (server, fetcher):
        result = await fetcher.fetch(Request(server.url("/feed")))
        assert reason(result.state, result.detail) == "tls_untrusted"


@pytest.mark.parametrize(
    ("sent", "state"),
    [(b"", "timed_out"), (b"\x16\x03\x03\x00\x50\x02", "timed_out"), (b"\0" * 500, "tls")],
    ids=["silent", "half-a-record", "junk"],
)
async def test_a_handshake_that_leads_nowhere_ends_within_the_time_to_connect(
    sent: bytes, state: str
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        with contextlib.suppress(OSError):
            await reader.read()  # ends when the client has had enough
        writer.transport.abort()
        left.set()

    left = asyncio.Event()
    odd = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with rig(total_s=20.0) as (_, fetcher), odd:
        port = odd.sockets[0].getsockname()[1]
        result = await fetcher.fetch(Request(f"https://127.0.0.1:{port}/feed"))
        assert result.state == state
        assert result.duration_ms < 2_500
        await asyncio.wait_for(left.wait(), 2)


async def test_a_port_without_tls_is_told_as_such() -> None:
    def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    plain = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with rig() as (_, fetcher), plain:
        port = plain.sockets[0].getsockname()[1]
        result = await fetcher.fetch(Request(f"https://127.0.0.1:{port}/feed"))
        assert result.state == "tls"
        assert "does not speak TLS" in result.detail


@pytest.mark.parametrize(
    ("headers", "userinfo", "state"),
    [
        ({"X-Key": "k"}, "", "redirect_refused"),
        ({}, "desk:word@", "redirect_refused"),
        ({"Accept-Language": "th"}, "", "blocked_address"),  # followed, and stopped at the guard
    ],
    ids=["own-header", "password", "nothing-secret"],
)
async def test_a_secret_is_not_taken_from_https_to_http(
    headers: dict[str, str],
    userinfo: str,
    state: str,
    server_tls: ssl.SSLContext,
    trusting: ssl.SSLContext,
) -> None:
    names = Names(["127.0.0.1"])
    async with rig(server_tls=server_tls, tls=trusting, resolver=names, allow_hosts=NAMES) as (
        server,
        fetcher,
    ):
        server.pages["/page"] = redirect(f"http://feed.example:{server.port}/feed")
        address = server.url("/page", f"{userinfo}feed.example")
        result = await fetcher.fetch(Request(address, headers=headers))
        assert result.state == state
        assert len(server.seen) == 1

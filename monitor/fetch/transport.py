"""httpx on aiohttp, with the address check at the socket, no cookies and no environment."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.helpers import EMPTY_BODY_STATUS_CODES
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader
from httpx_aiohttp import AiohttpTransport

from monitor.fetch.causes import WrongLength
from monitor.fetch.sockets import GOES_ON, Guard

MAX_LINE = 16 * 1024  # of the status line and of one header; some sites pass the usual 8 KiB
MAX_HEADERS = 256
MOST_INTERIM = 64  # "103 Early Hints" and the like before one answer
KEEP_ALIVE_S = 10.0
# A look-up cannot be called off, and the system's own limit is far longer than ours: as many as
# hang while every lane gives up on its look-up several times over. They start only when needed.
RESOLVER_THREADS = 96


class _Answers(ResponseHandler):
    """Reads one connection, and is exact about where each body ends.

    A body without a length that ends in a reset is not a whole one, and neither is one that
    goes on after its announced length. The parser would take what goes on for a second answer
    and lose the first with it, so it is given the head alone, then no more than the body.
    What follows an answer without a body, such as 304, belongs to nothing and is dropped.
    """

    _interim = 0
    _headed = False  # the head of the answer is read, interim ones aside
    _left: int | None = None  # bytes of the body to come; None where the head does not tell
    _before = b""  # the last bytes of the head so far

    def __init__(self, loop: asyncio.AbstractEventLoop, ends: dict[str, datetime]) -> None:
        super().__init__(loop=loop)
        self._ends = ends  # of the certificates that sites showed, by host

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As ever; takes down until when the site's certificate is valid."""
        super().connection_made(transport)
        shown = transport.get_extra_info("peercert")
        secure = transport.get_extra_info("ssl_object")
        if shown and "notAfter" in shown and secure is not None and secure.server_hostname:
            ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
            self._ends[secure.server_hostname] = ends

    def set_response_params(self, **settings: Any) -> None:
        """As ever; another answer is to come."""
        self._interim, self._headed, self._left, self._before = 0, False, None, b""
        super().set_response_params(**settings)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """As ever; takes down how long the body will be."""
        message, _ = data
        if message.code < 200:
            self._interim += 1
        else:
            self._headed = True
            length = message.headers.get("Content-Length", "")
            if message.code in EMPTY_BODY_STATUS_CODES:
                self._left = 0
            elif not message.chunked and length.isascii() and length.isdigit():
                self._left = int(length)
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """As ever, up to the end of the answer."""
        while data and not self._headed:
            end = self._end_of_head(data)
            super().data_received(data[:end])
            data = data[end:]
            if self._interim > MOST_INTERIM:
                self._hang_up()
                self._buffer.clear()
                self.set_exception(OSError(errno.EMSGSIZE, GOES_ON))
            if self.exception() is not None:
                return
        if self._left is not None and len(data) > self._left:
            self._goes_on()
        elif data:
            if self._left is not None:
                self._left -= len(data)
            super().data_received(data)
        # the parser tells of a fault in the body only to who still waits for the head
        fault, body = self.exception(), self._payload
        if fault is not None and body is not None and not body.is_eof():
            body.set_exception(fault)

    def _end_of_head(self, data: bytes) -> int:
        """How much of `data` still belongs to this head; all of it when it has no end in it."""
        joined = self._before + data
        crlf, bare = joined.find(b"\n\r\n"), joined.find(b"\n\n")
        ends = [at + size for at, size in ((crlf, 3), (bare, 2)) if at >= 0]
        end = min(ends) - len(self._before) if ends else len(data)
        self._before = b"" if ends else joined[-2:]
        return end

    def _goes_on(self) -> None:
        """More came than the answer holds: drop it, and do not believe a body that is cut by it."""
        fault = WrongLength("the body goes on after its announced end")
        if self._left and self._payload is not None:
            self._payload.set_exception(fault)
        elif self._buffer and self._buffer[-1][0][0].code == 200:  # "Content-Length: 0"
            self._buffer.clear()
            self.set_exception(fault)
        self._hang_up()

    def _hang_up(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """As ever, but a reset is not taken for the end of the body."""
        body = self._payload
        if exc is not None and body is not None and not body.is_eof():
            body.set_exception(aiohttp.ClientPayloadError("reset"), exc)
        super().connection_lost(exc)


class _Connector(aiohttp.TCPConnector):
    """Never uses a connection again on which something came that nobody had asked for.

    It would be taken for the answer to the next request, which may be about another feed.
    """

    def __init__(self, *, ends: dict[str, datetime], **settings: Any) -> None:
        super().__init__(**settings)
        reader: Any = _Answers
        self._factory = partial(reader, loop=self._loop, ends=ends)

    async def _get(self, key: Any, traces: Any) -> Connection | None:
        while (taken := await super()._get(key, traces)) is not None:
            protocol = taken.protocol
            if protocol is not None and not protocol.should_close:
                return taken
            taken.close()
        return None


class ThreadResolver(AbstractResolver):
    """Asks the system's name service in threads of its own, not in those the program shares."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`; raises OSError when it has none."""
        loop = asyncio.get_running_loop()
        infos = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=_shown(place),
                port=port,
                family=found,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for found, _, proto, _, place in infos
        ]

    async def close(self) -> None:
        """Let the threads end; a look-up that hangs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def make_transport(
    *,
    resolver: AbstractResolver,
    tls: ssl.SSLContext,
    proxy: httpx.Proxy | None,
    guard: Guard,
    ends: dict[str, datetime],
) -> AiohttpTransport:
    """A transport with its own pool of connections; call in the loop that will use it.

    With a proxy, only the proxy is connected to, and `guard` has to let that pass. `ends` is
    filled with the ends of the sites' certificates, by host.
    """

    def session() -> aiohttp.ClientSession:
        connector = _Connector(
            ssl=tls,
            resolver=resolver,
            limit=0,  # the caller bounds how many fetches run; waiting here would use up their time
            keepalive_timeout=KEEP_ALIVE_S,
            socket_factory=guard.socket_for,
            ends=ends,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            max_line_size=MAX_LINE,
            max_field_size=MAX_LINE,
            max_headers=MAX_HEADERS,
        )

    return AiohttpTransport(verify=tls, trust_env=False, proxy=proxy, client=session)


def tls_context() -> ssl.SSLContext:
    """Trusts the system's authorities and those of the public list that comes with the client."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _look_up(host: str, port: int, family: int) -> list[tuple[Any, ...]]:
    try:
        return list(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
    except UnicodeError as fault:  # a name that is too long or has empty parts
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from fault


def _shown(place: tuple[Any, ...]) -> str:
    """The address with its zone, if any, so that the guard sees it."""
    host = str(place[0])
    scoped = len(place) == 4 and place[3] and "%" not in host
    return f"{host}%{place[3]}" if scoped else host

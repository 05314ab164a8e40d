"""httpx on aiohttp, with the address check at the socket, no cookies and no environment."""

from __future__ import annotations

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport

from monitor.fetch.sockets import Guard

MAX_LINE = 16 * 1024  # of the status line and of one header; some sites pass the usual 8 KiB
MAX_HEADERS = 256
KEEP_ALIVE_S = 10.0
# A look-up cannot be called off, and the system's own limit is far longer than ours: as many as
# hang while every lane gives up on its look-up several times over. They start only when needed.
RESOLVER_THREADS = 96


class _Answers(ResponseHandler):
    """Reads one connection; a body without a length that ends in a reset is not a whole one."""

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

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        reader: type[ResponseHandler] = _Answers
        self._factory = partial(reader, loop=self._loop)

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
) -> AiohttpTransport:
    """A transport with its own pool of connections; call in the loop that will use it.

    With a proxy, only the proxy is connected to, and `guard` has to let that pass.
    """

    def session() -> aiohttp.ClientSession:
        connector = _Connector(
            ssl=tls,
            resolver=resolver,
            limit=0,  # the caller bounds how many fetches run; waiting here would use up their time
            keepalive_timeout=KEEP_ALIVE_S,
            socket_factory=guard.socket_for,
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

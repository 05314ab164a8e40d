"""Fetches one feed: every phase within one deadline, every hop checked, every end a named state."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import httpx
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport

from monitor.clock import Clock, SystemClock
from monitor.errors import ConfigError
from monitor.fetch import answer, challenge, route
from monitor.fetch.addresses import NO_PERMIT, AllowList, Permit, literal, why_closed
from monitor.fetch.causes import NETWORK_ERRORS, fault_of
from monitor.fetch.decode import Body
from monitor.fetch.faults import Fault
from monitor.fetch.fields import Fields
from monitor.fetch.result import Fetched, Request
from monitor.fetch.route import Hop, Secrets
from monitor.fetch.slots import Slots
from monitor.fetch.sockets import ATTEMPT, Attempt, Guard
from monitor.fetch.transport import ThreadResolver, make_transport, tls_context

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/cap+xml, application/geo+json, "
    "application/feed+json, application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, "
    "*/*;q=0.5"
)
WAIT_TIMES = 3  # deadlines that a feed may wait for a free place at its host
GAP_S = 0.5  # between two visits to one public host
MIB = 2**20
NO_BODY = httpx.ByteStream(b"")


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str | None


@dataclass(slots=True)
class _Progress:
    """How far a fetch has come: when it began, and whether the headers of a hop are read."""

    began: float
    reading: bool = False

    @property
    def ms(self) -> int:
        return round((time.monotonic() - self.began) * 1000)


class HttpFetcher:
    """The Fetcher of the real network; used in one event loop.

    allow_hosts: hosts, addresses and networks that feeds may reach although they are not public;
        for the origin in the feed list only, never through a redirect to elsewhere.
    proxy: address of an http(s) proxy that all requests go through; it then has to check the
        addresses of names. The environment's proxy settings are not read.
    contact: an address or page shown to publishers in the user agent.
    total_s, connect_s: limits of one fetch, redirects included, and of one connect.
    max_body: bytes, raw and decoded. per_host: fetches at one host at a time, which begin `gap_s`
        apart; hosts of `allow_hosts` are the ministry's own and need no pause.

    Raises ConfigError for a wrong `allow_hosts` or `proxy`.
    """

    def __init__(
        self,
        *,
        version: str,
        allow_hosts: Sequence[str] = (),
        proxy: str | None = None,
        contact: str | None = None,
        total_s: float = 30.0,
        connect_s: float = 5.0,
        max_body: int = 16 * MIB,
        per_host: int = 2,
        gap_s: float = GAP_S,
        clock: Clock | None = None,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow = AllowList.of(allow_hosts)
        self._proxy = _proxy(proxy)
        self._agent = user_agent(version, contact)
        self._total_s = total_s
        self._max_body = max_body
        self._common = self._own({}, None)
        self._slots = Slots(per_host)
        self._gap_s = gap_s
        self._limits = {"timeout": {"connect": connect_s, "pool": 2 * connect_s}}
        self._clock = clock or SystemClock()
        self._guard = Guard(_allowance(max_body), behind_proxy=proxy is not None)
        self._resolver = resolver
        self._tls = tls
        # Two pools: a connection to a closed address that one feed may use is never taken up by
        # the redirect of another.
        self._pools: dict[bool, AiohttpTransport] = {}
        self._certificate_ends: dict[str, datetime] = {}  # by host, from the newest connection

    async def fetch(self, request: Request) -> Fetched:
        """How the fetch ended; never raises for anything that the network does."""
        progress = _Progress(time.monotonic())
        try:
            return await self._travel(request, progress)
        except Fault as fault:
            return Fetched(
                state=fault.state,
                detail=fault.detail,
                status=fault.status,
                retry_after=fault.retry_after,
                duration_ms=progress.ms,
            )

    async def close(self) -> None:
        """Close every connection; the fetcher can be used again after."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.aclose()
        if isinstance(self._resolver, ThreadResolver):
            await self._resolver.close()
            self._resolver = None

    @property
    def busy_hosts(self) -> int:
        """How many hosts are being talked to or waited for."""
        return len(self._slots)

    async def _travel(self, request: Request, progress: _Progress) -> Fetched:
        hop, secrets = route.start(request)
        left_s, patience_s = self._total_s, self._total_s * WAIT_TIMES
        queued = progress.began
        while True:
            permit = self._allow.permit(hop.host, hop.port) if hop.home else NO_PERMIT
            gap_s = 0.0 if permit or hop.count else self._gap_s  # redirects are the same visit
            async with self._slots.at(
                hop.host, wait_s=patience_s, gap_s=gap_s, priority=request.priority
            ):
                began = time.monotonic()
                patience_s -= began - queued
                headers = self._headers(request, hop, secrets)
                result = await self._hop(hop, headers, permit, left_s, progress)
                queued = time.monotonic()
                left_s -= queued - began
            if isinstance(result, Fetched):
                return result
            hop = route.follow(hop, result.status, result.location, credentials=secrets.credentials)

    async def _hop(
        self, hop: Hop, headers: httpx.Headers, permit: Permit, left_s: float, progress: _Progress
    ) -> Fetched | _Redirect:
        """One request and its answer, in what is left of the deadline."""
        attempt = Attempt(permit)
        progress.reading = False
        if self._proxy is not None:
            _check_literal(hop.host, attempt)
        token = ATTEMPT.set(attempt)
        try:
            async with asyncio.timeout(left_s) as deadline:
                return await self._exchange(hop, headers, bool(permit), progress)
        except NETWORK_ERRORS as error:
            if deadline.expired():
                phase = "the body went on" if progress.reading else "no answer"
                words = f"{hop.host}: {phase} after {self._total_s:g} s."
                raise Fault("timed_out", words) from error
            if attempt.refused:
                raise _blocked(hop, attempt.refused) from error
            raise fault_of(
                error, hop.host, reading=progress.reading, redirected=hop.count > 0
            ) from error
        finally:
            ATTEMPT.reset(token)

    async def _exchange(
        self, hop: Hop, headers: httpx.Headers, permitted: bool, progress: _Progress
    ) -> Fetched | _Redirect:
        # With a stream given, httpx neither looks for a body to encode nor copies the headers.
        outgoing = httpx.Request(
            "GET", hop.url, headers=headers, stream=NO_BODY, extensions=self._limits
        )
        outgoing.read()
        response = await self._pool(permitted).handle_async_request(outgoing)
        try:
            progress.reading = True
            return await self._read(response, hop, progress, conditional=_conditional(headers))
        finally:
            # closes the connection too, unless the body was read to its end
            await response.aclose()

    async def _read(
        self, response: httpx.Response, hop: Hop, progress: _Progress, *, conditional: bool
    ) -> Fetched | _Redirect:
        fields = Fields(response.headers.raw)
        status = response.status_code
        fault = answer.refusal(status, fields, self._clock.now(), conditional=conditional)
        if challenge.by_headers(fields) or (
            fault is not None
            and status in challenge.STATUSES
            and challenge.may_be_page(fields)
            and challenge.by_page(await _peek(response, fields))
        ):
            raise _challenged(status, fault)
        if fault is not None:
            raise fault
        if status in answer.REDIRECTS:
            return _Redirect(status, fields.target())
        body = None
        if status != 304:
            answer.check_body(fields, self._max_body)
            body = await _whole(response, fields, self._max_body)
        moved = hop.text if hop.count and hop.permanent else None
        return answer.fetched(
            status, fields, body, url=hop.text, moved_to=moved, duration_ms=progress.ms,
            certificate_ends=self._certificate_ends.get(hop.host),
        )  # fmt: skip

    def _headers(self, request: Request, hop: Hop, secrets: Secrets) -> httpx.Headers:
        own = secrets.headers if hop.home else {}
        agent = request.user_agent if route.one_line(request.user_agent or "") else None
        headers = self._common.copy() if not own and not agent else self._own(own, agent)
        if answer.sendable(request.etag):
            headers["If-None-Match"] = request.etag or ""
        if answer.sendable(request.last_modified):
            headers["If-Modified-Since"] = request.last_modified or ""
        return headers

    def _own(self, own: Mapping[str, str], agent: str | None) -> httpx.Headers:
        headers = {"Accept": ACCEPT, "User-Agent": agent or self._agent}
        taken = {name.lower() for name in own}
        headers = {name: text for name, text in headers.items() if name.lower() not in taken}
        headers |= own
        headers["Accept-Encoding"] = "gzip, deflate"
        return httpx.Headers([(name.encode(), text.encode()) for name, text in headers.items()])

    def _pool(self, permitted: bool) -> AiohttpTransport:
        if permitted not in self._pools:
            self._resolver = self._resolver or ThreadResolver()
            self._tls = self._tls or tls_context()
            self._pools[permitted] = make_transport(
                resolver=self._resolver, tls=self._tls, proxy=self._proxy, guard=self._guard,
                ends=self._certificate_ends,
            )  # fmt: skip
        return self._pools[permitted]


def user_agent(version: str, contact: str | None) -> str:
    """`crisis-monitor/1.0 (+https://ministry.example/monitor)`."""
    name = f"crisis-monitor/{version}"
    plain = "".join(each for each in contact or "" if each.isascii() and each.isprintable())
    return f"{name} (+{plain})" if plain else name


async def _whole(response: httpx.Response, fields: Fields, limit: int) -> bytes:
    """The body, decoded by us; raises Fault when it is too large or not what it says."""
    body = Body(fields.get(b"content-encoding") or "", limit)
    # the body as it comes from the network, still compressed
    stream = cast(httpx.AsyncByteStream, response.stream)
    async with aclosing(cast(AsyncGenerator[bytes, None], aiter(stream))) as pieces:
        async for piece in pieces:
            body.add(piece)
    return body.finish()


async def _peek(response: httpx.Response, fields: Fields) -> bytes:
    """The first bytes of a refusal's page, as far as they come at once and can be read."""
    head = b""
    try:
        async with asyncio.timeout(challenge.PEEK_S):
            body = Body(fields.get(b"content-encoding") or "", MIB)
            stream = cast(httpx.AsyncByteStream, response.stream)
            async with aclosing(cast(AsyncGenerator[bytes, None], aiter(stream))) as pieces:
                async for piece in pieces:
                    body.add(piece)
                    head = body.head
                    if len(head) >= challenge.PEEK:
                        break
    except (Fault, TimeoutError, *NETWORK_ERRORS):
        pass  # what came is looked at; the refusal stands either way
    return head


def _challenged(status: int, fault: Fault | None) -> Fault:
    words = f"{answer.status_words(status)}: a firewall checks for robots."
    wait = fault.retry_after if fault is not None else None
    return Fault("challenge_page", words, status=status, retry_after=wait)


def _allowance(max_body: int) -> int:
    """Bytes of one answer as they come over the line: headers, chunk marks and TLS included."""
    return max_body + max_body // 4 + MIB


def _conditional(headers: httpx.Headers) -> bool:
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def _proxy(address: str | None) -> httpx.Proxy | None:
    if address is None:
        return None
    try:
        if route.parsed(address) is not None:
            return httpx.Proxy(address)
    except Fault:
        pass
    raise ConfigError("PROXY: write the address of an http or https proxy, with its port")


def _check_literal(host: str, attempt: Attempt) -> None:
    """Refuse what can be seen to be closed without asking a name service, for use with a proxy."""
    address = literal(host)
    name = host.rstrip(".")
    if address is None and (name == "localhost" or name.endswith(".localhost")):
        address = literal("127.0.0.1")
    if address is None or attempt.permit.entry_for(address) is not None:
        return
    why = why_closed(address)
    if why is not None:
        raise Fault("blocked_address", f"{host} is not a public address: {why}.")


def _blocked(hop: Hop, refused: Sequence[str]) -> Fault:
    way = "A redirect led to" if hop.count else "The address leads to"
    shown = ", ".join(dict.fromkeys(refused))
    return Fault("blocked_address", f"{way} {hop.host}, which is not public: {shown[:200]}.")

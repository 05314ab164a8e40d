"""A web server on loopback that answers as badly as it is told to, written on bare streams."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Tides</title></channel></rss>'


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that arrived; header names are in lower case."""

    path: str
    headers: dict[str, str]


Page = Callable[[asyncio.StreamWriter, Seen], Coroutine[None, None, None]]


@dataclass(slots=True)
class Server:
    """The running server: put pages in, look at what was asked."""

    port: int = 0
    scheme: str = "http"
    pages: dict[str, Page | bytes] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    open: int = 0  # connections at this moment
    most_open: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        """The address of a page."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    async def emptied(self) -> None:
        """Wait until no connection is open; fails after two seconds."""
        async with asyncio.timeout(2):
            await self.idle.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.idle.clear()
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client is done, or the test is
        finally:
            writer.transport.abort()
            self.open -= 1
            if not self.open:
                self.idle.set()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        pairs = [line.partition(":") for line in lines]
        seen = Seen(first.split(" ")[1], {name.lower(): text.strip() for name, _, text in pairs})
        self.seen.append(seen)
        page = self.pages.get(seen.path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        if isinstance(page, bytes):
            writer.write(page)
            await writer.drain()
            return True
        answering = asyncio.ensure_future(page(writer, seen))
        leaving = asyncio.ensure_future(reader.read(1))  # ends when the client hangs up
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (answering, leaving):
                task.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)
        await writer.drain()
        writer.close()  # after all of it has gone out
        await writer.wait_closed()
        return False


@contextlib.asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Run a server on a free port; it offers a healthy `/feed`."""
    server = Server(scheme="https" if tls else "http", pages={"/feed": reply(FEED)})
    server.idle.set()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(server._serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    running = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls, limit=2**18)
    server.port = running.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        running.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await running.wait_closed()


def head(status: int, headers: Sequence[str] = ()) -> bytes:
    """A status line and headers, up to the empty line."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def reply(body: bytes = b"", status: int = 200, headers: Sequence[str] = ()) -> bytes:
    """A whole and correct answer."""
    length = [] if status in (204, 304) else [f"Content-Length: {len(body)}"]
    return head(status, [*headers, *length]) + body


def redirect(target: str, status: int = 302) -> bytes:
    """A redirect."""
    return reply(b"", status, [f"Location: {target}"])


def sends(*pieces: bytes) -> Page:
    """A page that sends these bytes as they are and hangs up."""

    async def page(writer: asyncio.StreamWriter, seen: Seen) -> None:
        for piece in pieces:
            writer.write(piece)

    return page


def forever(start: bytes, piece: bytes, *, pause_s: float = 0.0) -> Page:
    """A page that goes on with `piece` until the client has had enough."""

    async def page(writer: asyncio.StreamWriter, seen: Seen) -> None:
        writer.write(start)
        while not writer.transport.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return page


def resets(*pieces: bytes) -> Page:
    """A page that sends these bytes and tears the connection down instead of ending it."""

    async def page(writer: asyncio.StreamWriter, seen: Seen) -> None:
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.05)  # let it be read: a reset drops what is on the way
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return page


def says_more(answer: bytes, more: bytes, *, after_s: float) -> Page:
    """A page that answers, keeps the line and later says something nobody has asked for."""

    async def page(writer: asyncio.StreamWriter, seen: Seen) -> None:
        writer.write(answer)
        await writer.drain()
        await asyncio.sleep(after_s)
        writer.write(more)
        await asyncio.Event().wait()

    return page


async def silence(writer: asyncio.StreamWriter, seen: Seen) -> None:
    """A page that says nothing and holds the line."""
    await asyncio.Event().wait()


def bomb(mib: int) -> bytes:
    """A gzip stream of `mib` MiB of zeros, a thousandth as large; without its end mark."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    first = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (mib - 1)

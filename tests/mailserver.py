"""A real mail server on loopback, in a thread of its own, that keeps what it takes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as the server took it: the envelope's recipients, the message, and when."""

    recipients: tuple[str, ...]
    message: EmailMessage
    at_s: float = field(default_factory=time.time)  # since 1970

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])

    def body(self, kind: str) -> str:
        """The `plain` or the `html` body."""
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


@dataclass(slots=True)
class MailServer:
    """The running server. `refuses` is its answer to every message while it is set."""

    port: int = 0
    taken: list[Mail] = field(default_factory=list)
    refuses: str = ""

    @property
    def url(self) -> str:
        """For MONITOR_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message (called by aiosmtpd)."""
        if self.refuses:
            return self.refuses
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(Mail(tuple(envelope.rcpt_tos), message))
        return "250 taken"


@contextmanager
def mailserver() -> Iterator[MailServer]:
    """Run a server on a free port of this machine."""
    inbox = MailServer()
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()

    async def serve() -> None:
        server = await loop.create_server(lambda: SMTP(inbox), "127.0.0.1", 0)
        inbox.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await done.wait()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def run() -> None:
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    try:
        yield inbox
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()

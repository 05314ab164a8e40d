"""A mail server on loopback that fails, as its schedule says, in every way that they fail."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

# One of these befalls each transaction, or the connection where it begins.
FAULTS = (
    "hang up at once", "421 at MAIL", "451 once", "452 after the dot", "554 once",
    "drop in DATA", "lost answer", "slow", "mute",
)  # fmt: skip
SLOW_S, MUTE_S = 0.2, 30.0


@dataclass(slots=True)
class FaultyServer:
    """What it does next (`schedule`), what it took, and which answers were lost on the way.

    `refused` are addresses that it answers with 550, always.
    """

    schedule: Iterator[str]
    refused: frozenset[str] = frozenset()
    port: int = 0
    taken: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)
    unanswered: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    logins: Counter[bytes] = field(default_factory=Counter)

    def next_fault(self) -> str:
        """What befalls the next transaction; "" for nothing."""
        fault = next(self.schedule, "")
        self.met[fault] += 1
        return fault

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a transaction (called by aiosmtpd)."""
        fault = server.fault = self.next_fault()  # type: ignore[attr-defined]
        if fault == "hang up at once":
            server.transport.abort()
            return "250 never heard"
        if fault == "421 at MAIL":
            return "421 4.3.2 closing for a moment"
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient (called by aiosmtpd)."""
        if address in self.refused:
            return "550 5.1.1 no such box"
        if server.fault == "451 once":  # type: ignore[attr-defined]
            return "451 4.7.1 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message (called by aiosmtpd)."""
        fault: str = server.fault  # type: ignore[attr-defined]
        if fault == "452 after the dot":
            return "452 4.3.1 disk full"
        if fault == "554 once":
            return "554 5.6.0 not today"
        if fault == "slow":
            await asyncio.sleep(SLOW_S)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append((tuple(envelope.rcpt_tos), message))
        if fault in ("lost answer", "mute"):
            self.unanswered[str(message["Message-ID"])] += 1
            if fault == "mute":
                await asyncio.sleep(MUTE_S)
            server.transport.abort()
        return "250 2.0.0 taken"

    def login(
        self, server: object, session: object, envelope: object, mechanism: str, data: object
    ) -> AuthResult:
        """Let everybody in, and count (called by aiosmtpd)."""
        self.logins[data.login] += 1  # type: ignore[attr-defined]
        return AuthResult(success=True)


class _Smtp(SMTP):
    fault = ""

    async def smtp_DATA(self, arg: str) -> None:
        if self.fault == "drop in DATA":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


@asynccontextmanager
async def faulty(server: FaultyServer, tls: ssl.SSLContext | None = None) -> AsyncIterator[None]:
    """Run it; with `tls` it asks for STARTTLS and a login first."""
    talks: list[_Smtp] = []

    def talk() -> _Smtp:
        if tls is None:
            talks.append(_Smtp(server))
        else:
            talks.append(
                _Smtp(
                    server,
                    tls_context=tls,
                    require_starttls=True,
                    auth_required=True,
                    authenticator=server.login,
                )
            )
        return talks[-1]

    listening = await asyncio.get_running_loop().create_server(talk, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        listening.close()
        for each in talks:
            if each.transport is not None:
                each.transport.abort()
            if each._handler_coroutine is not None:
                each._handler_coroutine.cancel()
        await listening.wait_closed()

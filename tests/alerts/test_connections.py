"""A connection serves many messages, and one that died in the meantime costs no try."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts import connections
from alerts.errors import DeliveryError
from alerts.smtp import MailRoadClosed, SmtpMailer

pytestmark = pytest.mark.asyncio

SENDER, TO = "alerts@ministry.example", "duty@ministry.example"
MIME = b"Subject: one\r\n\r\ntext\r\n"


class Desk:
    """A mail server that counts connections and messages and can hang up."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.open: list[SMTP] = []
        self.refuses = self.closes_at_mail = ""
        self.port = 0

    def connected(self) -> SMTP:
        self.open.append(SMTP(self))
        return self.open[-1]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.closes_at_mail:
            said, self.closes_at_mail = self.closes_at_mail, ""
            return said
        envelope.mail_from = address
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            said, self.refuses = self.refuses, ""
            return said
        self.taken += envelope.rcpt_tos
        return "250 taken"

    def hang_up(self) -> None:
        """Close what is open, as a server does that waited too long."""
        for each in self.open:
            if each.transport is not None:
                each.transport.close()


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[Desk, SmtpMailer]]:
    opened = Desk()
    server = await asyncio.get_running_loop().create_server(opened.connected, "127.0.0.1", 0)
    opened.port = server.sockets[0].getsockname()[1]
    mailer = SmtpMailer(f"smtp://127.0.0.1:{opened.port}?tls=none", sender=SENDER, deadline_s=5)
    try:
        yield opened, mailer
    finally:
        await mailer.close()
        server.close()
        await server.wait_closed()


async def soon(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0)


async def test_messages_one_after_the_other_share_a_connection() -> None:
    async with desk() as (server, mailer):
        for _ in range(5):
            await mailer.send(MIME, TO)
        assert server.taken == [TO] * 5
        assert len(server.open) == 1


async def test_messages_at_the_same_time_have_a_connection_each() -> None:
    async with desk() as (server, mailer):
        await asyncio.gather(*(mailer.send(MIME, TO) for _ in range(3)))
        await asyncio.gather(*(mailer.send(MIME, TO) for _ in range(3)))
        assert server.taken == [TO] * 6
        assert len(server.open) == 3


async def test_a_server_that_hung_up_in_between_costs_no_try() -> None:
    async with desk() as (server, mailer):
        await mailer.send(MIME, TO)
        server.hang_up()
        await mailer.send(MIME, TO)
        assert server.taken == [TO, TO]
        assert len(server.open) == 2


async def test_a_server_that_wants_no_more_on_this_connection_gets_another() -> None:
    async with desk() as (server, mailer):
        await mailer.send(MIME, TO)
        server.closes_at_mail = "421 enough messages on this connection"
        await mailer.send(MIME, TO)
        assert server.taken == [TO, TO]
        assert len(server.open) == 2


async def test_a_server_that_closes_at_once_closes_the_road() -> None:
    async with desk() as (server, mailer):
        server.closes_at_mail = "421 closing"
        with pytest.raises(MailRoadClosed):
            await mailer.send(MIME, TO)


async def test_a_refusal_on_a_kept_connection_is_a_refusal() -> None:
    async with desk() as (server, mailer):
        await mailer.send(MIME, TO)
        server.refuses = "451 try later"
        with pytest.raises(DeliveryError) as caught:
            await mailer.send(MIME, TO)
        assert "451" in caught.value.response
        assert server.taken == [TO]
        await mailer.send(MIME, TO)
        assert server.taken == [TO, TO]


async def test_an_idle_connection_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT_S", 0.01)
    async with desk() as (server, mailer):
        await mailer.send(MIME, TO)
        (talk,) = server.open
        await soon(lambda: talk.transport is None or talk.transport.is_closing())
        await mailer.send(MIME, TO)
        assert len(server.open) == 2


async def test_after_many_messages_comes_another_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MOST_MESSAGES", 2)
    async with desk() as (server, mailer):
        for _ in range(5):
            await mailer.send(MIME, TO)
        assert server.taken == [TO] * 5
        assert len(server.open) == 3

"""Handing over to a real mail server on the loopback interface, and to files."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from alerts.errors import DeliveryError
from alerts.message import Message, to_mime
from alerts.smtp import FileMailer, MailRoadClosed, SmtpMailer, SmtpServer, file_name

pytestmark = pytest.mark.asyncio

SENDER = "Crisis Monitor <alerts@ministry.example>"
TO = "duty@ministry.example"
MIME = to_mime(
    Message(
        "[วิกฤต] น้ำท่วม",
        "ก\n.\nข\n",
        "<p>ก</p>",
        {"X-Crisis-Level": "FLASH", "X-Crisis-Incident": "2025-0412", "X-Crisis-Notice": "1"},
    ),
    sender=SENDER,
    recipient=TO,
    message_id="<2025-0412.n1.r0123456789ab@ministry.example>",
    now=datetime(2025, 3, 28, 6, 20, 31, tzinfo=UTC),
)


class Inbox:
    """A handler that answers as it is told to, and keeps what it took."""

    def __init__(self, *, mail: str = "", rcpt: str = "", data: str = "") -> None:
        self.taken: list[Envelope] = []
        self._mail, self._rcpt, self._data = mail, rcpt, data

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._mail:
            return self._mail
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._rcpt:
            return self._rcpt
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._data:
            return self._data
        self.taken.append(envelope)
        return "250 queued as 7"


@asynccontextmanager
async def listening(factory: Callable[[], asyncio.BaseProtocol]) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def talking(
    script: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


class Once(SmtpMailer):
    """Takes leave of the server after every message."""

    async def send(self, mime: bytes, recipient: str) -> str:
        try:
            return await super().send(mime, recipient)
        finally:
            await self.close()


def mailer(
    port: int, *, options: str = "?tls=none", user: str = "", deadline_s: float = 5
) -> SmtpMailer:
    return Once(f"smtp://{user}127.0.0.1:{port}{options}", sender=SENDER, deadline_s=deadline_s)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for `localhost` that nobody trusts by himself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate can be made")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return cert, key


def server_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


async def test_a_message_arrives_as_it_was_made() -> None:
    inbox = Inbox()
    async with listening(lambda: SMTP(inbox)) as port:
        answer = await mailer(port).send(MIME, f"Duty <{TO}>")
    assert "queued as 7" in answer
    (envelope,) = inbox.taken
    assert envelope.mail_from == "alerts@ministry.example"
    assert envelope.rcpt_tos == [TO]
    assert envelope.content is not None
    assert bytes(envelope.content).rstrip() == MIME.rstrip()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "answer", "permanent", "closed"),
    [
        ("rcpt", "550 no such box", True, False),
        ("rcpt", "451 try later", False, False),
        ("rcpt", "421 closing", False, True),
        ("data", "554 looks like spam", True, False),
        ("data", "452 disk full", False, False),
        ("mail", "550 this sender may not", False, True),
        ("mail", "552 too large", True, False),
        ("mail", "451 greylisted", False, True),
    ],
)
async def test_a_refusal_says_whether_trying_again_can_help(
    step: str, answer: str, permanent: bool, closed: bool
) -> None:
    inbox = Inbox(**{step: answer})
    async with listening(lambda: SMTP(inbox)) as port:
        with pytest.raises(DeliveryError) as caught:
            await mailer(port).send(MIME, TO)
    assert caught.value.permanent is permanent
    assert isinstance(caught.value, MailRoadClosed) is closed
    assert answer in caught.value.response
    assert inbox.taken == []


async def test_nobody_listening_closes_the_road() -> None:
    async with listening(lambda: SMTP(Inbox())) as port:
        pass
    with pytest.raises(MailRoadClosed) as caught:
        await mailer(port).send(MIME, TO)
    assert not caught.value.permanent
    assert f"127.0.0.1:{port}" in caught.value.response


async def test_required_starttls_that_the_server_lacks_sends_nothing_in_clear() -> None:
    inbox = Inbox()
    async with listening(lambda: SMTP(inbox)) as port:
        for options in ("", "?tls=required"):
            with pytest.raises(MailRoadClosed) as caught:
                await mailer(port, options=options, user="desk:geheim@").send(MIME, TO)
            assert "STARTTLS" in caught.value.response
            assert not caught.value.permanent
    assert inbox.taken == []


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: tuple[Path, Path],
) -> None:
    inbox = Inbox()
    context = server_tls(certificate)
    async with listening(lambda: SMTP(inbox, tls_context=context)) as port:
        with pytest.raises(MailRoadClosed) as caught:
            await Once(f"smtp://localhost:{port}", sender=SENDER).send(MIME, TO)
    assert "certificate" in caught.value.response.lower()
    assert inbox.taken == []


async def test_starttls_with_a_trusted_certificate_delivers(certificate: tuple[Path, Path]) -> None:
    inbox = Inbox()
    context = server_tls(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    factory = lambda: SMTP(inbox, tls_context=context, require_starttls=True)  # noqa: E731
    async with listening(factory) as port:
        url = f"smtp://localhost:{port}?tls=required"
        await Once(url, sender=SENDER, tls_context=trusting).send(MIME, TO)
    assert len(inbox.taken) == 1


async def test_a_trusted_certificate_of_another_host_is_refused(
    certificate: tuple[Path, Path],
) -> None:
    inbox = Inbox()
    context = server_tls(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    async with listening(lambda: SMTP(inbox, tls_context=context)) as port:
        with pytest.raises(MailRoadClosed):
            await SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER, tls_context=trusting).send(
                MIME, TO
            )
    assert inbox.taken == []


async def test_a_wrong_password_closes_the_road_and_is_not_shown() -> None:
    inbox = Inbox()

    def deny(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False, message="535 geheim/wort is wrong")

    factory = lambda: SMTP(inbox, authenticator=deny, auth_require_tls=False)  # noqa: E731
    async with listening(factory) as port:
        with pytest.raises(MailRoadClosed) as caught:
            await mailer(port, user="desk:geheim%2Fwort@").send(MIME, TO)
    assert not caught.value.permanent
    assert "geheim" not in caught.value.response
    assert "535" in caught.value.response or "***" in caught.value.response
    assert inbox.taken == []


async def test_a_right_password_is_percent_decoded() -> None:
    inbox = Inbox()
    seen: list[tuple[bytes, bytes]] = []

    def allow(
        server: object, session: object, envelope: object, mechanism: str, data: object
    ) -> AuthResult:
        seen.append((data.login, data.password))  # type: ignore[attr-defined]
        return AuthResult(success=True)

    factory = lambda: SMTP(inbox, authenticator=allow, auth_require_tls=False)  # noqa: E731
    async with listening(factory) as port:
        await mailer(port, user="desk%40x:ge%2Fheim@").send(MIME, TO)
    assert seen == [(b"desk@x", b"ge/heim")]
    assert len(inbox.taken) == 1


async def test_a_mute_server_is_left_after_the_deadline() -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with talking(silence) as port:
        with pytest.raises(DeliveryError) as caught:
            await mailer(port, deadline_s=0.2).send(MIME, TO)
    assert not caught.value.permanent


async def test_a_server_that_drips_is_left_after_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"220-wait\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with talking(drip) as port:
        async with asyncio.timeout(5):
            with pytest.raises(DeliveryError) as caught:
                await mailer(port, deadline_s=0.3).send(MIME, TO)
    assert not caught.value.permanent


async def converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, after_dot: bytes | None
) -> None:
    """A server that is fine until the message is there, then says `after_dot` and hangs up."""
    writer.write(b"220 hello\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        if command == b"DATA":
            if after_dot is None:
                return
            writer.write(b"354 go on\r\n")
            while await reader.readline() != b".\r\n":
                pass
            writer.write(after_dot)
            await writer.drain()
            return
        writer.write(b"250 ok\r\n")


@pytest.mark.parametrize("after_dot", [None, b""], ids=["before the message", "answer lost"])
async def test_a_connection_lost_in_the_middle_counts_as_try_again(after_dot: bytes | None) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await converse(reader, writer, after_dot=after_dot)

    async with talking(script) as port:
        with pytest.raises(DeliveryError) as caught:
            await mailer(port).send(MIME, TO)
    assert not caught.value.permanent


async def test_a_server_that_hangs_up_after_its_yes_has_taken_the_message() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await converse(reader, writer, after_dot=b"250 queued as 9\r\n")

    async with talking(script) as port:
        assert "queued as 9" in await mailer(port).send(MIME, TO)


@pytest.mark.parametrize(
    "recipient", ["", "nobody", "a@b.example\r\nRCPT TO:<c@d.example>", "ก@b.example"]
)
async def test_an_impossible_address_is_refused_for_good_before_connecting(recipient: str) -> None:
    inbox = Inbox()
    async with listening(lambda: SMTP(inbox)) as port:
        with pytest.raises(DeliveryError) as caught:
            await mailer(port).send(MIME, recipient)
    assert caught.value.permanent
    assert inbox.taken == []


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587)),
        ("smtp://mail.example:25?tls=none", SmtpServer("mail.example", 25, start_tls=False)),
        (
            "smtps://mail.example",
            SmtpServer("mail.example", 465, implicit_tls=True, start_tls=False),
        ),
        ("smtp://u:p@mail.example?tls=required", SmtpServer("mail.example", 587, "u", "p")),
    ],
)
async def test_the_address_of_the_server_is_read(url: str, wanted: SmtpServer) -> None:
    assert SmtpServer.from_url(url) == wanted
    assert "'p'" not in repr(SmtpServer.from_url(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://u:geheim@mail.example",
        "smtp://u:geheim@",
        "smtp://u:geheim@mail.example:x",
        "smtp://u:geheim@mail.example?tls=maybe",
        "smtp://u:geheim@mail.example?ssl=1",
        "geheim",
    ],
)
async def test_a_wrong_address_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        SmtpServer.from_url(url)
    assert caught.value.permanent
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_files_sort_by_time_and_a_repeat_replaces_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    answer = await FileMailer(folder).send(MIME, TO)
    await FileMailer(folder).send(MIME, TO)
    (file,) = folder.iterdir()
    assert file.name == "20250328T062031Z-FLASH-2025-0412-n1-duty-01234567.eml"
    assert file.name in answer
    assert file.read_bytes() == MIME
    assert message_from_bytes(file.read_bytes())["To"] == TO


async def test_a_file_name_never_leaves_its_folder() -> None:
    hostile = b"X-Crisis-Level: ../../etc\r\nX-Crisis-Incident: a/b\r\nDate: nonsense\r\n\r\n"
    name = file_name(hostile, "../../root@x.example")
    assert name == "19700101T000000Z-etc-a-b-root.eml"


async def test_a_folder_that_cannot_be_written_closes_the_road(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands where the folder should be")
    with pytest.raises(MailRoadClosed) as caught:
        await FileMailer(tmp_path / "outbox").send(MIME, TO)
    assert not caught.value.permanent

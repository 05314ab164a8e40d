"""The mail road: an SMTP server, or a folder of `.eml` files when no server is set.

Transport security is required unless the address says `tls=none`; a certificate that cannot be
checked is a fault, and nothing ever falls back to clear text. One message has one deadline for
everything, from connecting to the answer after the final dot: a server that drips its answers
would otherwise hold a message for hours, since time limits of mail libraries are per read.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Parsed
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from alerts import clean
from alerts.connections import Connection, Connections, leave
from alerts.errors import DeliveryError
from alerts.message import domain_of, plain_address
from alerts.ports import WRITTEN

if TYPE_CHECKING:
    import aiosmtplib

DEADLINE_S = 120.0
CONNECT_S = 60.0  # of it, until a new connection is greeted, secured and logged in
_RESPONSE_LIMIT = 300
_SMTP_PORT, _SMTPS_PORT = 587, 465
_TOO_LARGE, _CLOSING = 552, 421


class MailRoadClosed(DeliveryError):
    """No message gets through at present: the server, its certificate or our login is at fault.

    Trying the next message at once cannot help; it is never permanent, since no mail may be
    given up because a password was mistyped.
    """


class _Gone(Exception):
    """The server had closed a kept connection before we began."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where the mail goes. The password does not show in the repr."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    implicit_tls: bool = False  # smtps://
    start_tls: bool = True

    @classmethod
    def from_url(cls, url: str) -> SmtpServer:
        """Read `smtp://user:password@host:587?tls=required|none` or `smtps://…`.

        User and password are percent-encoded. Raises DeliveryError, without the address in its
        text since that holds the password.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
            options = parse_qs(parts.query, keep_blank_values=True)
        except ValueError:
            raise DeliveryError("the SMTP address cannot be read", permanent=True) from None
        if parts.scheme not in ("smtp", "smtps") or not host:
            raise DeliveryError(
                "the SMTP address must be smtp://host:port or smtps://host:port", permanent=True
            )
        tls = options.pop("tls", ["required"])[-1]
        if options or tls not in ("required", "none"):
            raise DeliveryError(
                "the SMTP address takes one option: tls=required or tls=none", permanent=True
            )
        implicit = parts.scheme == "smtps"
        return cls(
            host=host,
            port=port or (_SMTPS_PORT if implicit else _SMTP_PORT),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            implicit_tls=implicit,
            start_tls=not implicit and tls == "required",
        )


class SmtpMailer:
    """Hands messages to one SMTP server; as many connections as messages are under way at once.

    A connection is kept for the next message. `close` takes leave of the server.
    """

    def __init__(
        self,
        url: str,
        *,
        sender: str,
        deadline_s: float = DEADLINE_S,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """`sender` is the envelope's; raises DeliveryError when it or `url` cannot be used."""
        self.server = SmtpServer.from_url(url)
        self._sender = plain_address(sender)
        if not self._sender:
            raise DeliveryError(f"{sender!r} is no mail address to send from", permanent=True)
        self._deadline_s = deadline_s
        self._tls_context = tls_context
        self._connections = Connections(self._client)

    async def send(self, mime: bytes, recipient: str) -> str:
        """The server's answer to the message. Raises DeliveryError."""
        import aiosmtplib  # loads TLS and asyncio machinery; commands that mail nothing need none

        to = plain_address(recipient)
        if not to or not to.isascii():
            raise DeliveryError("this is no address that mail can be sent to", permanent=True)
        try:
            async with asyncio.timeout(self._deadline_s):
                return self._plain(await self._hand_over(mime, to))
        except DeliveryError:
            raise
        except aiosmtplib.SMTPSenderRefused as error:
            if error.code == _TOO_LARGE:
                raise self._refused(error) from error
            raise self._road_closed(error) from error
        except aiosmtplib.SMTPResponseException as error:
            raise self._refused(error) from error
        except TimeoutError as error:
            raise DeliveryError(f"no answer within {self._deadline_s:g} seconds") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # RFC 5321: a connection lost in the middle counts like a 451.
            raise DeliveryError(self._plain(str(error) or type(error).__name__)) from error

    async def close(self) -> None:
        """Take leave of the server on every connection that was kept."""
        await self._connections.close()

    def _client(self) -> aiosmtplib.SMTP:
        import aiosmtplib

        return aiosmtplib.SMTP(
            hostname=self.server.host,
            port=self.server.port,
            username=self.server.user,
            password=self.server.password,
            # Otherwise the library asks the name service for our own name, and may wait for it.
            local_hostname=domain_of(self._sender),
            timeout=self._deadline_s,
            use_tls=self.server.implicit_tls,
            start_tls=self.server.start_tls,
            tls_context=self._tls_context,
        )

    async def _hand_over(self, mime: bytes, to: str) -> str:
        import aiosmtplib

        while (kept := self._connections.kept()) is not None:
            with suppress(_Gone):
                return await self._transaction(kept, mime, to)
        patience = min(CONNECT_S, self._deadline_s / 2)
        try:
            async with asyncio.timeout(patience):
                fresh = await self._connections.fresh()
        except TimeoutError as error:
            late = TimeoutError(f"not ready for a message within {patience:g} seconds")
            raise self._road_closed(late) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise self._road_closed(error) from error
        return await self._transaction(fresh, mime, to)

    async def _transaction(self, connection: Connection, mime: bytes, to: str) -> str:
        """One message over this connection, which is kept only if all went well."""
        import aiosmtplib

        client = connection.client
        try:
            try:
                size = [f"size={len(mime)}"] if client.supports_extension("size") else []
                await client.mail(self._sender, options=size)
                await client.rcpt(to)
            except (aiosmtplib.SMTPException, OSError) as error:
                if connection.used and _hung_up(error):  # nothing was sent yet: no try is lost
                    raise _Gone from error
                raise
            _, answer = await client.data(mime)
        except aiosmtplib.SMTPResponseException:
            await leave(connection)
            raise
        except BaseException:
            client.close()
            raise
        self._connections.keep(connection)
        return answer

    def _road_closed(self, error: Exception) -> MailRoadClosed:
        where = f"{self.server.host}:{self.server.port}"
        code, said = getattr(error, "code", ""), getattr(error, "message", "")
        text = f"{code} {said}".strip() or str(error) or type(error).__name__
        return MailRoadClosed(self._plain(f"{where}: {text}"))

    def _refused(self, error: aiosmtplib.SMTPResponseException) -> DeliveryError:
        text = self._plain(f"{error.code} {error.message}")
        if error.code == _CLOSING:  # the server is closing down, whatever we say to it
            return MailRoadClosed(text)
        return DeliveryError(text, permanent=500 <= error.code < 600)

    def _plain(self, text: str) -> str:
        if self.server.password:
            text = text.replace(self.server.password, "***")
        return clean.one_line(text, _RESPONSE_LIMIT)


def _hung_up(error: Exception) -> bool:
    return getattr(error, "code", _CLOSING) == _CLOSING


class FileMailer:
    """Writes each message as an `.eml` file; a repeat replaces its own file.

    Names sort by time, then say level, incident, notice and recipient:
    `20250328T062031Z-FLASH-2025-0412-n1-duty-primary-7f3ac9d2.eml`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, mime: bytes, recipient: str) -> str:
        """Where the file stands. Raises DeliveryError when it cannot be written."""
        return await asyncio.to_thread(self._write, mime, recipient)

    def _write(self, mime: bytes, recipient: str) -> str:
        name = file_name(mime, recipient)
        half = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as file:
                file.write(mime)
                file.flush()
                os.fsync(file.fileno())
            half.replace(self.folder / name)
        except OSError as error:
            raise MailRoadClosed(f"cannot write {name}: {error.strerror or error}") from error
        return f"{WRITTEN} {name}"


def file_name(mime: bytes, recipient: str) -> str:
    """The name of a message's `.eml` file, from its own headers: the same for the same message."""
    headers = message_from_bytes(mime)
    parts = [
        _stamp(headers),
        _header(headers, "X-Crisis-Level") or _header(headers, "X-Crisis-Kind") or "mail",
        _header(headers, "X-Crisis-Incident") or _header(headers, "X-Crisis-Digest"),
        f"n{notice}" if (notice := _header(headers, "X-Crisis-Notice")) else "",
        recipient.partition("@")[0],
        _header(headers, "Message-ID").partition("@")[0].rpartition(".r")[2][:8],
    ]
    safe = (re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-")[:40] for part in parts)
    return "-".join(part for part in safe if part) + ".eml"


def _stamp(headers: Parsed) -> str:
    try:
        at = parsedate_to_datetime(_header(headers, "Date")).astimezone(UTC)
    except (ValueError, TypeError):
        at = datetime(1970, 1, 1, tzinfo=UTC)
    return f"{at:%Y%m%dT%H%M%SZ}"


def _header(headers: Parsed, name: str) -> str:
    return str(headers.get(name, "")).strip()

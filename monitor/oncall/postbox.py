"""Where answers and bounces arrive: a Maildir, or a folder of an IMAP server.

Both are read in a thread, under a deadline of their own. Nothing is deleted: a Maildir's new mails
go to `cur` as read, and on IMAP we keep the number of the last one that was seen and set no flag,
so that a person may read the same inbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import json
import os
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog

from alerts import clean
from alerts.incoming import LARGEST
from monitor.errors import MonitorError

log = structlog.get_logger(__name__)

DEADLINE_S = 60.0  # for one look
_SOCKET_S = 20.0
_AT_ONCE = 200
_FLAGS = ":2,S"

Take = Callable[[bytes], Awaitable[None]]


class InboxError(MonitorError):
    """The inbox cannot be read; the text holds no password."""


class Maildir:
    """A folder in which a mail server leaves one file for each mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def read(self, seen: str, take: Take) -> str:
        """Hand every new mail to `take`, and put it among the read ones. Raises InboxError."""
        try:
            names = await asyncio.to_thread(self._new)
            for name in names[:_AT_ONCE]:
                raw = await asyncio.to_thread(self._raw, name)
                if raw is not None:
                    await take(raw)
                    await asyncio.to_thread(self._done, name)
        except OSError as error:
            raise InboxError(
                f"{self._folder} cannot be read as a Maildir ({error.strerror or error}): it must "
                "hold the folders new and cur, and the program may write to them"
            ) from error
        return seen

    def _new(self) -> list[str]:
        with os.scandir(self._folder / "new") as found:
            files = [each for each in found if each.is_file(follow_symlinks=False)]
            return [each.name for each in sorted(files, key=lambda each: each.stat().st_mtime)]

    def _raw(self, name: str) -> bytes | None:
        try:
            with (self._folder / "new" / name).open("rb") as file:
                return file.read(LARGEST)
        except FileNotFoundError:  # somebody's mail program was faster
            return None

    def _done(self, name: str) -> None:
        target = self._folder / "cur" / f"{name.partition(':')[0]}{_FLAGS}"
        with contextlib.suppress(FileNotFoundError):
            (self._folder / "new" / name).replace(target)


class Imap:
    """A folder of an IMAP server: `imaps://user:password@host:993/INBOX`.

    `imap://` asks for STARTTLS unless `?tls=none` stands at its end, for a server on this machine.
    """

    def __init__(self, url: str, *, tls_context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._implicit = parts.scheme == "imaps"
        self._port = parts.port or (993 if self._implicit else 143)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._clear = parse_qs(parts.query).get("tls", ["required"])[-1] == "none"
        self._tls = tls_context

    async def read(self, seen: str, take: Take) -> str:
        """Hand every mail that came after `seen` to `take`; what to give the next time.

        Raises InboxError.
        """
        try:
            async with asyncio.timeout(DEADLINE_S):
                mails, mark = await asyncio.to_thread(self._fetch, seen)
        except (OSError, imaplib.IMAP4.error, ValueError, TimeoutError) as error:
            raise InboxError(self._plain(error)) from error
        for raw in mails:
            await take(raw)
        return mark

    def _fetch(self, seen: str) -> tuple[list[bytes], str]:
        server = self._connect()
        try:
            server.login(self._user, self._password)
            answer, _ = server.select(_quoted(self._folder), readonly=True)
            if answer != "OK":
                raise InboxError(f"the server knows no folder {self._folder}")
            validity = _number(server.response("UIDVALIDITY")[1])
            known = json.loads(seen) if seen else {}
            last = int(known.get("uid", 0)) if known.get("validity") == validity else 0
            _, found = server.uid("SEARCH", f"UID {last + 1}:*")
            numbers = sorted(int(each) for each in _words(found) if int(each) > last)[:_AT_ONCE]
            mails = []
            for number in numbers:
                _, parts = server.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{LARGEST}>)")
                mails += [part[1] for part in parts or () if isinstance(part, tuple)]
            last = numbers[-1] if numbers else last
            return mails, json.dumps({"validity": validity, "uid": last})
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                server.logout()

    def _connect(self) -> imaplib.IMAP4:
        context = self._tls or ssl.create_default_context()
        if self._implicit:
            return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=_SOCKET_S)
        server = imaplib.IMAP4(self._host, self._port, timeout=_SOCKET_S)
        if not self._clear:
            try:
                server.starttls(context)
            except (OSError, imaplib.IMAP4.error):
                with contextlib.suppress(OSError):  # of what is broken already; the first says why
                    server.shutdown()
                raise
        return server

    def _plain(self, error: BaseException) -> str:
        if isinstance(error, InboxError):
            return str(error)
        why = f"no answer within {DEADLINE_S:g} seconds"
        if isinstance(error, socket.gaierror):
            why = "its name cannot be found"
        elif not isinstance(error, TimeoutError) or str(error):
            why = str(error) or type(error).__name__
        text = f"the inbox at {self._host}:{self._port} cannot be read: {why}"
        for secret in filter(None, (self._password,)):
            text = text.replace(secret, "***")
        return clean.one_line(text, 300)


def postbox(url: str) -> Maildir | Imap:
    """The inbox at an address that was checked when the settings were read."""
    parts = urlsplit(url)
    return Maildir(Path(unquote(parts.path))) if parts.scheme == "maildir" else Imap(url)


def _quoted(folder: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'


def _words(found: Any) -> list[bytes]:
    first = found[0] if found else None
    return first.split() if isinstance(first, bytes) else []


def _number(found: Any) -> int:
    first = found[0] if found else None
    return int(first) if isinstance(first, bytes) and first.isdigit() else 0

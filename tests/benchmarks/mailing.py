"""Notices from the outbox to a mail server on loopback that runs in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from aiosmtpd.smtp import SMTP

from alerts.deliver import deliver_due
from alerts.message import Message, message_id, to_mime
from alerts.smtp import SmtpMailer
from monitor.outbox import StoredOutbox
from monitor.writer import Writer
from storage import outbox, schema
from storage.database import Connection, Database
from storage.records import Level, NewNotice

NOTICES = 10_000
AT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
SENDER = "alerts@ministry.example"


class _Counter:
    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, *_: object) -> str:
        self.taken += 1
        return "250 taken"


def _serve(pipe: Pipe) -> None:
    async def serve() -> None:
        counter = _Counter()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(counter), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await loop.run_in_executor(None, pipe.recv)
        pipe.send(counter.taken)

    asyncio.run(serve())


@contextmanager
def loopback() -> Iterator[tuple[int, Pipe]]:
    """The port of a running server, and the pipe that asks it how many messages it took."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.terminate()
        process.join()


def _notice(number: int) -> NewNotice:
    recipient = f"officer-{number % 10}@ministry.example"
    identifier = message_id(f"2026-{number:04d}", 1, recipient, sender=SENDER)
    subject = f"[เร่งด่วน] เมียนมา – น้ำท่วม #{number}"
    body = "น้ำท่วมในเมียนมา มีผู้เสียชีวิต 12 ราย\n" * 40
    mime = to_mime(
        Message(subject, body, f"<p>{body}</p>"),
        sender=SENDER,
        recipient=recipient,
        message_id=identifier,
        now=AT,
    )
    return NewNotice(
        kind="alert", recipient=recipient, person="duty", team="duty", language="th",
        level=Level(1 + number % 3), subject=subject, message_id=identifier, mime=mime, due_at=AT,
    )  # fmt: skip


async def _deliver(url: str, port: int) -> float:
    writer = Writer(Database(url))

    def fill(conn: Connection) -> None:
        for number in range(NOTICES):
            outbox.enqueue(conn, _notice(number), AT)

    await writer.write(fill)
    mailer = SmtpMailer(f"smtp://127.0.0.1:{port}?tls=none", sender=SENDER)
    began, sent = time.perf_counter(), 0
    while (done := await deliver_due(StoredOutbox(writer), mailer, now=AT, owner="bench")).tried:
        sent += done.sent
    took = time.perf_counter() - began
    assert sent == NOTICES
    await mailer.close()
    writer.close()
    return took


def deliver() -> tuple[int, str]:
    """10,000 notices, each leased, sent and marked in transactions of its own."""
    with tempfile.TemporaryDirectory() as folder, loopback() as (port, pipe):
        database = Database(f"sqlite:///{Path(folder) / 'monitor.db'}")
        schema.upgrade(database)
        database.close()
        asyncio.run(_deliver(f"sqlite:///{Path(folder) / 'monitor.db'}", port))
        pipe.send("how many?")
        assert pipe.recv() == NOTICES
    return NOTICES, "notice"

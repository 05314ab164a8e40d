"""Every fault of a mail server, over and over: nothing lost, doubled or slipped in."""

from __future__ import annotations

import asyncio
import random
import shutil
import ssl
import subprocess
from collections import Counter
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import pytest

from alerts.deliver import deliver_due
from alerts.message import Message, message_id, to_mime
from alerts.smtp import SmtpMailer
from monitor.clock import SetClock
from monitor.outbox import StoredOutbox
from monitor.writer import Writer
from storage import outbox
from storage.database import Database
from storage.records import Level, NewNotice
from tests.faultymail import FAULTS, FaultyServer, faulty

pytestmark = pytest.mark.asyncio

SENDER = "Crisis Monitor <alerts@ministry.example>"
GONE = "moved-away@ministry.example"
ALERTS_IN_CI, ALERTS = 40, 200
HOSTILE = (
    "น้ำท่วมในเมียนมา เสียชีวิต 12 ราย",
    "quake\r\nBcc: everybody@elsewhere.example",
    "=?utf-8?b?eA0KQmNjOiBldmVyeWJvZHlAZWxzZXdoZXJlLmV4YW1wbGU=?=",
    "flood\u2028To: other@elsewhere.example\x85\x00\ud800",
    ".\r\n.\r\nRCPT TO:<other@elsewhere.example>\r\nDATA",
)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "List-Id", "X-Crisis-Country", "Content-Type", "Content-Language", "MIME-Version",
}  # fmt: skip


def notices(count: int, now: datetime) -> list[NewNotice]:
    made = []
    for number in range(count):
        to = GONE if number % 40 == 7 else f"officer-{number % 7}@ministry.example"
        said = HOSTILE[number % len(HOSTILE)]
        identifier = message_id(f"2026-{number:04d}", 1, to, sender=SENDER)
        mime = to_mime(
            Message(f"[FLASH] {said}", f"{said}\n", f"<p>{number}</p>", {"X-Crisis-Country": said}),
            sender=SENDER,
            recipient=to,
            message_id=identifier,
            now=now,
        )
        made.append(
            NewNotice(
                kind="alert", recipient=to, person="duty", team="duty", language="th",
                level=Level(1 + number % 3), subject=said, message_id=identifier, mime=mime,
                due_at=now,
            )
        )  # fmt: skip
    return made


async def campaign(
    database: Database, server: FaultyServer, mailer: SmtpMailer, now: datetime, count: int
) -> None:
    """Put so many alerts into the outbox and deliver for as long as anything waits."""
    wanted = notices(count, now)
    with database.write() as conn:
        for each in wanted:
            assert outbox.enqueue(conn, each, now) is not None
    clock, writer = SetClock(now), Writer(database)
    try:
        for _ in range(2000):
            await deliver_due(
                StoredOutbox(writer), mailer, now=clock.now(), owner="t", clock=clock.now
            )
            if not await writer.read(outbox.waiting):
                break
            clock.move(timedelta(seconds=30))
        with database.read() as conn:
            ended = {each.message_id: each for each in outbox.recent(conn, 10_000)}
    finally:
        await mailer.close()
        writer.close()
    assert set(server.met) >= set(FAULTS), "a fault of the schedule never happened"
    arrived = Counter(str(message["Message-ID"]) for _, message in server.taken)
    assert set(arrived) <= set(ended), "a resend had another Message-ID"
    assert {each.state for each in ended.values()} == {"sent", "parked"}
    for each in wanted:
        end = ended[each.message_id]
        if each.recipient == GONE:
            assert end.state == "parked", "an address that is refused for good is not tried on"
            assert end.attempts <= 3 + len(FAULTS)
        elif end.state == "parked":
            assert end.response.startswith("554"), "only what is refused for good is parked"
        else:
            assert arrived[each.message_id] >= 1, "lost"
    # A copy more only where the server took a message and its answer never came.
    for each, times in arrived.items():
        assert times <= 1 + server.unanswered[each]
    to = {each.message_id: each.recipient for each in wanted}
    for recipients, message in server.taken:
        assert recipients == (to[str(message["Message-ID"])],)
        assert str(message["To"]) == recipients[0]
        assert set(message.keys()) == HEADERS
        assert len(message.keys()) == len(HEADERS)


def schedule(count: int, seed: int) -> list[str]:
    """All faults in turn and, between them, some in any order and as many good turns."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    mixed = list(islice(cycle((*FAULTS, "")), count // 2)) + dice.choices(
        (*FAULTS, *[""] * len(FAULTS)), k=count
    )
    # The mute one takes the whole deadline each time.
    few = [n for n, fault in enumerate(mixed) if fault == "mute"][4:]
    return [("slow" if n in few else fault) for n, fault in enumerate(mixed)]


def plain(server: FaultyServer) -> SmtpMailer:
    url = f"smtp://127.0.0.1:{server.port}?tls=none"
    return SmtpMailer(url, sender=SENDER, deadline_s=1.5)


async def test_forty_alerts_through_every_fault(database: Database, now: datetime) -> None:
    server = FaultyServer(iter(schedule(ALERTS_IN_CI, seed=1)), frozenset([GONE]))
    async with faulty(server):
        await campaign(database, server, plain(server), now, ALERTS_IN_CI)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_two_hundred_alerts_through_every_fault(
    database: Database, now: datetime, seed: int
) -> None:
    server = FaultyServer(iter(schedule(ALERTS, seed)), frozenset([GONE]))
    async with faulty(server):
        await campaign(database, server, plain(server), now, ALERTS)


async def test_the_same_with_transport_security_and_a_login(
    sqlite_url: str, now: datetime, tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate can be made")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    await asyncio.to_thread(
        subprocess.run, [*command.split(), *names], check=True, capture_output=True
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(cert, key)
    ours = ssl.create_default_context(cafile=str(cert))
    server = FaultyServer(iter(schedule(ALERTS_IN_CI, seed=5)), frozenset([GONE]))
    database = Database(sqlite_url)
    try:
        async with faulty(server, theirs):
            url = f"smtp://desk:geheim@localhost:{server.port}"
            mailer = SmtpMailer(url, sender=SENDER, deadline_s=1.5, tls_context=ours)
            await campaign(database, server, mailer, now, ALERTS_IN_CI)
    finally:
        database.close()
    assert set(server.logins) == {b"desk"}

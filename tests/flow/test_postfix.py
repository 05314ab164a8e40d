"""Alerts through a real Postfix: over STARTTLS, past a refusal and a greylist, once each."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from alerts.deliver import Delivered, deliver_due
from alerts.message import Message, message_id, to_mime
from alerts.smtp import SmtpMailer
from monitor.outbox import StoredOutbox
from storage import outbox
from storage.records import Level, NewNotice, Notice
from tests import postfixserver
from tests.authority import authority
from tests.monitor.desk import world
from tests.monitor.desk.browsing import fetch
from tests.postfixserver import DOMAIN, HOST, Postfix

SENDER = f"Crisis Monitor <alerts@{DOMAIN}>"
BOXES = tuple(f"officer-{number}" for number in range(5))
GONE, SHY = f"moved-away@{DOMAIN}", f"{BOXES[3]}@{DOMAIN}"
HOSTILE = (
    "น้ำท่วมในเมียนมา เสียชีวิต 12 ราย",
    "quake\r\nBcc: everybody@elsewhere.example",
    ".\r\n.\r\nRCPT TO:<other@elsewhere.example>\r\nDATA",
    "..two dots, and a dot on a line of its own:\n.\nand so on",
)
ALERTS, WORKERS = 24, 3
REFUSED = (5, 17)  # of the alerts, those to an address that the server does not know
TOO_LARGE = 11


@dataclass(frozen=True, slots=True)
class Server:
    """The running Postfix, and what a program of ours needs to trust it."""

    postfix: Postfix
    trusting: ssl.SSLContext

    def mailer(
        self, *, tls: str = "required", trusting: ssl.SSLContext | None = None
    ) -> SmtpMailer:
        """A mailer of the program's for this server."""
        url = f"smtp://{HOST}:{self.postfix.port}?tls={tls}"
        return SmtpMailer(url, sender=SENDER, tls_context=trusting or self.trusting)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Postfix with a certificate of an authority that exists for this test."""
    _, trusting = authority(tmp_path)((-1, 30), HOST)
    try:
        with postfixserver.postfix(
            tmp_path / "server.pem",
            boxes=BOXES,
            refused=frozenset([GONE]),
            greylisted=frozenset([SHY]),
        ) as running:
            yield Server(running, trusting)
    except postfixserver.Absent as absent:
        pytest.skip(str(absent))  # CI installs no mail server on the machine it runs on


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, now: datetime) -> Iterator[world.StandIn]:
    """A desk on an empty database."""
    made = world.stand_in(sqlite_url, tmp_path, now)
    yield made
    made.writer.close()
    made.database.close()


def queued(desk: world.StandIn, count: int) -> dict[str, Notice]:
    """Put so many alerts into the outbox; they, by Message-ID."""
    now = desk.clock.now()
    with desk.database.write() as conn:
        for number in range(count):
            to = GONE if number in REFUSED else f"{BOXES[number % len(BOXES)]}@{DOMAIN}"
            said = HOSTILE[number % len(HOSTILE)]
            body = f"{said}\n" + ("a long report\n" * 20_000 if number == TOO_LARGE else "")
            identifier = message_id(f"2026-{number:04d}", 1, to, sender=SENDER)
            mime = to_mime(
                Message(f"[FLASH] {said}", body, f"<p>{number}</p>"),
                sender=SENDER,
                recipient=to,
                message_id=identifier,
                now=now,
            )
            notice = NewNotice(
                kind="alert", recipient=to, person="duty", team="duty", language="th",
                level=Level(1 + number % 3), subject=f"alert {number}", message_id=identifier,
                mime=mime, due_at=now,
            )  # fmt: skip
            assert outbox.enqueue(conn, notice, now) is not None
    return notices(desk)


def notices(desk: world.StandIn) -> dict[str, Notice]:
    """What the outbox holds now, by Message-ID."""
    with desk.database.read() as conn:
        return {each.message_id: each for each in outbox.recent(conn, 1000)}


async def deliver(desk: world.StandIn, mailer: SmtpMailer) -> Delivered:
    """One pass of delivery at the desk's time."""
    return await deliver_due(
        StoredOutbox(desk.writer),
        mailer,
        now=desk.clock.now(),
        owner="t",
        workers=WORKERS,
        clock=desk.clock.now,
    )


async def deliver_all(desk: world.StandIn, mailer: SmtpMailer) -> None:
    """Deliver for as long as anything waits."""
    try:
        for _ in range(200):
            await deliver(desk, mailer)
            if not await desk.writer.read(outbox.waiting):
                return
            desk.clock.move(timedelta(seconds=30))
    finally:
        await mailer.close()
    raise AssertionError("something waits for ever")


async def in_the_boxes(server: Server, count: int) -> Counter[str]:
    """The Message-IDs that lie in the mailboxes once the server has put so many away."""
    await asyncio.to_thread(server.postfix.settled, count)
    found = [message_from_bytes(raw, policy=default) for _, raw in server.postfix.delivered()]
    return Counter(str(each["Message-ID"]) for each in found)


@pytest.mark.asyncio
async def test_alerts_reach_their_boxes_once_past_refusals_and_a_greylist(
    server: Server, desk: world.StandIn
) -> None:
    alerts = queued(desk, ALERTS)
    await deliver_all(desk, server.mailer())
    ended = notices(desk)
    good = {name for name, each in ended.items() if each.state == "sent"}
    parked = {name: each for name, each in ended.items() if each.state == "parked"}
    assert len(good) == ALERTS - len(REFUSED) - 1
    assert await in_the_boxes(server, len(good)) == dict.fromkeys(good, 1)
    for whose, raw in server.postfix.delivered():
        message = message_from_bytes(raw, policy=default)
        notice = alerts[str(message["Message-ID"])]
        assert raw.endswith(notice.mime.replace(b"\r\n", b"\n")), "changed on the way"
        assert whose == notice.recipient == message["Delivered-To"] == message["To"]
        assert " with ESMTPS " in message["Received"]
    for name in good:
        assert re.fullmatch(r"2\.0\.0 Ok: queued as \w+", ended[name].response)
    shy = [each.attempts for each in ended.values() if each.recipient == SHY]
    assert sorted(shy)[-2:] == [1, 2], "one try was put off by the greylist"

    # What is refused for good waits for a person, who sees it with the server's words.
    assert Counter(each.recipient == GONE for each in parked.values()) == {True: 2, False: 1}
    shown = (await fetch(desk, "/mails?lang=en")).text
    assert f"Mails parked, need mending: {len(parked)}" in shown
    for each in parked.values():
        page = (await fetch(desk, f"/mails/{each.id}?lang=en")).text
        assert "parked: needs mending" in page
        assert ("550 5.1.1" if each.recipient == GONE else "552 5.3.4") in page
        assert each.message_id not in server.postfix.log()

    # A connection serves many: a new one only for each worker and after each refusal.
    sessions = server.postfix.sessions()
    tried = sum(each.attempts for each in ended.values())
    failed = tried - len(good)
    assert all(each["starttls"] == 1 for each in sessions)
    assert sum(each.get("data", 0) for each in sessions) == len(good)
    assert len(sessions) <= WORKERS + failed < tried


@pytest.mark.asyncio
async def test_nothing_goes_out_in_clear_text_or_to_a_stranger_and_nothing_is_lost(
    server: Server, desk: world.StandIn
) -> None:
    alerts = queued(desk, len(BOXES))
    stranger = server.mailer(trusting=ssl.create_default_context())
    refused = await deliver(desk, stranger)
    assert "certificate verify failed" in refused.response.lower()
    desk.clock.move(timedelta(minutes=2))
    clear = server.mailer(tls="none")
    denied = await deliver(desk, clear)
    assert "530 5.7.0" in denied.response
    for mailer in (stranger, clear):
        await mailer.close()
    assert refused.wait is not None
    assert denied.wait is not None
    assert refused.sent == denied.sent == 0
    assert server.postfix.delivered() == []
    desk.clock.move(timedelta(minutes=2))
    await deliver_all(desk, server.mailer())
    assert await in_the_boxes(server, len(alerts)) == dict.fromkeys(alerts, 1)

"""After a day without a mail server: all of it, the highest level first, a summary ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path

import pytest
import pytest_asyncio

from alerts.message import Message, message_id, to_mime
from alerts.smtp import MailRoadClosed
from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import FeedList
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from monitor.parse.worker import InlineParser
from storage import outbox
from storage.database import Connection, Database
from storage.records import Level, NewNotice
from tests.fakes import FakeFetcher, FakeMailer
from tests.office import ROOT

pytestmark = pytest.mark.asyncio

PRIMARY, HEAD = "duty-primary@ministry.example", "head-of-desk@ministry.example"


class Desk:
    """The program with a mail road that the test closes and opens."""

    def __init__(self, program: Program, mailer: FakeMailer, clock: SetClock) -> None:
        self.program, self.mailer, self.clock = program, mailer, clock

    async def queue(self, count: int, recipient: str, level: Level, first: int = 0) -> None:
        now = self.clock.now()

        def work(conn: Connection) -> None:
            for number in range(first, first + count):
                subject = f"[{level.name}] Myanmar – flood #2026-{number:04d}"
                identifier = message_id(str(number), 1, recipient, sender="a@ministry.example")
                mime = to_mime(
                    Message(subject, "text", "<p>text</p>"),
                    sender="a@ministry.example",
                    recipient=recipient,
                    message_id=identifier,
                    now=now,
                )
                person = recipient.partition("@")[0]
                outbox.enqueue(
                    conn,
                    NewNotice(
                        kind="alert", recipient=recipient, person=person, team="duty",
                        language="both", level=level, subject=subject, message_id=identifier,
                        mime=mime, due_at=now,
                    ),
                    now,
                )  # fmt: skip

        await self.program.writer.write(work)

    async def until_empty(self) -> None:
        while (await self.program.deliver()).sent:
            pass

    @property
    def mails(self) -> list[tuple[str, EmailMessage]]:
        found = []
        for recipient, mime in self.mailer.sent:
            message = message_from_bytes(mime, policy=default)
            assert isinstance(message, EmailMessage)
            found.append((recipient, message))
        return found


@pytest_asyncio.fixture
async def desk(database_url: str, tmp_path: Path, now: datetime) -> AsyncIterator[Desk]:
    settings = read_settings(
        {"MONITOR_VAR": str(tmp_path), "MONITOR_MAIL_FROM": "alerts@ministry.example"}
    )
    clock, mailer = SetClock(now), FakeMailer()
    program = build(
        settings,
        FeedList(settings.feeds, ()),
        read_policy(ROOT / "alerts.yaml"),
        database=Database(database_url),
        clock=clock,
        mailer=mailer,
        fetcher=FakeFetcher(),
        parser=InlineParser(),
    )
    yield Desk(program, mailer, clock)
    await program.close()


async def a_day_without_a_server(desk: Desk) -> None:
    desk.mailer.refuse = MailRoadClosed("nobody listens")
    until = desk.clock.now() + timedelta(days=1)
    while desk.clock.now() < until:
        done = await desk.program.deliver()
        assert done.sent == done.parked == 0
        desk.clock.set(desk.clock.now() + max(done.wait or timedelta(), timedelta(hours=1)))
    desk.mailer.refuse = None
    desk.clock.set(desk.clock.now() + timedelta(minutes=1))


async def test_a_summary_goes_ahead_of_more_than_twenty(desk: Desk) -> None:
    await desk.queue(25, PRIMARY, Level.ALERT)
    await desk.queue(3, PRIMARY, Level.FLASH, first=100)
    await desk.queue(20, HEAD, Level.ALERT, first=200)
    await a_day_without_a_server(desk)
    await desk.until_empty()
    kinds = Counter((to, str(mail["X-Crisis-Kind"])) for to, mail in desk.mails)
    assert kinds == {(PRIMARY, "None"): 28, (PRIMARY, "catch_up"): 1, (HEAD, "None"): 20}
    to_primary = [mail for to, mail in desk.mails if to == PRIMARY]
    # The first is the one that found the road open; then the summary, then the rest.
    assert [str(mail["X-Crisis-Kind"]) for mail in to_primary].index("catch_up") == 1
    levels = [str(mail["Subject"]).split("]")[0] for _, mail in desk.mails]
    assert levels[0] == "[FLASH"
    assert levels.index("[ALERT") > max(n for n, each in enumerate(levels) if each == "[FLASH")


async def test_the_summary_says_what_waits_and_since_when_in_both_languages(desk: Desk) -> None:
    await desk.queue(22, PRIMARY, Level.ALERT)
    await a_day_without_a_server(desk)
    await desk.until_empty()
    (summary,) = (mail for _, mail in desk.mails if mail["X-Crisis-Kind"] == "catch_up")
    assert summary["To"] == PRIMARY
    assert summary["Auto-Submitted"] == "auto-generated"
    assert "ส่งล่าช้า" in str(summary["Subject"])
    for kind in ("plain", "html"):
        part = summary.get_body((kind,))
        assert part is not None
        text = unescape(str(part.get_content()))
        assert "No mail could be sent from 22 Nov 15:30 until" in text
        assert "ส่งอีเมลไม่ได้ตั้งแต่ 22 พ.ย. 15.30 น." in text.replace("\u00a0", " ")
        assert text.count("Myanmar – flood #2026-") == 21  # one found the road open


async def test_a_short_pause_sends_no_summary(desk: Desk) -> None:
    await desk.queue(20, PRIMARY, Level.ALERT)
    await a_day_without_a_server(desk)
    await desk.until_empty()
    assert len(desk.mailer.sent) == 20


async def test_a_second_failure_has_a_summary_of_its_own(desk: Desk) -> None:
    for first in (0, 1000):
        await desk.queue(30, PRIMARY, Level.ALERT, first=first)
        await a_day_without_a_server(desk)
        await desk.until_empty()
    summaries = [mail for _, mail in desk.mails if mail["X-Crisis-Kind"] == "catch_up"]
    assert len({str(mail["Message-ID"]) for mail in summaries}) == 2


async def test_a_closed_road_is_tried_with_one_message_at_a_time(desk: Desk) -> None:
    await desk.queue(30, PRIMARY, Level.ALERT)
    desk.mailer.refuse = MailRoadClosed("535 wrong password")
    await desk.program.deliver()
    tries = []
    for _ in range(10):
        desk.clock.set(desk.clock.now() + timedelta(minutes=2))
        tries.append((await desk.program.deliver()).tried)
    assert tries == [1] * 10


async def test_the_gravest_that_found_the_road_closed_goes_first_once_it_is_open(
    desk: Desk,
) -> None:
    await desk.queue(2, PRIMARY, Level.FLASH)
    desk.mailer.refuse = MailRoadClosed("nobody listens")
    done = await desk.program.deliver()
    assert done.wait is not None
    desk.clock.set(desk.clock.now() + timedelta(seconds=5))
    await desk.queue(3, PRIMARY, Level.ALERT, first=100)
    desk.mailer.refuse = None
    await desk.until_empty()
    levels = [str(mail["Subject"]).split("]")[0] for _, mail in desk.mails]
    assert levels == ["[FLASH"] * 2 + ["[ALERT"] * 3

"""A test notice: the whole road from the outbox to the mail server's answer, marked as a drill."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.context import AlertContext
from alerts.message import message_id, to_mime
from alerts.policy import Policy
from alerts.render import render_alert
from alerts.roster import told
from monitor.app import build
from monitor.config.feedlist import FeedList
from monitor.config.settings import Settings
from monitor.incidents.alone import empty
from storage import outbox
from storage.database import Database
from storage.records import Level, NewNotice, Why


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the road and how long after the start it was done."""

    after_ms: int
    what: str
    ok: bool = True


def test_notice(policy: Policy, settings: Settings, team_id: str, now: datetime) -> NewNotice:
    """A notice to whoever of the team has duty, marked as a test in subject, body and headers."""
    team = policy.teams[team_id]
    person = told(team, "primary", policy, now).people[0]
    incident = replace(
        empty(now), year=now.year, level=Level.ALERT, exercise=True,
        title_en="Test of the alert road", title_th="ทดสอบเส้นทางการแจ้งเหตุ",
    )  # fmt: skip
    identifier = message_id(f"test.{now:%Y%m%dT%H%M%S}", 1, person.email, sender=settings.mail_from)
    why = (Why("test"),)
    message = render_alert(
        AlertContext(
            incident=incident,
            kind="test",
            number=1,
            person=person,
            team=team,
            policy=policy,
            now=now,
            why=why,
            base_url=settings.base_url,
            message_id=identifier,
        )
    )
    return NewNotice(
        kind="test",
        recipient=person.email,
        person=person.id,
        team=team_id,
        language=person.language,
        level=Level.ALERT,
        subject=message.subject,
        message_id=identifier,
        mime=to_mime(
            message,
            sender=settings.mail_from,
            recipient=person.email,
            message_id=identifier,
            now=now,
        ),
        due_at=now,
        why=why,
        exercise=True,
    )


async def send_test(
    settings: Settings, policy: Policy, database: Database, team_id: str
) -> list[Step]:
    """Queue a test notice, deliver, and tell what happened when; works beside a running program."""
    started = time.monotonic()

    def step(what: str, ok: bool = True) -> Step:
        return Step(round((time.monotonic() - started) * 1000), what, ok)

    program = build(settings, FeedList(settings.feeds, ()), policy, database=database)
    try:
        now = program.clock.now()
        notice = test_notice(policy, settings, team_id, now)
        steps = [step(f"rendered for {notice.person}: {notice.subject}")]
        notice_id = await program.writer.write(lambda conn: outbox.enqueue(conn, notice, now))
        if notice_id is None:
            return [*steps, step("a test of this second is in the outbox already", ok=False)]
        steps.append(step("in the outbox"))
        for _ in range(20):
            await program.deliver()
            stored = await program.writer.read(lambda conn: outbox.get(conn, notice_id))
            if stored.state != "leased":
                break
        if stored.state == "sent":
            return [*steps, step(f"accepted: {stored.response}")]
        return [*steps, step(f"not delivered ({stored.state}): {stored.response}", ok=False)]
    finally:
        await program.close()

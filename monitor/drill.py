"""A test notice: the whole road from the outbox to the mail server's answer, marked as a drill."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.context import AlertContext
from alerts.message import message_id, to_mime
from alerts.policy import Policy
from alerts.render import render_alert
from alerts.roster import told
from monitor.app import Program, build
from monitor.config.feedlist import FeedList
from monitor.config.settings import Settings
from monitor.incidents.alone import empty
from monitor.oncall import channels
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


async def _by_channels(
    program: Program, mail: NewNotice, now: datetime, step: Callable[..., Step]
) -> list[Step]:
    """The same by the second roads of that person and team, if there are any."""
    sent: list[Step] = []
    for name in channels.of_recipient(program.policy, program.settings, mail):
        notice = channels.test_notice(program.settings, program.policy, mail, name, now)
        notice_id = await program.writer.write(
            lambda conn, notice=notice: outbox.enqueue(conn, notice, now)  # type: ignore[misc]
        )
        await program.deliver_channels()
        if notice_id is None:
            sent.append(step(f"channel {name}: a test of this second is there already", ok=False))
            continue
        stored = await program.writer.read(
            lambda conn, notice_id=notice_id: outbox.get(conn, notice_id)  # type: ignore[misc]
        )
        good = stored.state == "sent"
        sent.append(step(f"channel {name}: {stored.state}, {stored.response}", ok=good))
    return sent


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
        steps = [
            step(f"on duty now: {notice.person} of team {team_id}"),
            step(f"rendered for {notice.person}: {notice.subject}"),
        ]
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
            steps.append(step(f"accepted: {stored.response}"))
        else:
            state = f"not delivered ({stored.state}): {stored.response}"
            steps.append(step(state, ok=False))
        return [*steps, *await _by_channels(program, notice, now, step)]
    finally:
        await program.close()

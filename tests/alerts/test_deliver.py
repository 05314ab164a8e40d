"""From the outbox to the mail server: once each, most urgent first, and nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from alerts.deliver import AT_ONCE, LEASE, ROAD_WAIT, Delivered, deliver_due
from alerts.errors import DeliveryError
from alerts.smtp import DEADLINE_S, MailRoadClosed
from storage.records import Level, Notice
from tests.alerts.policies import BACKUP, DAY, HEAD, NIGHT, NOW, notice

pytestmark = pytest.mark.asyncio


@dataclass
class Memory:
    """An outbox in memory that keeps the contract of the real one."""

    notices: dict[int, Notice]
    leases: dict[int, tuple[datetime, str]] = field(default_factory=dict)

    async def lease(
        self, *, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> tuple[Notice, ...]:
        due = [
            each
            for each in self.notices.values()
            if each.state == "pending"
            and each.due_at <= now
            and (each.id not in self.leases or self.leases[each.id][0] <= now)
        ]
        due.sort(key=lambda each: (-each.level, each.due_at))
        for each in due[:limit]:
            self.leases[each.id] = (now + lease, owner)
        return tuple(due[:limit])

    async def give_back(self, notices: Sequence[Notice], *, owner: str) -> None:
        for each in notices:
            assert self.leases.pop(each.id)[1] == owner

    async def mark_sent(self, notice: Notice, *, at: datetime, response: str) -> None:
        self._end(notice, state="sent", sent_at=at, response=response)

    async def mark_retry(
        self, notice: Notice, *, at: datetime, due_at: datetime, response: str
    ) -> None:
        self._end(notice, due_at=due_at, response=response)

    async def mark_parked(self, notice: Notice, *, at: datetime, response: str) -> None:
        self._end(notice, state="parked", response=response)

    def _end(self, notice: Notice, **values: object) -> None:
        held = self.notices[notice.id]
        self.notices[notice.id] = replace(held, attempts=held.attempts + 1, **values)  # type: ignore[arg-type]
        self.leases.pop(notice.id, None)


@dataclass
class Post:
    """A mailer that fails as it is told to, for some recipients or for all."""

    failures: dict[str, DeliveryError] = field(default_factory=dict)
    closed: MailRoadClosed | None = None
    sent: list[str] = field(default_factory=list)
    tried: int = 0

    async def send(self, mime: bytes, recipient: str) -> str:
        self.tried += 1
        await asyncio.sleep(0)
        if self.closed is not None:
            raise self.closed
        if recipient in self.failures:
            raise self.failures[recipient]
        self.sent.append(recipient)
        return "250 queued"


def outbox(*notices: Notice) -> Memory:
    return Memory({each.id: each for each in notices})


def waiting(number: int, person: object = DAY, **changed: object) -> Notice:
    values: dict[str, object] = {
        "id": number,
        "state": "pending",
        "attempts": 0,
        "sent_at": None,
        "at": NOW,
        "message_id": f"<{number}@ministry.example>",
    }
    return notice(person, **(values | changed))  # type: ignore[arg-type]


async def run(box: Memory, post: Post, now: datetime = NOW, **options: object) -> Delivered:
    return await deliver_due(box, post, now=now, owner="test", **options)  # type: ignore[arg-type]


async def test_everything_due_goes_out_once() -> None:
    box, post = outbox(waiting(1), waiting(2, BACKUP), waiting(3, HEAD)), Post()
    done = await run(box, post)
    assert done == Delivered(sent=3)
    assert sorted(post.sent) == sorted([DAY.email, BACKUP.email, HEAD.email])
    assert {each.state for each in box.notices.values()} == {"sent"}
    assert box.notices[1].response == "250 queued"
    assert await run(box, post, NOW + timedelta(days=1)) == Delivered()
    assert len(post.sent) == 3


async def test_the_highest_level_goes_first() -> None:
    box = outbox(waiting(1), waiting(2, HEAD, level=Level.FLASH), waiting(3, BACKUP))
    post = Post()
    await run(box, post, workers=1)
    assert post.sent[0] == HEAD.email


async def test_what_is_not_due_waits() -> None:
    box, post = outbox(waiting(1, due_at=NOW + timedelta(seconds=1))), Post()
    assert (await run(box, post)).tried == 0
    assert (await run(box, post, NOW + timedelta(seconds=1))).sent == 1


async def test_a_temporary_refusal_of_one_holds_up_nobody_else() -> None:
    box, post = (
        outbox(waiting(1), waiting(2, BACKUP)),
        Post({DAY.email: DeliveryError("451 later")}),
    )
    done = await run(box, post)
    assert (done.sent, done.retried, done.parked, done.wait) == (1, 1, 0, None)
    held = box.notices[1]
    assert held.state == "pending"
    assert held.response == "451 later"
    assert timedelta(seconds=5) <= held.due_at - NOW <= timedelta(seconds=6)


async def test_a_permanent_refusal_is_parked_after_three_tries_and_kept() -> None:
    box = outbox(waiting(1))
    post = Post({DAY.email: DeliveryError("550 no such box", permanent=True)})
    now = NOW
    for _ in range(10):
        await run(box, post, now)
        now += timedelta(minutes=10)
    assert post.tried == 3
    assert box.notices[1].state == "parked"
    assert box.notices[1].response == "550 no such box"


async def test_a_day_without_a_mail_server_loses_nothing_and_is_no_storm() -> None:
    box, post = outbox(*(waiting(n) for n in range(1, 31))), Post(closed=MailRoadClosed("refused"))
    now, end = NOW, NOW + timedelta(hours=24)
    limit = 100
    while now < end:
        done = await run(box, post, now, limit=limit)
        assert done.parked == 0
        limit = 1 if done.wait else 100  # as the program does: one try until the road is open
        now += done.wait or timedelta(seconds=1)
    assert post.tried <= 24 * 60 * 1.1
    post.closed = None
    back = now
    while any(each.state != "sent" for each in box.notices.values()):
        now += timedelta(seconds=1)
        await run(box, post, now)
        assert now - back <= timedelta(minutes=2)
    assert len(post.sent) == 30


async def test_a_closed_road_ends_the_pass_and_asks_to_be_left_alone() -> None:
    box = outbox(*(waiting(n) for n in range(1, 31)))
    post = Post(closed=MailRoadClosed("535 wrong password"))
    done = await run(box, post, workers=2)
    assert post.tried <= 2
    assert done.sent == 0
    assert done.wait is not None
    assert timedelta(0) < done.wait <= ROAD_WAIT
    assert done.response == "535 wrong password"
    assert all(each.state == "pending" for each in box.notices.values())


async def test_what_fails_for_five_days_is_parked_not_dropped() -> None:
    box = outbox(waiting(1, attempts=900))
    post = Post(closed=MailRoadClosed("refused"))
    await run(box, post, NOW + timedelta(days=5))
    assert box.notices[1].state == "parked"


async def test_a_worker_that_died_leaves_its_notice_to_the_next_after_the_lease() -> None:
    box, post = outbox(waiting(1)), Post()
    await box.lease(now=NOW, owner="dead", lease=LEASE, limit=1)
    assert (await run(box, post, NOW + timedelta(seconds=1))).tried == 0
    assert (await run(box, post, NOW + LEASE)).sent == 1


async def test_the_lease_outlasts_the_longest_send() -> None:
    assert timedelta(seconds=DEADLINE_S) < LEASE


async def test_a_slow_recipient_holds_up_one_worker_only() -> None:
    gate = asyncio.Event()

    class Slow(Post):
        async def send(self, mime: bytes, recipient: str) -> str:
            if recipient == NIGHT.email:
                await gate.wait()
            answer = await super().send(mime, recipient)
            if len(self.sent) == 5:
                gate.set()  # only now does the slow one answer
            return answer

    box = outbox(waiting(1, NIGHT, level=Level.FLASH), *(waiting(n, BACKUP) for n in range(2, 7)))
    post = Slow()
    async with asyncio.timeout(5):
        done = await run(box, post, workers=2)
    assert done.sent == 6
    assert post.sent[-1] == NIGHT.email


async def test_the_limit_holds() -> None:
    box, post = outbox(*(waiting(n) for n in range(1, 9))), Post()
    assert (await run(box, post, limit=3)).sent == 3
    assert len(post.sent) == 3


async def test_outcomes_carry_the_time_of_the_clock() -> None:
    later = NOW + timedelta(seconds=42)
    box, post = outbox(waiting(1)), Post()
    await run(box, post, clock=lambda: later)
    assert box.notices[1].sent_at == later


async def test_a_bug_of_the_mailer_is_loud_and_leaves_the_notice_leased() -> None:
    class Broken(Post):
        async def send(self, mime: bytes, recipient: str) -> str:
            raise ZeroDivisionError

    box = outbox(waiting(1))
    with pytest.raises(ExceptionGroup):
        await run(box, Broken())
    assert box.notices[1].state == "pending"
    assert 1 in box.leases


async def test_what_was_leased_and_not_tried_is_due_again_at_once() -> None:
    box = outbox(*(waiting(n) for n in range(1, 9)))
    post = Post(closed=MailRoadClosed("refused"))
    await run(box, post, workers=1)
    assert post.tried == 1
    assert box.leases == {}


async def test_a_lease_counts_from_when_it_was_taken_not_from_the_start_of_the_pass() -> None:
    now = [NOW]

    class Slow(Post):
        async def send(self, mime: bytes, recipient: str) -> str:
            now[0] += timedelta(seconds=DEADLINE_S)
            for _, (until, _) in box.leases.items():
                assert until > now[0]  # or another program would send it as well
            return await super().send(mime, recipient)

    box, post = outbox(*(waiting(n) for n in range(1, 6))), Slow()
    done = await run(box, post, workers=1, clock=lambda: now[0])
    assert done.sent == 5


async def test_a_flash_that_comes_during_a_pass_does_not_wait_for_its_end() -> None:
    class Arriving(Post):
        async def send(self, mime: bytes, recipient: str) -> str:
            if not self.sent:
                box.notices[99] = waiting(99, HEAD, level=Level.FLASH)
            return await super().send(mime, recipient)

    box, post = outbox(*(waiting(n) for n in range(1, 31))), Arriving()
    await run(box, post, workers=1)
    assert post.sent.index(HEAD.email) == AT_ONCE


async def test_one_refusal_after_a_day_of_other_faults_is_not_the_end() -> None:
    box = outbox(waiting(1, attempts=400, response="nobody listens"))
    post = Post({DAY.email: DeliveryError("554 not ready", permanent=True)})
    await run(box, post)
    assert box.notices[1].state == "pending"
    await run(box, post, NOW + timedelta(minutes=10))
    assert box.notices[1].state == "parked"

"""Other channels: a FLASH goes by a second road, mail that fails is told, webhooks are signed."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest

from alerts.deliver import deliver_due
from alerts.errors import DeliveryError
from alerts.policy import EscalationStep, Policy
from alerts.smtp import MailRoadClosed
from monitor import catchup, modes
from monitor.config.settings import Settings
from monitor.fetch import posting
from monitor.health import MAILED
from monitor.incidents.officer import Deed
from monitor.notify import decide_due
from monitor.oncall import roads
from monitor.oncall.deeds import acknowledge
from monitor.oncall.roads import ChannelMailer, payload, signature
from monitor.oncall.watch import StorageWatch, watch_mail
from monitor.outbox import StoredOutbox
from storage import decisions, incidents, meta, outbox
from storage.database import Connection
from storage.errors import StorageError
from storage.records import CHANNEL, Level, NewDecision, Notice, Why
from tests import oncall
from tests.fakes import FakeMailer
from tests.monitor.desk import world
from tests.storage import make

SECRET = "a secret that both sides know"


@dataclass
class Service:
    """Somebody's HTTP service on loopback; `status` is its answer."""

    port: int = 0
    status: int = 200
    wait: threading.Event = field(default_factory=threading.Event)
    mute: bool = False
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    state = Service()

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if state.mute:
                state.wait.wait(20)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.taken.append((self.path, dict(self.headers.items()), body))
            self.send_response(state.status)
            if state.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"told")

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield state
        state.wait.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def channels(settings: Settings, service: Service) -> Settings:
    """Settings with a webhook and a service of the library, both on loopback."""
    return replace(
        settings,
        channels=(
            ("hook", f"webhook+http://127.0.0.1:{service.port}/hook?x=1"),
            ("chat", f"json://127.0.0.1:{service.port}/chat/sEcretTokenOfTheChat"),
            ("unused", f"json://127.0.0.1:{service.port}/unused"),
        ),
        webhook_secret=SECRET,
    )


def policy_with(person: tuple[str, ...] = (), team: tuple[str, ...] = ()) -> Policy:
    """The shipped policy; the primary officer and the duty team have channels."""
    people, teams = dict(oncall.POLICY.people), dict(oncall.POLICY.teams)
    people["duty-primary"] = replace(people["duty-primary"], channels=person)
    teams["duty"] = replace(teams["duty"], channels=team)
    return replace(oncall.POLICY, people=people, teams=teams)


RULES = {
    Level.FLASH: "flash-anywhere",
    Level.ALERT: "severe-anywhere",
    Level.WATCH: "home-nationals",
}


def happens(conn: Connection, now: datetime, level: Level, **fields: Any) -> None:
    """An incident of which the duty team is to be told now."""
    of = make.incident(
        conn, now, title_en="Laos – flood", title_th="ลาว – น้ำท่วม", level=level,
        countries=("LA",), nationals="harmed", **fields,
    )  # fmt: skip
    change = incidents.add_change(conn, incident_id=of.id, at=now, kind="opened")
    new = NewDecision(RULES[level], "duty", now, (Why("rule"),))
    decisions.add(conn, of.id, change.id, [new], level, now)


def mail_text(notice: Notice) -> str:
    message = email.message_from_bytes(notice.mime, policy=email.policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def by_channel(conn: Connection) -> list[Notice]:
    return [each for each in outbox.recent(conn, 50) if each.recipient.startswith(CHANNEL)]


def test_a_flash_goes_by_every_second_road_and_counts_as_one_notice(
    conn: Connection, channels: Settings, now: datetime
) -> None:
    policy = policy_with(("hook",), ("chat",))
    happens(conn, now, Level.FLASH)
    assert decide_due(conn, policy, channels, now=now) == 1
    assert {each.recipient for each in by_channel(conn)} == {"channel:hook", "channel:chat"}
    decide_due(conn, policy, channels, now=now + timedelta(minutes=6))
    reminder = outbox.recent(conn, 10)[-1:]
    assert reminder
    mails = [each for each in outbox.recent(conn, 50) if "@" in each.recipient]
    assert [each.number for each in reversed(mails)] == [1, 2]
    assert len(by_channel(conn)) == 4


@pytest.mark.parametrize("level", [Level.ALERT, Level.WATCH])
def test_less_than_a_flash_goes_by_mail_alone(
    conn: Connection, channels: Settings, now: datetime, level: Level
) -> None:
    happens(conn, now, level)
    assert decide_due(conn, policy_with(("hook",)), channels, now=now, waits_elapsed=True) == 1
    assert by_channel(conn) == []


def test_what_others_carry_holds_nothing_of_our_people_or_an_officers_words(
    conn: Connection, channels: Settings, now: datetime
) -> None:
    happens(conn, now, Level.FLASH, held=("title",))
    of = incidents.by_number(conn, "2026-0001")
    assert of is not None
    incidents.save(conn, replace(of, title_en="SECRET NAME", title_th="ชื่อลับ", hazard="FL"))
    decide_due(conn, policy_with(("hook",)), channels, now=now)
    (notice,) = by_channel(conn)
    message = email.message_from_bytes(notice.mime, policy=email.policy.default)
    said = json.dumps(payload(message), ensure_ascii=False)
    for hidden in ("SECRET", "ชื่อลับ", "national", "คนไทย", "/ack/"):
        assert hidden not in said
    assert payload(message)["incident"] == "2026-0001"


def with_step(policy: Policy) -> Policy:
    """The policy, its chain of an ALERT going to the second channels after 15 minutes."""
    first, *rest = policy.escalation[Level.ALERT]
    step = EscalationStep(timedelta(minutes=15), "channels")
    return replace(policy, escalation={**policy.escalation, Level.ALERT: (first, step, *rest)})


def test_a_step_of_the_chain_goes_by_the_second_channels_and_the_chain_runs_on(
    conn: Connection, channels: Settings, now: datetime
) -> None:
    policy = with_step(policy_with(("hook",), ("chat",)))
    happens(conn, now, Level.ALERT)
    decide_due(conn, policy, channels, now=now, waits_elapsed=True)
    assert by_channel(conn) == []
    (mail,) = outbox.recent(conn, 10)
    assert "the second channel" in mail_text(mail)
    assert "อีกช่องทาง" in mail_text(mail)
    for _ in range(2):  # once, however often the ticker comes by
        assert decide_due(conn, policy, channels, now=now + timedelta(minutes=15)) in (2, 0)
    told = by_channel(conn)
    assert {each.recipient for each in told} == {"channel:hook", "channel:chat"}
    assert {(each.kind, each.person == each.recipient) for each in told} == {("escalation", True)}
    said = payload(email.message_from_bytes(told[0].mime, policy=email.policy.default))
    assert (said["incident"], said["level"], said["exercise"]) == ("2026-0001", "ALERT", False)
    assert "national" not in json.dumps(said)
    decide_due(conn, policy, channels, now=now + timedelta(minutes=30))
    assert outbox.recent(conn, 1)[0].person == "duty-backup"


def test_a_step_by_a_channel_is_not_taken_when_somebody_has_it(
    conn: Connection, channels: Settings, now: datetime
) -> None:
    policy = with_step(policy_with(("hook",)))
    happens(conn, now, Level.ALERT)
    decide_due(conn, policy, channels, now=now, waits_elapsed=True)
    of = incidents.by_number(conn, "2026-0001")
    assert of is not None
    acknowledge(Deed(conn, policy, "duty-primary", now), of, "desk")
    assert decide_due(conn, policy, channels, now=now + timedelta(minutes=15)) == 0


def test_in_a_drill_a_second_road_is_marked_and_not_left_out(
    conn: Connection, channels: Settings, now: datetime
) -> None:
    until = now + timedelta(hours=1)
    modes.turn_on(conn, "drill", until=until, by="head-of-desk", because="yearly", now=now)
    happens(conn, now, Level.FLASH)
    decide_due(conn, policy_with(("hook",)), channels, now=now)
    (told,) = by_channel(conn)
    said = payload(email.message_from_bytes(told.mime, policy=email.policy.default))
    assert said["exercise"] is True
    assert said["title"].startswith("[EXERCISE/ฝึกซ้อม]")
    assert "EXERCISE" in said["text"]
    assert "แต่รายงานนี้มาจากแหล่งข่าวจริง" in said["text"]


def test_a_catch_up_after_a_closed_road_is_a_mail_and_never_goes_by_a_channel(
    conn: Connection, channels: Settings, now: datetime
) -> None:
    policy = policy_with(("hook",))
    for n in range(22):
        happens(conn, now, Level.FLASH, lat=float(n))
    decide_due(conn, policy, channels, now=now)
    catchup.close(conn, now)
    later = now + timedelta(hours=2)
    catchup.reopen(conn, policy, channels, now=later)
    assert [each for each in by_channel(conn) if each.kind == "catch_up"] == []


@pytest.mark.asyncio
async def test_a_webhook_gets_signed_json_that_its_receiver_can_check(
    empty: world.StandIn, channels: Settings, service: Service, now: datetime
) -> None:
    with empty.database.write() as conn:
        happens(conn, now, Level.FLASH)
        decide_due(conn, policy_with(("hook",)), channels, now=now)
    mailer = ChannelMailer(channels, lambda: now)
    box = StoredOutbox(empty.writer, channels=True)
    done = await deliver_due(box, mailer, now=now, owner="test")
    assert (done.sent, done.retried) == (1, 0)
    ((path, headers, body),) = service.taken
    assert path == "/hook?x=1"
    stamp, mark = (part.partition("=")[2] for part in headers[roads.SIGNATURE].split(","))
    wanted = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert (mark, int(stamp)) == (wanted, int(now.timestamp()))
    said = json.loads(body)
    assert (said["version"], said["level"], said["incident"]) == (1, "FLASH", "2026-0001")
    with empty.database.read() as conn:
        (sent,) = by_channel(conn)
    assert (sent.state, sent.response) == ("sent", "HTTP 200 OK told")


@pytest.mark.asyncio
async def test_a_service_of_the_library_gets_subject_and_text(
    channels: Settings, service: Service, empty: world.StandIn, now: datetime
) -> None:
    pytest.importorskip("apprise")
    with empty.database.write() as conn:
        happens(conn, now, Level.FLASH)
        decide_due(conn, policy_with((), ("chat",)), channels, now=now)
        (notice,) = by_channel(conn)
    mailer = ChannelMailer(channels, lambda: now)
    assert (await mailer.send(notice.mime, notice.recipient)).startswith("taken by")
    ((path, _, body),) = service.taken
    assert path == "/chat/sEcretTokenOfTheChat"
    assert "วิกฤต" in json.loads(body)["title"]
    assert "2026-0001" in json.loads(body)["message"]
    service.status = 500
    with pytest.raises(DeliveryError) as told:
        await mailer.send(notice.mime, notice.recipient)
    assert not told.value.permanent
    assert "sEcretTokenOfTheChat" not in told.value.response


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("status", "permanent"), [(302, True), (404, True), (408, False), (429, False), (503, False)]
)
async def test_what_a_webhook_refuses_is_tried_again_where_waiting_can_help(
    service: Service, status: int, permanent: bool
) -> None:
    service.status = status
    with pytest.raises(DeliveryError, match=str(status)) as told:
        await posting.post(f"http://127.0.0.1:{service.port}/", b"{}", {}, deadline_s=5, proxy=None)
    assert told.value.permanent is permanent
    assert len(service.taken) == 1, "a redirect is not followed"


@pytest.mark.asyncio
async def test_a_webhook_that_never_answers_is_given_up(service: Service) -> None:
    service.mute = True
    with pytest.raises(DeliveryError, match="no answer within"):
        await posting.post(
            f"http://127.0.0.1:{service.port}/", b"{}", {}, deadline_s=0.3, proxy=None
        )


@pytest.mark.asyncio
async def test_a_closed_mail_road_holds_up_no_channel(
    empty: world.StandIn, channels: Settings, service: Service, now: datetime
) -> None:
    with empty.database.write() as conn:
        happens(conn, now, Level.FLASH)
        decide_due(conn, policy_with(("hook",)), channels, now=now)
    closed = FakeMailer(refuse=MailRoadClosed("the server is down"))
    mails = await deliver_due(StoredOutbox(empty.writer), closed, now=now, owner="a")
    assert (mails.sent, mails.retried) == (0, 1)
    mailer = ChannelMailer(channels, lambda: now)
    done = await deliver_due(StoredOutbox(empty.writer, channels=True), mailer, now=now, owner="a")
    assert done.sent == 1


@pytest.mark.asyncio
async def test_mail_that_fails_is_told_by_the_other_channels_once_and_so_is_its_return(
    empty: world.StandIn, channels: Settings
) -> None:
    empty.settings, empty.policy = channels, policy_with(("hook",))
    with empty.database.write() as conn:
        added = outbox.enqueue(conn, make.notice(world.NOW, level=Level.FLASH), world.NOW)
        assert added is not None
        outbox.retry(conn, added, world.NOW, world.NOW, "no connection")
        meta.set(conn, MAILED, "", world.NOW + timedelta(minutes=4))
    empty.clock.move(timedelta(minutes=6))
    await watch_mail(cast(Any, empty))
    with empty.database.read() as conn:
        assert by_channel(conn) == [], "mails to others still go out"
    for _ in range(3):
        empty.clock.move(timedelta(minutes=4))
        await watch_mail(cast(Any, empty))
    with empty.database.write() as conn:
        (told,) = by_channel(conn)
        assert (told.kind, told.recipient) == ("service", "channel:hook")
        outbox.mark_sent(conn, added, empty.clock.now(), "250 ok")
        assert outbox.oldest_waiting(conn) is None, "a channel that waits is no standstill"
    await watch_mail(cast(Any, empty))
    with empty.database.read() as conn:
        assert len(by_channel(conn)) == 2


@dataclass
class Broken:
    """A program whose database cannot be written."""

    settings: Settings
    policy: Policy
    clock: Any
    mailer: FakeMailer
    road: FakeMailer
    fails: bool = True

    @property
    def writer(self) -> Broken:
        return self

    async def write(self, work: object) -> None:
        if self.fails:
            raise StorageError("The disk of var/monitor.db is full: nothing more can be stored.")


@pytest.mark.asyncio
async def test_storage_that_fails_is_told_from_memory_once_and_so_is_its_end(
    settings: Settings, tmp_path: Path
) -> None:
    from monitor.clock import SetClock

    mailer, road = FakeMailer(), FakeMailer()
    clock = SetClock(world.NOW)
    program = Broken(settings, policy_with(("hook",)), clock, mailer, road)
    watch = StorageWatch()
    for _ in range(6):
        await watch.look(cast(Any, program))
        clock.move(timedelta(seconds=20))
    told = [to for to, _ in mailer.sent]
    assert told == [
        "duty-primary@ministry.example",
        "duty-backup@ministry.example",
        "duty-desk-admin@ministry.example",
    ]
    assert [to for to, _ in road.sent] == ["channel:hook"]
    message = email.message_from_bytes(mailer.sent[0][1], policy=email.policy.default)
    assert "The disk of var/monitor.db is full" in roads.text_of(message)
    program.fails = False
    await watch.look(cast(Any, program))
    assert len(mailer.sent) == 6


def test_a_signature_is_bound_to_its_time_and_body(now: datetime) -> None:
    one = signature(SECRET, b"body", now)
    assert one != signature(SECRET, b"body", now + timedelta(seconds=1))
    assert one.partition(",")[2] != signature(SECRET, b"other", now).partition(",")[2]

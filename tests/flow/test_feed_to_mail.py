"""From the feed list to the mail: what is told, to whom, in which words, and what is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts import words
from monitor.app import Program, build
from monitor.clock import SetClock
from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.settings import read_settings
from storage import decisions, incidents, itemreads, outbox
from storage.database import Connection
from tests.documents import Quake, Story, cap, news, quakes
from tests.feedserver import FeedServer, eventually
from tests.mailserver import Mail, MailServer, mailserver
from tests.office import Office
from tests.signing import Signer

EARLY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DAY_SHIFT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 10:00 in Bangkok
BOTH, THAI = "duty-primary@ministry.example", "duty-backup@ministry.example"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with mailserver() as server:
        yield server


@dataclass(slots=True)
class Desk:
    """The whole program in this process, with a clock that the test moves."""

    program: Program
    clock: SetClock
    inbox: MailServer

    async def go(self, by: timedelta = timedelta(0)) -> list[Mail]:
        """Move the clock, poll everything, decide, deliver; the mails that came of it."""
        before = len(self.inbox.taken)
        self.clock.move(by)
        for report in await self.program.poll_all():
            assert report.ok, report
        await self.program.tick()
        delivered = await self.program.deliver()
        assert (delivered.retried, delivered.parked) == (0, 0)
        return self.inbox.taken[before:]

    async def reasons(self) -> dict[str, list[str]]:
        """Title of every item → why it told or did not tell."""

        def look(conn: Connection) -> dict[str, list[str]]:
            said: dict[str, list[str]] = {}
            for item in itemreads.recent(conn, limit=100):
                why = list(item.disposition)
                if item.incident_id is not None:
                    for decision in decisions.of_incident(conn, item.incident_id):
                        why += decision.why
                said[item.values.title] = [each.code for each in why]
            return said

        return await self.program.writer.read(look)


Opener = Callable[[], AbstractAsyncContextManager[Desk]]


@pytest.fixture
def desk_of(
    tmp_path: Path,
    database_url: str,
    feed_server: FeedServer,
    mail_server: MailServer,
    office: Office,
) -> Opener:
    """Opens the program over the office's feed list, known feeds, on either kind of database."""

    @asynccontextmanager
    async def open_desk() -> AsyncIterator[Desk]:
        settings = read_settings(
            {
                "MONITOR_VAR": str(office.folder / "var"),
                "MONITOR_FEEDS": str(office.feeds),
                "MONITOR_ALERTS": str(office.folder / "alerts.yaml"),
                "MONITOR_DATABASE_URL": database_url,
                "MONITOR_SMTP_URL": mail_server.url,
                "MONITOR_MAIL_FROM": "Crisis Monitor <alerts@ministry.example>",
                "MONITOR_BASE_URL": "https://desk.ministry.example",
                "MONITOR_ALLOW_HOSTS": feed_server.host,
                "MONITOR_MODEL_DIR": str(office.model_dir),
            }
        )
        clock = SetClock(EARLY)
        feedlist, policy = read_feedlist(settings.feeds, {}), read_policy(settings.alerts)
        program = build(settings, feedlist, policy, clock=clock)
        try:
            await program.take_over_list()
            for report in await program.poll_all():  # first sight of every feed: they are empty
                assert report.ok, report
            clock.set(DAY_SHIFT)
            yield Desk(program, clock, mail_server)
        finally:
            await program.close()

    return open_desk


@pytest.fixture
def feeds(office: Office, feed_server: FeedServer) -> FeedServer:
    """An office that watches a seismic agency, a wire and a flood agency, all silent so far."""
    office.list_feeds(
        {"name": "Quakes", "url": feed_server.put("q.geojson", quakes([])), "tier": "official",
         "publisher": "Example Seismic Service"},
        {"name": "Wire", "kind": "news", "url": feed_server.put("n.xml", news([])), "tier": "wire"},
        {"name": "Floods", "url": feed_server.put("f.xml", news([])), "tier": "official"},
        every="5m",
    )  # fmt: skip
    return feed_server


@pytest.mark.asyncio
async def test_an_alert_reaches_the_officer_in_both_languages(
    desk_of: Opener, feeds: FeedServer
) -> None:
    async with desk_of() as desk:
        feeds.put("q.geojson", quakes([Quake("q1", 7.4, DAY_SHIFT - timedelta(minutes=4))]))
        (mail,) = await desk.go()
        (incident,) = await desk.program.writer.read(
            lambda conn: incidents.listing(conn, states=("open",), limit=10)
        )
    message = mail.message
    assert mail.recipients == (BOTH,)
    assert message["To"] == BOTH
    assert message["Cc"] is None
    assert message["Bcc"] is None
    assert message["From"] == "Crisis Monitor <alerts@ministry.example>"
    assert message["Subject"].startswith(f"[{words.say('level.FLASH', 'th')}]")
    assert incident.number in message["Subject"]
    assert message["X-Crisis-Level"] == "FLASH"
    assert message["X-Crisis-Incident"] == incident.number
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["In-Reply-To"] is None
    assert mail.id.endswith("@ministry.example>")
    assert mail.id.startswith(f"<{incident.number}.n1.")
    for kind in ("plain", "html"):
        body = mail.body(kind)
        assert incident.title_th in body
        assert incident.title_en in body
        assert "7.4" in body
        assert "Example Seismic Service" in body
        assert "เมียนมา" in body
        assert "Myanmar" in body
        assert "2569" in body  # the Buddhist-era year
        assert incident.number in body
    assert "https://desk.ministry.example" in mail.body("html")
    assert "<script" not in mail.body("html")


@pytest.mark.asyncio
async def test_a_rise_is_told_at_once_and_in_the_same_thread(
    desk_of: Opener, feeds: FeedServer
) -> None:
    at = DAY_SHIFT - timedelta(minutes=4)
    async with desk_of() as desk:
        feeds.put("q.geojson", quakes([Quake("q1", 6.3, at)]))
        assert await desk.go() == []  # an ALERT waits for more sources
        (first,) = await desk.go(timedelta(minutes=3))
        revised = Quake("q1", 7.6, at, updated=at + timedelta(minutes=9))
        feeds.put("q.geojson", quakes([revised]))
        (second,) = await desk.go(timedelta(minutes=5))
        assert await desk.go(timedelta(minutes=1)) == []
    assert first.message["X-Crisis-Level"] == "ALERT"
    assert second.message["X-Crisis-Level"] == "FLASH"
    assert second.recipients == first.recipients == (BOTH,)
    assert second.id != first.id
    assert second.message["In-Reply-To"] == first.id
    assert first.id in second.message["References"]
    for kind in ("plain", "html"):
        assert "7.6" in second.body(kind)
        assert "6.3" in first.body(kind)


@pytest.mark.asyncio
async def test_ordinary_news_and_drills_send_nothing_and_say_why(
    desk_of: Opener, feeds: FeedServer
) -> None:
    at = DAY_SHIFT - timedelta(minutes=4)
    drill = "Exercise: major flood on the lower river in Laos"
    async with desk_of() as desk:
        feeds.put("f.xml", cap("x1", at, status="Exercise", headline=drill))
        feeds.put("n.xml", news([
            Story("n1", "Parliament debates the budget", at),
            Story("n2", "Drill: ministry holds tsunami evacuation exercise in Phuket", at),
        ]))  # fmt: skip
        assert await desk.go() == []
        assert await desk.go(timedelta(hours=2)) == []
        reasons = await desk.reasons()
    assert desk.inbox.taken == []
    assert set(reasons) == {
        drill,
        "Parliament debates the budget",
        "Drill: ministry holds tsunami evacuation exercise in Phuket",
    }
    assert all(reasons.values()), reasons
    assert "exercise" in reasons[drill]


@pytest.mark.asyncio
async def test_nobody_answering_brings_the_next_officer_and_an_acknowledgement_ends_it(
    desk_of: Opener, feeds: FeedServer
) -> None:
    async with desk_of() as desk:
        feeds.put("q.geojson", quakes([Quake("q1", 7.4, DAY_SHIFT - timedelta(minutes=4))]))
        told = [(0, await desk.go())]
        told += [
            (5, await desk.go(timedelta(minutes=5))),
            (10, await desk.go(timedelta(minutes=5))),
        ]

        def take(conn: Connection) -> None:
            (incident,) = incidents.listing(conn, states=("open",), limit=10)
            incidents.acknowledge(
                conn, incident.id, by="night desk", at=desk.clock.now(), channel="command",
                level=incident.level,
            )  # fmt: skip

        await desk.program.writer.write(take)
        told.append((20, await desk.go(timedelta(minutes=10))))
        told.append((60, await desk.go(timedelta(minutes=40))))
    assert [(after, [mail.recipients for mail in mails]) for after, mails in told] == [
        (0, [(BOTH,)]),
        (5, [(BOTH,)]),
        (10, [(THAI,)]),
        (20, []),
        (60, []),
    ]
    ids = [mail.id for _, mails in told for mail in mails]
    assert len(set(ids)) == 3
    both, thai = told[0][1][0], told[2][1][0]
    assert both.message["Content-Language"] == "th, en"
    assert thai.message["Content-Language"] == "th"


@pytest.mark.asyncio
async def test_a_mail_server_that_refuses_gets_the_same_message_again(
    desk_of: Opener, feeds: FeedServer
) -> None:
    async with desk_of() as desk:
        feeds.put("q.geojson", quakes([Quake("q1", 7.4, DAY_SHIFT - timedelta(minutes=4))]))
        desk.inbox.refuses = "451 busy, come again"
        await desk.program.poll_all()
        await desk.program.tick()
        assert (await desk.program.deliver()).retried == 1
        assert desk.inbox.taken == []
        (waiting,) = await desk.program.writer.read(lambda conn: outbox.recent(conn, 10))
        assert "451" in waiting.response
        desk.inbox.refuses = ""
        mails = await desk.go(timedelta(minutes=4))
    assert [mail.recipients for mail in mails] == [(BOTH,)]
    assert mails[0].id == waiting.message_id


def test_the_running_program_polls_mails_and_ends_on_ctrl_c(
    office: Office, feed_server: FeedServer, mail_server: MailServer
) -> None:
    now = datetime.now(UTC)
    feed_server.put("q.geojson", quakes([]))
    office.list_feeds({"name": "Quakes", "url": feed_server.url("q.geojson")}, every="1s")
    office.environ.update(
        MONITOR_ALLOW_HOSTS=feed_server.host,
        MONITOR_SMTP_URL=mail_server.url,
        MONITOR_MAIL_FROM="alerts@ministry.example",
    )
    office.monitor("poll", "--all").ok()  # first sight
    with office.running() as running:
        eventually(lambda: feed_server.asked["q.geojson"] > 2, 20, "the feed is polled")
        feed_server.put("q.geojson", quakes([Quake("q1", 7.4, now - timedelta(minutes=4))]))
        eventually(lambda: mail_server.taken, 20, "the alert arrives")
        number = mail_server.taken[0].message["X-Crisis-Incident"]
        assert number in running.page("/")
        assert number in running.page(f"/incidents/{number}")
        asked = feed_server.asked["q.geojson"]
        eventually(lambda: feed_server.asked["q.geojson"] > asked + 1, 10, "polling goes on")
        assert running.interrupt() == 0
        assert "Traceback" not in running.text()
    assert len(mail_server.taken) == 1
    assert "sound" in office.monitor("db", "check").ok()


@pytest.mark.asyncio
@pytest.mark.parametrize("form", ["verified", "bad", "unsigned"])
async def test_an_extreme_alert_goes_out_whatever_its_signature_and_the_mail_says_how_it_stands(
    desk_of: Opener, feeds: FeedServer, office: Office, form: str
) -> None:
    """Forging, or spoiling a signature, must not be a way to silence a warning."""
    signer = Signer("flood agency", until=DAY_SHIFT + timedelta(days=300))
    (office.folder / "floods.pem").write_bytes(signer.pem)
    office.list_feeds(
        {"name": "Floods", "url": feeds.put("f.xml", news([])), "tier": "official",
         "certificates": ["floods.pem"]},
        every="5m",
    )  # fmt: skip
    text = cap("s1", DAY_SHIFT - timedelta(minutes=4)).partition("?>")[2].strip()
    if form != "unsigned":
        text = signer.sign(text)
    if form == "bad":
        text = text.replace("Water is rising", "Water is rising fast")
    async with desk_of() as desk:
        feeds.put("f.xml", text)
        (mail,) = await desk.go()
    flag = {"verified": "signature_verified", "bad": "signature_bad", "unsigned": "unsigned"}[form]
    assert mail.message["X-Crisis-Level"] == "FLASH"
    for kind in ("plain", "html"):
        assert words.say(f"signature.{flag}", "th") in mail.body(kind)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("one", "other", "country"),
    [
        ((2, "Flood"), (37, "Cyclone"), "Malaysia"),
        ((17, "Wildfire"), (45, "Wildfire"), "Cambodia"),
    ],
)
async def test_extreme_warnings_for_two_provinces_are_two_incidents_and_both_are_told(
    desk_of: Opener,
    feeds: FeedServer,
    one: tuple[int, str],
    other: tuple[int, str],
    country: str,
) -> None:
    async with desk_of() as desk:
        for number, event in (one, other):
            place = f"Mark{number:04d}"
            message = cap(
                f"mark-{number}",
                desk.clock.now(),
                event=event,
                headline=f"{event} at {place} in {country}",
                area=f"{place} Province, {country}",
            )
            feeds.put("f.xml", message)
            mails = await desk.go(timedelta(minutes=28))
        found = await desk.program.writer.read(
            lambda conn: incidents.listing(conn, states=("open",), limit=10)
        )
    assert len(found) == 2
    assert any(place in mail.message["Subject"] or place in mail.body("plain") for mail in mails)

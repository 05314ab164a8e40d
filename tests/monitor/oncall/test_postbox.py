"""Reading an inbox: a real Maildir, and an IMAP server on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from monitor.app import Program
from monitor.config.settings import Settings
from monitor.health import INBOX_FAULT
from monitor.oncall import postbox as boxes
from monitor.oncall.postbox import Imap, InboxError, Maildir, postbox
from monitor.oncall.watch import inbox_reader
from storage import incidents, meta
from storage import oncall as kept
from tests import oncall
from tests.authority import authority
from tests.imapserver import ImapServer, imapserver
from tests.monitor.desk import world


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imapserver() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    return tmp_path / "Maildir"


class Taken(list[bytes]):
    """Keeps what it is handed."""

    async def take(self, raw: bytes) -> None:
        self.append(raw)


def deliver(folder: Path, name: str, raw: bytes) -> None:
    """As a mail server does it: written beside, then moved."""
    (folder / "tmp" / name).write_bytes(raw)
    (folder / "tmp" / name).replace(folder / "new" / name)


@pytest.mark.asyncio
async def test_new_mails_of_a_maildir_are_read_once_and_kept_as_read(folder: Path) -> None:
    deliver(folder, "2.host", b"second")
    deliver(folder, "1.host", b"first")
    os.utime(folder / "new" / "1.host", (1, 1))
    taken = Taken()
    box = postbox(f"maildir://{folder}")
    assert isinstance(box, Maildir)
    await box.read("", taken.take)
    await box.read("", taken.take)
    assert taken == [b"first", b"second"]
    assert sorted(each.name for each in (folder / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]


@pytest.mark.asyncio
async def test_a_mail_stays_new_when_it_could_not_be_taken(folder: Path) -> None:
    deliver(folder, "1.host", b"first")

    async def fail(raw: bytes) -> None:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        await Maildir(folder).read("", fail)
    assert [each.name for each in (folder / "new").iterdir()] == ["1.host"]


@pytest.mark.asyncio
async def test_a_folder_that_is_no_maildir_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(InboxError, match="it must hold the folders new and cur"):
        await Maildir(tmp_path / "nothing").read("", Taken().take)


@pytest.mark.asyncio
async def test_mails_of_an_imap_server_are_read_once_and_left_as_they_are(
    server: ImapServer,
) -> None:
    server.mails = [b"From: a@b.example\r\n\r\nfirst\r\n"]
    box, taken = postbox(server.url), Taken()
    assert isinstance(box, Imap)
    mark = await box.read("", taken.take)
    mark = await box.read(mark, taken.take)
    server.mails.append(b"From: a@b.example\r\n\r\nsecond\r\n")
    mark = await box.read(mark, taken.take)
    assert [each.split()[-1] for each in taken] == [b"first", b"second"]
    assert any(each.startswith("EXAMINE") for each in server.commands), "opened to be read only"
    assert all("STORE" not in each and "EXPUNGE" not in each for each in server.commands)


@pytest.mark.asyncio
async def test_an_inbox_that_was_made_anew_is_read_from_its_start(server: ImapServer) -> None:
    server.mails = [b"one", b"two"]
    box, taken = Imap(server.url), Taken()
    mark = await box.read("", taken.take)
    server.mails, server.validity, server.first = [b"three"], 8, 1
    await box.read(mark, taken.take)
    assert taken == [b"one", b"two", b"three"]


@pytest.mark.asyncio
async def test_a_wrong_password_is_told_without_the_password(server: ImapServer) -> None:
    with pytest.raises(InboxError, match="wrong user or password") as told:
        await Imap(server.url.replace("p%3Aw", "wrong-one")).read("", Taken().take)
    assert "wrong-one" not in str(told.value)
    with pytest.raises(InboxError, match="no folder Other"):
        await Imap(server.url.replace("INBOX", "Other")).read("", Taken().take)


@pytest.mark.asyncio
async def test_a_server_that_says_nothing_is_given_up(
    server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.mute = True
    monkeypatch.setattr(boxes, "_SOCKET_S", 0.2)
    with pytest.raises(InboxError, match="cannot be read"):
        await Imap(server.url).read("", Taken().take)


@pytest.mark.asyncio
async def test_starttls_is_asked_for_and_never_left_out(server: ImapServer) -> None:
    with pytest.raises(InboxError, match=r"TLS|capab"):
        await Imap(server.url.removesuffix("?tls=none")).read("", Taken().take)
    assert not any(each.startswith("LOGIN") for each in server.commands)


@pytest.mark.asyncio
@pytest.mark.parametrize("road", ["imaps", "imap"])
@pytest.mark.parametrize(
    ("host", "known", "days", "told"),
    [
        ("localhost", True, (-1, 90), None),
        ("localhost", False, (-1, 90), "certificate verify failed"),
        ("mail.example", True, (-1, 90), "not valid for 'localhost'"),
        ("localhost", True, (-90, -1), "certificate has expired"),
    ],
    ids=["trusted", "unknown-authority", "wrong-name", "expired"],
)
async def test_a_password_goes_only_to_the_server_that_the_certificate_names(
    road: str, host: str, known: bool, days: tuple[int, int], told: str | None, tmp_path: Path
) -> None:
    theirs, ours = authority(tmp_path)(days, host)
    at_once, asked = (theirs, None) if road == "imaps" else (None, theirs)
    with imapserver(at_once, starttls=asked) as server:
        server.mails.append(b"Subject: ack\r\n\r\nack\r\n")
        url = server.url.removesuffix("?tls=none").replace("127.0.0.1", "localhost")
        box = Imap(url.replace("imap:", f"{road}:"), tls_context=ours if known else None)
        taken = Taken()
        if told is None:
            await box.read("", taken.take)
            assert len(taken) == 1
        else:
            with pytest.raises(InboxError, match=told):
                await box.read("", taken.take)
            assert not any(each.startswith("LOGIN") for each in server.commands)


@pytest.mark.asyncio
async def test_a_reply_in_the_inbox_takes_the_incident_on(
    empty: world.StandIn, settings: Settings, folder: Path, now: datetime
) -> None:
    empty.settings, empty.policy = settings, oncall.POLICY
    with empty.database.write() as conn:
        case = oncall.told(conn, settings, now)
    deliver(folder, "1.host", oncall.reply(settings, case.first, "ack"))
    deliver(folder, "2.host", oncall.bounce(case.second))
    reader = inbox_reader(cast(Program, empty))
    assert reader is not None
    await reader.look(cast(Program, empty))
    with empty.database.read() as conn:
        assert incidents.get(conn, case.incident.id).acknowledged_by == "duty-primary"
        assert sorted(each.kind for each in kept.letters(conn, limit=5)) == [
            "acknowledged",
            "bounced",
        ]


@pytest.mark.asyncio
async def test_an_inbox_that_cannot_be_read_is_shown_at_the_desk_until_it_can(
    empty: world.StandIn, settings: Settings, tmp_path: Path
) -> None:
    empty.settings = replace(settings, inbox=f"maildir://{tmp_path / 'Maildir'}")
    reader = inbox_reader(cast(Any, empty))
    assert reader is not None
    await reader.look(cast(Any, empty))
    async with world.client(empty) as browser:
        assert "cannot be read" in (await browser.get("/?lang=en")).text
    for name in ("new", "cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    empty.clock.move(timedelta(seconds=20))
    await reader.look(cast(Any, empty))
    with empty.database.read() as conn:
        found = meta.get(conn, INBOX_FAULT)
    assert found is not None
    assert found.value == ""

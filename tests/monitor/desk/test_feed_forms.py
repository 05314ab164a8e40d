"""Tuning the feed list at the desk: the commands' deeds as forms, and never over others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import httpx
import pytest

from monitor.app import Program
from monitor.classifying import Classifiers
from monitor.config.feedlist import FeedList, identities, identity, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.tuning import history
from monitor.tuning.editing import entries_of
from storage import feeds
from storage.records import PollResult
from tests.documents import Story, news
from tests.feedserver import FeedServer, feedserver
from tests.monitor.desk import world
from tests.monitor.desk.browsing import Elements, fetch

pytestmark = pytest.mark.asyncio
ROOT = Path(__file__).parents[3]
LIST = """\
# Ask the information desk first.
defaults: {every: 15m}
feeds:
  - name: Wire      # read often
    url: https://wire.example/rss
    kind: news
    tags: ["a, b", c]
  - name: กระทรวงตัวอย่าง
    url: https://ministry.example/rss
    alternates: ["https://ministry.example/new"]
    kind: ministry
    country: MM
"""
THAI = "/feeds/tune/กระทรวงตัวอย่าง"
CSV = (
    "name,url,kind,country\nSeismo,https://seismo.example/rss,hazard,\n"
    "Bad,htp://nowhere,news,\nWire,https://wire.example/rss,news,GB\n"
)


@dataclass
class Listed(world.StandIn):
    """A desk whose list is a real file: what is written is read again."""

    def use(self, feedlist: FeedList, policy: object) -> None:
        self.feedlist = feedlist

    async def take_over_list(self) -> None:
        with self.database.write() as conn:
            states = feeds.states(conn)
            keyed = identities(self.feedlist.feeds, states)
            feeds.sync(conn, [identity(*each) for each in keyed.items()], self.clock.now())

    @property
    def file(self) -> Path:
        return self.settings.feeds

    def entry(self, name: str) -> dict[str, object]:
        text = self.file.read_text(encoding="utf-8")
        return next(each for each in entries_of(text) if each["name"] == name)

    def past(self) -> list[history.Past]:
        with self.database.read() as conn:
            return history.listing(conn)


@pytest.fixture
def listed(sqlite_url: str, tmp_path: Path) -> Iterator[Listed]:
    (tmp_path / "feeds.yaml").write_text(LIST, encoding="utf-8")
    for name in ("alerts.yaml", "missions.yaml", "holidays.yaml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    made = world.stand_in(
        sqlite_url, tmp_path, world.NOW,
        feedlist=read_feedlist(tmp_path / "feeds.yaml", {}),
        policy=read_policy(tmp_path / "alerts.yaml"),
    )  # fmt: skip
    program = Listed(**{name: getattr(made, name) for name in made.__dataclass_fields__})
    yield program
    program.writer.close()
    program.database.close()


def inputs(html: str) -> dict[str, str]:
    """The hidden fields of a page's forms, the first of each name."""
    found: dict[str, str] = {}
    for each in Elements(html).named("input"):
        if each.get("type") == "hidden":
            found.setdefault(each["name"], each.get("value", ""))
    return found


def shown(html: str) -> dict[str, str]:
    """What the fields of the page hold, as a browser would send them."""
    page = Elements(html)
    found = {
        each["name"]: each.get("value", "")
        for each in page.named("input")
        if each.get("type") not in ("hidden", "checkbox", "file") or "checked" in each
    }
    return found | {"kind": "news"}


async def send(
    program: world.StandIn, path: str, fields: dict[str, str], **headers: str
) -> httpx.Response:
    """Open the page and send its form with these fields."""
    async with world.client(program, cookie="desk_language=en", **headers) as browser:
        page = (await browser.get(path)).text
        given = {"by": "duty-primary", "why": "", **inputs(page), **fields}
        return await browser.post(path, data=given)


async def test_a_feed_is_changed_and_the_file_keeps_its_comments(listed: Listed) -> None:
    page = (await fetch(listed, "/feeds/tune/wire")).text
    fields = shown(page) | {"deed": "edit", "every": "5m", "priority": "on", "why": "too late"}
    answer = await send(listed, "/feeds/tune/wire", fields)
    assert answer.status_code == 303, answer.text
    (done,) = listed.past()
    assert answer.headers["location"] == f"/feeds/changes#c{done.id}"
    assert (done.who, done.deed, done.why) == ("duty-primary", "edit", "too late")
    assert [line for line in done.diff if line[0] == "+"] == [
        "+    priority: true",
        "+    every: 5m",
    ]
    assert "# read often" in listed.file.read_text(encoding="utf-8")
    assert listed.entry("Wire")["tags"] == ["a, b", "c"], "what a form cannot say stays"
    assert listed.feedlist.named("Wire").every == timedelta(minutes=5), "in force at once"
    text = (await fetch(listed, "/feeds/changes?lang=en")).text
    assert "changed: Wire" in text
    assert "too late" in text


async def test_the_later_of_two_edits_is_told_and_nothing_is_overwritten(listed: Listed) -> None:
    async with world.client(listed, cookie="desk_language=en") as browser:
        page = (await browser.get("/feeds/tune/wire")).text
        first = await send(
            listed, "/feeds/tune/wire", shown(page) | {"deed": "edit", "note": "one"}
        )
        assert first.status_code == 303
        mine = inputs(page) | shown(page) | {"deed": "edit", "by": "duty-primary", "note": "two"}
        late = await browser.post("/feeds/tune/wire", data=mine)
        assert late.status_code == 409
        assert "somebody changed this feed after you opened the page" in late.text
        assert "Note, as it stands now:" in late.text
        assert ">two</textarea>" in late.text, "what was written is not lost"
        assert listed.entry("Wire")["note"] == "one"
        again = await browser.post("/feeds/tune/wire", data=mine | inputs(late.text))
        assert again.status_code == 303
    assert listed.entry("Wire")["note"] == "two"


async def test_a_feed_is_switched_off_until_a_day_and_on_again_and_removed(listed: Listed) -> None:
    off = {"deed": "disable", "why": "ปรับปรุงเว็บไซต์", "until": "2026-12-01T08:00"}
    assert (await send(listed, THAI, off)).status_code == 303
    entry = listed.entry("กระทรวงตัวอย่าง")
    assert (entry["enabled"], entry["reason"]) == (False, "ปรับปรุงเว็บไซต์")
    assert str(entry["until"]).startswith("2026-12-01T08:00")
    assert (await send(listed, THAI, {"deed": "enable"})).status_code == 303
    assert "enabled" not in listed.entry("กระทรวงตัวอย่าง")
    assert (await send(listed, THAI, {"deed": "remove", "why": "ended"})).status_code == 303
    assert [each.deed for each in listed.past()] == ["remove", "enable", "disable"]
    assert (await fetch(listed, THAI)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"deed": "disable", "why": ""}, "write the reason"),
        ({"deed": "disable", "why": "x", "until": "soon"}, "is no day or time"),
        ({"deed": "disable", "why": "x", "until": "2020-01-01"}, "that time is over already"),
        ({"deed": "disable", "why": "x", "until": "0026-12-01"}, "the year 26 cannot be meant"),
        ({"deed": "remove"}, "write the reason"),
        ({"deed": "jump"}, "choose what to do"),
        ({"deed": "enable"}, "enabled already"),
        ({"deed": "remove", "why": "x", "by": "nobody"}, "choose who does it"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    listed: Listed, fields: dict[str, str], said: str
) -> None:
    answer = await send(listed, "/feeds/tune/wire", fields)
    assert answer.status_code == 409
    assert said in answer.text
    assert listed.file.read_text(encoding="utf-8") == LIST


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("every", "soon", "“Read every” cannot be so: &#39;soon&#39; is no interval"),
        ("url", "wire.example", "“Address” cannot be so"),
        ("country", "XX", "“Country that speaks” cannot be so"),
        ("coverage", "asaen", "did you mean asean?"),
        ("name", "กระทรวงตัวอย่าง", "is taken by another feed"),
    ],
)
async def test_a_wrong_value_is_told_by_its_field_and_what_was_written_stays(
    listed: Listed, key: str, value: str, said: str
) -> None:
    page = (await fetch(listed, "/feeds/tune/wire")).text
    fields = shown(page) | {"deed": "edit", key: value}
    answer = await send(listed, "/feeds/tune/wire", fields)
    assert answer.status_code == 409
    assert said in answer.text
    assert f'value="{value}"' in answer.text
    assert listed.file.read_text(encoding="utf-8") == LIST


async def test_a_change_is_taken_back_unless_another_came_meanwhile(listed: Listed) -> None:
    for note in ("one", "two"):
        page = (await fetch(listed, "/feeds/tune/wire")).text
        await send(listed, "/feeds/tune/wire", shown(page) | {"deed": "edit", "note": note})
    first, second = sorted(each.id for each in listed.past())
    wanted = {"number": str(second), "newest": str(first)}
    late = await send(listed, "/feeds/changes", wanted)
    assert late.status_code == 409
    assert "the list was changed again after you opened the page" in late.text
    done = await send(listed, "/feeds/changes", {"number": str(first), "newest": str(second)})
    assert done.status_code == 303, "with the one after it, as the page says"
    assert listed.file.read_text(encoding="utf-8") == LIST


async def test_a_file_is_tried_first_and_taken_over_with_a_second_yes(listed: Listed) -> None:
    async with world.client(listed, cookie="desk_language=en") as browser:
        page = (await browser.get("/feeds/import")).text
        sent = {"mark": inputs(page)["mark"], "kind": "news"}
        trial = await browser.post(
            "/feeds/import", data=sent, files={"file": ("theirs.csv", CSV.encode(), "text/csv")}
        )
        assert "1 new, 1 changed, 0 as they are; lines that cannot be taken: 1" in trial.text
        assert "Line 3" in trial.text
        assert "Wire · Country that speaks: GB" in trial.text
        assert listed.file.read_text(encoding="utf-8") == LIST
        yes = {**inputs(trial.text), "by": "duty-primary"}
        done = await browser.post("/feeds/import", data=yes)
        assert done.status_code == 303
        assert (await browser.post("/feeds/import", data=yes)).status_code == 409, "taken once"
    assert listed.entry("Seismo")["enabled"] is False
    assert listed.past()[0].why == "theirs.csv"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "choose a file"),
        (b"x" * (4 * 2**20 + 20_000), "larger than 4 MiB"),
        (b"\0\0", "NUL bytes"),
        (b"<opml><body/></opml>", "holds no feed"),
        (b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml/>", "declares entities"),
        (b"<opml><body>", "not readable as OPML"),
        (b"name\nA\n", "the first line must name the columns"),
    ],
    ids=["empty", "large", "nul", "no feed", "entities", "cut off", "no columns"],
)
async def test_a_file_that_cannot_be_taken_is_told_in_one_sentence(
    listed: Listed, raw: bytes, said: str
) -> None:
    async with world.client(listed, cookie="desk_language=en") as browser:
        mark = inputs((await browser.get("/feeds/import")).text)["mark"]
        files = {"file": ("theirs", raw, "text/csv")}
        answer = await browser.post("/feeds/import", data={"mark": mark}, files=files)
    assert answer.status_code == 409
    assert said in answer.text


async def test_a_list_that_changed_after_the_trial_is_tried_again(listed: Listed) -> None:
    async with world.client(listed, cookie="desk_language=en") as browser:
        mark = inputs((await browser.get("/feeds/import")).text)["mark"]
        trial = await browser.post(
            "/feeds/import",
            data={"mark": mark},
            files={"file": ("a.csv", CSV.encode(), "text/csv")},
        )
        changed = LIST.replace("15m", "30m")
        listed.file.write_text(changed, encoding="utf-8")
        late = await browser.post(
            "/feeds/import", data={**inputs(trial.text), "by": "duty-primary"}
        )
    assert late.status_code == 409
    assert "somebody changed the list after your trial" in late.text
    assert listed.file.read_text(encoding="utf-8") == changed


async def test_the_list_is_given_out_and_comes_back_whole(listed: Listed) -> None:
    for form in ("opml", "csv"):
        answer = await fetch(listed, f"/feeds/export.{form}")
        assert f'filename="feeds.{form}"' in answer.headers["content-disposition"]
        async with world.client(listed, cookie="desk_language=en") as browser:
            mark = inputs((await browser.get("/feeds/import")).text)["mark"]
            back = await browser.post(
                "/feeds/import", data={"mark": mark}, files={"file": ("x", answer.content, "a/b")}
            )
        assert "0 new, 0 changed, 2 as they are" in back.text
    assert (await fetch(listed, "/feeds/export.exe")).status_code == 404


async def test_a_form_from_elsewhere_too_old_or_without_our_mark_changes_nothing(
    listed: Listed,
) -> None:
    away = {"deed": "remove", "why": "x"}
    for path in ("/feeds/tune/wire", "/feeds/add", "/feeds/alternates", "/feeds/changes",
                 "/feeds/import"):  # fmt: skip
        assert (await send(listed, path, {**away, "mark": "0~x"})).status_code == 403
        assert (
            await send(listed, path, away, **{"sec-fetch-site": "cross-site"})
        ).status_code == 403
    async with world.client(listed) as browser:
        page = (await browser.get("/feeds/tune/wire")).text
        other = inputs((await browser.get(THAI)).text)["mark"]
        given = {**inputs(page), **away, "by": "duty-primary"}
        assert (
            await browser.post("/feeds/tune/wire", data={**given, "mark": other})
        ).status_code == 403
        listed.clock.set(listed.clock.now() + timedelta(hours=3))
        assert (await browser.post("/feeds/tune/wire", data=given)).status_code == 403
        assert (await browser.post("/feeds/tune/wire", json=given)).status_code == 415
        assert (await browser.post("/feeds/worth", data=given)).status_code == 405
    assert listed.file.read_text(encoding="utf-8") == LIST


async def test_a_faulty_file_is_told_where_forms_would_stand(listed: Listed) -> None:
    listed.file.write_text(LIST + "  - {name: C, url: https://c.ex\n", encoding="utf-8")
    for path in ("/feeds/tune/wire", "/feeds/export.csv"):
        answer = await fetch(listed, path, cookie="desk_language=th")
        assert answer.status_code == 409
        assert "ไฟล์รายการฟีดมีข้อผิดพลาด" in answer.text
        assert "วงเล็บ { หรือ [ ที่เปิดไว้" in answer.text


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feedserver() as found:
        yield found


async def test_an_address_is_looked_at_and_then_added_and_a_dead_one_finds_its_other(
    listed: Listed, server: FeedServer
) -> None:
    """One program reads all of it: its workers take seconds to start."""
    stories = [Story("1", "Flood in Laos kills 12", world.NOW - timedelta(hours=1))]
    good = server.put("good.xml", news(stories, title="Good news"))
    page = (
        f'<html><head><link rel="alternate" type="application/rss+xml" href="{good}"></head></html>'
    )
    site = server.put("site", page, content_type="text/html")
    listed.settings = world.settings(
        listed.settings.var, database_url=listed.settings.database_url, allow_hosts=(server.host,)
    )
    listed.classifiers = cast(world.State, Classifiers(listed.settings.model_dir, "TH"))
    seen = await send(listed, "/feeds/add", {"url": site})
    assert seen.status_code == 200
    assert "the address that the page names" in seen.text.casefold()
    assert "Flood in Laos kills 12" in seen.text
    assert "1 newest shown: 1 of a crisis" in seen.text
    assert listed.file.read_text(encoding="utf-8") == LIST, "looking stores nothing"
    fields = shown(seen.text) | {"step": "add", "why": "asked for", "off": "on"}
    added = await send(listed, "/feeds/add", fields)
    assert added.status_code == 303
    assert listed.entry("Good news")["url"] == good
    assert listed.entry("Good news")["enabled"] is False

    blocked = await send(listed, "/feeds/add", {"url": "http://127.0.0.1:1/x"})
    assert "127.0.0.1 (loopback)" in blocked.text
    assert "wire.example" not in blocked.text

    listed.file.write_text(LIST.replace("https://ministry.example/new", good), encoding="utf-8")
    listed.use(read_feedlist(listed.file, {}), None)
    await listed.take_over_list()
    with listed.database.write() as conn:
        state = next(each for each in feeds.states(conn) if each.name == "กระทรวงตัวอย่าง")
        result = PollResult("cannot_resolve", world.NOW)
        feeds.record_poll(conn, state.id, result, due_at=world.NOW)
    tried = await send(listed, "/feeds/alternates", {})
    assert "Proposed:" in tried.text
    take = {"deed": "take", "feed": "กระทรวงตัวอย่าง", "url": good}
    elsewhere = await send(listed, "/feeds/alternates", take | {"url": "https://evil.example/"})
    assert elsewhere.status_code == 409
    assert (await send(listed, "/feeds/alternates", take)).status_code == 303
    assert listed.entry("กระทรวงตัวอย่าง")["url"] == good
    assert cast(Program, listed).feedlist.named("กระทรวงตัวอย่าง").id is None

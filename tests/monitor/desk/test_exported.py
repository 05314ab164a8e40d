"""What partners get: valid CAP, Atom and JSON, off by default, and nothing of our own in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from lxml import etree

from monitor.export.documents import CERTAINTY, SEVERITY, URGENCY
from storage import incidents
from storage.records import Figure, Incident, Level, Why
from tests.monitor.desk import world
from tests.storage import make

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
SECRETS = ("SECRET", "ความลับ", "harmed", "national", "คนไทย", "embassy called", "duty-primary")
# CAP 1.2, section 3.2: the elements that may stand in each block, in the order of the schema.
ALERT = [
    "identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction",
    "addresses", "code", "note", "references", "incidents", "info",
]  # fmt: skip
INFO = [
    "language", "category", "event", "responseType", "urgency", "severity", "certainty", "audience",
    "eventCode", "effective", "onset", "expires", "senderName", "headline", "description",
    "instruction", "web", "contact", "parameter", "resource", "area",
]  # fmt: skip
AREA = ["areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling"]


@pytest.fixture
def quake(empty: world.StandIn) -> Incident:
    """An incident with everything in it that must not leave."""
    at = world.NOW - timedelta(hours=2)
    with empty.database.write() as conn:
        of = make.incident(
            conn, at, title_en="SECRET name of a victim", title_th="ความลับ", hazard="EQ",
            categories=("natural", "human_made"), level=Level.FLASH, countries=("MM",),
            place="Sagaing", lat=21.996, lon=95.926, nationals="harmed", held=("title",),
            severity="Extreme", urgency="Immediate", certainty="Odd<word>",
            level_why=(Why("officer_said", {"because": "SECRET"}),),
            figures=(Figure("magnitude", 7.7, "M 7.7", "USGS", at),),
        )  # fmt: skip
        for minutes, kind, new in (
            (5, "note", "SECRET note: embassy called"),
            (9, "nationals", "harmed"),
            (10, "level_raised", "FLASH"),
            (20, "assigned", "duty-primary"),
        ):
            incidents.add_change(
                conn, incident_id=of.id, at=at + timedelta(minutes=minutes), kind=kind, new=new,
                by="duty-primary",
            )  # fmt: skip
        incidents.note_nationals(
            conn, incident_id=of.id, at=at, status="confirmed", counts={"dead": 1},
            source="SECRET source", note="SECRET", by="duty-primary", now=at,
        )  # fmt: skip
        incidents.acknowledge(
            conn, of.id, by="duty-primary", at=at, channel="desk", level=Level.FLASH
        )
        make.incident(conn, at, title_en="Only watched", level=Level.WATCH)
        return incidents.get(conn, of.id)


async def get(program: world.StandIn, path: str, *on: str) -> httpx.Response:
    program.settings = replace(program.settings, export=on)
    async with world.client(program) as browser:
        return await browser.get(path)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "name", ["incidents.atom", "incidents.json", "2026-0001.cap.xml", "x", "2026-0001"]
)
async def test_nothing_leaves_by_default(empty: world.StandIn, quake: Incident, name: str) -> None:
    assert (await get(empty, f"/export/{name}")).status_code == 404


@pytest.mark.asyncio
async def test_nothing_of_our_people_of_notes_or_of_officers_is_in_any_form(
    empty: world.StandIn, quake: Incident
) -> None:
    on = ("cap", "atom", "json")
    for name in ("incidents.atom", "incidents.json", f"{quake.number}.cap.xml"):
        answer = await get(empty, f"/export/{name}", *on)
        assert answer.status_code == 200
        assert quake.number in answer.text
        for secret in SECRETS:
            assert secret not in answer.text, (name, secret)
        assert "ot a public warning" in answer.text


@pytest.mark.asyncio
async def test_a_cap_message_keeps_to_the_schema(empty: world.StandIn, quake: Incident) -> None:
    answer = await get(empty, f"/export/{quake.number}.cap.xml", "cap")
    assert answer.headers["content-type"].startswith("application/cap+xml")
    root = etree.fromstring(answer.content)
    assert root.tag == f"{CAP}alert"

    def ordered(block: etree._Element, known: list[str]) -> None:
        names = [str(child.tag).removeprefix(CAP) for child in block]
        assert names == sorted(names, key=known.index)

    def text(name: str) -> str:
        return str(root.findtext(f"{CAP}{name}"))

    ordered(root, ALERT)
    assert (text("status"), text("msgType"), text("scope")) == ("Actual", "Update", "Restricted")
    assert text("identifier") == f"ministry.example.{quake.number}.2"
    assert text("references") == (
        f"monitor@ministry.example,ministry.example.{quake.number}.1,2026-11-22T06:30:00+00:00"
    )
    assert text("sent") == "2026-11-22T06:40:00+00:00"
    blocks = root.findall(f"{CAP}info")
    assert [each.findtext(f"{CAP}language") for each in blocks] == ["th-TH", "en-GB"]
    for info in blocks:
        ordered(info, INFO)
        assert info.findtext(f"{CAP}urgency") in URGENCY
        assert info.findtext(f"{CAP}severity") in SEVERITY
        assert info.findtext(f"{CAP}certainty") in CERTAINTY
        area = info.find(f"{CAP}area")
        assert area is not None
        ordered(area, AREA)
        assert area.findtext(f"{CAP}circle") == "21.996,95.926 100"


@pytest.mark.asyncio
async def test_an_exercise_says_so_and_an_end_cancels(
    empty: world.StandIn, quake: Incident
) -> None:
    with empty.database.write() as conn:
        incidents.save(conn, replace(quake, exercise=True, state="closed"))
        incidents.add_change(conn, incident_id=quake.id, at=world.NOW, kind="closed", new="SECRET")
    answer = await get(empty, f"/export/{quake.number}.cap.xml", "cap")
    root = etree.fromstring(answer.content)
    assert root.findtext(f"{CAP}status") == "Exercise"
    assert root.findtext(f"{CAP}msgType") == "Cancel"
    assert "ฝึกซ้อม" in answer.text
    assert "SECRET" not in answer.text


@pytest.mark.asyncio
async def test_the_feeds_hold_what_reached_alert(empty: world.StandIn, quake: Incident) -> None:
    atom = await get(empty, "/export/incidents.atom", "atom", "cap")
    root = etree.fromstring(atom.content)
    entries = root.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}id") for each in entries] == [
        f"tag:ministry.example,2026:{quake.number}"
    ]
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"{world.OFFICE}/export/{quake.number}.cap.xml"
    (said,) = json.loads((await get(empty, "/export/incidents.json", "json")).text)
    assert said["number"] == quake.number
    assert said["figures"][0]["publisher"] == "USGS"
    assert (await get(empty, "/export/2026-0002.cap.xml", "cap")).status_code == 404

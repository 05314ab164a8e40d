"""Officers work incidents from the command line: what comes of it, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.cli import main
from storage import audit, incidents
from storage.database import Database
from tests.monitor.deeds import Desk

Run = Callable[..., str]


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return Database(sqlite_url)


@pytest.fixture
def run(typed: Run, database: Database) -> Run:
    """Run a command on a database with one flood in it; what it printed."""
    with database.write() as conn:
        desk = Desk(conn)
        desk.comes("Floods in Laos kill 12")
        desk.comes("Fire in a hotel", hazard="FR", labels=("human_made",), country="VN")
        desk.advises("JP", 3)
        desk.advises("JP", 4)
    return typed


def test_a_deed_is_done_by_the_office_that_is_named(run: Run, database: Database) -> None:
    said = run("incidents", "note", "2026-0001", "called", "--by", "duty-primary")
    assert said.startswith("2026-0001 has the note")
    with database.read() as conn:
        (line,) = audit.listing(conn, limit=5)
    assert (line.who, line.action, line.after) == ("duty-primary", "note", {"note": "called"})


def test_an_incident_is_opened_closed_and_opened_again(run: Run, database: Database) -> None:
    opened = json.loads(
        run(
            "incidents", "open", "--source", "telephone call", "--hazard", "road_accident",
            "--country", "la", "--th", "รถบัสพลิกคว่ำ", "--level", "alert", "--point", "18.9,102.4",
            "--at", "2026-03-14T10:00+07:00", "--json",
        )
    )  # fmt: skip
    assert (opened["level"], opened["title_th"], opened["countries"]) == (
        "ALERT", "รถบัสพลิกคว่ำ", ["LA"],
    )  # fmt: skip
    number = opened["number"]
    run("incidents", "close", number, "--reason", "over")
    run("incidents", "reopen", number, "--reason", "not over")
    with database.read() as conn:
        found = incidents.by_number(conn, number)
    assert found is not None
    assert (found.state, found.lat) == ("open", 18.9)


def test_what_officers_did_is_shown_with_who_and_why(run: Run) -> None:
    opened = run("incidents", "open", "--source", "the embassy", "--country", "PE")
    assert "Peru – event, kind not known yet" in opened
    number = opened.split()[0]
    run("incidents", "close", number, "--reason", "a false alarm", "--by", "duty-primary")
    shown = run("incidents", "show", number)
    (closed,) = (line for line in shown.splitlines() if "Closed · By" in line)
    assert "primary duty officer" in closed
    assert "a false alarm" in closed
    assert shown.count("reviewed by an officer") == 1
    assert "0 independent of 0 sources" in shown
    assert "takes every incident" not in shown


def test_merge_move_split_and_rename_say_what_they_did(run: Run) -> None:
    assert "has item 2" in run("incidents", "move", "2", "2026-0001")
    assert "was split from 2026-0001" in run("incidents", "split", "2026-0001", "2", "--en", "Fire")
    assert "has taken over 2026-0003" in run("incidents", "merge", "2026-0003", "2026-0001")
    assert "new title: Big flood" in run("incidents", "rename", "2026-0001", "--en", "Big flood")
    assert "new title: น้ำท่วมใหญ่" in run("incidents", "rename", "2026-0001", "--th", "น้ำท่วมใหญ่")


def test_a_recorded_communication_stands_in_the_table(run: Run) -> None:
    run(
        "incidents", "spoke", "2026-0001", "--country", "TH", "--kind", "consular", "--channel",
        "embassy page", "--link", "https://embassy.example/1", "--at", "2026-03-14T15:00+07:00",
    )  # fmt: skip
    found = json.loads(run("incidents", "show", "2026-0001", "--json"))
    assert found["who_said"]["home"]["state"] == "spoken"
    (ours,) = (row for row in found["who_said"]["rows"] if row["home"])
    assert (ours["country"], ours["kinds"], ours["delay_s"]) == ("TH", ["consular"], 7200.0)
    text = run("incidents", "show", "2026-0001")
    assert (
        "Thailand: First communication 14 Mar 15:00 · 2 hours after the first report was published"
        in text
    )
    assert "responsible: Royal Thai Embassy, Vientiane (to be confirmed)" in text


def test_the_status_of_nationals_keeps_its_history(run: Run) -> None:
    run("incidents", "nationals", "2026-0001", "none_checked", "--source", "embassy")
    run(
        "incidents", "nationals", "2026-0001", "confirmed", "--injured", "2", "--safe", "40",
        "--source", "embassy",
    )  # fmt: skip
    found = json.loads(run("incidents", "show", "2026-0001", "--json"))
    assert [(each["status"], each["counts"]) for each in found["nationals_history"]] == [
        ("none_checked", {}), ("confirmed", {"injured": 2, "safe": 40}),
    ]  # fmt: skip
    assert (found["nationals"], found["level"]) == ("confirmed", "FLASH")
    assert "confirmed: 2 injured, 40 safe (embassy" in run("incidents", "show", "2026-0001")


def test_advice_is_listed_and_its_history_told(run: Run) -> None:
    (held,) = json.loads(run("advice", "list", "--about", "la", "--step", "4", "--json"))
    assert (held["country"], held["step"], held["first_sight"], held["holds"]) == (
        "JP", 4, False, True,
    )  # fmt: skip
    assert json.loads(run("advice", "list", "--by", "US", "--json")) == []
    history = json.loads(run("advice", "history", "LA", "--json"))
    assert [each["step"] for each in history] == [3, 4]
    assert "งดการเดินทาง" in run("advice", "history", "LA", "--lang", "th")


def test_the_picture_and_the_delays_can_be_had(run: Run, tmp_path: Path) -> None:
    drawn = tmp_path / "picture.svg"
    run("incidents", "timeline", "2026-0001", "--lang", "th", "--out", str(drawn))
    assert drawn.read_text(encoding="utf-8").startswith("<svg ")
    assert run("incidents", "timeline", "2026-0001").startswith("<svg ")
    drawn = tmp_path / "picture.png"
    run("incidents", "timeline", "2026-0001", "--format", "png", "--out", str(drawn))
    assert drawn.read_bytes().startswith(b"\x89PNG")
    spoke = ("--country", "JP", "--kind", "statement", "--channel", "briefing")
    run("incidents", "spoke", "2026-0001", *spoke, "--at", "2026-03-14T14:00+07:00")
    found = json.loads(run("communications", "delays", "--days", "3650", "--json"))
    assert [(each["country"], each["hazard"], each["median_s"]) for each in found] == [
        ("JP", None, 3600.0),
        ("JP", "FL", 3600.0),
    ]


WRONG = {
    "no such incident": (("incidents", "note", "2026-9999", "x"), "no incident 2026-9999"),
    "no such item": (("incidents", "move", "99", "2026-0001"), "no item 99"),
    "itself": (("incidents", "merge", "2026-0001", "2026-0001"), "circle"),
    "no subject": (("incidents", "open", "--source", "x"), "--country"),
    "no country": (("incidents", "open", "--source", "x", "--country", "QQ"), "no country"),
    "no hazard": (
        ("incidents", "open", "--source", "x", "--country", "LA", "--hazard", "flod"),
        "no known hazard",
    ),
    "no point": (
        ("incidents", "open", "--source", "x", "--country", "LA", "--point", "91,0"), "no place",
    ),
    "no zone": (
        ("incidents", "open", "--source", "x", "--country", "LA", "--at", "2026-03-14T10:00"),
        "no time with a zone",
    ),
    "a word of tomorrow": (
        ("incidents", "spoke", "2026-0001", "--country", "JP", "--kind", "statement",
         "--channel", "x", "--at", "2199-01-01T00:00+07:00"),
        "in the future",
    ),
    "a status of tomorrow": (
        ("incidents", "nationals", "2026-0001", "unknown", "--source", "x",
         "--at", "2199-01-01T00:00+07:00"),
        "in the future",
    ),
    "no level": (
        ("incidents", "open", "--source", "x", "--country", "LA", "--level", "HIGH"), "--level",
    ),
    "no title": (("incidents", "rename", "2026-0001"), "--en"),
    "no number": (
        ("incidents", "nationals", "2026-0001", "confirmed", "--source", "x"), "needs a number",
    ),
    "numbers without": (
        ("incidents", "nationals", "2026-0001", "unknown", "--source", "x", "--dead", "1"),
        "only with confirmed",
    ),
    "no link": (
        (
            "incidents", "spoke", "2026-0001", "--country", "TH", "--kind", "other", "--channel",
            "x", "--link", "javascript:1",
        ),
        "no web address",
    ),
    "no history": (("advice", "history", "QQ"), "no country"),
    "open already": (
        ("incidents", "reopen", "2026-0001", "--reason", "x"), "2026-0001 is open already",
    ),
    "a long title": (
        ("incidents", "rename", "2026-0001", "--en", "x" * 5000), "5,000 characters, at most 200",
    ),
    "a blank source": (
        ("incidents", "open", "--source", " ", "--country", "LA"), "--source is empty",
    ),
    "nobody's word": (
        ("incidents", "nationals", "2026-0001", "unknown", "--source", ""), "--source is empty",
    ),
    "a blank channel": (
        ("incidents", "spoke", "2026-0001", "--country", "JP", "--kind", "statement",
         "--channel", ""),
        "--channel is empty",
    ),
    "closed for nothing": (
        ("incidents", "close", "2026-0001", "--reason", ""), "--reason is empty",
    ),
    "too many people": (
        ("incidents", "nationals", "2026-0001", "confirmed", "--source", "x",
         "--injured", "9" * 20),
        "at most 10,000,000",
    ),
    "no days": (("communications", "delays", "--days", "0"), "--days"),
}  # fmt: skip


def test_what_a_status_or_a_communication_did_not_do_is_said(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    status = ("incidents", "nationals", "2026-0001")
    newer = ("confirmed", "--dead", "1", "--source", "embassy", "--at", "2026-03-14T16:00+07:00")
    run(*status, *newer)
    older = ("none_checked", "--source", "police", "--at", "2026-03-14T15:30+07:00")
    assert main([*status, *older]) == 0
    said = capsys.readouterr()
    assert "2026-0001 keeps the record none_checked" in said.out
    assert "recorded; the newer statement of 14 Mar 2026 16:00" in said.err
    assert "ยังมีผลอยู่" in said.err
    assert main([*status, "none_checked", "--source", "police"]) == 0
    said = capsys.readouterr()
    assert "has the status none_checked" in said.out
    assert "the level went down from FLASH to" in said.err
    assert "ระดับลดลงจาก FLASH" in said.err
    spoke = ("--country", "JP", "--kind", "statement", "--channel", "briefing")
    early = ("incidents", "spoke", "2026-0001", *spoke, "--at", "2026-03-10T09:00+07:00")
    assert main(early) == 0
    assert "check the date" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_use_is_refused_in_one_sentence(
    run: Run, database: Database, arguments: tuple[str, ...], said: str
) -> None:
    refusal = run(*arguments, code=2)
    assert said in refusal
    assert len(refusal.strip().splitlines()) == 1
    with database.read() as conn:
        assert audit.listing(conn, limit=1) == []


def test_an_empty_note_is_refused(run: Run) -> None:
    assert "the note is empty" in run("incidents", "note", "2026-0001", " ", code=2)


def test_an_event_in_the_future_is_not_opened_and_a_buddhist_year_is_read(run: Run) -> None:
    told = ("incidents", "open", "--source", "a call", "--country", "LA", "--hazard", "FL")
    for at in ("2599-03-14T06:00+07:00", "2199-03-14T06:00+07:00"):
        assert f"--at {at} is in the future" in run(*told, "--at", at, code=2)
    assert "is open" in run(*told, "--at", "2569-03-14T06:00+07:00")


def test_the_first_line_says_that_an_incident_is_closed_or_merged(run: Run) -> None:
    def first(number: str) -> str:
        return run("incidents", "show", number, "--lang", "en").splitlines()[0]

    assert not first("2026-0001").endswith("closed")
    run("incidents", "close", "2026-0001", "--reason", "over")
    assert first("2026-0001").endswith(" · closed")
    run("incidents", "merge", "2026-0002", "2026-0001")
    assert first("2026-0002").endswith(" · merged into another")


def test_a_deed_on_a_closed_incident_says_that_it_stays_closed(run: Run) -> None:
    assert "stays so" not in run("incidents", "close", "2026-0001", "--reason", "over")
    said = run("incidents", "move", "2", "2026-0001")
    assert "It is closed and stays so: `monitor incidents reopen 2026-0001` opens it." in said


def test_a_merged_incident_says_where_it_ended_however_many_merges_on(run: Run) -> None:
    run("incidents", "open", "--source", "a call", "--country", "Peru")
    run("incidents", "merge", "2026-0001", "2026-0002")
    run("incidents", "merge", "2026-0002", "2026-0003")
    head = run("incidents", "show", "2026-0001").split("\n\n")[0]
    assert "It lives on in #2026-0003" in head
    assert "monitor incidents show 2026-0003" in head


def test_the_closing_line_names_the_officer_once_by_his_office(run: Run) -> None:
    run("incidents", "close", "2026-0001", "--reason", "over", "--by", "duty-primary")
    (line,) = (
        each for each in run("incidents", "show", "2026-0001").splitlines() if "Closed ·" in each
    )
    assert line.count("duty officer") == 1
    assert "duty-primary" not in line


def test_a_title_keeps_nothing_of_what_colours_a_terminal(run: Run, database: Database) -> None:
    run("incidents", "rename", "2026-0001", "--en", "\x1b[31mBig flood\x1b[0m")
    with database.read() as conn:
        found = incidents.by_number(conn, "2026-0001")
    assert found is not None
    assert found.title_en == "Big flood"


@pytest.mark.parametrize("name", ["LA", "la", "Laos", "lao pdr", "ลาว", "สปป.ลาว", "ประเทศลาว"])
def test_a_country_is_known_by_code_and_by_name_in_both_languages(run: Run, name: str) -> None:
    assert [each["step"] for each in json.loads(run("advice", "history", name, "--json"))] == [3, 4]


def test_who_spoke_is_told_by_the_name_of_the_country(run: Run) -> None:
    spoke = ("--country", "thailand", "--kind", "statement", "--channel", "briefing")
    assert "has what Thailand said" in run("incidents", "spoke", "2026-0001", *spoke)


def test_lists_have_heads_and_home_times_in_the_readers_language(run: Run) -> None:
    english, thai = (
        run("incidents", "list", "--all", "--level", "info", "--lang", each)
        for each in ("en", "th")
    )
    assert "14 Mar 2026 13:00" in english
    assert "Bangkok time" in english
    assert "14 มี.ค. 2569 13.00 น." in thai
    assert "หมายเลข" in thai.splitlines()[0]
    assert "UTC" not in english + thai
    assert "Read at" in run("advice", "list").splitlines()[0]
    assert "อ่านเมื่อ" in run("advice", "list", "--lang", "th").splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("incidents", "move", "x", "2026-0001"), "ITEM must be a whole number, not x"),
        (("incidents", "shwo"), "shwo is not known for WHAT: write one of list, show"),
        (("incidents", "move"), "missing: ITEM, N"),
        (("incidents", "close", "2026-0001", "--reason"), "write a value behind --reason"),
        (("incidents", "snooze", "2026-0001", "--for", "4h", "--end"), "cannot stand together"),
        (("incidents", "show", "2026-0001", "--al", "--xyz"), "not known here: --xyz"),
    ],
)
def test_wrong_use_is_told_in_plain_words_of_both_languages(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert any("ก" <= letter <= "๛" for letter in told)
    assert "argument" not in told
    assert len(told.strip().splitlines()) == 1

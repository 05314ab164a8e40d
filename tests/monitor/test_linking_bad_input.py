"""Input that says nothing, says it a thousand times, or contradicts itself: one stated result."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.policy import Policy
from monitor.cli import main
from monitor.config.policyfile import read_policy
from monitor.errors import MonitorError
from monitor.incidents import officer
from monitor.linking import read_lines
from storage import incidents
from storage.database import Connection
from storage.records import Hazard, Place
from tests.monitor.deeds import NOW, Desk
from tests.monitor.test_linking_signs import Feed, shock

ROOT = Path(__file__).resolve().parents[2]
BLAST = "Blast at plant in Surat, India, kills 13"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(ROOT / "alerts.yaml")


@pytest.fixture
def feed(policy: Policy) -> Feed:
    return Feed(policy)


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def test_a_bare_word_of_nowhere_joins_no_flood(feed: Feed) -> None:
    feed.say("Floods in Hue, Vietnam, kill 19", "FL", "VN", Place("Hue", "VN", 16.46, 107.6))
    first = feed.say("Flood", "FL", None, hours=1)
    again = feed.say("Flood", "FL", None, hours=30, publisher="Other")
    assert first.opened
    assert again.incident_id != 1


def test_a_metaphor_without_a_hazards_country_joins_nothing(feed: Feed) -> None:
    feed.say("Torrential rain floods Castellon, Spain; eight drown", "FL", "ES",
             Place("Castellon", "ES", 39.99, -0.04))  # fmt: skip
    sport = feed.say("Midfield of Betis flooded with talent", None, None, label="", hours=3)
    assert sport.incident_id is None


def test_a_tsunami_warning_takes_no_earthquake_far_inland(feed: Feed) -> None:
    inland = feed.say("M 6.1 - inland", "EQ", "ID", **shock(6.1, -1.5, 120.5))  # type: ignore[arg-type]
    warning = feed.say("Tsunami warning", "TS", "ID", kind="hazard", hours=0.5,
                       given=(Place("coast", "ID", -8.0, 110.0),))  # fmt: skip
    assert warning.incident_id != inland.incident_id


def test_items_without_place_or_text_open_at_most_one_each_and_join_nothing(feed: Feed) -> None:
    feed.say("Floods in Hue, Vietnam, kill 19", "FL", "VN")
    placed = [feed.say("", "FL", None, hours=number, publisher=str(number)) for number in range(5)]
    assert all(each.incident_id != 1 for each in placed)
    assert all(each.why for each in placed)
    again = [feed.say("", None, None, label="", hours=6).incident_id for _ in range(3)]
    assert again == [None, None, None]


def test_a_thousand_copies_are_one_incident_whoever_sends_them(feed: Feed) -> None:
    placed = {
        feed.say(BLAST, "explosion", "IN", label="human_made", hours=number / 50,
                 publisher=f"Copy {number % 40}").incident_id
        for number in range(1000)
    }  # fmt: skip
    assert len(placed) == 1


def test_an_unchanged_story_under_new_ids_at_every_poll_stays_one_incident(desk: Desk) -> None:
    titles = [BLAST, "Flood in Surat cuts road to the plant, two dead"]
    seen = set()
    for _ in range(12):
        for title in titles:
            hazard = "explosion" if title == BLAST else "FL"
            label = "human_made" if title == BLAST else "natural"
            taken = desk.comes(title, country="IN", hazard=hazard, labels=(label,))
            seen.add((title, taken.incident_id))
        desk.later(minutes=10)
    assert len(seen) == 2


def test_chains_that_cross_stay_where_their_first_known_message_is(feed: Feed) -> None:
    one, two, three = ("cap", "a,1"), ("cap", "b,1"), ("cap", "c,1")
    first = feed.say("Gale warning", "VW", "ES", kind="hazard", events=(one,))
    second = feed.say("Snow warning", "SS", "AT", kind="hazard", events=(two,))
    crossed = feed.say("Update", "VW", "ES", kind="hazard", events=(three, two, one))
    back = feed.say("Update", "VW", "ES", kind="hazard", events=(("cap", "d,1"), three))
    assert crossed.incident_id == back.incident_id == second.incident_id
    assert first.incident_id != second.incident_id


def test_two_updates_of_a_message_never_seen_join_each_other(feed: Feed) -> None:
    parent = ("cap", "never seen")
    one = feed.say("Heat update 2", "HT", "FR", kind="hazard", events=(("cap", "u2"), parent))
    other = feed.say("Heat update 3", "HT", "FR", kind="hazard", events=(("cap", "u3"), parent))
    assert one.opened
    assert other.incident_id == one.incident_id


def test_a_merge_in_a_circle_of_three_is_refused(desk: Desk) -> None:
    texts = (("Floods in Laos", "LA"), ("Floods in Peru", "PE"), ("Floods in Mali", "ML"))
    ids = [desk.comes(text, country=country).incident_id or 0 for text, country in texts]
    a, b, c = (desk.incident(each) for each in ids)
    officer.merge(desk.deed(), a, b)
    officer.merge(desk.deed(), desk.incident(b.id), c)
    with pytest.raises(MonitorError, match="circle"):
        officer.merge(desk.deed(), desk.incident(c.id), desk.incident(a.id))
    assert incidents.survivor(desk.conn, a.id).id == c.id


def test_a_graver_aftershock_that_was_awaited_stays_related_to_its_earthquake(desk: Desk) -> None:
    where = (Place("Flores", "ID", -8.1, 121.6),)
    main = Hazard(type="EQ", magnitude=5.8, event_at=NOW)
    parent = desk.comes("M 5.8 - Flores", country="ID", hazard="EQ", facts=main, places=where)
    opened = officer.open_by_hand(
        desk.deed(),
        officer.Told(title_en="Thais trapped in hotel", hazard="EQ", countries=("ID",)),
        "telephone call",
    )
    desk.later(hours=4)
    facts = replace(
        main, magnitude=5.7, event_at=desk.now, alert_level="Red", severity="Extreme",
        urgency="Immediate", certainty="Observed",
    )  # fmt: skip
    grave = desk.comes("M 5.7 - Flores", country="ID", hazard="EQ", facts=facts, places=where,
                       tier="official")  # fmt: skip
    assert grave.incident_id == opened.id
    related = [each.new for each in incidents.changes(desk.conn, opened.id)
               if each.kind == "related"]  # fmt: skip
    assert related == [desk.incident(parent.incident_id or 0).number]


def test_a_date_that_no_source_means_is_no_date_and_no_number_is_no_item() -> None:
    wrong: list[str] = []
    lines = ['{"id": 1, "title": "x", "published": "0001-01-01T00:00:00Z"}', '{"id": NaN}']
    (line,) = read_lines(lines, wrong.append)
    assert line.values.published_at is None
    assert [each.partition(" is")[0] for each in wrong] == ["line 2"]


def test_the_remedy_for_a_broken_line_is_itself_a_line_that_can_be_read() -> None:
    wrong: list[str] = []
    assert list(read_lines(["{broken"], wrong.append)) == []
    (told,) = wrong
    assert told.startswith("line 1 is no item")
    shown = told.partition("object with ")[2].removesuffix(" a line")
    assert len(list(read_lines([shown.replace("…", '"x"')], wrong.append))) == 1
    assert wrong == [told]


def test_a_byte_order_mark_is_no_letter_of_the_first_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_VAR", str(tmp_path))
    file = tmp_path / "items.jsonl"
    line = '{"id": "a", "title": "Flood in Laos", "published": "2026-03-14T06:00:00Z"}\n'
    file.write_text("\ufeff" + line, encoding="utf-8")
    assert main(["link", "--keywords", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "a"
    file.write_text("", encoding="utf-8")
    assert main(["link", "--keywords", str(file)]) == 0
    assert "no line to link" in capsys.readouterr().err

"""Later turns of a story join it days after; a first report of something alike does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.policy import Policy
from monitor.config.policyfile import read_policy
from monitor.incidents import link as linking
from monitor.incidents import nearness
from monitor.incidents.evidence import Evidence
from monitor.incidents.headline import headline
from monitor.incidents.outbreaks import countries_of_names, diseases_in, same_diseases
from monitor.incidents.proper import begins, goes_on, names_in
from monitor.incidents.storms import storms_in
from storage.records import Place
from tests.monitor.test_linking_signs import Feed

ROOT = Path(__file__).resolve().parents[2]
LLEIDA = Place("Lleida", "ES", 41.62, 0.63)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(ROOT / "alerts.yaml")


@pytest.fixture
def feed(policy: Policy) -> Feed:
    return Feed(policy)


def test_an_inquiry_ten_days_later_joins_and_another_fire_does_not(feed: Feed) -> None:
    say = {"label": "human_made"}
    first = feed.say("Eleven fruit pickers die in a blaze at a hostel in Lleida, Spain", "FR", "ES",
                     LLEIDA, **say)  # type: ignore[arg-type]  # fmt: skip
    later = feed.say("Inspectors trace the fire at the fruit pickers' hostel in Lleida to a bottle",
                     "FR", "ES", LLEIDA, hours=240, **say)  # type: ignore[arg-type]  # fmt: skip
    other = feed.say("A warehouse burns down in Gerona, Spain", "FR", "ES",
                     Place("Gerona", "ES", 41.98, 2.82), Place("Spain", "ES"), hours=241, **say)  # type: ignore[arg-type]  # fmt: skip
    assert later.incident_id == first.incident_id
    assert other.opened


def test_ordinary_news_of_the_place_does_not_join(feed: Feed) -> None:
    basra = Place("Basra", "IQ", 30.5, 47.8)
    feed.say("Flames sweep through the wholesale market of Basra, Iraq", "FR", "IQ", basra,
             label="human_made")  # fmt: skip
    news = feed.say("Basra opens a new market for fruit", None, "IQ", basra, label="", hours=30)
    assert news.incident_id is None


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("Death toll of the silo blast climbs to 13", True),
        ("พิธีศพเจ้าหน้าที่อุทยาน", True),
        ("Le bilan s'alourdit à Fort-Dauphin", True),
        ("A bus and a lorry collide near Kassel, killing seven", False),
        ("น้ำป่าหลากท่วมเมืองน่าน", False),
    ],
)
def test_what_goes_on_is_known_by_its_words(text: str, later: bool) -> None:
    assert goes_on(text) == later


def test_a_first_report_is_known_by_its_beginning() -> None:
    assert begins("A bus and a lorry collide near Kassel, killing seven")
    assert begins("Two regional trains collide, seven people have died")
    assert not begins("The bus that fell into the river is lifted")
    assert not begins("A suspect is arrested over the bus bomb")


def test_names_are_words_with_a_capital_inside_a_sentence() -> None:
    assert names_in("Divers reach the wreck off Valdivia") == {"valdivi"}
    assert names_in("Everything Here Is Written Like That") == frozenset()


def test_the_country_in_a_diseases_name_is_no_place_of_the_outbreak() -> None:
    places = (Place("Congo", "CG"), Place("Turkey", "TR"))
    assert countries_of_names("Crimean-Congo haemorrhagic fever in Turkey", places) == {"CG"}
    assert countries_of_names("Cholera in Congo", places) == frozenset()
    there = (Place("Sudan", "SD"),)
    assert countries_of_names("Sudan virus disease in Sudan", there) == frozenset()


def test_a_suspected_fever_is_the_one_that_it_turns_out_to_be(feed: Feed) -> None:
    suspected, named = diseases_in("Suspected haemorrhagic fever"), diseases_in("Marburg fever")
    assert same_diseases(suspected, named)
    assert not same_diseases(diseases_in("Ebola"), named)
    say = {"label": "health", "kind": "health"}
    first = feed.say("Acute haemorrhagic fever syndrome in Gabon", "EP", "GA", **say)  # type: ignore[arg-type]
    later = feed.say("Ebola haemorrhagic fever in Gabon", "EP", "GA", hours=150, **say)  # type: ignore[arg-type]
    other = feed.say("Marburg virus disease in Gabon", "EP", "GA", hours=160, **say)  # type: ignore[arg-type]
    assert later.incident_id == first.incident_id
    assert other.opened


def test_an_outbreak_whose_hazard_was_not_read_takes_notices_for_weeks(feed: Feed) -> None:
    say = {"label": "health", "kind": "health"}
    first = feed.say("Poliomyelitis in Nepal", None, "NP", **say)  # type: ignore[arg-type]
    later = feed.say("Poliomyelitis in Nepal - update 2", None, "NP", hours=900, **say)  # type: ignore[arg-type]
    assert later.incident_id == first.incident_id


def test_a_thai_storm_has_one_name_however_it_is_written() -> None:
    names = {
        name
        for text in ('พายุโซนร้อน "แสงทอง" เคลื่อนเข้า', "รับพายุแสงทองคืนนี้", "พายุดีเปรสชันแสงทอง")
        for name in storms_in(text)
    }
    assert len(names) == 1
    assert storms_in("พายุฤดูร้อนถล่มภาคเหนือ") == frozenset()


def test_thai_words_keep_their_vowels_and_offices_formulas_count_for_nothing() -> None:
    assert "น้ำ" in headline("น้ำท่วม").words
    assert headline("โฆษกรัฐบาลเผย นายกฯ กำชับทุกหน่วยงาน").words == frozenset()


def test_nearness_alone_joins_nothing(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "installed", lambda: True)
    monkeypatch.setattr(linking, "nearness", lambda title, titles: 0.99)
    feed.say("Roof of sports hall gives way in Graz, Austria", "building_collapse", "AT",
             label="human_made")  # fmt: skip
    abroad = feed.say("Hall roof gives way in Brno", "building_collapse", "CZ", label="human_made")
    first = feed.say("A boat sinks near Split", "transport_accident", "HR", label="human_made")
    assert abroad.opened
    assert first.opened


def test_a_sign_of_the_event_confirms_what_means_the_same(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    sylhet = Place("Sylhet", "BD", 24.9, 91.87)
    asked: list[str] = []
    monkeypatch.setattr(linking, "installed", lambda: True)
    monkeypatch.setattr(linking, "nearness", lambda title, titles: asked.append(title) or 0.7)
    first = feed.say("Floods in Sylhet, Bangladesh, kill 11", "FL", "BD", sylhet)
    told = "Boats take families from rooftops as water swallows the town"
    joined = feed.say(told, None, "BD", sylhet, hours=30)
    assert asked == [told]
    assert (joined.incident_id, joined.why[0].code) == (first.incident_id, "link_meaning")


def test_what_speaks_against_it_outweighs_nearness() -> None:
    agrees = Evidence(same_place=1.0)
    assert nearness.confirmed(agrees)
    assert not nearness.confirmed(Evidence())
    assert not nearness.confirmed(Evidence(same_place=1.0, begins=1.0))
    assert not nearness.confirmed(Evidence(same_place=1.0, other_hazard=1.0))


def test_nothing_is_near_an_empty_headline() -> None:
    assert nearness.nearness("  ", ("Flood",)) == 0.0

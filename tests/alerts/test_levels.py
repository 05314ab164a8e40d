"""The level of an incident: exposure before size, and the reason in words."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts import words
from alerts.levels import level_of
from alerts.parts import distance_km
from alerts.policy import Both, LevelPolicy, Mission
from storage.records import Level
from tests.alerts.policies import NOW, figures, incident, policy

POLICY = policy()
EXTREME: dict[str, Any] = {
    "severity": "Extreme",
    "urgency": "Immediate",
    "certainty": "Observed",
    "hazard": "FL",
}
ATTACK: dict[str, Any] = {"hazard": "attack", "categories": ("human_made",)}

CASES: dict[str, tuple[dict[str, Any], Level, str]] = {
    # great events
    "CAP Extreme now, next door": (EXTREME, Level.FLASH, "cap_extreme"),
    "CAP Extreme now, far away": ({**EXTREME, "countries": ("PE",)}, Level.WATCH, "cap_extreme"),
    "CAP Extreme now, ASEAN": ({**EXTREME, "countries": ("PH",)}, Level.FLASH, "cap_extreme"),
    "CAP Extreme now, at home": ({**EXTREME, "countries": ("TH",)}, Level.FLASH, "cap_extreme"),
    "CAP Extreme now, country unknown": (
        {**EXTREME, "countries": ()}, Level.ALERT, "cap_extreme"),
    "CAP Extreme for later": (
        {**EXTREME, "urgency": "Future", "certainty": "Likely"}, Level.ALERT, "cap_severe"),
    "CAP Extreme in the past": ({**EXTREME, "urgency": "Past"}, Level.ALERT, "cap_severe"),
    "CAP in small letters": (
        {**EXTREME, "severity": "extreme", "urgency": "immediate"}, Level.FLASH, "cap_extreme"),
    "CAP Severe next door": ({"severity": "Severe", "hazard": "FL"}, Level.ALERT, "cap_severe"),
    "CAP Severe far away": (
        {"severity": "Severe", "countries": ("PE",)}, Level.WATCH, "cap_severe"),
    "CAP Moderate far away": (
        {"severity": "Moderate", "countries": ("PE",)}, Level.WATCH, "cap_moderate"),
    "GDACS Red next door": ({"alert_levels": ("GDACS: Red",)}, Level.FLASH, "source_red"),
    "GDACS Red far away": (
        {"alert_levels": ("GDACS: Red",), "countries": ("PE",)}, Level.WATCH, "source_red"),
    "GDACS Orange next door": ({"alert_levels": ("GDACS: Orange",)}, Level.ALERT, "source_orange"),
    "GDACS Orange far away": (
        {"alert_levels": ("GDACS: Orange",), "countries": ("PE",)}, Level.WATCH, "source_orange"),
    # earthquakes
    "M7.7 next door": ({"figures": figures(magnitude=7.7)}, Level.FLASH, "magnitude"),
    "M7.7 in Japan": (
        {"figures": figures(magnitude=7.7), "countries": ("JP",)}, Level.WATCH, "magnitude"),
    "M7.0 at sea, no country": (
        {"figures": figures(magnitude=7.0), "countries": ()}, Level.ALERT, "magnitude"),
    "M6.0 in ASEAN": (
        {"figures": figures(magnitude=6.0), "countries": ("PH",)}, Level.ALERT, "magnitude"),
    "M5.6 next door": ({"figures": figures(magnitude=5.6)}, Level.ALERT, "magnitude_near"),
    "M5.6 in ASEAN, not next door": (
        {"figures": figures(magnitude=5.6), "countries": ("PH",)}, Level.WATCH, "magnitude"),
    "M5.0 far away": (
        {"figures": figures(magnitude=5.0), "countries": ("CL",)}, Level.WATCH, "magnitude"),
    "M4.4 next door": ({"figures": figures(magnitude=4.4)}, Level.INFO, "minor_quake"),
    "M4.4 with dead": ({"figures": figures(magnitude=4.4, dead=1)}, Level.WATCH, "casualties"),
    # the dead
    "10 dead next door": ({"figures": figures(dead=10), **ATTACK}, Level.FLASH, "dead_mass_near"),
    "10 dead in ASEAN": (
        {"figures": figures(dead=10), **ATTACK, "countries": ("PH",)}, Level.ALERT, "dead"),
    "50 dead in ASEAN": (
        {"figures": figures(dead=50), **ATTACK, "countries": ("PH",)}, Level.FLASH, "dead_mass"),
    "50 dead far away": (
        {"figures": figures(dead=50), **ATTACK, "countries": ("PE",)}, Level.ALERT, "dead_mass"),
    "49 dead far away": (
        {"figures": figures(dead=49), **ATTACK, "countries": ("PE",)}, Level.WATCH, "dead"),
    "3 dead next door": ({"figures": figures(dead=3), **ATTACK}, Level.ALERT, "dead_near"),
    "2 dead next door": ({"figures": figures(dead=2), **ATTACK}, Level.WATCH, "casualties"),
    # our people
    "nationals harmed far away": (
        {"nationals": "harmed", "countries": ("IS",)}, Level.FLASH, "nationals_harmed"),
    "nationals harmed, not classified": (
        {"nationals": "harmed", "categories": (), "hazard": None}, Level.FLASH,
        "nationals_harmed"),
    "nationals harmed two months before": (
        {"nationals": "harmed", "event_at": NOW - timedelta(days=60), "countries": ("IS",)},
        Level.WATCH, "nationals_harmed_past"),
    "nationals reported far away": (
        {"nationals": "reported", "countries": ("IS",)}, Level.ALERT, "nationals_reported"),
    "nationals reported, not classified": (
        {"nationals": "reported", "categories": (), "hazard": None}, Level.WATCH,
        "nationals_reported"),
    "GDACS Red where nationals are": (
        {"alert_levels": ("GDACS: Red",), "countries": ("PE",), "nationals": "reported"},
        Level.FLASH, "source_red"),
    # tsunami, advice, kinds of event
    "tsunami warning, covered coast": (
        {"hazard": "TS", "severity": "Severe", "countries": ("ID",)}, Level.FLASH,
        "tsunami_warning"),
    "tsunami warning, other coast": (
        {"hazard": "TS", "severity": "Severe", "countries": ("CL",)}, Level.WATCH, "cap_severe"),
    "tsunami warning, coast unknown": (
        {"hazard": "TS", "severity": "Extreme", "countries": ()}, Level.ALERT, "tsunami_unknown"),
    "tsunami information, covered coast": (
        {"hazard": "TS", "countries": ("ID",)}, Level.ALERT, "tsunami"),
    "three ministries say leave": (
        {"leave_calls": 3, "countries": ("IR",), "hazard": None}, Level.FLASH, "leave_calls"),
    "one ministry says leave, next door": (
        {"leave_calls": 1, "hazard": None}, Level.ALERT, "leave_call"),
    "one ministry says leave, far away": (
        {"leave_calls": 1, "hazard": None, "countries": ("IR",)}, Level.WATCH, "leave_call"),
    "coup next door": (
        {"hazard": "coup", "categories": ("human_made",)}, Level.ALERT, "hazard_grave"),
    "coup far away": (
        {"hazard": "coup", "categories": ("human_made",), "countries": ("NE",)}, Level.WATCH,
        "hazard_grave"),
    # small ones
    "flood next door without figures": ({"hazard": "FL"}, Level.WATCH, "category_sure"),
    "flood far away without figures": (
        {"hazard": "FL", "countries": ("PE",)}, Level.INFO, "category_sure"),
    "flood far away, two sources": (
        {"hazard": "FL", "countries": ("PE",), "independent_sources": 2}, Level.WATCH,
        "several_sources"),
    "nothing classified": ({"hazard": None, "categories": ()}, Level.INFO, "unsure_only"),
    # what is not real or not any more
    "exercise": ({**EXTREME, "exercise": True}, Level.INFO, "exercise"),
    "withdrawn": ({**EXTREME, "withdrawn": True}, Level.INFO, "withdrawn"),
    "warning lifted": ({**EXTREME, "lifted": True}, Level.INFO, "lifted"),
    "warning lifted, several sources": (
        {**EXTREME, "lifted": True, "independent_sources": 3}, Level.INFO, "lifted"),
    "warning lifted, 60 dead far away": (
        {**EXTREME, "lifted": True, "figures": figures(dead=60), "countries": ("PE",)},
        Level.ALERT, "dead_mass"),
    "warning lifted, 5 dead next door": (
        {**EXTREME, "lifted": True, "figures": figures(dead=5)}, Level.ALERT, "dead_near"),
    "warning lifted, many hurt": (
        {**EXTREME, "lifted": True, "figures": figures(injured=80)}, Level.WATCH, "casualties"),
    "warning lifted, nationals harmed": (
        {**EXTREME, "lifted": True, "nationals": "harmed"}, Level.FLASH, "nationals_harmed"),
    "warning withdrawn with dead reported": (
        {**EXTREME, "withdrawn": True, "figures": figures(dead=60)}, Level.INFO, "withdrawn"),
    # numbers of what is not classified for sure
    "60 dead, not classified": (
        {"figures": figures(dead=60), "categories": (), "hazard": None, "countries": ("TH",)},
        Level.INFO, "unsure_only"),
    "5 dead and lifted, not classified": (
        {"figures": figures(dead=5), "categories": (), "hazard": None, "lifted": True},
        Level.INFO, "lifted"),
    "magnitude 8, not classified": (
        {"figures": figures(magnitude=8), "categories": (), "hazard": None},
        Level.INFO, "unsure_only"),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "level", "code"), CASES.values(), ids=CASES.keys())
def test_a_level_follows_from_exposure_and_facts(
    facts: dict[str, Any], level: Level, code: str
) -> None:
    found, whys = level_of(incident(**facts), POLICY)
    assert found is level
    assert whys[0].code == code


@pytest.mark.parametrize("facts", [case[0] for case in CASES.values()], ids=CASES.keys())
def test_every_reason_is_a_whole_sentence_in_both_languages(facts: dict[str, Any]) -> None:
    _, whys = level_of(incident(**facts), POLICY)
    for why in whys:
        assert words.current().has(f"why.{why.code}")
        for language in words.LANGUAGES:
            sentence = words.reason(why, language)
            assert sentence
            assert "–" not in sentence


def test_the_reasons_name_the_exposure_too() -> None:
    _, whys = level_of(incident(figures=figures(magnitude=7.7)), POLICY)
    assert [why.code for why in whys] == ["magnitude", "exposure_region"]
    assert words.reason(whys[1], "th") == (
        "เกี่ยวข้องกับพื้นที่ที่กระทรวงติดตาม: เมียนมา (ประเทศเพื่อนบ้าน, อาเซียน)"
    )


def test_every_threshold_that_was_passed_is_named_weightiest_first() -> None:
    facts = incident(figures=figures(magnitude=6.4, dead=12), alert_levels=("GDACS: Orange",))
    level, whys = level_of(facts, POLICY)
    assert level is Level.FLASH
    assert [why.code for why in whys[:3]] == ["dead_mass_near", "source_orange", "magnitude"]


def test_size_without_exposure_says_why_it_is_no_flash() -> None:
    _, whys = level_of(incident(figures=figures(magnitude=7.7), countries=("JP",)), POLICY)
    assert whys[-1].code == "no_exposure"


def test_a_lifted_warning_says_so_beside_what_still_stands() -> None:
    event = incident(hazard="explosion", figures=figures(dead=12), lifted=True, severity="Extreme")
    level, whys = level_of(event, POLICY)
    assert level is Level.FLASH
    assert [why.code for why in whys] == [
        "dead_mass_near",
        "casualties",
        "lifted",
        "exposure_region",
    ]


@pytest.mark.parametrize("state", ["reported", "harmed"])
def test_that_our_nationals_are_concerned_is_said_once(state: str) -> None:
    _, whys = level_of(incident(nationals=state, countries=("IS",)), POLICY)
    assert [why.code for why in whys if "nationals" in why.code] == [f"nationals_{state}"]
    _, whys = level_of(
        incident(nationals="reported", alert_levels=("GDACS: Red",), countries=("IS",)), POLICY
    )
    assert whys[0].code == "source_red"


def test_a_mission_within_reach_makes_exposure() -> None:
    tokyo = Mission("tokyo", Both("สถานทูต", "Embassy, Tokyo"), "JP", 35.69, 139.72)
    near = incident(figures=figures(magnitude=7.1), countries=("JP",), lat=36.0, lon=140.5)
    far = incident(figures=figures(magnitude=7.1), countries=("JP",), lat=43.0, lon=144.4)
    guarded = policy(missions=(tokyo,))
    level, whys = level_of(near, guarded)
    assert level is Level.FLASH
    assert words.reason(whys[-1], "en").startswith("About 78 km from Embassy, Tokyo")
    assert level_of(far, guarded)[0] is Level.WATCH
    unplaced = Mission("x", Both("x", "x"), "JP")
    assert level_of(near, policy(missions=(unplaced,)))[0] is Level.WATCH


def test_a_threshold_in_the_file_is_the_one_that_counts() -> None:
    strict = policy(levels=LevelPolicy(big_magnitude=8.0, alert_magnitude=7.8))
    assert level_of(incident(figures=figures(magnitude=7.7)), strict)[0] is Level.ALERT
    lax = policy(levels=LevelPolicy(mass_casualty_dead_near=2))
    assert level_of(incident(**ATTACK, figures=figures(dead=2)), lax)[0] is Level.FLASH


def test_a_distance_across_the_date_line_is_the_short_way() -> None:
    assert distance_km(0, 179.5, 0, -179.5) == pytest.approx(111.2, abs=0.1)


def test_the_page_about_levels_gives_the_numbers_in_force() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "levels.md").read_text(encoding="utf-8")
    defaults = LevelPolicy()
    for threshold in fields(LevelPolicy):
        value = getattr(defaults, threshold.name)
        if isinstance(value, int | float):
            assert f"| `{threshold.name}` | {value:g} |" in page
    for hazard in defaults.grave_hazards:
        assert f"`{hazard}`" in page

"""The parts of a condition about place, source, time, probability and words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts import words
from alerts.case import Case, Tools
from alerts.conditions import matches
from alerts.hours import Holidays, Hours, is_night, within
from alerts.policy import Both, Condition, Mission, Near
from alerts.rules import decide
from monitor.rules.tools import TOOLS
from storage.records import Advice, Item, ItemValues, Level, Reading, Tag
from tests.alerts.policies import NOW, change, figures, incident, item, policy, rule

YANGON = Mission("th-yangon", Both("สอท. ณ กรุงย่างกุ้ง", "Embassy, Yangon"), "MM", 16.8, 96.16)
SONGKRAN = {"th": "วันสงกรานต์", "en": "Songkran"}
NIGHT_HOURS = (Hours(time(22), time(6)),)
POLICY = policy(
    missions=(YANGON,),
    day=Hours(time(6), time(22)),
    holidays=Holidays(yearly={(4, 13): SONGKRAN}),
)
AT_NIGHT = datetime(2025, 3, 28, 17, 30, tzinfo=UTC)  # half past midnight in Bangkok
ON_SONGKRAN = datetime(2025, 4, 13, 6, 0, tzinfo=UTC)
TAGGED = replace(item(), reading=Reading(tags=(Tag("natural", 0.8), Tag("health", 0.4))))
EXTREME = incident(severity="extreme", urgency="Immediate", certainty=None)
ADVISED = replace(
    item(),
    speaker="US",
    values=ItemValues("Advice", advice=Advice("MM", "4", "Do not travel"),
                      source_categories=("Met", "Flood Watch")),
)  # fmt: skip

HOLD: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "severity": ({"severities": ("Extreme",)}, {"event": EXTREME}, True),
    "another severity": ({"severities": ("Severe",)}, {"event": EXTREME}, False),
    "certainty unknown is asked by that name": (
        {"certainties": ("Unknown",)}, {"event": EXTREME}, True),
    "urgency and severity both": (
        {"severities": ("Extreme",), "urgencies": ("Future",)}, {"event": EXTREME}, False),
    "near any mission": ({"near": (Near(700, "any"),)}, {}, True),
    "near a mission, too far": ({"near": (Near(500, "th-yangon"),)}, {}, False),
    "near a point": ({"near": (Near(50, at=(21.9, 95.5), name="camp"),)}, {}, True),
    "no position": ({"near": (Near(700, "any"),)}, {"event": incident(lat=None, lon=None)}, False),
    "no position, taken": (
        {"near": (Near(7, "any"),), "unknown_place": True},
        {"event": incident(lat=None, lon=None)}, True),
    "feed by name": ({"feeds": ("gdacs",)}, {"of": replace(item(), feed_name="GDACS")}, True),
    "another feed": ({"feeds": ("usgs",)}, {"of": replace(item(), feed_name="GDACS")}, False),
    "tag of the source": ({"tags": ("flood watch",)}, {"of": ADVISED}, True),
    "tag of the feed": (
        {"tags": ("Unconfirmed",)}, {"of": replace(ADVISED, feed_tags=("unconfirmed",))}, True),
    "no tag of either": ({"tags": ("cap",)}, {"of": replace(ADVISED, feed_tags=("fire",))}, False),
    "a tag, and no item": ({"tags": ("cap",)}, {"of": None}, False),
    "step of advice": ({"min_advice_step": 4}, {"of": ADVISED}, True),
    "no advice": ({"min_advice_step": 2}, {}, False),
    "no advice, taken": ({"min_advice_step": 2, "unknown_number": True}, {}, True),
    "probability": ({"min_probability": 0.8}, {"of": TAGGED}, True),
    "probability of the category asked for": (
        {"min_probability": 0.7, "categories": ("natural",)}, {"of": TAGGED}, True),
    "probability too low": ({"min_probability": 0.81}, {"of": TAGGED}, False),
    "in the hours": ({"hours": NIGHT_HOURS}, {"now": AT_NIGHT}, True),
    "out of the hours": ({"hours": NIGHT_HOURS}, {}, False),
    "by day": ({"at_night": False}, {}, True),
    "a holiday is no day": ({"at_night": False}, {"now": ON_SONGKRAN}, False),
    "at night": ({"at_night": True}, {"now": AT_NIGHT}, True),
    "night threshold": ({"min_level": Level.WATCH, "night_level": Level.FLASH},
                        {"now": AT_NIGHT}, False),
    "night threshold by day": ({"min_level": Level.WATCH, "night_level": Level.FLASH}, {}, True),
    "shallow and strong": (
        {"figures": {"magnitude": 6.5}, "max_depth_km": 70},
        {"event": incident(figures=figures(magnitude=6.6, depth_km=20))}, True),
    "deep and strong": (
        {"figures": {"magnitude": 6.5}, "max_depth_km": 70},
        {"event": incident(figures=figures(magnitude=6.6, depth_km=300))}, False),
}  # fmt: skip


@pytest.mark.parametrize("name", HOLD)
def test_each_part_of_a_condition_holds_or_not_and_says_why(name: str) -> None:
    when, given, holds = HOLD[name]
    of: Item | None = given.get("of", item())
    case = Case(given.get("event", incident()), change(), of, POLICY, given.get("now", NOW), TOOLS)
    found, whys = matches(Condition(**when), case)
    assert found is holds
    for why in whys:
        for language in ("th", "en"):
            assert "–" not in words.reason(why, language), why
            assert words.current().has(f"why.{why.code}")


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        ("ตาย", "ชาวบ้านตายสามราย", True),
        ("ลม", "ถล่มกลางกรุง", False),  # the letters of wind stand inside "collapsed"
        ("ถล่ม", "ฝูงบินถล่มเมืองหลวง", True),
        ("flood", "Flood in Laos", True),
        ("flood", "Flooding in Laos", False),
        ("flood*", "Flooding in Laos", True),
        ("war", "A warning", False),
        ("洪水", "ラオスで洪水、12人死亡", True),
        ("earthquake", "earth\u200bquake", True),
    ],
)
def test_words_are_whole_words_of_their_script(word: str, text: str, stands: bool) -> None:
    assert bool(TOOLS.find((word,), (text,))) is stands


def test_the_reason_below_the_level_says_that_it_is_the_nights_threshold() -> None:
    asks = rule(min_level=Level.WATCH, night_level=Level.FLASH)
    chosen = replace(POLICY, rules=(asks,))
    (made,) = decide(incident(), change(), item(), chosen, now=AT_NIGHT, tools=Tools())
    assert [why.code for why in made.why] == ["below_level_night"]
    assert decide(incident(), change(), item(), chosen, now=NOW)[0].team == "duty"


def test_night_is_outside_of_the_day_and_on_holidays() -> None:
    zone, day = ZoneInfo("Asia/Bangkok"), Hours(time(6), time(22))
    assert not is_night(day, POLICY.holidays, zone, NOW)
    assert is_night(day, POLICY.holidays, zone, AT_NIGHT)
    assert is_night(day, POLICY.holidays, zone, ON_SONGKRAN)
    assert not is_night(None, POLICY.holidays, zone, AT_NIGHT)
    assert POLICY.holidays.name(date(2031, 4, 13), "en") == "Songkran"
    assert POLICY.holidays.name(date(2031, 4, 12), "en") is None


def test_quiet_hours_run_on_through_a_holiday_that_follows_them() -> None:
    zone = ZoneInfo("Asia/Bangkok")
    quiet = (Hours(time(22), time(6), holidays=True),)
    before_songkran = datetime(2025, 4, 12, 16, 0, tzinfo=UTC)  # 23:00 on 12 April
    until = within(quiet, POLICY.holidays, zone, before_songkran)
    assert until == datetime(2025, 4, 13, 23, 0, tzinfo=UTC)  # 06:00 on 14 April
    assert within(quiet, POLICY.holidays, zone, NOW) is None
    weekend = (Hours(time(0), time(0), days=(5, 6)),)
    saturday = datetime(2025, 3, 29, 3, 0, tzinfo=UTC)
    assert within(weekend, Holidays(), zone, saturday) == datetime(2025, 3, 30, 17, 0, tzinfo=UTC)
    assert within(weekend, Holidays(), zone, saturday - timedelta(days=1)) is None

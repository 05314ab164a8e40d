"""What the rules say about a change, and why nobody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts import words
from alerts.case import Case
from alerts.policy import Condition
from alerts.rules import decide, matches, silenced_by
from storage.records import Incident, Item, ItemValues, Level, NewDecision, Reading, Role, Why
from tests.alerts.policies import (
    NEIGHBOUR_ALERT,
    NOW,
    change,
    figures,
    incident,
    item,
    policy,
    rule,
    silence,
)

POLICY = policy()


def said(
    event: Incident | None = None, kind: str = "opened", of: Item | None = None, **options: Any
) -> list[NewDecision]:
    """What the rules say now."""
    chosen = options.pop("policy", POLICY)
    made = options.pop("change", change(kind))
    return decide(event or incident(), made, of or item(), chosen, now=NOW, **options)


def why_not(decisions: list[NewDecision]) -> str:
    """The reason code of the one decision that tells nobody."""
    assert [each.team for each in decisions] == [None]
    assert decisions[0].due_at is None
    assert words.current().has(f"why.{decisions[0].why[0].code}")
    return decisions[0].why[0].code


def test_a_matching_rule_tells_its_team_after_the_levels_wait() -> None:
    (decision,) = said()
    assert (decision.rule, decision.team) == ("neighbour-alert", "duty")
    assert decision.due_at == NOW + timedelta(minutes=3)
    sentences = words.reasons(decision.why, "en")
    assert sentences[0] == 'Matches the rule "ALERT in a neighbouring country"'
    assert "Country or territory: Myanmar" in sentences


def test_a_flash_is_due_at_once_and_both_rules_speak() -> None:
    decisions = said(incident(level=Level.FLASH))
    assert {each.rule for each in decisions} == {"neighbour-alert", "flash-anywhere"}
    assert {each.due_at for each in decisions} == {NOW}


def test_a_rule_for_two_teams_makes_a_decision_for_each() -> None:
    both = policy(rules=(rule(teams=("duty", "information")),))
    assert [each.team for each in said(policy=both)] == ["duty", "information"]


@pytest.mark.parametrize(
    ("event", "made", "of", "code"),
    [
        (incident(countries=("PE",)), "opened", item(), "below_level"),
        (incident(level=Level.WATCH), "opened", item(), "below_level"),
        (incident(exercise=True), "opened", item(), "exercise"),
        (incident(state="merged"), "opened", item(), "merged"),
        (incident(), "note", item(), "not_material"),
        (incident(), "joined", item(), "duplicate_of"),
        (incident(), "communication", item(), "not_material"),
        (incident(), "opened", item(disposition=(Why("first_sight"),)), "first_sight"),
        (incident(), "opened", item(values=ItemValues("x", status="test")), "test"),
        (incident(), "opened", item(values=ItemValues("x", status="exercise")), "exercise"),
        (
            incident(),
            "opened",
            item(values=ItemValues("x", published_at=NOW - timedelta(days=31))),
            "stale",
        ),
        (incident(), "opened", item(reading=Reading(flags=("retrospective",))), "retrospective"),
    ],
    ids=[
        "far away and no FLASH",
        "below the level",
        "drill",
        "merged",
        "note",
        "one more report",
        "a ministry speaking",
        "first sight",
        "test by the source",
        "drill of the source",
        "a month old",
        "anniversary",
    ],
)
def test_who_is_not_told_has_a_reason(event: Incident, made: str, of: Item, code: str) -> None:
    assert why_not(said(event, made, of)) == code


def test_no_matching_rule_is_said_plainly() -> None:
    nobody = policy(rules=(NEIGHBOUR_ALERT,))
    assert why_not(said(incident(countries=("PE",)), policy=nobody)) == "no_rule"
    assert why_not(said(policy=policy(rules=()))) == "no_rule"


def test_an_old_warning_that_is_still_in_force_is_told() -> None:
    values = ItemValues(
        "x", published_at=NOW - timedelta(days=40), expires_at=NOW + timedelta(days=1)
    )
    assert said(of=item(values=values))[0].team == "duty"


def test_a_disabled_rule_is_not_asked() -> None:
    off = policy(rules=(replace(NEIGHBOUR_ALERT, enabled=False),))
    assert all(each.team is None for each in said(policy=off))


def test_a_shadow_rule_is_recorded_and_tells_nobody() -> None:
    shadow = policy(rules=(rule("trial", shadow=True),))
    decisions = said(policy=shadow)
    assert [(each.team, each.shadow) for each in decisions] == [(None, False), ("duty", True)]
    assert decisions[0].why[0].code == "no_rule"


def test_a_rule_for_a_team_that_is_gone_says_so() -> None:
    broken = policy(rules=(rule("lost", teams=("nobody",)),))
    assert why_not(said(policy=broken)) == "unknown_team"


# --- which changes count ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, "dead 20", True),
        ("dead 20", "dead 144", True),
        ("dead 1,020", "dead 1,144", True),
        ("dead 144", "dead 20", False),
        ("injured 20", "injured 144", False),
        ("dead some", "dead many", False),
    ],
    ids=["first", "more", "thousands", "fewer", "injured", "no number"],
)
def test_more_dead_is_news_and_other_figures_are_not(old: str | None, new: str, told: bool) -> None:
    decisions = said(change=change("figure", old=old, new=new))
    assert (decisions[0].team == "duty") is told


@pytest.mark.parametrize("kind", ["level_lowered", "withdrawn", "lifted"])
def test_an_end_is_told_though_the_level_is_below_the_rule_now(kind: str) -> None:
    decisions = said(incident(level=Level.INFO), kind)
    assert {each.team for each in decisions} == {"duty"}


@pytest.mark.parametrize("kind", ["level_lowered", "withdrawn", "lifted"])
def test_an_easing_claims_no_level_but_says_who_hears_of_it(kind: str) -> None:
    for decision in said(incident(level=Level.INFO), kind):
        codes = [why.code for why in decision.why]
        assert "match_level" not in codes
        assert "told_before" in codes
        for language in words.LANGUAGES:
            assert not [each for each in words.reasons(decision.why, language) if "INFO" in each]


@pytest.mark.parametrize(
    "asks",
    [
        {"changes": ("advice",)},
        {"changes": ("advice", "communication")},
        {"communications": ("travel_advice",)},
    ],
)
@pytest.mark.parametrize("kind", ["level_lowered"])
def test_a_rule_on_what_ministries_say_is_not_about_an_easing(
    asks: dict[str, Any], kind: str
) -> None:
    chosen = policy(rules=(rule("advice-about-home", countries=("MM",), **asks),))
    assert [each.team for each in said(incident(level=Level.INFO), kind, policy=chosen)] == [None]
    both = policy(rules=(rule("r", countries=("MM",), changes=("advice", kind)),))
    assert [each.team for each in said(incident(level=Level.INFO), kind, policy=both)] == ["duty"]


@pytest.mark.parametrize("kind", ["withdrawn", "lifted"])
def test_an_end_is_put_to_every_team_that_any_rule_tells_and_names_no_rule(kind: str) -> None:
    """Who was told by a rule that no longer holds must hear the end too; the ticker knows who."""
    chosen = policy(
        rules=(rule(countries=("LA",)), rule("other", ("information",)), rule("off", ("duty",)))
    )
    told = said(incident(level=Level.INFO), kind, policy=chosen)
    assert [(each.rule, each.team) for each in told] == [("", "duty"), ("", "information")]
    assert {why.code for each in told for why in each.why} == {"told_before"}


def test_a_correction_that_no_rule_takes_is_put_to_who_was_told_before() -> None:
    chosen = policy(rules=(rule(countries=("LA",)),))
    told = said(incident(level=Level.WATCH), "corrected", policy=chosen)
    assert [(each.rule, each.team) for each in told] == [("", "duty")]
    assert why_not(said(incident(level=Level.INFO), "corrected", policy=chosen)) == "no_rule"


def test_closing_is_told_when_an_officer_did_it() -> None:
    assert said(change=change("closed", by="officer"))[0].team == "duty"
    assert why_not(said(change=change("closed"))) == "not_material"


def test_a_withdrawal_of_an_old_item_is_not_stale() -> None:
    old = item(values=ItemValues("x", published_at=NOW - timedelta(days=40)))
    assert said(kind="withdrawn", of=old)[0].team == "duty"


def test_a_rule_that_asks_for_communications_hears_them() -> None:
    asks = policy(rules=(rule(communications=("travel_advice", "statement")),))
    speech = item(role=Role.COMMUNICATION, reading=Reading(communication="statement"))
    assert said(kind="communication", of=speech, policy=asks)[0].team == "duty"
    condolence = replace(speech, reading=Reading(communication="condolence"))
    assert why_not(said(kind="communication", of=condolence, policy=asks)) == "no_rule"
    assert why_not(said(policy=asks)) == "no_rule"


def test_changed_advice_reaches_rules_on_advice_and_on_travel_advice() -> None:
    told = change("advice", old="2", new="4")
    by_change = policy(rules=(rule(changes=("advice",), countries=("home",)),))
    by_kind = policy(rules=(rule(communications=("travel_advice",)),))
    home = incident(countries=("TH",), level=Level.WATCH)
    assert said(home, change=told, policy=by_change)[0].team == "duty"
    assert said(home, change=told, policy=by_kind)[0].team == "duty"
    assert why_not(said(change=told)) == "not_material"


def test_advice_that_opened_the_incident_is_put_to_every_rule() -> None:
    fresh = incident(opened_at=NOW)
    assert said(fresh, change=change("advice", old="2", new="4"))[0].team == "duty"


def test_a_second_source_wakes_the_rule_that_waited_for_it() -> None:
    two = policy(rules=(rule(min_independent_sources=2),))
    one_source, confirmed = incident(), incident(independent_sources=2)
    assert why_not(said(one_source, policy=two)) == "no_rule"
    assert said(confirmed, "joined", policy=two)[0].team == "duty"
    assert said(confirmed, "joined", policy=two, before=one_source)[0].team == "duty"
    assert why_not(said(confirmed, "joined", policy=two, before=confirmed)) == "duplicate_of"
    third = incident(independent_sources=3)
    assert why_not(said(third, "joined", policy=two)) == "duplicate_of"


def test_a_country_learnt_later_wakes_the_rule_for_it() -> None:
    nowhere = incident(countries=())
    assert said(kind="joined", before=nowhere)[0].team == "duty"


# --- silences --------------------------------------------------------------------------------


def test_a_silence_names_its_owner_its_end_and_its_reason() -> None:
    decisions = said(silences=[silence()])
    assert why_not(decisions) == "silenced"
    assert words.reason(decisions[0].why[0], "th") == (
        "ระงับการแจ้งโดยเวรหลัก ถึง ศ. 28 มี.ค. 2568 14.20 น. เหตุผล: ซ้ำกับเรื่องเดิม"
    )


def test_a_flash_passes_every_silence_but_its_own() -> None:
    flash = incident(level=Level.FLASH)
    assert said(flash, silences=[silence()])[0].team == "duty"
    own = silence(incident_id=flash.id, countries=())
    assert why_not(said(flash, silences=[own])) == "silenced"


@pytest.mark.parametrize(
    ("changed", "quiet"),
    [
        ({}, True),
        ({"countries": ("neighbours",)}, True),
        ({"countries": ("PE",)}, False),
        ({"hazards": ("EQ",)}, True),
        ({"hazards": ("FL",)}, False),
        ({"countries": (), "hazards": ("EQ",)}, True),
        ({"countries": (), "feeds": ("Quake agency",)}, True),
        ({"countries": (), "feeds": ("Other agency",)}, False),
        ({"countries": ()}, False),
        ({"countries": (), "incident_id": 8}, False),
        ({"ends_at": NOW}, False),
        ({"starts_at": NOW + timedelta(seconds=1)}, False),
    ],
    ids=[
        "country",
        "region",
        "other country",
        "country and hazard",
        "country and other hazard",
        "hazard",
        "feed",
        "other feed",
        "names nothing",
        "other incident",
        "over",
        "not yet",
    ],
)
def test_a_silence_covers_what_it_names_while_it_lasts(
    changed: dict[str, Any], quiet: bool
) -> None:
    found = silenced_by(incident(), item(), [silence(**changed)], POLICY, now=NOW)
    assert (found is not None) is quiet


# --- conditions ------------------------------------------------------------------------------

TOLL = incident(figures=figures(dead=12, magnitude=6.1, depth_km=10))
CONDITIONS: dict[str, tuple[Condition, Incident, bool]] = {
    "nothing asked": (Condition(), incident(), True),
    "category": (Condition(categories=("natural", "health")), incident(), True),
    "other category": (Condition(categories=("health",)), incident(), False),
    "hazard": (Condition(hazards=("EQ",)), incident(), True),
    "broad hazard takes the finer": (
        Condition(hazards=("attack",)), incident(hazard="bombing"), True),
    "finer hazard does not take the broad": (
        Condition(hazards=("bombing",)), incident(hazard="attack"), False),
    "no hazard": (Condition(hazards=("EQ",)), incident(hazard=None), False),
    "region": (Condition(countries=("asean",)), incident(), True),
    "outside region": (Condition(countries=("asean",)), incident(countries=("PE",)), False),
    "world": (Condition(countries=("world",)), incident(countries=("PE",)), True),
    "country unknown, not taken": (
        Condition(countries=("asean",)), incident(countries=()), False),
    "country unknown, taken": (
        Condition(countries=("asean",), unknown_country=True), incident(countries=()), True),
    "level": (Condition(min_level=Level.FLASH), incident(), False),
    "nationals": (Condition(nationals=("harmed",)), incident(nationals="harmed"), True),
    "feed kind": (Condition(feed_kinds=("news",)), incident(), False),
    "tier": (Condition(tiers=("official",)), incident(), True),
    "figure reached": (Condition(figures={"dead": 10}), TOLL, True),
    "figure not reached": (Condition(figures={"dead": 13}), TOLL, False),
    "figure unknown, not taken": (Condition(figures={"cases": 1}), TOLL, False),
    "figure unknown, taken": (Condition(figures={"cases": 1}, unknown_number=True), TOLL, True),
    "shallow": (Condition(max_depth_km=10), TOLL, True),
    "deep": (Condition(max_depth_km=9), TOLL, False),
    "depth unknown": (Condition(max_depth_km=9), incident(), False),
    "depth unknown, taken": (
        Condition(max_depth_km=9, unknown_number=True), incident(), True),
    "word": (Condition(words=("SAGAING",)), incident(), True),
    "Thai word": (Condition(words=("สะกาย",)), incident(), True),
    "other word": (Condition(words=("flood",)), incident(), False),
    "any of": (Condition(any_of=(Condition(hazards=("FL",)), Condition())), incident(), True),
    "none of any": (Condition(any_of=(Condition(hazards=("FL",)),)), incident(), False),
    "all of": (Condition(all_of=(Condition(hazards=("FL",)), Condition())), incident(), False),
    "none of": (Condition(none_of=(Condition(hazards=("EQ",)),)), incident(), False),
    "none of others": (Condition(none_of=(Condition(hazards=("FL",)),)), incident(), True),
    "level within any of": (
        Condition(any_of=(Condition(min_level=Level.FLASH),)), incident(), False),
}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "event", "holds"), CONDITIONS.values(), ids=CONDITIONS.keys()
)
def test_a_condition_holds_when_all_its_parts_do(
    condition: Condition, event: Incident, holds: bool
) -> None:
    found, whys = matches(condition, Case(event, change(), item(), POLICY, NOW))
    assert found is holds
    assert bool(whys) is holds
    for why in whys:
        assert words.current().has(f"why.{why.code}")
        assert "–" not in words.reason(why, "th")


def test_invisible_characters_do_not_hide_a_word() -> None:
    hidden = item(values=ItemValues("earth\u200bquake \u202ein\u202c ＳＡＧＡＩＮＧ"))
    asks = Condition(words=("earthquake", "sagaing"))
    unnamed = incident(title_en="", title_th="")
    _, whys = matches(asks, Case(unnamed, change(), hidden, POLICY, NOW))
    assert whys[0].values["found"] == "earthquake, sagaing"


def test_a_part_about_the_item_does_not_hold_without_one() -> None:
    asks = Condition(tiers=("official",))
    assert not matches(asks, Case(incident(), change("level_raised"), None, POLICY, NOW))[0]
    assert matches(asks, Case(incident(), change("level_lowered"), None, POLICY, NOW))[0]

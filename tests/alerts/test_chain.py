"""Rounds of the chain, when one began, who hears what follows, and how its steps are worded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts import chain, words
from alerts.policy import Timing
from alerts.situation import Plan, Situation
from alerts.ticker import plan
from storage.records import Change, Decision, Incident, Level, Notice, Why
from tests.alerts.policies import (
    BACKUP,
    DAY,
    HEAD,
    INFORMATION,
    NOW,
    change,
    decision,
    incident,
    notice,
    policy,
)

MINUTE = timedelta(minutes=1)
POLICY = policy()
ROUNDS = policy(timing=replace(POLICY.timing, rounds={Level.FLASH: 3}))


def planned(
    event: Incident, due: tuple[Decision, ...], changes: tuple[Change, ...], *told: Notice
) -> Plan:
    return plan(Situation(event, due, changes, told), POLICY, now=NOW)


def minutes_of(level: Level, rounds: int) -> list[float]:
    chosen = policy(timing=Timing(POLICY.timing.group_wait, rounds={level: rounds}))
    return [step.after / MINUTE for step in chain.steps_of(chosen, level).later]


def test_an_untaken_flash_goes_through_its_chain_three_times() -> None:
    assert minutes_of(Level.FLASH, 1) == [5, 10, 20]
    assert minutes_of(Level.FLASH, 3) == [5, 10, 20, 30, 35, 40, 50, 60, 65, 70, 80]
    again = chain.steps_of(ROUNDS, Level.FLASH).later
    assert [step.to for step in again[3:7]] == ["primary", "primary", "backup", "head"]
    assert chain.steps_of(ROUNDS, Level.WATCH).later == ()


def test_a_step_of_a_later_round_calls_whom_the_first_round_called() -> None:
    flash = incident(level=Level.FLASH)
    due = decision(id=26, step=6, level=Level.FLASH, made_at=NOW - 40 * MINUTE)
    situation = Situation(flash, (due,), (change(),), (notice(level=Level.FLASH),))
    (told,) = plan(situation, ROUNDS, now=NOW).notices
    assert (told.person, told.kind) == (BACKUP, "escalation")


def test_a_giving_back_is_told_to_who_is_first_in_line_and_starts_the_chain_anew() -> None:
    given = (change("acknowledged", id=12, by="day"), change("unacknowledged", id=13, by="day"))
    named = (Why("rule", {"rule": "neighbour-alert"}), Why("given_back", {"by": "day"}))
    due = decision(change_id=13, why=named)
    made = planned(incident(), (due,), (change(), *given), notice(), notice(BACKUP, id=2))
    (told,) = made.notices
    assert (told.person, told.kind, told.rules) == (DAY, "returned", ("neighbour-alert",))
    assert [(each.step, each.due_at) for each in made.follow_ups] == [
        (1, NOW + 30 * MINUTE),
        (2, NOW + 60 * MINUTE),
    ]
    assert {each.rule for each in made.follow_ups} == {"neighbour-alert"}
    assert [step.at for step in told.steps] == [NOW + 30 * MINUTE, NOW + 60 * MINUTE]


def test_what_was_given_back_and_taken_again_calls_nobody() -> None:
    taken = incident(acknowledged_level=Level.ALERT, acknowledged_by="day", acknowledged_at=NOW)
    due = decision(change_id=13)
    made = planned(taken, (due,), (change("unacknowledged", id=13),), notice())
    assert made.notices == ()
    assert words.reason(made.dropped[0].why, "en").startswith("day officer has taken it")


def test_who_was_called_hears_who_has_it_and_the_taker_does_not() -> None:
    taken = incident(acknowledged_level=Level.ALERT, acknowledged_by="day", acknowledged_at=NOW)
    due = decision(rule="", change_id=12, why=(Why("taken", {"by": "day"}),))
    changes = (change(at=NOW - 40 * MINUTE), change("acknowledged", id=12, by="day"))
    made = planned(taken, (due,), changes, notice(), notice(BACKUP, id=2, kind="escalation"))
    (told,) = made.notices
    assert (told.person, told.kind) == (BACKUP, "taken")
    assert made.follow_ups == ()
    assert [why.code for why in told.why] == ["taken", "told_at"]


def test_who_heard_that_it_is_taken_does_not_hear_of_the_next_taker_unasked() -> None:
    earlier = change("acknowledged", id=12, by="day", at=NOW - 5 * MINUTE)
    told = (notice(BACKUP, at=NOW - 10 * MINUTE), notice(HEAD, id=2, at=NOW - 2 * MINUTE))
    assert chain.waiting_to_hear(told, [earlier], taker="day", taken_at=NOW) == ("head",)
    assert chain.waiting_to_hear(told, [], taker="head", taken_at=NOW) == ("backup",)


def test_a_taking_that_was_undone_or_overtaken_is_not_told() -> None:
    due = decision(rule="", change_id=12, why=(Why("taken", {"by": "day"}),))
    changes = (change("acknowledged", id=12, by="day"), change("unacknowledged", id=13, by="day"))
    undone = planned(incident(), (due,), changes, notice(BACKUP))
    risen = incident(
        level=Level.FLASH, acknowledged_level=Level.ALERT, acknowledged_at=NOW, acknowledged_by="x"
    )
    overtaken = planned(risen, (due,), changes, notice(BACKUP))
    assert [each.why.code for each in undone.dropped] == ["given_back"]
    assert [each.why.code for each in overtaken.dropped] == ["chain_replaced"]


def test_a_correction_reaches_everybody_who_had_a_notice_of_whatever_team() -> None:
    told = (
        notice(at=NOW - 40 * MINUTE),
        notice(BACKUP, id=2, at=NOW - 40 * MINUTE),
        notice(INFORMATION, id=3, at=NOW - 40 * MINUTE, team="information"),
    )
    made = planned(incident(), (decision(),), (change("corrected"),), *told)
    assert {(each.person.id, each.kind, each.team) for each in made.notices} == {
        ("day", "corrected", "duty"),
        ("backup", "corrected", "duty"),
        ("information", "corrected", "information"),
    }


def test_a_correction_that_no_rule_takes_is_told_to_who_was_told_and_to_nobody_else() -> None:
    due = decision(rule="", why=(Why("told_before"),))
    mine = notice(BACKUP, at=NOW - 40 * MINUTE)
    (told,) = planned(incident(), (due,), (change("corrected"),), mine).notices
    assert told.person == BACKUP
    never = planned(incident(), (due,), (change("corrected"),))
    assert [each.why.code for each in never.dropped] == ["never_told"]


@pytest.mark.parametrize("kind", ["withdrawn", "lifted", "closed"])
def test_what_follows_says_when_he_was_told_and_names_only_rules_that_matched(kind: str) -> None:
    over = incident(level=Level.INFO, withdrawn=kind == "withdrawn", lifted=kind == "lifted")
    why = (Why("rule", {"rule": "neighbour-alert", "rule_en": "ALERT next door"}),)
    due = decision(rule="", why=(Why("told_before"),))
    (told,) = planned(over, (due,), (change(kind),), notice(why=why)).notices
    assert told.rules == ("neighbour-alert",)
    assert [each.code for each in told.why] == ["told_at"]
    assert words.reason(told.why[0], "en").startswith("You were told of it at Fri 28 Mar 2025")


def test_a_step_is_worded_as_coming_until_its_time_and_not_at_all_once_withdrawn() -> None:
    why = (Why("rule", {"rule": "r"}), Why("escalation", {"minutes": 10.0, "to": "backup"}))
    step = decision(step=2, why=why)
    codes = [each.code for each in chain.reasons_as_it_stands(step)]
    assert codes == ["rule", "next_step"]
    said = words.reason(chain.reasons_as_it_stands(step)[1], "en")
    assert said == "If nobody takes it within 10 minutes of the first notice: the backup officer"
    done = replace(step, state="done")
    assert [each.code for each in chain.reasons_as_it_stands(done)] == ["rule", "escalation"]
    off = replace(step, state="dropped", why=(*why, Why("acknowledged", {"by": "day"})))
    assert [each.code for each in chain.reasons_as_it_stands(off)] == ["rule", "acknowledged"]

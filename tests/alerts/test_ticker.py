"""From due decisions to notices: merging, updates, escalation, silence and flood."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import words
from alerts.hours import Hours
from alerts.policy import Timing
from alerts.situation import Pause, Plan, Recent, Situation
from alerts.ticker import plan
from storage.records import Change, Decision, Incident, Level, Notice, Why
from tests.alerts.policies import (
    BACKUP,
    DAY,
    HEAD,
    INFORMATION,
    NIGHT,
    NOW,
    change,
    decision,
    incident,
    notice,
    policy,
    silence,
)

POLICY = policy()
MINUTE = timedelta(minutes=1)


def planned(
    event: Incident | None = None,
    due: tuple[Decision, ...] = (),
    changes: tuple[Change, ...] = (),
    notices: tuple[Notice, ...] = (),
    **options: Any,
) -> Plan:
    """The plan for one incident now; by default one decision about its opening."""
    chosen = options.pop("policy", POLICY)
    at = options.pop("now", NOW)
    situation = Situation(
        incident=event or incident(),
        due=due or (decision(),),
        changes=changes or (change(),),
        notices=notices,
        **options,
    )
    made = plan(situation, chosen, now=at)
    assert_every_decision_is_settled_once(situation, made)
    return made


def assert_every_decision_is_settled_once(situation: Situation, made: Plan) -> None:
    settled = [*made.done, *(each.id for each in made.dropped)]
    settled += [each.id for each in made.postponed]
    assert sorted(settled) == sorted(each.id for each in situation.due)


def dropped(made: Plan) -> list[str]:
    """The reasons of what was dropped; nothing else may have happened."""
    assert made.notices == ()
    assert made.postponed == ()
    for each in made.dropped:
        assert words.current().has(f"why.{each.why.code}")
        assert "–" not in words.reason(each.why, "th")
    return [each.why.code for each in made.dropped]


def step(number: int, **changed: Any) -> Decision:
    """A due escalation step, decided ten minutes ago."""
    made = decision(id=20 + number, step=number, made_at=NOW - 10 * MINUTE)
    return replace(made, **changed)


# --- the first notice ------------------------------------------------------------------------


def test_the_first_notice_goes_to_the_officer_on_duty() -> None:
    (first,) = planned().notices
    assert first.person == DAY
    assert (first.kind, first.number, first.level) == ("alert", 1, Level.ALERT)
    assert first.new_thread
    assert first.thread == ()
    assert first.previous_level is None
    assert first.rules == ("neighbour-alert",)
    assert words.reason(first.why[-1], "en").startswith("You are on duty until Fri 28 Mar 2025")


def test_after_eight_in_the_evening_it_goes_to_the_night_officer() -> None:
    (first,) = planned(now=NOW + timedelta(hours=7)).notices
    assert first.person == NIGHT


def test_a_team_without_a_roster_is_told_as_a_whole() -> None:
    notices = planned(due=(decision(team="information"),)).notices
    assert [each.person for each in notices] == [INFORMATION, HEAD]


def test_a_gap_in_the_roster_tells_everybody_and_says_why() -> None:
    teams = dict(POLICY.teams)
    teams["duty"] = replace(teams["duty"], roster=teams["duty"].roster[:1])
    gap = policy(teams=teams)
    notices = planned(policy=gap, now=NOW + timedelta(hours=8)).notices
    assert [each.person for each in notices] == [DAY, NIGHT, BACKUP, HEAD]
    assert all(each.why[-1].code == "fallback_team" for each in notices)


def test_two_rules_make_one_mail_that_names_both() -> None:
    second = decision(id=2, rule="flash-anywhere", why=(Why("rule", {"rule": "flash-anywhere"}),))
    made = planned(incident(level=Level.FLASH), due=(decision(), second))
    (only,) = made.notices
    assert only.rules == ("neighbour-alert", "flash-anywhere")
    assert [why.values["rule"] for why in only.why if why.code == "rule"] == list(only.rules)
    assert made.done == (1, 2)


def test_a_person_in_two_teams_gets_one_mail() -> None:
    teams = dict(POLICY.teams)
    teams["information"] = replace(teams["information"], members=("day",))
    made = planned(due=(decision(), decision(id=2, team="information")), policy=policy(teams=teams))
    assert [each.person for each in made.notices] == [DAY]
    assert made.done == (1, 2)


# --- the escalation chain --------------------------------------------------------------------


def test_a_first_notice_brings_its_escalation_steps() -> None:
    made = planned(incident(level=Level.FLASH))
    assert [(each.step, each.due_at) for each in made.follow_ups] == [
        (1, NOW + 5 * MINUTE),
        (2, NOW + 10 * MINUTE),
        (3, NOW + 20 * MINUTE),
    ]
    assert made.follow_up_change == 11
    assert {each.team for each in made.follow_ups} == {"duty"}
    assert [(each.to, each.at) for each in made.notices[0].steps] == [
        ("primary", NOW + 5 * MINUTE),
        ("backup", NOW + 10 * MINUTE),
        ("head", NOW + 20 * MINUTE),
    ]
    assert words.reason(made.follow_ups[1].why[-1], "en") == (
        "Nobody took it 10 minutes after the first notice: the backup officer told"
    )


def test_a_watch_has_no_escalation() -> None:
    made = planned(incident(level=Level.WATCH), due=(decision(rule="watch"),))
    assert made.notices[0].kind == "alert"
    assert made.follow_ups == ()
    assert made.notices[0].steps == ()


def test_a_step_tells_the_backup_who_has_no_mail_yet() -> None:
    made = planned(due=(step(1),), notices=(notice(),))
    (told,) = made.notices
    assert (told.person, told.kind, told.number, told.step) == (BACKUP, "escalation", 1, 1)
    assert made.follow_ups == ()


def test_a_step_to_somebody_who_was_told_is_a_reminder_in_his_thread() -> None:
    flash = incident(level=Level.FLASH)
    mine = notice(level=Level.FLASH)
    (told,) = planned(flash, due=(step(1, level=Level.FLASH),), notices=(mine,)).notices
    assert (told.person, told.kind, told.number) == (DAY, "reminder", 2)
    assert told.thread == (mine.message_id,)
    assert not told.new_thread


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"acknowledged_level": Level.ALERT, "acknowledged_by": "day"}, "acknowledged"),
        ({"acknowledged_level": Level.FLASH, "acknowledged_by": "day"}, "acknowledged"),
        ({"state": "closed"}, "closed"),
        ({"withdrawn": True}, "withdrawn"),
        ({"lifted": True, "level": Level.INFO}, "lifted"),
        ({"level": Level.FLASH}, "chain_replaced"),
        ({"level": Level.WATCH}, "chain_replaced"),
        ({"exercise": True}, "exercise"),
        ({"state": "merged"}, "merged"),
    ],
    ids=[
        "taken",
        "taken at a higher level",
        "closed",
        "withdrawn",
        "lifted",
        "raised",
        "lowered",
        "drill",
        "merged",
    ],
)
def test_a_step_is_dropped_once_somebody_has_it_or_it_is_over(
    changed: dict[str, Any], code: str
) -> None:
    made = planned(incident(**changed), due=(step(1),), notices=(notice(),))
    assert dropped(made) == [code]


def test_an_acknowledgement_below_the_level_does_not_stop_the_chain() -> None:
    flash = incident(level=Level.FLASH, acknowledged_level=Level.ALERT, acknowledged_by="day")
    made = planned(flash, due=(step(2, level=Level.FLASH),), notices=(notice(level=Level.FLASH),))
    assert [each.person for each in made.notices] == [BACKUP]


def test_a_step_that_left_the_file_is_dropped() -> None:
    assert dropped(planned(due=(step(9),), notices=(notice(),))) == ["step_gone"]


def test_steps_that_come_due_together_after_a_pause_are_one_mail_each() -> None:
    flash = incident(level=Level.FLASH)
    steps = tuple(step(n, level=Level.FLASH) for n in (1, 2, 3))
    made = planned(flash, due=steps, notices=(notice(level=Level.FLASH),))
    assert [(each.person, each.kind) for each in made.notices] == [
        (DAY, "reminder"),
        (BACKUP, "escalation"),
        (HEAD, "escalation"),
    ]


# --- updates ---------------------------------------------------------------------------------


def test_what_comes_later_is_an_update_in_the_same_thread() -> None:
    mine = notice(at=NOW - 31 * MINUTE)
    made = planned(changes=(change("figure"),), notices=(mine,))
    (update,) = made.notices
    assert (update.kind, update.number, update.new_thread) == ("update", 2, False)
    assert update.thread == (mine.message_id,)
    assert made.follow_ups == ()


def test_an_update_waits_until_the_gap_is_over() -> None:
    made = planned(changes=(change("figure"),), notices=(notice(at=NOW - 10 * MINUTE),))
    assert made.notices == ()
    (waits,) = made.postponed
    assert (waits.id, waits.until, waits.why.code) == (1, NOW + 20 * MINUTE, "update_gap")


def test_a_rise_does_not_wait_and_starts_a_new_thread_and_chain() -> None:
    mine = notice(at=NOW - MINUTE)
    flash = incident(level=Level.FLASH, level_since=NOW)
    made = planned(flash, changes=(change("level_raised"),), notices=(mine,))
    (raised,) = made.notices
    assert (raised.kind, raised.previous_level, raised.new_thread) == (
        "raised",
        Level.ALERT,
        True,
    )
    assert raised.thread == (mine.message_id,)
    assert [each.step for each in made.follow_ups] == [1, 2, 3]


def test_a_rise_that_is_acknowledged_already_starts_no_chain() -> None:
    flash = incident(level=Level.FLASH, acknowledged_level=Level.FLASH, acknowledged_by="day")
    made = planned(flash, changes=(change("level_raised"),), notices=(notice(),))
    assert made.notices[0].kind == "raised"
    assert made.follow_ups == ()
    assert made.notices[0].steps == ()


def test_a_fall_is_told_in_the_old_thread() -> None:
    mine = notice(level=Level.FLASH, at=NOW - 40 * MINUTE)
    made = planned(changes=(change("level_lowered"),), notices=(mine,))
    (lowered,) = made.notices
    assert (lowered.kind, lowered.level, lowered.new_thread) == ("lowered", Level.ALERT, False)


def test_a_level_that_came_back_before_anybody_was_told_is_not_told() -> None:
    mine = notice(at=NOW - 40 * MINUTE)
    made = planned(changes=(change("level_lowered"),), notices=(mine,))
    assert dropped(made) == ["duplicate"]


def test_a_correction_is_called_one() -> None:
    made = planned(changes=(change("corrected"),), notices=(notice(at=NOW - 31 * MINUTE),))
    assert made.notices[0].kind == "corrected"


@pytest.mark.parametrize("kind", ["withdrawn", "lifted", "closed"])
def test_an_end_goes_at_once_to_all_who_were_told_and_to_nobody_else(kind: str) -> None:
    event = incident(
        level=Level.INFO,
        withdrawn=kind == "withdrawn",
        lifted=kind == "lifted",
        state="closed" if kind == "closed" else "open",
    )
    mine = (notice(at=NOW - MINUTE), notice(NIGHT, id=2, at=NOW - MINUTE))
    made = planned(event, changes=(change(kind),), notices=mine)
    assert [(each.person, each.kind) for each in made.notices] == [(DAY, kind), (NIGHT, kind)]
    assert made.follow_ups == ()


def test_an_end_is_told_once() -> None:
    event = incident(withdrawn=True, level=Level.INFO)
    mine = (notice(), notice(id=2, kind="withdrawn", at=NOW - MINUTE))
    assert dropped(planned(event, changes=(change("withdrawn"),), notices=mine)) == ["duplicate"]


@pytest.mark.parametrize("kind", ["withdrawn", "lifted", "level_lowered"])
def test_who_was_never_told_does_not_hear_that_it_is_over(kind: str) -> None:
    assert dropped(planned(changes=(change(kind),))) == ["never_told"]


def test_an_incident_withdrawn_before_its_first_mail_is_not_mailed() -> None:
    event = incident(withdrawn=True, level=Level.INFO)
    due = (decision(), decision(id=2, change_id=12))
    changes = (change(), change("withdrawn", id=12))
    assert dropped(planned(event, due=due, changes=changes)) == ["never_told", "never_told"]


def test_an_incident_that_fell_below_its_rule_before_its_first_mail_is_not_mailed() -> None:
    assert dropped(planned(incident(level=Level.WATCH))) == ["eased"]


def test_what_the_last_mail_told_already_is_not_told_again() -> None:
    earlier = decision(made_at=NOW - 12 * MINUTE)
    made = planned(due=(earlier,), notices=(notice(at=NOW - 10 * MINUTE),))
    assert dropped(made) == ["duplicate"]


def test_one_more_report_is_no_mail_to_a_team_that_was_told() -> None:
    made = planned(changes=(change("joined"),), notices=(notice(at=NOW - 40 * MINUTE),))
    assert dropped(made) == ["same_notice"]


def test_the_next_shift_gets_an_update_though_it_is_its_first_mail() -> None:
    made = planned(
        changes=(change("figure"),),
        notices=(notice(at=NOW - 5 * MINUTE),),
        now=NOW + timedelta(hours=7),
    )
    (update,) = made.notices
    assert (update.person, update.kind, update.number) == (NIGHT, "update", 1)
    assert update.new_thread
    assert update.previous_level is Level.ALERT


def test_another_team_gets_its_own_first_notice_and_chain() -> None:
    made = planned(due=(decision(team="information"),), notices=(notice(at=NOW - MINUTE),))
    assert [(each.person, each.kind) for each in made.notices] == [
        (INFORMATION, "alert"),
        (HEAD, "alert"),
    ]
    assert {each.team for each in made.follow_ups} == {"information"}


def test_the_backup_who_took_it_hears_what_is_new() -> None:
    taken = incident(acknowledged_by="backup", acknowledged_level=Level.ALERT)
    made = planned(taken, changes=(change("figure"),), notices=(notice(at=NOW - 40 * MINUTE),))
    assert [each.person for each in made.notices] == [DAY, BACKUP]


def test_digests_and_tests_do_not_count_as_being_told() -> None:
    made = planned(notices=(notice(kind="digest"), notice(id=2, kind="test")))
    assert (made.notices[0].kind, made.notices[0].number) == ("alert", 1)


# --- what is held back -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "due", "code"),
    [
        (incident(exercise=True), decision(), "exercise"),
        (incident(state="merged"), decision(), "merged"),
        (incident(state="closed"), decision(), "closed"),
        (incident(), decision(team="gone"), "no_recipient"),
        (incident(), decision(team=None), "no_recipient"),
    ],
    ids=["drill", "merged", "closed", "team gone", "no team"],
)
def test_what_needs_no_mail_any_more_is_dropped_with_its_reason(
    event: Incident, due: Decision, code: str
) -> None:
    made = plan(Situation(event, (due,), (change(),)), POLICY, now=NOW)
    assert made.notices == ()
    assert [each.why.code for each in made.dropped] == [code]


def test_a_silence_that_came_during_the_wait_holds() -> None:
    assert dropped(planned(silences=(silence(),))) == ["silenced"]


def flood(level: Level, count: int = 10, kind: str = "alert") -> tuple[Recent, ...]:
    """So many mails to the day officer, one every half minute until now."""
    return tuple(Recent("day", level, NOW - n * MINUTE / 2, kind) for n in range(count))


def test_what_comes_in_a_flood_goes_into_the_mail_with_the_list_at_once() -> None:
    made = planned(recent=flood(Level.ALERT))
    (told,) = made.notices
    assert (told.person, told.kind, told.grouped) == (DAY, "alert", True)
    assert told.why[0] == Why("grouped", {"count": 10, "minutes": 10.0})
    assert [each.step for each in made.follow_ups] == [1, 2]
    assert not planned(recent=flood(Level.ALERT, 9)).notices[0].grouped


def test_a_second_list_waits_for_the_rest_and_nothing_is_dropped() -> None:
    listed = (*flood(Level.ALERT), Recent("day", Level.ALERT, NOW - MINUTE, "flood"))
    made = planned(recent=listed)
    assert made.notices == ()
    (waits,) = made.postponed
    assert (waits.why.code, waits.until) == ("flood_waits", NOW + 9 * MINUTE)
    assert planned(recent=(), now=waits.until).notices[0].kind == "alert"


def test_a_flash_is_not_held_back_by_lesser_mails_and_waits_a_minute_at_most() -> None:
    flash = incident(level=Level.FLASH)
    assert not planned(flash, recent=flood(Level.ALERT)).notices[0].grouped
    (told,) = planned(flash, recent=flood(Level.FLASH)).notices
    assert told.grouped
    listed = (*flood(Level.FLASH), Recent("day", Level.FLASH, NOW - MINUTE / 2, "flood"))
    (waits,) = planned(flash, recent=listed).postponed
    assert waits.until == NOW + MINUTE / 2
    lesser = (*flood(Level.FLASH), Recent("day", Level.ALERT, NOW - MINUTE / 2, "flood"))
    assert planned(flash, recent=lesser).notices[0].grouped


def test_a_notice_told_in_a_list_starts_no_thread() -> None:
    first = replace(notice(at=NOW - 40 * MINUTE), state="grouped")
    (update,) = planned(changes=(change("figure"),), notices=(first,)).notices
    assert (update.kind, update.number) == ("update", 2)
    assert update.new_thread
    assert update.thread == ()


@pytest.mark.parametrize("kind", ["reminder", "escalation", "update", "corrected", "lifted"])
@pytest.mark.parametrize("level", [Level.ALERT, Level.FLASH])
def test_reminders_and_updates_never_hold_back_a_first_notice(level: Level, kind: str) -> None:
    made = planned(incident(level=level), recent=flood(Level.FLASH, 30, kind))
    assert [(each.person, each.kind) for each in made.notices] == [(DAY, "alert")]


@pytest.mark.parametrize("kind", ["reminder", "update"])
def test_reminders_and_updates_never_hold_back_a_rise(kind: str) -> None:
    made = planned(
        incident(level=Level.FLASH, level_since=NOW),
        changes=(change("level_raised"),),
        notices=(notice(),),
        recent=flood(Level.FLASH, 30, kind),
    )
    assert [each.kind for each in made.notices] == ["raised"]


def test_a_reminder_goes_into_the_list_in_a_flood_of_first_notices() -> None:
    flash = incident(level=Level.FLASH)
    due = (step(1, level=Level.FLASH),)
    made = planned(flash, due, notices=(notice(level=Level.FLASH),), recent=flood(Level.FLASH))
    assert [(each.kind, each.grouped) for each in made.notices] == [("reminder", True)]


def test_the_correction_of_a_flash_does_not_wait_for_the_gap() -> None:
    told = notice(level=Level.FLASH, at=NOW - 5 * MINUTE)
    right = planned(incident(level=Level.FLASH), changes=(change("corrected"),), notices=(told,))
    assert [each.kind for each in right.notices] == ["corrected"]
    fell = (change("corrected", id=1), change("level_lowered", id=2))
    due = (decision(id=1, change_id=1), decision(id=2, change_id=2))
    down = planned(incident(), due, fell, notices=(told,))
    assert [each.kind for each in down.notices] == ["lowered"]
    lesser = planned(changes=(change("corrected"),), notices=(notice(at=NOW - 5 * MINUTE),))
    assert [each.why.code for each in lesser.postponed] == ["update_gap"]


def test_the_first_extreme_warning_does_not_wait_and_a_further_area_does() -> None:
    told = notice(at=NOW - 5 * MINUTE)
    graver = change("warned", old="Severe", new="Rakhine")
    assert [each.kind for each in planned(changes=(graver,), notices=(told,)).notices] == ["update"]
    wider = change("warned", old="Extreme", new="Chin")
    (waits,) = planned(changes=(wider,), notices=(told,)).postponed
    assert waits.why.code == "update_gap"


def swings(count: int, last: timedelta) -> tuple[Change, ...]:
    """So many changes of level, an hour apart, the last one `last` ago."""
    kinds = ("level_raised", "level_lowered")
    return tuple(
        change(kinds[n % 2], id=n + 1, at=NOW - last - (count - 1 - n) * 60 * MINUTE)
        for n in range(count)
    )


def test_an_unsteady_level_is_told_once_and_its_falls_wait_until_it_is_still() -> None:
    moved = swings(4, 10 * MINUTE)
    due = (decision(change_id=4),)
    told = notice(level=Level.FLASH, at=NOW - 40 * MINUTE)
    (first,) = planned(due=due, changes=moved, notices=(told,)).notices
    assert first.kind == "lowered"
    assert first.why[0].code == "unstable"

    knows = replace(told, why=(Why("unstable"),))
    (waits,) = planned(due=due, changes=moved, notices=(knows,)).postponed
    assert (waits.why.code, waits.until) == ("unsteady", NOW + 110 * MINUTE)
    assert planned(due=due, changes=moved, notices=(knows,), now=waits.until).notices

    rise = planned(
        incident(level=Level.FLASH, level_since=NOW), (decision(change_id=5),), swings(5, MINUTE),
        notices=(notice(level=Level.ALERT, at=NOW - 40 * MINUTE),),
    )  # fmt: skip
    assert [each.kind for each in rise.notices] == ["raised"]
    calm = planned(due=(decision(change_id=3),), changes=swings(3, MINUTE), notices=(told,))
    assert "unstable" not in [why.code for each in calm.notices for why in each.why]


def test_quiet_hours_hold_everything_but_a_flash_back() -> None:
    quiet = (Hours(time(13), time(15)),)  # it is 13:20 in Bangkok
    asleep = replace(DAY, quiet=quiet)
    chosen = policy(people={**POLICY.people, "day": asleep})
    (waits,) = planned(policy=chosen).postponed
    assert (waits.why.code, waits.until) == ("quiet_hours", NOW + 100 * MINUTE)
    assert planned(policy=chosen, now=waits.until).notices[0].kind == "alert"
    assert planned(incident(level=Level.FLASH), policy=chosen).notices
    teams = {**POLICY.teams, "duty": replace(POLICY.teams["duty"], quiet=quiet)}
    assert planned(policy=policy(teams=teams)).notices == ()
    told = notice(level=Level.FLASH, at=NOW - 40 * MINUTE)
    eased = planned(changes=(change("withdrawn"),), notices=(told,), policy=chosen)
    assert [each.kind for each in eased.notices] == ["withdrawn"]


def test_maintenance_holds_everything_but_a_flash_back_and_says_who_said_so() -> None:
    pause = Pause(NOW + 30 * MINUTE, "head", "moving the mail server")
    (waits,) = planned(pause=pause).postponed
    assert (waits.until, waits.why.code) == (pause.until, "maintenance")
    assert "moving the mail server" in words.reason(waits.why, "th")
    assert planned(incident(level=Level.FLASH), pause=pause).notices
    assert planned(pause=pause, now=pause.until).notices


def test_a_lifted_warning_that_leaves_a_grave_level_goes_on_being_told() -> None:
    event = incident(level=Level.FLASH, lifted=True)
    assert [each.kind for each in planned(event).notices] == ["alert"]
    reminded = planned(
        event, due=(step(1, level=Level.FLASH),), notices=(notice(level=Level.FLASH),)
    )
    assert [each.kind for each in reminded.notices] == ["reminder"]


def test_a_flood_to_one_person_does_not_keep_it_from_the_others() -> None:
    due = decision(team="information")
    listed = (*flood(Level.ALERT), Recent("day", Level.ALERT, NOW - MINUTE, "flood"))
    recent = tuple(replace(each, person="head") for each in listed)
    made = planned(due=(due,), recent=recent)
    assert [each.person for each in made.notices] == [INFORMATION]
    assert [each.id for each in made.postponed] == [due.id]
    assert [each.step for each in made.follow_ups] == [1, 2]

    later = made.postponed[0].until
    mine = notice(INFORMATION, team="information", at=NOW)
    again = planned(due=(due,), notices=(mine,), now=later)
    assert [(each.person, each.kind) for each in again.notices] == [(HEAD, "update")]
    assert again.done == (due.id,)
    assert again.follow_ups == ()


def test_the_same_situation_always_gives_the_same_plan() -> None:
    situation = Situation(incident(level=Level.FLASH), (decision(), decision(id=2)), (change(),))
    assert plan(situation, POLICY, now=NOW) == plan(situation, POLICY, now=NOW)


def test_the_gap_of_the_file_is_the_one_that_counts() -> None:
    quick = policy(timing=Timing(group_wait={}, update_gap=5 * MINUTE))
    made = planned(changes=(change("figure"),), notices=(notice(),), policy=quick)
    assert made.notices[0].kind == "update"


@settings(max_examples=200, deadline=None)
@given(
    level=st.sampled_from(Level),
    acknowledged=st.none() | st.sampled_from(Level),
    state=st.sampled_from(["open", "quiet", "closed", "merged"]),
    kinds=st.lists(
        st.sampled_from(["opened", "joined", "figure", "level_raised", "level_lowered", "lifted"]),
        min_size=1,
        max_size=4,
    ),
    steps=st.lists(st.integers(0, 4), min_size=1, max_size=4),
    teams=st.lists(st.sampled_from(["duty", "information", "gone"]), min_size=1, max_size=4),
    told=st.lists(
        st.tuples(st.sampled_from([DAY, BACKUP, INFORMATION]), st.integers(0, 90)), max_size=4
    ),
    count=st.integers(0, 12),
)
def test_every_decision_is_settled_once_and_nobody_gets_two_mails(
    level: Level,
    acknowledged: Level | None,
    state: str,
    kinds: list[str],
    steps: list[int],
    teams: list[str],
    told: list[tuple[Any, int]],
    count: int,
) -> None:
    changes = tuple(change(kind, id=n) for n, kind in enumerate(kinds))
    due = tuple(
        decision(id=n, step=number, team=teams[n % len(teams)], change_id=n % len(kinds))
        for n, number in enumerate(steps)
    )
    notices = tuple(
        notice(person, id=n, at=NOW - minutes * MINUTE) for n, (person, minutes) in enumerate(told)
    )
    event = incident(level=level, acknowledged_level=acknowledged, state=state)
    made = planned(event, due, changes, notices, recent=flood(Level.ALERT, count))
    people = [each.person.id for each in made.notices]
    assert len(people) == len(set(people))
    assert all(wait.until > NOW for wait in made.postponed)
    assert all(each.due_at is not None and each.due_at > NOW for each in made.follow_ups)
    assert (made.follow_up_change is None) is (made.follow_ups == ())

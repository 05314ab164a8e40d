"""What ministries say is a signal by itself, with its reason, once, where it can be known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts import words
from monitor.communications import recorded
from monitor.communications.signals import after_time
from monitor.incidents import officer
from monitor.incidents.afresh import work_out
from monitor.incidents.floors import raised
from storage import advice, feeds, incidents
from storage.database import Connection
from storage.records import Change, Incident, Level, PollResult, Why
from tests.monitor.deeds import Desk

SPEAKS = "Statement on the floods in Laos"


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def whys(desk: Desk, of: Incident, kind: str) -> list[str]:
    changes = incidents.changes(desk.conn, of.id)
    return [why.code for each in changes if each.kind == kind for why in each.why]


def clusters(desk: Desk) -> list[Change]:
    return incidents.changes_of_kind(desk.conn, "advice_cluster", desk.now - timedelta(days=9))


def read_feed(desk: Desk, key: str, *, ok: bool = True) -> None:
    state = feeds.state_of(desk.conn, key)
    assert state is not None
    result = PollResult("ok" if ok else "timed_out", desk.now, ok=ok)
    feeds.record_poll(desk.conn, state.id, result, due_at=desk.now + timedelta(minutes=15))


def test_the_first_sight_of_advice_is_kept_and_is_no_change(desk: Desk) -> None:
    item = desk.advises("JP", 3)
    assert item.incident_id is None
    (held,) = advice.current(desk.conn, "LA")
    assert (held.speaker, held.step, held.first, held.newest) == ("JP", 3, True, True)
    assert advice.changed_between(desk.conn, desk.now, desk.now + timedelta(days=1)) == []


def test_a_change_is_kept_with_what_was_before_and_stands_in_an_incident(desk: Desk) -> None:
    desk.advises("JP", 2)
    desk.later(hours=30)
    changed = desk.advises("JP", 3)
    assert desk.incident(changed.incident_id).level is Level.WATCH
    old, new = advice.history(desk.conn, "LA")
    assert [(old.step, old.newest), (new.step, new.newest)] == [(2, False), (3, True)]
    assert advice.before(desk.conn, new) == old


def test_a_ministry_speaks_when_its_list_changes_not_when_the_list_was_first_seen(
    desk: Desk,
) -> None:
    desk.advises("JP", 2)
    desk.later(days=3)
    flood = desk.comes("Floods in Laos kill 12")
    desk.later(hours=2)
    item = desk.advises("JP", 4)
    officer.move(desk.deed(), item.id, desk.incident(flood.incident_id))
    (said,) = incidents.communications(desk.conn, desk.incident(flood.incident_id).id)
    assert (said.at, said.delay_s) == (desk.now, 7200.0)


def test_the_same_advice_again_is_no_change(desk: Desk) -> None:
    desk.advises("JP", 2)
    desk.later(hours=1)
    desk.advises("JP", 2)
    assert len(advice.history(desk.conn, "LA")) == 1


def test_three_ministries_within_a_day_are_a_signal_told_once(desk: Desk) -> None:
    for speaker in ("JP", "US", "GB", "DE"):
        desk.advises(speaker, 2)
    desk.later(days=1)
    for speaker in ("JP", "US"):
        desk.advises(speaker, 3)
        desk.later(hours=5)
    assert clusters(desk) == []
    third = desk.advises("GB", 4)
    (told,) = clusters(desk)
    assert told.new == "JP,US,GB"
    found = desk.incident(told.incident_id)
    assert found.level is Level.ALERT
    assert "advice-cluster" in desk.rules(found, "advice_cluster")
    said = words.reasons(told.why, "en")[0]
    assert said.startswith("3 ministries changed their advice on Lao PDR within 24 hours: Japan")
    assert third.incident_id is not None
    desk.later(hours=1)
    desk.advises("DE", 4)
    assert len(clusters(desk)) == 1


def test_three_ministries_over_days_are_none_and_nor_are_three_of_one(desk: Desk) -> None:
    for speaker in ("JP", "US", "GB"):
        desk.advises(speaker, 2)
        desk.advises(speaker, 2, "VN")
    for speaker in ("JP", "US", "GB"):
        desk.later(hours=20)
        desk.advises(speaker, 3)
    for step in (3, 4, 3):
        desk.advises("JP", step, "VN")
    assert clusters(desk) == []


@pytest.mark.parametrize(("step", "code"), [(2, "advice_lowered"), (1, "advice_lifted")])
def test_advice_that_is_eased_is_told_as_that(desk: Desk, step: int, code: str) -> None:
    desk.advises("JP", 4)
    desk.later(days=1)
    of = desk.incident(desk.advises("JP", step).incident_id)
    assert whys(desk, of, "advice_eased") == [code]
    assert desk.rules(of, "advice_eased") == {"advice-eased"}


def test_advice_that_is_raised_is_not_eased(desk: Desk) -> None:
    desk.advises("JP", 2)
    desk.later(days=1)
    of = desk.incident(desk.advises("JP", 3).incident_id)
    assert "advice_eased" not in desk.kinds(of)


@pytest.mark.parametrize(("step", "eased"), [(3, True), (4, False)])
def test_the_same_for_a_part_only_is_eased_and_worse_for_a_part_is_not(
    desk: Desk, step: int, eased: bool
) -> None:
    desk.advises("JP", 3)
    desk.later(days=1)
    of = desk.incident(desk.advises("JP", step, partial=True).incident_id)
    assert ("advice_eased" in desk.kinds(of)) is eased


def test_advice_about_the_home_country_is_an_alert_to_the_information_team(desk: Desk) -> None:
    desk.advises("GB", 2, "TH")
    desk.later(hours=30)
    of = desk.incident(desk.advises("GB", 1, "TH").incident_id)
    assert (of.level, of.level_why[0].code) == (Level.ALERT, "advice_about_home")
    assert "advice-about-home" in desk.rules(of, "advice")
    rule = next(each for each in desk.policy.rules if each.id == "advice-about-home")
    assert "information" in rule.teams
    desk.later(hours=1)
    desk.advises("GB", 2, "TH")
    assert desk.incident(of.id).level is Level.ALERT


def test_several_ministries_on_what_no_source_told_of_are_a_signal_once(desk: Desk) -> None:
    first = desk.comes(SPEAKS, feed="mofa-jp", speaker="JP", communication="statement")
    desk.comes(SPEAKS + " today", feed="fcdo", speaker="GB", communication="statement")
    of = desk.incident(first.incident_id)
    assert "voices" not in desk.kinds(of)
    desk.comes(SPEAKS + " now", feed="state", speaker="US", communication="statement")
    desk.comes(SPEAKS + " again", feed="dfat", speaker="AU", communication="statement")
    assert desk.kinds(of).count("voices") == 1
    assert desk.rules(of, "voices") == {"ministries-speak-first"}
    assert desk.incident(of.id).level >= Level.WATCH


def test_ministries_that_speak_of_a_known_hazard_are_none(desk: Desk) -> None:
    first = desk.comes("Floods in Laos kill 12")
    for feed, speaker in (("jp", "JP"), ("gb", "GB"), ("us", "US")):
        desk.comes(SPEAKS, feed=feed, speaker=speaker, communication="statement")
    assert "voices" not in desk.kinds(desk.incident(first.incident_id))


def grave(desk: Desk) -> Incident:
    """An ALERT of which Japan has spoken; our own ministry has a feed."""
    desk.comes("Ministry news", feed="mfa", speaker="TH", home=True, communication="other",
               country=None, hazard=None, labels=())  # fmt: skip
    first = desk.comes("Floods in Laos kill 12")
    of = desk.incident(first.incident_id)
    of = work_out(
        desk.conn, raised(of, Level.ALERT, Why("no_rule")), desk.policy, now=desk.now, before=of
    )
    desk.comes(SPEAKS, feed="jp", speaker="JP", communication="statement")
    return of


def test_silence_of_our_own_is_told_after_a_while_and_once(desk: Desk) -> None:
    of = grave(desk)
    desk.later(hours=1)
    read_feed(desk, "mfa")
    assert after_time(desk.conn, desk.policy, now=desk.now) == 0
    desk.later(hours=3)
    read_feed(desk, "mfa")
    assert after_time(desk.conn, desk.policy, now=desk.now) == 1
    assert after_time(desk.conn, desk.policy, now=desk.now) == 0
    assert desk.rules(of, "home_silent") == {"home-silent"}
    (change,) = (each for each in incidents.changes(desk.conn, of.id) if each.kind == "home_silent")
    assert words.reasons(change.why, "en")[0] == (
        "Others have spoken (Japan); no communication seen in the home feed"
    )


def test_nobody_is_called_silent_while_our_feeds_fail_or_there_are_none(desk: Desk) -> None:
    grave(desk)
    desk.later(hours=6)
    assert after_time(desk.conn, desk.policy, now=desk.now) == 0, "never read"
    read_feed(desk, "mfa", ok=False)
    assert after_time(desk.conn, desk.policy, now=desk.now) == 0, "failing"


def test_what_an_officer_recorded_counts_as_spoken(desk: Desk) -> None:
    of = grave(desk)
    incidents.record_communication(
        desk.conn, incident_id=of.id, at=desk.now, speaker="TH", publisher="MFA", home=True,
        channel="embassy page", kind="statement", title="Statement", link=None, by="duty",
        now=desk.now,
    )  # fmt: skip
    desk.later(hours=6)
    read_feed(desk, "mfa")
    assert after_time(desk.conn, desk.policy, now=desk.now) == 0


def test_reports_of_nationals_are_kept_and_an_officers_word_stands(desk: Desk) -> None:
    first = desk.comes("Floods in Laos kill 12", nationals="none_reported")
    desk.comes("Floods in Laos: Thai tourist dead, 12 killed", nationals="harmed")
    of = desk.incident(first.incident_id)
    kept = incidents.nationals_of(desk.conn, of.id)
    assert [(each.status, each.by) for each in kept] == [
        ("none_reported", "machine"), ("reported", "machine"),
    ]  # fmt: skip
    desk.later(hours=1)
    recorded.set_nationals(
        desk.deed(), of, "none_checked", {}, source="embassy", note="", at=desk.now
    )
    assert desk.incident(of.id).nationals == "none_checked"
    desk.later(hours=1)
    desk.comes("Floods in Laos: two Thai workers missing, 12 killed", nationals="harmed")
    after = desk.incident(of.id)
    assert after.nationals == "none_checked"
    assert desk.rules(after, "nationals_report") == {"nationals-again"}

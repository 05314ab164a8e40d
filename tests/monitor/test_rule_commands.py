"""`monitor rules`: checked, tried on an example, put to history, and rules on trial."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.hours import Hours
from alerts.policy import Condition, EscalationStep, Override, Policy, Shift
from monitor.cli import main, rules_try
from monitor.cli.incident_deeds import hazard
from monitor.config.faults import FileFault
from monitor.config.policyfile import read_policy
from monitor.errors import MonitorError
from monitor.rules import checking
from monitor.rules.backtest import backtest
from monitor.rules.shadowing import trial
from monitor.rules.trying import example, tried
from storage import feeds, pollhistory
from storage.database import Connection, Database
from storage.records import Figure, Hazard, Level, PollResult
from tests.alerts.policies import policy, rule
from tests.monitor.deeds import NOW, Desk
from tests.storage import make

SHIPPED_FILE = Path(__file__).parents[2] / "alerts.yaml"
SHIPPED = read_policy(SHIPPED_FILE)
QUAKE = {"hazard": "EQ", "countries": ["MM"], "figures": {"magnitude": 6.3}}


def faults(of: Policy, now: datetime = NOW, channels: Sequence[str] = ()) -> list[str]:
    return [each.in_("en") for each in checking.faults(of, now, channels)]


def notes(of: Policy) -> list[str]:
    return [each.in_("en") for each in checking.notes(of, NOW)]


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def test_an_example_says_which_rules_hold_and_who_is_told_when() -> None:
    found = tried(example(QUAKE, SHIPPED, NOW), SHIPPED, NOW)
    said = {each.rule: each.outcome for each in found.rules}
    assert said["alert-asean"] == "tells"
    assert said["flash-anywhere"] == "below_level"
    assert said["strong-shaking-shadow"] == "shadow"
    assert said["advice-region"] == "no_match"
    minutes = [(round((each.at - NOW).total_seconds() / 60), each.person) for each in found.tells]
    assert minutes == [(3, "duty-primary"), (33, "duty-backup"), (63, "head-of-desk")]


def test_an_example_that_tells_nobody_says_why() -> None:
    quiet = tried(example(QUAKE | {"exercise": True}, SHIPPED, NOW), SHIPPED, NOW)
    assert [why.code for why in quiet.nobody] == ["exercise"]
    assert quiet.tells == ()
    with pytest.raises(MonitorError, match="'hazzard' is no part"):
        example({"hazzard": "EQ"}, SHIPPED, NOW)


def test_quiet_hours_show_in_the_example_as_a_wait() -> None:
    asleep = replace(SHIPPED.people["duty-primary"], quiet=(Hours(time(12), time(14)),))
    chosen = replace(SHIPPED, people={**SHIPPED.people, "duty-primary": asleep})
    (tell,) = tried(example(QUAKE, chosen, NOW), chosen, NOW).tells
    assert (tell.kind, tell.person) == ("waits", "duty-primary")
    assert tell.at == NOW + timedelta(hours=1)  # 14:00 in Bangkok


def test_the_command_prints_json_and_takes_an_example_from_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "example.json"
    path.write_text(json.dumps(QUAKE), encoding="utf-8")
    assert main(["rules", "test", "--file", str(path), "--level", "flash", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["level"] == "FLASH"
    assert said["tells"][0]["person"] == "duty-primary"
    assert main(["rules", "test", "--hazard", "EQX"]) == 2
    assert main(["rules", "test", "--figure", "dead"]) == 2


def quakes(desk: Desk) -> None:
    """A strong one in Laos, one in Peru, and one of 5.6 in Myanmar."""
    for code, magnitude in (("LA", 6.4), ("PE", 6.4), ("MM", 5.7)):
        desk.comes(
            f"M {magnitude} earthquake in {code}", hazard="EQ", country=code, tier="official",
            facts=Hazard("EQ", magnitude=magnitude), figures=(Figure("magnitude", magnitude),),
        )  # fmt: skip
        desk.later(hours=2)


def test_a_backtest_tells_what_another_file_gains_loses_and_changes(desk: Desk) -> None:
    quakes(desk)
    other = replace(
        SHIPPED,
        rules=(
            rule("strong-anywhere", hazards=("EQ",), figures={"magnitude": 6.0}),
            rule("laos-too", ("information",), countries=("LA",)),
        ),
    )
    found = backtest(desk.conn, SHIPPED, other, start=NOW, end=desk.now)
    assert (found.incidents, found.told_live, found.told_other) == (3, 2, 2)
    assert [each.incident.countries for each in found.gained] == [("PE",)]
    assert [each.incident.countries for each in found.lost] == [("MM",)]
    ((before, after),) = found.changed
    assert {each.team for each in before.calls} == {"duty"}
    assert {each.team for each in after.calls} == {"duty", "information"}
    assert found.really == 0
    (duty, information) = found.other
    assert (duty.team, duty.calls, duty.worst, duty.shifts) == ("duty", 2, 2, 2)
    assert (information.team, information.calls) == ("information", 1)


def test_a_backtest_counts_each_rise_once_and_the_calls_at_night(desk: Desk) -> None:
    desk.later(hours=12)  # 01:00 in Bangkok
    desk.comes("M 6.4 earthquake", hazard="EQ", facts=Hazard("EQ", magnitude=6.4),
               events=(("gdacs", "q"),))  # fmt: skip
    desk.later(minutes=10)
    desk.comes("Nationals among the injured", hazard="EQ", nationals="harmed", feed="two",
               events=(("gdacs", "q"),))  # fmt: skip
    found = backtest(desk.conn, SHIPPED, SHIPPED, start=NOW, end=desk.now + timedelta(hours=1))
    assert (found.gained, found.lost, found.changed) == ((), (), ())
    duty = next(each for each in found.live if each.team == "duty")
    assert (duty.calls, duty.flashes, duty.at_night) == (2, 1, 2)


def test_a_backtest_writes_nothing(desk: Desk, database: Database) -> None:
    quakes(desk)
    desk.conn.commit()
    tables = ("decision", "incident", "incident_change", "notice", "item")

    def counted() -> list[Any]:
        with database.read() as conn:
            return [
                conn.exec_driver_sql(f"SELECT count(*), max(id) FROM {name}").one()  # noqa: S608
                for name in tables
            ]

    before = counted()
    with database.read() as conn:
        backtest(conn, SHIPPED, SHIPPED, start=NOW, end=desk.now)
    assert counted() == before


def test_a_feed_is_down_from_a_failed_poll_to_the_next(conn: Connection) -> None:
    feed = make.feed_id(conn, NOW)
    for minutes, ok in ((0, True), (10, False), (40, False), (70, True), (80, False)):
        at = NOW + timedelta(minutes=minutes)
        state = "ok" if ok else "timed_out"
        feeds.record_poll(conn, feed, PollResult(state, at, ok=ok), due_at=at)
    down = pollhistory.down(conn, NOW, NOW + timedelta(minutes=90))
    assert down == {feed: timedelta(minutes=70)}


NEVER: dict[str, tuple[Condition, str]] = {
    "a hazard of another category": (
        Condition(categories=("health",), hazards=("EQ",)), "EQ is never health"),
    "a magnitude of a flood": (
        Condition(hazards=("FL",), figures={"magnitude": 5.0}), "no magnitude"),
    "communications of a hazard's change": (
        Condition(communications=("consular",), changes=("figure",)), "no change of the kinds"),
    "none of everything": (Condition(none_of=(Condition(),)), "always true"),
    "what it asks for is taken away": (
        Condition(
            countries=("LA",), min_level=Level.ALERT,
            none_of=(Condition(countries=("asean",), min_level=Level.WATCH),),
        ), "its own 'none'"),
    "hours of the night by day": (
        Condition(at_night=False, hours=(Hours(time(23), time(5)),)), "it asks for the day"),
    "hours of the day at night": (
        Condition(at_night=True, hours=(Hours(time(10), time(12)),)), "it asks for the night"),
    "inside all": (
        Condition(all_of=(Condition(hazards=("FL",), figures={"depth_km": 5.0}),)), "no depth"),
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER)
def test_a_rule_that_can_never_hold_is_told(name: str) -> None:
    when, said = NEVER[name]
    impossible = replace(rule("odd"), when=when)
    chosen = replace(
        policy(rules=(*policy().rules, impossible, rule("rest", ("information",)))),
        day=Hours(time(6), time(22)),
    )
    found = faults(chosen)
    assert any(each.startswith("rule odd:") and said in each for each in found), found


@pytest.mark.parametrize(
    "spared",
    [
        Condition(countries=("LA",)),
        Condition(countries=("asean",), min_level=Level.FLASH),
        Condition(countries=("asean",), hazards=("FL",)),
    ],
    ids=["one country of several", "a higher level", "one hazard"],
)
def test_an_exception_that_leaves_something_is_none_to_tell_of(spared: Condition) -> None:
    when = Condition(countries=("LA", "MM"), min_level=Level.ALERT, none_of=(spared,))
    chosen = policy(rules=(*policy().rules, replace(rule("odd"), when=when)))
    assert not any("'none'" in each for each in faults(chosen))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{}", "rule odd: its 'when' is empty, so it holds for everything"),
        ("{countries: [], min_level: ALERT}", "rule odd: countries is empty and limits nothing"),
        ("{none: [{tags: []}]}", "rule odd: tags is empty"),
        ('{at_night: true, hours: [{from: "10:00", to: "12:00"}]}', "on public holidays only"),
    ],
)
def test_a_condition_that_asks_for_less_than_it_seems_to_is_told(
    tmp_path: Path, when: str, said: str
) -> None:
    text = SHIPPED_FILE.read_text(encoding="utf-8")
    odd = "rules:\n  - {id: odd, name: {th: ก, en: Odd}, notify: [duty], when: " + when + "}\n"
    assert "\nrules:\n" in text
    (tmp_path / "alerts.yaml").write_text(text.replace("rules:\n", odd, 1), encoding="utf-8")
    found = notes(read_policy(tmp_path / "alerts.yaml"))
    assert any(said in each for each in found), found


def test_hours_that_meet_the_night_are_nothing_to_tell_of() -> None:
    when = Condition(at_night=True, hours=(Hours(time(21), time(23)),))
    chosen = replace(SHIPPED, rules=(*SHIPPED.rules, replace(rule("odd", ("duty",)), when=when)))
    assert not any("odd" in each for each in (*faults(chosen), *notes(chosen)))


def test_who_is_his_own_backup_is_told() -> None:
    team = SHIPPED.teams["duty"]
    twice = Shift(tuple(range(7)), time(8), time(8), "duty-backup", "duty-backup")
    away = Override(NOW, NOW + timedelta(days=1), "head-of-desk", "head-of-desk", "duty.ics")
    chosen = replace(
        SHIPPED, teams={**SHIPPED.teams, "duty": replace(team, roster=(twice,), overrides=(away,))}
    )
    found = [each for each in faults(chosen) if "primary and backup at once" in each]
    assert [each.split(" is primary")[0] for each in found] == [
        "team duty: duty-backup", "team duty: head-of-desk",
    ]  # fmt: skip
    assert "(the roster)" in found[0]
    assert "(duty.ics)" in found[1]


@pytest.mark.parametrize("written", ["flash", "Flash", "วิกฤต"])
def test_a_level_in_small_letters_or_in_thai_is_guessed(tmp_path: Path, written: str) -> None:
    text = SHIPPED_FILE.read_text(encoding="utf-8")
    assert "min_level: FLASH" in text
    (tmp_path / "alerts.yaml").write_text(
        text.replace("min_level: FLASH", f"min_level: {written}", 1), encoding="utf-8"
    )
    with pytest.raises(FileFault) as refused:
        read_policy(tmp_path / "alerts.yaml")
    assert "did you mean FLASH" in str(refused.value)
    assert "หมายถึง FLASH" in refused.value.in_("th")


def test_an_example_takes_a_hazard_by_its_thai_name() -> None:
    assert hazard("แผ่นดินไหว") == "EQ"
    assert hazard("eq") == "EQ"
    assert hazard(None) is None
    with pytest.raises(MonitorError, match="no known hazard"):
        hazard("earthquak of the mind")


def test_duty_in_quiet_hours_a_gap_and_a_rule_said_twice_are_told() -> None:
    sound = policy(rules=(*policy().rules, rule("rest", ("information",))))
    assert faults(sound) == []
    team = replace(
        sound.teams["duty"], quiet=(Hours(time(1), time(2)),),
        roster=(Shift(tuple(range(7)), time(8), time(7, 30), "day"),),
    )  # fmt: skip
    chosen = replace(
        sound,
        teams={**sound.teams, "duty": team},
        rules=(*sound.rules, replace(sound.rules[0], id="again")),
    )
    found = "\n".join(faults(chosen, datetime(2026, 3, 14, 6, tzinfo=UTC)))
    assert "nobody on duty in 7 hours of the next 14 days, first on 2026-03-15 07:30" in found
    assert "day has duty in quiet hours, first on 2026-03-15 01:00" in found
    assert "rule again: asks the same as neighbour-alert" in found


def test_the_shipped_file_has_no_fault_and_its_notes_name_what_the_ministry_fills_in() -> None:
    assert faults(SHIPPED) == []
    said = "\n".join(notes(SHIPPED))
    assert "placeholder addresses" in said
    assert "no day that moves is entered for 2027" in said


def test_channels_unknown_to_the_settings_a_head_outside_and_a_quiet_backup_are_faults() -> None:
    team = SHIPPED.teams["duty"]
    backup = replace(SHIPPED.people["duty-backup"], quiet=(Hours(time(1), time(2)),))
    chosen = replace(
        SHIPPED,
        people={**SHIPPED.people, "duty-backup": replace(backup, channels=("line-duty",))},
        teams={**SHIPPED.teams, "duty": replace(team, members=("duty-primary", "duty-backup"))},
    )
    wanted = (
        "the backup duty-backup has duty in quiet hours",
        "its head head-of-desk is no member",
        "person duty-backup names the channel line-duty, and MONITOR_CHANNELS has none of it",
    )
    found = faults(chosen)
    assert len(found) == len(wanted)
    for said in wanted:
        assert any(said in each for each in found)
    assert len(faults(chosen, NOW, ["line-duty"])) == 2
    assert "ไม่มีใน MONITOR_CHANNELS" in checking.faults(chosen, NOW)[-1].in_("th")


def test_a_chain_by_channels_that_a_team_does_not_have_is_noted() -> None:
    chain = (
        EscalationStep(timedelta(0), "primary"),
        EscalationStep(timedelta(minutes=9), "channels"),
    )
    duty = replace(SHIPPED.teams["duty"], channels=("line-duty",))
    chosen = replace(
        SHIPPED, escalation={Level.ALERT: chain}, teams={**SHIPPED.teams, "duty": duty}
    )
    (note,) = [each for each in notes(chosen) if "channels" in each]
    assert "ALERT" in note
    assert "no channel is named for team information:" in note


def test_an_example_shows_a_step_by_a_channel_by_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chain = (
        EscalationStep(timedelta(0), "primary"),
        EscalationStep(timedelta(minutes=9), "channels"),
    )
    duty = replace(SHIPPED.teams["duty"], channels=("line-duty",))
    chosen = replace(
        SHIPPED, escalation={Level.ALERT: chain}, teams={**SHIPPED.teams, "duty": duty}
    )
    rules_try._print(tried(example(QUAKE, chosen, NOW), chosen, NOW), chosen, "th")
    assert "ช่องทาง line-duty (channel:line-duty)" in capsys.readouterr().out


def test_a_rule_on_trial_is_set_beside_the_live_ones(desk: Desk) -> None:
    trial_rule = replace(rule("strong-anywhere", hazards=("EQ",), figures={"magnitude": 6.0}),
                         shadow=True)  # fmt: skip
    off = replace(rule("never", hazards=("VO",)), shadow=True, enabled=False)
    live = rule("laos", countries=("LA",))
    desk.policy = replace(SHIPPED, rules=(live, trial_rule, off))
    quakes(desk)
    found = trial(desk.conn, desk.policy, start=NOW, end=desk.now)
    assert found.told == 1  # Laos; a rule on trial tells nobody
    assert [(each.rule.id, each.incidents) for each in found.rules] == [
        ("strong-anywhere", 2), ("never", 0),
    ]  # fmt: skip
    (alone,) = found.rules[0].alone
    assert alone.countries == ("PE",)
    nobody = trial(desk.conn, desk.policy, start=desk.now, end=desk.now + timedelta(days=1))
    assert (nobody.told, nobody.rules[0].incidents) == (0, 0)


def test_what_a_rule_told_while_it_was_live_is_not_its_trial(desk: Desk) -> None:
    live = rule("strong-anywhere", hazards=("EQ",), figures={"magnitude": 6.0})
    desk.policy = replace(SHIPPED, rules=(live,))
    quakes(desk)
    now_on_trial = replace(SHIPPED, rules=(replace(live, shadow=True),))
    found = trial(desk.conn, now_on_trial, start=NOW, end=desk.now)
    assert (found.told, found.rules[0].incidents) == (2, 0)


def test_the_command_prints_the_rules_on_trial(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    assert main(["rules", "shadow", "--days", "3"]) == 0
    said = capsys.readouterr().out
    assert "The live rules told of 0 incidents in 3 days." in said
    assert "strong-shaking-shadow: would have told of 0, 0 of them no live rule told" in said
    assert main(["rules", "shadow", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["shadow"][0]["rule"] == "strong-shaking-shadow"
    assert main(["rules", "shadow", "--days", "91"]) == 2

"""alerts.yaml becomes a policy, or one sentence that says what to mend."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.config.policyfile import read_policy
from monitor.errors import ConfigError
from storage.records import Level

ROOT = Path(__file__).parents[3]
SHIPPED = (ROOT / "alerts.yaml").read_text(encoding="utf-8")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "alerts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_policy_has_two_teams_a_roster_and_a_digest_at_seven() -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    assert (policy.home_country, policy.timezone) == ("TH", "Asia/Bangkok")
    assert set(policy.teams) == {"duty", "information"}
    first = policy.teams["duty"].roster[0]
    assert (first.starts, first.ends, first.days) == (time(8), time(20), tuple(range(7)))
    assert policy.digests[0].at == time(7)
    assert len(policy.regions["bali21"]) == 21
    assert len(policy.regions["asean"]) == 11
    assert policy.timing.group_wait[Level.ALERT] == timedelta(minutes=3)
    chain = policy.escalation[Level.FLASH]
    assert [step.after.total_seconds() / 60 for step in chain] == [0, 5, 10, 20]


BAD = {
    "unknown key": ("home:\n", "home:\n  colour: red\n", ["colour", "unknown key"]),
    "unknown team": ("notify: [duty, information]", "notify: [dutty]", ["'dutty'", "duty"]),
    "unknown person": ("head: head-of-desk", "head: nobody", ["'nobody'", "duty-primary"]),
    "unknown level": ("min_level: FLASH", "min_level: HUGE", ["'HUGE'", "FLASH, ALERT"]),
    "unknown region": ("countries: [home]", "countries: [atlantis]", ["'atlantis'", "asean"]),
    "bad time": ('at: "07:00"', 'at: "7 am"', ["'7 am'", '"07:00"']),
    "bad days": ("days: daily", "days: monday", ["'monday'", "mon-fri"]),
    "bad address": ("duty-backup@ministry.example", "nowhere", ["'nowhere'", "mail address"]),
    "bad figure": ("figures: {magnitude: 5.5}", "figures: {size: 5.5}", ["'size'", "magnitude"]),
    "twice the same rule": ("id: alert-asean", "id: flash-anywhere", ["flash-anywhere", "twice"]),
    "bad change": ("changes: [advice]", "changes: [advise]", ["'advise'", "advice"]),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_names_line_key_and_remedy(tmp_path: Path, fault: str) -> None:
    old, new, wanted = BAD[fault]
    assert old in SHIPPED
    with pytest.raises(ConfigError) as told:
        read_policy(written(tmp_path, SHIPPED.replace(old, new, 1)))
    assert "alerts.yaml:" in str(told.value)
    for part in wanted:
        assert part in str(told.value)


def test_days_may_wrap_around_the_week(tmp_path: Path) -> None:
    text = SHIPPED.replace("days: daily", "days: 'sat-mon, wed'", 1)
    policy = read_policy(written(tmp_path, text))
    assert policy.teams["duty"].roster[0].days == (0, 2, 5, 6)


ABSURD = {
    "nan": ("big_magnitude: 7.0", "big_magnitude: .nan", ["big_magnitude", "write 0 or more"]),
    "too strong": ("big_magnitude: 7.0", "big_magnitude: 70", ["big_magnitude", "at most 10"]),
    "negative": ("watch_magnitude: 5.0", "watch_magnitude: -5.0", ["watch_magnitude", "0 or more"]),
    "no dead": ("dead: 50,", "dead: 0,", ["dead", "1 or more"]),
    "long wait": ("ALERT: 3m", "ALERT: 300h", ["'300h'", "0s to 5m"]),
    "no flood": ("flood: {count: 10", "flood: {count: 0", ["count", "1 or more"]),
    "long flood": ("within: 10m", "within: 25h", ["within", "24h"]),
    "no gap": ("update_gap: 30m", "update_gap: 0s", ["update_gap", "1m"]),
    "region like a code": ("  asean: [BN", "  ZZ: [TH]\n  asean: [BN", ["'ZZ'", "another name"]),
    "region called home": ("  asean: [BN", "  home: [TH]\n  asean: [BN", ["'home'"]),
    "no such hazard": ("hazards: [EQ]", "hazards: [EQQ]", ["'EQQ'", "hazard", "EQ"]),
    "no such country": ("mekong: [CN,", "mekong: [QX,", ["'QX'", "no country"]),
    "no such country in a rule": ("countries: [home]", "countries: [QX]", ["'QX'"]),
    "mailbox that not every server takes": (
        "duty-backup@ministry.example", "เวร@ministry.example", ["Latin letters"],
    ),
    "channels before a mail": (
        "{after: 0m, to: primary}", "{after: 0m, to: channels}", ["later step", "after: 5m"]),
    "magnitude of a rule": ("magnitude: 5.5}", "magnitude: 55}", ["magnitude is 55"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", ABSURD)
def test_a_figure_or_name_that_cannot_be_meant_is_refused(tmp_path: Path, fault: str) -> None:
    old, new, wanted = ABSURD[fault]
    assert old in SHIPPED
    with pytest.raises(ConfigError) as told:
        read_policy(written(tmp_path, SHIPPED.replace(old, new, 1)))
    for part in wanted:
        assert part in str(told.value)


def test_kosovo_counts_as_a_country(tmp_path: Path) -> None:
    text = SHIPPED.replace("mekong: [CN,", "mekong: [XK, CN,", 1)
    assert "XK" in read_policy(written(tmp_path, text)).regions["mekong"]


def test_a_fault_names_the_rule_it_stands_in(tmp_path: Path) -> None:
    text = SHIPPED.replace("min_level: FLASH", "min_level: HUGE", 1)
    with pytest.raises(ConfigError, match="rule 'flash-anywhere'"):
        read_policy(written(tmp_path, text))

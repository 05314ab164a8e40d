"""alerts.yaml becomes a policy, or one sentence that says what to mend."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.policyfile import read_policy
from storage.records import Level

ROOT = Path(__file__).parents[2]
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

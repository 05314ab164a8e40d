"""A wrong alerts.yaml stops no officer: the version last in force is used, and it is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.config.lastgood import keep, policy_in_force, recall, together_in_force
from monitor.config.policyfile import read_policy
from monitor.errors import ConfigError
from storage import schema
from storage.database import Database
from tests.monitor.desk.world import NOW

ROOT = Path(__file__).parents[3]
FEEDS = "feeds:\n  - {name: Wire, url: https://wire.example/rss, kind: news, coverage: [world]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The three files of rules, one feed, and a var folder with the rules last in force."""
    for name in ("alerts.yaml", "missions.yaml", "holidays.yaml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    (tmp_path / "var").mkdir()
    return tmp_path


def kept(folder: Path) -> Path:
    alerts = folder / "alerts.yaml"
    keep(alerts, folder / "var", read_policy(alerts), NOW)
    return alerts


def spoil(file: Path, old: str = 'at: "07:00"', new: str = 'at: "7 am"') -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_faulty_file_leaves_the_version_last_in_force_with_its_missions(folder: Path) -> None:
    alerts = kept(folder)
    good = read_policy(alerts)
    spoil(alerts)
    spoil(folder / "missions.yaml", "country: MM", "country: Atlantis")
    found = policy_in_force(alerts, folder / "var")
    assert found.policy == good
    assert found.policy.missions_file == folder / "missions.yaml"
    assert found.since == NOW
    assert "alerts.yaml:179: at (digest 'daily')" in str(found.fault)


def test_both_files_together_go_on_with_the_rules_last_in_force(folder: Path) -> None:
    alerts = kept(folder)
    spoil(alerts, "rules:\n", "rulez:\n")
    feedlist, found = together_in_force(folder / "feeds.yaml", alerts, {}, folder / "var")
    assert [feed.name for feed in feedlist.feeds] == ["Wire"]
    assert "did you mean rules?" in str(found.fault)
    (folder / "feeds.yaml").write_text("feeds: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"feeds\.yaml:1.*\n(.*\n)*.*alerts\.yaml"):
        together_in_force(folder / "feeds.yaml", alerts, {}, folder / "var")


def test_the_first_start_without_a_good_version_says_that_there_is_none(folder: Path) -> None:
    alerts = folder / "alerts.yaml"
    spoil(alerts)
    with pytest.raises(ConfigError, match="no version that was in force before is kept") as told:
        policy_in_force(alerts, folder / "var")
    assert "ไม่มีฉบับที่เคยใช้งานได้เก็บไว้" in told.value.in_("th")


@pytest.mark.parametrize("left", ["", "{", "[]", '{"files": {"alerts.yaml": "AAAA"}}', "\x00"])
def test_a_spoilt_copy_counts_as_none(folder: Path, left: str) -> None:
    alerts = kept(folder)
    (copy,) = (folder / "var").iterdir()
    copy.write_text(left, encoding="ascii")
    assert recall(alerts, folder / "var") is None


def test_another_file_on_trial_does_not_replace_the_one_in_force(folder: Path) -> None:
    alerts = kept(folder)
    trial = folder / "trial.yaml"
    shutil.copyfile(alerts, trial)
    spoil(trial, "count: 10", "count: 20")
    keep(trial, folder / "var", read_policy(trial), NOW)
    spoil(alerts)
    assert policy_in_force(alerts, folder / "var").policy.timing.flood_count == 10


def test_a_file_that_changed_while_it_was_read_is_not_kept(folder: Path) -> None:
    alerts = folder / "alerts.yaml"
    policy = read_policy(alerts)
    spoil(alerts, "count: 10", "count: 20")
    keep(alerts, folder / "var", policy, NOW)
    assert recall(alerts, folder / "var") is None


def test_commands_go_on_and_say_it_in_both_languages_while_check_refuses(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alerts = kept(folder)
    for name in ("feeds", "alerts"):
        monkeypatch.setenv(f"MONITOR_{name.upper()}", str(folder / f"{name}.yaml"))
    monkeypatch.setenv("MONITOR_VAR", str(folder / "var"))
    database = Database(f"sqlite:///{folder / 'var' / 'monitor.db'}")
    schema.upgrade(database)
    database.close()
    spoil(alerts)
    assert main(["silence", "list"]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert "alerts.yaml is faulty; the version taken over on 22 Nov 2026" in first
    assert "alerts.yaml:179: at (digest 'daily'): '7 am' is no time of day: write it" in first
    assert "ระบบใช้ฉบับที่เริ่มใช้เมื่อ 22 พ.ย. 2569" in second
    assert main(["rules", "check"]) == 2
    assert "stays in force" not in capsys.readouterr().err

"""An incident is shown in words: no placeholders, no keys, nothing that says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config.policyfile import read_policy
from monitor.incidents.alone import empty
from monitor.incidents.show import Dossier, as_text
from monitor.incidents.showjson import as_json
from storage.records import Change, Decision, Level, Why

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def change(number: int, kind: str, old: str | None, new: str | None) -> Change:
    return Change(number, 0, NOW, kind, None, old, new)


def decision(number: int, state: str, team: str | None, code: str) -> Decision:
    due = NOW + timedelta(minutes=30) if team else None
    return Decision(
        number, 0, 1, "", team, due, (Why(code, {"change": "joined"}),), state, False, 0,
        Level.ALERT, NOW,
    )  # fmt: skip


FOUND = Dossier(
    incident=empty(NOW),
    items=(),
    link_why={},
    communications=(),
    changes=(
        change(1, "opened", None, None),
        change(2, "level_raised", "WATCH", "ALERT"),
        change(3, "figure", "dead 20", "dead 144"),
        change(4, "nationals", "unknown", "harmed"),
        change(5, "acknowledged", None, "ALERT"),
    ),
    decisions=(
        decision(1, "none", None, "not_material"),
        decision(2, "none", None, "no_rule"),
        decision(3, "due", "duty", "match_all"),
    ),
    notices=(),
)


@pytest.mark.parametrize("language", ["en", "th"])
def test_no_placeholder_and_no_key_is_shown(language: str) -> None:
    text = as_text(FOUND, read_policy(ROOT / "alerts.yaml"), language)
    for raw in ("{", "}", "[due]", "[none]", "dead 144", "harmed", "level_raised"):
        assert raw not in text, raw


def test_changes_are_told_as_on_the_page() -> None:
    text = as_text(FOUND, read_policy(ROOT / "alerts.yaml"), "en")
    assert "Level raised WATCH → ALERT" in text
    assert "20 → 144" in text
    assert "Incident opened" in text


def test_what_needs_no_notice_is_left_to_the_json() -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    assert "needs no notice" not in as_text(FOUND, policy, "en")
    assert "No rule matches" in as_text(FOUND, policy, "en")
    assert len(as_json(FOUND, policy)["decisions"]) == 3


def test_a_decision_that_waits_says_until_when() -> None:
    text = as_text(FOUND, read_policy(ROOT / "alerts.yaml"), "en")
    (line,) = (each for each in text.splitlines() if "waits for its time" in each)
    assert "13:30" in line


@pytest.mark.parametrize("language", ["en", "th"])
def test_what_the_machine_read_of_our_people_is_reported_and_no_more(language: str) -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    worse = replace(
        FOUND,
        incident=replace(FOUND.incident, nationals="harmed"),
        changes=(*FOUND.changes, change(6, "nationals", "harmed", "reported")),
    )
    said = as_json(worse, policy)
    assert said["nationals"] == "reported"
    assert "harmed" not in str(said)
    text = as_text(worse, policy, language)
    again = {"en": "New report of Thai nationals: reported, unconfirmed",
             "th": "มีรายงานใหม่เกี่ยวกับคนไทย: มีรายงาน อยู่ระหว่างตรวจสอบ"}  # fmt: skip
    assert again[language] in text
    for grave in ("dead, injured", "ร้ายแรง", "missing or held"):
        assert grave not in text

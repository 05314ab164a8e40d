"""An incident is shown in words: no placeholders, no keys, nothing that says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config.policyfile import read_policy
from monitor.desk.incidenttext import as_text
from monitor.incidents.alone import empty
from monitor.incidents.show import Dossier
from monitor.incidents.showjson import as_json
from storage.records import (
    Change,
    Decision,
    Item,
    ItemValues,
    Level,
    NationalsStatus,
    Reading,
    Why,
)
from tests.monitor.test_facts import item

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


def test_a_rule_stands_once_for_each_outcome_with_its_count_and_times() -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    rule = policy.rules[0]
    made = tuple(
        replace(
            decision(number, "done", "duty", "match_all"),
            rule=rule.id, made_at=NOW + timedelta(hours=number), change_id=10 + number,
        )
        for number in range(1, 8)
    )  # fmt: skip
    text = as_text(replace(FOUND, decisions=made), policy, "en", NOW + timedelta(days=1))
    (line,) = (each for each in text.splitlines() if "carried out" in each)
    assert rule.name.en in line
    assert "7 changes, 14 Mar 14:00 – 14 Mar 20:00" in line


def test_a_decision_whose_time_has_passed_does_not_say_that_it_waits() -> None:
    text = as_text(FOUND, read_policy(ROOT / "alerts.yaml"), "en", NOW + timedelta(days=40))
    assert "waits for its time" not in text
    assert "goes out once the program runs" in text


def test_steps_that_wait_call_nobody_while_somebody_has_it() -> None:
    steps = tuple(
        replace(
            decision(number, "due", "duty", "escalation"),
            rule="big",
            step=number,
            due_at=NOW + timedelta(minutes=5 * number),
            why=(Why("escalation", {"minutes": 5.0 * number, "to": "backup"}),),
        )
        for number in (1, 2, 3)
    )
    nobodys = replace(FOUND, decisions=steps)
    text = as_text(nobodys, read_policy(ROOT / "alerts.yaml"), "en")
    assert text.count("its time has come") + text.count("waits for its time") == 3
    taken = replace(
        FOUND.incident, acknowledged_at=NOW, acknowledged_by="x", acknowledged_level=Level.FLASH
    )
    text = as_text(replace(nobodys, incident=taken), read_policy(ROOT / "alerts.yaml"), "en")
    assert text.count("calls nobody while somebody has it") == 1
    assert "waits for its time" not in text


@pytest.mark.parametrize("language", ["en", "th"])
def test_the_page_has_headings_and_its_lists_are_bounded(language: str) -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    many = tuple(change(number, "figure", f"dead {number}", f"dead {number + 1}")
                 for number in range(1, 60))  # fmt: skip
    found = replace(FOUND, changes=many)
    short, whole = (as_text(found, policy, language, NOW, whole=each) for each in (False, True))
    heads = [line for line in short.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(heads) == 4
    assert short.count("→ ") < 20 < whole.count("→ ")
    assert "--all" in short
    assert "--all" not in whole
    assert short.index("60") < short.index(" 55 "), "the newest stands first"


def spoke(number: int, title: str, *, home: bool = True) -> Item:
    """A ministry on the status of its people."""
    return replace(
        item(number, "Ministry", home=home, reading=Reading(communication="nationals_status")),
        values=ItemValues(title, link="https://ministry.example/1"),
    )


@pytest.mark.parametrize(
    ("title", "safe"),
    [
        ("แรงงานไทย 2 คนปลอดภัย", True),
        ("ขอให้คนไทยคำนึงถึงความปลอดภัย", False),
        ("Two Thai workers are safe", True),
        ("Area is not safe for Thai workers", False),
    ],
)
def test_our_own_ministrys_word_on_our_people_stands_at_the_head(title: str, safe: bool) -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    said = replace(FOUND, items=(spoke(1, "An older word"), spoke(2, title)))
    head = as_text(said, policy, "en", NOW).split("\n\n")[0]
    assert title in head
    assert "An older word" not in head
    assert ("says that people are safe" in head) is safe
    assert "monitor incidents nationals" in head
    assert said.incident.nationals == "unknown", "the machine confirms nothing"
    assert (
        title
        not in as_text(
            replace(FOUND, items=(spoke(2, title, home=False),)), policy, "en", NOW
        ).split("\n\n")[0]
    )
    after = NationalsStatus(
        1, 0, NOW, "confirmed", {"safe": 2}, "embassy", "", "duty-primary", NOW + timedelta(days=1)
    )
    written = replace(said, nationals=(after,))
    assert title not in as_text(written, policy, "en", NOW + timedelta(days=2)).split("\n\n")[0]


def test_what_goes_to_those_who_were_told_before_is_no_match_of_every_rule() -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    clear = replace(change(7, "lifted", None, None), by="machine")
    matched = replace(decision(1, "done", "crisis", "match_all"), rule=policy.rules[0].id,
                      change_id=2)  # fmt: skip
    eased = tuple(
        replace(
            decision(2 + place, "done", "crisis", "told_before"), rule=rule.id, change_id=7,
            made_at=NOW + timedelta(hours=1),
        )
        for place, rule in enumerate(policy.rules[:5])
    )  # fmt: skip
    found = replace(FOUND, changes=(*FOUND.changes, clear), decisions=(matched, *eased))
    text = as_text(found, policy, "en", NOW + timedelta(days=1))
    lines = [line for line in text.splitlines() if "carried out" in line]
    assert [line.split(" → ")[0].strip() for line in lines] == [
        "whoever was told of it before", policy.rules[0].name.en,
    ]  # fmt: skip
    assert "Warning lifted" in text
    assert "changes" not in lines[1], "the all-clear was no match of it"


@pytest.mark.parametrize(
    ("home", "title", "en", "th"),
    [
        (True, "แรงงานไทย 2 คนปลอดภัย", "Our own ministry says that Thai nationals are safe",
         "กระทรวงฯ แจ้งว่าคนไทยปลอดภัย"),
        (False, "Two Thai workers are safe", "Report that Thai nationals are safe, unconfirmed",
         "มีรายงานว่าคนไทยปลอดภัย"),
        (False, "Two Thai workers at the site", "Thai nationals: unknown → reported, unconfirmed",
         "สถานะคนไทย: ยังไม่ทราบ → มีรายงาน อยู่ระหว่างตรวจสอบ"),
    ],
)  # fmt: skip
def test_the_time_line_tells_a_good_report_as_one(home: bool, title: str, en: str, th: str) -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    by = spoke(9, title, home=home)
    by = replace(by, reading=replace(by.reading, nationals="reported"))
    said = replace(change(7, "nationals", "unknown", "reported"), item_id=9)
    found = replace(FOUND, items=(by,), changes=(*FOUND.changes[:1], said))
    for language, told in (("en", en), ("th", th)):
        lines = as_text(found, policy, language, NOW)
        assert told in lines

"""What a digest says of what is over, of our people, of what an officer recorded or left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.digest.content import DigestContent, IncidentFacts, build
from alerts.digest.parts import DayCount, Desk, Handed, RulePart, RulesChanged, Trend
from alerts.digest.render import ONWARD, issues, render_digest, subject
from alerts.digest.stored import from_json, to_json
from alerts.digest.voice import Limits
from alerts.policy import Both
from storage.records import Communication, DigestEdits, Figure, Level, NationalsStatus
from tests.alerts.policies import BACKUP, DAY, NIGHT, change
from tests.alerts.test_digest import EVENT, ISSUED, PERIOD, POLICY, event, facts, section, text_of

OFFICER = NationalsStatus(
    2, 1, EVENT, "confirmed", {"dead": 2}, "Embassy in Yangon", "SECRETNOTE", "day", EVENT
)
BEFORE = replace(OFFICER, id=1, counts={"dead": 1}, recorded_at=PERIOD.start - timedelta(hours=1))


def made(
    *incidents: IncidentFacts, edits: DigestEdits | None = None, **changed: Any
) -> DigestContent:
    given = facts(incidents=incidents, **changed)
    return build(given, next_at=ISSUED + timedelta(days=1), edits=edits or DigestEdits())


def over(kind: str, **state: Any) -> IncidentFacts:
    """An earthquake of ALERT that came to nothing within the period."""
    lowered = change("level_lowered", id=2, old="ALERT", new="INFO", at=EVENT)
    there = {"lat": 17.0, "lon": 121.0, "countries": ("PH",)}
    return IncidentFacts(
        event(4, Level.INFO, **there, **state), None, (change(kind, id=1, at=EVENT), lowered)
    )


@pytest.mark.parametrize("edition", ["desk", ONWARD])
@pytest.mark.parametrize(
    ("kind", "state", "said"),
    [
        ("withdrawn", {"withdrawn": True}, "withdrawn by the source (issued in error)"),
        ("lifted", {"lifted": True}, "warning lifted (danger over)"),
    ],
)
def test_what_is_over_says_so_wherever_it_stands(
    edition: str, kind: str, state: dict[str, bool], said: str
) -> None:
    content = made(over(kind, **state))
    text = render_digest(content, BACKUP, POLICY, edition=edition).text
    lines = [line for line in flat(text) if "event 4" in line]
    assert len(lines) == 3  # what changed, the map, and itself
    assert all(f"○ INFO · {said} · Country 4 – event 4" in line for line in lines)


def flat(text: str) -> list[str]:
    """The points of a text, each on one line."""
    found: list[str] = []
    for line in text.splitlines():
        if line.strip().startswith("- ") or not line.strip() or not found:
            found.append(line)
        else:
            found[-1] += " " + line.strip()
    return found


def test_an_alert_that_was_opened_and_withdrawn_in_one_day_stands_under_what_changed() -> None:
    lines = section(text_of(made(over("withdrawn", withdrawn=True)), NIGHT), "พัฒนาการตั้งแต่ฉบับก่อน")
    assert any("ต้นทางถอนข้อมูล · ประเทศ 4 – เหตุ 4" in line for line in lines)


def test_a_title_says_that_it_was_corrected_or_closed_but_only_once() -> None:
    moved = (change("corrected", id=1, old="magnitude 7.9", new="magnitude 7.7", at=EVENT),)
    closed = (change("closed", id=2, at=EVENT, by="day"),)
    content = made(
        IncidentFacts(event(1, Level.ALERT), Level.ALERT, moved),
        IncidentFacts(event(2, Level.WATCH, state="closed"), Level.WATCH, closed),
    )
    text = text_of(content, BACKUP)
    changed = "\n".join(section(text, "What changed since the last issue"))
    assert "▲ ALERT · Country 1 – event 1" in changed
    assert "Corrected: M7.9 → 7.7" in changed
    assert "Closed: ● WATCH · Country 2" in changed
    assert "▲ ALERT · corrected · Country 1" in "\n".join(section(text, "Top incidents"))
    assert "● WATCH · stand-down · Country 2" in "\n".join(section(text, "By category"))


def told_of() -> DigestContent:
    said = Communication(
        1, None, "TH", "Ministry", True, "statement", "s", None, EVENT, 60.0,
        channel="press briefing", by="day",
    )  # fmt: skip
    held = event(1, Level.FLASH, nationals="confirmed", held=("nationals",))
    return made(
        IncidentFacts(
            held, Level.FLASH, communications=(said,), nationals=OFFICER, nationals_before=BEFORE
        )
    )


def test_what_an_officer_recorded_stands_in_the_desk_edition_with_source_time_and_office() -> None:
    text = text_of(told_of(), BACKUP)
    at = "28 Mar 13:00"
    people = (
        f"confirmed: 2 dead · SECRETNOTE (Embassy in Yangon {at} · recorded by the day officer)"
    )
    assert f"Thai nationals: {people}" in "\n".join(section(text, "Top incidents"))
    assert "confirmed: 1 dead · SECRETNOTE → confirmed: 2 dead" in "\n".join(
        section(text, "What changed since the last issue")
    )
    spoken = "\n".join(section(text, "Who has communicated what"))
    assert (
        f"statement {at} (1 minute after the first report was published · press briefing" in spoken
    )
    assert "recorded by the day officer" in spoken
    assert "No communication of ours" not in text


def test_the_onward_edition_has_the_confirmed_numbers_but_neither_author_nor_telephone() -> None:
    content = told_of()
    text = " ".join(render_digest(content, BACKUP, POLICY, edition=ONWARD).text.split())
    assert "Thai nationals: confirmed: 2 dead (Embassy in Yangon 28 Mar 13:00)" in text
    for inner in ("SECRETNOTE", "day officer", "press briefing", "recorded by"):
        assert inner not in text
    assert from_json(to_json(content)) == content


def test_what_an_officer_hides_is_in_no_number_and_nothing_denies_it() -> None:
    events = tuple(
        IncidentFacts(event(n, level, categories=("natural",)), None)
        for n, level in ((1, Level.ALERT), (2, Level.ALERT), (3, Level.WATCH))
    )
    counted = {
        "opened": {"ALERT": 2, "WATCH": 1},
        "days": (DayCount(PERIOD.local_date, {"natural": 3}),),
    }
    content = made(*events, edits=DigestEdits(hidden=("2025-0001",)), **counted)
    assert "1 ALERT, 1 WATCH" in subject(content, "en")
    assert dict(content.opened) == {"ALERT": 1, "WATCH": 1}
    assert content.days[0].counts == {"natural": 2}
    for edition in ("desk", ONWARD):
        text = render_digest(content, BACKUP, POLICY, edition=edition).text
        assert "Nothing else at ALERT" not in text
    assert "2025-0001" in content.unacknowledged  # hiding is no answer
    whole = text_of(made(*events[1:]), BACKUP)
    assert "Nothing else at ALERT" in whole


def test_no_alert_gives_way_to_what_an_officer_picked_and_what_is_cut_is_named() -> None:
    events = (
        *(IncidentFacts(event(n, Level.ALERT, categories=()), None) for n in (1, 2)),
        IncidentFacts(event(3, Level.WATCH), None),
    )
    content = made(*events, edits=DigestEdits(picked=("2025-0003",)))

    def top(most: int) -> list[str]:
        (block,) = issues(content, BACKUP, POLICY, limits=Limits(top=most, categories=1))
        (found,) = [each for each in block.sections if each.title == "Top incidents"]
        return [f"{each.text} {each.number}".strip() for each in found.entries]

    assert [line.rpartition("#")[2] for line in top(3)] == ["2025-0003", "2025-0001", "2025-0002"]
    assert [line.rpartition("#")[2] for line in top(2)][:2] == ["2025-0001", "2025-0002"]
    assert top(2)[2] == "1 more stands by category below: #2025-0003"


def test_an_alert_without_a_category_stands_by_category_before_lesser_ones_that_have_one() -> None:
    events = (
        IncidentFacts(event(1, Level.FLASH), None),
        IncidentFacts(event(2, Level.ALERT, categories=()), None),
        *(IncidentFacts(event(n, Level.WATCH), None) for n in (3, 4)),
    )
    (block,) = issues(made(*events), BACKUP, POLICY, limits=Limits(top=1, categories=1))
    (found,) = [each for each in block.sections if each.title == "By category"]
    assert [each.number or each.text for each in found.entries] == ["#2025-0002", "and 2 more"]


def test_a_program_in_its_first_period_compares_with_nothing() -> None:
    first = "\n".join(section(text_of(made(earlier=0), BACKUP), "Key figures"))
    assert "New incidents at WATCH or above: 0 (no earlier period to compare)" in first
    third = "\n".join(section(text_of(made(earlier=3), BACKUP), "Key figures"))
    assert "(previous period 0 · mean of 3 periods 0)" in third


def test_key_figures_are_at_most_six_lines() -> None:
    figures = (Figure("dead", 1, "", "Agency", EVENT),)
    one = IncidentFacts(event(1, Level.ALERT, figures=figures), None)
    lines = section(
        text_of(made(one, exercises=2, trends={"items": Trend(), "notices": Trend()}), BACKUP),
        "Key figures",
    )
    assert len(lines) == 6


def test_a_preview_says_that_it_was_not_sent_and_until_when_it_knows() -> None:
    content = build(replace(facts(), issued_at=PERIOD.end), next_at=PERIOD.end, preview=True)
    for edition in ("desk", ONWARD):
        mail = render_digest(content, BACKUP, POLICY, edition=edition)
        assert mail.subject.startswith("[PREVIEW DIGEST")
        said = " ".join(mail.text.split())
        assert "Preview, not sent · as known at Sat 29 Mar 2025, 07:00 Bangkok" in said


def test_the_mirror_names_the_sections_that_it_leaves_out() -> None:
    content = made(IncidentFacts(event(1, Level.ALERT), None), not_alerted_total=3)
    english = text_of(content, DAY).split("────────────────────")[1]
    assert "more sections stand above in Thai:" in english
    assert "By category" not in english.split("The other sections")[0]


def test_the_desks_mail_links_to_its_page_and_data_and_the_onward_edition_does_not() -> None:
    content, url = made(), "https://desk.ministry.example"
    desk = render_digest(content, BACKUP, POLICY, base_url=url)
    for address in ("", "/pdf", "/json"):
        assert f"{url}/digests/daily/2025-03-29{address}" in desk.text
        assert f'href="{url}/digests/daily/2025-03-29{address}"' in desk.html
    onward = render_digest(content, BACKUP, POLICY, base_url=url, edition=ONWARD)
    assert url not in onward.text + onward.html
    assert "alerts.yaml" in desk.text
    assert "alerts.yaml" not in onward.text


def test_the_shift_hands_over_what_is_open_who_has_it_and_to_whom() -> None:
    handed = (
        Handed("2025-0001", Level.FLASH, Both("แผ่นดินไหว", "Quake"), "day", EVENT, "backup"),
        Handed("2025-0002", Level.ALERT, Both("น้ำท่วม", "Flood"), snoozed_until=ISSUED),
    )
    desk = Desk(handed=handed, next_duty=("night",), shift_end=ISSUED + timedelta(hours=1))
    lines = section(text_of(replace(made(), desk=desk), BACKUP), "Hand-over")
    assert lines == [
        "- Next shift from 08:00: night officer",
        "- #2025-0001 · ◆ FLASH · Quake · taken by the day officer, 28 Mar 13:00 · assigned to "
        "the backup officer",
        "- #2025-0002 · ▲ ALERT · Flood · Not acknowledged · snoozed until Sat 29 Mar 2025, "
        "07:00 Bangkok",
    ]


def test_changed_rules_stand_in_the_desks_record_and_not_in_the_onward_edition() -> None:
    parts = (RulePart("rules", ("new-one",), ("old-one",), ("kept-one",)),)
    content = replace(made(), desk=Desk(rules_changed=(RulesChanged(EVENT, parts),)))
    lines = section(text_of(content, BACKUP), "Desk record")
    assert lines == [
        "- 28 Mar 13:00 · alerts.yaml · rules added: new-one · rules removed: old-one · rules "
        "changed: kept-one"
    ]
    assert "alerts.yaml" not in render_digest(content, BACKUP, POLICY, edition=ONWARD).text
    assert from_json(to_json(content)) == content


def test_a_number_is_never_broken_at_its_hyphen_in_html_and_plain_in_text() -> None:
    content = replace(made(), unacknowledged=("2025-0001",), desk=Desk(home_silent=("2025-0002",)))
    mail = render_digest(content, BACKUP, POLICY)
    held = re.findall(r"<span[^>]*white-space:nowrap[^>]*>(#[^<]+)</span>", mail.html)
    assert {"#2025-0001", "#2025-0002"} <= set(held)
    assert len(re.findall(r"#2025-\d{4}", mail.html)) == len(held)
    assert "#2025-0001" in mail.text


def test_a_figure_of_many_steps_is_told_from_its_first_number_to_its_last() -> None:
    steps = tuple(
        change("figure", id=n, old=old, new=new, at=EVENT + timedelta(minutes=n))
        for n, (old, new) in enumerate(
            [(None, "dead 2"), ("dead 2", "dead 9"), ("dead 9", "dead 57")]
        )
    )
    first = change("figure", id=9, old=None, new="injured 4", at=EVENT)
    content = made(IncidentFacts(event(1, Level.ALERT), None, (*steps, first)))
    lines = "\n".join(section(text_of(content, BACKUP), "What changed since the last issue"))
    assert "2 → 57 dead" in lines
    assert "9 →" not in lines
    assert "irst reported: 4 injured" in lines

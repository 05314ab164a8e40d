"""What may leave the desk and what may not, the cable, the A4 page, and two issues compared."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.digest.compare import compare
from alerts.digest.content import DigestContent, IncidentFacts
from alerts.digest.onward import onward
from alerts.digest.parts import Coming, Deed, Desk, Hidden, LateItems, Muted, Trend
from alerts.digest.pdf import page_count, to_pdf
from alerts.digest.render import DESK, ONWARD, issues, render_digest
from alerts.digest.stored import from_json, to_json
from alerts.digest.voice import Limits
from alerts.policy import Both
from monitor.digest.printing import as_pdf
from storage.records import DigestEdits, Level, Why
from tests.alerts.policies import BACKUP, DAY, HEAD, NIGHT
from tests.alerts.test_digest import (
    BUSY,
    EVENT,
    ISSUED,
    POLICY,
    content,
    crowd,
    event,
    feed,
    section,
    text_of,
)

SECRETS = {  # what stays at the desk, each a word that stands nowhere else
    "note": "SECRETNOTE",
    "owner": "SECRETOWNER",
    "reason": "SECRETREASON",
    "feed": "SECRETFEED",
    "rule": "SECRETRULE",
    "parked": "SECRETPARKED",
    "acker": "SECRETACKER",
    "why": "SECRETWHY",
    "missed": "SECRETMISSED",
    "hidden": "SECRETHIDDEN",
}


def secretive() -> DigestContent:
    """A busy day in whose every inner corner stands a word of its own."""
    first = BUSY.incidents[0]
    incident = replace(
        first.incident,
        acknowledged_by=SECRETS["acker"],
        level_why=(Why("rule", {"rule": SECRETS["why"], "rule_th": SECRETS["why"]}),),
    )
    changes = tuple(replace(each, by=SECRETS["acker"]) for each in first.changes)
    return replace(
        BUSY,
        incidents=(replace(first, incident=incident, changes=changes), *BUSY.incidents[1:]),
        deliveries=replace(BUSY.deliveries, parked_to=(SECRETS["parked"],)),
        shadow=tuple(
            replace(each, name=replace(each.name, th=SECRETS["rule"], en=SECRETS["rule"]))
            for each in BUSY.shadow
        ),
        blind_spots=tuple(replace(each, name=SECRETS["feed"]) for each in BUSY.blind_spots),
        late_items=LateItems(3, 9_000, SECRETS["missed"]),
        speakers_lost=("JP", "TH"),
        unacknowledged=("2025-0002",),
        trends={"notices": Trend(14, 9, 7.3), "items": Trend(321, 300, 280)},
        hours=(1,) * 24,
        edits=DigestEdits(picked=("2025-0003",), hidden=("2025-0099",)),
        desk=Desk(
            on_duty=("day", "backup"),
            deeds=(Deed("level_raised", EVENT, "day", "2025-0001", "WATCH", "ALERT"),),
            notes=(Deed("note", EVENT, "night", "2025-0001", new=SECRETS["note"]),),
            muted=(
                Muted(
                    SECRETS["owner"],
                    SECRETS["reason"],
                    ISSUED,
                    "2025-0002",
                    hid=(Hidden("2025-0007", Level.ALERT, Both("น้ำท่วม", SECRETS["hidden"])),),
                    hid_total=3,
                ),
                Muted(SECRETS["owner"], "", ISSUED, countries=("LA",), hazards=("FL",)),
            ),
            escalations=4,
            home_silent=("2025-0002",),
            hidden=("2025-0099",),
        ),
    )


INNER_WORDS = (
    *SECRETS.values(),
    *(role for each in (DAY, NIGHT, BACKUP, HEAD) for role in (each.role.th, each.role.en)),
    "รับเรื่อง", "cknowledg", "On duty", "เวรขณะ", "หลังรายงานเหตุฉบับแรก", "after the first report",
    "No communication of ours", "ยังไม่พบการสื่อสารของกระทรวง", "accepted by the mail server",
    "เครื่องปลายทาง", "Alert mails", "Why this level", "เหตุที่จัดระดับ", "Rules in shadow",
    "กฎที่กำลังทดลอง", "Hand-over", "เรื่องส่งต่อเวร", "Not alerted", "ไม่ได้แจ้ง", "2025-0099",
    "Desk record", "/incidents/", "Internal", "ใช้ภายใน",
)  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en", "both"])
def test_nothing_of_the_desk_leaks_into_the_onward_edition(language: str) -> None:
    person = replace(HEAD, language=language)
    given = secretive()
    made = render_digest(
        given, person, POLICY, edition=ONWARD, base_url="https://desk.ministry.example"
    )
    told = "\n".join((made.subject, made.text, made.html, *made.headers.values()))
    for word in INNER_WORDS:
        assert word not in told, word
    desk = render_digest(given, person, POLICY).text
    inner = (SECRETS["note"], SECRETS["owner"], SECRETS["feed"], SECRETS["rule"])
    assert all(word in desk for word in inner)  # the words are really there to be left out


def test_nothing_of_the_desk_leaks_into_the_onward_json() -> None:
    stored = json.dumps(to_json(onward(secretive(), "TH")), ensure_ascii=False)
    for word in SECRETS.values():
        assert word not in stored or word == SECRETS["missed"], word
    data = json.loads(stored)
    assert data["unacknowledged"] == []
    assert data["speakers_lost"] == ["JP"]
    for name in ("acknowledged_at", "acknowledged_by", "acknowledged_level"):
        assert {each["incident"][name] for each in data["incidents"]} == {None}
    assert {c["delay_s"] for each in data["incidents"] for c in each["communications"]} == {None}


def test_the_onward_edition_says_in_one_line_what_could_not_be_seen() -> None:
    text = render_digest(secretive(), BACKUP, POLICY, edition=ONWARD).text
    lines = [line.strip() for line in text.split("Blind spots")[1].splitlines() if line.strip()]
    end = next(place for place, line in enumerate(lines) if "Next issue" in line)
    assert " ".join(lines[:end]) == (
        "41 of 43 feeds healthy · 1 of them unusually silent"
        " · No ministry feed can be read of: Japan"
    )


def test_the_desk_edition_has_record_notes_mutes_and_what_was_hidden() -> None:
    text = text_of(secretive(), BACKUP)
    record = "\n".join(section(text, "Desk record"))
    assert "#2025-0001 · level raised: WATCH → ALERT · day officer" in record
    assert "Reminders and escalations: 4" in record
    mutes = "\n".join(section(text, "Mutes, and what they hid"))
    assert f"Muted: #2025-0002 until 07:00, by {SECRETS['owner']}: {SECRETS['reason']}" in mutes
    assert f"#2025-0007 · ALERT · {SECRETS['hidden']}" in mutes
    assert "2 more" in mutes
    assert "Muted: Lao PDR, flood until" in mutes
    assert "It hid nothing in this period" in mutes
    assert "Left out of this issue by an officer: #2025-0099" in record
    hand_over = section(text, "Hand-over")
    assert hand_over[0] == "- 1 not acknowledged: #2025-0002"
    assert SECRETS["note"] in hand_over[1]
    assert "On duty at issue: day officer, backup officer" in text
    assert "No communication of ours seen in the feeds we read: #2025-0002" in text
    assert f"the latest by 2 hours 30 minutes ({SECRETS['missed']})" in text


def test_an_officer_writes_the_bottom_line_picks_and_hides() -> None:
    edits = DigestEdits("ข้อความ\nสองบรรทัด", "", ("2025-0003",), ("2025-0002",))
    facts = tuple(
        IncidentFacts(event(n, level), None)
        for n, level in ((1, Level.FLASH), (2, Level.ALERT), (3, Level.WATCH))
    )
    made = content_with(edits, facts)
    assert section(text_of(made), "สาระสำคัญ") == ["ข้อความ", "สองบรรทัด"]
    english = text_of(made, BACKUP)
    assert section(english, "Bottom line")[0].startswith("◆ FLASH")  # not written in English
    top = [line for line in section(english, "Top incidents") if line.startswith("- ")]
    assert [line.rpartition("#")[2] for line in top] == ["2025-0003", "2025-0001"]
    assert "2025-0002" not in english.split("== Desk record")[0].split("== Top incidents")[1]
    assert "Left out of this issue by an officer: #2025-0002" in english


def content_with(edits: DigestEdits, incidents: tuple[IncidentFacts, ...]) -> DigestContent:
    from alerts.digest.content import build
    from tests.alerts.test_digest import facts

    made = facts(incidents=incidents)
    return build(made, next_at=ISSUED + timedelta(days=1), edits=edits)


def test_what_comes_is_told_soonest_first_and_cut_is_counted() -> None:
    coming = tuple(
        Coming(ISSUED + timedelta(hours=n), "ends", f"Warning {n}", "Met", f"2025-{n:04d}")
        for n in range(1, 9)
    )
    lines = section(text_of(replace(BUSY, coming=coming), BACKUP), "Looking ahead 72 hours")
    assert lines[0] == "- Sat 29 Mar 2025, 08:00 Bangkok · #2025-0001 · Met: valid until then"
    assert lines[1].strip() == "Warning 1"
    assert lines[-1] == "- and 3 more"


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("given", ["busy", "crowd", "quiet"])
def test_the_onward_edition_is_one_a4_page(given: str, language: str) -> None:
    made = {"busy": secretive, "crowd": crowd, "quiet": content}[given]()
    person = replace(HEAD, language=language)
    pdf = as_pdf(made, person, POLICY, edition=ONWARD, drawn=None, made_at=ISSUED)
    assert pdf.startswith(b"%PDF")
    assert page_count(pdf) == 1


def test_the_pdf_of_one_content_is_the_same_bytes_each_time() -> None:
    blocks = issues(BUSY, BACKUP, POLICY)
    first, second = (to_pdf(blocks, title="t", made_at=ISSUED) for _ in range(2))
    assert first == second


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written into PDFs, in order."""
    from fpdf import FPDF

    written: list[str] = []
    for name in ("cell", "multi_cell"):
        was = getattr(FPDF, name)

        def kept(pdf: Any, *given: Any, was: Any = was, **named: Any) -> Any:
            written.extend(each for each in given if isinstance(each, str))
            written.extend(named[key] for key in ("text", "txt") if key in named)
            return was(pdf, *given, **named)

        monkeypatch.setattr(FPDF, name, kept)
    return written


@pytest.mark.parametrize(("language", "said"), [("en", "page 2 of"), ("th", "หน้า 2 จาก")])
def test_every_page_but_a_single_one_says_which_it_is(
    printed: list[str], language: str, said: str
) -> None:
    person = replace(HEAD, language=language)
    pdf = as_pdf(crowd(), person, POLICY, edition=DESK, drawn=None, made_at=ISSUED)
    assert page_count(pdf) > 1
    assert any(said in each for each in printed)
    printed.clear()
    as_pdf(crowd(), person, POLICY, edition=ONWARD, drawn=None, made_at=ISSUED)
    assert not any(said[:4] in each for each in printed)


def test_words_that_the_page_cannot_show_are_named_by_their_language(printed: list[str]) -> None:
    entry = BUSY.incidents[0]
    incident = replace(entry.incident, title_en="Myanmar – ငလျင် near 曼德勒")
    day = replace(BUSY, incidents=(replace(entry, incident=incident), *BUSY.incidents[1:]))
    to_pdf(issues(day, replace(HEAD, language="en"), POLICY), title="t", made_at=ISSUED)
    text = "".join(printed).replace("\u200b", "")
    assert "[in Burmese]" in text
    assert "[in Chinese]" in text
    assert "stands for words in a script that this file cannot show" in text
    assert "ငလျင်" not in text


def test_the_cable_is_numbered_and_no_english_line_is_too_long() -> None:
    text = render_digest(BUSY, BACKUP, POLICY, edition=ONWARD).text
    assert text.startswith("FROM: Ministry of Foreign Affairs\nTIME: Sat 29 Mar 2025, 07:00")
    assert "\n1. Bottom line\n" in text
    assert "END OF MESSAGE" in text
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 72


def test_each_language_of_a_cable_has_its_own_subject() -> None:
    text = render_digest(BUSY, replace(BACKUP, language="both"), POLICY, edition=ONWARD).text
    (thai,) = re.findall("^เรื่อง: (.*)", text, re.MULTILINE)
    (english,) = re.findall("^SUBJECT: (.*)", text, re.MULTILINE)
    assert "2568" in thai
    assert english.isascii() or "–" in english
    assert not re.search("[ก-๙]", english)


def test_two_issues_are_compared_old_to_new() -> None:
    before = content(
        incidents=(
            IncidentFacts(event(1, Level.WATCH), None),
            IncidentFacts(event(9, Level.ALERT), None),
        )
    )
    lines = [f"{each.text} {each.number}".strip() for each in compare(before, BUSY, "en").entries]
    assert "◆ FLASH: 0 → 1" in lines
    assert "Country 1 – event 1: WATCH → FLASH #2025-0001" in lines
    assert "No longer there: ▲ ALERT · Country 9 – event 9 #2025-0009" in lines
    assert any(line.startswith("Only in the later: ● WATCH · Country 3") for line in lines)
    same = compare(BUSY, BUSY, "th")
    assert [each.text for each in same.entries] == ["ไม่มีความแตกต่าง"]


def test_a_feed_that_fails_says_for_how_long_it_was_blind() -> None:
    failing = feed(1, "timed_out", last_ok_at=ISSUED - timedelta(hours=30))
    text = text_of(content(feeds=(failing, feed(2))), BACKUP)
    assert "blind for 1 day of this period" in text.lower() or "blind for 1 day" in text


def test_content_with_all_parts_survives_storage() -> None:
    given = secretive()
    assert from_json(json.loads(json.dumps(to_json(given)))) == given


def test_each_mark_of_the_map_has_its_line_however_far_the_lists_are_cut() -> None:
    placed = tuple(
        IncidentFacts(event(n, Level.WATCH, lat=float(n), lon=100.0), None) for n in range(1, 6)
    )
    made = content_with(DigestEdits(), placed)
    for limits in (Limits(), Limits(top=1, categories=1)):
        (block,) = issues(made, BACKUP, POLICY, limits=limits)
        (found,) = [each for each in block.sections if each.title == "Map"]
        assert [each.text[:2] for each in found.entries] == [f"{n} " for n in range(1, 6)]

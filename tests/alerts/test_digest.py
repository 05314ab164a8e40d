"""The daily digest: its period, what it keeps, what it says, and that it is stored whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from alerts.digest.content import (
    Deliveries,
    DigestContent,
    DigestFacts,
    IncidentFacts,
    ShadowRule,
    build,
)
from alerts.digest.period import Period, is_late, next_issue, period
from alerts.digest.render import HTML_LIMIT, render_digest
from alerts.digest.stored import from_json, to_json
from alerts.policy import Both, DigestPlan, Person
from alerts.render import encoded_size
from storage.records import (
    Advice,
    Communication,
    FeedState,
    Figure,
    Incident,
    Item,
    ItemValues,
    Level,
    LostEntries,
    Reading,
    Why,
)
from tests.alerts.policies import BACKUP, DAY, NIGHT, change, incident, item, policy
from tests.alerts.test_render import HOSTILE, Text, flat

PLAN = DigestPlan("daily", time(7), ("duty",))
POLICY = policy()
ISSUED = datetime(2025, 3, 29, 0, 0, 5, tzinfo=UTC)  # 07:00:05 in Bangkok
PERIOD = period(PLAN, POLICY, ISSUED)
EVENT = PERIOD.start + timedelta(hours=6)


def feed(number: int, state: str = "ok", **changed: Any) -> FeedState:
    made = FeedState(
        id=number,
        key=str(number),
        name=f"Feed {number}",
        url=f"https://feeds.example/{number}",
        kind="hazard",
        publisher=f"Publisher {number}",
        country=None,
        tier="official",
        home=False,
        priority=False,
        listed=True,
        state=state,
        state_since=ISSUED - timedelta(hours=5),
        last_ok_at=ISSUED - timedelta(hours=5),
        last_news_at=ISSUED - timedelta(hours=9),
    )
    return replace(made, **changed)


def event(number: int, level: Level = Level.ALERT, **changed: Any) -> Incident:
    values = {
        "id": number,
        "seq": number,
        "level": level,
        "title_en": f"Country {number} – event {number}",
        "title_th": f"ประเทศ {number} – เหตุ {number}",
        "opened_at": EVENT,
        "last_item_at": EVENT,
        "event_at": EVENT,
    }
    return incident(**(values | changed))


def facts(**changed: Any) -> DigestFacts:
    made = DigestFacts(
        "daily", PERIOD, ISSUED, feeds=tuple(feed(n) for n in range(1, 5)), items_read=321
    )
    return replace(made, **changed)


def content(**changed: Any) -> DigestContent:
    return build(facts(**changed), next_at=next_issue(PLAN, POLICY, PERIOD))


def text_of(of: DigestContent, person: Person = NIGHT, **options: Any) -> str:
    return render_digest(of, person, POLICY, **options).text


def section(text: str, title: str) -> list[str]:
    """The lines below a heading."""
    found = re.search(rf"^== {re.escape(title)}(.*?)(?=^== |^--$)", text, re.S | re.M)
    assert found is not None, title
    return [line for line in found[1].strip().splitlines() if line.strip()]


ADVICE_ITEM = item(
    id=51,
    publisher="Foreign Ministry of Japan",
    values=ItemValues(
        "危険情報", link="https://advice.example/mm", advice=Advice("MM", "3", "渡航中止")
    ),
)
HOME_ADVICE_ITEM = item(
    id=52,
    publisher="Travel Office",
    values=ItemValues(
        "Thailand", link="https://travel.example/th", advice=Advice("TH", "2", "caution")
    ),
)
BUSY = content(
    incidents=(
        IncidentFacts(
            event(
                1,
                Level.FLASH,
                level_why=(Why("magnitude", {"magnitude": 7.7, "threshold": 7.0}),),
                figures=(
                    Figure("magnitude", 7.7, "", "Quake agency", EVENT),
                    Figure("dead", 144, "", "State media", EVENT + timedelta(hours=12)),
                ),
                nationals="none_reported",
                level_since=EVENT,
                acknowledged_at=EVENT + timedelta(minutes=14),
                acknowledged_by="day",
            ),
            None,
            (
                change("opened", id=1, at=EVENT),
                change("figure", id=2, old="dead 20", new="dead 144", at=EVENT),
                change("advice", id=3, item_id=51, old="2 注意", new="3 渡航中止", at=EVENT),
                change("advice", id=4, item_id=52, old="1 normal", new="2 caution", at=EVENT),
            ),
            (
                item(id=50, values=ItemValues("Strong earthquake", link="https://q.example/1")),
                ADVICE_ITEM,
                HOME_ADVICE_ITEM,
            ),
            (
                Communication(
                    1,
                    60,
                    "JP",
                    "Foreign Ministry of Japan",
                    False,
                    "statement",
                    "s",
                    None,
                    EVENT,
                    900.0,
                ),
                Communication(1, 61, "TH", "Ministry", True, "statement", "s", None, EVENT, 1200.0),
            ),
        ),
        IncidentFacts(
            event(2, Level.ALERT, opened_at=PERIOD.start - timedelta(days=2)), Level.WATCH
        ),
        IncidentFacts(
            event(
                3,
                Level.WATCH,
                categories=("health",),
                hazard="EP",
                figures=(Figure("cases", 340, "", "Health office", EVENT),),
            ),
            None,
        ),
        IncidentFacts(
            event(4, Level.INFO, opened_at=PERIOD.start - timedelta(days=2)), Level.ALERT
        ),
        IncidentFacts(event(5, Level.ALERT, exercise=True), None),
        IncidentFacts(event(6, Level.INFO), None),
    ),
    not_alerted=tuple(
        item(
            id=70 + n,
            incident_id=None,
            values=ItemValues(f"Minor landslide number {n}", link=f"https://n.example/{n}"),
            disposition=(
                Why(
                    "below_level",
                    {"level": "INFO", "least": "ALERT", "rule_th": "ก", "rule_en": "r"},
                ),
            ),
        )
        for n in range(12)
    ),
    not_alerted_total=231,
    feeds=(
        *(feed(n) for n in range(1, 40)),
        feed(50, "timed_out", kind="ministry", country="JP", priority=True),
        feed(51, "silent"),
        feed(52, "disabled"),
        feed(53, "timed_out", listed=False),
        feed(54, "timed_out", kind="ministry", country="AU"),
        feed(55, "ok", kind="advice", country="AU"),
    ),
    deliveries=Deliveries(14, 1, 1, ("backup",), 2.4, 41.0),
    opened={"FLASH": 1, "ALERT": 1, "WATCH": 6, "INFO": 30},
    opened_before={"WATCH": 4, "INFO": 20},
    opened_mean={"WATCH": 5.5, "INFO": 22.0},
    shadow=(ShadowRule(Both("กฎทดลอง", "rule on trial"), 3),),
    exercises=1,
)
QUIET = content()


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (datetime(2025, 3, 29, 0, 0, tzinfo=UTC), date(2025, 3, 29)),
        (datetime(2025, 3, 28, 23, 59, 59, tzinfo=UTC), date(2025, 3, 28)),
        (datetime(2025, 3, 29, 23, 59, tzinfo=UTC), date(2025, 3, 29)),
        (datetime(2024, 12, 31, 17, 0, tzinfo=UTC), date(2024, 12, 31)),
        (datetime(2025, 1, 1, 0, 0, tzinfo=UTC), date(2025, 1, 1)),
    ],
)
def test_the_period_runs_from_seven_to_seven_in_bangkok(now: datetime, wanted: date) -> None:
    found = period(PLAN, POLICY, now)
    assert found.local_date == wanted
    assert found.end == datetime(wanted.year, wanted.month, wanted.day, tzinfo=UTC)
    assert found.end - found.start == timedelta(hours=24)
    assert found.end <= now < next_issue(PLAN, POLICY, found)


@pytest.mark.parametrize(
    "zone", ["Europe/London", "Pacific/Chatham", "America/Sao_Paulo", "Asia/Bangkok"]
)
@pytest.mark.parametrize("at", [time(0, 0), time(1, 30), time(2, 30), time(7, 0)])
def test_every_hour_of_a_year_belongs_to_exactly_one_issue(zone: str, at: time) -> None:
    there, plan = policy(timezone=zone), DigestPlan("daily", at, ())
    now = datetime(2025, 1, 1, tzinfo=UTC)
    issues = [period(plan, there, now)]
    for _ in range(366 * 24):
        now += timedelta(hours=1)
        found = period(plan, there, now)
        if found != issues[-1]:
            assert found.start == issues[-1].end
            assert found.local_date - issues[-1].local_date == timedelta(days=1)
            issues.append(found)
    assert 365 <= len(issues) <= 367


def test_an_issue_is_late_after_an_hour() -> None:
    assert not is_late(PERIOD, PERIOD.end + timedelta(minutes=59))
    assert is_late(PERIOD, PERIOD.end + timedelta(hours=3))
    late = build(
        facts(issued_at=PERIOD.end + timedelta(hours=3)), next_at=next_issue(PLAN, POLICY, PERIOD)
    )
    assert late.late
    assert "ฉบับนี้ออกล่าช้า 3 ชั่วโมง · ออกเมื่อ 10.00 น." in text_of(late)
    assert "ล่าช้า" not in text_of(QUIET)


def test_content_survives_storage() -> None:
    for each in (BUSY, QUIET):
        stored = json.loads(json.dumps(to_json(each)))
        assert from_json(stored) == each
    assert to_json(BUSY)["local_date"] == "2025-03-29"


def test_content_stored_before_a_field_was_added_can_still_be_read() -> None:
    stored = json.loads(json.dumps(to_json(BUSY)))
    del stored["deliveries"]["slowest_s"]
    del stored["incidents"][0]["incident"]["leave_calls"]
    assert from_json(stored).deliveries.slowest_s is None
    assert from_json(stored).incidents == BUSY.incidents


def test_exercises_and_mere_information_stay_out() -> None:
    assert [entry.incident.id for entry in BUSY.incidents] == [1, 2, 3, 4]
    assert BUSY.open_levels == {"FLASH": 1, "ALERT": 1, "WATCH": 1, "INFO": 2}
    assert BUSY.exercises == 1


def test_the_subject_counts_levels_and_feeds_that_are_down() -> None:
    assert render_digest(BUSY, NIGHT, POLICY).subject == (
        "[สรุปประจำวัน] ส. 29 มี.ค. 2568 – วิกฤต 1 เร่งด่วน 1 เฝ้าระวัง 1 · ฟีดขัดข้อง 2"
    )
    assert render_digest(BUSY, BACKUP, POLICY).subject == (
        "[DIGEST] Sat 29 Mar 2025 – 1 FLASH, 1 ALERT, 1 WATCH · 2 feeds down"
    )
    assert render_digest(QUIET, BACKUP, POLICY).subject == (
        "[DIGEST] Sat 29 Mar 2025 – 0 FLASH, 0 ALERT, 0 WATCH"
    )


def test_sections_stand_in_their_order() -> None:
    titles = re.findall(r"^== (.*?)(?: – .*)?$", text_of(BUSY), re.M)
    assert titles == [
        "สาระสำคัญ",
        "พัฒนาการตั้งแต่ฉบับก่อน",
        "ตัวเลขสำคัญ",
        "แผนที่",
        "เหตุการณ์สำคัญ",
        "แยกตามประเภท",
        "ด้านสาธารณสุข",
        "การสื่อสารของแต่ละประเทศ",
        "คำแนะนำการเดินทางที่เปลี่ยน",
        "ประกาศของต่างประเทศเกี่ยวกับไทย",
        "สิ่งที่ต้องติดตามใน 72 ชั่วโมง",
        "เรื่องที่ไม่ได้แจ้งและเหตุผล",
        "ข้อจำกัดของข้อมูล",
        "กฎที่กำลังทดลอง",
        "ผลการส่ง",
        "บันทึกการปฏิบัติของเวร",
        "เรื่องส่งต่อเวร",
        "ฉบับถัดไป",
    ]


def test_the_masthead_tells_day_period_and_next_issue() -> None:
    text = text_of(BUSY)
    assert "วันเสาร์ที่ 29 มีนาคม 2568" in text
    assert "ช่วง 28 มี.ค. 07.00 น. ถึง 29 มี.ค. 2568 07.00 น." in text
    assert section(text, "ฉบับถัดไป") == ["อา. 30 มี.ค. 2568 07.00 น."]


def test_the_bottom_line_says_toll_people_and_who_spoke_with_sources() -> None:
    first, second, third = section(text_of(BUSY, BACKUP), "Bottom line")
    assert first.startswith(
        "◆ FLASH · Country 1 – event 1 #2025-0001 · 144 dead (State media 01:00)"
    )
    assert "Thai nationals: none reported so far" in first
    assert "2 countries seen to have spoken" in first
    assert second == "1 more at FLASH or ALERT in the feeds we read"
    assert third == "41 of 43 feeds healthy · 1 of them unusually silent"


def test_a_quiet_day_is_said_of_our_feeds_and_every_section_is_there() -> None:
    text = text_of(QUIET, BACKUP)
    assert section(text, "Bottom line") == [
        "Nothing at ALERT or above seen in the feeds we read",
        "4 of 4 feeds healthy",
    ]
    assert text.count("Nothing in this period") == 13
    assert "Accepted by the mail server" in text or "0 accepted by the mail server" in text


def test_what_changed_has_a_line_for_each_incident_that_moved() -> None:
    lines = section(text_of(BUSY, BACKUP), "What changed since the last issue")
    assert lines == [
        "- Open incidents, then → now: ◆ FLASH 0 → 1",
        "- New: ◆ FLASH · Country 1 – event 1 #2025-0001",
        "  20 → 144 dead",
        "- Raised from WATCH: ▲ ALERT · Country 2 – event 2 #2025-0002",
        "- Lowered from ALERT: ○ INFO · Country 4 – event 4 #2025-0004",
    ]


def test_key_figures_compare_with_the_day_before_and_the_week() -> None:
    lines = section(text_of(BUSY, BACKUP), "Key figures")
    assert lines[0] == (
        "- Open now: ◆ FLASH 1 · ▲ ALERT 1 · ● WATCH 1 · exercises or tests, not counted: 1"
    )
    assert lines[1] == (
        "- New incidents at WATCH or above: 8 (previous period 4 · mean of 7 periods 5.5)"
    )
    waiting, took = "1 not acknowledged: #2025-0002", "Median time to acknowledge: 14 minutes"
    assert f"- {waiting} · {took}" in lines


def test_top_incidents_have_impact_people_response_reason_and_source() -> None:
    text = "\n".join(section(text_of(BUSY, BACKUP), "Top incidents"))
    for wanted in (
        "Impact: 144 dead (State media 01:00) · M7.7 (Quake agency 28 Mar 13:00)",
        "Thai nationals: none reported so far",
        "Response: Thailand – statement 28 Mar 13:00, Japan – statement 28 Mar 13:00",
        "Why this level: Earthquake magnitude 7.7",
        "Strong earthquake",
        "https://q.example/1",
        "Response: No ministry seen yet in the feeds we read",
    ):
        assert wanted in text


def test_advice_about_our_own_country_stands_apart() -> None:
    text = text_of(BUSY)
    (line, link) = section(text, "คำแนะนำการเดินทางที่เปลี่ยน")
    assert line.startswith("- Foreign Ministry of Japan – เมียนมา: 2 注意 → 3 渡航中止")
    assert link.strip() == "https://advice.example/mm"
    (home, _) = section(text, "ประกาศของต่างประเทศเกี่ยวกับไทย")
    assert home.startswith("- Travel Office – ไทย: 1 normal → 2 caution")


def test_everything_that_did_not_alert_is_counted_and_the_nearest_named_with_reason() -> None:
    lines = section(text_of(BUSY, BACKUP), "Not alerted, and why")
    assert sum("Not alerted:" in line for line in lines) == 8
    assert lines[-1] == "- and 223 more"


def test_near_misses_come_before_noise() -> None:
    noise = item(id=1, values=ItemValues("noise"), reading=Reading())
    near = item(id=2, values=ItemValues("near"), incident_id=7)
    found = content(not_alerted=(noise, near)).not_alerted
    assert [each.headline.title for each in found] == ["near", "noise"]
    assert "no reason recorded" in text_of(content(not_alerted=(noise,)), BACKUP)


def test_blind_spots_tell_of_entries_that_were_never_read_though_the_feed_is_well_again() -> None:
    lost = LostEntries(1, 1300, PERIOD.start + timedelta(hours=3), PERIOD.end)
    gone = LostEntries(99, 5, PERIOD.start, PERIOD.end)  # of a feed that has left the list
    found = content(feeds=(feed(1), feed(2, priority=True)), lost=(lost, gone))
    assert [(each.name, each.count) for each in found.missed] == [("Feed 1", 1300)]
    lines = section(text_of(found, BACKUP), "Blind spots")
    assert any(
        line.startswith("- Feed 1 – 1,300 entries were never read: too many came at once (from ")
        for line in lines
    )
    assert from_json(to_json(found)).missed == found.missed
    many = tuple(LostEntries(n, n, PERIOD.start, PERIOD.end) for n in range(1, 40))
    crowded = content(feeds=tuple(feed(n) for n in range(1, 40)), lost=many)
    said = [line for line in text_of(crowded, BACKUP).splitlines() if "never read" in line]
    assert 0 < len(said) < 39
    assert said[0].startswith("- Feed 39 ")


def test_blind_spots_name_feeds_and_countries_that_cannot_be_heard() -> None:
    assert BUSY.feeds_total == 43
    assert BUSY.speakers_lost == ("JP",)
    lines = section(text_of(BUSY, BACKUP), "Blind spots")
    assert lines[0] == "- 41 of 43 feeds healthy · 1 of them unusually silent"
    assert lines[1] == "- No ministry feed can be read of: Japan"
    assert lines[2].startswith("- Feed 50 (priority feed) – timed out since 02:00")
    assert any(line.startswith("- Feed 51 – unusually silent") for line in lines)
    assert not any("Feed 52" in line or "Feed 53" in line for line in lines)


def test_items_that_keyword_rules_read_alone_are_a_blind_spot() -> None:
    lines = section(text_of(replace(BUSY, keyword_only=12), BACKUP), "Blind spots")
    assert lines[1] == (
        "- The classifier was off for a time: 12 items were read by keyword rules alone"
    )
    assert "keyword" not in text_of(BUSY, BACKUP)


def test_delivery_is_proven_and_what_is_parked_is_named_by_office() -> None:
    lines = section(text_of(BUSY), "ผลการส่ง")
    assert lines[0] == "- เครื่องปลายทางรับแล้ว 14 ฉบับ"
    assert lines[-1] == "- หยุดส่ง ต้องแก้ไข 1 ฉบับ: เวรสำรอง"


@pytest.mark.parametrize("person", [DAY, NIGHT, BACKUP], ids=["both", "th", "en"])
@pytest.mark.parametrize("given", [BUSY, QUIET], ids=["busy", "quiet"])
def test_both_bodies_of_the_digest_say_the_same(given: DigestContent, person: Person) -> None:
    message = render_digest(given, person, POLICY, base_url="https://desk.ministry.example")
    html = Text(message.html)
    assert set(html.links) == set(re.findall(r"https?://\S+", message.text))
    for line in message.text.splitlines():
        words = flat(re.sub(r"https?://\S+", "", line.removeprefix("== ")))
        assert words in html.plain, line


def test_both_languages_means_thai_whole_and_the_main_parts_in_english() -> None:
    text = text_of(BUSY, DAY)
    thai, english = text.split("────────────────────")
    assert "เรื่องที่ไม่ได้แจ้งและเหตุผล" in thai
    assert "== Top incidents" in english
    assert "== Not alerted, and why" not in english
    assert render_digest(BUSY, DAY, POLICY).languages == ("th", "en")


def crowd() -> DigestContent:
    long = "น้ำท่วมและดินถล่มในหลายพื้นที่ " * 6
    events = tuple(
        IncidentFacts(
            event(
                n,
                Level.FLASH,
                title_th=long,
                title_en=long,
                figures=tuple(
                    Figure(kind, n, "", long, EVENT)
                    for kind in ("dead", "missing", "injured", "affected")
                ),
            ),
            None,
            (change("figure", old="dead 1", new=f"dead {n}"),),
            tuple(
                item(
                    id=n * 10 + m,
                    publisher=f"{long} {m}",
                    values=ItemValues(long * 3, link="https://x.example/" + "a" * 800),
                )
                for m in range(4)
            ),
            tuple(
                Communication(
                    n,
                    m,
                    None,
                    long,
                    False,
                    "statement",
                    long,
                    "https://x.example/" + "b" * 800,
                    EVENT,
                    60.0,
                    Advice("MM", long, long),
                )
                for m in range(6)
            ),
        )
        for n in range(1, 90)
    )
    unalerted: tuple[Item, ...] = tuple(
        item(id=n, values=ItemValues(long * 3, link="https://x.example/" + "c" * 900))
        for n in range(300)
    )
    return content(
        incidents=events,
        not_alerted=unalerted,
        feeds=tuple(feed(n, "timed_out", name=long) for n in range(1, 200)),
    )


def test_the_worst_day_still_fits_a_mail() -> None:
    message = render_digest(crowd(), DAY, POLICY, base_url="https://desk.ministry.example")
    assert encoded_size(message.html) <= HTML_LIMIT
    assert "และอีก" in message.text


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_of_a_source_stays_text_in_the_digest(text: str) -> None:
    given = content(
        incidents=(
            IncidentFacts(
                event(
                    1,
                    Level.FLASH,
                    title_th=text,
                    title_en=text,
                    nationals=text,
                    hazard=text,
                    figures=(Figure(text, 1, text, text, EVENT),),
                    level_why=(Why(text, {text: text}),),
                ),
                None,
                (
                    change("figure", old=text, new=text),
                    change("advice", item_id=9, old=text, new=text),
                ),
                (
                    item(
                        id=9,
                        publisher=text,
                        tier=text,
                        values=ItemValues(text, link=f"javascript:{text}"),
                    ),
                ),
                (
                    Communication(
                        1,
                        1,
                        None,
                        text,
                        False,
                        text,
                        text,
                        f"data:{text}",
                        EVENT,
                        1.0,
                        Advice(text, text, text),
                    ),
                ),
            ),
        ),
        not_alerted=(item(publisher=text, values=ItemValues(text), disposition=(Why(text),)),),
        feeds=(feed(1, text, name=text),),
        deliveries=Deliveries(parked=1, parked_to=(text,)),
    )
    message = render_digest(given, DAY, POLICY)
    html = Text(message.html)
    assert html.links == []
    for tag, attributes in html.tags:
        assert tag not in ("script", "img", "svg")
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search("[\x00\ud800\u2028\u202e\r]", message.text + message.html)
    assert from_json(json.loads(json.dumps(to_json(given)))) == given


def test_digest_headers_are_those_of_a_list() -> None:
    message = render_digest(QUIET, DAY, POLICY)
    assert message.headers == {
        "X-Crisis-Kind": "digest",
        "X-Crisis-Digest": "2025-03-29",
        "Precedence": "list",
    }
    assert message.list_name == "digest"


def test_a_period_is_what_its_parts_say() -> None:
    day, start, end = PERIOD
    assert Period(day, start, end) == PERIOD

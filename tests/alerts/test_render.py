"""Alert mails: what they say, in both bodies and both languages, and what they must never hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts import missions
from alerts.context import AlertContext, DrillMode
from alerts.policy import Both, Mission
from alerts.render import HTML_LIMIT, encoded_size, render_alert, subject
from alerts.situation import NextStep
from storage.records import (
    Advice,
    Change,
    Communication,
    Figure,
    Item,
    ItemValues,
    Level,
    NationalsStatus,
    Reading,
    Role,
    Tag,
    Why,
)
from tests.alerts.policies import (
    BACKUP,
    DAY,
    FLASH_ANYWHERE,
    NEIGHBOUR_ALERT,
    NIGHT,
    NOW,
    ROSTERED,
    change,
    incident,
    item,
    policy,
)

POLICY = policy()
QUAKE = incident(
    level=Level.FLASH,
    level_why=(Why("magnitude", {"magnitude": 7.7, "threshold": 7.0}),),
    figures=(
        Figure("magnitude", 7.7, "", "Quake agency", NOW),
        Figure("dead", 20, "", "Example Wire", NOW - timedelta(minutes=1)),
    ),
    alert_levels=("Disaster Hub: Red",),
    severity="Extreme",
    urgency="Immediate",
    certainty="Observed",
    sources=3,
    independent_sources=2,
)


def source(number: int = 31, title: str = "Strong earthquake near Sagaing", **changed: Any) -> Item:
    language = changed.pop("language", "en")
    link = changed.pop("link", f"https://quakes.example/{number}")
    reading = Reading(tags=(Tag("natural", 0.9, ("earthquake",)),), hazard="EQ", language=language)
    values = ItemValues(title, link=link, language=language)
    given: dict[str, Any] = {"id": number, "values": values, "reading": reading} | changed
    return item(**given)


def context(**changed: Any) -> AlertContext:
    made = AlertContext(
        incident=QUAKE,
        kind="alert",
        number=1,
        person=DAY,
        team=ROSTERED,
        policy=POLICY,
        now=NOW,
        rules=(NEIGHBOUR_ALERT, FLASH_ANYWHERE),
        items=(source(),),
        next_steps=(
            NextStep(NOW + timedelta(minutes=5), "primary"),
            NextStep(NOW + timedelta(minutes=10), "backup"),
        ),
        ministries_read_at=NOW - timedelta(minutes=1),
        message_id="<2025-0412.n1.rabc@ministry.example>",
    )
    return replace(made, **changed)


class Text(HTMLParser):
    """The visible words of an HTML mail, its links and its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._skip = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skip += tag in ("style", "title")
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words.append(data)

    @property
    def plain(self) -> str:
        return flat(" ".join(self.words))


def flat(text: str) -> str:
    """Without line ends, list marks, isolates and the kind of space, to compare the bodies."""
    return re.sub(r"[\s\u00a0\u2066-\u2069()•–—:*─-]+", "", text)


SPOKEN = (
    Communication(
        7,
        41,
        "JP",
        "Foreign Ministry of Japan",
        False,
        "travel_advice",
        "危険情報",
        None,
        NOW - timedelta(minutes=2),
        480.0,
        Advice("MM", "レベル3", "渡航は止めてください", True),
    ),
    Communication(7, 42, "TH", "Ministry", True, "statement", "แถลงการณ์", None, NOW, 600.0),
)
CHANGES = (
    change("opened", id=1),
    change("figure", id=2, old="dead 20", new="dead 144"),
    change("corrected", id=3, old="magnitude 7.9", new="magnitude 7.7"),
    change("nationals", id=4, old="unknown", new="none_reported"),
    change("communication", id=5, item_id=41, new="Foreign Ministry of Japan"),
    change("joined", id=6, item_id=31, new="Quake agency"),
)
KINDS = {
    "first notice": context(),
    "update": context(kind="update", number=2, changes=CHANGES, communications=SPOKEN),
    "raised": context(
        kind="raised",
        number=3,
        level_before=Level.ALERT,
        changes=(change("level_raised", old="ALERT", new="FLASH"),),
    ),
    "lowered": context(
        kind="lowered",
        number=3,
        level_before=Level.FLASH,
        incident=replace(QUAKE, level=Level.WATCH),
        changes=(change("level_lowered", old="FLASH", new="WATCH"),),
    ),
    "corrected": context(kind="corrected", number=2, changes=CHANGES[2:3]),
    "withdrawn": context(kind="withdrawn", number=2, changes=(change("withdrawn"),)),
    "lifted": context(kind="lifted", number=2, changes=(change("lifted"),)),
    "closed": context(kind="closed", number=2, changes=(change("closed"),)),
    "merged": context(
        kind="merged",
        number=2,
        changes=(change("merged", new="2025-0410"),),
        base_url="https://desk.ministry.example",
        incident=replace(QUAKE, state="merged"),
    ),
    "reminder": context(kind="reminder", number=2),
    "escalation": context(kind="escalation", person=BACKUP),
    "test": context(kind="test"),
    "exercise": context(incident=replace(QUAKE, exercise=True, level=Level.INFO)),
    "acknowledged": context(
        incident=replace(QUAKE, acknowledged_at=NOW, acknowledged_by="day"), number=2, kind="update"
    ),
    "nothing known": context(
        incident=incident(
            hazard=None,
            categories=(),
            countries=(),
            place=None,
            lat=None,
            lon=None,
            event_at=None,
            confirmation="one_source",
        ),
        items=(),
        rules=(),
        next_steps=(),
        ministries_read_at=None,
        message_id="",
    ),
    "nationals by an officer": context(
        nationals=NationalsStatus(
            1,
            7,
            NOW,
            "confirmed",
            {"injured": 2, "unreached": 14},
            "Embassy, Yangon",
            "in hospital",
            "day",
            NOW,
        ),
    ),
    "desk page and mission": context(
        base_url="https://desk.ministry.example/",
        policy=policy(
            missions=(
                Mission(
                    "yangon",
                    Both("สถานเอกอัครราชทูต ณ กรุงย่างกุ้ง", "Royal Thai Embassy, Yangon"),
                    "MM",
                    16.81,
                    96.16,
                    contact="โทร. +95 1 000 000",
                ),
            )
        ),
    ),
}


@pytest.mark.parametrize("given", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("language", ["th", "en", "both"])
def test_both_bodies_say_the_same(given: AlertContext, language: str) -> None:
    message = render_alert(replace(given, person=replace(given.person, language=language)))
    html = Text(message.html)
    assert set(html.links) <= set(re.findall(r"https?://\S+", message.text))
    for line in message.text.splitlines():
        words = flat(re.sub(r"https?://\S+", "", line))
        if words:
            assert words in html.plain, line


@pytest.mark.parametrize("given", KINDS.values(), ids=KINDS.keys())
def test_every_mail_is_small_and_fetches_nothing(given: AlertContext) -> None:
    message = render_alert(given)
    assert encoded_size(message.html) <= HTML_LIMIT
    html = Text(message.html)
    for tag, attributes in html.tags:
        assert tag not in ("script", "link", "iframe", "form", "input", "svg")
        if tag == "img":
            assert attributes["src"] == f"cid:{message.pictures[0].cid}"
            assert attributes["alt"]
            assert attributes["width"]
        else:
            assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in message.html
    assert "@import" not in message.html
    assert "{{" not in message.text + message.html


def test_an_officer_sees_first_what_where_when_and_who_has_it() -> None:
    text = render_alert(context()).text
    start = text[: text.index("ข้อเท็จจริง")]
    for wanted in (
        "◆ วิกฤต – ดำเนินการทันที",
        "แจ้งครั้งแรก 13.20 น.",
        "ระบบตรวจพบ ยังไม่มีเจ้าหน้าที่ตรวจสอบ",
        "ยังไม่มีผู้รับเรื่อง",
        "เมียนมา – แผ่นดินไหวขนาด 6.1 ใกล้เมืองสะกาย",
        "เสียชีวิต 20 ราย",
        "ศ. 28 มี.ค. 2568 13.05 น. (12.35 น. เวลาท้องถิ่น, 06.05 UTC)",
        "ที่มา Quake agency",
        "สถานะคนไทย: ยังไม่ทราบ",
        "monitor ack 2025-0412",
        "13.25 น. แจ้งเวรหลัก · 13.30 น. แจ้งเวรสำรอง",
    ):
        assert wanted in start
    assert text.index("◆ วิกฤต") < text.index("◆ FLASH")


def test_the_english_reader_gets_christian_years_and_no_thai_words() -> None:
    message = render_alert(context(person=BACKUP))
    assert "Fri 28 Mar 2025, 13:05 Bangkok (12:35 local, 06:05 UTC)" in message.text
    assert not re.search("[ก-๛]", message.text)
    assert message.languages == ("en",)
    assert '<html lang="en">' in message.html


def test_the_thai_reader_gets_no_english_block() -> None:
    message = render_alert(context(person=NIGHT))
    assert "act now" not in message.text
    assert message.languages == ("th",)


def test_local_time_stands_beside_ours_where_it_is_known() -> None:
    islands = replace(QUAKE, countries=("ID",))  # three times in one country: none is guessed
    assert "13.05 น. (06.05 UTC)" in render_alert(context(incident=islands)).text
    there = context(incident=islands, event_zone=ZoneInfo("Asia/Jayapura"))
    assert "13.05 น. (15.05 น. เวลาท้องถิ่น, 06.05 UTC)" in render_alert(there).text


def test_an_update_says_what_changed_the_weightiest_first() -> None:
    text = render_alert(KINDS["update"]).text
    block = text[text.index("สิ่งที่เปลี่ยนแปลง") : text.index("คนไทย\n")]
    lines = [line[2:] for line in block.splitlines() if line.startswith("- ")]
    assert lines == [
        "แก้ไขข้อมูล: ขนาด 7.9 → 7.7",
        "เสียชีวิต 20 → 144 ราย",
        "สถานะคนไทย: ยังไม่ทราบ → ยังไม่ได้รับรายงานว่ามีคนไทยได้รับผลกระทบ",
        "การสื่อสาร: ญี่ปุ่น – คำแนะนำการเดินทาง (レベル3, 渡航は止めてください, บางพื้นที่)",
        "รายงานใหม่จาก Quake agency",
    ]
    html = Text(render_alert(KINDS["update"]).html)
    assert html.plain.startswith(flat("แจ้งครั้งที่ 2 · 13.20 น. · แก้ไขข้อมูล: ขนาด 7.9 → 7.7"))


def test_what_comes_next_is_told_once_and_no_list_of_calls_is_long() -> None:
    minutes = (5, 10, 20, 30, 35, 80)
    steps = tuple(NextStep(NOW + timedelta(minutes=each), "backup") for each in minutes)
    read = render_alert(context(person=BACKUP, next_steps=steps)).text
    assert "13:25 the backup officer · 13:30 the backup officer · 13:40 the backup officer" in read
    assert "and so on until 14:40" in read
    reminder = context(person=BACKUP, kind="reminder", number=2, next_steps=())
    last = render_alert(reminder).text
    assert last.count("nobody has it yet") == 1
    assert "This was the last call" in last
    assert "This was the last call" not in render_alert(context(person=BACKUP)).text


def test_a_mail_says_when_the_next_update_may_come_and_until_when_its_warning_stands() -> None:
    given = context(person=BACKUP)
    read = render_alert(given).text
    assert "the next update comes from 13:50 on" in read
    assert "No source gives an end" in read
    until = replace(given.items[0].values, expires_at=NOW + timedelta(hours=2))
    warned = replace(given, items=(replace(given.items[0], values=until),))
    assert "in force until 15:20" in render_alert(warned).text
    assert "the next update" not in render_alert(replace(given, kind="closed")).text


def test_the_buttons_come_before_the_facts_and_lead_to_pages_that_change_nothing() -> None:
    link = "https://desk.ministry.example/ack/x~1~y"
    given = replace(KINDS["desk page and mission"], ack_url=link)
    message = render_alert(replace(given, person=BACKUP))
    for text in (message.text, Text(message.html).plain):
        places = [flat(text).index(flat(part)) for part in (
            "Our people", "Acknowledge", "Not relevant", "If nobody takes it", "Facts",
            "Why this level", "Sources", "Who has communicated", "next update comes",
        )]  # fmt: skip
        assert places == sorted(places)
    assert f"{link}#not-relevant" in Text(message.html).links
    over = render_alert(replace(given, kind="withdrawn"))
    assert "not-relevant" not in over.text


def test_the_plain_text_says_nothing_twice_at_its_start() -> None:
    text = render_alert(context(person=NIGHT)).text
    assert text.startswith("◆ วิกฤต – ดำเนินการทันที\n")
    assert text.count("แจ้งครั้งแรก 13.20 น.") == 1
    assert text.count("ยังไม่มีผู้รับเรื่อง") == 1


@pytest.mark.parametrize("kind", ["reminder", "update"])
def test_what_follows_begins_with_the_newest_toll_and_our_people(kind: str) -> None:
    grown = replace(QUAKE, figures=(Figure("dead", 144),), nationals="harmed")
    message = render_alert(
        context(
            incident=grown, kind=kind, number=2, person=BACKUP, thread_subject="[FLASH] 20 dead"
        )
    )
    first = message.text.splitlines()[0]
    assert first.startswith("144 dead · Thai nationals: ")
    preheader = message.html[: message.html.index('class="page"')]
    assert "144 dead · Thai nationals: " in preheader


def test_the_first_mail_to_somebody_who_joins_late_says_when_the_desk_was_told() -> None:
    told = NOW - timedelta(minutes=10)
    text = render_alert(replace(KINDS["escalation"], first_told_at=told)).text
    assert "desk first told 13:10" in text
    assert "first notice" not in text.lower()
    assert "first notice" not in render_alert(KINDS["escalation"]).text.lower()
    assert "First notice 13:20" in render_alert(context(person=BACKUP)).text


def changed_lines(*changes: Change, number: int = 2) -> list[str]:
    """What the mail lists as changed."""
    text = render_alert(context(kind="update", number=number, changes=changes, person=BACKUP)).text
    if "What changed\n" not in text:
        return []
    block = text[text.index("What changed\n") :].split("\n\n")[0]
    return [line[2:] for line in block.splitlines()[1:]]


def test_figures_of_one_kind_are_one_change() -> None:
    lines = changed_lines(
        change("figure", id=1, old="dead 60", new="dead 70"),
        change("figure", id=2, old="injured 5", new="injured 9"),
        change("figure", id=3, old="dead 70", new="dead 80"),
        change("figure", id=4, old="injured 9", new="injured 5"),
        change("corrected", id=5, old="magnitude 7.1", new="magnitude 7.3"),
        change("corrected", id=6, old="magnitude 7.3", new="magnitude 7.4"),
    )
    assert lines == ["Corrected: M7.1 → 7.4", "60 → 80 dead"]


def test_a_first_notice_lists_no_levels_from_before() -> None:
    changes = (
        change("level_raised", id=1, old="WATCH", new="ALERT"),
        change("figure", id=2, old="dead 60", new="dead 80"),
    )
    assert changed_lines(*changes, number=1) == ["60 → 80 dead"]
    assert len(changed_lines(*changes)) == 2


@pytest.mark.parametrize(("other", "differs"), [(30.0, True), (22.0, False)])
def test_sources_that_differ_on_the_dead_are_not_said_to_agree(other: float, differs: bool) -> None:
    items = tuple(
        source(n, publisher=f"Wire {n}", reading=Reading(figures=(Figure("dead", dead),)))
        for n, dead in ((1, 20.0), (2, other))
    )
    several = replace(QUAKE, confirmation="several")
    text = render_alert(context(incident=several, items=items, person=BACKUP)).text
    assert ("several independent sources; figures differ" in text) is differs
    assert ("several independent sources agree" in text) is not differs


def test_who_has_spoken_names_our_own_ministry_first_with_the_delay() -> None:
    text = render_alert(KINDS["update"]).text
    block = text[text.index("การสื่อสารของแต่ละประเทศ") :]
    ours, japan = block.splitlines()[1:3]
    assert ours.startswith("- ไทย – แถลงการณ์")
    assert "10 นาที" in ours
    assert "レベル3" in japan


def test_silence_of_ministries_is_said_of_our_feeds_only() -> None:
    text = render_alert(context()).text
    assert "ยังไม่พบการสื่อสารของประเทศใดในฟีดที่ติดตาม (อ่านล่าสุด 13.19 น.)" in text


def test_a_notice_without_news_says_so() -> None:
    assert "ไม่มีข้อเท็จจริงใหม่" in render_alert(KINDS["reminder"]).text


def test_sources_that_differ_stand_side_by_side() -> None:
    other = source(
        32, publisher="Weather office", reading=Reading(figures=(Figure("magnitude", 8.2),))
    )
    text = render_alert(context(items=(source(), other), person=BACKUP)).text
    assert "others report M8.2 (Weather office)" in text


def test_what_a_source_has_put_right_since_differs_no_more() -> None:
    def said(number: int, magnitude: float, minutes: int) -> Item:
        return source(
            number,
            publisher="Weather office",
            reading=Reading(figures=(Figure("magnitude", magnitude),)),
            first_seen_at=NOW + timedelta(minutes=minutes),
            values=ItemValues("M", published_at=NOW + timedelta(minutes=minutes)),
        )

    newer, older = said(33, QUAKE.figures[0].value, 9), said(32, 8.2, 1)
    for items in ((source(), newer, older), (source(), older, newer)):  # a mail sorts by weight
        text = render_alert(context(items=items, person=BACKUP)).text
        assert "others report" not in text


def test_headlines_keep_their_language_and_direction() -> None:
    arabic = source(33, "زلزال قوي يضرب البلدة", language="ar", publisher="وكالة")
    message = render_alert(context(items=(arabic,), person=BACKUP))
    assert '<bdi lang="ar">زلزال قوي يضرب البلدة</bdi>' in message.html
    assert "\u2068زلزال قوي يضرب البلدة\u2069" in message.text


def test_each_publisher_is_named_once_before_any_twice_and_the_rest_is_counted() -> None:
    items = (
        *tuple(
            source(n, f"Report number {n}", publisher="Example Wire", tier="wire")
            for n in range(50, 60)
        ),
        source(70, "The agency's own words", publisher="Quake agency"),
    )
    text = render_alert(context(items=items, person=BACKUP)).text
    block = text[text.index("\nSources\n") :]
    assert block.index("The agency's own words") < block.index("Report number 50")
    assert "and 5 more" in block


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("first notice", "[วิกฤต] เมียนมา – แผ่นดินไหวขนาด 6.1 ใกล้เมืองสะกาย (ภัยธรรมชาติ) #2025-0412"),
        ("escalation", "[FLASH] Myanmar – M6.1 earthquake near Sagaing (Natural) #2025-0412"),
        ("lowered", "[เฝ้าระวัง] เมียนมา – แผ่นดินไหวขนาด 6.1 ใกล้เมืองสะกาย (ภัยธรรมชาติ) #2025-0412"),
    ],
)
def test_the_subject_has_level_and_country_in_front(given: str, wanted: str) -> None:
    assert subject(KINDS[given]) == wanted


@pytest.mark.parametrize("kind", ["exercise", "test"])
def test_a_drill_is_marked_first_everywhere_and_is_not_urgent(kind: str) -> None:
    message = render_alert(KINDS[kind])
    mark = {"exercise": "[EXERCISE/ฝึกซ้อม] ", "test": "[TEST/ทดสอบระบบ] "}[kind]
    assert message.subject.startswith(mark)
    assert "ไม่ใช่เหตุจริง" in message.text
    assert "not a real event" in message.text
    assert message.headers["X-Crisis-Exercise"] == "yes"
    assert "Importance" not in message.headers


def test_the_second_language_says_where_the_sources_stand() -> None:
    message = render_alert(KINDS["first notice"])
    second = message.text.split("────────────────────")[1]
    assert "headlines and links stand above" in second.split("\nSources\n")[1].splitlines()[0]
    assert "headlines and links stand above" in message.html


@pytest.mark.parametrize("exercise", [False, True])
def test_what_is_real_in_drill_mode_says_so_and_keeps_what_to_do(exercise: bool) -> None:
    message = render_alert(
        context(
            incident=replace(QUAKE, exercise=exercise, level=Level.FLASH),
            exercise=True,
            drill_mode=DrillMode(NOW, "duty-backup"),
        )
    )
    assert message.subject.startswith("[EXERCISE/ฝึกซ้อม] ")
    assert message.headers["X-Crisis-Exercise"] == "yes"
    real = "แต่รายงานนี้มาจากแหล่งข่าวจริง โปรดถือว่าเป็นเหตุจริงจนกว่าจะตรวจสอบแล้ว"
    for body in (message.text, message.html):
        assert ("ไม่ใช่เหตุจริง" in body) is exercise
        assert ("ระบบอยู่ในโหมดฝึกซ้อม ตั้งแต่ " in body) is not exercise
        assert (real in body) is not exercise
        assert ("ดำเนินการทันที" in body) is not exercise
    assert ("Importance" in message.headers) is not exercise


def test_the_subject_of_a_thread_stays_when_the_title_changes() -> None:
    first = render_alert(context()).subject
    grown = replace(QUAKE, title_th="เมียนมา – แผ่นดินไหว (เสียชีวิต 144 ราย)")
    later = context(incident=grown, kind="update", number=2, thread_subject=first)
    assert render_alert(later).subject == first
    assert "144" in render_alert(later).text


def test_a_corrected_magnitude_is_not_repeated_in_the_subject() -> None:
    named = "เมียนมา – แผ่นดินไหวขนาด {} ใกล้เมืองสะกาย"
    first = render_alert(context(incident=replace(QUAKE, title_th=named.format("7.7")))).subject
    assert "7.7" in first
    mended = replace(QUAKE, title_th=named.format("7.9"))
    corrected = replace(change("corrected"), old="magnitude 7.7", new="magnitude 7.9")
    later = context(
        incident=mended, kind="corrected", number=2, thread_subject=first, changes=(corrected,)
    )
    assert "7.9" in render_alert(later).subject
    assert "7.7" not in render_alert(later).subject
    again = replace(later, thread_subject=render_alert(later).subject, kind="update", changes=())
    assert render_alert(again).subject == render_alert(later).subject, "the new one stays in turn"


def test_headers_let_filters_sort() -> None:
    headers = render_alert(context(why=(Why("on_duty", {"until": NOW.isoformat()}),))).headers
    assert headers == {
        "X-Crisis-Kind": "alert",
        "X-Crisis-Level": "FLASH",
        "X-Crisis-Category": "natural",
        "X-Crisis-Country": "MM",
        "X-Crisis-Incident": "2025-0412",
        "X-Crisis-Notice": "1",
        "X-Crisis-Rule": "neighbour-alert, flash-anywhere",
        "X-Crisis-Reason": "on_duty",
        "X-Crisis-Exercise": "no",
        "Importance": "high",
        "X-Priority": "1",
    }
    assert render_alert(context()).list_name == "natural.alerts"
    assert "Importance" not in render_alert(KINDS["lowered"]).headers


def test_each_reason_stands_once_in_the_header() -> None:
    codes = ("rule", "match_country", "rule", "match_country", "on_duty")
    headers = render_alert(context(why=tuple(Why(code) for code in codes))).headers
    assert headers["X-Crisis-Reason"] == "rule, match_country, on_duty"


def test_somebody_has_it_so_nobody_is_asked_to_take_it() -> None:
    text = render_alert(KINDS["acknowledged"]).text
    assert "ผู้รับเรื่อง: เวรกลางวัน 13.20 น." in text
    assert "monitor ack" not in text
    assert "หากไม่มีผู้รับเรื่อง" not in text


def test_what_an_officer_wrote_of_our_people_stands_with_its_source_and_time() -> None:
    text = render_alert(KINDS["nationals by an officer"]).text
    said = "ยืนยันแล้ว: บาดเจ็บ 2 ราย, ยังติดต่อไม่ได้ 14 ราย · in hospital (Embassy, Yangon 13.20 น.)"
    assert said in text


def test_the_mission_and_the_desk_page_are_named_when_known() -> None:
    message = render_alert(KINDS["desk page and mission"])
    said = "สถานเอกอัครราชทูต ณ กรุงย่างกุ้ง · ห่างประมาณ 567 กม. · โทร. +95 1 000 000"
    assert f"รับผิดชอบ: {said}" in message.text
    assert "https://desk.ministry.example/incidents/2025-0412" in Text(message.html).links


def test_the_map_stands_once_with_its_finding_in_words_and_a_caution_on_borders() -> None:
    given = replace(KINDS["desk page and mission"], person=DAY)
    message = render_alert(given)
    (picture,) = message.pictures
    assert picture.png.startswith(b"\x89PNG")
    images = [attributes for tag, attributes in Text(message.html).tags if tag == "img"]
    assert len(images) == 1
    assert "ย่างกุ้ง" in images[0]["alt"]
    assert "กม." in images[0]["alt"]
    assert "เส้นเขตแดน" in message.html
    again = render_alert(replace(given, number=2, kind="update"))
    assert again.pictures == message.pictures  # one drawing for everybody


def test_without_a_place_or_in_a_crowd_there_is_no_map() -> None:
    for given in (KINDS["nothing known"], context(with_map=False)):
        message = render_alert(given)
        assert message.pictures == ()
        assert "<img" not in message.html


def test_a_map_that_cannot_be_drawn_costs_the_map_and_not_the_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise OSError("no file")

    monkeypatch.setattr(missions, "region_map", broken)
    message = render_alert(context())
    assert message.pictures == ()
    assert "Sagaing" in message.text


def test_the_mail_program_is_led_to_the_incident_where_it_can_be_muted() -> None:
    headers = render_alert(KINDS["desk page and mission"]).headers
    assert headers["List-Unsubscribe"] == "<https://desk.ministry.example/incidents/2025-0412>"
    assert "List-Unsubscribe-Post" not in headers  # nobody unsubscribes the desk with one click
    assert "List-Unsubscribe" not in render_alert(context()).headers


HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)">',
    '"><svg/onload=alert(3)>',
    "{{ 7 * 7 }}{% raw %}",
    "</title></style><a href=javascript:alert(4)>x</a>",
    "title\r\nBcc: all@ministry.example\u2028\u202e\x00\ud800",
    "&lt;b&gt; &amp;amp; &#x202e;",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_of_a_source_stays_text_everywhere(text: str) -> None:
    hostile = source(
        34,
        text,
        publisher=text,
        link=f"javascript:{text}",
        reading=Reading(tags=(Tag("natural", 0.9, (text,)),), language=text),
    )
    spoken = Communication(
        7, 34, None, text, False, text, text, text, NOW, 1.0, Advice("MM", text, text)
    )
    loud = replace(
        QUAKE,
        title_th=text,
        title_en=text,
        place=text,
        alert_levels=(text,),
        acknowledged_by=text,
        acknowledged_at=NOW,
        figures=(Figure("dead", 1, text, text, NOW),),
        hazard=text,
        severity=text,
        nationals=text,
        confirmation=text,
    )
    changes = tuple(
        Change(n, 7, NOW, kind, 34, text, text, by=text)
        for n, kind in enumerate(
            ("figure", "corrected", "advice", "note", "acknowledged", "joined")
        )
    )
    message = render_alert(
        context(
            incident=loud, items=(hostile,), communications=(spoken,), changes=changes, number=2
        )
    )
    html = Text(message.html)
    for tag, attributes in html.tags:
        assert tag not in ("script", "svg")
        assert tag != "img" or attributes["src"] == f"cid:{message.pictures[0].cid}"
        assert not any(name.startswith("on") for name in attributes)
    assert html.links == []
    assert "49" not in html.plain
    assert not re.search("[\x00\ud800\u2028\u202e\r]", message.text + message.html)
    assert len(message.subject.splitlines()) == 1


def test_a_crowd_of_long_sources_is_cut_until_the_mail_is_small() -> None:
    items = tuple(
        source(
            n,
            "น้ำท่วมใหญ่ " * 30,
            publisher=f"สำนักข่าวตัวอย่าง {n} " * 5,
            link="https://long.example/" + "a" * 900,
        )
        for n in range(100, 140)
    )
    many = tuple(
        Communication(
            7,
            n,
            "JP",
            "x" * 90,
            False,
            "statement",
            "t",
            None,
            NOW,
            60.0,
            Advice("MM", "ก" * 200, "ข" * 300),
        )
        for n in range(20)
    )
    message = render_alert(context(items=items, communications=many, changes=CHANGES, number=2))
    assert encoded_size(message.html) <= HTML_LIMIT
    assert "และอีก" in message.text


def test_roles_only_no_measured_word_is_missing_for_unknown_values() -> None:
    odd = replace(QUAKE, nationals="new_state", confirmation="new_state", hazard="new_hazard")
    assert "new_hazard" in render_alert(context(incident=odd)).text


def test_communications_count_as_sources_after_signals() -> None:
    spoken = source(
        35, "Statement on the earthquake", publisher="Ministry", role=Role.COMMUNICATION
    )
    text = render_alert(context(items=(spoken, source()), person=BACKUP)).text
    block = text[text.index("\nSources\n") :]
    assert block.index("Strong earthquake near Sagaing") < block.index(
        "Statement on the earthquake"
    )


@pytest.mark.parametrize(
    ("flag", "thai", "english"),
    [
        ("unsigned", "ไม่มีลายเซ็นดิจิทัล", "unsigned"),
        ("signed", "มีลายเซ็นดิจิทัล ยังไม่ได้ตรวจ", "signed, signature not checked"),
        ("signature_verified", "ลายเซ็นดิจิทัลถูกต้อง", "signature verified"),
        ("signature_bad", "ลายเซ็นดิจิทัลไม่ผ่านการตรวจ", "SIGNATURE NOT CONFIRMED"),
    ],
)
def test_the_source_line_says_how_the_signature_stands(flag: str, thai: str, english: str) -> None:
    plain = source()
    signed = replace(plain, values=replace(plain.values, flags=(flag,)))
    for person, words_of in ((NIGHT, thai), (BACKUP, english)):
        told = render_alert(context(items=(signed,), person=person))
        bare = render_alert(context(person=person))
        for body, without in ((told.text, bare.text), (told.html, bare.html)):
            assert words_of in body
            assert words_of not in without


def test_a_test_is_about_no_incident_and_shows_no_number() -> None:
    mail = render_alert(context(kind="test", base_url="https://desk.ministry.example"))
    assert "#" not in mail.subject
    assert mail.headers["X-Crisis-Incident"] == "none"
    assert "/incidents/" not in mail.text + mail.html
    assert "List-Unsubscribe" not in mail.headers


def test_a_merged_incident_says_where_it_goes_on_and_leads_there() -> None:
    of = KINDS["merged"]
    mail = render_alert(of)
    assert "Now part of #2025-0410; it goes on there" in mail.text
    assert "รวมเข้ากับ #2025-0410 แล้ว" in mail.text
    assert "https://desk.ministry.example/incidents/2025-0410" in mail.text
    assert "monitor ack" not in mail.text
    assert (
        render_alert(replace(of, ack_url="https://desk.ministry.example/ack/x")).text == mail.text
    )


@pytest.mark.parametrize(
    ("behind", "said"),
    [(timedelta(hours=3), True), (timedelta(minutes=14), False), (-timedelta(minutes=3), False)],
    ids=["hours late", "minutes late", "before its time"],
)
def test_what_goes_out_long_after_it_fell_due_says_so(behind: timedelta, said: bool) -> None:
    mail = render_alert(context(due_at=NOW - behind))
    assert ("late by 3 hours" in mail.text.casefold()) is said
    assert ("ส่งล่าช้า 3 ชั่วโมง" in mail.text) is said
    assert ("late by 3 hours" in mail.html.casefold()) is said

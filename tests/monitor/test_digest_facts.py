"""What a digest knows beside its incidents: the days before, what comes, the week, the desk."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from alerts.digest.content import IncidentFacts
from alerts.digest.render import ONWARD, render_digest
from alerts.digest.stored import from_json, to_json
from monitor.digest import daily
from monitor.digest.days import alerts_by_hour, coming, days_before, late_items
from monitor.digest.week import week
from storage import incidents, meta, silences
from storage.records import Hazard, Incident, ItemValues, Level, Reading, Tag, Why
from tests.alerts.policies import BACKUP, decision, incident, item, notice, policy
from tests.alerts.test_digest import feed
from tests.monitor.digest_worker import the_policy
from tests.storage import make

BANGKOK = ZoneInfo("Asia/Bangkok")
END = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def test_days_are_counted_to_the_hour_of_issue_and_exercises_are_not(conn: Connection) -> None:
    for hours, level, exercise in ((1, 2, False), (23, 1, False), (25, 3, False), (2, 3, True)):
        incidents.open_incident(
            conn,
            now=END - timedelta(hours=hours),
            year=2026,
            title_en="a",
            title_th="ก",
            categories=("health",),
            level=Level(level),
            exercise=exercise,
        )
    found = days_before(conn, END, BANGKOK)
    assert [each.day for each in found][-2:] == [date(2026, 11, 22), date(2026, 11, 23)]
    assert [each.counts["health"] for each in found] == [0, 0, 0, 0, 0, 1, 2]


def test_hours_count_each_incidents_first_alert_once_in_local_time() -> None:
    at = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)  # 08:30 in Bangkok
    made = (
        notice(at=at),
        notice(id=2, at=at),
        notice(id=3, kind="update", at=at),
        notice(id=4, incident_id=9, at=at + timedelta(hours=5)),
    )
    hours = alerts_by_hour(made, BANGKOK)
    assert (hours[8], hours[13], sum(hours)) == (1, 1, 2)


def test_what_comes_is_within_72_hours_of_open_incidents_and_each_kind_once() -> None:
    def told(hours: int, **values: object) -> ItemValues:
        return ItemValues(f"ends in {hours}", expires_at=END + timedelta(hours=hours), **values)  # type: ignore[arg-type]

    storm = incident(state="open")
    facts = (
        IncidentFacts(
            storm,
            None,
            items=(
                item(id=1, values=told(30)),
                item(id=2, values=told(20, effective_at=END + timedelta(hours=2))),
                item(id=3, values=told(99)),
                item(id=4, values=told(-1)),
            ),
        ),
        IncidentFacts(incident(id=8, seq=8, state="closed"), None, items=(item(values=told(5)),)),
    )
    found = coming(facts, END)
    assert [(each.kind, each.title) for each in found] == [
        ("begins", "ends in 20"),
        ("ends", "ends in 20"),
    ]


def test_items_late_by_hours_are_counted_but_not_those_of_a_first_reading() -> None:
    seen = END - timedelta(hours=1)
    late = item(
        feed_id=3,
        first_seen_at=seen,
        values=ItemValues("late", published_at=seen - timedelta(hours=9)),
        reading=Reading(tags=(Tag("natural", 0.9),)),
    )
    on_time = replace(late, values=replace(late.values, published_at=seen))
    began = feed(3, first_seen_at=END - timedelta(days=9))
    found = late_items((late, on_time), (began,))
    assert (found.count, found.worst_s, found.worst_from) == (1, 9 * 3600, "Quake agency")
    assert late_items((late,), (replace(began, first_seen_at=seen),)).count == 0


def test_the_week_names_who_led_who_repeats_what_is_noisy_and_what_was_missed() -> None:
    first, later = END - timedelta(hours=9), END - timedelta(hours=8)

    def event(number: int, level: Level = Level.ALERT) -> Incident:
        return incident(id=number, seq=number, level=level, opened_at=first)

    facts = tuple(
        IncidentFacts(
            event(n),
            None,
            items=(
                item(id=10 * n, feed_name="Quick", first_seen_at=first),
                item(id=10 * n + 1, feed_name="Echo", first_seen_at=later),
            ),
        )
        for n in (1, 2, 3)
    )
    gdacs = feed(5, url="https://www.gdacs.org/xml/rss.xml")

    def orange(name: str, at: datetime, level: str = "Orange") -> ItemValues:
        return ItemValues(name, hazard=Hazard(alert_level=level, event_id=name, event_at=at))

    early = first - timedelta(hours=2)
    seen = (
        item(id=91, feed_id=5, incident_id=1, values=orange("found", first)),
        item(id=92, feed_id=5, incident_id=2, values=orange("late", early)),
        item(
            id=93,
            feed_id=5,
            values=orange("missed", first),
            disposition=(Why("exercise"),),
        ),
        item(id=94, feed_id=5, values=orange("small", first, "Green")),
    )
    rules = policy()
    made = (
        decision(rule="neighbour-alert", incident_id=1),
        decision(id=2, rule="neighbour-alert", incident_id=4),
    )
    known = {n: event(n) for n in (1, 2, 3)} | {4: event(4, Level.INFO)}
    found = week(facts, seen, made, (gdacs,), known, rules)
    assert [(each.name, each.first, each.told) for each in found.led] == [("Quick", 3, 3)]
    assert [(each.name, each.told) for each in found.repeats] == [("Echo", 3)]
    assert [(each.count, each.lowered) for each in found.noisy] == [(2, 1)]
    assert (found.ledger_total, found.ledger_found) == (3, 1)
    outcomes = [(each.title, each.outcome, each.late_s) for each in found.ledger]
    assert outcomes == [("missed", "missed", None), ("late", "late", 7200), ("found", "found", 0)]
    assert found.ledger[0].why == (Why("exercise"),)


def test_the_desk_part_holds_deeds_notes_and_mutes_of_the_period(conn: Connection) -> None:
    now = END + timedelta(seconds=5)
    made = make.incident(conn, END - timedelta(hours=5), level=Level.ALERT)
    for kind, new in (("note", "โทรประสานแล้ว"), ("level_raised", "ALERT")):
        incidents.add_change(
            conn,
            incident_id=made.id,
            at=END - timedelta(hours=4),
            kind=kind,
            old="WATCH",
            new=new,
            by="night",
        )
    silences.add(
        conn,
        owner="day",
        reason="ซ้ำ",
        starts_at=END - timedelta(hours=3),
        ends_at=END + timedelta(hours=3),
        countries=("MM",),
    )
    rules = the_policy()
    content = daily.content_for(
        conn, rules.digests[0], rules, now=now, local_date=date(2026, 11, 23)
    )
    assert [(each.kind, each.by, each.number) for each in content.desk.deeds] == [
        ("level_raised", "night", made.number)
    ]
    assert [each.new for each in content.desk.notes] == ["โทรประสานแล้ว"]
    assert [(each.owner, each.countries) for each in content.desk.muted] == [("day", ("MM",))]
    assert content.desk.on_duty == ("night", "backup")
    assert all(each.kind != "note" for entry in content.incidents for each in entry.changes)


def test_the_blind_spots_name_a_file_that_is_faulty_now_in_one_line_and_no_other_edition_does(
    conn: Connection,
) -> None:
    now, rules = END + timedelta(seconds=5), the_policy()
    english = (
        "alerts.yaml:12: at (digest 'daily'): '7 am' is no time of day: write \"07:00\"",
        "b: too",
    )
    lines = {"en": english, "th": ("alerts.yaml:12: at: '7 am' ไม่ใช่เวลา", "b: ด้วย")}
    meta.set(conn, "config.fault.rules", json.dumps(lines), END - timedelta(hours=2))
    meta.set(conn, "config.fault.feeds", "", END - timedelta(hours=2))  # mended
    issue = partial(daily.content_for, conn, rules.digests[0], rules, now=now)
    made = issue(local_date=date(2026, 11, 23))
    assert from_json(to_json(made)).desk.faulty == made.desk.faulty
    text = {
        language: render_digest(made, replace(BACKUP, language=language), rules).text
        for language in ("en", "th")
    }
    assert (
        f"The alert rules have been faulty since 05:00; the last good version stays in force: "
        f"{english[0]} · and 1 more"
    ) in " ".join(text["en"].split())
    told = "กฎการแจ้งมีข้อผิดพลาดตั้งแต่ 05.00 น. ระบบใช้ฉบับเดิมต่อไป: alerts.yaml:12: at: '7 am' ไม่ใช่เวลา"
    assert f"{told} · และอีก 1 รายการ" in " ".join(text["th"].split())
    assert "alerts.yaml" not in render_digest(made, BACKUP, rules, edition=ONWARD).text
    assert issue(local_date=date(2026, 11, 22)).desk.faulty == ()  # it was well then
    meta.set(conn, "config.fault.rules", "", now)
    assert issue(local_date=date(2026, 11, 23)).desk.faulty == ()

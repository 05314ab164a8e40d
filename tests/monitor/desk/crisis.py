"""What the filled desk shows: an earthquake, an exercise, hostile items, mails in every state."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.message import Message, to_mime
from storage import advice, decisions, digests, feeds, incidents, items, meta, outbox
from storage.records import (
    Advice,
    Figure,
    ItemValues,
    Level,
    NewAdvice,
    NewDecision,
    NewNotice,
    PollResult,
    Reading,
    Role,
    Tag,
    Why,
)
from tests.monitor.desk import world
from tests.storage import make


def fill(conn: Connection, now: datetime) -> None:
    """An earthquake with ministries speaking, an exercise, odd items, mails in every state."""
    ids = _feeds(conn, now)
    _earthquake(conn, now, ids)
    _flood(conn, now, ids)
    _loose_items(conn, now, ids)
    digests.decide(
        conn,
        name="daily",
        local_date=now.date(),
        period_start=now - timedelta(days=1),
        period_end=now,
        now=now,
        late=True,
        content={},
    )
    meta.set(conn, "moved.poll", "", now - timedelta(minutes=1))
    meta.set(conn, "moved.outbox", "", now - timedelta(minutes=2))


def _feeds(conn: Connection, now: datetime) -> dict[str, int]:
    listed = feeds.sync(
        conn,
        [
            make.identity(
                each.id or each.name.casefold(),
                name=each.name,
                url=each.url,
                kind=each.kind,
                publisher=each.publisher,
                country=each.country,
                tier=each.tier,
                home=each.home,
                priority=each.priority,
            )
            for each in world.LIST
            if each.enabled
        ],
        now - timedelta(days=2),
    )
    well = PollResult("ok", now - timedelta(minutes=4), ok=True, new=2)
    for key, result, gap in (
        ("quakes", well, 420.0),
        ("ministry-jp", well, 7200.0),
        ("ministry-th", PollResult("tls", now, f"certificate expired {world.SCRIPT}"), None),
        ("hostile", PollResult("no_such_state", now, "odd"), None),
        ("silent", PollResult("ok", now - timedelta(days=6), ok=True, new=1), 86_400.0),
        ("silent", PollResult("not_modified", now, ok=True), 86_400.0),
    ):
        feeds.record_poll(
            conn,
            listed[key].id,
            result,
            due_at=now + timedelta(minutes=11),
            usual_gap_s=gap,
        )
    return {key: state.id for key, state in listed.items()}


def _earthquake(conn: Connection, now: datetime, ids: dict[str, int]) -> None:
    began = now - timedelta(minutes=42)
    quake = make.incident(
        conn,
        began,
        title_en="Myanmar – M7.7 earthquake near Sagaing",
        title_th="เมียนมา – แผ่นดินไหวขนาด 7.7 ใกล้เมืองสะกาย",
        hazard="EQ",
        categories=("natural",),
        level=Level.FLASH,
        level_why=(Why("magnitude", {"magnitude": 7.7, "threshold": 7.0}),),
        countries=("MM",),
        place="Sagaing",
        lat=21.996,
        lon=95.926,
        event_at=began - timedelta(minutes=11),
        last_item_at=now - timedelta(minutes=3),
        figures=(
            Figure("magnitude", 7.7, "M 7.7", "Quakes", began),
            Figure("dead", 144, "144 dead", "State media", now - timedelta(minutes=5)),
        ),
        nationals="reported",
        confirmation="official",
        sources=3,
        independent_sources=2,
        alert_levels=("GDACS: Orange",),
        severity="Extreme",
        urgency="Immediate",
        certainty="Observed",
    )
    first = make.item_id(
        conn,
        ids["quakes"],
        began,
        values=ItemValues(
            "M 7.7 - 16 km NNW of Sagaing, Burma (Myanmar)",
            "Depth 10 km.",
            "https://quakes.example/event/us7000pn9s",
            "en",
        ),
        reading=Reading(
            tags=(Tag("natural", 0.998, ("earthquake", "M 7.7")),),
            hazard="EQ",
            hazard_evidence=("earthquake",),
            language="en",
            countries=("MM",),
        ),
    )
    spoke = make.item_id(
        conn,
        ids["ministry-jp"],
        now - timedelta(minutes=20),
        role=Role.COMMUNICATION,
        values=ItemValues(
            "ミャンマーにおける地震に関する注意喚起",
            link="https://ministry-jp.example/info?a=1&b=2",
            language="ja",
            advice=Advice("MM", "3", "渡航は止めてください", partial=True),
        ),
        reading=Reading(
            tags=(Tag("natural", 0.93, ("地震",)),),
            hazard="EQ",
            language="ja",
            countries=("MM",),
            communication="travel_advice",
            nationals_evidence=("在留邦人",),
        ),
    )
    for step, area in ((2, None), (4, world.SCRIPT + world.BIDI)):
        advice.add(
            conn,
            NewAdvice(
                ids["ministry-jp"], "MM", spoke, "MM", area, str(step - 1),
                "渡航は止めてください " + world.SCRIPT, step, ("partial", "leave"), now, now,
                step == 2,
            ),
        )  # fmt: skip
    incidents.record_communication(
        conn, incident_id=quake.id, at=now, speaker="VN", publisher="Office " + world.SCRIPT,
        home=False, channel="call " + world.SCRIPT, kind="condolence",
        title="Condolences " + world.SCRIPT, link="javascript:alert(1)", by="day", now=now,
    )  # fmt: skip
    incidents.note_nationals(
        conn, incident_id=quake.id, at=now, status="confirmed", counts={"injured": 2},
        source="Embassy " + world.SCRIPT, note=world.BIDI, by="day", now=now,
    )  # fmt: skip
    links = ((first, Why("opened_by", {"publisher": "Quakes"})), (spoke, Why("link_words", {})))
    for item_id, why in links:
        incidents.add_item(conn, quake.id, item_id, why=(why,), now=now)
    opened = incidents.add_change(conn, incident_id=quake.id, at=began, kind="opened")
    raised = incidents.add_change(
        conn,
        incident_id=quake.id,
        at=now - timedelta(minutes=30),
        kind="level_raised",
        old="ALERT",
        new="FLASH",
        why=(Why("nationals_reported", {}),),
    )
    incidents.add_change(
        conn,
        incident_id=quake.id,
        at=now - timedelta(minutes=20),
        kind="communication",
        item_id=spoke,
    )
    incidents.add_change(
        conn,
        incident_id=quake.id,
        at=now - timedelta(minutes=5),
        kind="figure",
        item_id=first,
        old="dead 20",
        new="dead 144",
    )
    incidents.add_change(conn, incident_id=quake.id, at=now, kind="kind_of_a_later_version")
    told = NewDecision(
        "neighbour-alert",
        "duty",
        began,
        (Why("rule", {"rule_en": "ALERT in a neighbouring country", "rule_th": "เพื่อนบ้าน"}),),
    )
    nobody = NewDecision("gone-rule", None, None, (Why("no_rule", {}),))
    decisions.add(conn, quake.id, opened.id, [told, nobody], Level.FLASH, began)
    decisions.add(conn, quake.id, raised.id, [told], Level.FLASH, now)
    for number, person, subject in (
        (1, "day", "[วิกฤต] เมียนมา – แผ่นดินไหวขนาด 7.7 ใกล้เมืองสะกาย (ภัยธรรมชาติ) #2026-0001"),
        (2, "backup", "[FLASH] Myanmar – M7.7 earthquake near Sagaing (Natural) #2026-0001"),
        (3, "head", "[FLASH] Myanmar " + world.SCRIPT),
    ):
        added = _mail(conn, now, number, person, subject, quake.id)
        if number == 1:
            outbox.mark_sent(conn, added, now - timedelta(minutes=40), "250 2.0.0 queued as 4QX1")
        elif number == 2:
            outbox.park(conn, added, now, f"550 no such mailbox {world.SCRIPT}")
    incidents.acknowledge(
        conn, quake.id, by="day", at=now - timedelta(minutes=35), channel="command", level=Level(3)
    )


def _mail(
    conn: Connection, now: datetime, number: int, person: str, subject: str, incident: int
) -> int:
    message = Message(
        subject,
        "แผ่นดินไหวขนาด 7.7 ลึก 10 กม.\nสถานะคนไทย: ยังไม่ทราบ " + world.SCRIPT,
        "<!DOCTYPE html><html><body style='margin:0'><h1 style='color:#8b1a1a'>◆ วิกฤต</h1>"
        f"<p>เมียนมา</p>{world.SCRIPT}<img src='https://tracker.example/p.gif'></body></html>",
    )
    identifier = f"<n{number}@ministry.example>"
    recipient = f"{person}@ministry.example"
    new = NewNotice(
        kind="alert" if number == 1 else "escalation",
        recipient=recipient,
        person=person,
        team="duty",
        language="th",
        level=Level.FLASH,
        subject=subject,
        message_id=identifier,
        mime=to_mime(
            message,
            sender="monitor@ministry.example",
            recipient=recipient,
            message_id=identifier,
            now=now,
        ),
        due_at=now - timedelta(minutes=41),
        incident_id=incident,
        number=number,
        why=(Why("escalation", {"minutes": 10, "to": "backup"}),),
    )
    added = outbox.enqueue(conn, new, now - timedelta(minutes=41))
    assert added is not None
    return added


def _flood(conn: Connection, now: datetime, ids: dict[str, int]) -> None:
    make.incident(
        conn,
        now - timedelta(hours=30),
        title_en="Viet Nam – flood, 12 dead " + world.SCRIPT,
        title_th="เวียดนาม – น้ำท่วม เสียชีวิต 12 ราย " + world.BIDI,
        hazard="FL",
        categories=("natural", "health"),
        level=Level.WATCH,
        state="quiet",
        exercise=True,
        withdrawn=True,
        countries=("VN", "LA", "XX"),
    )
    make.incident(
        conn,
        now - timedelta(hours=5),
        title_en="Fire in a warehouse",
        title_th="เพลิงไหม้โกดัง",
        level=Level.INFO,
    )
    make.incident(
        conn,
        now - timedelta(hours=8),
        title_en="Closed long ago",
        title_th="ปิดไปแล้ว",
        level=Level.ALERT,
        state="closed",
    )


def _loose_items(conn: Connection, now: datetime, ids: dict[str, int]) -> None:
    for minutes, title, link in (
        (7, world.SCRIPT + " quake", "javascript:alert(1)"),
        (8, f"Fire {world.BIDI} in الرياض", 'https://evil.example/" onclick="alert(1)'),
        (9, "", "data:text/html,<script>alert(1)</script>"),
        (10, "<img src=x onerror=alert(1)>", "https://user:pass@hostile.example/a b"),
        (11, "เกิดเหตุเพลิงไหม้โรงงานในนิคมอุตสาหกรรม เจ้าหน้าที่เร่งอพยพประชาชนรอบพื้นที่", "//evil.example"),
        (12, "Unbroken" + "x" * 180, "https://" + "a" * 60 + ".example/" + "b" * 200),
    ):
        added = make.item_id(
            conn,
            ids["hostile"],
            now - timedelta(minutes=minutes),
            title=title,
            values=ItemValues(title, summary=world.SCRIPT, link=link, language='x" onload="1'),
            reading=Reading(
                tags=(Tag("human_made", 0.51, (world.SCRIPT, "fire"), sure=False),),
                language="und",
                hazard="FR" if minutes % 2 else "hazard_of_a_later_version",
                countries=("TH",),
            ),
        )
        items.set_disposition(
            conn, added, (Why("no_rule", {}), Why("code_of_later", {"x": world.SCRIPT}))
        )

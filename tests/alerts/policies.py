"""Values for tests of the alerts package: a policy, an incident, and what touches it.

Every builder takes what a test cares about as keywords and fills in the rest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from alerts.policy import (
    Both,
    Condition,
    DigestPlan,
    EscalationStep,
    LevelPolicy,
    Person,
    Policy,
    Rule,
    Shift,
    Team,
    Timing,
)
from storage.records import (
    Change,
    Decision,
    Figure,
    Incident,
    Item,
    ItemValues,
    Level,
    Notice,
    Reading,
    Role,
    Silence,
    Tag,
    Why,
)

# A Friday afternoon in Bangkok: 13:20 there.
NOW = datetime(2025, 3, 28, 6, 20, tzinfo=UTC)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)

DAY = Person("day", Both("เวรกลางวัน", "day officer"), "day@ministry.example")
NIGHT = Person("night", Both("เวรกลางคืน", "night officer"), "night@ministry.example", "th")
BACKUP = Person("backup", Both("เวรสำรอง", "backup officer"), "backup@ministry.example", "en")
HEAD = Person("head", Both("หัวหน้าเวร", "head of desk"), "head@ministry.example")
INFORMATION = Person("information", Both("สารนิเทศ", "information"), "information@ministry.example")

ROSTERED = Team(
    "duty",
    Both("เวรเฝ้าระวัง", "Duty desk"),
    members=("day", "night", "backup", "head"),
    roster=(
        Shift(EVERY_DAY, time(8), time(20), "day", "backup"),
        Shift(EVERY_DAY, time(20), time(8), "night", "backup"),
    ),
    head="head",
)
EVERYBODY = Team("information", Both("สารนิเทศ", "Information"), members=("information", "head"))

NEIGHBOUR_ALERT = Rule(
    "neighbour-alert",
    Both("เหตุเร่งด่วนในประเทศเพื่อนบ้าน", "ALERT in a neighbouring country"),
    Condition(min_level=Level.ALERT, countries=("neighbours",)),
    ("duty",),
)
FLASH_ANYWHERE = Rule(
    "flash-anywhere",
    Both("เหตุวิกฤตทุกแห่ง", "FLASH anywhere"),
    Condition(min_level=Level.FLASH),
    ("duty",),
)


def policy(**changed: Any) -> Policy:
    """A policy of one rostered team, one team without roster, and two rules."""
    made = Policy(
        home_country="TH",
        timezone="Asia/Bangkok",
        languages=("th", "en"),
        ministry=Both("กระทรวงการต่างประเทศ", "Ministry of Foreign Affairs"),
        owner="owner@ministry.example",
        regions={
            "asean": ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN"),
            "neighbours": ("MM", "LA", "KH", "MY"),
        },
        people={each.id: each for each in (DAY, NIGHT, BACKUP, HEAD, INFORMATION)},
        teams={"duty": ROSTERED, "information": EVERYBODY},
        rules=(NEIGHBOUR_ALERT, FLASH_ANYWHERE),
        levels=LevelPolicy(),
        timing=Timing(
            group_wait={Level.FLASH: timedelta(0), Level.ALERT: timedelta(minutes=3)},
        ),
        escalation={
            Level.FLASH: (
                EscalationStep(timedelta(0), "primary"),
                EscalationStep(timedelta(minutes=5), "primary"),
                EscalationStep(timedelta(minutes=10), "backup"),
                EscalationStep(timedelta(minutes=20), "head"),
            ),
            Level.ALERT: (
                EscalationStep(timedelta(minutes=30), "backup"),
                EscalationStep(timedelta(minutes=60), "head"),
            ),
        },
        digests=(DigestPlan("daily", time(7), ("duty",)),),
    )
    return replace(made, **changed)


def rule(id: str = "rule", teams: tuple[str, ...] = ("duty",), **when: Any) -> Rule:
    """A rule with the given condition."""
    extra = {name: when.pop(name) for name in ("shadow", "enabled") if name in when}
    return Rule(id, Both(f"กฎ {id}", f"rule {id}"), Condition(**when), teams, **extra)


def incident(**changed: Any) -> Incident:
    """An ALERT: an earthquake in Myanmar, opened ten minutes ago, one official source."""
    made = Incident(
        id=7,
        year=2025,
        seq=412,
        title_en="Myanmar – M6.1 earthquake near Sagaing",
        title_th="เมียนมา – แผ่นดินไหวขนาด 6.1 ใกล้เมืองสะกาย",
        hazard="EQ",
        categories=("natural",),
        level=Level.ALERT,
        level_why=(),
        state="open",
        exercise=False,
        countries=("MM",),
        place="Sagaing",
        lat=21.9,
        lon=95.9,
        event_at=NOW - timedelta(minutes=15),
        opened_at=NOW - timedelta(minutes=10),
        last_item_at=NOW,
        level_since=NOW - timedelta(minutes=10),
        figures=(),
        nationals="unknown",
        confirmation="official",
        sources=1,
        independent_sources=1,
    )
    return replace(made, **changed)


def figures(**values: float) -> tuple[Figure, ...]:
    """Figures by kind: `figures(dead=12, magnitude=7.7)`."""
    return tuple(Figure(kind, value) for kind, value in values.items())


def item(*, values: ItemValues | None = None, **changed: Any) -> Item:
    """A signal from an official hazard feed, published five minutes ago."""
    made = Item(
        id=31,
        feed_id=3,
        feed_name="Quake agency",
        feed_kind="hazard",
        publisher="Quake agency",
        tier="official",
        home=False,
        speaker=None,
        role=Role.SIGNAL,
        first_seen_at=NOW,
        revision=1,
        values=values
        or ItemValues("Strong earthquake near Sagaing", published_at=NOW - timedelta(minutes=5)),
        reading=Reading(tags=(Tag("natural", 0.99),), hazard="EQ", countries=("MM",)),
    )
    return replace(made, **changed)


def change(kind: str = "opened", **changed: Any) -> Change:
    """One line of the incident's timeline, made now."""
    return replace(Change(id=11, incident_id=7, at=NOW, kind=kind), **changed)


def decision(**changed: Any) -> Decision:
    """A due decision to tell the rostered team."""
    made = Decision(
        id=1,
        incident_id=7,
        change_id=11,
        rule="neighbour-alert",
        team="duty",
        due_at=NOW,
        why=(Why("rule", {"rule": "neighbour-alert"}),),
        state="due",
        shadow=False,
        step=0,
        level=Level.ALERT,
        made_at=NOW,
    )
    return replace(made, **changed)


def notice(person: Person = DAY, **changed: Any) -> Notice:
    """A notice that `person` was sent ten minutes ago about the incident."""
    at = changed.pop("at", NOW - timedelta(minutes=10))
    made = Notice(
        id=1,
        kind="alert",
        recipient=person.email,
        person=person.id,
        team="duty",
        language=person.language,
        level=Level.ALERT,
        subject="[ALERT] Myanmar",
        message_id=f"<2025-0412.n1.{person.id}@ministry.example>",
        mime=b"",
        created_at=at,
        due_at=at,
        state="sent",
        attempts=1,
        incident_id=7,
    )
    return replace(made, **changed)


def silence(**changed: Any) -> Silence:
    """A silence of Myanmar, in force now, for another hour."""
    made = Silence(
        id=1,
        incident_id=None,
        countries=("MM",),
        hazards=(),
        feeds=(),
        owner="เวรหลัก",
        reason="ซ้ำกับเรื่องเดิม",
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(hours=1),
    )
    return replace(made, **changed)

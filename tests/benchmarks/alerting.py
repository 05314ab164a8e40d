"""From incident changes to the outbox: 1,000 changes, 5 rules, 10 recipients."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts import rules
from alerts.policy import Both, Person, Policy, Team, Timing
from monitor.notify import decide_due
from monitor.rules.tools import TOOLS
from storage import decisions, incidents, schema
from storage.database import Database
from storage.decisions import Made
from storage.records import Level
from tests.alerts.policies import policy, rule
from tests.monitor.desk import world

CHANGES, RULES, RECIPIENTS = 1_000, 5, 10
NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def in_a_flood() -> tuple[int, str]:
    """All at once, with the flood guard as shipped: ten mails and one list to each recipient."""
    return _queued(10), "change"


def one_by_one() -> tuple[int, str]:
    """A mail of its own for each change and recipient, the flood guard wide open."""
    return _queued(CHANGES * RECIPIENTS), "change"


def _policy(flood: int) -> Policy:
    people = {
        f"officer-{n}": Person(
            f"officer-{n}", Both("เวร", "officer"), f"officer-{n}@ministry.example"
        )
        for n in range(RECIPIENTS)
    }
    team = Team("duty", Both("เวร", "Duty"), tuple(people))
    asked = [
        rule(f"rule-{n}", min_level=Level.ALERT, countries=("asean",), words=("flood*", "น้ำท่วม"))
        for n in range(RULES)
    ]
    timing = Timing({level: timedelta(0) for level in Level}, flood_count=flood)
    return replace(
        policy(), people=people, teams={"duty": team}, rules=tuple(asked), timing=timing,
        escalation={},
    )  # fmt: skip


def _queued(flood: int) -> int:
    chosen = _policy(flood)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/monitor.db")
        schema.upgrade(database)
        with database.write() as conn:
            made: list[Made] = []
            for n in range(CHANGES):
                opened = incidents.open_incident(
                    conn, now=NOW, year=2026, title_en=f"Laos – flood number {n}",
                    title_th=f"ลาว – น้ำท่วมครั้งที่ {n}", level=Level.ALERT, hazard="FL",
                    categories=("natural",), countries=("LA",), confirmation="one_source",
                )  # fmt: skip
                change = incidents.add_change(conn, incident_id=opened.id, at=NOW, kind="opened")
                said = rules.decide(opened, change, None, chosen, now=NOW, tools=TOOLS)
                made += [Made(opened.id, change.id, opened.level, each) for each in said]
            decisions.add_many(conn, made, NOW)
        with database.write() as conn:
            count = decide_due(conn, chosen, world.settings(Path(folder)), now=NOW)
        database.close()
    wanted = RECIPIENTS * (min(flood, CHANGES) + (1 if flood < CHANGES else 0))
    if count != wanted:
        raise AssertionError(f"{count} mails were queued, {wanted} were wanted")
    return CHANGES

"""What rules on trial would have told, beside what the live ones told. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.policy import Policy, Rule
from storage import decisions, incidents
from storage.records import Incident

if TYPE_CHECKING:
    from storage.database import Connection


@dataclass(frozen=True, slots=True)
class OnTrial:
    """A rule on trial: of how many incidents it would have told, and those that none else did."""

    rule: Rule
    incidents: int
    alone: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A stretch of time: of how many incidents live rules told, and the rules on trial."""

    told: int
    rules: tuple[OnTrial, ...]


def trial(conn: Connection, policy: Policy, *, start: datetime, end: datetime) -> Trial:
    """The rules of the policy that are on trial, and what they said from `start` to `end`.

    What a rule told while it was live does not count as its trial.
    """
    made = [each for each in decisions.between(conn, start, end) if each.team is not None]
    live = {each.incident_id for each in made if not each.shadow}
    found = []
    for rule in policy.rules:
        if rule.shadow:
            ids = {each.incident_id: None for each in made if each.shadow and each.rule == rule.id}
            alone = tuple(incidents.get(conn, each) for each in ids if each not in live)
            found.append(OnTrial(rule, len(ids), alone))
    return Trial(len(live), tuple(found))

"""Who looks after an incident and until when it is put off, in words: page, queue, command."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from alerts import phrases, words
from alerts.policy import Policy
from storage.oncall import Care
from storage.records import Incident


def care_said(
    of: Incident, care: Care | None, policy: Policy, language: str, now: datetime
) -> tuple[str, ...]:
    """A short phrase each; none for an incident that is over, or that nobody was named for."""
    if care is None or of.state in ("closed", "merged"):
        return ()
    said = []
    if care.assigned_to:
        who = phrases.office(care.assigned_to, language, policy)
        said.append(words.say("oncall.assigned_to", language, who=who))
    until = care.snoozed(now, of.level)
    if until is not None:
        zone = ZoneInfo(policy.timezone)
        said.append(words.say("oncall.snoozed_until", language, zone=zone, until=until))
    return tuple(said)

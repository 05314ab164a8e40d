"""What the desk's forms share: things to choose from, and the offices that may say they acted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from alerts.policy import Team
from alerts.roster import on_duty
from monitor.desk.voice import Voice

FORM_LIFE = timedelta(hours=2)  # how long a form that was opened may be sent


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    key: str
    word: str
    chosen: bool = False


def officers(
    voice: Voice, chosen: str | None = None, *, team: Team | None = None
) -> tuple[Choice, ...]:
    """The offices of `alerts.yaml`; where none is chosen yet, the one on duty in `team` comes so.

    Without a team it is the first that has a roster.
    """
    team = team or next((each for each in voice.policy.teams.values() if each.roster), None)
    if chosen is None and team is not None:
        chosen = on_duty(team, voice.policy, voice.now).primary
    return tuple(
        Choice(each.id, each.role.in_(voice.language), each.id == chosen)
        for each in voice.policy.people.values()
    )

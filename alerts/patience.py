"""What keeps a notice waiting: the gap between updates, an unsteady level, quiet hours,
maintenance, and a flood, which becomes one mail with the list. Nothing here drops anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from alerts import chain
from alerts.hours import within
from alerts.policy import Person, Policy, Team, Timing
from alerts.situation import Pause, Recent
from storage.records import CHANNEL, Change, Incident, Level, Notice, Why

Wait: TypeAlias = tuple[datetime, Why]

GROUPED = "flood"  # the kind of the mail with the list
PATIENT = ("update", "corrected", "lowered")  # kinds that keep the update gap
CHAIN = chain.STARTS
FLASH_AGAIN = timedelta(minutes=1)  # between two lists that hold a FLASH
_LEVELS = ("level_raised", "level_lowered")


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's next notice of an incident. `mine` are his earlier ones, oldest first.

    `fresh` are the changes that it tells of, `changes` all of the incident's.
    """

    incident: Incident
    kind: str
    person: Person
    team: Team
    mine: Sequence[Notice]
    fresh: Sequence[Change]
    changes: Sequence[Change]

    @property
    def flash(self) -> bool:
        """Whether a FLASH is told, or what becomes of one that was."""
        last = self.mine[-1].level if self.mine else Level.INFO
        return max(self.incident.level, last) is Level.FLASH

    @property
    def urgent(self) -> bool:
        """What no gap holds up: a FLASH put right, and the first warning of severity Extreme."""
        kinds = {change.kind for change in self.fresh}
        graver = any(each.kind == "warned" and each.old != "Extreme" for each in self.fresh)
        return graver or (self.flash and "corrected" in kinds)


def waits(turn: Turn, policy: Policy, pause: Pause | None, *, now: datetime) -> Wait | None:
    """Until when the notice waits and why; None if it may go now."""
    return (
        _gap(turn, policy.timing, now)
        or _unsteady(turn, policy.timing, now)
        or (None if turn.flash else _pause(pause, now) or _quiet(turn, policy, now))
    )


def unstable(turn: Turn, timing: Timing, *, now: datetime) -> Why | None:
    """What tells the reader that the level goes up and down; None if it does not, or he knows."""
    moved = moves(turn.changes, timing, now)
    since = now - timing.flapping_window
    knows = any(
        notice.created_at > since and any(why.code == "unstable" for why in notice.why)
        for notice in turn.mine
    )
    return None if knows or not moved else _moving("unstable", moved, timing)


def moves(changes: Sequence[Change], timing: Timing, now: datetime) -> list[datetime]:
    """When the level changed lately, oldest first; empty while that is not often enough."""
    since = now - timing.flapping_window
    found = sorted(each.at for each in changes if each.kind in _LEVELS and each.at > since)
    return found if len(found) >= timing.flapping_count else []


def crowd(
    turn: Turn, recent: Sequence[Recent], timing: Timing, *, now: datetime
) -> Why | Wait | None:
    """None: it goes alone. A reason: it goes into the list now. Else until when it waits for one.

    A FLASH is held back by other FLASHes only, never by lesser notices. News of an incident is
    held back by other such news only, never by reminders and updates.
    """
    level = turn.incident.level
    if turn.person.email.startswith(CHANNEL):
        return None  # a line each, and a list of mails says more than others' machines may carry
    theirs = [
        each
        for each in recent
        if each.person == turn.person.id and (level < Level.FLASH or each.level >= Level.FLASH)
    ]
    since = now - timing.flood_window
    times = [
        each.at
        for each in theirs
        if each.at > since and (turn.kind not in CHAIN or each.kind in CHAIN)
    ]
    if len(times) < timing.flood_count:
        return None
    again = FLASH_AGAIN if level is Level.FLASH else timing.flood_window
    last = max((each.at for each in theirs if each.kind == GROUPED), default=None)
    if last is not None and now < last + again:
        return last + again, Why("flood_waits", {"at": (last + again).isoformat()})
    minutes = timing.flood_window / timedelta(minutes=1)
    return Why("grouped", {"count": len(times), "minutes": minutes})


def _gap(turn: Turn, timing: Timing, now: datetime) -> Wait | None:
    if turn.kind not in PATIENT or not turn.mine or turn.urgent:
        return None
    told_at, gap = turn.mine[-1].created_at, timing.update_gap
    if now >= told_at + gap:
        return None
    minutes = gap / timedelta(minutes=1)
    return told_at + gap, Why("update_gap", {"at": told_at.isoformat(), "minutes": minutes})


def _unsteady(turn: Turn, timing: Timing, now: datetime) -> Wait | None:
    """A fall of an unsteady level waits, once its reader knows that it is unsteady."""
    if turn.kind != "lowered" or turn.urgent or unstable(turn, timing, now=now) is not None:
        return None
    moved = moves(turn.changes, timing, now)
    if not moved or now >= moved[-1] + timing.flapping_hold:
        return None
    return moved[-1] + timing.flapping_hold, _moving("unsteady", moved, timing)


def _pause(pause: Pause | None, now: datetime) -> Wait | None:
    if pause is None or now >= pause.until:
        return None
    values = {"until": pause.until.isoformat(), "by": pause.by, "because": pause.because}
    return pause.until, Why("maintenance", values)


def _quiet(turn: Turn, policy: Policy, now: datetime) -> Wait | None:
    quiet = (*turn.person.quiet, *turn.team.quiet)
    until = within(quiet, policy.holidays, ZoneInfo(policy.timezone), now) if quiet else None
    return None if until is None else (until, Why("quiet_hours", {"until": until.isoformat()}))


def _moving(code: str, moved: Sequence[datetime], timing: Timing) -> Why:
    hours = timing.flapping_window / timedelta(hours=1)
    hold = timing.flapping_hold / timedelta(minutes=1)
    return Why(code, {"count": len(moved), "hours": hours, "minutes": hold})

"""What planning the notices of one incident starts from, and what it ends in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from alerts.policy import Person
from storage.records import Change, Decision, Incident, Level, NewDecision, Notice, Silence, Why


@dataclass(frozen=True, slots=True)
class Recent:
    """A notice that a person got lately, about any incident: what the flood guard counts."""

    person: str
    level: Level
    at: datetime
    kind: str = "alert"


@dataclass(frozen=True, slots=True)
class Pause:
    """Maintenance: until it ends, only a FLASH is told; who said so and why."""

    until: datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything about one incident that planning needs.

    `due` are its decisions whose time has come. `changes` are at least those that `due` refers
    to. `notices` are all its notices so far, in whatever state. `recent` are the notices of all
    incidents within the flood window. `silences` are those in force. `snoozed_until` is set while
    an officer has put off its reminders and updates.
    """

    incident: Incident
    due: tuple[Decision, ...]
    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    recent: tuple[Recent, ...] = ()
    silences: tuple[Silence, ...] = ()
    snoozed_until: datetime | None = None
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens if nobody acknowledges: at `at`, `to` (primary, backup, head, all) is told."""

    at: datetime
    to: str


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """One message to one person, to be rendered and put into the outbox.

    `number` counts this person's notices about the incident from 1. `kind` tells what the notice
    is to the desk: somebody who joins late may get an update as his number 1. `rules`,
    `decisions` and `changes` are what it stands for. `previous_level` is that of this person's
    last notice (of his team's, if he had none). `thread` are the Message-IDs of this person's
    earlier notices, oldest first; `new_thread` asks for a new subject. `steps` are the coming
    escalation steps. A `grouped` one goes into this person's mail with the list.
    """

    person: Person
    team: str
    kind: str
    level: Level
    number: int
    due_at: datetime
    rules: tuple[str, ...]
    decisions: tuple[int, ...]
    changes: tuple[int, ...]
    why: tuple[Why, ...] = ()
    step: int = 0
    previous_level: Level | None = None
    new_thread: bool = True
    thread: tuple[str, ...] = ()
    steps: tuple[NextStep, ...] = ()
    exercise: bool = False
    grouped: bool = False


class Dropped(NamedTuple):
    """A decision that will never be told, and why."""

    id: int
    why: Why


class Postponed(NamedTuple):
    """A decision that comes up again at `until`, and why it waits."""

    id: int
    until: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write, all in one transaction: every due decision is in exactly one of the lists.

    `follow_ups` are escalation steps to be stored under the change `follow_up_change`.
    """

    notices: tuple[PlannedNotice, ...] = ()
    follow_ups: tuple[NewDecision, ...] = ()
    follow_up_change: int | None = None
    done: tuple[int, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    postponed: tuple[Postponed, ...] = ()

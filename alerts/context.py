"""Everything one alert mail is rendered from, gathered before anything is worded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from alerts.policy import Person, Policy, Rule, Team
from alerts.situation import NextStep
from storage.records import Change, Communication, Incident, Item, Level, NationalsStatus, Why


@dataclass(frozen=True, slots=True)
class DrillMode:
    """The whole program is in drill mode: since when, and who turned it on."""

    since: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AlertContext:
    """One notice about one incident to one person.

    `kind` is that of `NewNotice`; `number` counts the notices of this incident to this person
    from 1. `changes` are those since the notice before, oldest first; `items` are the
    incident's, oldest first. `rules` are those that matched; `why` their reasons. `level_before`
    is the level of the notice before. `thread_subject` is the subject under which this person's
    thread runs at this level: it stays, so that mail programs keep the thread together.
    `first_told_at` is when anybody of the team was first told of the incident.
    `nationals` is what an officer last wrote of our people. `ministries_read_at` is when the
    newest poll of a ministry feed ended. `event_zone` is the
    time zone of the event where it is known; otherwise its country's, if that has one time.
    `due_at` is when the earliest decision that it tells of fell due.
    `with_map` False leaves the picture out, where very many mails are made at once.
    `exercise`: the whole program is in drill mode, `drill_mode` since when and by whom.
    """

    incident: Incident
    kind: str
    number: int
    person: Person
    team: Team
    policy: Policy
    now: datetime
    rules: tuple[Rule, ...] = ()
    why: tuple[Why, ...] = ()
    changes: tuple[Change, ...] = ()
    items: tuple[Item, ...] = ()
    communications: tuple[Communication, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    level_before: Level | None = None
    thread_subject: str | None = None
    first_told_at: datetime | None = None
    ministries_read_at: datetime | None = None
    event_zone: tzinfo | None = None
    nationals: NationalsStatus | None = None
    reviewed: bool = False
    ack_url: str = ""  # the link by which this person takes it, without a login
    answers: bool = False  # whether a reply to this mail is read
    base_url: str = ""
    message_id: str = ""
    due_at: datetime | None = None
    with_map: bool = True
    exercise: bool = False
    drill_mode: DrillMode | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The home time zone."""
        return ZoneInfo(self.policy.timezone)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the mail, Thai first where both are wanted."""
        return languages_of(self.person)

    @property
    def drill(self) -> bool:
        """Whether this must never be taken for a real event."""
        return self.incident.exercise or self.kind == "test"

    @property
    def marked(self) -> bool:
        """Whether it is marked as an exercise: what is real is too while drill mode is on."""
        return self.drill or self.exercise


def languages_of(person: Person) -> tuple[str, ...]:
    """The languages a person reads: `both` is Thai, then English."""
    return ("th", "en") if person.language == "both" else (person.language,)

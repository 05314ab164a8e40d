"""Parts of the daily report beside its incidents: the desk's record, the days before, the week.

Plain values, stored with the report; nothing here is worded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from alerts.policy import Both
from storage.records import Level, Why


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that an officer did. `kind` is that of the timeline's line; `by` an office."""

    kind: str
    at: datetime
    by: str
    number: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """An incident that a silence kept quiet, at its level now."""

    number: str
    level: Level
    title: Both


@dataclass(frozen=True, slots=True)
class Muted:
    """A silence that was in force: by whom, why, until when, over what, and what it hid.

    `hid` are the gravest of the `hid_total` incidents that it kept quiet in the period.
    """

    owner: str
    reason: str
    ends_at: datetime
    number: str = ""
    countries: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    hid: tuple[Hidden, ...] = ()
    hid_total: int = 0


@dataclass(frozen=True, slots=True)
class FaultyFile:
    """A file that is faulty since then. `what` is rules or feeds; `said` the first fault."""

    what: str
    since: datetime
    said: Both
    more: int = 0


@dataclass(frozen=True, slots=True)
class Coming:
    """What a source says of the time ahead. `kind`: begins, ends or forecast."""

    at: datetime
    kind: str
    title: str
    publisher: str
    number: str = ""
    language: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class DayCount:
    """Incidents of WATCH or above opened in one day, by category."""

    day: date
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Trend:
    """A number beside that of the period before and the mean of seven such periods."""

    now: float = 0
    before: float = 0
    mean: float = 0


@dataclass(frozen=True, slots=True)
class LateItems:
    """Items that reached us long after their source published them."""

    count: int = 0
    worst_s: float = 0
    worst_from: str = ""


@dataclass(frozen=True, slots=True)
class FeedLead:
    """How often a feed told first of an incident, of how many that it told of."""

    name: str
    first: int
    told: int


@dataclass(frozen=True, slots=True)
class NoisyRule:
    """How often a rule told somebody, and how often of what came to nothing."""

    name: Both
    count: int
    lowered: int = 0


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """An event of an official ledger, and what became of it here.

    `outcome`: found, late or missed. `late_s` is from the event to our incident; `why`: why it was
    passed over, where it was missed.
    """

    ledger: str
    title: str
    at: datetime
    outcome: str
    late_s: float | None = None
    number: str = ""
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """What a weekly report has beside a daily one."""

    led: tuple[FeedLead, ...] = ()
    repeats: tuple[FeedLead, ...] = ()
    noisy: tuple[NoisyRule, ...] = ()
    ledger: tuple[LedgerEvent, ...] = ()
    ledger_total: int = 0
    ledger_found: int = 0


@dataclass(frozen=True, slots=True)
class RulePart:
    """What changed of one part of the file of rules: ids, or the names of its keys."""

    name: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """A version of the rules that was taken over."""

    at: datetime
    parts: tuple[RulePart, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """An incident that the next shift takes over, and who has it."""

    number: str
    level: Level
    title: Both
    taken_by: str = ""
    taken_at: datetime | None = None
    assigned_to: str = ""
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk did and hands over: for its own edition only."""

    on_duty: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()
    notes: tuple[Deed, ...] = ()
    muted: tuple[Muted, ...] = ()
    escalations: int = 0
    home_silent: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    rules_changed: tuple[RulesChanged, ...] = ()
    handed: tuple[Handed, ...] = ()
    next_duty: tuple[str, ...] = ()
    shift_end: datetime | None = None
    faulty: tuple[FaultyFile, ...] = ()

"""Decisions, the notices made of them and their delivery; silences and digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from storage.records.basics import Json, Level, Why

CHANNEL = "channel:"  # begins the recipient of a notice that no mail server gets


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What the rules said about one incident change, before it is stored.

    `team` is None when nobody is told; `why` then says why not. `step` counts the escalation
    chain from 0.
    """

    rule: str
    team: str | None
    due_at: datetime | None
    why: tuple[Why, ...]
    shadow: bool = False
    step: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """A stored decision. `state`: due, done, dropped (a later one took its place), none."""

    id: int
    incident_id: int
    change_id: int
    rule: str
    team: str | None
    due_at: datetime | None
    why: tuple[Why, ...]
    state: str
    shadow: bool
    step: int
    level: Level
    made_at: datetime


@dataclass(frozen=True, slots=True)
class NewNotice:
    """One message to one recipient, rendered, ready for the outbox.

    `kind`: alert, update, raised, lowered, corrected, withdrawn, lifted, closed, merged, reminder,
    escalation, taken (somebody has it), returned (given back: the chain begins anew), digest, test,
    feed, flood (a list), silence (what one hid).
    `message_id` is the same on every attempt.
    """

    kind: str
    recipient: str  # mail address
    person: str  # id in alerts.yaml
    team: str
    language: str
    level: Level
    subject: str
    message_id: str
    mime: bytes  # the whole message as it goes out
    due_at: datetime
    incident_id: int | None = None
    digest_id: int | None = None
    number: int = 1  # 1 for the first notice of an incident to this recipient
    step: int = 0
    why: tuple[Why, ...] = ()
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in the outbox. `state`: pending, leased, sent, parked, grouped.

    A grouped one is told in the mail with the list whose Message-ID is its `response`.
    """

    id: int
    kind: str
    recipient: str
    person: str
    team: str
    language: str
    level: Level
    subject: str
    message_id: str
    mime: bytes
    created_at: datetime
    due_at: datetime
    state: str
    attempts: int
    incident_id: int | None = None
    digest_id: int | None = None
    number: int = 1
    step: int = 0
    why: tuple[Why, ...] = ()
    exercise: bool = False
    sent_at: datetime | None = None
    response: str = ""  # the mail server's answer, or the error in words


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand a notice over."""

    notice_id: int
    at: datetime
    outcome: str  # sent | retry | parked
    response: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch of time in which matching incidents do not notify; always with owner and end."""

    id: int
    incident_id: int | None
    countries: tuple[str, ...]
    hazards: tuple[str, ...]
    feeds: tuple[str, ...]
    owner: str
    reason: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that was decided: its period and the content it was rendered from."""

    id: int
    name: str
    local_date: date
    period_start: datetime
    period_end: datetime
    decided_at: datetime
    late: bool
    content: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class DigestEdits:
    """What an officer set of a digest before it went out; numbers are those of incidents.

    The bottom line replaces the one made from facts, in the language in which it is written;
    `picked` come first among the top incidents, `hidden` are left out.
    """

    bottom_line_th: str = ""
    bottom_line_en: str = ""
    picked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

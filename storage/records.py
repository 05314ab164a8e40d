"""Plain values that cross between the packages; importing this loads no database library.

Times are aware and in UTC. Country codes are ISO 3166 alpha-2. Hazards are GLIDE codes where
one exists, and our own finer human-made keys (`alerts/words.toml` lists them all).
Records that are stored carry their row's `id`; the ones named `New…` do not have one yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Scalar: TypeAlias = "str | int | float | bool | None"


class Category(StrEnum):
    """What kind of crisis an item tells of; an item has none, one or several."""

    NATURAL = "natural"
    HEALTH = "health"
    HUMAN_MADE = "human_made"


class Level(IntEnum):
    """What the desk must do: act now, look within the hour, follow, or only be able to search."""

    INFO = 0
    WATCH = 1
    ALERT = 2
    FLASH = 3


class Role(StrEnum):
    """Whether an item tells of a hazard, or is a ministry speaking to the public."""

    SIGNAL = "signal"
    COMMUNICATION = "communication"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: a code of the catalogue (`why.<code>`) and the values its sentence needs.

    Stored as data, not as a sentence, so that each reader gets it in his own language.
    """

    code: str
    values: Mapping[str, Scalar] = field(default_factory=dict)


# --- what a source said ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a source or our gazetteer names it; any part may be unknown."""

    name: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Hazard:
    """The structured facts of a hazard source, as it gave them (nothing derived).

    `type` is our hazard key. severity, urgency and certainty are CAP's words. `alert_level` is
    the publisher's own scale in its own words. `magnitude` has no unit (Richter-like),
    `depth_km` is in kilometres, `population` in people.
    """

    type: str | None = None
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    alert_level: str | None = None
    magnitude: float | None = None
    depth_km: float | None = None
    population: int | None = None
    event_id: str | None = None
    episode_id: str | None = None
    glide: str | None = None
    event: str | None = None
    event_at: datetime | None = None
    ends_at: datetime | None = None
    current: bool | None = None
    response: str | None = None
    episode_alert_level: str | None = None  # the newest episode's own level, beside the event's
    severity_text: str | None = None  # the source's sentence: "Magnitude 5.5M, Depth:10km"
    severity_value: float | None = None
    severity_unit: str | None = None  # M, km/h, ha, km2, …
    population_text: str | None = None  # "9677 in 100 km", in the source's words
    tsunami: str | None = None  # what the source says of a tsunami, in its words


@dataclass(frozen=True, slots=True)
class Advice:
    """One line of a ministry's travel advice: about `country`, in the publisher's own words.

    `level` is the publisher's own number; scales differ, so it is never compared across
    publishers. `partial` means that the level holds for part of the country only.
    """

    country: str | None = None
    level: str | None = None
    wording: str | None = None
    partial: bool = False
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with a meaning, and the words it came from.

    `kind` is one of: dead, injured, missing, displaced, affected, cases, magnitude, depth_km,
    category, wind_kmh, height_m.
    """

    kind: str
    value: float
    words: str = ""
    source: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemValues:
    """What an entry said at one revision. Plain text; times None where the source gave none.

    `message_id` is a CAP message's own identity, `sender,identifier,sent` with the time in UTC;
    `references` are those of the messages it speaks of, as written. `event_codes` are the VTEC
    events it tells of (office.phenomenon.significance.number).
    """

    title: str
    summary: str = ""
    link: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    status: str = "actual"  # actual | exercise | system | test | draft
    message_type: str = "alert"  # alert | update | cancel | ack | error
    message_id: str | None = None
    references: tuple[str, ...] = ()
    event_codes: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    source_categories: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    hazard: Hazard | None = None
    advice: Advice | None = None
    flags: tuple[str, ...] = ()  # what was odd: date_guessed, date_future, buddhist_year, …


@dataclass(frozen=True, slots=True)
class Tag:
    """One label a classifier gave: a category with its probability and the words that decided."""

    label: str
    score: float
    evidence: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the classifiers read from one item's text, and which classifier it was.

    `corrected` names what an officer has set instead: categories, hazard, countries.
    """

    tags: tuple[Tag, ...] = ()
    hazard: str | None = None
    hazard_evidence: tuple[str, ...] = ()
    language: str | None = None
    countries: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    figures: tuple[Figure, ...] = ()
    nationals: str = "unknown"  # unknown | none_reported | reported | harmed
    nationals_evidence: tuple[str, ...] = ()
    communication: str | None = None
    flags: tuple[str, ...] = ()  # exercise | all_clear | retrospective
    flags_evidence: tuple[str, ...] = ()
    classifier: str = ""
    corrected: tuple[str, ...] = ()
    corrected_by: str | None = None
    claimed_by: tuple[str, ...] = ()  # the words by which a side of a conflict tells it

    @property
    def categories(self) -> tuple[str, ...]:
        """The labels given for sure."""
        return tuple(tag.label for tag in self.tags if tag.sure)

    @property
    def unsure(self) -> tuple[str, ...]:
        """The labels that wait for an officer's look."""
        return tuple(tag.label for tag in self.tags if not tag.sure)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an item is said to be: `categories` for sure, `unsure` ones that wait for a look."""

    categories: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    hazard: str | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """An officer's word on an item, with the text it was given on; it outlives the item.

    `corrected` names what officers have set up to now: categories, hazard, countries. Of
    `after`, only those stand for ever; the rest is what the machine said at that time.
    """

    id: int
    item_id: int | None
    at: datetime
    by: str
    note: str
    title: str
    summary: str
    language: str | None
    corrected: tuple[str, ...]
    before: Judgement
    after: Judgement


# --- feeds and polls -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedIdentity:
    """What the feed table must know of a feed of the list; `key` stays over a rename."""

    key: str
    name: str
    url: str
    kind: str
    publisher: str
    country: str | None = None
    tier: str = "other"
    home: bool = False
    priority: bool = False


@dataclass(frozen=True, slots=True)
class FeedState:
    """One row of the feed table: identity and what polling has learnt."""

    id: int
    key: str
    name: str
    url: str
    kind: str
    publisher: str
    country: str | None
    tier: str
    home: bool
    priority: bool
    listed: bool  # False once the feed has left the list; its history stays
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    state: str = "new"
    detail: str = ""
    state_since: datetime | None = None
    first_seen_at: datetime | None = None  # when its first document was taken; None: never yet
    last_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_news_at: datetime | None = None
    due_at: datetime | None = None
    not_before: datetime | None = None  # Retry-After
    failures: int = 0
    usual_gap_s: float | None = None
    moved_to: str | None = None
    moved_count: int = 0
    parked: bool = False
    habit: str | None = None  # what its documents are usually like, see monitor/ingest/habits.py
    certificate_ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class PollResult:
    """How one poll ended, to be kept: the named state, numbers, and validators for the next.

    `lost` counts entries that had waited since the poll before and left the feed unread.
    """

    state: str
    at: datetime
    detail: str = ""
    ok: bool = False
    http_status: int | None = None
    duration_ms: int = 0
    size: int = 0
    entries: int = 0
    new: int = 0
    revised: int = 0
    deferred: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    moved_to: str | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class LostEntries:
    """How many entries of a feed floods cost in a stretch of time, from the first to the last."""

    feed_id: int
    count: int
    since: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A stored item at its newest revision, with the newest reading of its text."""

    id: int
    feed_id: int
    feed_name: str
    feed_kind: str
    publisher: str
    tier: str
    home: bool
    speaker: str | None  # country of the feed
    role: Role
    first_seen_at: datetime
    revision: int
    values: ItemValues
    reading: Reading
    incident_id: int | None = None
    disposition: tuple[Why, ...] = ()  # why it did not alert, empty when it took part in one


# --- incidents -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Incident:
    """One real-world event and what is known of it."""

    id: int
    year: int
    seq: int
    title_en: str
    title_th: str
    hazard: str | None
    categories: tuple[str, ...]
    level: Level
    level_why: tuple[Why, ...]
    state: str  # open | quiet | closed | merged
    exercise: bool
    countries: tuple[str, ...]
    place: str | None
    lat: float | None
    lon: float | None
    event_at: datetime | None
    opened_at: datetime
    last_item_at: datetime
    level_since: datetime
    figures: tuple[Figure, ...]
    nationals: str
    confirmation: str  # one_source | several | official | claimed | disputed | withdrawn
    sources: int
    independent_sources: int
    alert_levels: tuple[str, ...] = ()  # the sources' own levels, as given ("GDACS: Orange")
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    leave_calls: int = 0  # ministries that newly say "leave" or "avoid all travel"
    lifted: bool = False
    withdrawn: bool = False
    merged_into: int | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_level: Level | None = None
    held: tuple[str, ...] = ()  # what officers set, and the machine leaves: title, hazard, …
    floor: Level | None = None  # the least level, whatever the sources say
    floor_why: tuple[Why, ...] = ()

    @property
    def number(self) -> str:
        """The number officers use, for example `2026-0042`."""
        return f"{self.year}-{self.seq:04d}"


@dataclass(frozen=True, slots=True)
class Trace:
    """What linking needs to know of an item that an incident holds.

    `at` is when what it tells of happened, as far as it says. `measured` is True when the source
    gives time and place of the event in its own fields. `places` are smaller than a country.
    """

    title: str
    summary: str = ""  # its beginning
    language: str | None = None
    at: datetime | None = None
    feed_kind: str = "news"
    publisher: str = ""
    hazard: str | None = None
    magnitude: float | None = None
    measured: bool = False
    countries: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """What linking needs to know of an incident that may take a new item.

    `titles` are those of its newest items in their own language, newest first, and of the one
    that opened it; `traces` are what else is known of the same ones.
    """

    id: int
    number: str
    hazard: str | None
    categories: tuple[str, ...]
    countries: tuple[str, ...]
    lat: float | None
    lon: float | None
    event_at: datetime | None
    opened_at: datetime
    last_item_at: datetime
    level: Level
    exercise: bool
    figures: tuple[Figure, ...]
    titles: tuple[str, ...]
    traces: tuple[Trace, ...] = ()
    awaits: bool = False  # an officer opened it, and no source has told of it yet


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an incident's timeline.

    `kind`: opened, joined, communication, advice, level_raised, level_lowered, corrected, figure,
    withdrawn, lifted, expired, nationals, acknowledged, unacknowledged, quiet, closed,
    reopened, merged, absorbed, split, moved, renamed, related (`new` is the other's number),
    reviewed, note, advice_eased, advice_cluster, voices, home_silent, nationals_report.
    `old` and `new` are what changed, as plain JSON-able values for the catalogue sentence.
    """

    id: int
    incident_id: int
    at: datetime
    kind: str
    item_id: int | None = None
    old: str | None = None
    new: str | None = None
    why: tuple[Why, ...] = ()
    by: str = "machine"


@dataclass(frozen=True, slots=True)
class Communication:
    """A ministry speaking about an incident: who, what kind, when, how long after the signal.

    One that an officer recorded has no item; `channel` and `by` then say how it came to us.
    """

    incident_id: int
    item_id: int | None
    speaker: str | None
    publisher: str
    home: bool
    kind: str
    title: str
    link: str | None
    at: datetime
    delay_s: float | None
    advice: Advice | None = None
    channel: str | None = None
    by: str = "machine"


@dataclass(frozen=True, slots=True)
class NewAdvice:
    """What a ministry says of one country from a moment on, before it is stored.

    `line` is its own name for the country or the part of it. `level` and `wording` are its own;
    `step` is the common scale of four, None where the words do not tell it. `flags`: partial,
    leave, shelter, forbidden, by_number. `at` is when it says so, `seen_at` when we read it;
    `first`: it was so when we first saw the line, and is no change.
    """

    feed_id: int
    line: str
    item_id: int | None
    country: str | None
    area: str | None
    level: str | None
    wording: str | None
    step: int | None
    flags: tuple[str, ...]
    at: datetime
    seen_at: datetime
    first: bool = False


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """One line of a ministry's advice over time; `newest`: it holds now."""

    id: int
    feed_id: int
    publisher: str
    speaker: str | None
    line: str
    item_id: int | None
    country: str | None
    area: str | None
    level: str | None
    wording: str | None
    step: int | None
    flags: tuple[str, ...]
    at: datetime
    seen_at: datetime
    first: bool
    newest: bool


@dataclass(frozen=True, slots=True)
class NationalsStatus:
    """What was known of our people in an incident at a time, from whom, and who wrote it down.

    `status`: unknown, none_reported, reported, confirmed or none_checked; the machine sets only
    the first three. `counts` are of confirmed ones: dead, injured, missing, unreached, held,
    safe. Never names.
    """

    id: int
    incident_id: int
    at: datetime
    status: str
    counts: Mapping[str, int]
    source: str
    note: str
    by: str
    recorded_at: datetime


# --- alerting --------------------------------------------------------------------------------


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

    `kind`: alert, update, raised, lowered, corrected, withdrawn, lifted, closed, reminder,
    escalation, digest, test, feed, flood (a list), silence (what one hid).
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

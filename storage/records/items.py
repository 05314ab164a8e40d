"""What a source said, what the machine read in it, and the item that keeps both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records.basics import Role, Why


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
    feed_tags: tuple[str, ...] = ()  # under which the feed list files its feed now
    brought: bool = False  # it came with an incident that was merged into the one it is read for

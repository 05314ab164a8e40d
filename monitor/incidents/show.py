"""One incident with its items, communications, timeline, decisions and notices, to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from alerts import clean, dates, phrases, words
from alerts.policy import Policy
from alerts.review import confirmation, is_reviewed
from monitor.communications.table import WhoSaid, who_said
from monitor.incidents import messages
from monitor.incidents.messages import Ending
from monitor.incidents.numbers import Number, numbers
from storage import decisions, incidents, itemreads, oncall, outbox
from storage.records import (
    Change,
    Communication,
    Decision,
    Incident,
    Item,
    NationalsStatus,
    Notice,
    Why,
)

if TYPE_CHECKING:
    from storage.database import Connection

BY_PERSONS = ("acknowledged", "unacknowledged")
EXPLAINED = ("closed", "reopened", "quiet", "level_raised", "level_lowered", "related", "split")
EXPLAINING = frozenset(["split_from", "opened_by_officer", "arranged"])  # whatever the line is


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything stored about one incident, each list oldest first.

    `ended` says, by item id, which messages no longer stand. `lives_in` is the number of the one
    that a merged one has become part of, however many merges on.
    """

    incident: Incident
    items: tuple[Item, ...]
    link_why: dict[int, tuple[Why, ...]]
    communications: tuple[Communication, ...]
    changes: tuple[Change, ...]
    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]
    who: WhoSaid | None = None
    nationals: tuple[NationalsStatus, ...] = ()
    numbers: tuple[Number, ...] = ()
    ended: Mapping[int, Ending] = field(default_factory=dict)
    care: oncall.Care | None = None
    lives_in: str | None = None


def dossier(conn: Connection, incident: Incident, policy: Policy, *, now: datetime) -> Dossier:
    """Gather everything about `incident` as it is known and stands at `now`."""
    members = sorted(itemreads.of_incident(conn, incident.id), key=lambda each: each.first_seen_at)
    spoken = incidents.communications(conn, incident.id, by_hand=True)
    return Dossier(
        incident=incident,
        items=tuple(members),
        link_why=incidents.why_of(conn, incident.id),
        communications=tuple(spoken),
        changes=tuple(incidents.changes(conn, incident.id)),
        decisions=tuple(decisions.of_incident(conn, incident.id)),
        notices=tuple(outbox.of_incident(conn, incident.id)),
        who=who_said(conn, incident, spoken, policy.home_country, now=now),
        nationals=tuple(incidents.nationals_of(conn, incident.id)),
        numbers=numbers(itemreads.versions_of_incident(conn, incident.id), incident.event_at),
        ended=messages.standing(members, now),
        care=oncall.care_of(conn, incident.id),
        lives_in=incidents.survivor(conn, incident.id).number if incident.merged_into else None,
    )


def split_off(changes: Iterable[Change]) -> Change | None:
    """The line by which an officer split the incident off another, whose number is its `old`."""
    return next((each for each in changes if each.kind == "opened" and each.old), None)


def standing_of(of: Dossier, language: str) -> str:
    """How far it is confirmed, and whether an officer has looked at it."""
    looked = is_reviewed(of.incident, of.changes)
    checked = words.say(f"confirmation.{'reviewed' if looked else 'machine'}", language)
    parts = (confirmation(of.incident, of.items, language), checked)
    return " · ".join(dict.fromkeys(parts))


def ending_said(of: Ending, language: str, zone: tzinfo) -> str:
    """What ended a message and when, in words."""
    at = dates.moment(of.at, language, zone=zone)
    by = clean.one_line(of.by.values.title, 120) if of.by else ""
    return words.say(f"ended.{of.state}", language, at=at, by=clean.isolated(by or "–"))


def change_said(of: Change, found: Dossier, policy: Policy, language: str) -> str:
    """A line of the timeline in words; a kind that the catalogue lacks is shown as it is."""
    if not words.current().has(f"change.{of.kind}"):
        return clean.one_line(of.kind, 60)
    told = phrases.change(
        # What is new about an acknowledgement is who gave it, not at which level.
        replace(of, new=None) if of.kind in BY_PERSONS else of,
        language,
        items={item.id: item for item in found.items},
        communications={each.item_id: each for each in found.communications if each.item_id},
        policy=policy,
    )
    return told or words.say(f"change.{of.kind}", language)

"""Items as lines of a list: original headline, what was read from it, why it told nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alerts import clean, phrases, words
from monitor.desk.voice import Moment, Voice
from monitor.incidents.messages import Ending, standing
from monitor.incidents.show import ending_said
from storage import incidents, itemreads
from storage.records import Item, Role

if TYPE_CHECKING:
    from storage.database import Connection

_EVIDENCE = 8
_MOST_BESIDE = 1000  # items read only to see what ended those that are listed


@dataclass(frozen=True, slots=True)
class Headline:
    """A source's own words in their own language; `href` only where it may be clicked."""

    text: str
    language: str
    href: str | None
    host: str


@dataclass(frozen=True, slots=True)
class TagMark:
    """A label as a chip, with the probability and the words that decided."""

    word: str
    sure: bool
    percent: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item. `incident` is the number of the one it belongs to."""

    id: int
    at: Moment | None
    feed: str
    publisher: str
    tier: str
    headline: Headline
    spoken: str | None
    tags: tuple[TagMark, ...]
    hazard: str | None
    countries: str | None
    evidence: tuple[str, ...]
    incident: str | None
    not_alerted: tuple[str, ...]
    linked: tuple[str, ...] = ()
    revision: int = 1
    signature: str | None = None
    ended: str | None = None  # superseded, cancelled, lifted or expired: by what, and when
    ended_state: str = ""
    corrected: str | None = None


def rows(conn: Connection, found: Iterable[Item], voice: Voice) -> tuple[ItemRow, ...]:
    """The items as rows, same order."""
    listed = list(found)
    ids = {item.incident_id for item in listed if item.incident_id is not None}
    numbers = {each: incidents.get(conn, each).number for each in ids}
    ended: dict[int, Ending] = {}
    for members in _by_incident(_with_their_incidents(conn, listed)):
        ended |= standing(members, voice.now)
    return tuple(
        row(
            item,
            voice,
            numbers.get(item.incident_id) if item.incident_id else None,
            ended=ended.get(item.id),
        )
        for item in listed
    )


def _with_their_incidents(conn: Connection, listed: Iterable[Item]) -> list[Item]:
    """The items, and those of the incidents whose messages are among them, oldest first."""
    found = {item.id: item for item in listed}
    official = {
        item.incident_id
        for item in found.values()
        if item.incident_id is not None
        and (item.values.message_id or item.values.message_type != "alert")
    }
    if official:
        others = itemreads.of_incidents(conn, sorted(official), _MOST_BESIDE)
        found |= {item.id: item for item in others}
    return sorted(found.values(), key=lambda item: (item.first_seen_at, item.id))


def _by_incident(found: Iterable[Item]) -> Iterable[list[Item]]:
    """The items of each incident together, and each one that has none by itself.

    What a publisher takes back without naming it is of one event: it says nothing of its others.
    """
    groups: dict[tuple[str, int], list[Item]] = {}
    for item in found:
        alone = item.incident_id is None
        key = ("item", item.id) if alone else ("incident", item.incident_id or 0)
        groups.setdefault(key, []).append(item)
    return groups.values()


def row(
    item: Item,
    voice: Voice,
    incident: str | None,
    linked: tuple[str, ...] = (),
    ended: Ending | None = None,
) -> ItemRow:
    """One item as a row."""
    reading, language = item.reading, voice.language
    head = phrases.headline(item)
    shown = words.countries(reading.countries, language, short=True) if reading.countries else None
    spoken = None
    if item.role is Role.COMMUNICATION:
        kind = reading.communication or "other"
        spoken = voice.say_or(f"communication.{kind}", kind)
    return ItemRow(
        id=item.id,
        at=voice.moment(item.first_seen_at),
        feed=clean.one_line(item.feed_name, 120),
        publisher=head.publisher,
        tier=voice.say_or(f"tier.{item.tier}", item.tier),
        headline=Headline(
            text=head.title or voice.say("desk.no_headline"),
            language=head.language,
            href=clean.outward(head.link),
            host=clean.host(head.link),
        ),
        spoken=spoken,
        tags=tuple(
            TagMark(
                word=words.category(tag.label, language, short=True),
                sure=tag.sure,
                percent=f"{tag.score:.0%}",
                evidence=_plain(tag.evidence),
            )
            for tag in reading.tags
        ),
        hazard=words.hazard(reading.hazard, language) if reading.hazard else None,
        countries=shown,
        evidence=_plain(
            (*reading.hazard_evidence, *reading.nationals_evidence, *reading.flags_evidence)
        ),
        incident=incident,
        not_alerted=voice.reasons(item.disposition),
        linked=linked,
        revision=item.revision,
        signature=phrases.signature(head, language) or None,
        ended=ending_said(ended, language, voice.zone) if ended else None,
        ended_state=ended.state if ended else "",
        corrected=_by(reading.corrected_by, voice),
    )


def _by(who: str | None, voice: Voice) -> str | None:
    """Who classified it, if an officer did."""
    if who is None:
        return None
    return voice.say("desk.corrected_by", who=phrases.office(who, voice.language, voice.policy))


def _plain(found: Iterable[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(clean.one_line(word, 60) for word in found)
    return tuple(word for word in kept if word)[:_EVIDENCE]

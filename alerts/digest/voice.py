"""What the sections of one digest are made of, and the phrases that they share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from alerts import clean, dates, phrases, words
from alerts.block import COLOURS
from alerts.digest.content import DigestContent, IncidentEntry
from alerts.phrases import SourceLine
from alerts.pictures import Picture
from alerts.policy import Policy
from storage.records import Incident, Level


@dataclass(frozen=True, slots=True)
class Limits:
    """The most lines of each list."""

    changes: int = 8
    top: int = 5
    headlines: int = 2
    categories: int = 12
    health: int = 6
    speakers: int = 10
    advice: int = 8
    unalerted: int = 8
    feeds: int = 6
    ahead: int = 5
    deeds: int = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, with what stands below it. `colour` marks an incident's level beside its word.

    `text` is empty where a source stands for itself. `number` is the incident's, with its #.
    """

    text: str
    number: str = ""
    strong: bool = False
    href: str | None = None
    colour: str = ""
    below: tuple[str, ...] = ()
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; `lines` is never empty."""

    title: str
    entries: tuple[Entry, ...]
    listed: bool = True  # False: the entries are sentences, not points
    empty: bool = False
    pictures: tuple[Picture, ...] = ()
    pictures_first: bool = False

    def runs(self) -> list[tuple[bool, list[Entry]]]:
        """The entries, those that follow each other without a level's colour together (True)."""
        return [(plain, list(run)) for plain, run in groupby(self.entries, lambda e: not e.colour)]


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands above an issue and is no part of it: what to do with a draft, and where."""

    lines: tuple[str, ...]
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """The whole digest in one language."""

    language: str
    title: str
    masthead: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    notes: Notes | None = None
    links: tuple[tuple[str, str], ...] = ()  # words and address, below the footer


class Voice:
    """One reader's language, zone and limits, and the phrases made with them."""

    def __init__(
        self,
        content: DigestContent,
        language: str,
        policy: Policy,
        zone: tzinfo,
        base_url: str,
        limits: Limits,
        *,
        onward: bool = False,
        pictures: Mapping[str, Picture] | None = None,
    ) -> None:
        self.content = content
        self.language = language
        self.policy = policy
        self.zone = zone
        self.base_url = base_url
        self.limits = limits
        self.onward = onward
        self.pictures = pictures
        self.serious = tuple(e for e in content.incidents if e.incident.level >= Level.ALERT)

    def say(self, key: str, **values: object) -> str:
        """The words of `digest.<key>`."""
        return words.say(f"digest.{key}", self.language, zone=self.zone, **values)

    def phrase(self, key: str, **values: object) -> str:
        """The words of `digest.extra.<key>`."""
        return self.say(f"extra.{key}", **values)

    def at(self, when: datetime) -> str:
        """A time, short, as seen from the hour of issue."""
        return phrases.at_short(when, self.language, self.zone, self.content.issued_at)

    def length(self, seconds: float) -> str:
        """A stretch of time."""
        return dates.duration(timedelta(seconds=seconds), self.language)

    def top(self) -> tuple[IncidentEntry, ...]:
        """The incidents told in full: an officer's picks, then those at ALERT or above.

        Where there are neither, the gravest of the rest. Where there is no room for all, the
        lowest level goes first, whoever picked it.
        """
        chosen = self.wanted()
        by_level = sorted(chosen, key=lambda each: -each.incident.level)
        kept = {each.incident.id for each in by_level[: self.limits.top]}
        return tuple(each for each in chosen if each.incident.id in kept)

    def wanted(self) -> list[IncidentEntry]:
        """The incidents to be told in full, if there is room."""
        wanted = self.content.edits.picked
        picked = [each for each in self.content.incidents if each.incident.number in wanted]
        picked.sort(key=lambda each: wanted.index(each.incident.number))
        rest = self.serious or (() if picked else self.content.incidents)
        return [*picked, *(each for each in rest if each not in picked)]

    def title(self, entry: IncidentEntry, *, but: Collection[str] = (), limit: int = 180) -> str:
        """Level, how the incident stands where that is not "open", and its title."""
        level = phrases.level(entry.incident.level, self.language)
        title = clean.shorten(phrases.title(entry.incident, self.language), limit)
        return " · ".join((level, *states(entry, self.language, but=but), title))

    def entry(
        self,
        of: IncidentEntry,
        text: str,
        *,
        below: Sequence[str] = (),
        sources: tuple[SourceLine, ...] = (),
        strong: bool = False,
    ) -> Entry:
        """One incident as an entry, with its number, link and colour."""
        number = of.incident.number
        linked = self.base_url and not self.onward  # the desk's page is not for those outside
        href = f"{self.base_url.rstrip('/')}/incidents/{number}" if linked else None
        return Entry(
            text,
            number=f"#{number}",
            strong=strong,
            href=href,
            colour=COLOURS[of.incident.level],
            below=tuple(phrases.sentence(line) for line in below),
            sources=sources,
        )

    def drawn(self, name: str) -> tuple[Picture, ...]:
        """The picture of that name, if there is one."""
        found = (self.pictures or {}).get(name)
        return (found,) if found else ()

    def section(
        self, key: str, entries: Sequence[Entry], limit: int, *, total: int | None = None
    ) -> Section:
        """A section of at most `limit` entries; what is left out is counted."""
        title = self.say(key)
        if not entries:
            return Section(title, (Entry(self.say("empty_section")),), listed=False, empty=True)
        shown = list(entries[:limit])
        rest = max(total or 0, len(entries)) - len(shown)
        if rest > 0:
            shown.append(Entry(self.say("more", count=rest)))
        return Section(title, tuple(shown))

    def feeds(self) -> str:
        """How many feeds could be read, and how many of these are unusually silent."""
        content = self.content
        read = self.say("feeds_well", healthy=content.feeds_healthy, total=content.feeds_total)
        if not content.feeds_silent:
            return read
        return f"{read} · {self.phrase('feeds_silent', count=content.feeds_silent)}"

    def figures(self, entry: IncidentEntry, kinds: Sequence[str] | None = None) -> list[str]:
        """The incident's figures with source and time; of some kinds only if asked."""
        return [
            phrases.figure_with_source(each, self.language, self.zone, self.content.issued_at)
            for each in phrases.by_weight(entry.incident.figures)
            if kinds is None or each.kind in kinds
        ]


def states(entry: IncidentEntry, language: str, *, but: Collection[str] = ()) -> list[str]:
    """What a reader must know before the title: withdrawn, lifted, corrected, closed, …"""
    corrected = any(change.kind == "corrected" for change in entry.changes)
    return states_of(entry.incident, language, corrected=corrected, but=but)


def states_of(
    incident: Incident, language: str, *, corrected: bool = False, but: Collection[str] = ()
) -> list[str]:
    """The same of an incident without what moved in a period."""
    holds = {
        "exercise": incident.exercise,
        "withdrawn": incident.withdrawn,
        "lifted": incident.lifted and not incident.withdrawn,
        "corrected": corrected,
        "merged": incident.state == "merged",
        "closed": incident.state == "closed",
    }
    return [
        words.say(f"message.{key}", language)
        for key, true in holds.items()
        if true and key not in but
    ]

"""What a digest says of an incident beside its facts: how it stands, our people, who spoke."""

from __future__ import annotations

from collections.abc import Sequence

from alerts import clean, phrases, standing, words
from alerts.digest.content import IncidentEntry
from alerts.digest.voice import Voice
from storage.records import Communication, NationalsStatus

_SOURCE_LIMIT = 80
MACHINE = "machine"


def people(voice: Voice, entry: IncidentEntry) -> str:
    """The state of our people, with its numbers, source and time, and at the desk by whom."""
    known = entry.nationals
    if known is None:
        given = entry.incident.nationals
        said = words.say_or(f"nationals.{given}", voice.language, given)
    else:
        said = f"{standing.written(known, voice.language)} ({_beside(voice, known)})"
    return words.say("mail.nationals", voice.language, state=said)


def people_moved(voice: Voice, entry: IncidentEntry) -> str:
    """Old and new state and numbers of our people; empty where they have not moved."""
    before, known = entry.nationals_before, entry.nationals
    first = [each.old for each in entry.changes if each.kind == "nationals"][-1:]
    if known is None or not (before or first):
        return ""
    if before is not None:
        old = standing.written(before, voice.language)
    else:
        old = words.say_or(f"nationals.{first[0]}", voice.language, str(first[0]))
    new = standing.written(known, voice.language)
    if old == new:
        return ""
    return words.say("mail.nationals", voice.language, state=f"{old} → {new}")


def said_of(voice: Voice, said: Sequence[Communication]) -> str:
    """Kinds and times of what one ministry said, oldest first."""
    times: dict[str, list[str]] = {}
    for each in said:
        beside = [] if voice.onward else [phrases.after(each.delay_s, voice.language)]
        notes = [note for note in beside if note and each is said[0]]
        if each.channel:
            notes.append(clean.one_line(each.channel, _SOURCE_LIMIT))
            notes.append(_recorded(voice, each.by))
        told = f" ({' · '.join(filter(None, notes))})" if notes else ""
        kind = phrases.kind(each, voice.language)
        times.setdefault(kind, []).append(f"{voice.at(each.at)}{told}")
    return " · ".join(f"{kind} {', '.join(at)}" for kind, at in times.items())


def is_over(entry: IncidentEntry) -> bool:
    """Withdrawn, lifted, or no longer open: its mark on the map is hollow."""
    incident = entry.incident
    return incident.withdrawn or incident.lifted or incident.state in ("closed", "merged")


def _beside(voice: Voice, known: NationalsStatus) -> str:
    source = clean.one_line(known.source, _SOURCE_LIMIT)
    said = " ".join(filter(None, (source, voice.at(known.at))))
    return " · ".join(filter(None, (said, _recorded(voice, known.by))))


def _recorded(voice: Voice, by: str) -> str:
    """Which office wrote it down; not in what leaves the desk."""
    if voice.onward or by == MACHINE or not by:
        return ""
    office = phrases.office(by, voice.language, voice.policy)
    return voice.phrase("recorded_by", office=office)

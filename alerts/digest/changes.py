"""What became of an incident in the period, in a line of old and new."""

from __future__ import annotations

from alerts import phrases, words
from alerts.digest import people
from alerts.digest.content import IncidentEntry
from alerts.digest.voice import Voice
from storage.records import Level

_MOST_MOVES, _MOST_SPOKEN = 4, 4
_MOVING = ("figure", "corrected", "nationals")


def gravest(voice: Voice, entry: IncidentEntry) -> str:
    """The first sentence of the digest: what, how many, our people, who has spoken."""
    parts = [
        f"{voice.title(entry, but=('corrected',))} #{entry.incident.number}",
        *voice.figures(entry)[:2],
        people.people(voice, entry),
        spoken_of(voice, entry, counted=True),
    ]
    return " · ".join(parts)


def change_of(voice: Voice, entry: IncidentEntry) -> str | None:
    """What became of the incident in the period, None if nothing worth a line."""
    before, level = entry.level_before, entry.incident.level
    kinds = {change.kind for change in entry.changes}
    title = voice.title(entry, but=("closed", "corrected"))
    if entry.incident.state == "closed" and "closed" in kinds:
        return voice.phrase("closed", title=title)
    if kinds & {"withdrawn", "lifted"}:
        return title  # which says so itself
    if entry.new:
        return voice.phrase("new", title=title) if level >= Level.ALERT else None
    if before is not None and level != before:
        key = "raised" if level > before else "lowered"
        return voice.phrase(key, old=before.name, title=title)
    return title if moves(voice, entry) else None


def moves(voice: Voice, entry: IncidentEntry) -> tuple[str, ...]:
    """Old and new figures and states, in one line or none."""
    ours = people.people_moved(voice, entry)
    said = [ours] if ours else []
    said += [
        line
        for each in entry.changes
        if each.kind in _MOVING and not (ours and each.kind == "nationals")
        if (
            line := phrases.change(
                each, voice.language, items={}, communications={}, policy=voice.policy
            )
        )
    ]
    found = list(dict.fromkeys(said))
    if not found:
        return ()
    rest = len(found) - _MOST_MOVES
    more = [voice.say("more", count=rest)] if rest > 0 else []
    return (" · ".join(found[:_MOST_MOVES] + more),)


def spoken_of(voice: Voice, entry: IncidentEntry, *, counted: bool = False) -> str:
    """Who has spoken about the incident, our own ministry first; or only how many countries."""
    countries = {each.speaker for each in entry.communications if each.speaker}
    if counted and countries:
        return voice.say("spoke", count=len(countries))
    said = [
        f"{phrases.communication(each, voice.language)} {voice.at(each.at)}"
        for each in sorted(entry.communications, key=lambda each: not each.home)
    ]
    if not said:
        return words.say("mail.nobody_spoke", voice.language)
    rest = len(said) - _MOST_SPOKEN
    more = [voice.say("more", count=rest)] if rest > 0 else []
    return ", ".join(said[:_MOST_SPOKEN] + more)

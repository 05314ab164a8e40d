"""Two digests side by side: what is new, gone, raised or lowered, and which numbers moved."""

from __future__ import annotations

from alerts import dates, phrases, words
from alerts.digest.content import DigestContent, IncidentEntry
from alerts.digest.voice import Entry, Section, states
from storage.records import Level


def compare(old: DigestContent, new: DigestContent, language: str) -> Section:
    """One line a difference, gravest incident first; one line saying so where there is none."""

    def say(key: str, **values: object) -> str:
        return words.say(f"digest.extra.compare_{key}", language, zone=None, **values)

    before = {each.incident.id: each for each in old.incidents}
    after = {each.incident.id: each for each in new.incidents}
    found = [
        Entry(f"{phrases.level(level, language)}: {was} → {now}")
        for level in sorted(Level, reverse=True)
        if level != Level.INFO
        and (was := old.open_levels.get(level.name, 0))
        != (now := new.open_levels.get(level.name, 0))
    ]
    for each in new.incidents:
        was_entry = before.get(each.incident.id)
        if was_entry is None:
            found.append(_entry(each, say("new", title=_title(each, language))))
        else:
            found += [_entry(each, line) for line in _moved(was_entry, each, language)]
    found += [
        _entry(each, say("gone", title=_title(each, language)))
        for each in old.incidents
        if each.incident.id not in after
    ]
    first, second = (f"{each.feeds_healthy}/{each.feeds_total}" for each in (old, new))
    if first != second:
        name = words.say("word.feeds", language)
        found.append(Entry(say("value", title=name, old=first, new=second)))
    title = say(
        "title", old=dates.day(old.local_date, language), new=dates.day(new.local_date, language)
    )
    if not found:
        return Section(title, (Entry(say("same")),), listed=False, empty=True)
    return Section(title, tuple(found))


def _moved(old: IncidentEntry, new: IncidentEntry, language: str) -> list[str]:
    title = phrases.title(new.incident, language)
    lines = []
    if old.incident.level != new.incident.level:
        lines.append(
            words.say(
                "digest.extra.compare_level",
                language,
                title=title,
                old=old.incident.level.name,
                new=new.incident.level.name,
            )
        )
    was = {each.kind: each.value for each in old.incident.figures}
    lines += [
        words.say(
            "digest.extra.compare_value",
            language,
            title=title,
            old=phrases.figure(each.kind, was[each.kind], language),
            new=phrases.figure(each.kind, each.value, language),
        )
        for each in phrases.by_weight(new.incident.figures)
        if each.kind in was and was[each.kind] != each.value
    ]
    states = [
        words.say_or(f"nationals.{each.incident.nationals}", language, each.incident.nationals)
        for each in (old, new)
    ]
    if states[0] != states[1]:
        lines.append(f"{title}: {states[0]} → {states[1]}")
    return lines


def _entry(of: IncidentEntry, text: str) -> Entry:
    return Entry(text, number=f"#{of.incident.number}")


def _title(of: IncidentEntry, language: str) -> str:
    level, title = phrases.level(of.incident.level, language), phrases.title(of.incident, language)
    return " · ".join((level, *states(of, language), title))

"""The section of a digest on mutes: each one that was in force, and what it hid."""

from __future__ import annotations

from alerts import clean, phrases, words
from alerts.digest.parts import Hidden, Muted
from alerts.digest.voice import Entry, Section, Voice


def mutes(voice: Voice) -> list[Section]:
    """The section, as a list; empty when nothing was muted."""
    muted = voice.content.desk.muted
    if not muted:
        return []
    found = [_entry(voice, each) for each in muted[: voice.limits.deeds]]
    unsaid = len(muted) - len(found)
    if unsaid:
        found.append(Entry(voice.phrase("muted_more", count=unsaid)))
    return [voice.section("mutes", found, len(found))]


def _entry(voice: Voice, of: Muted) -> Entry:
    said = voice.phrase(
        "muted",
        what=_what(voice, of) or "–",
        owner=phrases.office(of.owner, voice.language, voice.policy),
        until=voice.at(of.ends_at),
        reason=clean.one_line(of.reason, phrases.HEADLINE_LIMIT),
    )
    below = [_line(voice, each) for each in of.hid[: voice.limits.unalerted]]
    unsaid = of.hid_total - len(below)
    if not of.hid_total:
        below = [voice.phrase("muted_nothing")]
    elif unsaid > 0:
        below.append(voice.say("more", count=unsaid))
    return Entry(said, below=tuple(below))


def _what(voice: Voice, of: Muted) -> str:
    parts = [f"#{of.number}"] if of.number else []
    if of.countries:
        parts.append(words.countries(of.countries, voice.language, short=True))
    parts += [words.say_or(f"hazard.{key}", voice.language, key) for key in of.hazards]
    parts += [clean.one_line(name, phrases.PUBLISHER_LIMIT) for name in of.feeds]
    return ", ".join(parts)


def _line(voice: Voice, of: Hidden) -> str:
    title = clean.one_line(of.title.in_(voice.language), phrases.HEADLINE_LIMIT)
    return f"#{of.number} · {phrases.level_word(of.level, voice.language)} · {title}"

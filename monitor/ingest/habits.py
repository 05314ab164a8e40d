"""What a feed is usually like, learnt from its documents; and what is odd about the newest one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

from alerts import feedhealth

ENOUGH = 5  # documents before anything can be odd
SETTLED = 24  # odd documents in a row are the new habit
WEIGHT = 0.2  # of the newest document in the running means
FEW, MANY = 0.25, 8.0  # below this part of the usual number, where that is at least so many
MOSTLY_DATED = 0.8
ENOUGH_NEW = 5  # new entries before their language says something


@dataclass(frozen=True, slots=True)
class Seen:
    """One document: `language` is that of most of its new entries, None where too few are new."""

    format: str
    entries: int
    dated: int
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """The running picture: `entries` and `dated` (0 to 1) are means, `odd` counts odd documents."""

    format: str
    entries: float
    dated: float
    language: str | None = None
    documents: int = 1
    odd: int = 0
    ttl_s: float = 0.0  # what the newest document asked for; an unchanged one need not say it again


def language_of(languages: Sequence[str | None]) -> str | None:
    """The language of most of these new entries, None where they are few or mixed."""
    if len(languages) < ENOUGH_NEW:
        return None
    name, count = Counter(languages).most_common(1)[0]
    return name if count * 2 > len(languages) else None


def learn(habit: Habit | None, seen: Seen) -> tuple[Habit, str | None, str]:
    """The habit after this document, and the state and detail of what is odd about it, if anything.

    What stays odd for long enough becomes the habit.
    """
    share = seen.dated / seen.entries if seen.entries else 1.0
    if habit is None:
        return Habit(seen.format, float(seen.entries), share, seen.language), None, ""
    odd, detail = _odd(habit, seen) if habit.documents >= ENOUGH else (None, "")
    if odd is not None and habit.odd + 1 < SETTLED:
        return replace(habit, documents=habit.documents + 1, odd=habit.odd + 1), odd, detail
    settled = odd is not None
    # A flood must not make the feed's ordinary size look like a drop.
    counted = min(seen.entries, habit.entries * 2 + MANY)
    after = Habit(
        format=seen.format,
        entries=float(seen.entries) if settled else _mean(habit.entries, counted),
        dated=share if settled else _mean(habit.dated, share),
        language=seen.language or habit.language,
        documents=habit.documents + 1,
    )
    return after, None, ""


def read(text: str | None) -> Habit | None:
    """The habit as the feed table keeps it; None for none, or one of an unknown shape."""
    if not text:
        return None
    try:
        values = {"ttl_s": 0.0, **json.loads(text)}  # older versions did not keep it
        return Habit(**{part.name: values[part.name] for part in fields(Habit)})
    except (ValueError, KeyError, TypeError):
        return None


def write(habit: Habit) -> str:
    """The habit as the feed table keeps it."""
    return json.dumps(asdict(habit), separators=(",", ":"))


def _odd(habit: Habit, seen: Seen) -> tuple[str | None, str]:
    if seen.format != habit.format:
        return "format_changed", f"{feedhealth.FORMAT}: {habit.format} before, {seen.format} now"
    if habit.entries >= MANY and seen.entries < habit.entries * FEW:
        usual = round(habit.entries)
        return "drop", f"{feedhealth.FEWER}: {seen.entries}, usually about {usual}"
    if seen.entries and not seen.dated and habit.dated >= MOSTLY_DATED:
        return "undated", f"{feedhealth.UNDATED} ({seen.entries} entries)"
    if seen.language and habit.language and seen.language != habit.language:
        detail = f"{feedhealth.LANGUAGE}: {habit.language} before, {seen.language} now"
        return "language_changed", detail
    return None, ""


def _mean(before: float, now: float) -> float:
    return before * (1 - WEIGHT) + now * WEIGHT

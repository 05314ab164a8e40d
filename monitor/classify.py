"""One text's tags with the level an incident made of it alone would have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from alerts import levels, words
from alerts.policy import Policy
from classifiers.tags import Tags, Text
from monitor.incidents.alone import alone
from monitor.incidents.link import choose
from monitor.incidents.subject import Subject
from monitor.ingest.reading import reading_of
from storage.records import ItemValues, Level, Reading, Role, Why


def described(text: Text, tags: Tags, policy: Policy, now: datetime) -> dict[str, Any]:
    """What `monitor classify` prints for one line."""
    values = ItemValues(title=text.title, summary=text.summary, language=tags.language)
    level, level_why = _level(values, reading_of(tags), policy, now)
    why = [
        f"{label}: {', '.join(evidence)}"
        for label, evidence in tags.evidence.items()
        if evidence and label in (*tags.labels, *tags.unsure)
    ]
    if tags.hazard:
        why.append(f"hazard {tags.hazard}: {', '.join(tags.hazard_evidence)}")
    why += [f"{flag}: {', '.join(tags.flags_evidence)}" for flag in tags.flags]
    if tags.nationals != "unknown":
        why.append(f"nationals {tags.nationals}: {', '.join(tags.nationals_evidence)}")
    why += [f"{figure.kind} {figure.value:g}: {figure.words}" for figure in tags.figures]
    if tags.claimed_by:
        why.append(f"claimed by a party: {', '.join(tags.claimed_by)}")
    if tags.alert_colour:
        why.append(f"alert {tags.alert_colour}: {tags.alert_words}")
    why += [f"level {level.name}: {reason}" for reason in words.reasons(level_why, "en")]
    return {
        "labels": list(tags.labels),
        "unsure": list(tags.unsure),
        "probabilities": {name: round(value, 4) for name, value in tags.probabilities.items()},
        "hazard": tags.hazard,
        "language": tags.language,
        "countries": list(tags.countries),
        "nationals": tags.nationals,
        "communication": tags.communication,
        "flags": list(tags.flags),
        "level": level.name,
        "why": why,
        "classifier": tags.classifier,
    }


def _level(
    values: ItemValues, reading: Reading, policy: Policy, now: datetime
) -> tuple[Level, tuple[Why, ...]]:
    """The level of an incident made of this alone; INFO with the reason if it would open none."""
    if "retrospective" in reading.flags:
        return Level.INFO, (Why("retrospective"),)
    subject = Subject(
        values=values,
        reading=reading,
        events=(),
        role=Role.SIGNAL,
        feed_kind="news",
        publisher="",
        speaker=None,
        seen_at=now,
    )
    link = choose(subject, {}, ())
    if not link.opens:
        return Level.INFO, link.why
    return levels.level_of(alone(values, reading, now=now), policy)

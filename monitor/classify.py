"""One text's tags with the level an incident made of it alone would have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from alerts import levels, words
from alerts.policy import Policy
from classifiers.tags import Tags, Text
from monitor.incidents.alone import alone
from monitor.pipeline import reading_of
from storage.records import ItemValues


def described(text: Text, tags: Tags, policy: Policy, now: datetime) -> dict[str, Any]:
    """What `monitor classify` prints for one line."""
    values = ItemValues(title=text.title, summary=text.summary, language=tags.language)
    incident = alone(values, reading_of(tags), now=now)
    level, level_why = levels.level_of(incident, policy)
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

"""The level that `monitor classify` gives a line: none where no incident would be made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifiers.tags import Figure, Tags, Text
from monitor.classify import described
from monitor.config.policyfile import read_policy

NOW = datetime(2026, 3, 28, 6, 20, tzinfo=UTC)
POLICY = read_policy(Path(__file__).resolve().parents[2] / "alerts.yaml")
DEAD = (Figure("dead", 60, "60 dead"),)


@pytest.mark.parametrize(
    ("tags", "level", "reason"),
    [
        (Tags(labels=("human_made",), countries=("TH",), figures=DEAD), "FLASH", "60 dead"),
        (
            Tags(labels=("natural",), countries=("TH",), figures=DEAD, flags=("retrospective",)),
            "INFO",
            "Looks back on a past event",
        ),
        (Tags(countries=("TH",), figures=DEAD), "INFO", "Classified as no crisis"),
        (
            Tags(unsure=("human_made",), countries=("TH",), figures=DEAD),
            "INFO",
            "Classification unsure",
        ),
        (
            Tags(labels=("human_made",), countries=("TH",), figures=DEAD, flags=("all_clear",)),
            "INFO",
            "Lifts or cancels a warning",
        ),
    ],
    ids=["a crisis", "a memory", "no crisis", "unsure", "an all-clear of nothing known"],
)
def test_only_what_would_open_an_incident_has_a_level(tags: Tags, level: str, reason: str) -> None:
    said = described(Text("60 dead in Bangkok"), tags, POLICY, NOW)
    assert said["level"] == level
    assert any(why.startswith(f"level {level}: {reason}") for why in said["why"])

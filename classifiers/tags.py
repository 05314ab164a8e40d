"""The values that go into the classifiers and come out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

CATEGORIES = ("natural", "health", "human_made")


@dataclass(frozen=True, slots=True)
class Text:
    """One item's words. `language` is what its feed declares; a hint, not the truth."""

    title: str
    summary: str = ""
    language: str | None = None
    feed_kind: str | None = None  # hazard | health | human_made | ministry | advice | news


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place that the text names. Latitude and longitude in degrees, None for a country."""

    name: str
    country: str | None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with a meaning (dead, injured, missing, displaced, cases, magnitude, …)."""

    kind: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Tags:
    """Everything read from one text, each with the words that decided, in their own language.

    `probabilities` has all three categories, 0..1. `labels` are given for sure; `unsure` go to
    an officer. `evidence` maps a label to its words. `nationals` is unknown, none_reported,
    reported (present, affected, safe) or harmed (dead, injured, missing, held). `flags` are
    exercise, all_clear, retrospective. `claimed_by` holds the words that name who asserts it when
    that is a party to the fighting; such figures are claims, never confirmed. `alert_colour` is
    green, yellow, orange or red as the source says. `classifier` names the version.
    """

    labels: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    probabilities: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hazard: str | None = None
    hazard_evidence: tuple[str, ...] = ()
    language: str = "und"
    countries: tuple[str, ...] = ()
    places: tuple[PlaceHit, ...] = ()
    figures: tuple[Figure, ...] = ()
    nationals: str = "unknown"
    nationals_evidence: tuple[str, ...] = ()
    communication: str | None = None
    flags: tuple[str, ...] = ()
    flags_evidence: tuple[str, ...] = ()
    claimed_by: tuple[str, ...] = ()
    alert_colour: str | None = None
    alert_words: str = ""
    classifier: str = ""


class Classifier(Protocol):
    """What the pipeline needs of a classifier."""

    version: str

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        """Tags for each text, same order; never raises for any text."""
        ...

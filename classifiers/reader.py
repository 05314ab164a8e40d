"""Joins all readers of a text into one classifier: the one that the pipeline uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from classifiers.claims import find_claim
from classifiers.colours import find_colour
from classifiers.communication import find_communication
from classifiers.hazards import find_hazard
from classifiers.keywords import Looked, look
from classifiers.nationals import find_nationals
from classifiers.nordic import told_apart
from classifiers.places import find_places
from classifiers.tags import Tags, Text


class Categories(Protocol):
    """Gives categories for texts that were looked at already."""

    version: str

    def classify_looked(self, looked: Sequence[Looked]) -> list[Tags]:
        """Tags with labels, unsure, probabilities and evidence; same order."""
        ...


class Reader:
    """Everything that can be read from a text: categories by the classifier it is given,
    and hazard, language, places, figures, nationals, communication and flags by their own readers.
    """

    def __init__(self, categories: Categories, home_country: str = "TH") -> None:
        """`home_country` is the ISO code of the country whose nationals are looked for."""
        self._categories = categories
        self._home_country = home_country
        self.version = f"{categories.version}+reader-3"

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        """Full tags for each text, same order. Never raises, whatever the text holds."""
        looked = [look(text) for text in texts]
        tags = self._categories.classify_looked(looked)
        return [self._complete(one, tag) for one, tag in zip(looked, tags, strict=True)]

    def _complete(self, looked: Looked, tags: Tags) -> Tags:
        prepared = looked.prepared
        given = (*tags.labels, *tags.unsure)
        # an all-clear is no crisis, but its hazard leads to the incident that it ends
        telling = bool(given) or "all_clear" in looked.flags
        hazard, hazard_words = find_hazard(prepared, looked.hits, given)
        if hazard is None and "natural" in given:
            hazard, hazard_words = _by_magnitude(looked)
        countries, places = find_places(prepared, looked.found, self._home_country)
        colour, colour_words = find_colour(looked.hits)
        nationals, nationals_words = find_nationals(prepared, self._home_country)
        unsure, evidence = tags.unsure, tags.evidence
        if nationals == "harmed" and not given and not looked.flags and tags.probabilities:
            # news of our own people is never passed over without asking
            chances = tags.probabilities
            likeliest = max(chances, key=lambda name: (chances[name], name == "human_made"))
            unsure, evidence = (likeliest,), {likeliest: nationals_words}
        return Tags(
            labels=tags.labels,
            unsure=unsure,
            probabilities=tags.probabilities,
            evidence=evidence,
            hazard=hazard if telling else None,
            hazard_evidence=hazard_words if telling else (),
            language=_language(looked),
            countries=countries,
            places=places,
            figures=looked.figures,
            nationals=nationals,
            nationals_evidence=nationals_words,
            communication=find_communication(prepared, looked.hits),
            flags=looked.flags,
            flags_evidence=looked.flags_evidence,
            claimed_by=find_claim(prepared, looked.hits, looked.found, countries),
            alert_colour=colour,
            alert_words=colour_words,
            classifier=self.version,
        )


def _language(looked: Looked) -> str:
    if looked.language != "sv":
        return looked.language
    prepared = looked.prepared
    return told_apart(prepared.folded, prepared.tokens, prepared.language)


def _by_magnitude(looked: Looked) -> tuple[str | None, tuple[str, ...]]:
    """A bulletin may name no hazard and still give a magnitude ("M 6.4 - 71 km WSW of …")."""
    words = tuple(figure.words for figure in looked.figures if figure.kind == "magnitude")
    return ("EQ", words[:1]) if words else (None, ())

"""Categories by lexicon alone: used while no model exists, and to give reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.figures import find_figures
from classifiers.flags import find_flags
from classifiers.language import detect
from classifiers.lexicon import Hit, category_of, scan
from classifiers.places import Found, find_all
from classifiers.tags import CATEGORIES, Figure, Tags, Text
from classifiers.terms import spot
from classifiers.text import Prepared, prepare

SURE = 0.6
UNSURE = 0.4

# Each piece of evidence lowers what is left of the doubt by this share.
_STRONG, _STRONG_SUMMARY, _HINT, _CUE, _DAMAGE = 0.62, 0.35, 0.22, 0.15, 0.2
# What remains of a probability in such a setting, per distinct word (at most two count).
_SETTING = 0.6
_FLAG = {"exercise": 0.25, "all_clear": 0.45, "retrospective": 0.3}


@dataclass(frozen=True, slots=True)
class Looked:
    """A text with its language, lexicon hits, flags, figures and places: what all readers share."""

    prepared: Prepared
    language: str
    hits: tuple[Hit, ...]
    flags: tuple[str, ...]
    flags_evidence: tuple[str, ...]
    figures: tuple[Figure, ...]
    found: tuple[Found, ...]


def look(item: Text) -> Looked:
    """Cut one text, find its language, lexicon words, flags, figures, places. Never raises."""
    prepared = prepare(item)
    language = detect(prepared.text, prepared.language)
    spotted = spot(prepared.folded)
    hits = scan(prepared, language, spotted.words)
    flags, evidence = find_flags(prepared, hits)
    return Looked(
        prepared,
        language,
        tuple(hits),
        flags,
        evidence,
        find_figures(prepared, language),
        tuple(find_all(prepared, spotted.places)),
    )


class KeywordClassifier:
    """Gives the categories whose words the text holds; probabilities are rough, 0..1."""

    version = "keywords-1"

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        """Categories, language and evidence for each text, same order; never raises."""
        return [self.read(look(text)) for text in texts]

    def classify_looked(self, looked: Sequence[Looked]) -> list[Tags]:
        """The same for texts that were looked at before."""
        return [self.read(one) for one in looked]

    def read(self, looked: Looked) -> Tags:
        """The tags of one text."""
        probabilities = {name: self._probability(looked, name) for name in CATEGORIES}
        labels = tuple(name for name in CATEGORIES if probabilities[name] >= SURE)
        unsure = tuple(name for name in CATEGORIES if UNSURE <= probabilities[name] < SURE)
        return Tags(
            labels=labels,
            unsure=unsure,
            probabilities=probabilities,
            evidence={name: category_words(looked.hits, name) for name in (*labels, *unsure)},
            language=looked.language,
            flags=looked.flags,
            flags_evidence=looked.flags_evidence,
            classifier=self.version,
        )

    def _probability(self, looked: Looked, category: str) -> float:
        doubt, named = 1.0, False
        title_end = looked.prepared.title_end
        damage: set[str] = set()
        seen: set[str] = set()
        settings: set[str] = set()
        for hit in looked.hits:
            if hit.key.startswith("~"):
                settings.add(hit.term)
            if hit.key == "+crisis":
                damage.add(hit.term)
            if hit.term in seen:
                continue
            hazard = hit.hazard
            if hazard is not None and category_of(hazard) == category:
                seen.add(hit.term)
                if hit.weak:
                    doubt *= 1 - _HINT
                else:
                    named = True
                    doubt *= 1 - (_STRONG if hit.start < title_end else _STRONG_SUMMARY)
            elif hit.key == f"+{category}":
                seen.add(hit.term)
                doubt *= 1 - _CUE
        if doubt == 1.0:
            return 0.0
        for _ in range(min(2, len(damage))):
            doubt *= 1 - _DAMAGE
        probability = 1 - doubt
        if not named:
            probability = min(probability, SURE - 0.05)
        # A market, a match or a court may also be where it happened: victims outweigh a word.
        probability *= _SETTING ** max(0, min(2, len(settings)) - (1 if damage and named else 0))
        for flag in looked.flags:
            probability *= _FLAG[flag]
        return round(min(probability, 0.97), 3)


def category_words(hits: Sequence[Hit], category: str) -> tuple[str, ...]:
    """The words that speak for a category, hazards first, as they stand in the text."""
    strong = [h for h in hits if h.hazard and not h.weak and category_of(h.hazard) == category]
    weak = [h for h in hits if h.weak and h.hazard and category_of(h.hazard) == category]
    cues = [h for h in hits if h.key == f"+{category}"]
    damage = [h for h in hits if h.key == "+crisis"]
    ordered = (hit.words for hit in (*strong, *weak, *cues, *(damage if strong else ())))
    return tuple(dict.fromkeys(ordered))[:5]

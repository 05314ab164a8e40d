"""What a model was made of and how good it is: counts for its card, and the card as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from classifiers.champion import MOST, STANDARD_ERRORS, macro_f1
from classifiers.corpus import Line
from classifiers.fixedtest import ONE_IN, parted
from classifiers.lessons import WEIGHTS, Lesson, counts
from classifiers.model import version_on
from classifiers.tags import CATEGORIES

# Themes of negatives that carry the words of a crisis without being one (corpus/README.md).
HARD = frozenset(
    [
        "metaphor", "sport", "drill", "anniversary", "trial", "insurance", "training", "budget",
        "film", "recall", "history", "science", "all_clear", "policy",
    ]
)  # fmt: skip
_HERE = Path(__file__).parent
_PAGE, _DATA = "model_card.txt", "model_card_data.txt"
_VOICES = {"both": "words and meaning", "words": "words alone"}


def data_of(lines: Sequence[Line], lessons: Sequence[Lesson] = ()) -> dict[str, Any]:
    """Counts of the corpus and of the lessons beside it, as plain values."""
    _, aside = parted(lines)
    return {
        "lines": len(lines),
        "languages": _counted(line.language for line in lines),
        "negatives_by_language": _counted(line.language for line in lines if not line.labels),
        "styles": _counted(line.style for line in lines),
        "negatives": sum(not line.labels for line in lines),
        "hard_negatives": sum(not line.labels and line.kind in HARD for line in lines),
        "labels": {name: sum(name in line.labels for line in lines) for name in CATEGORIES},
        "fixed_test_lines": len(aside),
        "lessons": counts(lessons),
    }


def figures_of(aside: Sequence[Line], given: Mapping[str, int]) -> dict[str, Any]:
    """F1 on the fixed test set: all, each category, and the mean of them in each language."""
    found: dict[str, Any] = {name: _round(value) for name, value in macro_f1(aside, given).items()}
    found["languages"] = {}
    for code in sorted({line.language for line in aside}):
        own = [line for line in aside if line.language == code]
        figure = macro_f1(own, given)["macro"]
        found["languages"][code] = {"lines": len(own), "macro": _round(figure)}
    return found


def page(card: Mapping[str, Any]) -> str:
    """The card as Markdown. `card` is what `card.json` holds."""
    test, folds, lessons = card["fixed_test"], card["cross_validation"], card["lessons"]
    figures = [
        (name, _shown(test[name]), _shown(folds[name]["precision"]), _shown(folds[name]["recall"]))
        for name in CATEGORIES
    ]
    languages = [
        (code, str(each["lines"]), _shown(each["macro"]))
        for code, each in test["languages"].items()
    ]
    limits = [
        (_VOICES[voice], name, f"{unsure:.2f}", f"{sure:.2f}")
        for voice, said in sorted(card["voices"].items())
        for name, (unsure, sure) in zip(CATEGORIES, said["thresholds"], strict=True)
    ]
    return _template(_PAGE).format(
        version=version_on(card),
        format=card["format"],
        built_at=card["built_at"],
        data=data_section(card),
        corrections=f"{lessons['correction']:,}",
        correction_weight=f"{WEIGHTS['correction']:g}",
        official=f"{lessons['official']:,}",
        official_weight=f"{WEIGHTS['official']:g}",
        macro=_shown(test["macro"]),
        th=_shown(test["th"]),
        en=_shown(test["en"]),
        figures=_table(("category", "F1, fixed test", "precision", "recall"), figures),
        languages=_table(("language", "test lines", "mean F1"), languages),
        standard_errors=f"{STANDARD_ERRORS:g}",
        most=f"{MOST:.2f}",
        thresholds=_table(("voice", "category", "asked from", "given from"), limits),
    )


def data_section(card: Mapping[str, Any]) -> str:
    """What the corpus holds; the same for every model of one corpus."""
    negatives = card["negatives_by_language"]
    rows = [
        (code, f"{count:,}", f"{negatives.get(code, 0) / count:.0%}")
        for code, count in card["languages"].items()
    ]
    said = _template(_DATA).format(
        lines=f"{card['lines']:,}",
        negatives=f"{card['negatives']:,}",
        share=f"{card['negatives'] / card['lines']:.0%}",
        hard=f"{card['hard_negatives']:,}",
        labels=", ".join(f"{name} {card['labels'][name]:,}" for name in CATEGORIES),
        styles=", ".join(f"{name} {count:,}" for name, count in card["styles"].items()),
        aside=f"{card['fixed_test_lines']:,}",
        one_in=ONE_IN,
        languages=_table(("language", "lines", "no crisis"), rows),
    )
    return said.rstrip()


def _template(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"

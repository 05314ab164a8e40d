"""The scorecard of a classifier: scores, confusion, calibration, and what thresholds cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from classifiers.calibration import Calibration, Cost, Point, calibration, costs, curve
from classifiers.evaluate import Group, Row, Scores, read_answers, scored
from classifiers.tags import CATEGORIES, Classifier, Tags

MOST_PAIRS = 12
NONE = "none"


@dataclass(frozen=True, slots=True)
class Confusion:
    """What became of one label: `asked` are true ones that an officer is asked about."""

    right: int
    false: int
    asked: int
    missed: int
    rest: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Rows of `true` labels that got `given` ones instead; several joined by +."""

    true: str
    given: str
    rows: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything measured on one labelled file. `worst` names slices, the worst first."""

    scores: Scores
    confusion: dict[str, Confusion]
    pairs: tuple[Pair, ...]
    calibration: dict[str, Calibration]
    curve: dict[str, tuple[Point, ...]]
    costs: tuple[Cost, ...]
    worst: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values: those of the scores, with the rest beside them."""
        return {
            **self.scores.as_json(),
            "confusion": {name: asdict(each) for name, each in self.confusion.items()},
            "confusion_pairs": [asdict(each) for each in self.pairs],
            "calibration": {name: _rounded(asdict(c)) for name, c in self.calibration.items()},
            "thresholds": {
                "labels": {
                    name: [_rounded(asdict(point)) for point in points]
                    for name, points in self.curve.items()
                },
                "all": [_rounded(asdict(cost)) for cost in self.costs],
            },
            "worst_slices": list(self.worst),
        }

    def as_text(self) -> str:
        """Tables to read, the slices with the worst first."""
        lines = [self.scores.as_text(self.worst).rstrip(), "", "confusion"]
        lines.append(
            f"{'':14}{'right':>8}{'false':>8}{'asked':>8}{'missed':>8}{'rest':>8}{'ECE':>8}"
        )
        for name, each in self.confusion.items():
            lines.append(
                f"{name:14}{each.right:>8}{each.false:>8}{each.asked:>8}{each.missed:>8}"
                f"{each.rest:>8}{self.calibration[name].ece:>8.3f}"
            )
        lines += ["", f"{'truth':26}{'given instead':26}{'rows':>6}"]
        lines += [f"{pair.true:26}{pair.given:26}{pair.rows:>6}" for pair in self.pairs]
        lines += ["", f"{'reliability':14}{'said':>8}{'true':>8}{'rows':>8}"]
        for name, each_calibration in self.calibration.items():
            lines += [
                f"{name:14}{each.said:>8.2f}{each.true:>8.2f}{each.rows:>8}"
                for each in each_calibration.bins
            ]
        return "\n".join(lines) + "\n"


def scorecard(classifier: Classifier, rows: Sequence[Row]) -> Scorecard:
    """Classify every row's text (without telling its language) and measure everything."""
    return measured(classifier.version, rows, read_answers(classifier, rows))


def measured(version: str, rows: Sequence[Row], tags: Sequence[Tags]) -> Scorecard:
    """The scorecard of answers that were given already, one for each row."""
    scores = scored(version, rows, tags)
    truth = np.array([[name in row.labels for name in CATEGORIES] for row in rows], dtype=bool)
    truth = truth.reshape(-1, len(CATEGORIES))
    said = np.array(
        [[tag.probabilities.get(name, 0.0) for name in CATEGORIES] for tag in tags], dtype=float
    ).reshape(-1, len(CATEGORIES))
    wrong = Counter(
        (_joined(row.labels), _joined(tag.labels))
        for row, tag in zip(rows, tags, strict=True)
        if set(row.labels) != set(tag.labels)
    )
    return Scorecard(
        scores=scores,
        confusion={name: _confusion(name, rows, tags) for name in CATEGORIES},
        pairs=tuple(Pair(*pair, count) for pair, count in wrong.most_common(MOST_PAIRS)),
        calibration={
            name: calibration(said[:, i], truth[:, i]) for i, name in enumerate(CATEGORIES)
        },
        curve={name: curve(said[:, i], truth[:, i]) for i, name in enumerate(CATEGORIES)},
        costs=costs(said, truth),
        worst=tuple(sorted(scores.slices, key=lambda name: _goodness(scores.slices[name]))),
    )


def _goodness(group: Group) -> float:
    """Macro F1; a slice without any crisis is as good as its false alarms are few."""
    if group.macro_f1 is not None:
        return group.macro_f1
    return 1.0 - (group.false_alarm or 0.0)


def _confusion(name: str, rows: Sequence[Row], tags: Sequence[Tags]) -> Confusion:
    found = Counter(
        _fate(name in row.labels, name in tag.labels, name in tag.unsure)
        for row, tag in zip(rows, tags, strict=True)
    )
    return Confusion(
        **{fate: found[fate] for fate in ("right", "false", "asked", "missed", "rest")}
    )


def _fate(true: bool, given: bool, asked: bool) -> str:
    if given:
        return "right" if true else "false"
    if not true:
        return "rest"
    return "asked" if asked else "missed"


def _joined(labels: Sequence[str]) -> str:
    return "+".join(name for name in CATEGORIES if name in labels) or NONE


def _rounded(value: object) -> object:
    """Numbers of four digits, through lists and mappings."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value

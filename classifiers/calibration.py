"""Do probabilities mean what they say, and what would another threshold cost?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
STEPS = tuple(round(0.02 * step, 2) for step in range(1, 50))


@dataclass(frozen=True, slots=True)
class Bin:
    """The rows whose probability lies in [low, high), the last bin with its upper end.

    `said` is their mean probability, `true` the share that really has the label.
    """

    low: float
    high: float
    rows: int
    said: float
    true: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Reliability of one label's probabilities, empty bins left out.

    `ece` is the expected calibration error: the mean distance between what was said and what
    was true, over rows.
    """

    bins: tuple[Bin, ...]
    ece: float


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold gives. Precision is None where nothing is given at it."""

    threshold: float
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What one threshold for all labels costs: shares of crises missed, of others alarmed."""

    threshold: float
    missed: float | None
    false: float | None


def calibration(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> Calibration:
    """Reliability of probabilities (n,) against truth (n,) in ten bins of equal width."""
    if not len(probabilities):
        return Calibration((), 0.0)
    place = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    found: list[Bin] = []
    for number in range(BINS):
        chosen = place == number
        if chosen.any():
            said, true = float(probabilities[chosen].mean()), float(truth[chosen].mean())
            found.append(Bin(number / BINS, (number + 1) / BINS, int(chosen.sum()), said, true))
    apart = sum(each.rows * abs(each.said - each.true) for each in found)
    return Calibration(tuple(found), apart / len(probabilities))


def curve(
    probabilities: NDArray[np.float64],
    truth: NDArray[np.bool_],
    steps: Sequence[float] = STEPS,
) -> tuple[Point, ...]:
    """Precision and recall of one label at each threshold."""
    found: list[Point] = []
    for step in steps:
        given = probabilities >= step
        right = int((given & truth).sum())
        found.append(
            Point(
                step,
                right / int(given.sum()) if given.any() else None,
                right / int(truth.sum()) if truth.any() else None,
            )
        )
    return tuple(found)


def costs(
    probabilities: NDArray[np.float64],
    truth: NDArray[np.bool_],
    steps: Sequence[float] = STEPS,
) -> tuple[Cost, ...]:
    """Missed crises and false alarms with one threshold for all labels, both of shape (n, 3)."""
    best = probabilities.max(axis=1) if len(probabilities) else np.zeros(0)
    crisis = truth.any(axis=1) if len(truth) else np.zeros(0, dtype=bool)
    return tuple(
        Cost(
            step,
            float((best[crisis] < step).mean()) if crisis.any() else None,
            float((best[~crisis] >= step).mean()) if (~crisis).any() else None,
        )
        for step in steps
    )

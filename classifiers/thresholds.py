"""Scores become probabilities; from where on a label is given, asked about, or ruled out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The sure threshold keeps this precision on lines the model had not seen, where it can.
_SURE_PRECISION = 0.8
# Below this share of all true labels lies what is neither given nor asked about.
_UNSURE_MISSES = 0.03
_UNSURE_MOST = 0.05  # and at most this share of all lines may be left to an officer
# Of all true labels, this share may be cleared by words alone without asking for the meaning.
_CLEARED_MISSES = 0.001


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `sure` on a label is given; from `unsure` on an officer is asked."""

    unsure: float
    sure: float


def calibrate(
    scores: NDArray[np.float64],
    truth: NDArray[np.bool_],
    counting: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slopes and offsets, each (3,), that turn unseen scores (n, 3) into probabilities.

    `counting` (n,) is what each row counts, by default 1.
    Source: sigmoid calibration (Platt 1999), here as a plain logistic regression.
    """
    from sklearn.linear_model import LogisticRegression

    slopes, offsets = [], []
    for index in range(truth.shape[1]):
        machine = LogisticRegression(C=1e6)
        machine.fit(scores[:, index : index + 1], truth[:, index], sample_weight=counting)
        slopes.append(-float(machine.coef_[0, 0]))
        offsets.append(-float(machine.intercept_[0]))
    return np.array(slopes), np.array(offsets)


def choose_threshold(
    probabilities: NDArray[np.float64],
    truth: NDArray[np.bool_],
    counting: NDArray[np.float64] | None = None,
) -> Threshold:
    """Where a label is sure, and from where on an officer is asked, on unseen lines.

    Sure: the best F1, but no lower than where precision reaches 0.8; a missed crisis costs more
    than a look at a false one. Unsure: low enough to lose only 3 % of the true labels, unless
    more than 5 % of all lines would then be asked about. `counting` (n,) is what each line
    counts, by default 1.
    """
    count = np.ones(len(truth)) if counting is None else counting
    every = float(count.sum())
    grid = np.round(np.arange(0.05, 0.951, 0.01), 2)
    best, sure = -1.0, 0.5
    for limit in grid:
        given = probabilities >= limit
        right = float(count[given & truth].sum())
        total = float(count[given].sum())
        f1 = 2 * right / max(1.0, total + float(count[truth].sum()))
        value = f1 - max(0.0, _SURE_PRECISION - right / max(1.0, total))
        if value > best + 1e-9:
            best, sure = value, float(limit)
    unsure = sure
    for limit in grid[grid < sure][::-1]:
        between = (probabilities >= limit) & (probabilities < sure)
        if count[between].sum() > _UNSURE_MOST * every:
            break
        unsure = float(limit)
        lost = truth & (probabilities < limit)
        if count[lost].sum() <= _UNSURE_MISSES * count[truth].sum():
            break
    return Threshold(unsure, sure)


def clear_below(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """The probability by words below which hardly any true crisis lies, all categories together."""
    crisis = truth.any(axis=1)
    most = np.sort(probabilities[crisis].max(axis=1))
    return float(most[int(_CLEARED_MISSES * most.size)])

"""Trains the classifier from the corpus, and from what officers and official sources taught."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import Line, corpus_hash
from classifiers.errors import ModelError
from classifiers.features import Features
from classifiers.fixedtest import parted
from classifiers.keywords import look
from classifiers.lessons import Lesson
from classifiers.model import Threshold, TrainedClassifier, Weights, code_key, model_key
from classifiers.modelcard import data_of
from classifiers.tags import CATEGORIES
from classifiers.vocabulary import Vocabulary

Progress = Callable[[str], None]

FOLDS = 5
_COST = 4.0  # inverse strength of regularisation, by cross-validation on the corpus
_SEED = 20211116
# The sure threshold keeps this precision on lines the model had not seen, where it can.
_SURE_PRECISION = 0.8
# Below this share of all true labels lies what is neither given nor asked about.
_UNSURE_MISSES = 0.03
_UNSURE_MOST = 0.05  # and at most this share of all lines may be left to an officer


def _quiet(_: str) -> None:
    """No progress wanted."""


def train(
    lines: Sequence[Line],
    *,
    lessons: Sequence[Lesson] = (),
    progress: Progress = _quiet,
    built_at: str = "",
    key: str | None = None,
) -> TrainedClassifier:
    """A classifier trained on `lines`; `built_at` (free text, a date) goes onto its card.

    `key` is what the model is kept under, by default that of this code and corpus. The lines of
    the fixed test set are left aside. `lessons` are learnt by their weight, and never measured on.

    Scores are calibrated, and thresholds chosen, on folds that the model had not seen.
    Raises ModelError when a category has fewer than ten lines for or against it.
    """
    progress(f"reading {len(lines)} corpus lines and {len(lessons)} lessons of the desk")
    data = data_of(lines, lessons)
    lines, _ = parted(lines)
    rows, truth = vectorize([*lines, *lessons])
    weights = np.array([1.0] * len(lines) + [lesson.weight for lesson in lessons])
    measured = slice(len(lines))
    for index, name in enumerate(CATEGORIES):
        if not 10 <= truth[measured, index].sum() <= len(lines) - 10:
            raise ModelError(f"too few corpus lines for or against {name}")
    folds = np.concatenate([group_folds(lines), np.full(len(lessons), -1)])
    held_out = np.zeros(truth.shape)
    for fold in range(FOLDS):
        progress(f"cross-validation {fold + 1} of {FOLDS}")
        chosen = folds == fold
        coefficients, intercepts = fit(rows[~chosen], truth[~chosen], weights[~chosen])
        held_out[chosen] = rows[chosen] @ coefficients.T + intercepts
    held_out, known = held_out[measured], truth[measured]
    slopes, offsets = calibrate(held_out, known)
    probabilities = 1 / (1 + np.exp(np.clip(held_out * slopes + offsets, -40, 40)))
    thresholds = [
        choose_threshold(probabilities[:, i], known[:, i]) for i in range(len(CATEGORIES))
    ]
    progress("fitting on all lines")
    coefficients, intercepts = fit(rows, truth, weights)
    numbers = Weights(np.ascontiguousarray(coefficients.T, np.float32), intercepts, slopes, offsets)
    card: dict[str, Any] = {
        "key": key or model_key(),
        "base": model_key(),
        "code": code_key(),
        "corpus": corpus_hash(),
        "built_at": built_at,
        **data,
        "cross_validation": _figures(probabilities, known, thresholds),
    }
    return TrainedClassifier(numbers, thresholds, card)


def vectorize(lines: Sequence[Line | Lesson]) -> tuple[Any, NDArray[np.bool_]]:
    """Feature matrix (n, SIZE) and truth (n, 3) of corpus lines."""
    rows = Features([look(line.text) for line in lines], Vocabulary()).matrix()
    truth = np.array([[name in line.labels for name in CATEGORIES] for line in lines])
    return rows, truth


def group_folds(lines: Sequence[Line]) -> NDArray[np.int64]:
    """A fold number per line. Neighbours in a file, often alike, stay in one fold."""
    blocks: dict[tuple[str, str, int], list[int]] = {}
    counts: dict[tuple[str, str], int] = {}
    for index, line in enumerate(lines):
        place = counts.get((line.language, line.file), 0)
        counts[line.language, line.file] = place + 1
        blocks.setdefault((line.language, line.file, place // 10), []).append(index)
    folds = np.zeros(len(lines), dtype=np.int64)
    order = np.random.default_rng(_SEED).permutation(len(blocks))
    for number, block in zip(order, blocks.values(), strict=True):
        folds[block] = number % FOLDS
    return folds


def fit(
    rows: Any, truth: NDArray[np.bool_], counting: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients (3, SIZE) and intercepts (3,) of one linear model a category.

    `counting` (n,) is what each row counts, by default 1.
    """
    from sklearn.svm import LinearSVC

    coefficients, intercepts = [], []
    for index in range(truth.shape[1]):
        machine = LinearSVC(C=_COST, class_weight=None, random_state=_SEED, max_iter=4000)
        machine.fit(rows, truth[:, index], sample_weight=counting)
        coefficients.append(machine.coef_[0])
        intercepts.append(float(machine.intercept_[0]))
    return np.array(coefficients), np.array(intercepts)


def calibrate(
    scores: NDArray[np.float64], truth: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slopes and offsets, each (3,), that turn unseen scores (n, 3) into probabilities.

    Source: sigmoid calibration (Platt 1999), here as a plain logistic regression.
    """
    from sklearn.linear_model import LogisticRegression

    slopes, offsets = [], []
    for index in range(truth.shape[1]):
        machine = LogisticRegression(C=1e6)
        machine.fit(scores[:, index : index + 1], truth[:, index])
        slopes.append(-float(machine.coef_[0, 0]))
        offsets.append(-float(machine.intercept_[0]))
    return np.array(slopes), np.array(offsets)


def choose_threshold(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> Threshold:
    """Where a label is sure, and from where on an officer is asked, on unseen lines.

    Sure: the best F1, but no lower than where precision reaches 0.8; a missed crisis costs more
    than a look at a false one. Unsure: low enough to lose only 3 % of the true labels, unless
    more than 5 % of all lines would then be asked about.
    """
    grid = np.round(np.arange(0.05, 0.951, 0.01), 2)
    best, sure = -1.0, 0.5
    for limit in grid:
        given = probabilities >= limit
        right = float((given & truth).sum())
        precision = right / max(1.0, float(given.sum()))
        f1 = 2 * right / max(1.0, float(given.sum() + truth.sum()))
        value = f1 - max(0.0, _SURE_PRECISION - precision)
        if value > best + 1e-9:
            best, sure = value, float(limit)
    unsure = sure
    for limit in grid[grid < sure][::-1]:
        if ((probabilities >= limit) & (probabilities < sure)).mean() > _UNSURE_MOST:
            break
        unsure = float(limit)
        if (truth & (probabilities < limit)).sum() <= _UNSURE_MISSES * truth.sum():
            break
    return Threshold(unsure, sure)


def _figures(
    probabilities: NDArray[np.float64],
    truth: NDArray[np.bool_],
    thresholds: Sequence[Threshold],
) -> dict[str, Any]:
    figures: dict[str, Any] = {"folds": "blocks of ten neighbouring lines"}
    for index, name in enumerate(CATEGORIES):
        limit = thresholds[index]
        given = probabilities[:, index] >= limit.sure
        asked = (probabilities[:, index] >= limit.unsure) & ~given
        right = int((given & truth[:, index]).sum())
        figures[name] = {
            "precision": round(right / max(1, int(given.sum())), 4),
            "recall": round(right / max(1, int(truth[:, index].sum())), 4),
            "asked": round(float(asked.mean()), 4),
            "sure_from": limit.sure,
            "unsure_from": limit.unsure,
        }
    return figures

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
from classifiers.learning import SEED, Learnt, Linear
from classifiers.lessons import Lesson
from classifiers.meaning import find_encoder
from classifiers.model import (
    TrainedClassifier,
    Voice,
    Weights,
    code_key,
    model_key,
)
from classifiers.modelcard import HARD, data_of
from classifiers.tags import CATEGORIES
from classifiers.text import prepare
from classifiers.thresholds import Threshold, calibrate, choose_threshold, clear_below
from classifiers.vocabulary import Vocabulary

Progress = Callable[[str], None]

FOLDS = 5
# The corpus holds far more negatives with the words of a crisis than a day's feeds do: for
# probabilities and thresholds, one of them counts this much.
_HARD_COUNTS = 0.25


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
    texts: list[Line | Lesson] = [*lines, *lessons]
    rows, truth = vectorize(texts)
    weights = np.array([1.0] * len(lines) + [lesson.weight for lesson in lessons])
    measured = slice(len(lines))
    for index, name in enumerate(CATEGORIES):
        if not 10 <= truth[measured, index].sum() <= len(lines) - 10:
            raise ModelError(f"too few corpus lines for or against {name}")
    folds = np.concatenate([group_folds(lines), np.full(len(lessons), -1)])
    encoder = find_encoder()
    vectors = None
    if encoder is not None:
        progress("reading their meaning")
        vectors = encoder.encode([prepare(each.text) for each in texts])
    plain, together = np.zeros(truth.shape), np.zeros(truth.shape)
    for fold in range(FOLDS):
        progress(f"cross-validation {fold + 1} of {FOLDS}")
        out = folds == fold
        known = Learnt.of(rows[~out], truth[~out], weights[~out], _some(vectors, ~out))
        plain[out], together[out] = known.scores(rows[out], _some(vectors, out))
    progress("fitting on all lines")
    learnt = Learnt.of(rows, truth, weights, vectors)
    counting = counting_of(lines)
    known_truth = truth[measured]
    words, by_words = _judged(plain[measured], known_truth, counting, learnt.words)
    card: dict[str, Any] = {
        "key": key or model_key(),
        "base": model_key(),
        "code": code_key(),
        "corpus": corpus_hash(),
        "built_at": built_at,
        **data,
        "cross_validation": _figures(by_words, known_truth, words.thresholds),
    }
    if learnt.both is None:
        return TrainedClassifier(words, card)
    both, by_both = _judged(together[measured], known_truth, counting, learnt.both)
    card["cross_validation"] = _figures(by_both, known_truth, both.thresholds)
    clear = min(
        clear_below(by_words, known_truth), *(limit.unsure - 0.01 for limit in both.thresholds)
    )
    return TrainedClassifier(words, card, both=both, clear=clear, encoder=encoder)


def _some(
    vectors: NDArray[np.float32] | None, chosen: NDArray[np.bool_]
) -> NDArray[np.float32] | None:
    return None if vectors is None else vectors[chosen]


def _judged(
    scores: NDArray[np.float64],
    truth: NDArray[np.bool_],
    counting: NDArray[np.float64],
    learnt: Linear,
) -> tuple[Voice, NDArray[np.float64]]:
    """A voice, calibrated on unseen scores (n, 3), and the probabilities (n, 3) of these."""
    slopes, offsets = calibrate(scores, truth, counting)
    probabilities = 1 / (1 + np.exp(np.clip(scores * slopes + offsets, -40, 40)))
    thresholds = tuple(
        choose_threshold(probabilities[:, i], truth[:, i], counting) for i in range(len(CATEGORIES))
    )
    weights = Weights(
        np.ascontiguousarray(learnt.coefficients, np.float32),
        learnt.intercepts,
        slopes,
        offsets,
        None if learnt.meaning is None else np.ascontiguousarray(learnt.meaning, np.float32),
    )
    return Voice(weights, thresholds), probabilities


def counting_of(lines: Sequence[Line]) -> NDArray[np.float64]:
    """What each line (n,) counts when probabilities and thresholds are found."""
    return np.array([_HARD_COUNTS if line.kind in HARD else 1.0 for line in lines])


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
    order = np.random.default_rng(SEED).permutation(len(blocks))
    for number, block in zip(order, blocks.values(), strict=True):
        folds[block] = number % FOLDS
    return folds


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

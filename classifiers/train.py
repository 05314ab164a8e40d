"""Trains the classifier from the corpus, and keeps one trained model per corpus and code.

As a program (`python -m classifiers.train MODEL_DIR`) it makes sure that the model is there
and prints a line per step, so that a server can train in a process of its own.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import Line, corpus_hash, load
from classifiers.errors import CorpusError, ModelError
from classifiers.features import Features
from classifiers.keywords import look
from classifiers.model import (
    MODEL_FILE,
    Threshold,
    TrainedClassifier,
    Weights,
    model_key,
)
from classifiers.model import load as load_model
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
    progress: Progress = _quiet,
    built_at: str = "",
    key: str | None = None,
) -> TrainedClassifier:
    """A classifier trained on `lines`; `built_at` (free text, a date) goes onto its card.

    `key` is what the model is kept under, by default that of this code and corpus.

    Scores are calibrated, and thresholds chosen, on folds that the model had not seen.
    Raises ModelError when a category has fewer than ten lines for or against it.
    """
    progress(f"reading {len(lines)} corpus lines")
    rows, truth = vectorize(lines)
    for index, name in enumerate(CATEGORIES):
        if not 10 <= truth[:, index].sum() <= len(lines) - 10:
            raise ModelError(f"too few corpus lines for or against {name}")
    folds = group_folds(lines)
    held_out = np.zeros(truth.shape)
    for fold in range(FOLDS):
        progress(f"cross-validation {fold + 1} of {FOLDS}")
        chosen = folds == fold
        coefficients, intercepts = fit(rows[~chosen], truth[~chosen])
        held_out[chosen] = rows[chosen] @ coefficients.T + intercepts
    slopes, offsets = calibrate(held_out, truth)
    probabilities = 1 / (1 + np.exp(np.clip(held_out * slopes + offsets, -40, 40)))
    thresholds = [
        choose_threshold(probabilities[:, i], truth[:, i]) for i in range(len(CATEGORIES))
    ]
    progress("fitting on all lines")
    coefficients, intercepts = fit(rows, truth)
    weights = Weights(np.ascontiguousarray(coefficients.T, np.float32), intercepts, slopes, offsets)
    card: dict[str, Any] = {
        "key": key or model_key(),
        "corpus": corpus_hash(),
        "built_at": built_at,
        "lines": len(lines),
        "languages": {
            code: sum(line.language == code for line in lines)
            for code in sorted({line.language for line in lines})
        },
        "cross_validation": _figures(probabilities, truth, thresholds),
    }
    return TrainedClassifier(weights, thresholds, card)


def vectorize(lines: Sequence[Line]) -> tuple[Any, NDArray[np.bool_]]:
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


def fit(rows: Any, truth: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients (3, SIZE) and intercepts (3,) of one linear model a category."""
    from sklearn.svm import LinearSVC

    coefficients, intercepts = [], []
    for index in range(truth.shape[1]):
        machine = LinearSVC(C=_COST, class_weight=None, random_state=_SEED, max_iter=4000)
        machine.fit(rows, truth[:, index])
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


def ensure(
    model_dir: Path, *, progress: Progress = _quiet, built_at: str = ""
) -> TrainedClassifier:
    """The trained model of this corpus and code: loaded if it is there, built if not.

    It lives in `model_dir/<first 16 digits of its key>/`. One process builds, under a file
    lock; others wait and then load. A killed build leaves nothing that would be taken for a
    model. Raises ModelError if it can neither be loaded nor built.
    """
    key = model_key()
    folder = model_dir / key[:16]
    try:
        return load_model(folder, key=key)
    except ModelError:
        pass
    try:
        model_dir.mkdir(parents=True, exist_ok=True)
        with _locked(model_dir / ".lock", progress):
            if (folder / MODEL_FILE).exists():
                try:
                    return load_model(folder, key=key)
                except ModelError as error:
                    progress(f"{error}; training again")
            _build(model_dir, folder, key, progress, built_at)
    except (OSError, CorpusError) as error:
        raise ModelError(f"cannot build the model in {model_dir}: {error}") from error
    return load_model(folder, key=key)


def _build(model_dir: Path, folder: Path, key: str, progress: Progress, built_at: str) -> None:
    for left in model_dir.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=".building-", dir=model_dir))
    try:
        train(load(), progress=progress, built_at=built_at, key=key).save(new)
        if folder.exists():
            shutil.rmtree(folder)
        new.chmod(0o755)
        os.replace(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    progress(f"model ready in {folder}")


@contextmanager
def _locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the file lock; the system frees it when the process dies."""
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("another process is training; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Make sure that the model is in the folder; 0 on success, 1 with a sentence if not."""
    parser = argparse.ArgumentParser(prog="python -m classifiers.train", description=main.__doc__)
    parser.add_argument("model_dir", type=Path)
    parser.add_argument("--built-at", default="", help="a date to write onto the model's card")
    options = parser.parse_args(arguments)

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    try:
        ensure(options.model_dir, progress=say, built_at=options.built_at)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Cross-validation on the corpus alone, by blocks of lines, by language, style and hazard.

    python -m classifiers.tools.cross_validate [--only blocks hazard] [--words]

`random` mixes single lines and flatters; `blocks` keeps ten neighbouring lines together (what
the thresholds are chosen on); `language`, `style` and `hazard` (of a negative: its theme) learn
from the others and are tried on those left out: the nearest to a source that nobody has seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import Line, load
from classifiers.keywords import KeywordClassifier
from classifiers.learning import Learnt
from classifiers.meaning import find_encoder
from classifiers.tags import CATEGORIES
from classifiers.text import prepare
from classifiers.thresholds import calibrate, choose_threshold
from classifiers.train import FOLDS, counting_of, group_folds, vectorize


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line of figures per way of splitting; 0 always."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--only", nargs="*", default=["blocks", "language", "style", "hazard"])
    parser.add_argument("--words", action="store_true", help="by words alone")
    options = parser.parse_args(arguments)
    lines = load()
    rows, truth = vectorize(lines)
    counting = counting_of(lines)
    encoder = None if options.words else find_encoder()
    vectors = encoder.encode([prepare(line.text) for line in lines]) if encoder else None
    say(f"{len(lines)} lines, {int((~truth.any(axis=1)).sum())} of them no crisis")
    say(f"voice: {'words alone' if vectors is None else 'words and meaning'}")
    splits = {
        "random": np.random.default_rng(1).integers(0, FOLDS, len(lines)),
        "blocks": group_folds(lines),
        "language": _numbered([line.language for line in lines]),
        "style": _numbered([line.style for line in lines]),
        "hazard": _numbered([line.kind for line in lines]) % FOLDS,
    }
    for name in options.only:
        folds = splits[name]
        held_out = np.zeros(truth.shape)
        for fold in np.unique(folds):
            chosen = folds == fold
            learnt = Learnt.of(
                rows[~chosen],
                truth[~chosen],
                np.ones(int((~chosen).sum())),
                None if vectors is None else vectors[~chosen],
            )
            _, held_out[chosen] = learnt.scores(
                rows[chosen], None if vectors is None else vectors[chosen]
            )
        slopes, offsets = calibrate(held_out, truth, counting)
        probabilities = 1 / (1 + np.exp(np.clip(held_out * slopes + offsets, -40, 40)))
        limits = [choose_threshold(probabilities[:, i], truth[:, i], counting) for i in range(3)]
        given = probabilities >= np.array([limit.sure for limit in limits])
        asked = probabilities >= np.array([limit.unsure for limit in limits])
        report(name, given, asked, truth)
        if name == "blocks":
            by_language(lines, given, asked, truth)
    tags = KeywordClassifier().classify([line.text for line in lines])
    given = np.array([[c in tag.labels for c in CATEGORIES] for tag in tags])
    asked = np.array([[c in (*tag.labels, *tag.unsure) for c in CATEGORIES] for tag in tags])
    report("keywords", given, asked, truth)
    by_language(lines, given, asked, truth)
    return 0


def by_language(
    lines: Sequence[Line],
    given: NDArray[np.bool_],
    asked: NDArray[np.bool_],
    truth: NDArray[np.bool_],
) -> None:
    """One line per language of the corpus."""
    for code in sorted({line.language for line in lines}):
        chosen = np.flatnonzero([line.language == code for line in lines])
        report(f"  {code} ({chosen.size})", given[chosen], asked[chosen], truth[chosen])


def report(
    name: str, given: NDArray[np.bool_], asked: NDArray[np.bool_], truth: NDArray[np.bool_]
) -> None:
    """F1 per category, macro F1, missed crises, false alarms, share left to an officer."""
    right, total = (given & truth).sum(axis=0), given.sum(axis=0) + truth.sum(axis=0)
    f1 = 2 * right / np.maximum(total, 1)
    crisis = truth.any(axis=1)
    missed = float(np.mean(~asked[crisis].any(axis=1))) if crisis.any() else float("nan")
    false = float(np.mean(given[~crisis].any(axis=1))) if (~crisis).any() else float("nan")
    left = float((asked & ~given).any(axis=1).mean())
    shown = " ".join(f"{label} {value:.3f}" for label, value in zip(CATEGORIES, f1, strict=True))
    say(
        f"{name:12} macro {f1.mean():.3f} {shown} missed {missed:.3f} "
        f"false {false:.3f} asked {left:.3f}"
    )


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    order = {name: number for number, name in enumerate(sorted(set(names)))}
    return np.array([order[name] for name in names])


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

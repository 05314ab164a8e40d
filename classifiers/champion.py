"""Champion and challenger: may a new model take the place of the one in force?

Both have answered the same fixed test set, which neither has learnt from. The new one is taken
unless it is worse in a category, in Thai or in English by more than chance explains.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import Line
from classifiers.fixedtest import bits, mark
from classifiers.tags import CATEGORIES

LANGUAGES = ("th", "en")  # the officers' own: a model must not get worse in them
# One-sided 95 %: a difference within this many standard errors may be chance …
STANDARD_ERRORS = 1.64
MOST = 0.03  # … but three points of F1 are too much on any test set
FEWEST = 20  # lines that both have answered


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison, in F1; `tolerance` is what a difference may fall below zero.

    A value is None where nothing was there to be found.
    """

    name: str
    lines: int
    champion: float | None
    challenger: float | None
    tolerance: float
    worse: bool

    @property
    def difference(self) -> float | None:
        """Challenger less champion."""
        if self.champion is None or self.challenger is None:
            return None
        return self.challenger - self.champion


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two models did on the fixed test lines that both have answered."""

    champion: str
    challenger: str
    lines: int
    rows: tuple[Compared, ...]
    missed: tuple[float, float]  # share of crises without any label, champion and challenger
    false: tuple[float, float]  # share of the others with a sure label

    @property
    def worse(self) -> tuple[str, ...]:
        """The names of what got worse; `the fixed test set` where too little could be compared."""
        if self.lines < FEWEST:
            return ("the fixed test set",)
        return tuple(row.name for row in self.rows if row.worse)

    def as_json(self) -> dict[str, Any]:
        """Plain values to be stored beside the model."""
        return {**asdict(self), "rows": [asdict(row) for row in self.rows], "worse": self.worse}

    def as_text(self) -> str:
        """A table to read."""
        lines = [
            f"{self.challenger} against {self.champion}, which is in force: "
            f"{self.lines} lines that neither has learnt from",
            f"{'':14}{'lines':>7}{'in force':>10}{'new':>8}{'change':>9}{'allowed':>9}",
        ]
        for row in self.rows:
            change = "-" if row.difference is None else f"{row.difference:+.3f}"
            lines.append(
                f"{row.name:14}{row.lines:>7}{_shown(row.champion):>10}{_shown(row.challenger):>8}"
                f"{change:>9}{-row.tolerance:>9.3f}{'  WORSE' if row.worse else ''}"
            )
        for name, (old, new) in (("missed", self.missed), ("false alarms", self.false)):
            lines.append(f"{name:14}{'':7}{old:>10.3f}{new:>8.3f}{new - old:>+9.3f}        -")
        return "\n".join(lines)


def compare(
    lines: Sequence[Line],
    champion: tuple[str, Mapping[str, int]],
    challenger: tuple[str, Mapping[str, int]],
) -> Comparison:
    """Compare two models' answers on those of `lines` that both have answered.

    Each model is its version and its answers (`fixedtest.answers`).
    """
    both = [line for line in lines if mark(line) in champion[1] and mark(line) in challenger[1]]
    truth = _unpacked([bits(line.labels) for line in both])
    old, new = (
        _unpacked([each[1][mark(line)] for line in both]) for each in (champion, challenger)
    )
    every = np.ones(len(both), dtype=bool)
    rows = [
        _compared(name, truth, old, new, [index], every) for index, name in enumerate(CATEGORIES)
    ]
    for code in LANGUAGES:
        chosen = np.array([line.language == code for line in both], dtype=bool)
        rows.append(_compared(code, truth, old, new, range(len(CATEGORIES)), chosen))
    return Comparison(
        champion[0],
        challenger[0],
        len(both),
        tuple(rows),
        (_missed(truth, old), _missed(truth, new)),
        (_false(truth, old), _false(truth, new)),
    )


def macro_f1(lines: Sequence[Line], given: Mapping[str, int]) -> dict[str, float | None]:
    """F1 of one model on the lines that it has answered: all, each category, Thai, English."""
    compared = compare(lines, ("", given), ("", given))
    found = {row.name: row.champion for row in compared.rows}
    values = [found[name] for name in CATEGORIES]
    known = [value for value in values if value is not None]
    return {"macro": sum(known) / len(known) if known else None, **found}


def _compared(
    name: str,
    truth: NDArray[np.bool_],
    old: NDArray[np.bool_],
    new: NDArray[np.bool_],
    labels: Sequence[int],
    chosen: NDArray[np.bool_],
) -> Compared:
    """Mean F1 over `labels` on the chosen lines, with the standard error of the difference.

    Source: the delta method. F1 = 2R/(G+T) changes by (2r - F1 (g+t)) / (G+T) with one line
    of r right, g given and t true labels; both models answered the same lines, so the change
    of the difference is taken line by line and its squares are added up.
    """
    measured = [_f1(truth[chosen, index], old[chosen, index]) for index in labels]
    against = [_f1(truth[chosen, index], new[chosen, index]) for index in labels]
    pairs = [(a, b) for a, b in zip(measured, against, strict=True) if a and b]
    size = int(chosen.sum())
    if not pairs:
        return Compared(name, size, None, None, 0.0, worse=False)
    was = sum(a[0] for a, _ in pairs) / len(pairs)
    now = sum(b[0] for _, b in pairs) / len(pairs)
    moves = sum((b[1] - a[1] for a, b in pairs), np.zeros(size)) / len(pairs)
    tolerance = min(MOST, STANDARD_ERRORS * math.sqrt(float((moves**2).sum())))
    return Compared(name, size, was, now, tolerance, worse=now - was < -tolerance - 1e-12)


def _f1(
    truth: NDArray[np.bool_], given: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]] | None:
    """F1 and what each line moves it by; None if no line is truly of this label."""
    if not truth.any():
        return None
    total = float(truth.sum() + given.sum())
    right = (truth & given).astype(np.float64)
    f1 = 2 * float(right.sum()) / total
    return f1, (2 * right - f1 * (truth.astype(np.float64) + given)) / total


def _unpacked(packed: Sequence[int]) -> NDArray[np.bool_]:
    """Bits as columns: sure labels, then unsure ones, shape (n, 6)."""
    values = np.array(packed, dtype=np.int64).reshape(-1, 1)
    return (values >> np.arange(2 * len(CATEGORIES)) & 1).astype(bool)


def _missed(truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    crisis = truth.any(axis=1)
    return float(1 - given[crisis].any(axis=1).mean()) if crisis.any() else 0.0


def _false(truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    none = ~truth.any(axis=1)
    return float(given[none, : len(CATEGORIES)].any(axis=1).mean()) if none.any() else 0.0


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"

"""Fits the linear models of the voices: from words, and from words with what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Inverse strength of regularisation: what does best on hazards, styles and languages left out.
_COST = 0.1
SEED = 20211116


class Linear(NamedTuple):
    """Coefficients (SIZE, 3), intercepts (3,), and (512, 3) for sentence vectors or None."""

    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    meaning: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt from some rows: the linear models of the voices, not yet calibrated.

    `words` and `both` are coefficients (SIZE, 3), intercepts (3,) and what vectors count (512, 3),
    None by words alone. The second voice is the mean of the first and of one that learnt from
    words and vectors at once: steadier than either on what no line was like.
    """

    words: Linear
    both: Linear | None

    @classmethod
    def of(
        cls,
        rows: Any,
        truth: NDArray[np.bool_],
        counting: NDArray[np.float64],
        vectors: NDArray[np.float32] | None = None,
    ) -> Learnt:
        """Learn from `rows` (n, SIZE), `truth` (n, 3), and vectors (n, 512) if there are some."""
        coefficients, intercepts = fit(rows, truth, counting)
        words = Linear(coefficients.T, intercepts, None)
        if vectors is None:
            return cls(words, None)
        from scipy.sparse import csr_matrix, hstack

        wide = hstack([rows, csr_matrix(vectors)]).tocsr()
        more, starts = fit(wide, truth, counting)
        mean = (coefficients + more[:, : -vectors.shape[1]]).T / 2
        both = Linear(mean, (intercepts + starts) / 2, more[:, -vectors.shape[1] :].T / 2)
        return cls(words, both)

    def scores(
        self, rows: Any, vectors: NDArray[np.float32] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Scores (n, 3) by words, and by both (by words again where there is no second voice)."""
        plain = np.asarray(rows @ self.words.coefficients + self.words.intercepts)
        if self.both is None or self.both.meaning is None or vectors is None:
            return plain, plain
        both = rows @ self.both.coefficients + self.both.intercepts + vectors @ self.both.meaning
        return plain, np.asarray(both)


def fit(
    rows: Any, truth: NDArray[np.bool_], counting: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients (3, SIZE) and intercepts (3,) of one linear model a category.

    `counting` (n,) is what each row counts, by default 1.
    """
    from sklearn.svm import LinearSVC

    coefficients, intercepts = [], []
    for index in range(truth.shape[1]):
        machine = LinearSVC(C=_COST, class_weight=None, random_state=SEED, max_iter=4000)
        machine.fit(rows, truth[:, index], sample_weight=counting)
        coefficients.append(machine.coef_[0])
        intercepts.append(float(machine.intercept_[0]))
    return np.array(coefficients), np.array(intercepts)

"""The trained classifier: one calibrated linear model a category, saved without pickles.

Only arrays and numbers are stored; the features are made by code. A model therefore belongs to
the code and corpus it was trained with, and `load` refuses any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.corpus import corpus_hash
from classifiers.errors import ModelError
from classifiers.explain import evidence_words
from classifiers.features import SIZE, matrix, weigh
from classifiers.keywords import Looked, look
from classifiers.tags import CATEGORIES, Tags, Text

MODEL_FILE, CARD_FILE = "model.skops", "card.json"
_FORMAT = 1
_HERE = Path(__file__).parent
# What a change of makes an old model useless.
_CODE = ("text.py", "lexicon.py", "language.py", "flags.py", "figures.py", "gazetteer.py",
         "places.py", "keywords.py", "features.py", "model.py", "train.py")  # fmt: skip
_DATA = ("lexicon/*.tsv", "figures.tsv", "places_data/*.tsv", "places_data/stop.txt")


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `sure` on a label is given; from `unsure` on an officer is asked."""

    unsure: float
    sure: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the model, categories in the order of `CATEGORIES`.

    `coefficients` has shape (3, SIZE); `intercepts`, `slopes`, `offsets` have shape (3,).
    A score s becomes the probability 1 / (1 + exp(slope * s + offset)), slope below zero.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def scores(self, rows: Any) -> NDArray[np.float64]:
        """Raw scores, shape (n, 3), of a hashed feature matrix of shape (n, SIZE)."""
        return np.asarray(rows @ self.coefficients.T, dtype=np.float64) + self.intercepts

    def probabilities(self, rows: Any) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (n, 3)."""
        exponent = np.clip(self.scores(rows) * self.slopes + self.offsets, -40, 40)
        return 1.0 / (1.0 + np.exp(exponent))


class TrainedClassifier:
    """Categories by the trained models, with calibrated probabilities and words as reasons."""

    def __init__(
        self, weights: Weights, thresholds: Sequence[Threshold], card: dict[str, Any]
    ) -> None:
        """`thresholds` in the order of `CATEGORIES`; `card` is what `card.json` holds."""
        self.weights = weights
        self.thresholds = tuple(thresholds)
        self.card = card
        self.version = f"linear-{str(card.get('key', ''))[:12]}"

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        """Tags with categories, language and flags for each text, same order; never raises."""
        return self.classify_looked([look(text) for text in texts])

    def classify_looked(self, looked: Sequence[Looked]) -> list[Tags]:
        """The same for texts that were looked at before."""
        if not looked:
            return []
        probabilities = self.weights.probabilities(matrix([weigh(one) for one in looked]))
        return [self._tags(one, row) for one, row in zip(looked, probabilities, strict=True)]

    def _tags(self, looked: Looked, row: NDArray[np.float64]) -> Tags:
        if not looked.prepared.words:
            row = np.zeros(len(CATEGORIES))
        values = {name: round(float(p), 4) for name, p in zip(CATEGORIES, row, strict=True)}
        limits = dict(zip(CATEGORIES, self.thresholds, strict=True))
        labels = tuple(n for n in CATEGORIES if values[n] >= limits[n].sure)
        unsure = tuple(n for n in CATEGORIES if limits[n].unsure <= values[n] < limits[n].sure)
        evidence = {
            name: evidence_words(looked, name, self.weights.coefficients[index])
            for index, name in enumerate(CATEGORIES)
            if name in labels or name in unsure
        }
        return Tags(
            labels=labels,
            unsure=unsure,
            probabilities=values,
            evidence=evidence,
            language=looked.language,
            flags=looked.flags,
            flags_evidence=looked.flags_evidence,
            classifier=self.version,
        )

    def save(self, folder: Path) -> None:
        """Write `model.skops` and `card.json` into an existing folder."""
        import skops.io

        kept = np.flatnonzero(np.any(self.weights.coefficients != 0, axis=0)).astype(np.int32)
        stored = {
            "columns": kept,
            "coefficients": self.weights.coefficients[:, kept],
            "intercepts": self.weights.intercepts,
            "slopes": self.weights.slopes,
            "offsets": self.weights.offsets,
            "thresholds": np.array([[t.unsure, t.sure] for t in self.thresholds]),
        }
        path = folder / MODEL_FILE
        skops.io.dump(stored, path)
        card = {**self.card, "format": _FORMAT, "sha256": _digest(path)}
        text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def model_key() -> str:
    """SHA-256 (hex) over corpus, code, lexicon and the library versions a model depends on."""
    digest = hashlib.sha256(corpus_hash().encode())
    data = sorted(path for pattern in _DATA for path in _HERE.glob(pattern))
    for path in (*(_HERE / name for name in _CODE), *data):
        digest.update(path.name.encode() + path.read_bytes())
    for package in ("scikit-learn", "pythainlp", "py3langid"):
        digest.update(f"{package}={package_version(package)}".encode())
    return digest.hexdigest()


def read_card(folder: Path) -> dict[str, Any]:
    """What `card.json` of a model folder says; raises ModelError if it cannot be read."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"no model in {folder}") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / CARD_FILE} cannot be read: {error}") from error
    if not isinstance(card, dict):
        raise ModelError(f"{folder / CARD_FILE} is no model card")
    return card


def load(folder: Path, *, key: str | None = None) -> TrainedClassifier:
    """The model in `folder`; `key` is the one expected, by default that of this code and corpus.

    Raises ModelError if the model is missing, damaged, or belongs to other code or data.
    """
    card = read_card(folder)
    if card.get("format") != _FORMAT or card.get("key") != (key or model_key()):
        raise ModelError(f"the model in {folder} belongs to another corpus, code or library")
    path = folder / MODEL_FILE
    try:
        if _digest(path) != card.get("sha256"):
            raise ModelError(f"{path} is damaged: its checksum is not that of the card")
        stored = _stored(path)
        coefficients = np.zeros((len(CATEGORIES), SIZE), dtype=np.float32)
        coefficients[:, stored["columns"]] = stored["coefficients"]
        weights = Weights(coefficients, stored["intercepts"], stored["slopes"], stored["offsets"])
        thresholds = [Threshold(float(low), float(high)) for low, high in stored["thresholds"]]
        if len(thresholds) != len(CATEGORIES) or weights.slopes.shape != (len(CATEGORIES),):
            raise ModelError(f"{path} does not hold one model a category")
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    return TrainedClassifier(weights, thresholds, card)


def _stored(path: Path) -> dict[str, Any]:
    import zipfile

    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        stored = skops.io.load(path, trusted=[])
    except (zipfile.BadZipFile, UntrustedTypesFoundException, TypeError) as error:
        raise ModelError(f"{path} is damaged: {error}") from error
    if not isinstance(stored, dict):
        raise ModelError(f"{path} does not hold a model")
    return stored

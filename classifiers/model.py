"""The trained classifier: one calibrated linear model a category, saved without pickles.

Only arrays and numbers are stored, the array so that it can stay on disk until it is read; the
features are made by code. A model therefore belongs to
the code and corpus it was trained with, and `load` refuses any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers import latin
from classifiers.corpus import corpus_hash
from classifiers.errors import ModelError
from classifiers.explain import contributions, evidence_words
from classifiers.features import Features
from classifiers.keywords import Looked, look
from classifiers.tags import CATEGORIES, Tags, Text
from classifiers.vocabulary import SIZE, Vocabulary

MODEL_FILE, CARD_FILE = "weights.npy", "card.json"
FORMAT = 3
_FILES = (MODEL_FILE, latin.EXTRACT_FILE, latin.ROWS_FILE)
_HERE = Path(__file__).parent
# What a change of makes an old model useless: it would get other features than it learnt from.
_CODE = ("text.py", "thai.py", "terms.py", "lexicon.py", "language.py", "latin.py", "flags.py",
         "figures.py", "gazetteer.py", "places.py", "keywords.py", "vocabulary.py", "features.py",
         "model.py")  # fmt: skip
_TRAINING = ("train.py", "fixedtest.py", "lessons.py")  # what a change of asks for a new model
_DATA = ("lexicon/*.tsv", "figures.tsv", "places_data/*.tsv", "places_data/stop.txt")


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `sure` on a label is given; from `unsure` on an officer is asked."""

    unsure: float
    sure: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the model, categories in the order of `CATEGORIES`.

    `coefficients` has shape (SIZE, 3); `intercepts`, `slopes`, `offsets` have shape (3,).
    A score s becomes the probability 1 / (1 + exp(slope * s + offset)), slope below zero.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def probabilities(self, features: Features) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (n, 3)."""
        scores = features.scores(self.coefficients) + self.intercepts
        exponent = np.clip(scores * self.slopes + self.offsets, -40, 40)
        return np.asarray(1.0 / (1.0 + np.exp(exponent)))


class TrainedClassifier:
    """Categories by the trained models, with calibrated probabilities and words as reasons."""

    def __init__(
        self, weights: Weights, thresholds: Sequence[Threshold], card: dict[str, Any]
    ) -> None:
        """`thresholds` in the order of `CATEGORIES`; `card` is what `card.json` holds."""
        self.weights = weights
        self.thresholds = tuple(thresholds)
        self.card = card
        self._vocabulary = Vocabulary()
        self.version = f"linear-{str(card.get('key', ''))[:12]}"

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        """Tags with categories, language and flags for each text, same order; never raises."""
        return self.classify_looked([look(text) for text in texts])

    def classify_looked(self, looked: Sequence[Looked]) -> list[Tags]:
        """The same for texts that were looked at before."""
        if not looked:
            return []
        features = Features(looked, self._vocabulary)
        probabilities = self.weights.probabilities(features).tolist()
        points: NDArray[np.float64] | None = None
        bounds = features.standing.bounds.tolist()
        found: list[Tags] = []
        for index, (one, row) in enumerate(zip(looked, probabilities, strict=True)):
            tags = self._tags(one, row)
            given = (*tags.labels, *tags.unsure)
            if given:
                if points is None:
                    points = contributions(features.standing, self.weights.coefficients)
                own = points[bounds[index] : bounds[index + 1]].T
                evidence = {
                    name: evidence_words(one, name, own[CATEGORIES.index(name)])
                    for name in CATEGORIES
                    if name in given
                }
                tags = replace(tags, evidence=evidence)
            found.append(tags)
        return found

    def _tags(self, looked: Looked, row: Sequence[float]) -> Tags:
        if not looked.prepared.tokens:
            row = (0.0, 0.0, 0.0)
        values = {name: round(p, 4) for name, p in zip(CATEGORIES, row, strict=True)}
        limits = zip(CATEGORIES, self.thresholds, strict=True)
        given = [(name, limit) for name, limit in limits if values[name] >= limit.unsure]
        labels = tuple(name for name, limit in given if values[name] >= limit.sure)
        unsure = tuple(name for name, limit in given if values[name] < limit.sure)
        return Tags(
            labels=labels,
            unsure=unsure,
            probabilities=values,
            language=looked.language,
            flags=looked.flags,
            flags_evidence=looked.flags_evidence,
            classifier=self.version,
        )

    def save(self, folder: Path) -> None:
        """Write the weights, what the language readers need, and `card.json` into a folder."""
        np.save(folder / MODEL_FILE, np.ascontiguousarray(self.weights.coefficients))
        latin.SOURCE.get().save(folder)
        card = {
            **self.card,
            "format": FORMAT,
            "intercepts": self.weights.intercepts.tolist(),
            "slopes": self.weights.slopes.tolist(),
            "offsets": self.weights.offsets.tolist(),
            "thresholds": [[limit.unsure, limit.sure] for limit in self.thresholds],
            "sha256": {name: file_digest(folder / name) for name in _FILES},
        }
        text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def model_key() -> str:
    """SHA-256 (hex) over corpus, training code and `code_key`: what a model comes of."""
    digest = hashlib.sha256((corpus_hash() + code_key()).encode())
    for name in _TRAINING:
        digest.update(name.encode() + (_HERE / name).read_bytes())
    return digest.hexdigest()


def code_key() -> str:
    """SHA-256 (hex) over code, lexicon and library versions that make the features of a model."""
    digest = hashlib.sha256()
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


def runs_here(card: Mapping[str, Any]) -> bool:
    """Whether the model of this card was made for the code and libraries that run now."""
    return card.get("format") == FORMAT and card.get("code") == code_key()


def load(folder: Path, *, key: str | None = None) -> TrainedClassifier:
    """The model in `folder`; `key` is the one expected, by default any of this code.

    Raises ModelError if the model is missing, damaged, or belongs to other code or data.
    """
    card = read_card(folder)
    if not runs_here(card) or card.get("key") != (key or card.get("key")):
        raise ModelError(f"the model in {folder} belongs to another corpus, code or library")
    path = folder / MODEL_FILE
    try:
        for name in _FILES:
            if file_digest(folder / name) != card["sha256"][name]:
                raise ModelError(f"{folder / name} is damaged: its checksum is not the card's")
        coefficients = np.load(path, mmap_mode="r", allow_pickle=False)
        intercepts, slopes, offsets = (
            np.array(card[name], dtype=np.float64) for name in ("intercepts", "slopes", "offsets")
        )
        thresholds = [Threshold(float(low), float(high)) for low, high in card["thresholds"]]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    shapes = {each.shape for each in (intercepts, slopes, offsets)}
    wanted = (len(CATEGORIES),)
    if coefficients.shape != (SIZE, *wanted) or coefficients.dtype != np.float32:
        raise ModelError(f"{path} does not hold one model a category")
    if shapes != {wanted} or len(thresholds) != len(CATEGORIES):
        raise ModelError(f"{folder / CARD_FILE} does not hold one model a category")
    latin.SOURCE.use(folder)
    weights = Weights(np.asarray(coefficients), intercepts, slopes, offsets)
    return TrainedClassifier(weights, thresholds, card)

"""The trained classifier: calibrated linear models, saved without pickles.

A model has one or two voices. The first judges by words alone. The second, where sentence vectors
can be had (`meaning.py`), by words and meaning together; it is asked about every text that the
first does not clear at once.

Only arrays and numbers are stored, the arrays so that they can stay on disk until they are read;
the features are made by code. A model therefore belongs to the code it was trained with, and
`load` refuses any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as package_version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers import latin, telling
from classifiers.corpus import corpus_hash
from classifiers.errors import ModelError
from classifiers.explain import contributions, evidence_words
from classifiers.features import Features
from classifiers.keywords import Looked, look
from classifiers.meaning import (
    DIMENSIONS,
    PACKAGE,
    Encoder,
    file_digest,
    find_encoder,
    is_installed,
)
from classifiers.tags import CATEGORIES, Tags, Text
from classifiers.thresholds import Threshold
from classifiers.vocabulary import SIZE, Vocabulary

MODEL_FILE, CARD_FILE = "weights.npy", "card.json"
BOTH_FILE, MEANING_FILE = "weights_both.npy", "meaning.npy"
FORMAT = 4
_HERE = Path(__file__).parent
# What a change of makes an old model useless: it would get other features than it learnt from.
_CODE = ("text.py", "thai.py", "terms.py", "lexicon.py", "language.py", "latin.py", "flags.py",
         "figures.py", "gazetteer.py", "places.py", "keywords.py", "vocabulary.py", "features.py",
         "meaning.py", "model.py")  # fmt: skip
_TRAINING = (
    "train.py",
    "learning.py",
    "thresholds.py",
    "fixedtest.py",
    "lessons.py",
)  # what a change of asks for a new model
_DATA = ("lexicon/*.tsv", "figures.tsv", "places_data/*.tsv", "places_data/stop.txt")
# A text that says it is an exercise, or looks back, is no crisis in 97 and 96 of 100 corpus lines:
# what would be a label is a question there.
_DOUBTED = frozenset({"exercise", "retrospective"})
_ASKED_AT_ONCE = 64  # texts of which the phrases are asked about together: memory


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of one voice, categories in the order of `CATEGORIES`.

    `coefficients` has shape (SIZE, 3); `intercepts`, `slopes`, `offsets` have shape (3,);
    `meaning` has shape (512, 3), or is None where no sentence vectors are used.
    A score s becomes the probability 1 / (1 + exp(slope * s + offset)), slope below zero.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    meaning: NDArray[np.float32] | None = None

    def scores(
        self, features: Features, vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """What speaks for each category, shape (n, 3), not yet a probability."""
        scores = features.scores(self.coefficients) + self.intercepts
        if self.meaning is not None and vectors is not None:
            scores = scores + vectors @ self.meaning
        return scores

    def probabilities(
        self, features: Features, vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (n, 3); `vectors` (n, 512) where meaning counts."""
        exponent = np.clip(self.scores(features, vectors) * self.slopes + self.offsets, -40, 40)
        return np.asarray(1.0 / (1.0 + np.exp(exponent)))


@dataclass(frozen=True, slots=True)
class Voice:
    """One way to judge: its numbers, and its thresholds in the order of `CATEGORIES`."""

    weights: Weights
    thresholds: tuple[Threshold, ...]

    def as_json(self) -> dict[str, Any]:
        """What the card keeps of it: all but the large arrays."""
        return {
            "intercepts": self.weights.intercepts.tolist(),
            "slopes": self.weights.slopes.tolist(),
            "offsets": self.weights.offsets.tolist(),
            "thresholds": [[limit.unsure, limit.sure] for limit in self.thresholds],
        }


class TrainedClassifier:
    """Categories by the trained models, with calibrated probabilities and words as reasons."""

    def __init__(
        self,
        words: Voice,
        card: dict[str, Any],
        *,
        both: Voice | None = None,
        clear: float = 0.0,
        encoder: Encoder | None = None,
    ) -> None:
        """`words` and `both` are the voices; `card` is what `card.json` holds.

        A text is cleared at once when `words` gives every category less than `clear`; `both` is
        asked about the others, if there is an `encoder`.
        """
        self.words, self.both, self.clear = words, both, clear
        self.card = card
        self._encoder = encoder if both is not None else None
        self._vocabulary = Vocabulary()
        self.version = version_of(str(card.get("key", "")), meaning=self._encoder is not None)

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        """Tags with categories, language and flags for each text, same order; never raises."""
        return self.classify_looked([look(text) for text in texts])

    def classify_looked(self, looked: Sequence[Looked]) -> list[Tags]:
        """The same for texts that were looked at before."""
        if not looked:
            return []
        features = Features(looked, self._vocabulary)
        voice, judged = self._judged(looked, features)
        points: NDArray[np.float64] | None = None
        bounds = features.standing.bounds.tolist()
        found: list[Tags] = []
        unexplained: dict[int, list[str]] = {}
        for index, (one, row) in enumerate(zip(looked, judged.tolist(), strict=True)):
            tags = self._tags(one, row, voice.thresholds)
            given = (*tags.labels, *tags.unsure)
            if given:
                if points is None:
                    points = contributions(features.standing, voice.weights.coefficients)
                own = points[bounds[index] : bounds[index + 1]].T
                evidence = {
                    name: evidence_words(one, name, own[CATEGORIES.index(name)])
                    for name in CATEGORIES
                    if name in given
                }
                if not all(evidence.values()):
                    unexplained[index] = [name for name in given if not evidence[name]]
                tags = replace(tags, evidence=evidence)
            found.append(tags)
        waiting = iter(unexplained.items())
        while some := dict(islice(waiting, _ASKED_AT_ONCE)):
            for index, phrases in self._phrases(looked, voice, some).items():
                found[index] = replace(found[index], evidence={**found[index].evidence, **phrases})
        return found

    def _phrases(
        self, looked: Sequence[Looked], voice: Voice, wanted: Mapping[int, Sequence[str]]
    ) -> dict[int, dict[str, tuple[str, ...]]]:
        """The phrases that speak most for the `wanted` categories, by the voice that gave them.

        The phrases of all these texts are asked about together.
        """
        cut = {index: telling.phrases(looked[index]) for index in wanted}
        parts = [
            look(Text(looked[index].prepared.text[slice(*each)]))
            for index, spans in cut.items()
            for each in spans
        ]
        if not parts:
            return {}
        vectors = None
        if voice is self.both and self._encoder is not None:
            vectors = self._encoder.encode([part.prepared for part in parts])
        scores = voice.weights.scores(Features(parts, self._vocabulary), vectors)
        found: dict[int, dict[str, tuple[str, ...]]] = {}
        start = 0
        for index, spans in cut.items():
            own = scores[start : start + len(spans)]
            start += len(spans)
            if spans:
                found[index] = {
                    name: telling.best(looked[index], spans, own[:, column].tolist())
                    for name in wanted[index]
                    for column in (CATEGORIES.index(name),)
                }
        return found

    def _judged(
        self, looked: Sequence[Looked], features: Features
    ) -> tuple[Voice, NDArray[np.float64]]:
        """The voice that decides, and its probabilities (n, 3)."""
        judged = self.words.weights.probabilities(features)
        if self._encoder is None or self.both is None:
            return self.words, judged
        doubtful = np.flatnonzero(judged.max(axis=1) >= self.clear)
        if doubtful.size:
            vectors = np.zeros((len(looked), DIMENSIONS), dtype=np.float32)
            vectors[doubtful] = self._encoder.encode(
                [looked[i].prepared for i in doubtful.tolist()]
            )
            judged[doubtful] = self.both.weights.probabilities(features, vectors)[doubtful]
        return self.both, judged

    def _tags(self, looked: Looked, row: Sequence[float], thresholds: Sequence[Threshold]) -> Tags:
        if not looked.prepared.tokens:
            row = (0.0, 0.0, 0.0)
        values = {name: round(p, 4) for name, p in zip(CATEGORIES, row, strict=True)}
        limits = zip(CATEGORIES, thresholds, strict=True)
        given = [(name, limit) for name, limit in limits if values[name] >= limit.unsure]
        settled = _DOUBTED.isdisjoint(looked.flags)
        labels = tuple(name for name, limit in given if settled and values[name] >= limit.sure)
        unsure = tuple(name for name, _ in given if name not in labels)
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
        latin.SOURCE.get().save(folder)
        files = [MODEL_FILE, latin.EXTRACT_FILE, latin.ROWS_FILE]
        np.save(folder / MODEL_FILE, np.ascontiguousarray(self.words.weights.coefficients))
        voices = {"words": self.words.as_json()}
        if self.both is not None:
            files += [BOTH_FILE, MEANING_FILE]
            np.save(folder / BOTH_FILE, np.ascontiguousarray(self.both.weights.coefficients))
            np.save(folder / MEANING_FILE, np.asarray(self.both.weights.meaning))
            voices["both"] = self.both.as_json()
        card = {
            **self.card,
            "format": FORMAT,
            "voices": voices,
            "clear": self.clear,
            "sha256": {name: file_digest(folder / name) for name in files},
        }
        text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")


def version_of(key: str, *, meaning: bool) -> str:
    """The name of a model: whether it judges by meaning too, and the start of its key."""
    return f"{'meaning' if meaning else 'words'}-{key[:12]}"


def version_on(card: Mapping[str, Any]) -> str:
    """The name of the model of this card, with all the voices that it has."""
    return version_of(str(card.get("key", "")), meaning="both" in card.get("voices", {}))


def model_key() -> str:
    """SHA-256 (hex) over corpus, training code and `code_key`: what a model comes of.

    Another one where sentence vectors can be had: such a model has a second voice.
    """
    digest = hashlib.sha256((corpus_hash() + code_key()).encode())
    if is_installed():
        digest.update(f"{PACKAGE}={package_version(PACKAGE)}".encode())
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
    try:
        for name, wanted in card["sha256"].items():
            if file_digest(folder / name) != wanted:
                raise ModelError(f"{folder / name} is damaged: its checksum is not the card's")
        words = _voice(card["voices"]["words"], _array(folder, MODEL_FILE, SIZE))
        both = None
        if "both" in card["voices"]:
            meaning = _array(folder, MEANING_FILE, DIMENSIONS)
            both = _voice(card["voices"]["both"], _array(folder, BOTH_FILE, SIZE), meaning)
        clear = float(card["clear"])
        used = {MODEL_FILE, *((BOTH_FILE, MEANING_FILE) if both else ())}
        if not used <= set(card["sha256"]):
            raise ModelError(f"{folder / CARD_FILE} does not vouch for its weights")
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"the model in {folder} cannot be read: {error}") from error
    latin.SOURCE.use(folder)
    encoder = find_encoder() if both is not None else None
    return TrainedClassifier(words, card, both=both, clear=clear, encoder=encoder)


def _array(folder: Path, name: str, rows: int) -> NDArray[np.float32]:
    found = np.load(folder / name, mmap_mode="r", allow_pickle=False)
    if found.shape != (rows, len(CATEGORIES)) or found.dtype != np.float32:
        raise ModelError(f"{folder / name} does not hold one model a category")
    return np.asarray(found)


def _voice(
    said: Mapping[str, Any],
    coefficients: NDArray[np.float32],
    meaning: NDArray[np.float32] | None = None,
) -> Voice:
    intercepts, slopes, offsets = (
        np.array(said[name], dtype=np.float64) for name in ("intercepts", "slopes", "offsets")
    )
    thresholds = tuple(Threshold(float(low), float(high)) for low, high in said["thresholds"])
    shapes = {each.shape for each in (intercepts, slopes, offsets)}
    if shapes != {(len(CATEGORIES),)} or len(thresholds) != len(CATEGORIES):
        raise ModelError("the model's card does not hold one model a category")
    return Voice(Weights(coefficients, intercepts, slopes, offsets, meaning), thresholds)

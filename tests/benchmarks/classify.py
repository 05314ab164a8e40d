"""Text to tags."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from classifiers import building
from classifiers.cache import cached
from classifiers.corpus import load
from classifiers.keywords import KeywordClassifier
from classifiers.model import TrainedClassifier
from classifiers.reader import Reader
from classifiers.tags import Text

MODELS = Path("var/model")
_EVERY = 10  # lines of the corpus: all languages and kinds, about half of them a crisis
_BATCH = 500


@cache
def _texts() -> tuple[Text, ...]:
    return tuple(Text(line.title, line.summary) for line in load()[::_EVERY])


@cache
def _model() -> TrainedClassifier:
    """The model of `var/model`, built there first if need be, and warm."""
    model = building.ensure(MODELS)
    Reader(model).classify(_texts()[:1])
    return model


def keywords() -> tuple[int, str]:
    """Keyword rules with language, place, hazard, figures, nationals, flags."""
    return _in_batches(Reader(KeywordClassifier()))


def words() -> tuple[int, str]:
    """The same, categories by the model's first voice alone, as without the extra."""
    model = _model()
    return _in_batches(Reader(TrainedClassifier(model.words, model.card)))


def meaning() -> tuple[int, str]:
    """The same with sentence vectors, where the extra is installed."""
    return _in_batches(Reader(_model()))


def one_by_one() -> tuple[int, str]:
    """With sentence vectors, each headline on its own as a quiet day brings them."""
    reader, texts = Reader(_model()), _texts()[::_EVERY]
    for text in texts:
        reader.classify([text])
    return len(texts), "headline"


def ready() -> tuple[int, str]:
    """A model from its files."""
    if cached(MODELS) is None:
        _model()
    return 1, "model"


def _in_batches(reader: Reader) -> tuple[int, str]:
    texts = _texts()
    for start in range(0, len(texts), _BATCH):
        reader.classify(texts[start : start + _BATCH])
    return len(texts), "headline"

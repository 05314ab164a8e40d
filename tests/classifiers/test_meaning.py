from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from classifiers import meaning, model
from classifiers.corpus import load as load_corpus
from classifiers.errors import ModelError
from classifiers.meaning import DIMENSIONS, Encoder, find_encoder, is_installed
from classifiers.model import BOTH_FILE, CARD_FILE, MEANING_FILE, TrainedClassifier, load
from classifiers.tags import CATEGORIES, Text
from classifiers.text import Prepared, prepare
from classifiers.train import train

KEY = "k" * 64
PLAIN = Text("The minister opens a school and thanks the teachers")


@pytest.fixture(scope="module")
def trained() -> TrainedClassifier:
    return train(load_corpus()[::30], key=KEY)


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(meaning, "find_spec", lambda name: None)
    is_installed.cache_clear()
    yield
    is_installed.cache_clear()


class Counting(Encoder):
    """Counts what it is asked, and answers that every text means the same."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[Prepared]) -> NDArray[np.float32]:
        self.asked += [text.text for text in texts]
        return np.full((len(texts), DIMENSIONS), DIMENSIONS**-0.5, dtype=np.float32)


def test_vectors_have_length_one_and_tell_near_from_far_across_languages() -> None:
    encoder = find_encoder()
    assert encoder is not None
    texts = ["An earthquake destroyed the village", "แผ่นดินไหวทำลายหมู่บ้าน", "เขาชอบกินไอศกรีม"]
    vectors = encoder.encode([prepare(Text(each)) for each in texts])
    assert vectors.shape == (3, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)
    near, far = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    assert near > far + 0.2


@pytest.mark.parametrize("raw", ["", " ", "\ud800 broken", "🙂" * 300, "\u202e\u200b", "a" * 10**6])
def test_any_text_has_a_vector(raw: str) -> None:
    encoder = find_encoder()
    assert encoder is not None
    vectors = encoder.encode([prepare(Text(raw, raw[::-1]))])
    assert vectors.shape == (1, DIMENSIONS)
    assert np.isfinite(vectors).all()


def test_files_other_than_the_known_ones_give_no_encoder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(meaning._FILES, "sp.model", "0" * 64)
    is_installed.cache_clear()
    try:
        assert find_encoder() is None
    finally:
        is_installed.cache_clear()


def test_saving_and_loading_keeps_both_voices(trained: TrainedClassifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    again = load(tmp_path, key=KEY)
    texts = [line.text for line in load_corpus()[7::400]]
    for one, other in zip(trained.classify(texts), again.classify(texts), strict=True):
        assert (one.labels, one.unsure) == (other.labels, other.unsure)
        assert one.probabilities == pytest.approx(other.probabilities, abs=0.001)
    assert again.version.startswith("meaning-")


def test_without_the_extra_the_same_model_judges_by_words(
    trained: TrainedClassifier, tmp_path: Path, without_the_extra: None
) -> None:
    trained.save(tmp_path)
    again = load(tmp_path, key=KEY)
    texts = [line.text for line in load_corpus()[7::400]]
    assert again.version.startswith("words-")
    assert again.classify(texts) == TrainedClassifier(again.words, again.card).classify(texts)


def test_without_the_extra_a_model_with_one_voice_is_trained(
    tmp_path: Path, without_the_extra: None
) -> None:
    alone = train(load_corpus()[::60], key=KEY)
    assert alone.both is None
    alone.save(tmp_path)
    assert not (tmp_path / BOTH_FILE).exists()
    assert load(tmp_path, key=KEY).both is None


def test_a_model_made_with_the_extra_has_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = model.model_key()
    monkeypatch.setattr(model, "is_installed", lambda: False)
    assert model.model_key() != with_it


def test_only_texts_that_words_do_not_clear_are_asked_for_their_meaning(
    trained: TrainedClassifier,
) -> None:
    encoder = Counting()
    judge = TrainedClassifier(
        trained.words, trained.card, both=trained.both, clear=0.3, encoder=encoder
    )
    flood = Text("Flood in Peru kills 12, hundreds missing")
    by_words, again = TrainedClassifier(trained.words, trained.card).classify([PLAIN, flood])
    assert max(by_words.probabilities.values()) < 0.3 <= max(again.probabilities.values())
    judge.classify([PLAIN, flood])
    assert encoder.asked == [flood.title]


def test_what_words_clear_lies_below_every_threshold(trained: TrainedClassifier) -> None:
    assert trained.both is not None
    assert all(trained.clear < limit.unsure for limit in trained.both.thresholds)


@pytest.mark.parametrize("name", [BOTH_FILE, MEANING_FILE])
def test_a_damaged_second_voice_is_refused(
    trained: TrainedClassifier, tmp_path: Path, name: str
) -> None:
    trained.save(tmp_path)
    data = bytearray((tmp_path / name).read_bytes())
    data[-1] ^= 0xFF
    (tmp_path / name).write_bytes(bytes(data))
    with pytest.raises(ModelError, match="damaged"):
        load(tmp_path, key=KEY)


@pytest.mark.parametrize("name", [BOTH_FILE, MEANING_FILE])
def test_a_second_voice_that_the_card_does_not_vouch_for_is_refused(
    trained: TrainedClassifier, tmp_path: Path, name: str
) -> None:
    trained.save(tmp_path)
    card = json.loads((tmp_path / CARD_FILE).read_text(encoding="utf-8"))
    del card["sha256"][name]
    (tmp_path / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="vouch"):
        load(tmp_path, key=KEY)


def test_the_second_voice_is_the_mean_of_two(trained: TrainedClassifier) -> None:
    assert trained.both is not None
    assert trained.both.weights.meaning is not None
    assert trained.both.weights.meaning.shape == (DIMENSIONS, len(CATEGORIES))
    assert not np.allclose(
        trained.both.weights.coefficients, trained.words.weights.coefficients, atol=1e-4
    )

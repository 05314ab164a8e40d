from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from classifiers import latin, train
from classifiers.corpus import Line
from classifiers.errors import ModelError
from classifiers.features import Features, counted, signs
from classifiers.keywords import look
from classifiers.meaning import file_digest
from classifiers.model import CARD_FILE, MODEL_FILE, TrainedClassifier, load
from classifiers.tags import CATEGORIES, Text
from classifiers.train import calibrate, choose_threshold, group_folds
from classifiers.vocabulary import Vocabulary

SEEDS = {
    ("natural",): ["Flood in {} kills {}", "Earthquake shakes {}, {} hurt", "น้ำท่วมใน {} ตาย {}"],
    ("health",): ["Cholera outbreak in {}: {} cases", "โรคระบาดใน {} ป่วย {} ราย"],
    ("human_made",): ["Bombing in {} kills {}", "Gunmen attack {}, {} dead", "ระเบิดใน {} ดับ {}"],
    (): ["{} wins the cup by {} goals", "Minister visits {} with {} firms", "ตลาด {} โต {} เท่า"],
}
PLACES = ["Nepal", "Chile", "Kenya", "Osaka", "Lima", "Rome", "Cairo", "Hanoi", "Perth", "Oslo"]


def corpus() -> list[Line]:
    return [
        Line(labels, "EQ", "wire", (), pattern.format(place, number + 2), "", "en", f"{labels}")
        for labels, patterns in SEEDS.items()
        for number, place in enumerate(PLACES)
        for pattern in patterns
    ]


@pytest.fixture(scope="module")
def trained() -> TrainedClassifier:
    return train.train(corpus(), built_at="2026-01-01", key="k" * 64)


def test_a_trained_model_gives_the_categories_it_learnt(trained: TrainedClassifier) -> None:
    titles = [
        "Flood in Peru kills 9",
        "Cholera outbreak in Mali: 70 cases",
        "Bombing in Quito kills 4",
        "Minister visits Peru with 30 firms",
    ]
    texts = [Text(title) for title in titles]
    labels = [tags.labels for tags in trained.classify(texts)]
    assert labels == [("natural",), ("health",), ("human_made",), ()]


def test_saving_and_loading_changes_no_answer(trained: TrainedClassifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    again = load(tmp_path, key="k" * 64)
    texts = [Text(line.title) for line in corpus()]
    assert again.classify(texts) == trained.classify(texts)
    assert again.version == trained.version
    assert again.card["built_at"] == "2026-01-01"


def test_a_missing_model_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model"):
        load(tmp_path, key="k" * 64)


def test_a_model_of_other_code_or_corpus_is_refused(
    trained: TrainedClassifier, tmp_path: Path
) -> None:
    trained.save(tmp_path)
    with pytest.raises(ModelError, match="another corpus"):
        load(tmp_path, key="x" * 64)


def test_a_damaged_model_is_refused(trained: TrainedClassifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    data = bytearray((tmp_path / MODEL_FILE).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / MODEL_FILE).write_bytes(bytes(data))
    with pytest.raises(ModelError, match="damaged"):
        load(tmp_path, key="k" * 64)


def test_a_file_that_is_no_model_is_refused_even_with_its_checksum(
    trained: TrainedClassifier, tmp_path: Path
) -> None:
    trained.save(tmp_path)
    (tmp_path / MODEL_FILE).write_bytes(b"nothing of the kind")
    card = json.loads((tmp_path / CARD_FILE).read_text(encoding="utf-8"))
    card["sha256"][MODEL_FILE] = file_digest(tmp_path / MODEL_FILE)
    (tmp_path / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError):
        load(tmp_path, key="k" * 64)


@pytest.mark.parametrize("left_out", ["sha256", "voices", "clear"])
def test_a_card_that_lacks_numbers_is_refused(
    trained: TrainedClassifier, tmp_path: Path, left_out: str
) -> None:
    trained.save(tmp_path)
    card = json.loads((tmp_path / CARD_FILE).read_text(encoding="utf-8"))
    del card[left_out]
    (tmp_path / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError):
        load(tmp_path, key="k" * 64)


def test_the_saved_language_reader_ranks_as_the_package_does(
    trained: TrainedClassifier, tmp_path: Path
) -> None:
    trained.save(tmp_path)
    saved = latin.load(tmp_path)
    assert saved is not None
    for text in ("Flood in the valley", "Überschwemmung im Süden", "banjir di kota", "", "123"):
        assert saved.rank(text) == latin.from_package().rank(text)
    (tmp_path / latin.EXTRACT_FILE).write_bytes(b"broken")
    assert latin.load(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_broken_card_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / CARD_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError):
        load(tmp_path, key="k" * 64)


def test_the_evidence_holds_words_of_the_text(trained: TrainedClassifier) -> None:
    (tags,) = trained.classify([Text("น้ำท่วมใน Nepal ตาย 9")])
    assert "น้ำท่วม" in tags.evidence["natural"]
    assert all(word in "น้ำท่วมใน Nepal ตาย 9" for word in tags.evidence["natural"])


def test_a_text_without_words_has_probability_zero(trained: TrainedClassifier) -> None:
    (tags,) = trained.classify([Text("🙂 …")])
    assert set(tags.probabilities.values()) == {0.0}
    assert tags.labels == ()


def test_scores_are_those_of_the_whole_feature_matrix(trained: TrainedClassifier) -> None:
    looked = [look(Text("น้ำท่วม Flood in Perú kills 12", "洪水")), look(Text("")), look(Text("a b"))]
    features = Features(looked, Vocabulary())
    coefficients = trained.words.weights.coefficients
    assert np.allclose(features.scores(coefficients), features.matrix() @ coefficients, atol=1e-5)


def test_calibration_and_thresholds_follow_the_truth() -> None:
    scores = np.linspace(-2, 2, 400)[:, None]
    truth = scores > 0.3
    slopes, offsets = calibrate(scores, truth)
    probabilities = 1 / (1 + np.exp(scores[:, 0] * slopes[0] + offsets[0]))
    assert probabilities[0] < 0.05 < 0.95 < probabilities[-1]
    limit = choose_threshold(probabilities, truth[:, 0])
    assert limit.unsure <= limit.sure
    assert ((probabilities >= limit.sure) == truth[:, 0]).mean() > 0.98


def test_neighbouring_lines_share_a_fold() -> None:
    folds = group_folds(corpus())
    blocks = [set(folds[start : start + 10].tolist()) for start in range(0, 30, 10)]
    assert all(len(block) == 1 for block in blocks)


def test_too_little_data_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="too few"):
        train.train(corpus()[:12])


def test_the_thresholds_cover_every_category(trained: TrainedClassifier) -> None:
    assert len(trained.words.thresholds) == len(CATEGORIES)


def test_an_exercise_is_at_most_a_question(trained: TrainedClassifier) -> None:
    flood, drill = trained.classify(
        [Text("Flood in Nepal kills 9"), Text("EXERCISE EXERCISE: Flood in Nepal kills 9")]
    )
    assert flood.labels == ("natural",)
    assert "exercise" in drill.flags
    assert (drill.labels, drill.unsure) == ((), ("natural",))


def test_words_for_the_dead_and_their_number_speak_for_no_category() -> None:
    looked = look(Text("ระเบิดในตลาด เสียชีวิต 5 ราย"))
    assert {"l:+crisis", "f:dead"} <= set(signs(looked))
    assert not {"เสียชีวิต", "ราย"} & set(counted(looked))
    assert "ตลาด" in counted(looked)


def test_addresses_web_words_and_places_are_no_evidence(trained: TrainedClassifier) -> None:
    text = "<b>hidden</b> Flood in Nepal kills 9 https://evil.example/click see example.com"
    (tags,) = trained.classify([Text(text)])
    shown = " ".join(word for words in tags.evidence.values() for word in words).lower()
    assert "flood" in shown
    assert not any(word in shown for word in ("hidden", "evil", "example", "click", "nepal"))
    assert all(len(words) <= 5 for words in tags.evidence.values())

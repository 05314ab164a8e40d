"""A label that no known word explains still shows the part of the text that speaks for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from classifiers import telling, train
from classifiers.corpus import Line
from classifiers.features import Features
from classifiers.keywords import Looked, look
from classifiers.model import TrainedClassifier
from classifiers.tags import Text
from classifiers.vocabulary import Vocabulary


def shown(title: str, summary: str = "") -> list[str]:
    looked = look(Text(title, summary))
    return [looked.prepared.text[start:end] for start, end in telling.phrases(looked)]


def test_phrases_start_and_end_with_words_that_carry_meaning() -> None:
    found = shown("The house next to a pit comes down at dawn")
    assert "comes down at dawn" in found
    assert not [each for each in found if each.split()[0].lower() in {"the", "to", "a", "at"}]


def test_phrases_cross_no_punctuation_and_hold_no_address() -> None:
    found = shown("Slab fell on workers, crane is stuck; see www.evil.example/page now")
    assert {"Slab fell", "fell on workers"} <= set(found)
    assert not [each for each in found if "," in each or ";" in each or "evil" in each]


def test_numbers_and_names_of_places_alone_are_no_phrase() -> None:
    found = shown("Nepal 1,200 Kathmandu 37")
    assert found == []


def test_the_summary_speaks_when_the_title_has_nothing() -> None:
    assert "marooned two hamlets" in shown("Nepal 12", "The stream marooned two hamlets")


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ("梅州蕉岭镇街积水齐腰，冲锋舟逐户转移老人小孩", "梅州蕉岭镇街积水齐腰"),
        ("ເຮືອນພັງຫຼາຍຮ້ອຍຫຼັງ ແລະ ຄົນຕາຍ", "ເຮືອນພັງຫຼາຍຮ້ອຍຫຼັງ"),
        ("พื้นยุบกลางถนนกลืนรถสามคัน", "ยุบกลางถนน"),
    ],
)
def test_scripts_without_spaces_have_phrases_too(title: str, phrase: str) -> None:
    assert phrase in shown(title)


def test_a_long_text_is_cut_into_few_phrases() -> None:
    title = " ".join(f"{first}{second}ward" for first in "bcdfgh" for second in "aeiou")
    assert len(shown(title)) == 24


def test_the_best_phrase_comes_first_and_a_far_worse_or_overlapping_one_not_at_all() -> None:
    looked = look(Text("slab fell on workers while crane stood still"))
    text = looked.prepared.text
    spans = [(text.index(part), text.index(part) + len(part)) for part in
             ("slab fell", "fell on workers", "crane stood", "stood still")]  # fmt: skip
    assert telling.best(looked, spans, [1.0, 0.9, 0.8, 0.2]) == ("slab fell", "crane stood")
    assert telling.best(looked, spans, [1.0, 0.9, 0.5, 0.2]) == ("slab fell",)


@pytest.fixture(scope="module")
def taught() -> TrainedClassifier:
    """A model that learnt something which no word of the lexicon says."""
    places = ["Lima", "Rome", "Cairo", "Hanoi", "Perth", "Oslo", "Accra", "Quito", "Turin", "Bonn"]
    taught = [
        Line(labels, "OT", "wire", (), title.format(place), "", "en", f"{labels}{place}{title}")
        for place in places
        for labels, title in (
            (("human_made",), "Scaffold gives way above shoppers in {}"),
            (("human_made",), "Balcony gives way above a wedding in {}"),
            (("natural",), "Hillside lets go over terraces in {}"),
            (("natural",), "Terraces of {} slide into the stream"),
            (("health",), "Pupils itch after a swim in {}"),
            (("health",), "Spots on the skin of divers in {}"),
            ((), "Choir sings for shoppers at a wedding in {}"),
            ((), "Bakers of {} open a school"),
        )
    ]
    return train.train(taught, built_at="2026-01-01", key="t" * 64)


def test_every_label_has_words_of_the_text_even_where_no_word_is_known(
    taught: TrainedClassifier,
) -> None:
    title = "Grandstand gives way above riders in Madrid"
    (tags,) = taught.classify([Text(title)])
    given = (*tags.labels, *tags.unsure)
    assert "human_made" in given
    for name in given:
        assert tags.evidence[name]
        assert all(words in title for words in tags.evidence[name])


def test_the_phrases_of_a_batch_are_asked_about_together_with_the_same_answers(
    taught: TrainedClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [
        Text(f"{what} above {who} in {where}")
        for what in ("Grandstand gives way", "Choir sings", "Gallery gives way")
        for who in ("riders", "shoppers", "")
        for where in ("Madrid", "Porto", "")
    ]
    monkeypatch.setattr("classifiers.model.evidence_words", lambda *of: ())  # none is explained
    alone = [taught.classify([text])[0] for text in texts]
    made: list[int] = []

    class Counted(Features):
        def __init__(self, looked: Sequence[Looked], vocabulary: Vocabulary) -> None:
            made.append(len(looked))
            super().__init__(looked, vocabulary)

    monkeypatch.setattr("classifiers.model.Features", Counted)
    assert taught.classify(texts) == alone
    assert len(made) == 2
    assert made[1] > len(texts)
    assert sum(any(tags.evidence.values()) for tags in alone) > 9

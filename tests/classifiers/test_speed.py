"""What makes reading fast must not change what is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import nationals, train, vocabulary
from classifiers.corpus import Line, load
from classifiers.figures import _asked, _from, _mask, _rules
from classifiers.language import detect
from classifiers.model import TrainedClassifier
from classifiers.nationals import _tables, _words
from classifiers.numbers import find_numbers
from classifiers.reader import Reader
from classifiers.tags import Classifier, Tags, Text
from classifiers.text import prepare
from classifiers.thai import cut

ALPHABET = "".join(chr(code) for code in range(0x0E01, 0x0E4F))
PIECES = ["น้ำท่วม", "แผ่นดินไหว", "เบิร์ก", "เชียงใหม่", "เสียชีวิต", "กก", "รร", "แพร่", "โรค", "ๆ"]


def some_lines() -> list[Line]:
    return load()[::45]


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return Reader(train.train(some_lines(), key="k" * 64))


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    lines = load()[7::71]
    kinds = [None, "news", "ministry", "advice", "hazard"]
    read = [replace(line.text, feed_kind=kinds[n % 5]) for n, line in enumerate(lines)]
    return [*read, Text(""), Text("12"), Text("🙂"), Text("ก" * 500, "洪水" * 200)]


def assert_alike(read: list[Tags], again: list[Tags]) -> None:
    """The same in all but the last digits of probabilities: vectors of a batch are summed up
    in another order than those of a text alone."""
    for one, other in zip(read, again, strict=True):
        assert replace(one, probabilities={}) == replace(other, probabilities={})
        assert one.probabilities == pytest.approx(other.probabilities, abs=0.001)


def test_a_batch_reads_each_text_as_it_is_read_alone(reader: Classifier, texts: list[Text]) -> None:
    assert_alike(reader.classify(texts), [reader.classify([text])[0] for text in texts])


def test_neither_order_nor_neighbours_change_a_reading(
    reader: Classifier, texts: list[Text]
) -> None:
    read = reader.classify(texts)
    order = sorted(range(len(texts)), key=lambda index: index * 37 % 101)
    shuffled = reader.classify([texts[index] for index in order])
    assert_alike([read[index] for index in order], shuffled)
    assert_alike(reader.classify(texts[:7] * 3), read[:7] * 3)


def test_a_vocabulary_that_forgets_changes_no_reading(
    texts: list[Text], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = train.train(some_lines(), key="k" * 64)
    read = TrainedClassifier(trained.words, trained.card).classify(texts)
    again = TrainedClassifier(trained.words, trained.card)
    monkeypatch.setattr(vocabulary, "_MOST_TOKENS", 10)
    assert [again.classify([text])[0] for text in texts] == read


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.text(ALPHABET, max_size=6), st.sampled_from(PIECES)), max_size=60))
def test_thai_is_cut_as_newmm_cuts_it(parts: list[str]) -> None:
    run = "".join(parts)
    assert "".join(cut(run)) == run
    assert cut(run) == newmm(run)


def newmm(run: str) -> list[str]:
    from pythainlp.tokenize.newmm import segment

    return segment(run, custom_dict=dictionary(), safe_mode=len(run) > 140) if run else []


_TRIE = []


def dictionary():  # type: ignore[no-untyped-def]
    from pythainlp.corpus import thai_words
    from pythainlp.util import Trie

    from classifiers.gazetteer import thai_names
    from classifiers.lexicon import thai_terms

    if not _TRIE:
        _TRIE.append(Trie(set(thai_words()) | thai_terms() | thai_names()))
    return _TRIE[0]


def test_figures_tried_where_numbers_start_are_all_figures() -> None:
    for line in load()[::9]:
        prepared = prepare(line.text)
        numbers = find_numbers(
            prepared.folded, prepared.tokens, prepared.edges, detect(prepared.text)
        )
        text, starts = _mask(prepared.folded, numbers), [number.start for number in numbers]
        asked = _asked(prepared.folded)
        for rule in _rules():
            assert (rule in asked) == any(word in prepared.folded for word in rule.gate)
            if rule.number_first and rule.masked and rule in asked:
                spans = [match.span() for match in rule.pattern.finditer(text)]
                assert [match.span() for match in _from(rule.pattern, text, starts)] == spans


@pytest.mark.parametrize("country", sorted(set(_tables()) - {"shared"}))
def test_no_text_about_nationals_is_passed_over_by_the_first_look(country: str) -> None:
    words = _words(country)
    assert words is not None
    named = [*_tables()[country]["people"], *(f"{a} crew" for a in adjectives(country))]
    for phrase in named:
        text = prepare(Text(phrase.replace("*", "s").replace("_", "x"))).folded
        if words.people.search(text):
            assert any(piece in text for piece in words.needed), phrase


def adjectives(country: str) -> list[str]:
    return nationals._tables()[country].get("adjectives", [])

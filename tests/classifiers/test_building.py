"""Champion and challenger, the way back, and what damage does, on a corpus that trains at once."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from classifiers import building, cache, fixedtest
from classifiers.building import Order, admitted, challenge, ensure, is_built, key_of
from classifiers.corpus import Line
from classifiers.errors import ModelError
from classifiers.lessons import Lesson
from classifiers.model import CARD_FILE, MODEL_FILE, TrainedClassifier
from classifiers.tags import Text
from classifiers.thresholds import Threshold
from tests.classifiers.lines import corpus

FLOOD = Text("Flood in Peru kills 9")
GOOD = [Lesson(("health",), f"Dengue wave number {n} in town", "", "correction") for n in range(6)]
OTHERS = GOOD[:4]


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on training fails at natural disasters: it gives none."""
    whole = building.train

    def train(*arguments: Any, **named: Any) -> TrainedClassifier:
        model = whole(*arguments, **named)
        for voice in ("words", "both"):
            judge = getattr(model, voice)
            never = (Threshold(1.1, 1.1), *judge.thresholds[1:])
            setattr(model, voice, replace(judge, thresholds=never))
        return model

    monkeypatch.setattr(building, "train", train)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """The corpus that is built from; tests may change it."""
    found = corpus(8)
    monkeypatch.setattr(building, "load_corpus", lambda: list(found))
    return found


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions: one of the corpus alone, and in force one that learnt corrections too."""
    folder = tmp_path_factory.mktemp("shelf")
    found = corpus(8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "load_corpus", lambda: found)
        ensure(folder, built_at="2026-01-01")
        challenge(folder, GOOD, Order("2026-01-02", by="desk"))
    return folder


@pytest.fixture
def model_dir(shelf: Path, tmp_path: Path, lines: list[Line]) -> Path:
    """A copy of the shelf that a test may harm."""
    return Path(shutil.copytree(shelf, tmp_path / "model", copy_function=copied))


def copied(source: str, target: str) -> None:
    """A copy of a file; the large ones, which no test harms, are shared."""
    (os.link if Path(source).name.startswith("latin") else shutil.copy2)(source, target)


def in_force(model_dir: Path) -> str:
    folder = cache.folder_in_force(model_dir)
    assert folder is not None
    return folder.name


def first(model_dir: Path) -> str:
    return key_of(())[:16]


def test_the_first_model_is_taken_and_built_once(
    tmp_path: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    model = ensure(tmp_path / "model", progress=said.append, built_at="2026-01-01")
    assert any("cross-validation" in line for line in said)
    monkeypatch.setattr(building, "train", None)
    assert ensure(tmp_path / "model").version == model.version
    assert not list((tmp_path / "model").glob(".building-*"))
    assert cache.turns(tmp_path / "model")[0].by == "machine"


def test_no_model_learns_a_line_of_the_fixed_test_set(
    tmp_path: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    import classifiers.train as training

    seen: list[str] = []
    whole = training.vectorize
    monkeypatch.setattr(
        training,
        "vectorize",
        lambda some: (seen.extend(each.title for each in some), whole(some))[1],
    )
    ensure(tmp_path)
    _, aside = fixedtest.parted(lines)
    assert len(aside) >= 60
    assert not {line.title for line in aside} & set(seen)


def test_what_officers_taught_is_learnt_and_marked(model_dir: Path) -> None:
    model = cache.cached(model_dir)
    assert model is not None
    assert model.classify([Text("Dengue wave number 77 in town")])[0].labels == ("health",)
    assert model.card["lessons"] == {"correction": 6, "official": 0}
    assert is_built(model_dir, GOOD)
    assert not is_built(model_dir, ())


@pytest.mark.usefixtures("spoilt")
def test_a_worse_challenger_is_refused_and_the_comparison_kept_beside_it(model_dir: Path) -> None:
    before = in_force(model_dir)
    outcome = challenge(model_dir, OTHERS, Order("2026-01-03", by="desk"))
    assert not outcome.taken
    assert outcome.comparison is not None
    assert "natural" in outcome.comparison.worse
    assert in_force(model_dir) == before
    kept = cache.find(model_dir, outcome.version)
    said = json.loads((model_dir / kept.folder / cache.COMPARISON_FILE).read_text("utf-8"))
    assert (said["taken"], "natural" in said["worse"]) == (False, True)
    assert {"name", "champion", "challenger", "tolerance"} <= said["rows"][0].keys()


@pytest.mark.usefixtures("spoilt")
def test_a_worse_challenger_is_taken_by_order_only_with_a_note(model_dir: Path) -> None:
    assert not challenge(model_dir, OTHERS, Order(force=True)).taken
    outcome = challenge(model_dir, OTHERS, Order(by="head", note="a test of floods", force=True))
    assert outcome.taken
    turn = cache.turns(model_dir)[0]
    assert (turn.by, turn.note, turn.pinned) == ("head", "a test of floods", True)


def test_an_equal_challenger_takes_over(model_dir: Path) -> None:
    outcome = challenge(model_dir, GOOD[:3], Order("2026-01-03"))
    assert outcome.taken
    assert outcome.comparison is not None
    assert in_force(model_dir) == key_of(GOOD[:3])[:16]


def test_lessons_with_the_words_of_the_fixed_test_set_are_left_out(lines: list[Line]) -> None:
    _, aside = fixedtest.parted(lines)
    copied = Lesson((), aside[0].title.upper(), "", "correction")
    assert admitted([copied, GOOD[0]]) == (GOOD[0],)


def test_the_way_back_leads_to_the_one_before_and_stays(model_dir: Path) -> None:
    assert cache.before(model_dir) == first(model_dir)
    cache.use(model_dir, cache.before(model_dir), since="", by="desk", note="worse at night")
    assert in_force(model_dir) == first(model_dir)
    assert ensure(model_dir).card["lessons"]["correction"] == 0
    states = {each.folder: each.state for each in cache.versions(model_dir)}
    assert states == {first(model_dir): "in_force", key_of(GOOD)[:16]: "kept"}


@pytest.mark.parametrize(("name", "what"), [("ffff", "no version"), ("", "no version")])
def test_a_version_that_is_not_there_is_refused(model_dir: Path, name: str, what: str) -> None:
    with pytest.raises(ModelError, match=what):
        cache.use(model_dir, name, since="", by="", note="")


def test_a_damaged_version_cannot_be_put_in_force(model_dir: Path) -> None:
    (model_dir / first(model_dir) / MODEL_FILE).write_bytes(b"damage")
    before = in_force(model_dir)
    with pytest.raises(ModelError, match="damaged"):
        cache.use(model_dir, first(model_dir), since="", by="", note="")
    assert in_force(model_dir) == before


def test_an_edited_corpus_asks_for_a_new_model_that_keeps_the_lessons(
    model_dir: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_corpus(monkeypatch, "edited")
    assert not cache.is_settled(model_dir)
    assert cache.cached(model_dir) is not None  # the one before runs until then
    lines.append(replace(lines[0], title="Flood in Quito kills 3"))
    model = ensure(model_dir, built_at="2026-02-01")
    assert model.card["lessons"]["correction"] == 6
    assert in_force(model_dir) == key_of(GOOD)[:16]
    assert cache.is_settled(model_dir)


@pytest.mark.usefixtures("spoilt")
def test_an_edited_corpus_that_teaches_worse_is_tried_once_and_not_taken(
    model_dir: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = in_force(model_dir)
    edit_corpus(monkeypatch, "spoilt")
    ensure(model_dir)
    assert in_force(model_dir) == before
    monkeypatch.setattr(building, "train", None)
    ensure(model_dir)  # it had its try


def test_a_model_of_an_older_program_gives_way_and_leaves_its_lessons(
    model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card_file = model_dir / in_force(model_dir) / CARD_FILE
    for folder in model_dir.glob("[0-9a-f]*"):
        card = json.loads((folder / CARD_FILE).read_text("utf-8"))
        card.update(code="of long ago", base="older")
        (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    assert card_file.exists()
    assert cache.cached(model_dir) is None
    edit_corpus(monkeypatch, "newer")
    model = ensure(model_dir)
    assert model.card["lessons"]["correction"] == 6
    assert {each.state for each in cache.versions(model_dir)} == {"in_force", "other_code"}


def test_only_the_last_versions_are_kept(model_dir: Path) -> None:
    for count in range(1, 6):
        challenge(model_dir, GOOD[:count], Order())
    (model_dir / "0123456789abcdef").mkdir()  # of a format of long ago
    challenge(model_dir, [*GOOD, GOOD[0]], Order())
    names = {each.folder for each in cache.versions(model_dir)}
    assert len(names) == cache.KEPT
    assert "0123456789abcdef" not in names
    assert in_force(model_dir) in names
    assert cache.before(model_dir) in names


def harm(model_dir: Path, what: str) -> None:
    folder = model_dir / in_force(model_dir)
    weights = folder / MODEL_FILE
    if what == "truncated":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif what == "other bytes":
        data = bytearray(weights.read_bytes())
        data[-1] ^= 1
        weights.write_bytes(bytes(data))
    elif what == "no weights":
        weights.unlink()
    elif what == "empty folder":
        shutil.rmtree(folder)
        folder.mkdir()
    elif what == "no folder":
        shutil.rmtree(folder)
    elif what == "broken card":
        (folder / CARD_FILE).write_text("{", encoding="utf-8")
    elif what == "a folder for a file":
        weights.unlink()
        weights.mkdir()
    elif what == "wrong format":
        card = json.loads((folder / CARD_FILE).read_text("utf-8"))
        (folder / CARD_FILE).write_text(json.dumps({**card, "format": 1}), encoding="utf-8")


DAMAGE = [
    "truncated", "other bytes", "no weights", "empty folder", "no folder", "broken card",
    "a folder for a file", "wrong format",
]  # fmt: skip


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_model_is_told_and_built_again(model_dir: Path, what: str) -> None:
    harm(model_dir, what)
    if what == "wrong format":
        assert cache.cached(model_dir) is None
    else:
        with pytest.raises(ModelError):
            cache.cached(model_dir)
    assert ensure(model_dir).classify([FLOOD])[0].labels == ("natural",)
    assert cache.cached(model_dir) is not None


@pytest.mark.parametrize("text", ["", "{", '[{"folder": "../../etc"}]', "[5]", "\x00"])
def test_without_knowing_which_was_in_force_the_last_built_is(model_dir: Path, text: str) -> None:
    (model_dir / cache.IN_FORCE_FILE).write_text(text, encoding="utf-8")
    assert cache.turns(model_dir) == []
    assert in_force(model_dir) in {first(model_dir), key_of(GOOD)[:16]}
    assert ensure(model_dir).classify([FLOOD])[0].labels == ("natural",)


def test_rests_of_a_killed_build_are_swept_up(model_dir: Path) -> None:
    (model_dir / ".building-rest").mkdir()
    challenge(model_dir, GOOD[:2], Order())
    assert not (model_dir / ".building-rest").exists()


def test_a_folder_that_cannot_be_written_is_a_model_error(tmp_path: Path, lines: object) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot build"):
        ensure(tmp_path / "file" / "model")


def edit_corpus(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As if the corpus had been edited: models of it get another key."""
    for module in (building, cache):
        monkeypatch.setattr(module, "model_key", lambda: f"{name:0<64}".encode().hex()[:64])
    monkeypatch.setattr("classifiers.train.model_key", building.model_key)

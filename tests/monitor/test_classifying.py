"""Whatever happens to the model, texts are read, and the desk is told by what."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from classifiers import cache
from classifiers.cache import IN_FORCE_FILE, Turn, put_in_force
from classifiers.model import CARD_FILE, FORMAT, MODEL_FILE
from classifiers.tags import Tags, Text
from monitor.classifying import Classifiers, Guarded
from monitor.config.settings import read_settings
from monitor.doctor import examine

QUAKE = Text("Earthquake kills 120 in Myanmar")


@pytest.fixture
def model(model_dir: Path, tmp_path: Path) -> Path:
    """A copy of the built model that a test may harm; its folder is what is returned."""

    def copied(source: str, target: str) -> None:
        (os.link if source.endswith((".npy", ".npz")) else shutil.copy2)(source, target)

    folder = cache.folder_in_force(Path(shutil.copytree(
        model_dir, tmp_path / "model", copy_function=copied
    )))  # fmt: skip
    assert folder is not None
    return folder


def harmed(model: Path, what: str) -> None:
    weights = model / MODEL_FILE
    data = weights.read_bytes()
    weights.unlink()  # it is shared
    if what == "truncated":
        weights.write_bytes(data[: len(data) // 2])
    elif what == "wrong checksum":
        weights.write_bytes(data[:-1] + b"\x07")
    elif what == "unreadable card":
        weights.write_bytes(data)
        (model / CARD_FILE).write_bytes(b"\xff\xfe{")
    elif what == "a folder for a file":
        weights.mkdir()
    elif what == "empty folder":
        shutil.rmtree(model)
        model.mkdir()


@pytest.mark.parametrize(
    "what",
    ["truncated", "wrong checksum", "unreadable card", "a folder for a file", "empty folder",
     "no weights"],
)  # fmt: skip
def test_with_a_damaged_model_keyword_rules_go_on_and_doctor_tells(
    model: Path, tmp_path: Path, what: str
) -> None:
    harmed(model, what)
    found = Classifiers(model.parent, "TH")
    assert not found.load()
    assert found.state == "failed"
    (tags,) = found.current().classify([QUAKE])
    assert tags.labels == ("natural",)
    assert tags.classifier.startswith("keywords-")
    settings = read_settings({"MONITOR_MODEL_DIR": str(model.parent), "MONITOR_VAR": str(tmp_path)})
    told = next(each for each in examine(settings) if each.what == "model")
    assert told.verdict == "advice"
    assert "keyword rules are in force" in told.text


def test_a_model_of_another_program_is_as_good_as_none(model: Path) -> None:
    card = (model / CARD_FILE).read_text("utf-8")
    (model / CARD_FILE).write_text(
        card.replace(f'"format": {FORMAT}', '"format": 2'), encoding="utf-8"
    )
    found = Classifiers(model.parent, "TH")
    assert not found.load()
    assert found.state == "keywords"
    assert found.current().classify([QUAKE])[0].labels == ("natural",)


@pytest.mark.asyncio
async def test_a_model_that_a_command_puts_in_force_is_taken_up(model: Path) -> None:
    found = Classifiers(model.parent, "TH")
    await found.follow()
    assert found.state == "keywords"  # nothing has changed since the start
    put_in_force(model.parent, Turn(model.name, "2026-01-01", "desk", "chosen", pinned=True))
    await found.follow()
    assert found.state == "ready"
    assert found.current().version.startswith(f"meaning-{model.name[:12]}")


@pytest.mark.asyncio
async def test_a_model_that_cannot_be_taken_up_leaves_the_one_in_use(model: Path) -> None:
    found = Classifiers(model.parent, "TH")
    assert found.load()
    version = found.current().version
    put_in_force(model.parent, Turn("0123456789abcdef", "2026-01-01", "desk"))
    await found.follow()
    assert (found.state, found.current().version) == ("ready", version)


@pytest.mark.asyncio
async def test_an_older_model_runs_while_a_newer_one_is_built(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[tuple[str, str]] = []
    found = Classifiers(model.parent, "TH")

    async def no_build(_: object) -> int:
        states.append((found.state, found.current().version))
        return 1

    monkeypatch.setattr(cache, "model_key", lambda: "another corpus")
    monkeypatch.setattr(found, "_build", no_build)
    await found.ensure(lambda _: None)
    ((state, version),) = states
    assert state == "older"
    assert version.startswith(f"meaning-{model.name[:12]}")
    assert found.state == "ready"  # the build failed: the model before stays


@pytest.mark.asyncio
async def test_a_build_that_fails_leaves_the_keyword_rules_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Classifiers(tmp_path / "none", "TH")

    async def no_build(_: object) -> int:
        return 1

    monkeypatch.setattr(found, "_build", no_build)
    await found.ensure(lambda _: None)
    assert found.state == "failed"
    assert found.current().classify([QUAKE])[0].labels == ("natural",)


def test_a_classifier_that_breaks_on_a_text_loses_no_item() -> None:
    class Breaking:
        version = "breaking"

        def classify(self, texts: Sequence[Text]) -> list[Tags]:
            raise RuntimeError("no")

    class Plain:
        version = "plain"

        def classify(self, texts: Sequence[Text]) -> list[Tags]:
            return [Tags(labels=("natural",))] * len(texts)

    assert Guarded(Breaking(), Plain()).classify([QUAKE])[0].labels == ("natural",)
    assert Guarded(Breaking(), Breaking()).classify([QUAKE, QUAKE])[1].classifier == "none"


def test_the_marker_of_the_model_in_force_is_a_file_of_the_folder(model: Path) -> None:
    assert (model.parent / IN_FORCE_FILE).exists()

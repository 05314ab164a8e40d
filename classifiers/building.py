"""Builds models and lets them compete: a new one takes over only if it is not worse.

As a program (`python -m classifiers.building MODEL_DIR`) it makes sure that a model is there and
prints a line per step, so that a server can train in a process of its own.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from classifiers import cache, fixedtest, lessons
from classifiers.champion import Comparison, compare
from classifiers.corpus import load as load_corpus
from classifiers.errors import CorpusError, ModelError
from classifiers.lessons import Lesson
from classifiers.model import TrainedClassifier, load, model_key, read_card, runs_here, version_on
from classifiers.modelcard import figures_of
from classifiers.train import train

Progress = Callable[[str], None]
MACHINE = "machine"


def _quiet(_: str) -> None:
    """No progress wanted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a build. `comparison` is None when there was nothing to compare with."""

    version: str
    taken: bool
    why: str
    comparison: Comparison | None
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """Who asks for a build and how. `force` takes the new model whatever the comparison says."""

    built_at: str = ""
    by: str = MACHINE
    note: str = ""
    force: bool = False


def ensure(
    model_dir: Path, *, progress: Progress = _quiet, built_at: str = ""
) -> TrainedClassifier:
    """The model in force, after a newer corpus or program has had its try; built if missing.

    One process builds, under a file lock; others wait and then load. A killed build leaves
    nothing that would be taken for a model. What the desk taught the model in force is learnt
    again. Raises ModelError if there is no model and none can be built.
    """
    found = _settled(model_dir)
    if found is not None:
        return found
    try:
        model_dir.mkdir(parents=True, exist_ok=True)
        with locked(model_dir, progress):
            found = _settled(model_dir, progress)
            if found is None:
                _build(model_dir, _kept_lessons(model_dir, progress), Order(built_at), progress)
    except (OSError, CorpusError) as error:
        raise ModelError(f"cannot build the model in {model_dir}: {error}") from error
    found = found or cache.cached(model_dir)
    if found is None:
        raise ModelError(f"the build left no model in {model_dir}")
    return found


def challenge(
    model_dir: Path, taught: Sequence[Lesson], order: Order, *, progress: Progress = _quiet
) -> Outcome:
    """Build a model that also learns `taught`, and take it into force if it is not worse.

    Raises ModelError if it cannot be built.
    """
    try:
        model_dir.mkdir(parents=True, exist_ok=True)
        with locked(model_dir, progress):
            return _build(model_dir, taught, order, progress)
    except (OSError, CorpusError) as error:
        raise ModelError(f"cannot build the model in {model_dir}: {error}") from error


def is_built(model_dir: Path, taught: Sequence[Lesson]) -> bool:
    """Whether the model of this corpus, code and lessons is in force already, and whole."""
    folder = cache.folder_in_force(model_dir)
    if folder is None or folder != cache.folder_of(model_dir, key_of(taught)):
        return False
    try:
        load(folder)
    except ModelError:
        return False
    return True


def key_of(taught: Sequence[Lesson]) -> str:
    """The key of the model of this corpus and code that learns `taught`."""
    if not taught:
        return model_key()
    return hashlib.sha256((model_key() + lessons.digest(taught)).encode()).hexdigest()


def admitted(taught: Sequence[Lesson]) -> tuple[Lesson, ...]:
    """The lessons whose words are not those of a line of the fixed test set."""
    if not taught:
        return ()
    _, aside = fixedtest.parted(load_corpus())
    kept_apart = {(line.title.casefold(), line.summary.casefold()) for line in aside}
    return tuple(
        each
        for each in taught
        if (each.title.casefold(), each.summary.casefold()) not in kept_apart
    )


@contextmanager
def locked(model_dir: Path, progress: Progress = _quiet) -> Iterator[None]:
    """Hold the lock of the folder; the system frees it when the process dies."""
    with (model_dir / ".lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("another process is training; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _settled(model_dir: Path, progress: Progress = _quiet) -> TrainedClassifier | None:
    """The model in force, if it is whole and no other need be tried."""
    try:
        return cache.cached(model_dir) if cache.is_settled(model_dir) else None
    except ModelError as error:
        progress(f"{error}; training again")
        return None


def _kept_lessons(model_dir: Path, progress: Progress) -> list[Lesson]:
    """What the model in force had learnt from the desk, even if it cannot run any more."""
    folder = cache.folder_in_force(model_dir)
    if folder is None and (known := cache.turns(model_dir)):
        folder = model_dir / known[0].folder
    try:
        return lessons.read(folder) if folder else []
    except ModelError as error:
        progress(f"{error}; the corrections are learnt again by `monitor model train`")
        return []


def _build(model_dir: Path, taught: Sequence[Lesson], order: Order, progress: Progress) -> Outcome:
    for left in model_dir.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=".building-", dir=model_dir))
    try:
        lines = load_corpus()
        key = key_of(taught)
        model = train(lines, lessons=taught, progress=progress, built_at=order.built_at, key=key)
        _, aside = fixedtest.parted(lines)
        given = fixedtest.answers(model, aside)
        model.card["fixed_test"] = figures_of(aside, given)
        model.save(new)
        fixedtest.write(new, given)
        lessons.write(new, taught)
        champion, name, runs = _champion(model_dir, key)
        comparison = None
        if champion is not None:
            comparison = compare(aside, (name, champion), (model.version, given))
        taken, why = _verdict(comparison, order, runs=runs)
        if comparison is not None:
            said = {**comparison.as_json(), "taken": taken, "why": why, "note": order.note}
            text = json.dumps(said, ensure_ascii=False, indent=1)
            (new / cache.COMPARISON_FILE).write_text(text + "\n", encoding="utf-8")
        folder = cache.folder_of(model_dir, key)
        if folder.exists():
            shutil.rmtree(folder)
        new.chmod(0o755)
        os.replace(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    if taken:
        pinned = order.force and bool(comparison and comparison.worse)
        note = order.note or why
        turn = cache.Turn(folder.name, order.built_at, order.by, note, pinned=pinned)
        cache.put_in_force(model_dir, turn)
    progress(f"model ready in {folder}" if taken else f"{model.version} is not taken: {why}")
    removed = cache.prune(model_dir, keep=[folder.name])
    return Outcome(model.version, taken, why, comparison, tuple(removed))


def _champion(model_dir: Path, key: str) -> tuple[dict[str, int] | None, str, bool]:
    """The answers of the model in force on its fixed test, its version, and whether it runs.

    No answers when there is none, when they cannot be read, or when it is the one that is
    built again.
    """
    folder = cache.folder_in_force(model_dir)
    if folder is None or folder == cache.folder_of(model_dir, key):
        return None, "", False
    try:
        card = read_card(folder)
        given = fixedtest.read(folder)
    except ModelError:
        return None, "", False
    runs = runs_here(card)
    if runs:
        try:
            load(folder)
        except ModelError:
            runs = False
    return given, version_on(card), runs


def _verdict(comparison: Comparison | None, order: Order, *, runs: bool) -> tuple[bool, str]:
    """Whether the new model is taken, and why."""
    if comparison is None:
        return True, "there was no other to compare it with"
    if not comparison.worse:
        return True, "it is not worse in any category, in Thai or in English"
    worse = ", ".join(comparison.worse)
    if not runs:
        return True, f"worse in {worse}, but the one before cannot run with this program"
    if order.force and order.note:
        return True, f"worse in {worse}, taken by order"
    return False, f"worse in {worse}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make sure that a model is in the folder; 0 on success, 1 with a sentence if not."""
    parser = argparse.ArgumentParser(
        prog="python -m classifiers.building", description=main.__doc__
    )
    parser.add_argument("model_dir", type=Path)
    parser.add_argument("--built-at", default="", help="a date to write onto the model's card")
    options = parser.parse_args(arguments)

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    try:
        ensure(options.model_dir, progress=say, built_at=options.built_at)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

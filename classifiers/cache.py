"""The built models: which versions there are, which one is in force, and the way back.

Each version lies in a folder of `model_dir`, named by the first digits of its key; the file
`in_force.json` names the one in force and those before it. Whoever changes the file or removes
folders holds the lock (`classifiers.building.locked`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from classifiers.errors import ModelError
from classifiers.model import (
    MODEL_FILE,
    TrainedClassifier,
    load,
    model_key,
    read_card,
    runs_here,
    version_on,
)

IN_FORCE_FILE = "in_force.json"
COMPARISON_FILE = "comparison.json"
KEPT = 5
_MOST_HISTORY = 20
_NAME = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Turn:
    """One model coming into force: its folder's name, since when, by whom and why.

    `pinned` when a person chose it: it then stays although the corpus asks for a newer one.
    """

    folder: str
    since: str
    by: str
    note: str = ""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One version on the shelf. `state` is in_force, kept, other_code or damaged."""

    folder: str
    version: str
    state: str
    built_at: str
    card: dict[str, Any]


def folder_of(model_dir: Path, key: str | None = None) -> Path:
    """The folder of the model with this key, by default that of corpus and code alone."""
    return model_dir / (key or model_key())[:16]


def turns(model_dir: Path) -> list[Turn]:
    """Who was in force, newest first; empty if none ever was, or if nobody can tell any more."""
    try:
        said = json.loads((model_dir / IN_FORCE_FILE).read_text(encoding="utf-8"))
        found = [
            Turn(str(each["folder"]), str(each["since"]), str(each["by"]), str(each["note"]),
                 bool(each["pinned"]))
            for each in said
        ]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [turn for turn in found if _NAME.fullmatch(turn.folder)]


def folder_in_force(model_dir: Path) -> Path | None:
    """The folder of the model in force, None if there is none.

    When nobody can tell which was (the file is gone or damaged), it is the one built last of
    those that run here.
    """
    known = turns(model_dir)
    if known:
        return model_dir / known[0].folder
    found = [each for each in _folders(model_dir) if _runs(each)]
    return max(found, key=_built, default=None)


def cached(model_dir: Path) -> TrainedClassifier | None:
    """The model in force; None if none is built yet for this code. ModelError if it is damaged."""
    folder = folder_in_force(model_dir)
    if folder is None:
        return None
    if not folder.exists():
        raise ModelError(f"the model in force is gone: there is no {folder}")
    if not runs_here(read_card(folder)):
        return None
    return load(folder)


def is_settled(model_dir: Path) -> bool:
    """Whether no newer model than the one in force need be tried.

    It was chosen by a person, or this corpus and code has had its try.
    """
    known = turns(model_dir)
    if known and known[0].pinned:
        return True
    base = model_key()
    return any(_card_or_none(each).get("base") == base for each in _folders(model_dir))


def card_of(model_dir: Path) -> dict[str, Any] | None:
    """What the card of the model in force says; None if none is built yet. Raises ModelError."""
    folder = folder_in_force(model_dir)
    if folder is None:
        return None
    card = read_card(folder)
    return card if runs_here(card) else None


def versions(model_dir: Path) -> list[Version]:
    """Every version there is, the one in force first, then the last built."""
    in_force = folder_in_force(model_dir)
    found = [_version(each, in_force) for each in _folders(model_dir)]
    found.sort(key=lambda each: _built(model_dir / each.folder), reverse=True)
    return sorted(found, key=lambda each: each.state != "in_force")


def find(model_dir: Path, name: str) -> Version:
    """The version of that name or the start of it. ModelError unless it is exactly one."""
    wanted = re.sub("^[a-z]+-", "", name)
    found = [each for each in versions(model_dir) if wanted and each.folder.startswith(wanted)]
    if len(found) != 1:
        what = "no version" if not found else "more than one version"
        raise ModelError(f"{what} {name} in {model_dir}: `monitor model list` shows them")
    return found[0]


def put_in_force(model_dir: Path, turn: Turn) -> None:
    """Name the model in force, and remember the ones before it. Raises OSError."""
    known = [turn, *(each for each in turns(model_dir) if each.folder != turn.folder)]
    said = [asdict(each) for each in known[:_MOST_HISTORY]]
    handle, name = tempfile.mkstemp(prefix=".in_force-", dir=model_dir)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(said, ensure_ascii=False, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        os.replace(name, model_dir / IN_FORCE_FILE)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def use(model_dir: Path, name: str, *, since: str, by: str, note: str) -> Version:
    """Put a version that is on the shelf in force. Raises ModelError if it cannot run."""
    version = find(model_dir, name)
    load(model_dir / version.folder)
    put_in_force(model_dir, Turn(version.folder, since, by, note, pinned=True))
    return version


def before(model_dir: Path) -> str:
    """The folder of the model that was in force before and still runs. ModelError if none."""
    for turn in turns(model_dir)[1:]:
        if _runs(model_dir / turn.folder):
            return turn.folder
    raise ModelError(f"no model that still runs was in force before: {model_dir} keeps {KEPT}")


def prune(model_dir: Path, *, keep: Sequence[str] = ()) -> list[str]:
    """Remove all but the last `KEPT` versions; the one in force and `keep` stay. Their names."""
    in_force = folder_in_force(model_dir)
    held = {*keep, *([in_force.name] if in_force else [])}
    last = before_or_none(model_dir)
    held |= {last} if last else set()
    others = [each for each in _folders(model_dir) if each.name not in held]
    others.sort(key=lambda each: (_runs(each), _built(each)), reverse=True)
    gone = others[max(0, KEPT - len(held)) :]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return [folder.name for folder in gone]


def before_or_none(model_dir: Path) -> str | None:
    """The same as `before`, None if there is none."""
    try:
        return before(model_dir)
    except ModelError:
        return None


def _folders(model_dir: Path) -> list[Path]:
    try:
        return [each for each in model_dir.iterdir() if _NAME.fullmatch(each.name)]
    except OSError:
        return []


def _card_or_none(folder: Path) -> dict[str, Any]:
    try:
        return read_card(folder)
    except ModelError:
        return {}


def _runs(folder: Path) -> bool:
    return (folder / MODEL_FILE).exists() and runs_here(_card_or_none(folder))


def _built(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _version(folder: Path, in_force: Path | None) -> Version:
    card = _card_or_none(folder)
    if not card or not (folder / MODEL_FILE).exists():
        state = "damaged"
    elif not runs_here(card):
        state = "other_code"
    else:
        state = "in_force" if folder == in_force else "kept"
    name = version_on(card) if card.get("key") else folder.name[:12]
    return Version(folder.name, name, state, str(card.get("built_at", "")), card)

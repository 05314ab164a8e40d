"""Where the built model of this code and corpus lies, and whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from classifiers.model import MODEL_FILE, TrainedClassifier, load, model_key, read_card


def folder_of(model_dir: Path) -> Path:
    """The folder of the model that belongs to this corpus, code and library."""
    return model_dir / model_key()[:16]


def cached(model_dir: Path) -> TrainedClassifier | None:
    """The built model; None if it is not built yet. Raises ModelError if it is damaged."""
    folder = folder_of(model_dir)
    return load(folder) if (folder / MODEL_FILE).exists() else None


def card_of(model_dir: Path) -> dict[str, Any] | None:
    """What the built model's card says; None if it is not built yet. Raises ModelError."""
    folder = folder_of(model_dir)
    return read_card(folder) if (folder / MODEL_FILE).exists() else None

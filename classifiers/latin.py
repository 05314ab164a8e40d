"""Ranks the languages written in Latin letters by the pieces of words a text holds.

The numbers are those of py3langid's model (naive Bayes over pieces of bytes), cut down to our
languages: its own reader keeps the numbers of all languages and is three times slower.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANGUAGES = ("en", "id", "ms", "vi", "tl", "fr", "es", "de", "pt", "it", "nl", "tr", "pl", "sv")
EXTRACT_FILE, ROWS_FILE = "latin.npz", "latin-rows.npy"


class Ranker:
    """Scores texts; each score is a log probability up to a constant."""

    def __init__(self, arrays: dict[str, NDArray]) -> None:  # type: ignore[type-arg]
        """`arrays`: `scores` (pieces, languages), `prior` (languages,), and the automaton.

        `rows` (n x 256,) holds the rows of the automaton, `row_of` and `piece_of` (states,) the
        row of a state and the piece that ends there, -1 for none.
        """
        self._arrays = arrays
        self._scores, self._prior = arrays["scores"], arrays["prior"]
        # Single numbers are read faster through a view than from numpy.
        self._next = arrays["rows"].data
        self._row_of = (arrays["row_of"].astype("int64") << 8).tolist()
        self._piece_of = arrays["piece_of"].tolist()

    def rank(self, text: str) -> dict[str, float]:
        """The score of each of `LANGUAGES`; all the same where nothing is known."""
        import numpy as np

        step, row_of, piece_of = self._next, self._row_of, self._piece_of
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        state, found = 0, []
        for letter in text.encode("utf-8", "surrogatepass"):
            state = step[row_of[state] + letter]
            if piece_of[state] >= 0:
                found.append(piece_of[state])
        if not found:
            return dict.fromkeys(LANGUAGES, 0.0)
        counts = Counter(found)
        rows = np.fromiter(counts.keys(), np.intp, len(counts))
        weights = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
        scores = weights @ self._scores[rows] + self._prior
        return dict(zip(LANGUAGES, scores.tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write what `load` reads back without unpacking all languages."""
        import numpy as np

        rest = {name: values for name, values in self._arrays.items() if name != "rows"}
        np.savez(folder / EXTRACT_FILE, allow_pickle=False, **rest)
        np.save(folder / ROWS_FILE, self._arrays["rows"])


def load(folder: Path) -> Ranker | None:
    """The ranker that `save` wrote; None if it cannot be used. Its largest part stays on disk."""
    import numpy as np

    try:
        with np.load(folder / EXTRACT_FILE, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        arrays["rows"] = np.load(folder / ROWS_FILE, mmap_mode="r", allow_pickle=False)
        states, pieces = len(arrays["row_of"]), len(arrays["scores"])
        if (
            arrays["scores"].shape != (pieces, len(LANGUAGES))
            or arrays["prior"].shape != (len(LANGUAGES),)
            or len(arrays["piece_of"]) != states
            or arrays["rows"].shape != ((int(arrays["row_of"].max()) + 1) * 256,)
        ):
            return None
        return Ranker(arrays)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile):
        return None


def from_package() -> Ranker:
    """The ranker from py3langid's own file, which takes most of a second to unpack."""
    import numpy as np
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    columns = [whole.nb_classes.index(code) for code in LANGUAGES]
    return Ranker(
        {
            "scores": whole.nb_ptc[:, columns].astype(np.float32),
            "prior": whole.nb_pc[columns].astype(np.float32),
            "rows": np.frombuffer(whole.tk_nextmove, dtype=whole.tk_nextmove.typecode),
            "row_of": np.frombuffer(whole.tk_row, dtype=whole.tk_row.typecode),
            "piece_of": np.array(whole.tk_output, dtype=np.int32),
        }
    )


class Source:
    """Loads the ranker at its first use: from the extract beside the model if there is one."""

    def __init__(self) -> None:
        self._extract: Path | None = None
        self._ranker: Ranker | None = None

    def use(self, folder: Path) -> None:
        """Look for the extract in `folder` when the ranker is first needed."""
        self._extract = folder

    def get(self) -> Ranker:
        """The ranker, loaded at most once."""
        if self._ranker is None:
            own = load(self._extract) if self._extract is not None else None
            self._ranker = own or from_package()
        return self._ranker


SOURCE = Source()

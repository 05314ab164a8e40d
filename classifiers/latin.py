"""Ranks the languages written in Latin letters by the pieces of words a text holds.

The numbers are those of py3langid's model (naive Bayes over pieces of bytes), cut down to our
languages: its own reader keeps the numbers of all languages and is three times slower.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANGUAGES = ("en", "id", "ms", "vi", "tl", "fr", "es", "de", "pt", "it", "nl", "tr", "pl", "sv")
EXTRACT_FILE, ROWS_FILE = "latin.npz", "latin-rows.npy"
_WORDS = re.compile(rb"[^ ]* ?")
_MOST_WORDS, _LONGEST_WORD = 20_000, 24  # remembered: some 5 MB


class Ranker:
    """Scores texts; each score is a log probability up to a constant."""

    def __init__(self, arrays: dict[str, NDArray]) -> None:  # type: ignore[type-arg]
        """`arrays`: `scores` (pieces, languages), `prior` (languages,), and the automaton.

        `row_of` and `piece_of` (states,) hold the row of a state and the piece that ends there,
        -1 for none. A row says where each byte leads: where it leads from the `start` (256,),
        but for the bytes `letters[bounds[row]:bounds[row + 1]]`, which lead to the states at the
        same places of `targets`.
        """
        self._scores, self._prior = arrays["scores"], arrays["prior"]
        self._letters = arrays["letters"].tobytes()
        self._arrays = {name: held for name, held in arrays.items() if name != "letters"}
        # Single numbers are read faster through a view than from numpy.
        self._targets, self._bounds = arrays["targets"].data, arrays["bounds"].data
        self._start = arrays["start"].tolist()
        self._row_of, self._piece_of = arrays["row_of"].data, arrays["piece_of"].data
        self._walked: dict[tuple[int, bytes], tuple[int, tuple[int, ...]]] = {}

    def rank(self, text: str) -> dict[str, float]:
        """The score of each of `LANGUAGES`; all the same where nothing is known."""
        import numpy as np

        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        walked, state = self._walked, 0
        found: list[int] = []
        for word in _WORDS.findall(text.encode("utf-8", "surrogatepass")):
            known = walked.get((state, word))
            if known is None:
                known = self._walk(state, word)
            state = known[0]
            found += known[1]
        if not found:
            return dict.fromkeys(LANGUAGES, 0.0)
        counts = Counter(found)
        rows = np.fromiter(counts.keys(), np.intp, len(counts))
        weights = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
        scores = weights @ self._scores[rows] + self._prior
        return dict(zip(LANGUAGES, scores.tolist(), strict=True))

    def _walk(self, state: int, word: bytes) -> tuple[int, tuple[int, ...]]:
        """The state in which a word leaves the automaton, and the pieces found on the way.

        The commonest words make up most of any text: they are walked once and remembered.
        """
        if len(self._walked) >= _MOST_WORDS:
            self._walked.clear()
        letters, bounds, piece_of = self._letters, self._bounds, self._piece_of
        first, found = state, []
        for letter in word:
            row = self._row_of[state]
            at = letters.find(letter, bounds[row], bounds[row + 1])
            state = self._start[letter] if at < 0 else self._targets[at]
            if piece_of[state] >= 0:
                found.append(piece_of[state])
        known = (state, tuple(found))
        if len(word) <= _LONGEST_WORD:
            self._walked[first, word] = known
        return known

    def save(self, folder: Path) -> None:
        """Write what `load` reads back without unpacking all languages."""
        import numpy as np

        rest = {name: values for name, values in self._arrays.items() if name != "targets"}
        rest["letters"] = np.frombuffer(self._letters, np.uint8)
        np.savez(folder / EXTRACT_FILE, allow_pickle=False, **rest)
        np.save(folder / ROWS_FILE, self._arrays["targets"])


def load(folder: Path) -> Ranker | None:
    """The ranker that `save` wrote; None if it cannot be used. Its largest part stays on disk."""
    import numpy as np

    try:
        with np.load(folder / EXTRACT_FILE, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        arrays["targets"] = np.load(folder / ROWS_FILE, mmap_mode="r", allow_pickle=False)
        states, pieces = len(arrays["row_of"]), len(arrays["scores"])
        if (
            arrays["scores"].shape != (pieces, len(LANGUAGES))
            or arrays["prior"].shape != (len(LANGUAGES),)
            or len(arrays["piece_of"]) != states
            or arrays["start"].shape != (256,)
            or len(arrays["bounds"]) != int(arrays["row_of"].max()) + 2
            or not len(arrays["letters"]) == len(arrays["targets"]) == arrays["bounds"][-1]
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
    row_of = np.frombuffer(whole.tk_row, dtype=whole.tk_row.typecode)
    rows = np.frombuffer(whole.tk_nextmove, dtype=whole.tk_nextmove.typecode).reshape(-1, 256)
    start = rows[row_of[0]]
    other = rows != start  # four fifths of all moves are those of the start
    return Ranker(
        {
            "scores": whole.nb_ptc[:, columns].astype(np.float32),
            "prior": whole.nb_pc[columns].astype(np.float32),
            "start": start.astype(np.int32),
            "letters": np.nonzero(other)[1].astype(np.uint8),
            "targets": rows[other].astype(np.int32),
            "bounds": np.concatenate([[0], np.cumsum(other.sum(axis=1))]).astype(np.int32),
            "row_of": row_of.astype(np.int32),
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

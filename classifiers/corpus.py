"""Reads the corpus: the lines from which the classifier learns (format: `corpus/README.md`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from classifiers.errors import CorpusError
from classifiers.lexicon import HAZARDS
from classifiers.tags import CATEGORIES, Text

FOLDER = Path(__file__).parent / "corpus"
COLUMNS = ("labels", "kind", "style", "countries", "title", "summary")
STYLES = frozenset(["wire", "local", "agency", "bulletin", "ministry", "who", "ngo", "social"])
THEMES = frozenset(
    [
        "metaphor",
        "sport",
        "drill",
        "anniversary",
        "trial",
        "insurance",
        "training",
        "budget",
        "film",
        "recall",
        "history",
        "science",
        "all_clear",
        "policy",
        "diplomacy",
        "business",
        "culture",
        "politics",
        "technology",
        "travel",
        "weather_normal",
        "health_routine",
        "other",
    ]
)


@dataclass(frozen=True, slots=True)
class Line:
    """One corpus line. `kind` is the hazard of a crisis or the theme of a negative."""

    labels: tuple[str, ...]
    kind: str
    style: str
    countries: tuple[str, ...]
    title: str
    summary: str
    language: str
    file: str

    @property
    def text(self) -> Text:
        """The line as the classifier gets it: without what only the corpus knows."""
        return Text(self.title, self.summary)


def files(folder: Path = FOLDER) -> list[Path]:
    """The corpus files, in an order that does not depend on the machine."""
    return sorted(folder.glob("*/*.tsv"))


def load(folder: Path = FOLDER) -> list[Line]:
    """All corpus lines. Raises CorpusError naming file and line for one that cannot be used."""
    lines: list[Line] = []
    for path in files(folder):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CorpusError(f"{path}: {error}") from error
        for number, raw in enumerate(text.split("\n"), 1):
            raw = raw.rstrip("\r")
            if number > 1 and raw and not raw.startswith("#"):
                lines.append(_line(raw, path, number))
            elif number == 1 and tuple(raw.split("\t")) != COLUMNS:
                raise CorpusError(f"{path}:1: the header line must name {', '.join(COLUMNS)}")
    return lines


def _line(raw: str, path: Path, number: int) -> Line:
    def fault(what: str) -> CorpusError:
        return CorpusError(f"{path}:{number}: {what}")

    cells = raw.split("\t")
    if len(cells) != len(COLUMNS):
        raise fault(f"{len(cells)} columns instead of {len(COLUMNS)}")
    labels_cell, kind, style, countries_cell, title, summary = (cell.strip() for cell in cells)
    labels = () if labels_cell == "none" else tuple(labels_cell.split(","))
    if any(label not in CATEGORIES for label in labels):
        raise fault(f"unknown labels {labels_cell!r}")
    if kind not in (HAZARDS if labels else THEMES):
        raise fault(f"unknown kind {kind!r} for {labels_cell!r}")
    if style not in STYLES:
        raise fault(f"unknown style {style!r}")
    countries = tuple(code for code in countries_cell.split(",") if code)
    if any(len(code) != 2 or not code.isupper() for code in countries):
        raise fault(f"countries are ISO codes: {countries_cell!r}")
    if not title:
        raise fault("no title")
    in_order = tuple(label for label in CATEGORIES if label in labels)
    return Line(in_order, kind, style, countries, title, summary, path.parent.name, path.name)


def corpus_hash(folder: Path = FOLDER) -> str:
    """SHA-256 (hex) over names and bytes of all corpus files."""
    digest = hashlib.sha256()
    for path in files(folder):
        data = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name}:{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()

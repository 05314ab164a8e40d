"""Measures what is read from a file of headlines with known facts, per language and field.

    python -m classifiers.tools.measure_facts FILE.tsv [--misses] [--field NAME] [--language CODE]

The file has a header and tab-separated columns: language, feed_kind, title, hazard, countries,
figures, flags, nationals, communication, claimed. `-` says that there is none, `?` that nobody
is asked; `a/b` accepts either hazard. Categories are those of the keyword rules, so that no
model is needed and each miss can be traced to a word.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.colours import rank
from classifiers.errors import CorpusError
from classifiers.keywords import KeywordClassifier
from classifiers.reader import Reader
from classifiers.tags import Tags, Text

COLUMNS = (
    "language", "feed_kind", "title", "hazard", "countries", "figures", "flags", "nationals",
    "communication", "claimed",
)  # fmt: skip
FIELDS = (
    "language", "hazard", "countries", "figures", "flags", "nationals", "communication", "claimed",
)  # fmt: skip
# Depths, winds and waves say how strong it was; nobody decides on them.
_KINDS = frozenset(
    ["dead", "injured", "missing", "displaced", "affected", "cases", "magnitude", "category",
     "alert"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Probe:
    """One headline and what is known of it; the columns of the file as they stand."""

    text: Text
    language: str
    expected: dict[str, str]


@dataclass(frozen=True, slots=True)
class Miss:
    """A field that was read wrongly."""

    probe: Probe
    field: str
    read: str


@dataclass(frozen=True, slots=True)
class Measured:
    """How many answers were right, of how many asked, by (language, field); and the misses."""

    right: Counter[tuple[str, str]]
    asked: Counter[tuple[str, str]]
    misses: tuple[Miss, ...]

    def share(self, field: str, language: str | None = None) -> float:
        """The share of right answers in a field, 0..1, of one language or of all."""
        keys = [key for key in self.asked if key[1] == field and language in (None, key[0])]
        asked = sum(self.asked[key] for key in keys)
        return sum(self.right[key] for key in keys) / asked if asked else 1.0


def load(path: Path) -> list[Probe]:
    """The headlines of a file. Raises CorpusError naming the line that is wrong."""
    first, *rows = path.read_text(encoding="utf-8").splitlines()
    if tuple(first.split("\t")) != COLUMNS:
        raise CorpusError(f"{path.name}:1: expected the columns {', '.join(COLUMNS)}")
    probes = []
    for number, row in enumerate(rows, 2):
        cells = row.split("\t")
        if len(cells) != len(COLUMNS):
            raise CorpusError(f"{path.name}:{number}: expected {len(COLUMNS)} columns")
        known = dict(zip(COLUMNS, cells, strict=True))
        text = Text(known["title"], feed_kind=known["feed_kind"] or None)
        probes.append(Probe(text, known["language"], known))
    return probes


def measure(probes: Sequence[Probe]) -> Measured:
    """Read all headlines and compare each field that has an expected value."""
    tags = Reader(KeywordClassifier()).classify([probe.text for probe in probes])
    right: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    misses: list[Miss] = []
    for probe, read in zip(probes, tags, strict=True):
        for field, answer in _answers(read):
            wanted = probe.expected[field]
            if wanted == "?" or (field == "communication" and not probe.text.feed_kind):
                continue
            asked[probe.language, field] += 1
            if _same(field, wanted, answer):
                right[probe.language, field] += 1
            else:
                misses.append(Miss(probe, field, answer))
    return Measured(right, asked, tuple(misses))


def _answers(tags: Tags) -> Iterator[tuple[str, str]]:
    figures = [f"{f.kind}={f.value:g}" for f in tags.figures if f.kind in _KINDS]
    figures += [f"alert={rank(tags.alert_colour)}"] if tags.alert_colour else []
    # A hazard word alone is no crisis: a headline of none must have no category for sure.
    hazard = tags.hazard or ("+".join(tags.labels) or "-")
    yield "language", tags.language
    yield "hazard", hazard
    yield "countries", ",".join(sorted(tags.countries)) or "-"
    yield "figures", ",".join(sorted(figures)) or "-"
    yield "flags", ",".join(sorted(tags.flags)) or "-"
    yield "nationals", tags.nationals
    yield "communication", tags.communication or "-"
    yield "claimed", "claimed" if tags.claimed_by else "-"


def _same(field: str, wanted: str, answer: str) -> bool:
    if field == "hazard":
        return answer in wanted.split("/")
    if field == "figures" and wanted != "-":
        pairs = (pair.split("=") for pair in wanted.split(","))
        return set(answer.split(",")) == {f"{kind}={float(value):g}" for kind, value in pairs}
    return set(answer.split(",")) == set(wanted.split(","))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of shares, with `--misses` each wrong answer too; 0 always."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--field")
    parser.add_argument("--language")
    options = parser.parse_args(arguments)
    probes = load(options.file)
    found = measure(probes)
    if options.misses:
        for miss in found.misses:
            if options.field in (None, miss.field) and options.language in (
                None, miss.probe.language,
            ):  # fmt: skip
                wanted = miss.probe.expected[miss.field]
                say(f"{miss.probe.language} {miss.field}: {wanted} read as {miss.read}"
                    f" | {miss.probe.text.title}")  # fmt: skip
    say(f"{len(probes)} headlines\t" + "\t".join(FIELDS))
    for language in sorted({probe.language for probe in probes}):
        shares = [f"{found.share(field, language):.2f}" for field in FIELDS]
        say("\t".join([language, *shares]))
    say("\t".join(["all", *(f"{found.share(field):.3f}" for field in FIELDS)]))
    return 0


def say(line: str) -> None:
    """Print one line of the report."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main())

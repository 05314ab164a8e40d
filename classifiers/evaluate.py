"""Measures a classifier on labelled rows: per label, language and slice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.errors import CorpusError
from classifiers.tags import CATEGORIES, Classifier, Tags, Text

HEADER = ("id", "lang", "text", "labels", "source", "slice")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text of a measuring set. `language` is known to the measurer only."""

    id: str
    language: str
    text: str
    labels: tuple[str, ...]
    slice: str


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one label, 0..1, from the counts beside them.

    Without any true or given label the value is None: there was nothing to measure.
    """

    right: int
    given: int
    true: int

    @property
    def precision(self) -> float | None:
        """Right among those given."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Right among those true."""
        return self.right / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; 0 when nothing is right, None when nothing was there."""
        return 2 * self.right / (self.given + self.true) if self.given + self.true else None


@dataclass(frozen=True, slots=True)
class Group:
    """The measures of one group of rows (all, one language, one slice).

    `missed_crisis`: share of crisis rows that got no label, sure or unsure. `silent_crisis`:
    share without a sure label. `false_alarm`: share of rows without labels that got a sure one.
    `asked`: share of all rows with an unsure label. None where the group has no such rows.
    """

    rows: int
    labels: dict[str, Score]
    missed_crisis: float | None
    silent_crisis: float | None
    false_alarm: float | None
    asked: float

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 of the labels that are true for at least one row."""
        values = [score.f1 or 0.0 for score in self.labels.values() if score.true]
        return sum(values) / len(values) if values else None


@dataclass(frozen=True, slots=True)
class Scores:
    """The whole measurement and the classifier it is of."""

    classifier: str
    all: Group
    languages: dict[str, Group]
    slices: dict[str, Group]

    def as_json(self) -> dict[str, object]:
        """Plain values for printing as JSON; shares rounded to four digits, None kept."""
        return {
            "classifier": self.classifier,
            "all": _group_json(self.all),
            "languages": {name: _group_json(group) for name, group in self.languages.items()},
            "slices": {name: _group_json(group) for name, group in self.slices.items()},
        }

    def as_text(self, slices: Sequence[str] = ()) -> str:
        """A table to read: one line per group, F1 per label; `slices` gives their order."""
        head = f"{'':24}{'rows':>6}{'macro':>7}" + "".join(f"{n:>12}" for n in CATEGORIES)
        lines = [f"classifier {self.classifier}", head + f"{'missed':>9}{'false':>7}{'asked':>7}"]
        lines.append(_group_text("all", self.all))
        for name, group in self.languages.items():
            lines.append(_group_text(name, group))
        for name in slices or self.slices:
            lines.append(_group_text(name, self.slices[name]))
        return "\n".join(lines) + "\n"


def read_rows(path: Path) -> list[Row]:
    """Rows of a TSV file `id lang text labels source slice`; labels comma-separated.

    Raises CorpusError naming file and line for a row that cannot be used.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
    if tuple(lines[0].rstrip("\r").split("\t")) != HEADER:
        raise CorpusError(f"{path}:1: the header line must name {', '.join(HEADER)}")
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.rstrip("\r").split("\t")
        if len(cells) != len(HEADER):
            raise CorpusError(f"{path}:{number}: {len(cells)} columns instead of {len(HEADER)}")
        labels = tuple(name for name in cells[3].split(",") if name and name != "none")
        if any(name not in CATEGORIES for name in labels):
            raise CorpusError(f"{path}:{number}: unknown labels {cells[3]!r}")
        rows.append(Row(cells[0], cells[1], cells[2], labels, cells[5]))
    return rows


def evaluate(classifier: Classifier, rows: Sequence[Row]) -> Scores:
    """Classify every row's text (without telling its language) and compare."""
    return scored(classifier.version, rows, read_answers(classifier, rows))


def read_answers(classifier: Classifier, rows: Sequence[Row]) -> list[Tags]:
    """What the classifier says of each row's text alone, same order."""
    found: list[Tags] = []
    for start in range(0, len(rows), _BATCH):
        found += classifier.classify([Text(row.text) for row in rows[start : start + _BATCH]])
    return found


def scored(version: str, rows: Sequence[Row], tags: Sequence[Tags]) -> Scores:
    """The scores of answers that were given already, one for each row."""
    given = [(frozenset(each.labels), bool(each.unsure)) for each in tags]
    pairs = list(zip(rows, given, strict=True))

    def by(key: Callable[[Row], str]) -> dict[str, Group]:
        names = sorted({key(row) for row in rows})
        return {name: _group(p for p in pairs if key(p[0]) == name) for name in names}

    return Scores(version, _group(pairs), by(lambda r: r.language), by(lambda r: r.slice))


def _group(chosen: Iterable[tuple[Row, tuple[frozenset[str], bool]]]) -> Group:
    pairs = list(chosen)
    labels = {
        name: Score(
            sum(name in row.labels and name in given for row, (given, _) in pairs),
            sum(name in given for _, (given, _) in pairs),
            sum(name in row.labels for row, _ in pairs),
        )
        for name in CATEGORIES
    }
    crises = [answer for row, answer in pairs if row.labels]
    others = [answer for row, answer in pairs if not row.labels]
    return Group(
        rows=len(pairs),
        labels=labels,
        missed_crisis=_share(not given and not asked for given, asked in crises),
        silent_crisis=_share(not given for given, _ in crises),
        false_alarm=_share(bool(given) for given, _ in others),
        asked=_share(asked for _, (_, asked) in pairs) or 0.0,
    )


def _share(values: Iterable[bool]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _group_json(group: Group) -> dict[str, object]:
    return {
        "rows": group.rows,
        "macro_f1": _rounded(group.macro_f1),
        "missed_crisis": _rounded(group.missed_crisis),
        "silent_crisis": _rounded(group.silent_crisis),
        "false_alarm": _rounded(group.false_alarm),
        "asked": _rounded(group.asked),
        "labels": {
            name: {
                "precision": _rounded(score.precision),
                "recall": _rounded(score.recall),
                "f1": _rounded(score.f1),
                "right": score.right,
                "given": score.given,
                "true": score.true,
            }
            for name, score in group.labels.items()
        },
    }


def _group_text(name: str, group: Group) -> str:
    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    f1 = "".join(
        f"{shown(group.labels[n].f1) if group.labels[n].true else '-':>12}" for n in CATEGORIES
    )
    tail = f"{shown(group.missed_crisis):>9}{shown(group.false_alarm):>7}{shown(group.asked):>7}"
    return f"{name[:24]:24}{group.rows:>6}{shown(group.macro_f1):>7}{f1}{tail}"

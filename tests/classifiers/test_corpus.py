from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.corpus import corpus_hash, load
from classifiers.errors import CorpusError

HEAD = "labels\tkind\tstyle\tcountries\ttitle\tsummary\n"


def write(folder: Path, text: str) -> Path:
    (folder / "en").mkdir()
    (folder / "en" / "natural.tsv").write_text(text, encoding="utf-8")
    return folder


def test_a_line_is_read_with_its_language_and_labels_in_order(tmp_path: Path) -> None:
    folder = write(tmp_path, HEAD + "# note\nhuman_made,natural\tFL\twire\tID,MY\tA\tB\n")
    (line,) = load(folder)
    assert line.labels == ("natural", "human_made")
    assert line.countries == ("ID", "MY")
    assert line.language == "en"
    assert line.text.title == "A"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("natural\tEQ\twire\tID\ttitle", "5 columns"),
        ("nature\tEQ\twire\tID\ttitle\t", "unknown labels"),
        ("natural\tQQ\twire\tID\ttitle\t", "unknown kind"),
        ("none\tEQ\twire\tID\ttitle\t", "unknown kind"),
        ("natural\tEQ\tpoem\tID\ttitle\t", "unknown style"),
        ("natural\tEQ\twire\tid\ttitle\t", "ISO codes"),
        ("natural\tEQ\twire\tID\t\t", "no title"),
    ],
)
def test_a_wrong_line_is_named_by_file_and_number(tmp_path: Path, row: str, what: str) -> None:
    folder = write(tmp_path, HEAD + row + "\n")
    with pytest.raises(CorpusError, match=r"natural\.tsv:2: .*" + what):
        load(folder)


def test_a_missing_header_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"natural\.tsv:1"):
        load(write(tmp_path, "natural\tEQ\twire\tID\ttitle\t\n"))


def test_the_hash_changes_with_any_byte(tmp_path: Path) -> None:
    before = corpus_hash(write(tmp_path, HEAD))
    (tmp_path / "en" / "natural.tsv").write_text(HEAD + "#\n", encoding="utf-8")
    assert corpus_hash(tmp_path) != before


def test_the_corpus_of_the_project_can_be_read() -> None:
    lines = load()
    assert {line.language for line in lines} >= {"en", "th", "id", "ms"}
    assert sum(not line.labels for line in lines) > len(lines) / 5

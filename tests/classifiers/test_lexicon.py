from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.errors import CorpusError
from classifiers.language import LANGUAGES, detect
from classifiers.lexicon import FOLDER, HAZARDS, category_of, read, scan
from classifiers.tags import Text
from classifiers.terms import spot
from classifiers.text import prepare


def keys(text: str) -> set[str]:
    prepared = prepare(Text(text))
    return {hit.key for hit in scan(prepared, detect(text), spot(prepared.folded).words)}


def test_a_metaphor_hides_the_hazard_word_inside_it() -> None:
    assert "LS" not in keys("Landslide victory for the opposition")
    assert "LS" in keys("Landslide buries a village")


def test_a_word_counts_only_as_a_whole_word() -> None:
    assert "FL" not in keys("Floodgate Records signs a band")


def test_a_prefix_word_may_go_on_and_is_shown_whole() -> None:
    prepared = prepare(Text("Thousands evacuated from the valley"))
    assert [hit.words for hit in scan(prepared, "en", spot(prepared.folded).words)] == ["evacuated"]


def test_short_words_of_one_language_do_not_count_in_another() -> None:
    # "war" is "was" in German, "rob" a tidal flood in Indonesian and a verb in English.
    assert "armed_conflict" not in keys("Der Minister war gestern in Berlin und sagte nichts dazu")
    assert "SS" not in keys("Two men rob a bank in Ohio and leave with the money")


def test_thai_words_count_where_they_start_and_end_a_word() -> None:
    assert "FL" in keys("ภาคใต้น้ำท่วมหนักสุดในรอบสิบปี")
    assert "+crisis" not in keys("ขับรถบนทางด่วนอย่างสบายใจ")


def test_arabic_prefixes_do_not_hide_a_word() -> None:
    assert "FL" in keys("غرق قرى بفيضانات في شمال السودان")


def test_every_language_has_words_and_every_hazard_a_category() -> None:
    files = {path.stem for path in FOLDER.glob("*.tsv")}
    assert files | {"ms"} == set(LANGUAGES)  # Indonesian and Malay share a file
    assert [hazard for hazard in HAZARDS if category_of(hazard) is None] == ["OT"]


@pytest.mark.parametrize("line", ["NOPE\tword", "EQ word", "EQ\ta | | b", "EQ\tmid*dle"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "en.tsv").write_text(f"# words\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"en\.tsv:2"):
        read(tmp_path)

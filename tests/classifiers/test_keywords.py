from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from classifiers.keywords import KeywordClassifier
from classifiers.tags import CATEGORIES, Tags, Text

ROOT = Path(__file__).parents[2]


def read(title: str) -> Tags:
    return KeywordClassifier().classify([Text(title)])[0]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Earthquake kills 20 in Nepal", "natural"),
        ("น้ำท่วมหนัก ผู้เสียชีวิต 12 ราย", "natural"),
        ("Cholera outbreak kills 40 in Sudan", "health"),
        ("พบผู้ป่วยอหิวาต์ระบาดในเมียนมา", "health"),
        ("Suicide bomber kills 12 at market", "human_made"),
        ("กราดยิงกลางห้าง เสียชีวิต 3 ราย", "human_made"),
        ("Kebakaran pabrik tewaskan 5 pekerja", "human_made"),
        ("Séisme au Maroc: des centaines de morts", "natural"),
        ("Terremoto en Chile deja 3 muertos", "natural"),
        ("台风登陆广东 5人死亡", "natural"),
        ("Взрыв на заводе, погибли 4 человека", "human_made"),
        ("زلزال يضرب تركيا ومقتل 20", "natural"),
    ],
)
def test_plain_crises_get_their_category(title: str, label: str) -> None:
    assert label in read(title).labels


@pytest.mark.parametrize(
    "title",
    [
        "Landslide victory for the ruling party",
        "Striker's late goal ends title drought",
        "Film about the great flood wins at festival",
        "Stock market crash fears ease",
        "สงครามราคารถยนต์ไฟฟ้าเดือด",
        "ทีมชาติไทยถล่มประตูคู่แข่งคว้าแชมป์",
        "",
        "🙂",
    ],
)
def test_texts_that_only_sound_like_a_crisis_get_none(title: str) -> None:
    assert read(title).labels == ()


def test_the_evidence_is_whole_words_of_the_text() -> None:
    tags = read("น้ำท่วมหนักเชียงราย ผู้เสียชีวิต 12 ราย")
    assert "น้ำท่วมหนัก" in tags.evidence["natural"]


def test_probabilities_name_all_categories_and_stay_within_bounds() -> None:
    tags = read("Flood flood flood earthquake dead killed injured evacuated volcano tsunami")
    assert set(tags.probabilities) == set(CATEGORIES)
    assert all(0 <= value <= 1 for value in tags.probabilities.values())


def test_the_keyword_classifier_loads_no_machine_learning() -> None:
    code = (
        "import sys; import classifiers.reader, classifiers.keywords, classifiers.tags;"
        "heavy = {'sklearn', 'scipy', 'pythainlp', 'py3langid', 'babel', 'numpy'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

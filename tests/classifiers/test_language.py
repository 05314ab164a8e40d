from __future__ import annotations

import pytest

from classifiers import latin
from classifiers.language import detect

CASES = {
    "en": "Strong earthquake shakes the capital overnight",
    "th": "แผ่นดินไหวรุนแรงเขย่าเมืองหลวง",
    "id": "Gempa kuat guncang ibu kota, warga mengungsi karena takut",
    "ms": "Banjir besar: lebih 200 mangsa dipindahkan ke pusat pemindahan",
    "zh": "首都发生强烈地震",
    "ja": "首都で強い地震がありました",
    "ko": "수도에서 강한 지진이 발생했다",
    "vi": "Động đất mạnh làm rung chuyển thủ đô",
    "fil": "Malakas na lindol ang yumanig sa kabisera kagabi, maraming tao ang lumikas",
    "lo": "ແຜ່ນດິນໄຫວຢູ່ນະຄອນຫຼວງ",
    "km": "រញ្ជួយដីនៅរាជធានី",
    "my": "မြို့တော်တွင် ငလျင်လှုပ်",
    "fr": "Un fort séisme secoue la capitale pendant la nuit",
    "es": "Un fuerte terremoto sacude la capital durante la noche",
    "de": "Starkes Erdbeben erschüttert in der Nacht die Hauptstadt",
    "pt": "Forte terremoto atinge a capital durante a madrugada, não há feridos",
    "ar": "زلزال قوي يهز العاصمة",
    "ru": "Сильное землетрясение в столице",
    "hi": "राजधानी में तेज भूकंप",
}


@pytest.mark.parametrize("code", CASES)
def test_each_language_is_known(code: str) -> None:
    assert detect(CASES[code]) == code


@pytest.mark.parametrize("text", ["", "   ", "12:30 5.4", "🙂🔥", "https://example.example/a"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert detect(text) == "und"


def test_the_declared_language_decides_between_indonesian_and_malay() -> None:
    text = "Tsunami landa pantai"
    assert detect(text, "ms") == "ms"
    assert detect(text, "id-ID") == "id"


def test_a_wrongly_declared_language_does_not_beat_the_script() -> None:
    assert detect("แผ่นดินไหวรุนแรง", "en") == "th"


def test_kanji_without_kana_is_japanese_only_where_declared() -> None:
    assert detect("大雨特別警報", "ja") == "ja"
    assert detect("暴雨红色预警", "zh-CN") == "zh"


def test_other_languages_of_a_script_are_not_called_by_the_commonest() -> None:
    assert detect("Землетрус у столиці, її мешканці налякані") == "uk"
    assert detect("زلزله شدید در پایتخت گزارش شد") == "fa"


def test_a_remembered_word_gives_the_score_of_one_seen_for_the_first_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ranker = latin.SOURCE.get()
    texts = [text for text in CASES.values() if text.isascii()] * 2
    monkeypatch.setattr(latin, "_MOST_WORDS", 0)  # nothing is kept from one word to the next
    fresh = [ranker.rank(text) for text in texts]
    monkeypatch.undo()
    assert [ranker.rank(text) for text in texts] == fresh
    assert [ranker.rank(text) for text in reversed(texts)] == fresh[::-1]

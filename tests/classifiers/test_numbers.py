from __future__ import annotations

import pytest

from classifiers.language import detect
from classifiers.numbers import find_numbers
from classifiers.tags import Text
from classifiers.text import prepare


def values(text: str, language: str | None = None) -> list[float]:
    prepared = prepare(Text(text))
    code = language or detect(text)
    found = find_numbers(prepared.folded, prepared.tokens, prepared.edges, code)
    return [number.value for number in found]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2.3 lakh and 1.2 crore and 2,30,000", "en", [230_000, 12_000_000, 230_000]),
        ("two dozen", "en", [24]),
        ("forty-one", "en", [41]),
        ("No one was hurt", "en", []),
        ("๑,๒๓๔ ราย", "th", [1234]),
        ("5.4 หมื่นราย", "th", [54_000]),
        ("สองราย", "th", [2]),
        ("สี่แยก", "th", []),
        ("23万人", "zh", [230_000]),
        ("十二人死亡", "zh", [12]),
        ("一起事故", "zh", []),
        ("1万2千人", "ja", [12_000]),
        ("２千人", "ja", [2_000]),
        ("1천200명", "ko", [1_200]),
        ("dua belas ribu", "id", [12_000]),
        ("setengah juta", "id", [500_000]),
        ("1,5 triệu dân", "vi", [1_500_000]),
        ("300 libong pamilya", "fil", [300_000]),
        ("2 300 cas", "fr", [2_300]),
        ("tres mil", "es", [3_000]),
        ("once killed", "en", []),
        ("once muertos", "es", [11]),
        ("zweiundzwanzig", "de", [22]),
        ("1,2 milhão", "pt", [1_200_000]),
        ("6,5 тысячи человек", "ru", [6_500]),
        ("٣ آلاف", "ar", [3_000]),
        ("۲۵ نفر", "fa", [25]),
        ("10 लाख", "hi", [1_000_000]),
        ("໓໐ ຄົນ", "lo", [30]),
        ("៣ម៉ឺននាក់", "km", [30_000]),
        ("၃ သောင်းကျော်", "my", [30_000]),
        ("10-15 dead", "en", [10]),
        ("between 20 and 30", "en", [20]),
        ("from 30 to 45", "en", [30, 45]),
        ("won 3-1", "en", [3]),
    ],
)
def test_numbers_are_read_in_each_language_s_way(
    text: str, language: str, expected: list[float]
) -> None:
    assert values(text, language) == expected

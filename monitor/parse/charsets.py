"""A guess at the legacy character set of undeclared bytes, by how well the result reads.

Each candidate is decoded and scored by what is typical of its script: Thai marks stand on
consonants, Japanese has kana, Korean is nearly all Hangul, Chinese is full of a few common
characters. The scores are ratios 0..1 over the characters beyond ASCII.
"""

from __future__ import annotations

import re

_SAMPLE = 60_000
_THAI_CONSONANT = re.compile("[\u0e01-\u0e2e]")
_THAI_MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_THAI_WELL_SET = re.compile(
    "(?<=[\u0e01-\u0e2e\u0e31-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
_AMID_LATIN = re.compile("(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_COMMON_SIMPLIFIED = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后么"
    "新发经从行方现成日本民市部报部门关进公长地震警害难灾"
)
_COMMON_TRADITIONAL = frozenset(
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後麼"
    "新發經從行方現成日本民市部報門關進公長臺灣灣"
)
_LANGUAGE_OF = {
    "cp874": "th",
    "gb18030": "zh",
    "big5hkscs": "zh",
    "cp949": "ko",
    "euc-jp": "ja",
    "cp932": "ja",
    "cp1251": "ru",
    "koi8-r": "ru",
    "cp1256": "ar",
    "cp1255": "he",
}


def guess(body: bytes, language: str | None = None) -> str:
    """The codec under which `body` reads best; cp1252 when nothing else does.

    `language` is a hint that decides between near equals.
    """
    sample = body[:_SAMPLE]
    best, best_score = "cp1252", 0.45
    for codec in _LANGUAGE_OF:
        text = sample.decode(codec, errors="replace")
        foreign = [char for char in text if char > "\x7f"]
        if not foreign:
            continue
        score = _score(codec, text, foreign) - 2.0 * foreign.count("\ufffd") / len(foreign)
        if language and _LANGUAGE_OF[codec] == language[:2].lower():
            score += 0.15
        if score > best_score:
            best, best_score = codec, score
    return best


def _share(chars: list[str], low: str, high: str) -> float:
    return sum(low <= char <= high for char in chars) / len(chars)


def _score(codec: str, text: str, foreign: list[str]) -> float:
    if codec == "cp874":
        marks = len(_THAI_MARK.findall(text))
        consonants = len(_THAI_CONSONANT.findall(text))
        if not marks or not consonants:
            return 0.0
        well_set = len(_THAI_WELL_SET.findall(text)) / marks
        return _share(foreign, "\u0e01", "\u0e5b") * well_set
    if codec == "cp949":
        return _share(foreign, "\uac00", "\ud7a3")
    if codec in ("euc-jp", "cp932"):
        kana = _share(foreign, "\u3041", "\u30fe")
        han = _share(foreign, "\u4e00", "\u9fff")
        return 0.0 if kana < 0.15 else kana + han
    if codec in ("gb18030", "big5hkscs"):
        common = _COMMON_SIMPLIFIED if codec == "gb18030" else _COMMON_TRADITIONAL
        chinese = [char for char in foreign if "\u4e00" <= char <= "\u9fff"]
        if not chinese:
            return 0.0
        hits = sum(char in common for char in chinese) / len(chinese)
        return len(chinese) / len(foreign) * min(1.0, 4.0 * hits)
    letters = [char for char in foreign if char.isalpha()]
    if not letters or len(_AMID_LATIN.findall(text)) > 0.3 * len(letters):
        return 0.0  # single letters inside Latin words are accents
    if codec == "cp1256":
        usual = sum(char in "اليمونرت" for char in letters) / len(letters)
        return _share(letters, "\u0600", "\u06ff") * min(1.0, usual * 1.7)
    if codec in ("cp1251", "koi8-r"):
        lower = sum(char.islower() for char in letters) / len(letters)
        vowels = sum(char in "оеаинт" for char in letters) / len(letters)
        return _share(letters, "\u0400", "\u04ff") * min(1.0, lower + 0.1) * min(1.0, vowels * 3)
    return _share(letters, "\u05d0", "\u05ea")  # cp1255

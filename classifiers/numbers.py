"""Finds the numbers of a text, in digits and words, in the ways of our languages.

Texts come folded (lower case, western digits). `numbers.toml` holds the words.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from classifiers.errors import CorpusError

_FILE = Path(__file__).parent / "numbers.toml"

# Thousands by comma, point or space; Indian lakhs (2,30,000); a decimal place.
_DIGITS = r"\d{1,3}(?:[,. ]\d{3})+(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d+(?:[.,]\d+)?"
_GROUPED = re.compile(r"\d{1,3}([,. ])\d{3}(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")
_HAN = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
        "九": 9, "〇": 0, "零": 0}  # fmt: skip
_HAN_UNIT = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000}
_MYRIAD = {"万": 10_000, "萬": 10_000, "億": 100_000_000, "亿": 100_000_000, "千": 1_000,
           "百": 100, "만": 10_000, "천": 1_000, "백": 100, "억": 100_000_000}  # fmt: skip
_HAN_LANGUAGES = ("zh", "ja")
# Behind a number in Han signs must stand what it counts: 一 and 三 are parts of many words.
_HAN_NUMBER = re.compile(
    r"(?<![一二两兩三四五六七八九十百千万萬\d第])[一二两兩三四五六七八九十百千万萬]+"
    r"(?=余?多?(?:[人名例具]|死|伤|受伤|遇难|失踪|失联))"
)
_PARTS = re.compile(r"(\d+(?:[.,]\d+)*)([万萬億亿千百만천백억]?)")
_LATIN = "a-zà-öø-ɏḀ-ỹ"
# "10-15", "10 to 15", "10至15": the least of them is what is sure.
_TO = re.compile(
    r"\s?(?:-|–|—|~|～|to|or|and|hingga|sampai|atau|ถึง|หรือ|bis|oder|a|à|y|ou|o|e|đến|至|到|から|до|"
    r"से|إلى|ຫາ|ដល់)\s?"
)
_DASH = re.compile(r"[-–—~～]")
_BETWEEN = re.compile(
    r"\b(?:between|antara|zwischen|entre)\s$|(?:ระหว่าง)\s?$"
)  # without it a word between two numbers may join two tolls
_FROM = re.compile(r"(?:\b(?:from|dari|von|de|desde|từ|mula|du|с)|จาก|从|由)\s?$")
# The same number in words that say how it was before stands in no toll.
_JOINED = frozenset(["and", "y", "e", "a", "à", "o", "ou"])


class Number(NamedTuple):
    """A number at its place. `raw` is how it is written, `whole` that it has no fraction."""

    start: int
    end: int
    value: float
    raw: str


def find_numbers(
    folded: str, tokens: list[str], edges: frozenset[int], language: str
) -> list[Number]:
    """The numbers of a text in order, none covering another; a range counts as its least.

    `tokens` and `edges` are those of `text.Prepared`; `language` says which words in Latin
    letters are numbers, for "once" and "cent" are not everywhere.
    """
    words = _words()
    latin = _latin(language)
    found: dict[int, Number] = {}
    if not latin.telling.isdisjoint(tokens):
        named = _named(latin.pattern, folded, latin.values)
        found.update((n.start, n) for n in named if _stands_alone(folded, n.start))
    if edges:
        thai = _named(words.thai, folded, words.values)
        found.update((n.start, n) for n in thai if n.start in edges and _ends(n, edges))
    if language in words.other:
        named = _named(words.other[language], folded, words.values)
        found.update((number.start, number) for number in named)
    elif language in _HAN_LANGUAGES:
        for match in _HAN_NUMBER.finditer(folded):
            if (value := _han_value(match.group())) is not None:
                found[match.start()] = Number(match.start(), match.end(), value, match.group())
    for match in words.digits.finditer(folded):
        value = _digit_value(match.group("d"), match.group("s") or "")
        if value is not None:
            found[match.start()] = Number(match.start(), match.end(), value, match.group().strip())
    numbers: list[Number] = []
    for number in sorted(found.values()):
        if numbers and number.start < numbers[-1].end:
            continue
        last = numbers[-1] if numbers else None
        if last is not None and _is_range(folded, last, number):
            raw = folded[last.start : number.end]
            numbers[-1] = Number(last.start, number.end, last.value, raw)
        elif not (last and _DASH.fullmatch(folded, last.end, number.start)):
            numbers.append(number)  # the second half of "3-1" counts nothing
    return numbers


def _stands_alone(text: str, start: int) -> bool:
    # "No one" counts nobody, "forty-one" was read before.
    return not text.endswith(("-", "no "), 0, start)


def _ends(number: Number, edges: frozenset[int]) -> bool:
    # What follows a number may be cut as one word with it ("สองราย").
    return number.end in edges or number.end - number.start >= 4


def _is_range(text: str, low: Number, high: Number) -> bool:
    between = text[low.end : high.start]
    if not low.value < high.value or len(between) > 9 or not _TO.fullmatch(between):
        return False
    before = text[max(0, low.start - 12) : low.start]
    if _FROM.search(before):
        return False
    if between.strip() in _JOINED:
        return _BETWEEN.search(before) is not None
    return True


def _named(pattern: re.Pattern[str], folded: str, values: dict[str, float]) -> Iterator[Number]:
    for match in pattern.finditer(folded):
        scale = match.group("s") if "s" in match.re.groupindex else None
        value = values[match.group("w")] * _scale(scale or "")
        yield Number(match.start(), match.end(), value, match.group())


def _scale(word: str) -> float:
    word = word.strip(" -")
    return _words().scale[word] if word else 1.0


def _digit_value(digits: str, scale: str) -> float | None:
    """The value of a number in digits; None for what is none ("1.2.3")."""
    if any(sign in _MYRIAD for sign in digits):
        total = 0.0
        for part, unit in _PARTS.findall(digits + scale.strip()):
            value = _digit_value(part, "")
            if value is None:
                return None
            total += value * _MYRIAD.get(unit, 1)
        return total
    factor = _scale(scale)
    if _GROUPED.fullmatch(digits) and not (factor > 1 and len(digits) < 6 and "." in digits):
        return round(float(re.sub("[,. ]", "", digits)) * factor, 3)
    try:
        value = float(digits.replace(",", "."))
    except ValueError:
        return None
    return round(value * factor, 3)


def _han_value(signs: str) -> float | None:
    total, section, digit = 0, 0, 0
    for sign in signs:
        if sign in _HAN:
            digit = _HAN[sign]
            continue
        unit = _HAN_UNIT[sign]
        if unit == 10_000:
            total += (section + digit or 1) * unit
            section = 0
        else:
            section += (digit or 1) * unit
        digit = 0
    return float(total + section + digit) or None


# Languages in a script of their own that puts spaces between words.
_SCRIPTS = {"ru": "\u0400-\u04ff", "ar": "\u0620-\u064a", "hi": "\u0900-\u097f"}


class _Latin(NamedTuple):
    values: dict[str, float]
    pattern: re.Pattern[str]
    telling: frozenset[str]  # one of these stands in a text that holds such a number


class _Words(NamedTuple):
    named: dict[str, dict[str, float]]
    values: dict[str, float]
    scale: dict[str, float]
    apart: str
    digits: re.Pattern[str]
    thai: re.Pattern[str]
    other: dict[str, re.Pattern[str]]  # by language, in scripts of their own


@cache
def _words() -> _Words:
    """The words of `numbers.toml` as patterns; raises CorpusError when it cannot be read."""
    try:
        tables = tomllib.loads(unicodedata.normalize("NFC", _FILE.read_text(encoding="utf-8")))
        scale = {word: float(value) for word, value in tables.pop("scale").items()}
        before = {name: table.pop("before", "") for name, table in tables.items()}
        named = {name: dict(_values(table)) for name, table in tables.items()}
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, ValueError) as error:
        raise CorpusError(f"{_FILE.name}: {error}") from error
    values = {word: value for words in named.values() for word, value in words.items()}
    apart = _any(word for word in scale if word[0] < "\u0500" or "\u0600" <= word[0] < "\u0980")
    joined = _any(word for word in scale if word[0] >= "\u0e00" and word[0] not in _MYRIAD)
    joined += "|" + "[万萬億亿千百만천백억]"
    behind = rf"(?P<s>[ -]?(?:{apart})(?![{_LATIN}\u0400-\u04ff\u0600-\u097f])|\s?(?:{joined}))?"
    signs = "[万萬億亿千百만천백억]"
    return _Words(
        named=named,
        values=values,
        scale=scale,
        apart=apart,
        digits=re.compile(
            rf"(?<![a-zà-ɏ\d./:])(?<!\d,)(?<![a-z]-)"
            rf"(?P<d>\d+(?:[.,]\d+)?{signs}(?:\d+{signs}?)+|{_DIGITS}){behind}"
        ),
        thai=re.compile(rf"(?P<w>{_any(named['th'])})(?P<s>\s?(?:ร้อย|พัน|หมื่น|แสน|ล้าน))?"),
        other={
            name: re.compile(
                rf"(?<![{signs_of}])(?P<w>{_any(named[name])})(?![{signs_of}])"
                rf"(?P<s>\s(?:{apart})(?!\w))?"
                if (signs_of := _SCRIPTS.get(name, ""))
                else rf"(?P<w>{_any(named[name])})(?=\s?(?:{counted}))"
            )
            for name, counted in before.items()
            if counted or name in _SCRIPTS
        },
    )


@cache
def _latin(language: str) -> _Latin:
    """The number words of a language in Latin letters, and the English ones."""
    words = _words()
    own = words.named.get("id" if language == "ms" else language, {})
    values = {**words.named["en"], **{w: v for w, v in own.items() if w[0] < "\u0300"}}
    return _Latin(
        values,
        re.compile(rf"\b(?P<w>{_any(values)})(?![\w-])(?P<s>[ -]?(?:{words.apart})(?!\w))?"),
        frozenset(re.split("[ -]", word)[-1] for word in values),
    )


def _values(table: dict[str, object]) -> Iterator[tuple[str, float]]:
    ones = [words.split("|") for words in str(table["ones"]).split()]
    tens = [words.split("|") for words in str(table.get("tens", "")).split()]
    for value, words in enumerate(ones, 1):
        yield from ((word, float(value)) for word in words)
    for value, words in enumerate(tens, 2):
        yield from ((word, 10.0 * value) for word in words)
    join, teens = str(table.get("join", "")), str(table.get("teens", ""))
    for value, words in enumerate(ones[:9], 1):
        for word in words:
            if teens:
                yield teens.format(one=word), 10.0 + value
            if join and not tens:
                yield join.format(one=word), 10.0 * value
            for ten, names in enumerate(tens, 2):
                yield from (
                    (join.format(ten=name, one=word), 10.0 * ten + value) for name in names if join
                )
    other = table.get("other", {})
    if isinstance(other, dict):
        yield from ((str(word), float(value)) for word, value in other.items())


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

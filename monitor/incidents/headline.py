"""A headline made ready for comparing: its words, its numbers, the storms that it names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar

from monitor.incidents.rarity import rarity
from monitor.incidents.storms import storms_in

T = TypeVar("T")
LONGEST = 400  # characters of a headline that are looked at
# Vowels and tones that stand above or below a letter are part of the word.
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u103e\u17b4-\u17d3\u0900-\u0903\u093a-\u094f"
)
_RUN = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+(?:['’][^\W\d_]+)*")
# With what Thai offices begin every second headline: who speaks and that orders were given.
_FORMULAS = re.compile(
    "(?:รอง)?โฆษก(?:ประจำสำนักนายกรัฐมนตรี|รัฐบาล|ฯ)?|รองนายก(?:ฯ|รัฐมนตรี)?|นายก(?:ฯ|รัฐมนตรี)?"
    "|รัฐมนตรี(?:ช่วย)?(?:ว่าการ)?|กระทรวง|ทุกหน่วยงาน|หน่วยงานที่เกี่ยวข้อง|สั่งการ|กำชับ|มอบหมาย"
    "|เปิดเผย|เผยว่า|เผย|ลงพื้นที่|ติดตามสถานการณ์|อย่างใกล้ชิด|อย่างต่อเนื่อง|ประชาชน|จังหวัด|เร่งช่วยเหลือ"
    "|เตรียมพร้อม|เตรียมความพร้อม|ประชุม|พร้อม"
)
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_NUMBER = re.compile(r"(?<![\w.,/:-])\d{1,3}(?:[,. ]\d{3})+(?![\d,.])|\d+(?:[.,]\d+)?")
_ENDINGS = ("ings", "ing", "ers", "er", "ed", "es", "s")
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_UNITS = {word: value for value, word in enumerate(_SMALL.split())}
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: value * 10 for value, word in enumerate(_ROUND.split(), start=2)}
_IN_WORDS = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:-({'|'.join(list(_UNITS)[1:10])}))?|({'|'.join(_UNITS)}))\b"
)


@dataclass(frozen=True, slots=True)
class Headline:
    """What is compared. `words` are stems, and pairs or triples of letters where a script has
    no spaces; `numbers` are values as text, years left out; `few` says that it hardly says
    anything. `size` is the sum of the squares of the words' rarity.
    """

    words: frozenset[str]
    numbers: frozenset[str]
    storms: frozenset[str]
    few: bool
    size: float


@lru_cache(maxsize=2**12)  # an incident's headlines are compared with each item that may join
def headline(text: str) -> Headline:
    """The parts of a headline."""
    storms = storms_in(text)
    text = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    text = text.replace("\u0e4d\u0e32", "\u0e33")  # a Thai vowel that NFKC takes apart
    words: set[str] = set()
    said = 0.0
    for match in _RUN.finditer(text):
        run = match.group()
        unspaced = _UNSPACED.findall(run)
        if unspaced:
            for each in (part for run in unspaced for part in _FORMULAS.split(run) if part):
                words.update(_pieces(each))
                said += len(each) / 4
            continue
        word = stem(run)
        if len(word) > 2:
            words.add(word)
            said += 1
    held = frozenset(map(intern, words))  # incidents hold the same words over and over
    size = sum(rarity(word) ** 2 for word in held)
    return Headline(held, once(numbers(text)), once(storms), said < 2, size)


def once(found: frozenset[T]) -> frozenset[T]:
    """The equal set that was there before, if there is one: thousands of incidents share few."""
    held: frozenset[T] = _first_like(found)
    return held


@lru_cache(maxsize=2**10)
def _first_like(found: frozenset[Any]) -> frozenset[Any]:
    return found


def stem(word: str) -> str:
    """The beginning of a word by which its forms are known: killed, kills → kill."""
    if "'" in word or "’" in word:
        word = _POSSESSIVE.sub("", word)
    if word[0] < "\u0250":
        if not word.isascii():
            plain = unicodedata.normalize("NFD", word)
            word = "".join(sign for sign in plain if not unicodedata.combining(sign))
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                word = word[: -len(ending)]
                break
        if len(word) > 4 and word.endswith("e"):
            word = word[:-1]
    return word[:7]


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text, in digits or in English words; years and single units are none."""
    found: set[str] = set()
    for match in _NUMBER.findall(text):
        digits = re.sub(r"[,. ](?=\d{3}(?:\D|$))", "", match).replace(",", ".")
        value = float(digits)
        if (value >= 5 or "." in digits) and not (1900 <= value <= 2100 and len(digits) == 4):
            found.add(f"{value:g}")
    for tens, units, small in _IN_WORDS.findall(text.casefold()):
        count = _TENS[tens] + _UNITS.get(units, 0) if tens else _UNITS[small]
        if count >= 5:
            found.add(f"{count:g}")
    return frozenset(found)


def is_piece(word: str) -> bool:
    """Whether it is a pair or triple of letters, of which several make one word."""
    return _UNSPACED.match(word) is not None


def _pieces(run: str) -> set[str]:
    """Pairs of ideographs, triples of the letters of other scripts without spaces."""
    size = 2 if _IDEOGRAPHS.match(run) else 3
    if len(run) <= size:
        return {run}
    return {run[index : index + size] for index in range(len(run) - size + 1)}

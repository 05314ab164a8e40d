"""Reads the numbers that matter: dead, injured, missing, displaced, cases, magnitude, …

A number gets its meaning from the words next to it, in English, Thai, Indonesian, Malay, and
for the commonest patterns Chinese and Japanese. Thai digits are read; small numbers in words too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from classifiers.errors import CorpusError
from classifiers.tags import Figure
from classifiers.text import Prepared

_EN = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ID = [
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
]
_TH = ["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ"]
_SMALL: dict[str, int] = {
    **{word: value for value, word in enumerate(_EN, 1)},
    **{word: value for value, word in enumerate(_ID, 1)},
    **{word: value for value, word in enumerate(_TH, 1)},
    **{word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **{f"{ten}-{one}": 10 * tens + value for tens, ten in enumerate(_TENS, 2)
       for value, one in enumerate(_EN[:9], 1)},
    "lapan": 8, "seorang": 1, "a dozen": 12, "ยี่สิบ": 20,
}  # fmt: skip
# "Dozens", "hundreds", "ratusan" name no number, and none is made up for them.
_SCALE = {
    "dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "m": 1_000_000,
    "bn": 1_000_000_000, "ratus": 100, "ribu": 1_000, "juta": 1_000_000,
    "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000,
    "万": 10_000, "千": 1_000, "k": 1_000,
}  # fmt: skip

_DIGITS = r"\d{1,3}(?:[,. ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_LATIN_SMALL = "|".join(sorted((w for w in _SMALL if w.isascii()), key=len, reverse=True))
_THAI_SMALL = "|".join(sorted((w for w in _SMALL if not w.isascii()), key=len, reverse=True))
_NUMBER = (
    rf"(?P<n>(?:(?<![A-Za-zÀ-ÿ\d.,:/-])(?:{_DIGITS})"
    rf"|(?<!no )(?<![\w-])(?:{_LATIN_SMALL})\b|(?:{_THAI_SMALL}))"
    r"(?:\s?(?:dozen|hundred|thousand|million|ribu|ratus|juta|ร้อย|พัน|หมื่น|แสน|ล้าน|万|千)\b|(?<=\d)k\b)?)"
)
_PEOPLE = (
    r"(?:\s(?:people|persons|others|more|residents|villagers|workers|miners|passengers|soldiers|"
    r"civilians|children|students|tourists|crew(?: members)?|patients|men|women|migrants|homes|"
    r"firefighters|police(?: officers)?|[a-z]{3,15} nationals|thais?|thai workers|bodies))?"
)
_GAP = (
    r"(?:\s(?:are|were|was|have been|has been|had been|reported|confirmed|feared|also|now|still|"
    r"believed|reportedly|be))*"
)
_PIECES = {
    "<before>": rf"{_NUMBER}{_PEOPLE}{_GAP}\s",
    "<n>": _NUMBER,
    "<th_people>": r"\s?(?:ราย|ศพ|คน|รูป|ชีวิต|นาย)?",
    "<th_gap>": (
        r"(?:\s|แล้ว|เป็น|อย่างน้อย|กว่า|เพิ่มเป็น|เพิ่ม|ทะลุ|ราว|ประมาณ|ถึง|รวม|สะสม|พุ่ง|มากกว่า|อีก){0,4}"
    ),
    "<id_people>": (
        r"(?:\s(?:orang|warga|anak|penumpang|korban|wni|siswa|pekerja|mangsa|penduduk|pelajar|"
        r"individu|jiwa|pendaki|penambang))?"
    ),
}
_FILE = Path(__file__).parent / "figures.tsv"
_DIGIT, _DECIMAL = re.compile(r"\d"), re.compile(r"\d[.,]\d")
_COUNTS = frozenset(_SMALL) | {"dozen"}
_LATIN_START = re.compile(rf"(?<![\w-])(?:{_LATIN_SMALL})\b")
_THAI_START = re.compile(rf"(?={_THAI_SMALL})")

_CONTINUOUS = frozenset({"magnitude", "depth_km", "height_m"})
_LIMITS = {"magnitude": (0.5, 10.0), "category": (1, 5), "depth_km": (0, 800), "height_m": (0, 100)}
_YEAR_LIKE = re.compile(r"(?:19|20|25)\d\d")
_VICTIMS = frozenset({"dead", "injured", "missing", "displaced", "affected", "cases"})
# Right behind a number: what was counted is an animal.
_ANIMALS = re.compile(
    r"\s?(?:(?:wild|stray|pet|farm|dairy|endangered|rare)\s)?(?:dogs?|cats?|cattle|cows?|pigs?|"
    r"hogs|chickens?|birds?|ducks|poultry|sheep|goats?|horses?|elephants?|whales?|dolphins?|fish|"
    r"animals?|livestock|buffalo(?:es)?|monkeys|tigers?|turtles?|bees|deer|seals|penguins|ekor)\b|"
    r"\s?(?:ตัว|เชือก|头|只|羽|匹|頭|마리)"
)
# A count over years is a statistic, no event.
_YEARLY = re.compile(
    r"(?<!in )\b(?:a|per|each|every) year\b(?! (?:ago|after|later|on|earlier|since))|"
    r"\b(?:annually|yearly)\b|"
    r"ต่อปี|ปีละ|ทุกปี|วันละ|ต่อวัน|\b(?:per tahun|setahun|setiap tahun|saban tahun|par an|"
    r"al año|por ano|pro jahr|mỗi năm)\b|每年|年間|매년"
)
_SENTENCE_END = re.compile(r"[.!?;\n](?!\d)|[。！？]")
_STATISTIC_REACH = 60  # characters on either side, within the sentence
# A short Thai word counts inside a longer one only behind these ("คนเจ็บ").
_THAI_BEFORE = ("คน", "ผู้", "ยอด")
_THAI_SURE_LENGTH = 6


def find_figures(prepared: Prepared) -> tuple[Figure, ...]:
    """The figures a text gives, in the order they stand; the same kind and value once.

    "At least 12" gives the least number; `words` keeps what was written. "Dozens" gives none,
    nor do counts of animals or over years.
    """
    found: dict[tuple[str, float], tuple[int, Figure]] = {}
    taken: set[tuple[int, int]] = set()
    for kind, start, end, number_at, raw in _matches(prepared):
        value = _value(raw, continuous=kind in _CONTINUOUS)
        low, high = _LIMITS.get(kind, (1, 50_000_000))
        if value is None or not low <= value <= high:
            continue
        if kind not in _CONTINUOUS and _YEAR_LIKE.fullmatch(raw) and kind != "cases":
            continue
        if number_at in taken or (kind in _VICTIMS and _no_event(prepared.folded, number_at)):
            continue
        taken.add(number_at)
        figure = Figure(kind, value, prepared.text[start:end].strip(" ,.;:)"))
        found.setdefault((kind, value), (start, figure))
    return tuple(figure for _, figure in sorted(found.values(), key=lambda pair: pair[0]))


@dataclass(frozen=True, slots=True)
class _Rule:
    """`number_first`: a match starts with its number; `decimal`: that has a decimal place."""

    kind: str
    gate: tuple[str, ...]
    pattern: re.Pattern[str]
    number_first: bool
    decimal: bool


@cache
def _rules() -> tuple[_Rule, ...]:
    """The patterns of `figures.tsv`; raises CorpusError naming the line that is wrong."""
    rules = []
    for number, line in enumerate(_FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        try:
            kind, gate, pattern = line.split("\t")
            number_first = pattern.startswith(("<before>", "<n>", r"(?P<n>\d"))
            decimal = r"(?P<n>\d[.,]\d" in pattern
            for name, piece in _PIECES.items():
                # "(?P<n>" already names a group; only a bare <n> is a piece.
                pattern = re.sub(r"(?<!\?P)" + name, piece.replace("\\", r"\\"), pattern)
            gates = tuple(gate.split("|"))
            rules.append(_Rule(kind, gates, re.compile(pattern), number_first, decimal))
        except (ValueError, re.error) as error:
            raise CorpusError(f"{_FILE.name}:{number}: {error}") from error
    return tuple(rules)


def _matches(prepared: Prepared) -> Iterator[tuple[str, int, int, tuple[int, int], str]]:
    text = prepared.folded
    if not _DIGIT.search(text) and _COUNTS.isdisjoint(prepared.tokens):
        return
    starts = number_starts(prepared)
    decimals = _DECIMAL.search(text) is not None
    held: dict[tuple[str, ...], bool] = {}
    for rule in _ascii_rules() if text.isascii() else _rules():
        if rule.decimal and not decimals:
            continue
        if rule.gate not in held:
            held[rule.gate] = any(word in text for word in rule.gate)
        if not held[rule.gate]:
            continue
        found = _from(rule.pattern, text, starts) if rule.number_first else None
        for match in rule.pattern.finditer(text) if found is None else found:
            if not _starts_a_word(prepared, match.start(), match.start("n")):
                continue
            yield rule.kind, match.start(), match.end(), match.span("n"), match.group("n")


def number_starts(prepared: Prepared) -> list[int]:
    """Wherever a number of a pattern can start, and at some places more; in order."""
    text = prepared.folded
    starts = [match.start() for match in _DIGIT.finditer(text)]
    if not _COUNTS.isdisjoint(prepared.tokens):
        starts += [match.start() for match in _LATIN_START.finditer(text)]
    if prepared.edges:
        starts += [match.start() for match in _THAI_START.finditer(text)]
    return sorted(starts)


@cache
def _ascii_rules() -> tuple[_Rule, ...]:
    """The rules that can hold of an ASCII text, with the gates that can stand in one."""
    gated = ((rule, tuple(word for word in rule.gate if word.isascii())) for rule in _rules())
    return tuple(replace(rule, gate=gate) for rule, gate in gated if gate)


def _from(pattern: re.Pattern[str], text: str, starts: list[int]) -> Iterator[re.Match[str]]:
    """The same matches as `finditer`, tried only where a number starts."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)):
            end = match.end()
            yield match


def _starts_a_word(prepared: Prepared, start: int, number: int) -> bool:
    """Whether a pattern's Thai word is one of its own: หาย is not in เสียหาย, ดับ not in ระดับ."""
    text = prepared.folded
    if start == 0 or not _thai(text[start]) or not _thai(text[start - 1]):
        return True
    if start in prepared.edges or text.endswith(_THAI_BEFORE, 0, start):
        return True
    word_end = start
    while word_end < number and _thai(text[word_end]):
        word_end += 1
    return word_end - start >= _THAI_SURE_LENGTH


def _thai(char: str) -> bool:
    return "\u0e01" <= char <= "\u0e4e"


def _no_event(text: str, number_at: tuple[int, int]) -> bool:
    """Whether a count is of animals, or is what happens year by year."""
    start, end = number_at
    if _ANIMALS.match(text, end):
        return True
    before = _SENTENCE_END.split(text[max(0, start - _STATISTIC_REACH) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + _STATISTIC_REACH])[0]
    return bool(_YEARLY.search(before + " # " + after))


def _value(raw: str, *, continuous: bool) -> float | None:
    raw = raw.strip()
    if raw in _SMALL:
        return float(_SMALL[raw])
    match = re.match(r"\d[\d.,]*", raw)
    if match is None:
        head, _, scale = raw.partition(" ")
        small = _SMALL.get(raw) or _SMALL.get(head)
        if small is None:
            small = next((v for w, v in _SMALL.items() if raw.startswith(w)), None)
            scale = "" if small is None else raw.removeprefix(_word_of(raw))
        return None if small is None else float(small * _SCALE.get(scale.strip(), 1))
    digits = match.group().rstrip(".,")
    factor = _SCALE.get(raw[match.end() :].strip(), 1)
    if continuous or (factor > 1 and re.fullmatch(r"\d+[.,]\d{1,2}", digits)):
        return float(digits.replace(",", ".")) * factor if digits.count(",") < 2 else None
    whole = re.sub(r"[.,](?=\d{3}(?!\d))", "", digits.replace(" ", ""))
    try:
        value = float(whole.replace(",", "."))
    except ValueError:
        return None
    return value * factor if value == int(value) else None


def _word_of(raw: str) -> str:
    return next((word for word in _SMALL if raw.startswith(word)), "")

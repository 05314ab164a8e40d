"""Reads the numbers that matter: dead, injured, missing, displaced, cases, magnitude, …

A number gets its meaning from the words next to it. `numbers.py` finds the numbers; the words
stand in `figures.tsv`, for all our languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from classifiers.errors import CorpusError
from classifiers.language import detect
from classifiers.numbers import Number, find_numbers
from classifiers.tags import Figure
from classifiers.text import Prepared

# In the text that most patterns look at each number is replaced by these signs, one as often as
# the number is long, the two in turn: patterns need not know how numbers are written.
_MARKS = ("\ue000", "\ue001")
_NUMBER = "(?P<n>\ue000+|\ue001+)"
_PEOPLE = (
    r"(?:\s(?:people|persons|others|more|residents|villagers|workers|miners|passengers|soldiers|"
    r"civilians|children|students|tourists|crew(?: members)?|patients|men|women|migrants|homes|"
    r"firefighters|police(?: officers)?|[a-z]{3,15} nationals|thais?|thai workers|bodies))?"
)
_GAP = (
    r"(?:\s(?:are|were|was|have been|has been|had been|reported|confirmed|feared|also|now|still|"
    r"believed|reportedly|be))*"
)
# What stands between a word and the number behind it ("mindestens", "menjadi").
_MORE = (
    "at least|more than|over|about|nearly|up to|as many as|al menos|a lo menos|más de|"
    "unos|unas|cerca de|casi|hasta|otros|otras|au moins|plus de|près de|environ|quelque|"
    "mindestens|über|rund|mehr als|fast|etwa|auf|pelo menos|ao menos|mais de|quase|até|"
    "ít nhất|hơn|gần|khoảng|lên|lên tới|là|tăng lên|không dưới|sedikitnya|setidaknya|"
    "paling sedikit|lebih dari|lebih|sekitar|hampir|hingga|menjadi|bertambah menjadi|"
    "mencapai|sekurang-kurangnya|seramai|kepada|не менее|более|около|почти|до|"
    "по меньшей мере|как минимум|минимум|свыше|ещё|ما لا يقل عن|نحو|أكثر من|حوالي|إلى|"
    "قرابة|कम से कम|करीब|लगभग|hindi bababa sa|umabot sa|mahigit|halos|ang|na"
)
_PIECES = {
    "<before>": rf"{_NUMBER}{_PEOPLE}{_GAP}\s",
    "<n>": _NUMBER,
    # up to three words, which are no numbers and end no clause
    "<who>": '(?:\\s[^\\s\\d\ue000\ue001,.;:!?()«»"“”।]+){0,3}?\\s',
    "<more>": rf"(?:[\s:]+(?:{_MORE})){{0,2}}\s?:?\s?",
    "<rises>": "(?:\\s[^\\s\\d\ue000\ue001,.;:!?]+){0,8}?\\s",
    "<th_people>": r"\s?(?:ราย|ศพ|คน|รูป|ชีวิต|นาย)?",
    "<th_gap>": (
        r"(?:\s|แล้ว|เป็น|อย่างน้อย|กว่า|เพิ่มเป็น|เพิ่ม|ทะลุ|ราว|ประมาณ|ถึง|รวม|สะสม|พุ่ง|มากกว่า|อีก|ไม่ต่ำกว่า|เกือบ){0,4}"
    ),
    "<th_word>": "[\u0e01-\u0e4e]{0,28}?",
    "<more_th>": r"\s?",
    "<cjk>": r"[余多超約约近]*(?:人|名|例|具|户)?(?:以上|余り|超|余|多)?",
    "<cjk_word>": "[^\\s\\d\ue000\ue001，。、,；]{0,12}?",
    "<ko>": r"\s?(?:여\s?)?(?:명|사람)(?:이|의|가|을|에게)?(?:\s?(?:이상|전원|추가|넘게))?\s?",
    "<dense>": r"\s?",
}
_FILE = Path(__file__).parent / "figures.tsv"
_DIGIT, _DECIMAL = re.compile(r"\d"), re.compile(r"\d[.,]\d")

_CONTINUOUS = frozenset({"magnitude", "depth_km", "height_m"})
_LIMITS = {"magnitude": (0.5, 10.0), "category": (1, 5), "depth_km": (0, 800), "height_m": (0, 100)}
_YEAR_LIKE = re.compile(r"(?:19|20|25)\d\d")
_VICTIMS = frozenset({"dead", "injured", "missing", "displaced", "affected", "cases"})
# Right behind a number: what was counted is an animal.
_ANIMALS = re.compile(
    r"\s?(?:(?:wild|stray|pet|farm|dairy|endangered|rare)\s)?(?:dogs?|cats?|cattle|cows?|pigs?|"
    r"hogs|chickens?|birds?|ducks|poultry|sheep|goats?|horses?|elephants?|whales?|dolphins?|fish|"
    r"animals?|livestock|buffalo(?:es)?|monkeys|tigers?|turtles?|bees|deer|seals|penguins|ekor|"
    r"ayam|bebek|itik|babi|sapi|lembu|kambing|ternak|manok|baboy|baka|puten|hühner\w*|enten|gänse|"
    r"schweine|rinder|schafe|tiere|vögel|canards|poulets|poules|volailles|porcs|bovins|moutons|"
    r"oiseaux|gallinas|aves|pollos|patos|cerdos|reses|vacas|ovejas|galinhas|porcos|bovinos|con gà|"
    r"con vịt|con lợn|con bò|con trâu|gia cầm|кур|птиц\w*|уток|свиней|голов|коров|मुर्गि\w*|पशु\w*|"
    r"دجاجة|رأس|طائر\w*)(?!\w)|"
    r"\s?(?:ตัว|เชือก|头|只|羽|匹|頭|마리|ໂຕ|ក្បាល|ကောင်)"
)
# A count over years is a statistic, no event.
_YEARLY = re.compile(
    r"(?<!in )\b(?:a|per|each|every) year\b(?! (?:ago|after|later|on|earlier|since))|"
    r"\b(?:annually|yearly)\b|"
    r"ต่อปี|ปีละ|ทุกปี|วันละ|ต่อวัน|\b(?:per tahun|setahun|setiap tahun|saban tahun|par an|"
    r"al año|por ano|pro jahr|mỗi năm)\b|每年|年間|매년"
)
# Right behind a number: it measures time, space, money or things, whatever word comes next.
_UNITS = re.compile(
    r"\s?(?:%|percent|per cent|persen|peratus|phần trăm|por ciento|por cento|pour cent|prozent|"
    r"процент)|\s(?:years?|months?|weeks?|days?|hours?|minutes?|km|kilomet\w*|miles?|hectares?|acres?|"
    r"años?|anos?|ans|jours?|jahren?|tagen?|tage|stunden|días?|dias?|horas?|heures?|mois|meses|"
    r"лет|года?|дней|дня|часов|часа|гектаров|га|километр\w*|рублей|рейсов|домов|euros?|dólares|"
    r"dollars?|hectáreas|hectares|hektar\w*|hari|tahun|jam|rumah|unit|giờ|ngày|tháng|năm|tuổi|"
    r"taon|araw|oras|साल|वर्ष|दिन|घंटे|किमी|रुपये|سنوات|سنة|عاما|يوما|أيام|ساعات|ساعة|كيلومتر\w*|"
    r"degrees?|grados|graus|grad|градус\w*|درجات|درجة)(?!\w)|"
    r"\s?(?:岁|歳|周年|年|月|日|時|小时|时|度|公里|公顷|米|元|円|원|세|살|년|일|시간|주기|주년|채|대|동|"
    r"ชั่วโมง|วัน|ปี|เดือน|ไร่|หลัง|ครั้ง|จังหวัด|อำเภอ|หมู่บ้าน|บาท|กม|เมตร|แผง|คัน|องศา|"
    r"ປີ|ວັນ|ຊົ່ວໂມງ|ຫຼັງ|ឆ្នាំ|ថ្ងៃ|ម៉ោង|ខ្នង|ရက်|နာရီ|မိုင်)"
)
_SENTENCE_END = re.compile(r"[.!?;\n](?!\d)|[。！？]")
# Letters between a word for "one" and what it counts.
_ONE_REACH = 18
# "7.9, now 7.7" and "revised to 7.7 from 7.9": the other one no longer holds.
_CORRECTS = re.compile(
    r"\bnow\b|revis|grad|updated|lowered|raised|corrig|direvisi|menjadi|ปรับ|修正|更正|上方|下方|수정|уточн"
)
_NOW = re.compile(
    r"(\d[.,]\d)\d?,?\s?\(?(?:now|(?:later |since )?(?:revised|downgraded|upgraded|updated|lowered|"
    r"raised)(?: up| down)?(?: to)?|corrigé\w* à|corregid\w* a|direvisi menjadi|ปรับ(?:ลด|เพิ่ม)?เป็น|"
    r"修正为|修正|から)\s?(?:m|mw|magnitude )?\s?\d[.,]\d"
)
_WAS = re.compile(
    r"(?:revised|downgraded|upgraded|updated|lowered|raised)\b[^.;]{0,30}?\d[.,]\d\d? from "
    r"(?:m|mw|magnitude )?\s?(\d[.,]\d)"
)
_STATISTIC_REACH = 60  # characters on either side, within the sentence
# A short Thai word counts inside a longer one only behind these ("คนเจ็บ").
_THAI_BEFORE = ("คน", "ผู้", "ยอด")
_THAI_SURE_LENGTH = 6


def find_figures(prepared: Prepared, language: str | None = None) -> tuple[Figure, ...]:
    """The figures a text gives, in the order they stand; the same kind and value once.

    `language` is that of the text where it is known already. "At least 12" gives the least
    number, and so does "10 to 15"; `words` keeps what was written. "Dozens" gives none, nor do
    counts of animals or over years, nor a number that the text itself corrects.
    """
    rules = _asked(prepared.folded)
    if not rules:
        return ()
    language = language or detect(prepared.text, prepared.language)
    numbers = find_numbers(prepared.folded, prepared.tokens, prepared.edges, language)
    if not numbers and not _DIGIT.search(prepared.folded):
        return ()
    found: dict[tuple[str, float], tuple[int, Figure]] = {}
    taken: list[tuple[int, int]] = []
    said: list[tuple[int, int]] = []
    outdated = _outdated(prepared.folded)
    # The nearest word decides, and a word speaks of one number only.
    for match in sorted(_matches(prepared, numbers, rules), key=_distance):
        kind, value, number_at = match.kind, match.value, (match.low, match.high)
        low, high = _LIMITS.get(kind, (1, 50_000_000))
        if not low <= value <= high or number_at[0] in outdated or _overlap(taken, *number_at):
            continue
        if kind not in _CONTINUOUS and (value != int(value) or match.is_year()):
            continue
        cues = match.cues()
        if kind in _VICTIMS:
            if _no_event(prepared.folded, number_at) or any(_overlap(said, *cue) for cue in cues):
                continue
            if value == 1 and match.distance > _ONE_REACH and not match.raw[0].isdigit():
                continue  # "un" and "ein" stand before every noun
            said += cues
        taken.append(number_at)
        figure = Figure(kind, value, prepared.text[match.start : match.end].strip(" ,.;:)"))
        found.setdefault((kind, value), (match.start, figure))
    return tuple(figure for _, figure in sorted(found.values(), key=lambda pair: pair[0]))


class _Match(NamedTuple):
    """A pattern met: its span, its number's span and value; `last`: only for want of another."""

    kind: str
    start: int
    end: int
    low: int
    high: int
    value: float
    raw: str
    last: bool

    @property
    def distance(self) -> int:
        return self.end - self.start - (self.high - self.low)

    def is_year(self) -> bool:
        return self.kind != "cases" and _YEAR_LIKE.fullmatch(self.raw) is not None

    def cues(self) -> list[tuple[int, int]]:
        """The stretches around the number that the pattern took."""
        return [(a, b) for a, b in ((self.start, self.low), (self.high, self.end)) if b - a > 1]


def _distance(match: _Match) -> tuple[bool, int]:
    return match.last, match.distance


def _overlap(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < high and low < end for low, high in spans)


def _outdated(text: str) -> frozenset[int]:
    """Where numbers stand that the text corrects: of "7.9, now 7.7" the first."""
    if not _CORRECTS.search(text):
        return frozenset()
    old = (match.start(1) for match in _NOW.finditer(text))
    return frozenset([*old, *(match.start(1) for match in _WAS.finditer(text))])


@dataclass(frozen=True, slots=True)
class _Rule:
    """`number_first`: a match starts with its number; `masked`: it looks at marked numbers;
    `decimal`: its number has a decimal place; `last`: it holds only for want of another."""

    line: int
    kind: str
    gate: tuple[str, ...]
    source: str
    number_first: bool
    masked: bool
    decimal: bool
    last: bool

    @property
    def pattern(self) -> re.Pattern[str]:
        """What is looked for, made when it is first needed; raises CorpusError if it is wrong."""
        return _compiled(self.source, self.line)


def _text() -> str:
    return unicodedata.normalize("NFC", _FILE.read_text(encoding="utf-8"))


@cache
def _rules() -> tuple[_Rule, ...]:
    """The patterns of `figures.tsv`; raises CorpusError naming the line that is wrong."""
    rules = []
    for number, line in enumerate(_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            kind, gate, pattern = line.split("\t")
            rules.append(
                _Rule(
                    number,
                    kind.removesuffix("?"),
                    tuple(gate.split("|")),
                    pattern,
                    number_first=pattern.startswith(("<before>", "<n>", r"(?P<n>\d")),
                    masked="(?P<n>" not in pattern,
                    decimal=r"(?P<n>\d[.,]\d" in pattern,
                    last=kind.endswith("?"),
                )
            )
        except ValueError as error:
            raise CorpusError(f"{_FILE.name}:{number}: {error}") from error
    return tuple(rules)


@cache
def _compiled(pattern: str, line: int) -> re.Pattern[str]:
    for name, piece in _PIECES.items():
        # "(?P<n>" already names a group; only a bare <n> is a piece.
        pattern = re.sub(r"(?<!\?P)" + name, piece.replace("\\", r"\\"), pattern)
    try:
        return re.compile(pattern)
    except re.error as error:
        raise CorpusError(f"{_FILE.name}:{line}: {error}") from error


def _matches(
    prepared: Prepared, numbers: Sequence[Number], rules: Sequence[_Rule]
) -> Iterator[_Match]:
    text = prepared.folded
    masked = _mask(text, numbers)
    starts = [number.start for number in numbers]
    digits = [match.start() for match in _DIGIT.finditer(text)]
    known = {number.start: number for number in numbers}
    decimals = _DECIMAL.search(text) is not None
    for rule in rules:
        if rule.decimal and not decimals:
            continue
        looked = masked if rule.masked else text
        at = starts if rule.masked else digits
        found = _from(rule.pattern, looked, at) if rule.number_first else None
        for match in rule.pattern.finditer(looked) if found is None else found:
            if not _starts_a_word(prepared, match.start(), match.start("n")):
                continue
            low, high = match.span("n")
            raw = text[low:high]
            value = known[low].value if rule.masked else float(raw.replace(",", "."))
            yield _Match(rule.kind, match.start(), match.end(), low, high, value, raw, rule.last)


def _mask(text: str, numbers: Sequence[Number]) -> str:
    pieces, at = [], 0
    for index, number in enumerate(numbers):
        pieces += [text[at : number.start], _MARKS[index % 2] * (number.end - number.start)]
        at = number.end
    return "".join([*pieces, text[at:]])


def _asked(text: str) -> list[_Rule]:
    """The rules of which a word of the gate stands in the text, in the order of the file."""
    find, rules_of = _gates()
    numbers: set[int] = set()
    for index, _, _ in find(text):
        numbers.update(rules_of[index])
    rules = _rules()
    return [rules[number] for number in sorted(numbers)]


@cache
def _gates() -> tuple[Callable[[str], list[tuple[int, int, int]]], list[list[int]]]:
    """Finds the words of all gates in one pass; with each, the rules that it opens."""
    from ahocorasick_rs import AhoCorasick, Implementation

    opened: dict[str, list[int]] = {}
    for number, rule in enumerate(_rules()):
        for word in rule.gate:
            opened.setdefault(word, []).append(number)
    automaton = AhoCorasick(tuple(opened), implementation=Implementation.DFA)

    def find(text: str) -> list[tuple[int, int, int]]:
        return automaton.find_matches_as_indexes(text, overlapping=True)

    return find, list(opened.values())


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
    if _ANIMALS.match(text, end) or _UNITS.match(text, end):
        return True
    before = _SENTENCE_END.split(text[max(0, start - _STATISTIC_REACH) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + _STATISTIC_REACH])[0]
    return bool(_YEARLY.search(before + " # " + after))

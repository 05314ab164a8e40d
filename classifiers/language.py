"""Says in which language a text is written: by script first, by word shapes where Latin.

What the feed declares only decides between near ties, and between Indonesian and Malay.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from classifiers import latin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LANGUAGES = [
    "en",
    "th",
    "id",
    "ms",
    "zh",
    "ja",
    "ko",
    "vi",
    "fil",
    "lo",
    "km",
    "my",
    "fr",
    "es",
    "de",
    "pt",
    "ar",
    "ru",
    "hi",
]  # those that we classify in

_SCRIPTS = (
    ("th", ((0x0E01, 0x0E4E),)),
    ("lo", ((0x0E81, 0x0ECD),)),
    ("km", ((0x1780, 0x17D3),)),
    ("my", ((0x1000, 0x109F),)),
    ("hi", ((0x0904, 0x0939), (0x0958, 0x0961))),
    ("ar", ((0x0620, 0x064A), (0x0671, 0x06D3))),
    ("ru", ((0x0400, 0x04FF),)),
    ("ko", ((0xAC00, 0xD7A3),)),
    ("ja", ((0x3041, 0x30FA),)),
    ("zh", ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))),
    ("latin", ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x024F), (0x1E00, 0x1EFF))),
)  # first and last code points
_ASCII_LETTER = re.compile("[A-Za-z]")
# A sign of these scripts holds about as much as this many Latin letters.
_WEIGHT = {"zh": 3.0, "ja": 2.0, "ko": 2.5, "latin": 1.0}
_VIETNAMESE = re.compile("[ăđơưạ-ỹ]", re.IGNORECASE)
_JAPANESE_HAN = re.compile("[気発県図変対応駅働込峠辺]")
_HIRAGANA = re.compile("[がでにはをもへとらり]")
_NOT_RUSSIAN = re.compile("[іїєґў]", re.IGNORECASE)
_NOT_ARABIC = re.compile("[پچژگٹڈڑےہ]")

# Words that one of the two languages has and the other writes differently or lacks.
_INDONESIAN = frozenset(
    [
        "karena",
        "bisa",
        "polisi",
        "warga",
        "tewas",
        "sementara",
        "mobil",
        "kemenkes",
        "gubernur",
        "kabupaten",
        "kota",
        "provinsi",
        "bnpb",
        "bpbd",
        "bmkg",
        "wib",
        "wita",
        "wit",
        "wni",
        "kbri",
        "kjri",
        "kemlu",
        "pasien",
        "kasus",
        "pekan",
        "selasa",
        "jumat",
        "listrik",
        "uang",
        "imbau",
        "diimbau",
        "pemkot",
        "pemkab",
        "usai",
        "jateng",
        "jatim",
        "polres",
        "polda",
        "puskesmas",
        "siswa",
        "mahasiswa",
        "ribu",
        "miliar",
        "triliun",
        "rp",
        "persen",
        "lewat",
        "setelah",
        "saat",
        "ikut",
        "bandara",
        "kecamatan",
        "lansia",
        "petugas",
        "kesehatan",
        "medis",
        "ternak",
        "pelaku",
        "dana",
        "gratis",
        "daring",
        "masker",
        "tentara",
        "yg",
        "otoritas",
        "dievakuasi",
        "belasan",
        "puluhan",
        "derajat",
        "pabrik",
        "gw",
        "gelar",
        "jembatan",
        "obat",
        "badai",
        "tenda",
        "mulai",
        "gedung",
        "truk",
        "senin",
        "kamis",
        "kecelakaan",
        "sedikitnya",
        "diperkirakan",
        "menyebut",
        "mencatat",
        "dini",
        "sebagian",
        "mengungsi",
        "perempuan",
        "sulawesi",
        "kalimantan",
        "sumatera",
        "jawa",
        "bali",
        "ungkap",
        "rusak",
    ]
)
_MALAY = frozenset(
    [
        "kerana",
        "boleh",
        "polis",
        "mangsa",
        "maut",
        "hospital",
        "kementerian",
        "beliau",
        "iaitu",
        "pemindahan",
        "pps",
        "bomba",
        "ahad",
        "isnin",
        "khamis",
        "jumaat",
        "elektrik",
        "wang",
        "kes",
        "bilion",
        "jerebu",
        "denggi",
        "kemalangan",
        "lebuhraya",
        "wabak",
        "dipercayai",
        "malaysia",
        "tular",
        "sempadan",
        "ringgit",
        "rm",
        "peniaga",
        "jabatan",
        "selepas",
        "susulan",
        "bekalan",
        "rakyat",
        "kilang",
        "amaran",
        "cuaca",
        "kelantan",
        "sarawak",
        "sabah",
        "johor",
        "selangor",
        "baharu",
        "pesakit",
        "ribut",
        "dihantar",
        "kesihatan",
        "tempatan",
        "semula",
        "minit",
        "tiada",
        "paras",
        "dikesan",
        "kecemasan",
        "laluan",
        "kanak",
        "petang",
        "dah",
        "ubat",
        "taun",
        "wad",
        "tentera",
        "meletup",
        "kedai",
        "terjejas",
        "empangan",
        "lapan",
        "bot",
        "diteruskan",
        "aku",
        "kkm",
        "percuma",
        "bas",
        "seramai",
        "katil",
        "melaka",
        "elak",
        "khemah",
        "berpindah",
        "darjah",
        "tadi",
        "bermula",
        "pelajar",
        "singapura",
        "melalui",
        "kat",
        "pelancong",
        "peratus",
        "ni",
        "mesyuarat",
        "tu",
        "syarikat",
        "lori",
        "konsular",
        "pegawai",
        "pengesan",
        "tempoh",
        "disahkan",
        "berkurung",
        "dikeluarkan",
        "gegaran",
        "budak",
        "ternakan",
        "disyaki",
        "ipoh",
        "loji",
        "teruk",
        "melebihi",
        "kemboja",
        "taufan",
        "salji",
        "sehingga",
        "letupan",
        "ramai",
        "dijangka",
        "diarah",
        "kekal",
        "ragut",
        "karam",
        "rusuhan",
        "eksesais",
        "takziah",
        "gegar",
        "terhempas",
        "murid",
        "jambatan",
        "perlis",
        "kedah",
        "langkawi",
        "pahang",
        "terengganu",
        "putrajaya",
        "wisma",
    ]
)
_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(r"https?://\S+|[@#]\w+")
# The beginning decides alone where it speaks this clearly (log probability) for one language.
_BEGINNING, _CLEAR = 120, 25.0
_READ = 1_500  # characters; more say nothing new
# In log probability: a declared language wins unless the text clearly speaks against it.
_DECLARED_BONUS = 6.0
# A few words fit many languages; of texts this short most are English (measured on the corpus).
_SHORT, _SHORT_BONUS = 32, 6.0


def detect(text: str, declared: str | None = None) -> str:
    """The text's language as an ISO 639 code, `und` where it has no letters.

    `declared` is the feed's own word (`en`, `pt-BR`, `in`); a hint, not the truth.
    """
    hint = _code(declared)
    text = text[:_READ]
    if "://" in text or "@" in text or "#" in text:
        text = _LINK.sub(" ", text)
    if text.isascii():
        return _latin(text, hint) if _ASCII_LETTER.search(text) else "und"
    weights = _weights(text)
    if not weights:
        return "und"
    if "ja" in weights and "zh" in weights:
        # Kana among Han signs is Japanese, however few; a stray の or a brand's name is not.
        if weights["ja"] >= 0.08 * weights["zh"] + 1 or _HIRAGANA.search(text):
            weights["ja"] += weights.pop("zh")
        else:
            del weights["ja"]
    script = max(weights, key=lambda name: weights[name])
    if script == "latin":
        return _latin(text, hint)
    if script == "zh" and (hint == "ja" or _JAPANESE_HAN.search(text)):
        return "ja"
    if script == "ru" and _NOT_RUSSIAN.search(text):
        return "uk"
    if script == "ar" and _NOT_ARABIC.search(text):
        return hint if hint in ("fa", "ur") else "fa"
    if script == "hi" and hint in ("ne", "mr"):
        return hint
    return script


def _code(declared: str | None) -> str | None:
    if not declared:
        return None
    code = declared.strip().lower().replace("_", "-").split("-")[0]
    return {"in": "id", "tl": "fil", "iw": "he", "cn": "zh", "jp": "ja"}.get(code, code) or None


def _latin(text: str, hint: str | None) -> str:
    if not text.isascii() and len(_VIETNAMESE.findall(text)) >= 2:
        return "vi"
    if text.isupper():
        text = text.lower()
    ranker = latin.SOURCE.get()
    ranked = ranker.rank(text[:_BEGINNING])
    if len(text) > _BEGINNING and _margin(ranked) < _CLEAR:
        ranked = ranker.rank(text)
    if hint is not None and ("tl" if hint == "fil" else hint) in ranked:
        ranked["tl" if hint == "fil" else hint] += _DECLARED_BONUS
    elif len(text) <= _SHORT:
        ranked["en"] += _SHORT_BONUS
    best = max(ranked, key=lambda code: ranked[code])
    if best in ("id", "ms"):
        return _indonesian_or_malay(text, hint, best)
    return "fil" if best == "tl" else best


def _margin(ranked: dict[str, float]) -> float:
    """How far the best language is ahead. Indonesian and Malay are too alike for a beginning."""
    best, second = sorted(ranked, key=lambda code: -ranked[code])[:2]
    return 0.0 if best in ("id", "ms") else ranked[best] - ranked[second]


def _indonesian_or_malay(text: str, hint: str | None, best: str) -> str:
    words = [word.lower() for word in _WORD.findall(text)]
    lean = sum(word in _INDONESIAN for word in words) - sum(word in _MALAY for word in words)
    if hint in ("id", "ms"):
        lean += 2 if hint == "id" else -2
    if lean:
        return "id" if lean > 0 else "ms"
    return best


def _weights(text: str) -> dict[str, float]:
    """How much of the text each script holds; scripts without a sign are left out."""
    import numpy as np

    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    counts = np.bincount(_script_of()[units], minlength=len(_SCRIPTS) + 1)[1:]
    return {
        name: int(count) * _WEIGHT.get(name, 1.5)
        for (name, _), count in zip(_SCRIPTS, counts, strict=True)
        if count
    }


@cache
def _script_of() -> NDArray[np.uint8]:
    """For each 16-bit unit, the number of its script in `_SCRIPTS` from 1 on, or 0."""
    import numpy as np

    table = np.zeros(0x10000, dtype=np.uint8)
    for number, (_, ranges) in enumerate(_SCRIPTS, 1):
        for first, last in ranges:
            table[first : last + 1] = number
    return table

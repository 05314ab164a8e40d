"""Says in which language a text is written: by script first, by word shapes where Latin.

What the feed declares only decides between near ties, and between Indonesian and Malay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

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
_LATIN = ("en", "id", "ms", "vi", "tl", "fr", "es", "de", "pt", "it", "nl", "tr", "pl", "sv")

_SCRIPTS = (
    ("th", re.compile("[\u0e01-\u0e4e]")),
    ("lo", re.compile("[\u0e81-\u0ecd]")),
    ("km", re.compile("[\u1780-\u17d3]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("hi", re.compile("[\u0904-\u0939\u0958-\u0961]")),
    ("ar", re.compile("[\u0620-\u064a\u0671-\u06d3]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("ja", re.compile("[\u3041-\u30fa]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
)
# A sign of these scripts holds about as much as this many Latin letters.
_WEIGHT = {"zh": 3.0, "ja": 2.0, "ko": 2.5, "latin": 1.0}
_VIETNAMESE = re.compile("[ăđơưạ-ỹ]", re.IGNORECASE)
_JAPANESE_HAN = re.compile("[気発県図変対応駅働込峠辺]")
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
    ]
)
_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(r"https?://\S+|[@#]\w+")
# In log probability: a declared language wins unless the text clearly speaks against it.
_DECLARED_BONUS = 6.0


def detect(text: str, declared: str | None = None) -> str:
    """The text's language as an ISO 639 code, `und` where it has no letters.

    `declared` is the feed's own word (`en`, `pt-BR`, `in`); a hint, not the truth.
    """
    hint = _code(declared)
    text = _LINK.sub(" ", text[:1_500])
    weights = {
        name: len(found) * _WEIGHT.get(name, 1.5)
        for name, pattern in _SCRIPTS
        if (found := pattern.findall(text))
    }
    if not weights:
        return "und"
    if "ja" in weights and "zh" in weights:
        # Kana among Han signs is Japanese, however few; a stray の is not.
        if weights["ja"] >= 0.08 * weights["zh"] + 1:
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
    if len(_VIETNAMESE.findall(text)) >= 2:
        return "vi"
    if text.isupper():
        text = text.lower()
    ranked = dict(_ranker()(text))
    if hint is not None and ("tl" if hint == "fil" else hint) in ranked:
        ranked["tl" if hint == "fil" else hint] += _DECLARED_BONUS
    best = max(ranked, key=lambda code: ranked[code])
    if best in ("id", "ms"):
        return _indonesian_or_malay(text, hint, best)
    return "fil" if best == "tl" else best


def _indonesian_or_malay(text: str, hint: str | None, best: str) -> str:
    words = [word.lower() for word in _WORD.findall(text)]
    lean = sum(word in _INDONESIAN for word in words) - sum(word in _MALAY for word in words)
    if hint in ("id", "ms"):
        lean += 2 if hint == "id" else -2
    if lean:
        return "id" if lean > 0 else "ms"
    return best


@cache
def _ranker() -> Callable[[str], list[tuple[str, float]]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # An identifier of our own: the module's default one is shared by the whole process.
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    identifier.set_languages(list(_LATIN))

    def rank(text: str) -> list[tuple[str, float]]:
        return [(str(code), float(score)) for code, score in identifier.rank(text)]

    return rank

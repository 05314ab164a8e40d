"""The likely language of letters in another script, for a page that cannot show them."""

from __future__ import annotations

import unicodedata

# How the names of a script's letters begin → the language of our feeds that is written so.
_LANGUAGES = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "BOPOMOFO": "zh",
    "ARABIC": "ar", "HEBREW": "he", "MYANMAR": "my", "KHMER": "km", "LAO": "lo",
    "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "SINHALA": "si",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "ETHIOPIC": "am", "MONGOLIAN": "mn", "TIBETAN": "bo",
    "GUJARATI": "gu", "GURMUKHI": "pa", "KANNADA": "kn", "MALAYALAM": "ml", "THAANA": "dv",
}  # fmt: skip


def language_of(run: str, whole: str) -> str | None:
    """The language of `run`, a part of `whole`; None where it has no letter that tells.

    Chinese signs beside Japanese or Korean letters anywhere in `whole` are of that language.
    """
    found = _languages(run)
    if found == ["zh"]:
        around = _languages(whole)
        return next((each for each in ("ja", "ko") if each in around), "zh")
    return next((each for each in found if each != "zh"), found[0] if found else None)


def _languages(text: str) -> list[str]:
    names = (
        unicodedata.name(sign, "").partition(" ")[0]
        for sign in text
        if unicodedata.category(sign).startswith("L")
    )
    return list(dict.fromkeys(_LANGUAGES[name] for name in names if name in _LANGUAGES))

"""The order of names in a list: of the Thai dictionary for Thai, of the alphabet for others.

A Thai vowel that is written before its consonant is read behind it, and dictionaries sort by what
is read: เกาหลี stands under ก. Tones and other signs above decide only between words that are alike
without them (Royal Society's dictionary; ISO/IEC 14651 orders Thai so).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

Key: TypeAlias = tuple[str, str]

_LEADING = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_SIGNS = re.compile("[\u0e47-\u0e4e]")  # tones, the short mark, the silencer and their like


def name_key(text: str) -> Key:
    """What names are sorted by; those without a name (an empty text) come last."""
    said = unicodedata.normalize("NFKD", text.strip().casefold())
    plain = "".join(sign for sign in said if not "\u0300" <= sign <= "\u036f")
    read = _LEADING.sub(r"\2\1", plain.replace("\u0e4d\u0e32", "\u0e33"))
    return _SIGNS.sub("", read) or "\U0010ffff", read

"""Names of storms in headlines: one storm keeps its name on its whole way, and over borders."""

from __future__ import annotations

import re

_STORM = re.compile(
    r"\b(?:typhoon|cyclone|hurricane|super typhoon"
    r"|(?:sub)?tropical (?:storm|cyclone|depression)"
    r"|post-tropical cyclone|storm|taifun|topan|siklon(?: tropis)?|bão|áp thấp|cyclone tropical"
    r"|tempête tropicale|tormenta tropical|tempestade tropical|ciclone|ciclón|ouragan|huracán"
    r"|furacão|tifón|tufão|typhon|hurrikan|zyklon|тайфун\w*|ураган\w*|циклон\w*|إعصار|الإعصار)"
    r"\s+[\"'“‘«(]?([^\W\d_]{3,})",
    re.IGNORECASE,
)
_STORM_UNSPACED = re.compile(r"(?:台风|颱風|台風|태풍)[\s\"'“‘「『《]*(?:第\s*)?([^\W_]{2,3})")
# A name in Thai letters has no end that can be seen, but in quotes: its beginning is compared.
_STORM_THAI = re.compile(
    r"(?:พายุ)?(?:ไต้ฝุ่น|ไซโคลน|โซนร้อน|ดีเปรสชั?่?น|เฮอริเคน|พายุ)[\s\"'“”‘’(]*"
    r"((?:[เแโใไ]?[ก-ฮ][ะ-ฺ็-๎]*){2,6})"
)
_TONES = re.compile("[็-๎]")
_THAI_LETTERS = 4  # of a name
_NUMBERED = re.compile(r"\binvest[\s-]*(9\d[a-z])\b", re.IGNORECASE)
# What headlines put where a storm's name may stand.
_HEADLINE = (
    "hits hit batters lashes slams strikes kills leaves makes nears heads brings moves forces "
    "causes sweeps threatens approaches smashes rips devastates destroys displaces floods warning "
    "warnings watch alert surge death toll deaths damage season over off near and has was with "
    "force may could track path victims survivors relief advisory bulletin warns tears the from "
    "invest drain clouds clean cleanup system front cellar chasers shelter water winds flood "
    "del que azota deja los las sur sobre dans sur fait frappe des les vom und der die trifft"
)
_NO_NAME = frozenset(_HEADLINE.split())
_NO_NAME_UNSPACED = (
    *("ถล่ม", "พัด", "เข้า", "ขึ้น", "ซัด", "รุนแ", "ฤดู", "ฝน", "ลูก", "หมุ", "โซน", "ไต้", "ไซโ"),
    *("เฮอ", "ทำ", "ใน", "ที่", "ดีเป", "พายุ", "กำลัง", "และ", "จะ", "มี", "ได้", "แล้ว", "ทั่ว"),
    *("กระ", "เสีย", "หลัง", "จาก", "ลง", "คาด", "ระลอก", "เคลื่อน", "อ่อน", "แรง", "นี้", "ส่ง", "ฯ"),
    *("登", "来", "袭", "上陸", "接近", "影", "造", "致", "过", "被", "预", "警"),
)


def storms_in(text: str) -> frozenset[str]:
    """The names, folded, with their first three letters where a script has no spaces."""
    spaced = (name.casefold() for name in _STORM.findall(text) if not name[:1].islower())
    thai = (
        _TONES.sub("", name)[:_THAI_LETTERS]
        for name in _STORM_THAI.findall(text)
        if not name.startswith(_NO_NAME_UNSPACED)
    )
    unspaced = (
        name.casefold()
        for name in _STORM_UNSPACED.findall(text)
        if not name.startswith(_NO_NAME_UNSPACED)
    )
    numbered = (f"invest {each.casefold()}" for each in _NUMBERED.findall(text))
    return frozenset(
        name for name in (*spaced, *thai, *unspaced, *numbered) if name not in _NO_NAME
    )

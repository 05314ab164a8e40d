"""Codes and fixed event names of hazard sources to our hazard keys (GLIDE where one exists).

Only what a source states as a code or a set phrase; reading free text is the classifier's work.
"""

from __future__ import annotations

import re
from functools import lru_cache

# VTEC phenomena (National Weather Service directive 10-1703), where a hazard key exists.
VTEC_PHENOMENA = {
    "AV": "AV", "BZ": "CW", "CF": "SS", "DS": "VW", "DU": "VW", "EC": "CW", "EH": "HT",
    "EW": "VW", "FA": "FL", "FF": "FF", "FL": "FL", "FW": "WF", "GL": "VW", "HF": "TC",
    "HI": "TC", "HT": "HT", "HU": "TC", "HW": "VW", "HY": "FL", "LS": "SS", "SR": "ST",
    "SS": "SS", "SV": "ST", "TI": "TC", "TO": "TO", "TR": "TC", "TS": "TS", "TY": "TC",
    "WC": "CW", "WI": "VW", "XH": "HT", "MA": "ST",
}  # fmt: skip
# SAME event codes (47 CFR 11.31).
SAME = {
    "AVW": "AV", "AVA": "AV", "BZW": "CW", "CFW": "SS", "CFA": "SS", "DSW": "VW", "EQW": "EQ",
    "EWW": "VW", "FFW": "FF", "FFA": "FF", "FFS": "FF", "FLW": "FL", "FLA": "FL", "FLS": "FL",
    "FRW": "FR", "HUW": "TC", "HUA": "TC", "HWW": "VW", "HWA": "VW", "SSW": "SS", "SSA": "SS",
    "SVR": "ST", "SVA": "ST", "SVS": "ST", "TOR": "TO", "TOA": "TO", "TRW": "TC", "TRA": "TC",
    "TSW": "TS", "TSA": "TS", "VOW": "VO",
}  # fmt: skip
GDACS = {"EQ": "EQ", "TC": "TC", "FL": "FL", "VO": "VO", "DR": "DR", "WF": "WF", "TS": "TS"}
_GLIDE_KINDS = frozenset(
    [
        "EQ",
        "TS",
        "VO",
        "FL",
        "FF",
        "TC",
        "EC",
        "ST",
        "VW",
        "TO",
        "SS",
        "LS",
        "MS",
        "AV",
        "DR",
        "HT",
        "CW",
        "WF",
        "IN",
        "EP",
        "FR",
        "AC",
        "CE",
    ]
)
_NUMBERED = re.compile(r"-\d{4}-\d{6}-")
_GLIDE = re.compile(r"\b([A-Z]{2})-(\d{4})-(\d{6})-([A-Z]{3})\b")

# Event names in several languages; the first that stands in the text decides.
_EVENTS = (
    (r"tsunami|สึนามิ|津波|쓰나미|海嘯|海啸", "TS"),
    (r"earthquake|gempa|แผ่นดินไหว|地震|지진|động đất|lindol", "EQ"),
    (r"volcan|gunung ?api|ภูเขาไฟ|噴火|火山", "VO"),
    (r"tornado|waterspout", "TO"),
    (r"flash flood|น้ำท่วมฉับพลัน|น้ำป่า|banjir bandang", "FF"),
    (r"storm surge|coastal flood|คลื่นพายุซัดฝั่ง", "SS"),
    (r"flood|banjir|น้ำท่วม|hochwasser|inondation|inundaci|洪水|홍수|lũ lụt", "FL"),
    (r"typhoon|hurricane|tropical (?:cyclone|storm|depression)|siklon|"
     r"พายุไต้ฝุ่น|พายุหมุนเขตร้อน|台風|颱風|台风|태풍", "TC"),
    (r"landslide|debris flow|tanah longsor|ดินถล่ม|土砂", "LS"),
    (r"avalanche|lawine", "AV"),
    (r"bush ?fire|wild ?fire|forest fire|grass ?fire|kebakaran hutan|ไฟป่า|waldbrand", "WF"),
    (r"drought|kekeringan|ภัยแล้ง|sécheresse", "DR"),
    (r"(?:extreme|excessive) heat|heat ?wave|hitze|canicule|คลื่นความร้อน", "HT"),
    (r"extreme cold|cold wave|wind chill|blizzard|frost|freeze|ความหนาวเย็น", "CW"),
    (r"thunderstorm|hujan lebat|petir|gewitter|พายุฝนฟ้าคะนอง|พายุฤดูร้อน", "ST"),
    (r"high wind|wind(?:s| warning)|gale|gust|böen|angin kencang|ลมแรง", "VW"),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.I), key) for pattern, key in _EVENTS)


def of_event(name: str | None) -> str | None:
    """The hazard that a source's event name states, or None."""
    return _of_words(name[:200]) if name else None


@lru_cache(maxsize=512)
def _of_words(name: str) -> str | None:
    return next((key for pattern, key in _COMPILED if pattern.search(name)), None)


def glide(text: str | None) -> str | None:
    """A whole GLIDE number in a text, such as TC-2019-000176-PHL."""
    if not text or not _NUMBERED.search(text):  # no need to write a long text in capitals
        return None
    match = _GLIDE.search(text[:4000].upper())
    return match.group() if match and match.group(1) in _GLIDE_KINDS | {"OT", "HT", "CW"} else None


def glides(text: str) -> tuple[str, ...]:
    """All the whole GLIDE numbers of a text, each once."""
    text = text[:5000]
    if not _NUMBERED.search(text):  # no need to write a long text in capitals
        return ()
    known = _GLIDE_KINDS | {"OT", "HT", "CW"}
    found = _GLIDE.finditer(text.upper())
    return tuple(dict.fromkeys(each.group() for each in found if each.group(1) in known))


def of_glide(number: str | None) -> str | None:
    """The hazard key in a GLIDE number."""
    kind = number[:2] if number else ""
    return kind if kind in _GLIDE_KINDS else None

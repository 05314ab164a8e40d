"""A ministry's own travel advice on the common scale of four steps; docs/advice.md tells the same.

The words decide. National numbers differ (Canada starts at 0, "4" of Korea is no "4" of the
United States), so a number counts only where there are no words, and then it is flagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.records import Advice

_STEPS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (step, re.compile(pattern, re.IGNORECASE))
    for step, pattern in (
        # Taken out first: "all but essential" and 不要不急 hold the words of the step above.
        (
            3,
            r"reconsider (?:your need to )?travel|all but essential(?: travel)?"
            r"|non[- ]essential travel|d[ée]conseill[ée]e?s?,? sauf|voyage non essentiel"
            r"|不要不急の渡航は止めて|여행자제|특별여행주의보|strengt nødvendige"
            r"|หลีกเลี่ยงการเดินทางที่ไม่จำเป็น|ชะลอการเดินทาง",
        ),
        (
            4,
            r"do not travel|avoid all travel|against all travel|évite[rz] tout voyage"
            r"|formellement d[ée]conseill|reisewarnung|渡航は止めて|退避|여행금지|출국권고|철수권고"
            r"|fraråder alle reiser|งดการเดินทาง",
        ),
        (
            2,
            r"increased caution|high degree of caution|grande prudence|vigilance renforcée"
            r"|十分注意|여행유의|เพิ่มความระมัดระวัง",
        ),
        (
            1,
            r"normal (?:(?:safety|security)(?: and security)? )?precautions"
            r"|mesures de sécurité normales|vigilance normale|危険情報なし|여행경보 없음"
            r"|ใช้ความระมัดระวังตามปกติ",
        ),
    )
)
_FLAGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (flag, re.compile(pattern, re.IGNORECASE))
    for flag, pattern in (
        ("leave", r"\bleave (?:now|immediately|the country|as soon)|depart (?:now|immediately)"
                  r"|退避してください|退避勧告|출국권고|철수권고|여행금지|ขอให้เดินทางออก"),
        ("shelter", r"shelter in place|屋内退避|ขอให้อยู่ในที่ปลอดภัย"),
        ("forbidden", r"여행금지|forbidden by law|ห้ามตามกฎหมาย"),
    )
)  # fmt: skip
# Step for each number of a country's own scale; used only where no words stand.
_NUMBERS: dict[str, dict[str, int]] = {
    "US": {"1": 1, "2": 2, "3": 3, "4": 4},
    "NZ": {"1": 1, "2": 2, "3": 3, "4": 4},
    "AU": {"1": 1, "2": 2, "3": 3, "4": 4, "2/5": 1, "3/5": 2, "4/5": 3, "5/5": 4},
    "CA": {"0": 1, "1": 2, "2": 3, "3": 4},
    "JP": {"0": 1, "1": 2, "2": 3, "3": 4, "4": 4},
    "KR": {"0": 1, "1": 2, "2": 3, "special": 3, "3": 4, "4": 4},
}
_NUMBER_FLAGS = {
    ("JP", "4"): ("leave",),
    ("KR", "3"): ("leave",),
    ("KR", "4"): ("leave", "forbidden"),
}
_WHOLE = re.compile(r"avoid_all_(but_essential_)?travel_to_whole_country")


@dataclass(frozen=True, slots=True)
class Scaled:
    """The step, 1 to 4, None where the advice does not tell it, and what stands beside it.

    `flags`: partial, leave, shelter, forbidden, by_number.
    """

    step: int | None
    flags: tuple[str, ...] = ()


def scaled(advice: Advice, speaker: str | None) -> Scaled:
    """The advice of the ministry of `speaker` on the common scale."""
    flags = ["partial"] if advice.partial else []
    whole = _WHOLE.search(advice.level or "")
    if whole is not None:  # the FCDO's own keys; its parts may be worse, and stand in its words
        return Scaled(3 if whole.group(1) else 4, tuple(flags))
    words = advice.wording or ""
    flags += [flag for flag, pattern in _FLAGS if pattern.search(words)]
    step = _by_words(words)
    if step is None and not words.strip() and advice.level:
        level = advice.level.strip().casefold()
        step = _NUMBERS.get(speaker or "", {}).get(level)
        if step is not None:
            flags += [*_NUMBER_FLAGS.get((speaker or "", level), ()), "by_number"]
    return Scaled(step, tuple(dict.fromkeys(flags)))


def _by_words(words: str) -> int | None:
    found: set[int] = set()
    for step, pattern in _STEPS:
        words, count = pattern.subn(" ", words)
        if count:
            found.add(step)
    return max(found, default=None)

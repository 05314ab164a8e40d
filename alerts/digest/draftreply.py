"""What a reply to a digest's draft asks for. Pure; nothing is guessed.

The lines before the first empty one are the bottom line; a line such as `hide 2026-0012` is an
order wherever it stands. What follows the first empty line is greeting and signature, unless it
says of which language it is (`en: …`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.incoming import bare

SHORTEST = 12  # letters; what is shorter is a nod, not a bottom line
_FULL_LINE = 60  # letters after which a mail program has broken the line, not the writer
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMBER = re.compile(r"#?(\d{4}-\d{3,6})")
_NUMBERS = r"(?P<numbers>#?\d{4}-\d{3,6}(?:(?:\s*,\s*|\s+and\s+|\s*และ\s*|\s+)#?\d{4}-\d{3,6})*)"
_WORDS = {
    "hide": ("hide", "leave out", "remove", "ซ่อน", "นำออก", "ตัดออก"),
    "pick": ("pick", "put first", "first", "เลือก", "ขึ้นก่อน"),
    "show": ("put back", "show", "นำกลับ", "แสดง"),
}
_ORDERS = {
    deed: re.compile(rf"(?:{'|'.join(words)})\s*:?\s*{_NUMBERS}", re.IGNORECASE)
    for deed, words in _WORDS.items()
}
_BEGINS = re.compile(rf"(?:{'|'.join(word for each in _WORDS.values() for word in each)})\b", re.I)
_SURE = re.compile(r"(?:hide|pick|ซ่อน|นำออก|ตัดออก)\b", re.IGNORECASE)
_CLEAR = frozenset(["clear", "undo", "ล้าง", "เลิกทำ", "ยกเลิกการแก้ไข"])
_FINE = frozenset(
    (
        *("ok", "okay", "fine", "good", "approved", "no change", "no changes", "send it", "agreed"),
        *("รับทราบ", "ทราบ", "เห็นชอบ", "ตกลง", "ผ่าน", "ไม่แก้ไข", "ส่งได้", "ดำเนินการได้", "เรียบร้อย"),
    )
)
_LABELLED = re.compile(
    r"(?P<of>th|thai|ไทย|en|english|อังกฤษ)\s*[:：]\s*(?P<text>.+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `unread` is a line that looks like an order and cannot be read: then
    nothing of the reply is to be done."""

    bottom_line_th: str | None = None
    bottom_line_en: str | None = None
    hide: tuple[str, ...] = ()
    pick: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    clear: bool = False
    unread: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is to be changed."""
        return self != Wish(unread=self.unread)


def read_reply(lines: Sequence[str]) -> Wish:
    """The wish in the lines that the sender wrote himself; an empty line ends a paragraph."""
    told: dict[str, list[str]] = {}
    orders: dict[str, list[str]] = {deed: [] for deed in _WORDS}
    clear, unread, into = False, "", ""  # `into`: the paragraph that is open, "-" for none
    for line in _from_the_first(lines):
        plain = line.translate(_DIGITS)
        order = _order(plain)
        labelled = _LABELLED.fullmatch(line)
        if not line:
            into = "-" if told or into else into
        elif order:
            orders[order[0]] += order[1]
        elif bare(line) in _CLEAR:
            clear = True
        elif _looks_like_an_order(plain):
            unread = unread or line
        elif labelled:
            into = "th" if labelled["of"].lower() in ("th", "thai", "ไทย") else "en"
            told.setdefault(into, []).append(labelled["text"])
        elif into != "-":
            told.setdefault(into, []).append(line)
    texts = {key: _joined(part) for key, part in told.items()}
    said = texts.pop("", "")
    if bare(said) in _FINE:
        said = ""
    if said and len(said) < SHORTEST:
        unread = unread or said
    elif said:
        texts.setdefault(_language(said), said)
    return Wish(
        bottom_line_th=texts.get("th"),
        bottom_line_en=texts.get("en"),
        hide=tuple(dict.fromkeys(orders["hide"])),
        pick=tuple(dict.fromkeys(orders["pick"])),
        show=tuple(dict.fromkeys(orders["show"])),
        clear=clear,
        unread=unread,
    )


def _order(line: str) -> tuple[str, list[str]] | None:
    said = bare(line)
    for deed, wanted in _ORDERS.items():
        if found := wanted.fullmatch(said):
            return deed, _NUMBER.findall(found["numbers"])
    return None


def _looks_like_an_order(line: str) -> bool:
    short, numbered = len(line) < _FULL_LINE, bool(_NUMBER.search(line))
    if _SURE.match(line):
        return short or numbered
    return short and numbered and bool(_BEGINS.match(line))


def _from_the_first(lines: Sequence[str]) -> Sequence[str]:
    first = next((place for place, line in enumerate(lines) if line), len(lines))
    return lines[first:]


def _joined(lines: Iterable[str]) -> str:
    """The paragraph as it was written, without the breaks that a mail program put in."""
    text, last = "", 0
    for line in lines:
        gap = "" if not text else " " if last >= _FULL_LINE else "\n"
        text += gap + line
        last = len(line)
    return text


def _language(text: str) -> str:
    thai = sum("\u0e00" <= sign < "\u0e80" for sign in text)
    return "th" if thai * 3 >= sum(not sign.isspace() for sign in text) else "en"

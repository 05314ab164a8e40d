"""Taking the simplest markup off a text, with the result of the sanitiser that does the rest.

Most descriptions are a few paragraphs with links and emphasis. Where every `<` begins a whole
tag of that kind and every `&` a common reference, no parser of HTML could see anything else in
them: blocks part words, the other tags do not. Anything beyond goes to the sanitiser.
"""

from __future__ import annotations

import re

_ATTRIBUTE = r"""[ \t\r\n]+[a-z][a-z0-9:_-]*+(?:=(?:"[^"<>]*+"|'[^'<>]*+'))?"""
_TAG = re.compile(
    r"<(?:(/?(?:p|div)|br)|/?(?:a|abbr|b|em|font|i|small|span|strong|sub|sup|u)|img)"
    rf"(?:{_ATTRIBUTE})*+[ \t\r\n]*+/?>",
    re.I | re.A,
)
_OTHER_REFERENCE = re.compile(
    r"&(?![ \t\r\n]|(?:amp|lt|gt|quot|apos|nbsp|#(?:34|38|39|60|62|160|8[2-9][0-9]{2}));)"
)


def simply_stripped(markup: str) -> str | None:
    """The text without its tags, references kept as they are; None when it is not that simple."""
    if _OTHER_REFERENCE.search(markup):
        return None
    parts = _TAG.split(markup)
    blocks = parts[1::2]
    if not _balanced(blocks):
        return None
    parts[1::2] = [" " if block else "" for block in blocks]
    text = "".join(parts)
    return None if "<" in text else text


def _balanced(blocks: list[str | None]) -> bool:
    """Whether no `</div>` closes what nothing opened: that one alone parts no words."""
    if all(block is None or len(block) < 3 for block in blocks):
        return True
    depth = 0
    for block in blocks:
        if block is not None and "div" in block.lower():
            depth += -1 if block[0] == "/" else 1
            if depth < 0:
                return False
    return True

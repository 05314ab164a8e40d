"""What the reader of feeds noted of a poll, said in the reader's language.

The notes are stored in English, and a database keeps those of older versions: each is recognised
by the English words of `[feed_detail]` and said again in the other language. One that no entry
knows (a server's own words, a parser's message) stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from alerts import words

_SECTION = "feed_detail"
_PLACE = re.compile(r"\{(\w+)\}")


def detail_in(detail: str, language: str) -> str:
    """The note in the reader's language; several stand behind one another with semicolons."""
    if language != "th" or not detail:
        return detail
    return "; ".join(_said(part, language) for part in detail.split("; "))


def _said(part: str, language: str) -> str:
    known = words.current()
    texts = tuple((key, known.text(f"{_SECTION}.{key}", "en")) for key in known.section(_SECTION))
    for key, form in _forms(texts):
        if found := form.fullmatch(part.strip()):
            values: dict[str, Any] = found.groupdict()
            return words.say(f"{_SECTION}.{key}", language, **values)
    return part


@lru_cache(maxsize=2)
def _forms(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each entry with what its English words look like once filled in; the most definite first."""
    found = []
    for key, text in sorted(texts, key=lambda each: -len(_PLACE.sub("", each[1]))):
        form = "".join(
            f"(?P<{part}>.+?)" if place % 2 else re.escape(part)
            for place, part in enumerate(_PLACE.split(text))
        )
        found.append((key, re.compile(form, re.DOTALL)))
    return tuple(found)

"""The onward edition as a cable: plain text in numbered paragraphs, to be pasted anywhere.

English is wrapped at 72 columns; Thai is not, since only a dictionary knows where it may break.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts import dates, templating, words
from alerts.digest.voice import Issue, Section
from alerts.policy import Policy

COLUMNS = 72


@dataclass(frozen=True, slots=True)
class _Block:
    head: str
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    end: str


def cable(
    blocks: Sequence[Issue],
    subjects: Sequence[str],
    policy: Policy,
    *,
    issued_at: datetime,
    zone: tzinfo,
) -> str:
    """The text, one block a language, each with its subject."""
    made = []
    for block, subject in zip(blocks, subjects, strict=True):
        language = block.language
        head = (
            _say("cable_from", language, ministry=policy.ministry.in_(language)),
            _say("cable_time", language, at=dates.moment_in_zones(issued_at, language, zone)),
            _say("cable_subject", language, subject=subject),
            *block.masthead[1:],
        )
        end = _say("cable_end", language)
        made.append(_Block("\n".join(head), block.sections, block.footer, end))
    return _wrapped(templating.text("cable.txt", blocks=tuple(made)))


def _say(key: str, language: str, **values: object) -> str:
    return words.say(f"digest.extra.{key}", language, zone=None, **values)


def _wrapped(text: str) -> str:
    return "\n".join(part for line in text.split("\n") for part in _parts(line)) + "\n"


def _parts(line: str) -> list[str]:
    if (
        len(line) <= COLUMNS
        or not line.isprintable()
        or any("\u0e00" <= sign < "\u0e80" for sign in line)
    ):
        return [line]
    indent = line[: len(line) - len(line.lstrip(" "))]
    return textwrap.wrap(
        line, COLUMNS, subsequent_indent=indent + "  ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip

"""Short mails that are no alerts: an answer to a reply, an assignment, a warning of the program's.

One heading and some lines, in the reader's languages, and a link where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts import clean, templating, words
from alerts.message import SUBJECT_LIMIT, Message


@dataclass(frozen=True, slots=True)
class Brief:
    """What is said in one language."""

    language: str
    heading: str
    lines: tuple[str, ...]
    link: str | None = None
    link_text: str = ""


def render(subject: str, briefs: Sequence[Brief], *, headers: Mapping[str, str]) -> Message:
    """The message; `headers` are those that filters read."""
    line = clean.header(subject, SUBJECT_LIMIT)
    internal = tuple(words.say("mail.internal", each.language) for each in briefs)
    return Message(
        subject=line,
        text=templating.text("brief.txt", blocks=briefs, internal=internal),
        html=templating.html("brief.html", blocks=briefs, internal=internal, subject=line),
        headers=headers,
        list_name="desk",
        languages=tuple(each.language for each in briefs),
    )

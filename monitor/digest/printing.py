"""A digest as an A4 PDF, and how long the edition for forwarding may be to fit one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from alerts.digest.content import DigestContent
from alerts.digest.pdf import page_count, to_pdf
from alerts.digest.render import DESK, LIMITS, ONWARD, Drawn, issues, subject
from alerts.digest.voice import Limits
from alerts.policy import Person, Policy

_POINTS = {DESK: 10.5, ONWARD: 9.5}
_SMALLEST, _LEAST = 8.5, 7.5
# How far the lists of the onward edition are cut, until it fits its page.
_ONWARD = (
    Limits(headlines=1),
    Limits(changes=6, top=4, headlines=1, categories=6, health=4, speakers=6, advice=5),
    Limits(changes=5, top=4, headlines=0, categories=4, health=3, speakers=5, advice=4, ahead=4),
    Limits(changes=4, top=3, headlines=0, categories=3, health=2, speakers=5, advice=3, ahead=3),
    Limits(changes=4, top=3, headlines=0, categories=2, health=2, speakers=4, advice=2, ahead=2),
    Limits(changes=3, top=3, headlines=0, categories=2, health=1, speakers=3, advice=2, ahead=1),
    Limits(changes=2, top=3, headlines=0, categories=1, health=1, speakers=2, advice=1, ahead=1),
    Limits(changes=1, top=3, headlines=0, categories=1, health=1, speakers=1, advice=1, ahead=1),
    Limits(changes=1, top=2, headlines=0, categories=1, health=1, speakers=1, advice=1, ahead=1),
    Limits(changes=1, top=1, headlines=0, categories=1, health=1, speakers=1, advice=1, ahead=1),
)


def as_pdf(
    content: DigestContent,
    person: Person,
    policy: Policy,
    *,
    edition: str,
    drawn: Drawn | None,
    made_at: datetime,
) -> bytes:
    """The pages. The onward edition is one page for each language: lists are cut until it is.

    Raises PictureError.
    """
    tries = _tries(edition, drawn)
    low, high, best = 0, len(tries) - 1, b""
    while low <= high:  # each try is shorter than the one before it
        place = (low + high) // 2
        drawings, points, limits = tries[place]
        blocks = issues(
            content, person, policy, edition=edition, drawn=drawings, limits=limits, mirror=False
        )
        made = to_pdf(
            blocks,
            title=subject(content, blocks[0].language, edition=edition),
            made_at=made_at,
            segment=segment,
            points=points,
            compact=edition == ONWARD,
        )
        if edition == DESK or page_count(made) <= len(blocks):
            best, high = made, place - 1
        else:
            low = place + 1
    return best or made


def _tries(edition: str, drawn: Drawn | None) -> list[tuple[Drawn | None, float, Limits]]:
    if edition == DESK:
        return [(drawn, _POINTS[DESK], LIMITS[0])]
    only_map = {
        language: {name: each for name, each in named.items() if name == "map"}
        for language, named in (drawn or {}).items()
    }
    tries: list[tuple[Drawn | None, float, Limits]] = [
        (only_map, _POINTS[ONWARD], limits) for limits in _ONWARD[:3]
    ]
    tries += [(only_map, _SMALLEST, limits) for limits in _ONWARD[2:]]
    return [*tries, (None, _SMALLEST, _ONWARD[-1]), (None, _LEAST, _ONWARD[-1])]


@lru_cache(maxsize=4096)
def segment(run: str) -> Sequence[str]:
    """A run of Thai as words. Loads the dictionary at the first call."""
    from pythainlp.tokenize import word_tokenize

    return [str(word) for word in word_tokenize(run, engine="newmm", keep_whitespace=True)]

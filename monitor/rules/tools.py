"""What rules ask of the classifiers' text and of the scale of advice, handed in as plain calls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from alerts.case import Tools, plain
from storage.records import Item

if TYPE_CHECKING:
    from classifiers.text import Prepared


def find(wanted: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Which of the words stand in the texts as whole words, Thai ones as a dictionary cuts them.

    A word that ends in `*` may go on: `flood*` is found in "flooding".
    """
    cut = _cut(plain("\n".join(texts)))
    return tuple(word for word in wanted if _stands(word, cut))


def advice_step(item: Item) -> int | None:
    """The step of an item's travel advice on the common scale, None if it has none."""
    from monitor.communications.scale import scaled

    advice = item.values.advice
    return None if advice is None else scaled(advice, item.speaker).step


TOOLS = Tools(find=find, advice_step=advice_step)


@lru_cache(maxsize=32)  # several rules ask about the same item, one after the other
def _cut(text: str) -> Prepared:
    from classifiers.text import Prepared

    return Prepared(text, len(text), None, None)


def _stands(word: str, cut: Prepared) -> bool:
    from classifiers.lexicon import is_bounded
    from classifiers.text import fold

    prefix = word.endswith("*")
    sought = fold(plain(word.removesuffix("*")))
    at = cut.folded.find(sought) if sought else -1
    while at >= 0:
        if is_bounded(cut, at, at + len(sought), prefix):
            return True
        at = cut.folded.find(sought, at + 1)
    return False

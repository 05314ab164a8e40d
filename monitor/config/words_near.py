"""The hint for a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def near(word: str, choice: Iterable[str], prefix: str = "") -> str:
    """`did you mean …?` with the most similar of `choice`, each after `prefix`, or nothing."""
    by_form = {each.casefold(): each for each in choice}
    found = get_close_matches(word.casefold(), by_form, n=3, cutoff=0.7)
    return f": did you mean {', '.join(prefix + by_form[each] for each in found)}?" if found else ""

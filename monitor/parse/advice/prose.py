"""Travel advice told in sentences: "FCDO advises against all but essential travel to part of …".

The words decide, as in all scales. Advice that is taken back ("no longer advises against") is
none, and what is said of a part of the country is marked as that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.parse.countries import country_named

LAST_CHANGE = "advice_last_change"  # flag of an item whose text tells its page's last change only
_AGAINST = re.compile(
    r"(?P<before>[^.;:!?\n]{0,60}?)\b(?:advi(?:s(?:e|es|ed|ing)|ce)|(?P<and>and)) against "
    r"(?P<kind>all but essential|all non[- ]essential|all)(?: international)? travel\b"
    r"(?: to (?P<where>(?:(?! and against )[^.;:!?\n]){1,160}))?",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"\b(?:no longer|not|stopped|removed?|removing|lift(?:s|ed|ing)?|ended|withdrawn|withdrew"
    r"|dropped|previously|previous|former)\b[^,]*$",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"^(?:the )?(?:whole|all|entire(?:ty)?)(?: of)?\s+(?:the\s+)?", re.IGNORECASE)
_ENDS = re.compile(
    r"\s*(?:\(|,? (?:due to|because|after|following|as|and (?:you|we|if)|until|while|where|unless"
    r"|including|with|at this time|from \d|since|except)\b).*$",
    re.IGNORECASE,
)
_LEVELS = {
    (4, False): "avoid_all_travel_to_whole_country",
    (3, False): "avoid_all_but_essential_travel_to_whole_country",
    (4, True): "avoid_all_travel_to_parts",
    (3, True): "avoid_all_but_essential_travel_to_parts",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the sentences say: in their own words, of a part only or of the whole country.

    `levels` are the FCDO's own keys for the same. `country` is an ISO code where a sentence
    names one.
    """

    wording: str
    partial: bool
    levels: tuple[str, ...]
    country: str | None


def told_in(texts: Sequence[str], country: str | None = None) -> Told | None:
    """What `texts` (headline, summary) advise of `country`; None where they advise nothing."""
    found: dict[tuple[int, bool], str] = {}
    named = country
    for text in texts:
        is_back = False
        for match in _AGAINST.finditer(text):
            if not match["and"]:  # what follows an "and" shares the fate of what stands before it
                is_back = _TAKEN_BACK.search(match["before"]) is not None
            if is_back:
                continue
            where = _ENDS.sub("", match["where"] or "").strip(" ,'\"”")
            place, code = _place(where)
            named = named or code
            part = bool(place) and (code is None or (named is not None and code != named))
            step = 4 if match["kind"].casefold() == "all" else 3
            said = f"advises against {match['kind'].casefold()} travel"
            found.setdefault((step, part), f"{said} to {where}" if where else said)
    if not found:
        return None
    ordered = sorted(found, key=lambda key: (key[1], -key[0]))  # the whole country first
    return Told(
        wording="; ".join(found[key] for key in ordered),
        partial=all(part for _, part in ordered),
        levels=tuple(_LEVELS[key] for key in ordered),
        country=named or _last_country(found.values()),
    )


def _place(where: str) -> tuple[str, str | None]:
    """The place without "the whole of", and the country that it is; None for a part of one."""
    place = _WHOLE.sub("", where).removeprefix("the ").strip()
    return place, country_named(place)


def _last_country(said: Iterable[str]) -> str | None:
    """The country behind the part: `North Sulawesi, Indonesia`, `parts of Laos`."""
    for each in said:
        for name in reversed(re.split(r",\s*|\s+(?:of|in)\s+(?:the\s+)?", each)):
            if code := country_named(name.strip()):
                return code
    return None

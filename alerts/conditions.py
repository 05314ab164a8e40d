"""Whether a rule's condition holds for an incident and the change that touched it, and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from alerts import words
from alerts.policy import Condition, Policy
from storage.records import Change, Incident, Item, Role, Why

# Changes that make less of what was told. Parts of a condition that ask about the item or the
# level are not put to them: who was told of an ALERT must hear that it is none any more.
EASING = ("level_lowered", "withdrawn", "lifted", "closed")
_SPEAKING = frozenset(["communication", "advice"])

Found = tuple[bool, tuple[Why, ...]]
_NO: Found = (False, ())
_UNASKED: Found = (True, ())

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def matches(
    condition: Condition,
    incident: Incident,
    change: Change,
    item: Item | None,
    policy: Policy,
) -> tuple[bool, tuple[Why, ...]]:
    """Whether the condition holds, and which of its parts did so, in words.

    A part about the item (kind of feed, tier) does not hold for a change without an item.
    """
    if not level_suffices(condition, incident, change):
        return _NO
    return fits(condition, incident, change, item, policy)


def level_suffices(condition: Condition, incident: Incident, change: Change) -> bool:
    """Whether the incident's level reaches the condition's; always so for an easing change."""
    if change.kind in EASING or condition.min_level is None:
        return True
    return incident.level >= condition.min_level


def fits(
    condition: Condition,
    incident: Incident,
    change: Change,
    item: Item | None,
    policy: Policy,
) -> Found:
    """All parts of the condition but its own level, so that "below the level" can be said."""
    whys: list[Why] = []
    if condition.min_level is not None and change.kind in EASING:
        whys.append(Why("told_before"))
    elif condition.min_level is not None:
        values = {"level": incident.level.name, "threshold": condition.min_level.name}
        whys.append(Why("match_level", values))
    for holds, why in _parts(condition, incident, change, item, policy):
        if not holds:
            return _NO
        whys += why
    for inner in condition.all_of:
        holds, why = matches(inner, incident, change, item, policy)
        if not holds:
            return _NO
        whys += why
    if condition.any_of:
        found = [matches(inner, incident, change, item, policy) for inner in condition.any_of]
        if not any(holds for holds, _ in found):
            return _NO
        whys += next(why for holds, why in found if holds)
    if any(matches(inner, incident, change, item, policy)[0] for inner in condition.none_of):
        return _NO
    return True, tuple(whys) or (Why("told_before" if change.kind in EASING else "match_all"),)


def plain(text: str) -> str:
    """`text` as words are compared: compatible forms, no case, nothing invisible."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def largest(incident: Incident, kind: str) -> float | None:
    """The largest figure of `kind` that any source gave, None when none did."""
    return max((figure.value for figure in incident.figures if figure.kind == kind), default=None)


def _parts(
    condition: Condition,
    incident: Incident,
    change: Change,
    item: Item | None,
    policy: Policy,
) -> Iterator[Found]:
    yield _any(condition.categories, incident.categories, "match_category")
    yield _hazard(condition, incident)
    yield _country(condition, incident, policy)
    yield _any(condition.nationals, (incident.nationals,), "match_nationals")
    yield _sources(condition, incident)
    yield _figures(condition, incident)
    yield _depth(condition, incident)
    if change.kind in EASING:
        if _of_speaking_only(condition, change):
            yield _NO
        return
    yield _words(condition, incident, item)
    yield _any(condition.feed_kinds, () if item is None else (item.feed_kind,), "match_feed_kind")
    yield _any(condition.tiers, () if item is None else (item.tier,), "match_tier")
    yield _any(condition.changes, (change.kind,), "match_change")
    yield _communication(condition, change, item)


def _of_speaking_only(condition: Condition, change: Change) -> bool:
    """Whether the condition asks for what ministries say: an event that eases is none of that."""
    if change.kind in condition.changes:
        return False
    asked = frozenset(condition.changes)
    return bool(condition.communications) or (bool(asked) and asked <= _SPEAKING)


def _any(wanted: Iterable[str], have: Iterable[str], code: str) -> Found:
    asked = frozenset(wanted)
    if not asked:
        return _UNASKED
    found = [value for value in have if value in asked]
    return (True, (Why(code, {"found": ",".join(found)}),)) if found else _NO


def _hazard(condition: Condition, incident: Incident) -> Found:
    """A rule on a broad hazard takes the finer ones: attack takes bombing."""
    if not condition.hazards:
        return _UNASKED
    key, known = incident.hazard, words.current().hazards
    while key is not None:
        if key in condition.hazards:
            return True, (Why("match_hazard", {"found": incident.hazard}),)
        key = known[key].within if key in known else None
    return _NO


def _country(condition: Condition, incident: Incident, policy: Policy) -> Found:
    if not condition.countries:
        return _UNASKED
    if not incident.countries:
        return (True, (Why("match_country_unknown"),)) if condition.unknown_country else _NO
    if "world" in condition.countries:
        return _UNASKED
    return _any(policy.countries_of(condition.countries), incident.countries, "match_country")


def _sources(condition: Condition, incident: Incident) -> Found:
    least = condition.min_independent_sources
    if least is None:
        return _UNASKED
    if incident.independent_sources < least:
        return _NO
    values = {"count": incident.independent_sources, "threshold": least}
    return True, (Why("match_sources", values),)


def _figures(condition: Condition, incident: Incident) -> Found:
    whys: list[Why] = []
    for kind, least in condition.figures.items():
        value = largest(incident, kind)
        if value is None:
            if not condition.unknown_number:
                return _NO
            whys.append(Why("match_number_unknown", {"kind": kind}))
        elif value < least:
            return _NO
        else:
            whys.append(Why("match_figure", {"kind": kind, "value": value, "threshold": least}))
    return True, tuple(whys)


def _depth(condition: Condition, incident: Incident) -> Found:
    most = condition.max_depth_km
    if most is None:
        return _UNASKED
    depths = [figure.value for figure in incident.figures if figure.kind == "depth_km"]
    if not depths:
        unknown = Why("match_number_unknown", {"kind": "depth_km"})
        return (True, (unknown,)) if condition.unknown_number else _NO
    if min(depths) > most:
        return _NO
    return True, (Why("match_depth", {"value": min(depths), "threshold": most}),)


def _communication(condition: Condition, change: Change, item: Item | None) -> Found:
    if not condition.communications:
        return _UNASKED
    spoken = item is not None and item.role is Role.COMMUNICATION
    if not spoken and change.kind not in ("communication", "advice"):
        return _NO
    kinds = [item.reading.communication] if item and item.reading.communication else []
    if change.kind == "advice" and "travel_advice" not in kinds:
        kinds.append("travel_advice")
    return _any(condition.communications, kinds, "match_communication")


def _words(condition: Condition, incident: Incident, item: Item | None) -> Found:
    if not condition.words:
        return _UNASKED
    texts = [incident.title_en, incident.title_th]
    if item is not None:
        texts += [item.values.title, item.values.summary]
    read = plain("\n".join(texts))
    found = [word for word in condition.words if plain(word) in read]
    return (True, (Why("match_word", {"found": ", ".join(found)}),)) if found else _NO

"""Whether a rule's condition holds for an incident and the change that touched it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alerts import parts, words
from alerts.case import Case
from alerts.parts import NO, UNASKED, Found
from alerts.policy import Condition, Policy
from storage.records import Change, Incident, Item, Role, Scalar, Why

# Changes that make less of what was told. Parts of a condition that ask about the item or the
# level are not put to them: who was told of an ALERT must hear that it is none any more.
EASING = ("level_lowered", "withdrawn", "lifted", "closed")
_SPEAKING = frozenset(["communication", "advice"])


def matches(condition: Condition, case: Case) -> Found:
    """Whether the condition holds, and which of its parts did so, in words.

    A part about the item (kind of feed, tier) does not hold for a change without an item.
    """
    return fits(condition, case) if level_suffices(condition, case) else NO


def level_suffices(condition: Condition, case: Case) -> bool:
    """Whether the incident's level reaches the condition's; always so for an easing change."""
    least = case.least(condition)
    return least is None or case.change.kind in EASING or case.incident.level >= least


def fits(condition: Condition, case: Case) -> Found:
    """All parts of the condition but its own level, so that "below the level" can be said."""
    whys: list[Why] = []
    least = case.least(condition)
    if least is not None and case.change.kind in EASING:
        whys.append(Why("told_before"))
    elif least is not None:
        values: dict[str, Scalar] = {"level": case.incident.level.name, "threshold": least.name}
        at_night = condition.night_level is not None and case.night
        whys.append(Why("match_level_night" if at_night else "match_level", values))
    for holds, why in _parts(condition, case):
        if not holds:
            return NO
        whys += why
    for inner in condition.all_of:
        holds, why = matches(inner, case)
        if not holds:
            return NO
        whys += why
    if condition.any_of:
        found = [matches(inner, case) for inner in condition.any_of]
        if not any(holds for holds, _ in found):
            return NO
        whys += next(why for holds, why in found if holds)
    if any(matches(inner, case)[0] for inner in condition.none_of):
        return NO
    return True, tuple(whys) or (Why("told_before" if case.change.kind in EASING else "match_all"),)


def largest(incident: Incident, kind: str) -> float | None:
    """The largest figure of `kind` that any source gave, None when none did."""
    return max((figure.value for figure in incident.figures if figure.kind == kind), default=None)


def _parts(condition: Condition, case: Case) -> Iterator[Found]:
    incident, change, item = case.incident, case.change, case.item
    yield _any(condition.categories, incident.categories, "match_category")
    yield _hazard(condition, incident)
    yield _country(condition, incident, case.policy)
    yield parts.near(condition, case)
    yield _any(condition.nationals, (incident.nationals,), "match_nationals")
    yield _sources(condition, incident)
    yield _figures(condition, incident)
    yield _depth(condition, incident)
    yield parts.clock(condition, case)
    if change.kind in EASING:
        if _of_speaking_only(condition, change):
            yield NO
        return
    yield parts.cap(condition, incident)
    yield _any(condition.feed_kinds, () if item is None else (item.feed_kind,), "match_feed_kind")
    yield _any(condition.tiers, () if item is None else (item.tier,), "match_tier")
    yield parts.origin(condition, item)
    yield _any(condition.changes, (change.kind,), "match_change")
    yield _communication(condition, change, item)
    yield parts.advice(condition, case)
    yield parts.probability(condition, case)
    yield _words(condition, case)  # last: cutting Thai into words costs the most


def _of_speaking_only(condition: Condition, change: Change) -> bool:
    """Whether the condition asks for what ministries say: an event that eases is none of that."""
    if change.kind in condition.changes:
        return False
    asked = frozenset(condition.changes)
    return bool(condition.communications) or (bool(asked) and asked <= _SPEAKING)


def _any(wanted: Iterable[str], have: Iterable[str], code: str) -> Found:
    asked = frozenset(wanted)
    if not asked:
        return UNASKED
    found = [value for value in have if value in asked]
    return (True, (Why(code, {"found": ",".join(found)}),)) if found else NO


def _hazard(condition: Condition, incident: Incident) -> Found:
    """A rule on a broad hazard takes the finer ones: attack takes bombing."""
    if not condition.hazards:
        return UNASKED
    key, known = incident.hazard, words.current().hazards
    while key is not None:
        if key in condition.hazards:
            return True, (Why("match_hazard", {"found": incident.hazard}),)
        key = known[key].within if key in known else None
    return NO


def _country(condition: Condition, incident: Incident, policy: Policy) -> Found:
    if not condition.countries:
        return UNASKED
    if not incident.countries:
        return (True, (Why("match_country_unknown"),)) if condition.unknown_country else NO
    if "world" in condition.countries:
        return UNASKED
    return _any(policy.countries_of(condition.countries), incident.countries, "match_country")


def _sources(condition: Condition, incident: Incident) -> Found:
    least = condition.min_independent_sources
    if least is None:
        return UNASKED
    if incident.independent_sources < least:
        return NO
    values = {"count": incident.independent_sources, "threshold": least}
    return True, (Why("match_sources", values),)


def _figures(condition: Condition, incident: Incident) -> Found:
    whys: list[Why] = []
    for kind, least in condition.figures.items():
        value = largest(incident, kind)
        if value is None:
            if not condition.unknown_number:
                return NO
            whys.append(Why("match_number_unknown", {"kind": kind}))
        elif value < least:
            return NO
        else:
            whys.append(Why("match_figure", {"kind": kind, "value": value, "threshold": least}))
    return True, tuple(whys)


def _depth(condition: Condition, incident: Incident) -> Found:
    most = condition.max_depth_km
    if most is None:
        return UNASKED
    depths = [figure.value for figure in incident.figures if figure.kind == "depth_km"]
    if not depths:
        unknown = Why("match_number_unknown", {"kind": "depth_km"})
        return (True, (unknown,)) if condition.unknown_number else NO
    if min(depths) > most:
        return NO
    return True, (Why("match_depth", {"value": min(depths), "threshold": most}),)


def _communication(condition: Condition, change: Change, item: Item | None) -> Found:
    if not condition.communications:
        return UNASKED
    spoken = item is not None and item.role is Role.COMMUNICATION
    if not spoken and change.kind not in ("communication", "advice"):
        return NO
    kinds = [item.reading.communication] if item and item.reading.communication else []
    if change.kind == "advice" and "travel_advice" not in kinds:
        kinds.append("travel_advice")
    return _any(condition.communications, kinds, "match_communication")


def _words(condition: Condition, case: Case) -> Found:
    if not condition.words:
        return UNASKED
    texts = [case.incident.title_en, case.incident.title_th]
    if case.item is not None:
        texts += [case.item.values.title, case.item.values.summary]
    found = case.tools.find(condition.words, texts)
    return (True, (Why("match_word", {"found": ", ".join(found)}),)) if found else NO

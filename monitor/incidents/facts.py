"""What is known of an incident, worked out afresh from its items each time one joins."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from alerts.figures import GROWING, OF_THE_SHOCK, is_another_shock, overtaken, told_at
from monitor.incidents.copies import independent
from monitor.incidents.hazards import category_of
from monitor.incidents.held import as_held
from monitor.incidents.identity import Identity, given_hazard, identity
from monitor.incidents.messages import in_force, is_clear, still_warns
from storage.records import Category, Figure, Incident, Item, Role

SEVERITIES = ("Unknown", "Minor", "Moderate", "Severe", "Extreme")
URGENCIES = ("Unknown", "Past", "Future", "Expected", "Immediate")
CERTAINTIES = ("Unknown", "Unlikely", "Possible", "Likely", "Observed")
NATIONALS = ("unknown", "none_reported", "reported", "harmed")
TIERS = ("official", "un", "wire", "media", "other")
_TOP_ADVICE = re.compile(
    r"do not travel|avoid all travel|against all travel|leave|évitez? tout voyage"
    r"|reisewarnung|退避|渡航は止めて|여행금지|งดการเดินทาง",
    re.IGNORECASE,
)


def derive(incident: Incident, items: Sequence[Item]) -> Incident:
    """`incident` with everything that follows from its items, which must be oldest first.

    The number, the title, the level and what officers did are left as they are.
    """
    return as_held(incident, _derived(incident, items) if items else _of_no_item(incident))


def of_its_own(incident: Incident, items: Sequence[Item]) -> Incident:
    """`incident` with the countries and categories that it has without what was merged into it.

    By these it is named.
    """
    own = [item for item in items if not item.brought]
    if not own or len(own) == len(items):
        return incident
    alone = derive(incident, own)
    return replace(
        incident,
        countries=alone.countries or incident.countries,
        categories=alone.categories or incident.categories,
    )


def _derived(incident: Incident, items: Sequence[Item]) -> Incident:
    last_item_at = max(item.first_seen_at for item in items)
    items = [item for item in items if not is_dismissed(item)]
    if not items:
        return _of_nothing(incident, last_item_at)
    signals = [item for item in items if item.role is Role.SIGNAL] or list(items)
    telling = [item for item in signals if _tells(item)] or signals
    standing = in_force(telling) or in_force(signals) or signals
    what = identity(items, telling, standing)
    return replace(
        incident,
        hazard=what.hazard,
        categories=_categories(items, what.hazard),
        exercise=all(_is_drill(item) for item in signals),
        countries=what.countries,
        place=what.place,
        lat=what.point[0] if what.point else None,
        lon=what.point[1] if what.point else None,
        event_at=what.event_at,
        last_item_at=last_item_at,
        figures=_figures(telling, what),
        nationals=_nationals(items),
        confirmation=_confirmation(signals, telling),
        sources=len({item.publisher for item in (*telling, *filter(_speaks, items))}),
        independent_sources=independent(telling),
        alert_levels=_alert_levels(standing),
        severity=_cap_axis(standing, "severity", SEVERITIES),
        urgency=_cap_axis(standing, "urgency", URGENCIES),
        certainty=_cap_axis(standing, "certainty", CERTAINTIES),
        leave_calls=_leave_calls(items),
        withdrawn=_ends(signals, withdrawn=True),
        lifted=_ends(signals, withdrawn=False),
    )


def is_dismissed(item: Item) -> bool:
    """Whether an officer said that the item tells of no crisis: it then counts for nothing."""
    return "categories" in item.reading.corrected and not item.reading.categories


def _of_nothing(incident: Incident, last_item_at: datetime) -> Incident:
    """An incident of which officers have dismissed every item: its place and time are left.

    The least level that the machine has set goes with the items; an officer's own stays.
    """
    if "opened" not in incident.held:
        incident = replace(incident, floor=None, floor_why=())
    return replace(
        incident,
        hazard=None,
        categories=(),
        last_item_at=last_item_at,
        figures=(),
        nationals=NATIONALS[0],
        alert_levels=(),
        severity=None,
        urgency=None,
        certainty=None,
        leave_calls=0,
        lifted=False,
        withdrawn=False,
    )


def _of_no_item(incident: Incident) -> Incident:
    """An incident that no source tells of: one opened by hand, or one that officers emptied."""
    by_hand = "opened" in incident.held
    return replace(
        _of_nothing(incident, incident.last_item_at),
        hazard=incident.hazard if by_hand else None,
        categories=incident.categories if by_hand else (),
        confirmation="reviewed" if by_hand else "no_source",
        sources=0,
        independent_sources=0,
    )


def _tells(item: Item) -> bool:
    """Whether an item surely tells of a crisis of today; another adds nothing to what is known."""
    if given_hazard(item):
        return True
    return bool(item.reading.categories) and not _looks_back(item)


def _speaks(item: Item) -> bool:
    return item.role is Role.COMMUNICATION and not _looks_back(item)


def _looks_back(item: Item) -> bool:
    return "retrospective" in item.reading.flags


def _categories(items: Sequence[Item], hazard: str | None) -> tuple[str, ...]:
    """That of the hazard, officers' own, and those named a third as often as the first.

    A publisher counts once, as in `_countries`.
    """
    of_publisher = Counter(item.publisher for item in items)
    times = Counter((label, item.publisher) for item in items for label in item.reading.categories)
    named: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (label, publisher), count in times.items():
        named[label] += Fraction(count, of_publisher[publisher])
    most = max(named.values(), default=Fraction(0))
    found = {label for label, count in named.items() if count * 3 >= most}
    judged = [item.reading for item in items if "categories" in item.reading.corrected]
    found |= {label for reading in judged for label in reading.categories}
    found.update(filter(None, (category_of(hazard),)))
    return tuple(each.value for each in Category if each.value in found)


def _is_drill(item: Item) -> bool:
    return item.values.status != "actual" or "exercise" in item.reading.flags


def _figures(items: Sequence[Item], what: Identity) -> tuple[Figure, ...]:
    """One figure of each kind: the newest of each publisher, then the best tier's.

    Of magnitudes it is the middle one. Tolls only grow while an event runs, so of those the
    largest of the best two tiers counts. What a merged incident brought gives an explosion no
    magnitude.
    """
    newest: dict[tuple[str, str], tuple[int, Figure]] = {}
    for item in items:
        if not item.reading.figures and item.values.hazard is None:
            continue
        tier = TIERS.index(item.tier) if item.tier in TIERS else len(TIERS)
        for figure in _item_figures(item):
            if figure.kind in OF_THE_SHOCK and (
                is_another_shock(item, what.event_at) or (item.brought and not what.shakes)
            ):
                continue
            newest[figure.kind, item.publisher] = (tier, figure)
    best: dict[str, tuple[int, Figure]] = {}
    measured = [each for (kind, _), each in newest.items() if kind == "magnitude"]
    if measured:
        best["magnitude"] = _middle(measured)
    for (kind, _), (tier, figure) in newest.items():
        if kind == "magnitude":
            continue
        held = best.get(kind)
        larger = held is not None and figure.value > held[1].value
        if held is None or (larger if kind in GROWING else tier < held[0]):
            best[kind] = (tier, figure)
    return tuple(figure for _, (_, figure) in sorted(best.items()))


def _middle(measured: Sequence[tuple[int, Figure]]) -> tuple[int, Figure]:
    """The middle one of the best tier's newest magnitudes: no network's number of bulletins,
    and no single one that is far out, decides. Of two in the middle the one told first counts.
    """
    tier = min(each[0] for each in measured)
    ranked = sorted((each for each in measured if each[0] == tier), key=lambda each: each[1].value)
    low, high = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    return low if measured.index(low) <= measured.index(high) else high


def _item_figures(item: Item) -> list[Figure]:
    at = told_at(item)
    found = {
        each.kind: Figure(each.kind, each.value, each.words, item.publisher, at)
        for each in item.reading.figures
        if not _looks_back(item)  # they are those of the past event
    }
    if hazard := item.values.hazard:
        for kind, value in (("magnitude", hazard.magnitude), ("depth_km", hazard.depth_km)):
            if value is not None:
                found[kind] = Figure(kind, value, "", item.publisher, at)
    return list(found.values())


def _nationals(items: Sequence[Item]) -> str:
    """The gravest that was said; what the home ministry reports of its own people replaces it."""
    status = NATIONALS[0]
    for item in items:
        said = item.reading.nationals
        if said not in NATIONALS[1:]:
            continue
        settles = item.home and item.reading.communication == "nationals_status"
        status = said if settles else max(status, said, key=NATIONALS.index)
    return status


def _highest(values: Iterable[str | None], order: Sequence[str]) -> str | None:
    return max((value for value in values if value in order), key=order.index, default=None)


def _cap_axis(items: Sequence[Item], axis: str, order: Sequence[str]) -> str | None:
    return _highest(
        (getattr(item.values.hazard, axis) for item in items if item.values.hazard), order
    )


def _alert_levels(items: Sequence[Item]) -> tuple[str, ...]:
    """Each publisher's newest level in its own words."""
    newest: dict[str, str] = {}
    for item in items:
        if item.values.hazard and item.values.hazard.alert_level:
            newest[item.publisher] = f"{item.publisher}: {item.values.hazard.alert_level}"
    return tuple(newest.values())


def _leave_calls(items: Sequence[Item]) -> int:
    """Ministries whose advice, changed since the event, is to leave or not to travel at all.

    Decided by words, for the numbers of national scales differ (Smartraveller, State, FCDO,
    Canada, Auswaertiges Amt, MOFA Japan). Advice for a part of the country does not count.
    """
    return len(
        {
            item.publisher
            for item in items
            if item.values.advice is not None
            and not item.values.advice.partial
            and _TOP_ADVICE.search(item.values.advice.wording or "")
        }
    )


def _confirmation(signals: Sequence[Item], telling: Sequence[Item]) -> str:
    if _ends(signals, withdrawn=True):
        return "withdrawn"
    if all(item.role is Role.COMMUNICATION for item in signals):
        return "ministries"  # that they speak does not say that anybody has reported it
    if _disputed(telling):
        return "disputed"
    if telling and all(item.reading.claimed_by for item in telling):
        return "claimed"
    if any(item.tier in ("official", "un") for item in telling):
        return "official"
    return "several" if independent(telling) > 1 else "one_source"


def _disputed(items: Sequence[Item]) -> bool:
    """Whether publishers give tolls at nearly one time that differ by more than half.

    A smaller toll that was told well before the largest is only older: tolls grow.
    """
    newest = {
        item.publisher: figure
        for item in items
        if item.reading.figures
        for figure in _item_figures(item)
        if figure.kind == "dead" and figure.at is not None
    }
    if not newest:
        return False
    largest = max(newest.values(), key=lambda each: each.value)
    return any(
        each.value * 2 < largest.value
        and each.at is not None
        and largest.at is not None
        and not overtaken("dead", each.value, each.at, largest.value, largest.at)
        for each in newest.values()
    )


def _ends(items: Sequence[Item], *, withdrawn: bool) -> bool:
    """Whether the newest official word is a withdrawal (issued in error) or an all-clear.

    An all-clear ends what it speaks of: an earthquake goes on when its tsunami warning ends, and
    so does every warning of the publisher that it does not name.
    """
    official = _official(items)
    newest = official[-1]
    is_withdrawn = "withdrawn" in newest.values.flags
    if withdrawn:
        return is_withdrawn
    if is_withdrawn or not is_clear(newest):
        return False
    return not any(
        _stands_beside(item, newest) or still_warns(item, newest) for item in in_force(official)
    )


def last_word(items: Sequence[Item]) -> Item | None:
    """The item by which an incident is withdrawn or its warning lifted, where it is that."""
    kept = [item for item in items if not is_dismissed(item)]
    signals = [item for item in kept if item.role is Role.SIGNAL] or kept
    return _official(signals)[-1] if signals else None


def _official(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.tier in ("official", "un")] or list(items)


def _stands_beside(item: Item, clear: Item) -> bool:
    """True when `item` is of another hazard than the one that `clear` ends."""
    ours, ended = given_hazard(item), given_hazard(clear)
    return ours is not None and ended is not None and ours != ended

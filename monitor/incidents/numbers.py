"""The key numbers of an incident over time: who said what, when; differing ones side by side.

Nothing is averaged. Aftershocks are told apart from the earthquake. What one publisher says
replaces what it said before; a copy of another publisher's story says nothing of its own and
counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts import phrases
from alerts.figures import OF_THE_SHOCK, is_another_shock, overtaken
from monitor.incidents.copies import WIRE_COPY
from monitor.incidents.similarity import likeness
from storage.records import Figure, Item, Role

AFTERSHOCK = "aftershock"


@dataclass(frozen=True, slots=True)
class Given:
    """A publisher gave this number at `at`, in these words; `link` is where."""

    value: float
    publisher: str
    tier: str
    at: datetime
    words: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """One kind of number: what each independent publisher says now, and all that was said.

    `now` is newest first, `history` oldest first; of aftershocks `now` is the strongest.
    """

    kind: str
    now: tuple[Given, ...]
    history: tuple[Given, ...]

    @property
    def differ(self) -> bool:
        """Whether publishers contradict each other now; a smaller toll may only be an older one."""
        if not self.now:
            return False
        most = max(self.now, key=lambda each: (each.value, each.at))
        return any(
            each.value != most.value
            and not overtaken(self.kind, each.value, each.at, most.value, most.at)
            for each in self.now
        )


def numbers(
    versions: Sequence[tuple[Item, datetime]], event_at: datetime | None = None
) -> tuple[Number, ...]:
    """The numbers of an incident from all revisions of its items, each with when it was seen.

    People before measurements. Looks back (memorials) and communications give none. `event_at`
    is when the event was; a shock of another time is an aftershock.
    """
    said: dict[str, list[Given]] = {}
    stories: dict[str, str] = {}  # the first publisher of each headline
    aftershocks: dict[int, Given] = {}  # by item, as it says now
    for item, seen_at in versions:
        if item.role is not Role.SIGNAL or "retrospective" in item.reading.flags:
            continue
        if _is_copy(item, stories):
            continue
        stories.setdefault(item.values.title, item.publisher)
        aftershock = is_another_shock(item, event_at)
        for figure in _figures(item):
            told = Given(
                figure.value, item.publisher, item.tier, _at(item, seen_at), figure.words,
                item.values.link,
            )  # fmt: skip
            if aftershock and figure.kind in OF_THE_SHOCK:
                if figure.kind == "magnitude":
                    aftershocks[item.id] = told
                continue
            held = said.setdefault(figure.kind, [])
            last = next((each for each in reversed(held) if each.publisher == item.publisher), None)
            if last is None or last.value != told.value:
                held.append(told)
    if aftershocks:
        said[AFTERSHOCK] = list(aftershocks.values())
    order = [each.kind for each in phrases.by_weight(Figure(kind, 0) for kind in said)]
    return tuple(_number(kind, said[kind]) for kind in order)


def _number(kind: str, held: Sequence[Given]) -> Number:
    if kind == AFTERSHOCK:
        strongest = max(held, key=lambda each: each.value)
        return Number(kind, (strongest,), tuple(sorted(held, key=lambda each: each.at)))
    newest = {each.publisher: each for each in held}
    now = sorted(newest.values(), key=lambda each: (each.at, each.value), reverse=True)
    return Number(kind, tuple(now), tuple(sorted(held, key=lambda each: each.at)))


def _figures(item: Item) -> list[Figure]:
    found = {each.kind: each for each in item.reading.figures}
    hazard = item.values.hazard
    for kind, value in (
        ("magnitude", hazard.magnitude if hazard else None),
        ("depth_km", hazard.depth_km if hazard else None),
    ):
        if value is not None:
            found[kind] = Figure(kind, value)
    return list(found.values())


def _is_copy(item: Item, stories: dict[str, str]) -> bool:
    """Whether the headline is one that another publisher ran before."""
    return any(
        publisher != item.publisher and likeness(item.values.title, title) >= WIRE_COPY
        for title, publisher in stories.items()
    )


def _at(item: Item, seen_at: datetime) -> datetime:
    said = item.values.updated_at or item.values.published_at or seen_at
    return min(said, seen_at)

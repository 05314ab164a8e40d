"""Which of the things that officers wrote of our people in an incident holds."""

from __future__ import annotations

from collections.abc import Iterable

from storage.records import NationalsStatus

HARM = ("dead", "injured", "missing", "unreached", "held")
_BY_GRAVITY = (
    "unknown", "none_reported", "none_checked", "confirmed_safe", "reported", "confirmed",
)  # fmt: skip


def in_force(known: Iterable[NationalsStatus]) -> NationalsStatus | None:
    """The officers' word with the newest time it speaks of; of equal ones that written last."""
    written = [each for each in known if each.by != "machine"]
    return max(written, key=lambda each: (each.at, each.id), default=None)


def in_force_of_both(known: Iterable[NationalsStatus]) -> NationalsStatus | None:
    """As `in_force`, where two incidents become one: of equal times the graver word holds."""
    written = [each for each in known if each.by != "machine"]
    return max(
        written, key=lambda each: (each.at, _BY_GRAVITY.index(shown(each)), each.id), default=None
    )


def shown(of: NationalsStatus) -> str:
    """The status as the incident has it; people who were all found safe are told as that."""
    safe = of.status == "confirmed" and not any(of.counts.get(kind) for kind in HARM)
    return "confirmed_safe" if safe else of.status

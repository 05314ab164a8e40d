"""VTEC strings of the US National Weather Service: what a message does to its event.

The CAP msgType of these messages always reads Alert; only the VTEC action tells an update or
an end. Form: /k.aaa.cccc.pp.s.####.begin-end/ (NWS directive 10-1703).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_VTEC = re.compile(
    r"/([OTEX])\.([A-Z]{3})\.([A-Z]{4})\.([A-Z]{2})\.([A-Z])\.(\d{4})\."
    r"\d{6}T\d{4}Z-(\d{6}T\d{4}Z)/"
)
_ENDS = frozenset(("CAN", "EXP"))  # UPG is none: something worse stands in its place
_NO_END = "000000T0000Z"  # until further notice


@dataclass(frozen=True, slots=True)
class Vtec:
    """One VTEC string.

    `mode`: O operational, T test, E experimental, X experimental in an operational product.
    `ends` is None for an event that lasts until further notice.
    """

    mode: str
    action: str
    office: str
    phenomenon: str
    significance: str
    number: str
    ends: datetime | None = None

    @property
    def event(self) -> str:
        """What stays the same through the life of the event."""
        return f"{self.office}.{self.phenomenon}.{self.significance}.{self.number}"


def read_vtec(text: str) -> tuple[Vtec, ...]:
    """All VTEC strings in a text, in order."""
    return tuple(
        Vtec(mode, action, office, phenomenon, significance, number, _time(ends))
        for mode, action, office, phenomenon, significance, number, ends in _VTEC.findall(
            text[:4000]
        )
    )


def _time(text: str) -> datetime | None:
    if text == _NO_END:
        return None
    try:
        return datetime.strptime(text, "%y%m%dT%H%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def message_type(codes: Sequence[Vtec], declared: str) -> str:
    """alert, update or cancel: what the codes say, or `declared` when there are none."""
    if not codes:
        return declared
    actions = {code.action for code in codes}
    if actions <= _ENDS:
        return "cancel"
    return "alert" if "NEW" in actions else "update"

"""The clock at the place of an event, where the country alone settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(countries: Sequence[str], at: datetime) -> tzinfo | None:
    """The time zone of an event in `countries` at `at`; None where it is not certain.

    Certain means that one country is concerned and all its zones show the same time then: a
    wrong local time in a mail is worse than none. Source: `zone.tab` of the IANA database.
    """
    if len(countries) != 1:
        return None
    zones = [zone for name in _zones().get(countries[0], ()) if (zone := _zone(name)) is not None]
    offsets = {at.astimezone(zone).utcoffset() for zone in zones}
    return zones[0] if len(offsets) == 1 else None


@cache
def _zones() -> Mapping[str, tuple[str, ...]]:
    try:
        table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab")
        lines = table.read_text(encoding="utf-8").splitlines()
    except (ModuleNotFoundError, OSError):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        code, _, rest = line.partition("\t")
        if not line.startswith("#") and rest:
            found[code] = (*found.get(code, ()), rest.split("\t")[1])
    return found


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None

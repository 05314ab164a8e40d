"""All pictures of a digest in one language; what cannot be drawn is left out, never the digest."""

from __future__ import annotations

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from alerts import charts
from alerts.digest import marks
from alerts.digest.content import DigestContent
from alerts.digest.voice import Limits, Voice
from alerts.errors import PictureError
from alerts.pictures import Picture
from alerts.policy import Policy

log = logging.getLogger(__name__)


def pictures(content: DigestContent, language: str, policy: Policy) -> dict[str, Picture]:
    """The pictures by name: week, hours, map. Nothing is drawn where there is nothing to see."""
    voice = Voice(content, language, policy, ZoneInfo(policy.timezone), "", Limits())
    wanted: dict[str, Callable[[], Picture | None]] = {
        "map": lambda: marks.draw(voice),
        "week": lambda: (
            charts.week_columns(content.days, language)
            if any(sum(each.counts.values()) for each in content.days)
            else None
        ),
        "hours": lambda: charts.by_hour(content.hours, language) if any(content.hours) else None,
    }
    found = {}
    for name, draw in wanted.items():
        try:
            made = draw()
        except PictureError as error:
            log.warning("the digest goes out without a picture", extra={"fault": str(error)})
            continue
        if made is not None:
            found[name] = made
    return found

"""An entry as the JSON object that `monitor parse` prints: a stable contract for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from monitor.parse.capmodel import SIGNATURE_FLAGS, SIGNATURE_WHY
from monitor.parse.entry import Entry


def as_json(entry: Entry) -> dict[str, Any]:
    """The entry as JSON-able values; times are RFC 3339 in UTC with Z, or None."""
    values = entry.values
    native = next((key.value for key in entry.keys if key.kind == "id"), None)
    return {
        "id": (native or "").partition("\x1f")[0] or (entry.keys[0].value if entry.keys else None),
        "title": values.title,
        "summary": values.summary,
        "link": values.link,
        "published": time_text(values.published_at),
        "updated": time_text(values.updated_at),
        "language": values.language,
        "authors": list(values.authors),
        "source_categories": list(values.source_categories),
        "places": [asdict(place) for place in values.places],
        "hazard": _timed(asdict(values.hazard)) if values.hazard else None,
        "status": values.status,
        "message_type": values.message_type,
        "message_id": values.message_id,
        "references": list(values.references),
        "effective": time_text(values.effective_at),
        "expires": time_text(values.expires_at),
        "signature": signature_of(values.flags),
        "signature_why": signature_why(values.flags),
        "advice": asdict(values.advice) if values.advice else None,
        "flags": list(values.flags),
        "keys": [{"kind": key.kind, "value": key.value} for key in entry.keys],
        "events": [{"kind": key.kind, "value": key.value} for key in entry.events],
    }


def signature_of(flags: Sequence[str]) -> str | None:
    """How a CAP alert's signature stands: unsigned, signed, verified or bad; None for others."""
    return next((state for state, flag in SIGNATURE_FLAGS.items() if flag in flags), None)


def signature_why(flags: Sequence[str]) -> str | None:
    """Why a CAP alert's signature does not hold, as a code; None where it does or there is none."""
    return next(
        (flag.removeprefix(SIGNATURE_WHY) for flag in flags if flag.startswith(SIGNATURE_WHY)), None
    )


def time_text(at: datetime | None) -> str | None:
    """RFC 3339 in UTC to the second, `2026-03-28T06:20:00Z`; None stays None."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _timed(found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: time_text(value) if isinstance(value, datetime) else value
        for name, value in found.items()
    }

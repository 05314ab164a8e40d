"""Fuzz target: every format in JSON, from JSON Feed and GeoJSON to the lists of ministries."""

from __future__ import annotations

from tests.fuzz import seeds
from tests.fuzz.invariants import check


def beginnings() -> tuple[bytes, ...]:
    """Documents to begin with."""
    return seeds.JSONS + seeds.real(".json", ".geojson")


def run(body: bytes) -> None:
    """Read one document; raises Broken."""
    check(body)

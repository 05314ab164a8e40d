"""Fuzz target: CAP alone and in envelopes, JMA telegrams, Thai and Japanese lists in XML."""

from __future__ import annotations

from tests.fuzz import seeds
from tests.fuzz.invariants import check


def beginnings() -> tuple[bytes, ...]:
    """Documents to begin with."""
    return seeds.ALERTS + seeds.real(".cap.xml", ".vxse53.xml", ".vtse41.xml", ".vfvo50.xml")


def run(body: bytes) -> None:
    """Read one document; raises Broken."""
    check(body)

"""Fuzz target: RSS, RDF, Atom and the extensions and travel advice that they carry."""

from __future__ import annotations

from tests.fuzz import seeds
from tests.fuzz.invariants import check

OPENING = b"<rss version='2.0'><channel>"


def beginnings() -> tuple[bytes, ...]:
    """Documents to begin with."""
    return seeds.FEEDS + seeds.PAGES + seeds.real(".rss.xml", ".atom.xml")


def run(body: bytes) -> None:
    """Read one document, also as the inside of a channel; raises Broken."""
    check(body)
    if body[:5] == b"<item":
        check(OPENING + body + b"</channel></rss>")

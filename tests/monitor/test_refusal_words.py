"""Every sentence that the program may have to say stands in the catalogue, where it looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts import words

ROOT = Path(__file__).parents[2]
CALLS = {
    r"\b(?:said|Wrong)": "fault",
    r"\bNotChanged": "tuning.refused",
    r"\bNoDate": "typed",
}


@pytest.mark.parametrize("call", CALLS)
def test_every_key_of_a_fault_or_refusal_has_its_words(call: str) -> None:
    known, used = words.current(), set()
    for path in sorted((ROOT / "monitor").rglob("*.py")):
        used |= set(re.findall(call + r'\(\s*"([\w.]+)"', path.read_text(encoding="utf-8")))
    assert used
    assert [key for key in sorted(used) if not known.has(f"{CALLS[call]}.{key}")] == []

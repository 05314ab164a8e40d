"""Every word that the pages say is in the catalogue, and every one of ours is said."""

from __future__ import annotations

import re
from pathlib import Path

from alerts import words

DESK = Path(__file__).resolve().parents[3] / "monitor" / "desk"
SAID = re.compile(r"""\.?say\(\s*"([a-z_]+(?:\.\w+)+)\"""")


def said() -> set[str]:
    """The keys that templates and code name."""
    sources = [*DESK.rglob("*.py"), *DESK.rglob("*.html")]
    return {key for path in sources for key in SAID.findall(path.read_text(encoding="utf-8"))}


def test_every_key_that_a_page_says_is_in_the_catalogue() -> None:
    keys = said()
    assert len(keys) > 80
    assert [key for key in sorted(keys) if not words.current().has(key)] == []


def test_no_word_of_the_desk_is_left_unsaid() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in DESK.rglob("*.py"))
    ours = {f"desk.{name}" for name in words.current().section("desk")} - {"desk.decision"}
    unsaid = {key for key in ours - said() if f'"{key}"' not in sources}
    assert unsaid == set()

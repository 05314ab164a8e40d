"""The quick reader says what the careful one says, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from monitor.config import yamlfile
from monitor.config.quickyaml import read_quickly
from monitor.config.yamlfile import line_of, parse_yaml, plain
from monitor.errors import ConfigError

ROOT = Path(__file__).parents[3]
WRITTEN = {
    "words that other YAML reads as truth": "a: yes\nb: No\nc: on\nd: y\ne: true\nf: FALSE\ng: ~\n",
    "figures": "a: 1\nb: -2.5\nc: 1e3\nd: 0x1F\ne: 0o17\nf: 017\ng: 1_000\nh: .5\ni: 12:30:45\n",
    "no figures": "a: 15m\nb: 5 km\nc: 1.2.3\nd: -x\ne: '12'\nf: \"true\"\ng: +66 2\nh: .inf\n",
    "days and times": "a: 2026-12-01\nb: 2026-12-01T08:00:00+07:00\nc: 2026-12-01 08:00:00\n",
    "empty values": "a:\nb: ''\nc: []\nd: {}\ne: null\n",
    "blocks": "a: |\n  one\n  two\nb: >-\n  one\n  two\n\n  three\nc: one\n  more\n",
    "brackets": "a: [b, c: d, {e: f}]\ng: {h, i: [j]}\n",
    "lists": "a:\n- b\n-\n  c: d\n- - e\n  - f\n",
    "remarks": "# one\na: b # two\n# three\nc: 'd # e'\n",
    "thai": 'ชื่อ: กระทรวงตัวอย่าง 😀\n"b": "\\u0E01"\n',
    "windows": "a: b\r\nc:\r\n  - d\r\n",
    "keys that are no texts": "1: a\n2: b\n",
    "an anchor": "a: &b c\n",
    "signs in quotation marks": "a: '='\nb: '<<'\n",
    "a colon inside": "a: http://b.example/c:d?e=f#g\n",
    "one line": "a: b",
}
REFUSED = (
    "a: b\na: c\n", "a: [b\n", "a: *b\n", "a: !!python/object:x {}\n", "a: b: c\n", "- a\n", "a\n",
    "", "# nothing\n", "a: 'b\n", "a: 2026-13-45\n", "? [a]\n: b\n", "<<: {a: b}\n",
    "a: b\n---\nc: d\n", "a: =\n", "a:\tb\nc: d\te\n", "a: !!str\n", "a: -\n",
    "a: " + "[" * 200, "a: \x07\n", "%YAML 1.1\n---\na: yes\n",
)  # fmt: skip


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    pairs = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value) if isinstance(value, list) else pairs:
        yield from places(each, (*at, key))


def same(text: str) -> bool:
    """True if the quick reader had the word; fails where the two disagree."""
    quick = read_quickly(text)
    if quick is None:
        return False
    careful = yamlfile._parsed(text, Path("the file"))
    assert plain(quick) == plain(careful)
    assert repr(plain(quick)) == repr(plain(careful)), "types too"
    for place in places(plain(careful)):
        assert line_of(quick, place) == line_of(careful, place), place
    return True


@pytest.mark.parametrize("name", ["feeds.yaml", "alerts.yaml", "missions.yaml", "holidays.yaml"])
def test_the_shipped_files_are_read_quickly_and_alike(name: str) -> None:
    assert same((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_both_readers_give_the_same_values_and_lines(text: str) -> None:
    same(text)
    assert parse_yaml(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_careful_reader_refuses_is_left_to_it(text: str) -> None:
    quick = read_quickly(text)
    try:
        careful = yamlfile._parsed(text, Path("the file"))
    except ConfigError:
        assert quick is None
    else:
        assert quick is None or plain(quick) == plain(careful)


def test_a_list_in_brackets_without_end_costs_no_stack() -> None:
    assert read_quickly("a: " + "[" * 5000 + "]" * 5000) is None


LETTERS = some.text(alphabet="ab1-.:#'\"[]{},|>&*!%@ \t\nกyn?~=<", max_size=30)


@settings(max_examples=300, deadline=None)
@given(LETTERS)
def test_any_text_is_read_alike_or_left_to_the_careful_reader(text: str) -> None:
    test_what_the_careful_reader_refuses_is_left_to_it("a:\n  - b: " + text)

"""Edits by program: what they do not concern stays letter for letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.feedlist import read_feedlist
from monitor.errors import ConfigError
from monitor.tuning.editing import Add, Change, Edit, Remove, edited, entries_of

ROOT = Path(__file__).parents[3]
TEXT = """\
# the officers' list
defaults: {every: 15m}
feeds:
  # group one
  - name: A   # ours
    url: "https://a.example/rss"
    kind: news
    coverage: [world]  # wide
    note: |
      long
      text

  # next
  - {name: B, url: https://b.example/rss, kind: news, tags: [x]}
  -
    name: C
    url: https://c.example/rss
    kind: news
    note: plain
      and more
    tags:
    - x
    - y

# the end
"""


def _lines(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("edit", "gone", "come"),
    [
        (Change("A", {"enabled": False}), [], ["    enabled: false"]),
        (
            Change("A", {"url": "https://new.example/?a=1&b=2"}),
            ['    url: "https://a.example/rss"'],
            ["    url: https://new.example/?a=1&b=2"],
        ),
        (
            Change("A", {"coverage": ["MM", "TH"]}),
            ["    coverage: [world]  # wide"],
            ["    coverage: [MM, TH]  # wide"],
        ),
        (Change("A", {"note": "short"}), ["    note: |", "      long", "      text"],
         ["    note: short"]),
        (Change("A", {"coverage": None}), ["    coverage: [world]  # wide"], []),
        (Change("A", {"name": "Ä: 1"}), ["  - name: A   # ours"], ['  - name: "Ä: 1"   # ours']),
        (
            Change("B", {"enabled": False, "tags": None}),
            ["  - {name: B, url: https://b.example/rss, kind: news, tags: [x]}"],
            ["  - {name: B, url: https://b.example/rss, kind: news, enabled: false}"],
        ),
        (
            Change("C", {"tags": ["z"]}),
            ["    tags:", "    - x", "    - y"],
            ["    tags: [z]"],
        ),
        (Change("C", {"note": None, "every": "5m"}), ["    note: plain", "      and more"],
         ["    every: 5m"]),
        (Remove("A"), [*TEXT.splitlines()[4:6], *TEXT.splitlines()[7:11]], []),
        (Remove("B"), [TEXT.splitlines()[13]], []),
        (
            Add({"name": "D", "kind": "news", "url": "https://d.example/"}, behind="B"),
            [],
            ["  - name: D", "    url: https://d.example/"],
        ),
        (
            Add({"name": "yes", "kind": "news", "url": "https://d.example/", "note": "#1: no"}),
            [],
            ['  - name: "yes"', "    url: https://d.example/", '    note: "#1: no"'],
        ),
    ],
)  # fmt: skip
def test_an_edit_changes_the_lines_it_is_about_and_no_other(
    edit: Edit, gone: list[str], come: list[str]
) -> None:
    lost, found = _lines(TEXT, edited(TEXT, [edit]))
    kept = [line for line in gone if line.strip()]
    assert [line for line in lost if line.strip()] == kept
    assert found == come


def test_several_edits_are_made_at_once() -> None:
    after = edited(
        TEXT,
        [Change("A", {"every": "5m"}), Remove("C"), Add({"name": "D", "url": "u", "kind": "news"})],
    )
    assert [each["name"] for each in entries_of(after)] == ["A", "B", "D"]
    assert after.endswith("\n# the end\n")


def test_line_ends_of_windows_stay() -> None:
    after = edited(TEXT.replace("\n", "\r\n"), [Change("A", {"enabled": False}), Remove("C")])
    assert "\n" not in after.replace("\r\n", "")


def test_a_list_in_brackets_and_an_empty_list_are_edited_too() -> None:
    flow = "feeds: [{name: A, url: a, kind: news}, {name: B, url: b, kind: news}]\n"
    assert edited(flow, [Remove("A")]) == "feeds: [{name: B, url: b, kind: news}]\n"
    assert edited(flow, [Remove("B")]) == "feeds: [{name: A, url: a, kind: news}]\n"
    new = Add({"name": "C", "url": "c", "kind": "news"})
    assert edited(flow, [new]).endswith(", {name: C, url: c, kind: news}]\n")
    assert edited("feeds: []\n", [new]) == "feeds: \n  - name: C\n    url: c\n    kind: news\n"


def test_an_entry_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigError, match="no feed is named 'Z'"):
        edited(TEXT, [Remove("Z")])


def test_the_shipped_list_survives_an_edit_of_every_entry(tmp_path: Path) -> None:
    text = (ROOT / "feeds.yaml").read_text(encoding="utf-8")
    names = [each["name"] for each in entries_of(text)]
    off = edited(text, [Change(name, {"encoding": "trial: #1"}) for name in names])
    assert edited(off, [Change(name, {"encoding": None}) for name in names]) == text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30).filter(lambda text: text.isprintable()), st.sampled_from("ABC"))
def test_whatever_is_written_reads_back_as_it_was_given(value: str, name: str) -> None:
    after = edited(TEXT, [Change(name, {"note": value})])
    assert next(each for each in entries_of(after) if each["name"] == name)["note"] == value


def test_the_edited_list_is_a_feed_list(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    new = {"name": "D", "url": "https://d.example/", "kind": "hazard", "country": "NO"}
    path.write_text(edited(TEXT, [Add(new)]), encoding="utf-8")
    assert read_feedlist(path).named("D").country == "NO"

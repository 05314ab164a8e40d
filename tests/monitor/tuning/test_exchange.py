"""OPML and CSV: out and in again without loss; what cannot be taken is told by its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import MonitorError
from monitor.tuning.editing import entries_of
from monitor.tuning.exchange import read_file, to_csv, to_opml, tried

ROOT = Path(__file__).parents[3]
HERE = entries_of((ROOT / "feeds.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("out", [to_opml, to_csv])
def test_the_shipped_list_goes_out_and_comes_back_whole(out: object) -> None:
    assert callable(out)
    entries, bad = read_file(out(HERE).encode(), "list")
    assert bad == []
    back = {str(each.values["name"]): dict(each.values) for each in entries}
    assert back == {str(each["name"]): each for each in HERE}
    trial = tried(entries, bad, HERE, kind="news")
    assert (trial.new, trial.changed, trial.same) == ((), (), len(HERE))


_words = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20)


@settings(max_examples=80, deadline=None)
@given(note=_words, tag=_words.filter(lambda text: text.strip() == text != ""), on=st.booleans())
def test_any_text_survives_the_round(note: str, tag: str, on: bool) -> None:
    entry = {
        "name": "A", "url": "https://a.example/?q=<&\"'", "kind": "news", "enabled": on,
        "headers": {"X-Key": "env:KEY"}, "tags": [tag, "b,c"], "note": note.strip() or "x",
    }  # fmt: skip
    for out in (to_opml, to_csv):
        (one,), bad = read_file(out([entry]).encode(), "list")
        assert not bad
        assert dict(one.values) == entry


def test_a_list_of_another_reader_is_taken() -> None:
    opml = b"""<?xml version="1.0"?>
<opml version="1.0"><body>
 <outline text="Health">
  <outline text="WHO &amp; friends" xmlUrl="https://who.example/rss" htmlUrl="https://who.example"/>
  <outline text="again" xmlUrl="https://who.example/rss"/>
  <outline text="no address"/>
  <outline text="mail" xmlUrl="mailto:a@b.example"/>
 </outline>
 <outline title="Paper" xmlUrl="https://paper.example/rss" language="th"/>
</body></opml>"""
    entries, bad = read_file(opml, "x.opml")
    trial = tried(entries, bad, [], kind="news")
    assert [each.values for each in trial.new] == [
        {"name": "WHO & friends", "url": "https://who.example/rss", "kind": "health"},
        {"name": "Paper", "url": "https://paper.example/rss", "kind": "news", "language": "th"},
    ]
    assert [(each.line, each.why.split(":")[0]) for each in trial.bad] == [
        (5, "the address stands in line 4 already"),
        (7, "'mailto"),
    ]


def test_bad_lines_of_a_table_are_told_by_number_and_the_others_taken() -> None:
    text = (
        "name;url;kind;every;priority\r\n"
        "A;https://a.example/;news;5m;\r\n"
        "B;ftp://b.example/;news;;\r\n"
        "C;https://c.example/;weather;;\r\n"
        "D;https://d.example/;news;soon;\r\n"
        "E;https://e.example/;news;;perhaps\r\n"
        ";https://f.example/;news;;yes;more\r\n"
        "\r\n"
        "G;https://g.example/;news;;yes\r\n"
    )
    entries, bad = read_file(b"\xef\xbb\xbf" + text.encode(), "x.csv")
    assert [each.values["name"] for each in entries] == ["A", "G"]
    assert [each.line for each in bad] == [3, 4, 5, 6, 7]
    assert all(each.why for each in bad)


def test_a_known_address_is_a_change_and_a_taken_name_gets_a_number() -> None:
    here = [{"name": "A", "url": "https://a.example/", "kind": "news"}]
    csv = "name,url,kind,every\nA new,https://a.example/,news,5m\nB,https://b.example/,news,\n"
    csv += "B!,https://c.example/,news,\n"
    entries, bad = read_file(csv.encode(), "x.csv")
    trial = tried(entries, bad, here, kind="news")
    assert [(name, differs) for name, _, differs in trial.changed] == [
        ("A", {"name": "A new", "every": "5m"})
    ]
    assert [each.values["name"] for each in trial.new] == ["B", "B! 2"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"<opml>" + b" " * (10 * 2**20), "more than 4 MiB"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml/>', "entities"),
        (b"<opml><body>", "not readable as OPML"),
        (b"<rss/>", "no OPML"),
        (b"<opml/>", "holds no feed"),
        (b"a\0b", "NUL"),
        (b"url\n\xff", "not UTF-8"),
        (b"hello", "'url' among them"),
        (b"url,evry\nx,5m", "unknown column 'evry'"),
        (b'url\n"open', "not readable as CSV"),
        (b"", "'url' among them"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(raw: bytes, told: str) -> None:
    with pytest.raises(MonitorError, match=told):
        read_file(raw, "x")


def test_no_cell_is_a_formula_of_a_spreadsheet() -> None:
    table = to_csv([{"name": "=1+1", "url": "https://a.example/", "kind": "news"}])
    assert "'=1+1" in table
    ((one,), _) = read_file(table.encode(), "x.csv")
    assert one.values["name"] == "=1+1"

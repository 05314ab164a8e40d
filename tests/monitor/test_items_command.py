"""`monitor items` and the models' commands, as an officer types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli import main
from storage.database import Database
from storage.records import Reading, Tag
from tests.office import ROOT
from tests.storage import make

UNSURE = Reading(tags=(Tag("natural", 0.41, ("flood",), sure=False),), countries=("LA",))
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Typed:
    """Runs a command on a database with one item that waits for a look."""
    shutil.copyfile(ROOT / "alerts.yaml", tmp_path / "alerts.yaml")
    now = datetime.now(UTC)
    database = Database(sqlite_url)
    with database.write() as conn:
        make.item_id(conn, make.feed_id(conn, now), now, reading=UNSURE)
    database.close()
    (tmp_path / "feeds.yaml").write_text(
        'feeds:\n  - {name: GDACS, url: "https://gdacs.example/rss.xml", kind: hazard}\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_what_waits_is_listed_until_it_is_corrected(typed: Typed) -> None:
    code, out, _ = typed("items", "review")
    assert code == 0
    assert "natural 41%" in out
    assert "1 items wait" in out
    code, out, _ = typed(
        "items", "correct", "1", "--categories", "natural", "--hazard", "flood", "--by", "desk",
        "--note", "river gauge",
    )  # fmt: skip
    assert code == 0
    assert "natural? · LA → natural · FL · LA, by desk" in out
    assert "it is now part of 20" in out
    assert "0 items wait" in typed("items", "review")[1]
    assert "river gauge" in typed("items", "show", "1")[1]
    (made,) = json.loads(typed("items", "review", "--corrected", "--json")[1])
    assert (made["by"], made["corrected"]) == ("desk", ["categories", "hazard"])
    assert "1 corrections" in typed("items", "review", "--corrected")[1]


def test_no_crisis_is_said_by_none_and_everything_has_json(typed: Typed) -> None:
    said = json.loads(typed("items", "correct", "1", "--categories", "none", "--json")[1])
    assert said["after"] == {"countries": ["LA"]}
    assert (said["incident"], said["level"]) == (None, None)
    shown = json.loads(typed("items", "show", "1", "--json")[1])
    assert shown["corrected"] == ["categories", "hazard"]
    assert len(shown["corrections"]) == 1
    assert json.loads(typed("items", "review", "--json")[1]) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("correct", "1"), "--categories"),
        (("correct", "1", "--categories", "nature"), "natural, health, human_made"),
        (("correct", "1", "--categories", ","), "write none"),
        (("correct", "1", "--categories", "none,health"), "none stands alone"),
        (("correct", "1", "--hazard", "dragon"), "EQ, FL or bombing"),
        (("correct", "1", "--countries", "Laos"), "two-letter codes"),
        (("correct", "77", "--categories", "none"), "no item with the id 77"),
        (("show", "77"), "no item with the id 77"),
        (("review", "--days", "0"), "--days"),
        (("correct", "one"), "must be a whole number"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    typed: Typed, words: tuple[str, ...], told: str
) -> None:
    code, out, err = typed("items", *words)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1


def test_the_models_commands_tell_what_there_is_and_refuse_what_is_not(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_MODEL_DIR", str(tmp_path / "none"))
    assert typed("model", "list", "--json")[1] == "[]\n"
    for words in (("use", "abc"), ("rollback",), ("card",), ("info",)):
        code, _, err = typed("model", *words)
        assert code == 2
        assert err.count("\n") == 1


def test_the_way_back_is_refused_where_there_is_none(
    typed: Typed, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_MODEL_DIR", str(model_dir))
    (version,) = json.loads(typed("model", "list", "--json")[1])
    assert version["state"] == "in_force"
    assert "in force" in typed("model", "list")[1]
    code, _, err = typed("model", "rollback")
    assert code == 2
    assert "was in force before" in err
    assert "## Known limits" in typed("model", "card")[1]


def test_a_scorecard_is_printed_and_drawn(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "id\tlang\ttext\tlabels\tsource\tslice\n"
    rows = head + "1\ten\tFlood kills 9 in Lao town\tnatural\ts\tnews\n"
    (tmp_path / "rows.tsv").write_text(rows, encoding="utf-8")
    code, out, _ = typed(
        "model", "evaluate", "rows.tsv", "--keywords", "--json", "--picture", "card.svg"
    )
    assert code == 0
    assert json.loads(out)["confusion"]["natural"]["right"] == 1
    assert (tmp_path / "card.svg").read_text("utf-8").startswith("<svg")
    code, _, err = typed("model", "evaluate", "rows.tsv", "--keywords", "--picture", "card.png")
    assert code == 2
    assert ".svg" in err


def test_signs_that_steer_a_terminal_are_taken_out_of_what_officers_write(typed: Typed) -> None:
    note, by = "seen \x1b[31mred\x1b[0m\nline 2 \u202egnp", "night\ndesk\u202e"
    assert (
        typed("items", "correct", "1", "--categories", "none", "--note", note, "--by", by)[0] == 0
    )
    _, shown, _ = typed("items", "show", "1")
    assert "night desk" in shown
    assert not {"\x1b", "\u202e"} & set(shown)

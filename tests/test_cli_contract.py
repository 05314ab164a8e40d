"""The command line is a contract: help everywhere, exit codes, one sentence, JSON that parses."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import COMMANDS, build_parser, main
from storage import schema
from storage.database import Database
from tests.documents import Quake, Story, cap, news, quakes
from tests.feedserver import FeedServer, feedserver
from tests.office import ROOT, Done, Office

A_FEED = '{name: A, url: "https://a.example/feed", kind: hazard'
GROUPS = {  # commands that are groups, with their members
    "feeds": (
        "list",
        "check",
        "preview",
        "alternates",
        "stats",
        "coverage",
        "add",
        "edit",
        "enable",
        "disable",
        "remove",
        "history",
        "undo",
        "import",
        "export",
    ),
    "rules": ("check", "test", "backtest", "shadow"),
    "silence": ("add", "list", "end"),
    "mode": ("show", "drill", "maintenance", "normal"),
    "incidents": ("list", "show"),
    "model": ("train", "evaluate", "info"),
    "db": ("upgrade", "check", "backup", "restore"),
}
EVERY = [
    (command, *member)
    for command in (name.replace("_", "-") for name in COMMANDS)
    for member in [(), *((each,) for each in GROUPS.get(command, ()))]
]

# What `monitor run` and every other command refuse in the same words: id, file, part of the text.
BAD_LISTS = [
    ("no feeds key", "defaults: {}", "'feeds:'"),
    ("empty", "", "empty"),
    ("a tab", "feeds:\n\t- name: A\n", "a tab"),
    ("an open bracket", "feeds: [", "a brace or bracket that opens"),
    ("a NUL byte", "feeds: []\0", "NUL"),
    (
        "an address of another kind",
        'feeds:\n  - {name: A, url: "ftp://a.example", kind: news}',
        "ftp",
    ),
    ("an unknown kind", f"feeds:\n  - {A_FEED.replace('hazard', 'hazrd')}}}", "hazrd"),
    ("an unknown key", f"feeds:\n  - {A_FEED}, evry: 5m}}", "evry"),
    ("a wrong interval", f"feeds:\n  - {A_FEED}, every: soon}}", "every"),
    ("a wrong zone", f"feeds:\n  - {A_FEED}, timezone: Mars/Base}}", "Mars/Base"),
    ("two of one name", f"feeds:\n  - {A_FEED}}}\n  - {A_FEED}}}", "taken by the feed in line 2"),
    ("a key twice", f"feeds:\n  - {A_FEED}, name: B}}", "twice"),
    ("an alias", "a: &a [x]\nfeeds: *a", "alias"),
    (
        "a header that is not set",
        f'feeds:\n  - {A_FEED}, headers: {{X: "env:NOT_SET"}}}}',
        "NOT_SET",
    ),
    ("a page without a selector", f"feeds:\n  - {A_FEED}, format: page}}", "selector"),
]

# arguments, standard input, part of the sentence
WRONG = [
    ((), "", "COMMAND"),
    (("nonsense",), "", "nonsense"),
    (("run", "--json"), "", "--once"),
    (("run", "--twice"), "", "--twice"),
    (("poll", "Nobody"), "", "Nobody"),
    (("poll", "--all", "Nobody"), "", "not both"),
    (("check",), "", "URL"),
    (("check", "ftp://a.example/"), "", "no web address"),
    (("check", "http://a.example/", "--polls", "0"), "", "--polls"),
    (("check", "http://a.example/", "--polls", "x"), "", "--polls"),
    (("check", "http://a.example/", "--kind", "x"), "", "--kind"),
    (("check", "http://a.example/", "--timezone", "Mars/Base"), "", "Mars/Base"),
    (("parse", "nothing.xml"), "", "nothing.xml"),
    (("parse", "."), "", "cannot read"),
    (("parse",), "", "empty"),
    (("parse",), "hello", "not a feed"),
    (("parse",), "<html><body>hello</body></html>", "not a feed"),
    (("parse", "--timezone", "Mars/Base"), "<rss/>", "Mars/Base"),
    (("parse", "--certificate", "nothing.pem"), "<rss/>", "nothing.pem"),
    (("parse", "--certificate", "alerts.yaml"), "<rss/>", "no readable certificate"),
    (("classify", "nothing.txt", "--keywords"), "", "nothing.txt"),
    (("classify", "--jsonl", "--keywords"), '{"title": "a"}\nb', "line 2"),
    (("classify", "--jsonl", "--keywords"), "[1]", "line 1"),
    (("feeds",), "", "WHAT"),
    (("feeds", "check", "Nobody"), "", "Nobody"),
    (("feeds", "preview", "ftp://a.example/"), "", "no web address"),
    (("feeds", "add", "https://a.example/", "--unseen"), "", "--name"),
    (("feeds", "edit", "Nobody", "--every", "5m"), "", "Nobody"),
    (("feeds", "edit", "Nobody"), "", "say what to change"),
    (("feeds", "disable", "Nobody"), "", "--reason"),
    (("feeds", "disable", "Nobody", "--reason", "x", "--until", "soon"), "", "--until"),
    (("feeds", "enable", "Nobody"), "", "Nobody"),
    (("feeds", "remove", "Nobody"), "", "Nobody"),
    (("feeds", "undo", "99"), "", "99"),
    (("feeds", "history", "99"), "", "99"),
    (("feeds", "import", "nothing.opml"), "", "nothing.opml"),
    (("feeds", "import", "-"), "hello", "'url' among them"),
    (("feeds", "export"), "", "--opml"),
    (("feeds", "stats", "--days", "0"), "", "--days"),
    (("feeds", "stats", "Nobody"), "", "Nobody"),
    (("feeds", "coverage", "--svg", "no/such/folder/x.svg"), "", "cannot write"),
    (("feeds", "alternates", "Nobody"), "", "Nobody"),
    (("incidents", "list", "--level", "HIGH"), "", "--level"),
    (("incidents", "show", "2026-9999"), "", "2026-9999"),
    (("incidents", "show", "banana"), "", "banana"),
    (("ack", "2026-9999"), "", "2026-9999"),
    (("ack", "²-9"), "", "²-9"),
    (("digest", "--date", "yesterday"), "", "yesterday"),
    (("digest", "--digest", "yearly"), "", "no digest"),
    (("digest", "compare"), "", "--with"),
    (("digest", "test"), "", "--to"),
    (("model", "evaluate", "nothing.tsv"), "", "nothing.tsv"),
    (("test-alert", "--team", "nobody"), "", "nobody"),
    (("db", "backup"), "", "FILE"),
    (("db", "backup", "no/such/folder/copy.db"), "", "backup"),
    (("db", "restore", "nothing.db"), "", "nothing.db"),
    (("db", "restore", "alerts.yaml"), "", "no SQLite database"),
]

# one setting, command, part of the sentence
WRONG_SETTINGS = [
    ("MONITOR_FEED", "feeds.yaml", "MONITOR_FEED is no setting"),
    ("MONITOR_FEEDS", "nothing.yaml", "does not exist"),
    ("MONITOR_FEEDS", ".", "cannot be read"),
    ("MONITOR_ALERTS", "nothing.yaml", "does not exist"),
    ("MONITOR_WORDS", "nothing.toml", "nothing.toml"),
    ("MONITOR_LISTEN", "everywhere", "MONITOR_LISTEN"),
    ("MONITOR_DATABASE_URL", "mysql://a.example/b", "MONITOR_DATABASE_URL"),
    ("MONITOR_DATABASE_URL", "sqlite:///alerts.yaml", "no SQLite database"),
    ("MONITOR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "failed"),
    ("MONITOR_SMTP_URL", "http://mail.example", "MONITOR_SMTP_URL"),
    ("MONITOR_SMTP_URL", "smtp://mail.example?tls=perhaps", "tls=required"),
    ("MONITOR_MAIL_FROM", "nobody", "MONITOR_MAIL_FROM"),
    ("MONITOR_ALLOW_HOSTS", "10.0.0.0/99", "ALLOW_HOSTS"),
    ("MONITOR_LOG_FORMAT", "xml", "MONITOR_LOG_FORMAT"),
    ("MONITOR_SECRET_KEY_FILE", "nothing", "MONITOR_SECRET_KEY_FILE"),
    ("MONITOR_VAR", "feeds.yaml/under", "MONITOR_VAR"),
    ("MONITOR_BASE_URL", "desk.example", "MONITOR_BASE_URL"),
]


@dataclass(slots=True)
class Terminal:
    """Runs commands in this process, which is quicker; they end as they would in their own."""

    office: Office
    patch: pytest.MonkeyPatch
    said: pytest.CaptureFixture[str]

    def refusal(self, *arguments: str, stdin: str = "", **environ: str) -> str:
        """The sentence with which a command refuses."""
        for name in os.environ:
            if name.startswith("MONITOR_"):
                self.patch.delenv(name)
        for name, value in self.office.env(**environ).items():
            self.patch.setenv(name, value)
        self.patch.chdir(self.office.folder)
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        self.said.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        return Done(code, *self.said.readouterr()).refusal()


@pytest.fixture
def terminal(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """A terminal in the office."""
    return Terminal(office, monkeypatch, capsys)


@pytest.fixture
def settled(office: Office) -> Office:
    """An office whose database is there and empty."""
    office.database.parent.mkdir()
    database = Database(f"sqlite:///{office.database}")
    schema.upgrade(database)
    database.close()
    return office


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, model_dir: Path
) -> Iterator[tuple[Office, FeedServer]]:
    """An office that has seen one strong earthquake and one dull story, and its feeds."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    with feedserver() as server:
        office = Office(tmp_path_factory.mktemp("seen"), model_dir)
        shutil.copyfile(ROOT / "alerts.yaml", office.folder / "alerts.yaml")
        office.environ["MONITOR_ALLOW_HOSTS"] = server.host
        quake, story = Quake("q1", 7.4, now), Story("n1", "Parliament debates the budget", now)
        office.list_feeds(
            {"name": "Quakes", "url": server.put("q.geojson", quakes([quake]))},
            {"name": "Wire", "kind": "news", "url": server.put("n.xml", news([story]))},
        )
        office.monitor("run", "--once").ok()
        yield office, server


@pytest.fixture
def busy(seen: tuple[Office, FeedServer], tmp_path: Path) -> Office:
    """A copy of that office."""
    first, _ = seen
    return Office(
        shutil.copytree(first.folder, tmp_path / "busy"), first.model_dir, dict(first.environ)
    )


def json_of(office: Office, *arguments: str, code: int = 0) -> Any:
    """What a command prints as JSON; nothing else may stand there."""
    done = office.monitor(*arguments, "--json")
    assert done.code == code, done.err
    return json.loads(done.out)


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_explains_itself(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert said.out.startswith(f"usage: monitor {' '.join(command)}")
    assert len(said.out.splitlines()) > 3
    assert said.err == ""


def test_every_member_of_a_group_is_in_the_table_above() -> None:
    parser = build_parser()
    (commands,) = (each for each in parser._actions if each.dest == "command")
    found = {
        name: tuple(member.choices)
        for name, sub in commands.choices.items()
        for member in sub._actions
        if member.dest == "what"
    }
    assert {name: set(found[name]) >= set(GROUPS[name]) for name in GROUPS} == dict.fromkeys(
        GROUPS, True
    )


def test_help_loads_nothing_heavy() -> None:
    heavy = ["sqlalchemy", "sklearn", "numpy", "httpx", "aiohttp", "pydantic", "uvicorn", "lxml"]
    program = (
        "import sys\nfrom monitor.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "COMMAND" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"), WRONG, ids=[" ".join(each[0]) or "nothing" for each in WRONG]
)
def test_wrong_use_is_refused_in_one_sentence(
    settled: Office, terminal: Terminal, arguments: tuple[str, ...], stdin: str, said: str
) -> None:
    assert terminal.office is settled
    assert said in terminal.refusal(*arguments, stdin=stdin)


def test_a_refusal_is_the_same_from_a_process_of_its_own(office: Office) -> None:
    assert "Nobody" in office.monitor("poll", "Nobody").refusal()


@pytest.mark.parametrize(
    ("text", "said"), [each[1:] for each in BAD_LISTS], ids=[e[0] for e in BAD_LISTS]
)
def test_a_bad_feed_list_stops_the_command_with_file_and_remedy(
    terminal: Terminal, text: str, said: str
) -> None:
    terminal.office.feeds.write_text(text, encoding="utf-8")
    refusal = terminal.refusal("feeds", "list")
    assert "feeds.yaml" in refusal
    assert said in refusal


@pytest.mark.parametrize(
    ("name", "value", "said"), WRONG_SETTINGS, ids=[f"{e[0]}={e[1]}" for e in WRONG_SETTINGS]
)
def test_a_wrong_setting_stops_the_start_in_one_sentence(
    terminal: Terminal, name: str, value: str, said: str
) -> None:
    terminal.office.list_feeds({"name": "A", "url": "https://a.example/"})
    assert said in terminal.refusal("run", "--once", **{name: value})
    assert not terminal.office.outbox.exists()


@pytest.mark.parametrize(
    "command",
    [
        ("incidents", "list"),
        ("db", "check"),
        ("ack", "2026-0001"),
        ("digest",),
        ("db", "backup", "x"),
    ],
    ids=" ".join,
)
def test_before_the_first_run_commands_say_that_there_is_no_database(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    assert "start `monitor run` first" in terminal.refusal(*command)
    assert not terminal.office.database.exists()


def test_a_feed_that_is_switched_off_is_not_polled_by_name(terminal: Terminal) -> None:
    terminal.office.list_feeds({"name": "Off", "url": "https://a.example/", "enabled": False})
    assert "disabled" in terminal.refusal("poll", "off")


def test_a_model_that_cannot_be_used_is_told_and_keyword_rules_answer(office: Office) -> None:
    office.environ["MONITOR_MODEL_DIR"] = str(office.feeds)  # a file, not a folder
    done = office.monitor("classify", stdin=b"Earthquake kills 120 in Myanmar")
    assert json.loads(done.ok())["labels"] == ["natural"]
    assert done.err.count("\n") == 1
    assert "keyword rules are in force" in done.err


def test_a_word_file_that_is_not_there_is_named_with_its_setting(terminal: Terminal) -> None:
    environ = {"MONITOR_WORDS": str(terminal.office.folder / "none.toml")}
    assert "MONITOR_WORDS: " in terminal.refusal("rules", "check", **environ)


def test_model_info_says_that_no_model_is_built_yet(terminal: Terminal) -> None:
    environ = {"MONITOR_MODEL_DIR": str(terminal.office.folder / "none")}
    assert "monitor model train" in terminal.refusal("model", "info", **environ)


def test_a_model_folder_that_cannot_be_made_is_a_plain_fault(terminal: Terminal) -> None:
    environ = {"MONITOR_MODEL_DIR": str(terminal.office.feeds / "under")}
    assert "MONITOR_MODEL_DIR" in terminal.refusal("model", "train", **environ)


def test_poll_prints_states_counts_and_seconds(busy: Office) -> None:
    said = json_of(busy, "poll", "--all")
    assert {"feeds", "counts", "wall_s", "cpu_s", "process_cpu_s"} <= said.keys()
    assert {each["feed"]: each["state"] for each in said["feeds"]} == {
        "Quakes": "not_modified",
        "Wire": "not_modified",
    }
    assert said["counts"] == {"entries": 0, "new": 0, "revised": 0}
    assert 0 < said["cpu_s"] < said["process_cpu_s"]


def test_poll_of_a_broken_feed_exits_one_and_prints_all_the_same(
    busy: Office, seen: tuple[Office, FeedServer]
) -> None:
    _, server = seen
    healthy = server.pages["q.geojson"]
    server.put("q.geojson", "gone fishing", status=500)
    said = json_of(busy, "poll", "Quakes", "Wire", code=1)
    server.pages["q.geojson"] = healthy
    assert [each["state"] for each in said["feeds"]] == ["http_5xx", "not_modified"]


def test_check_reports_what_each_poll_left_in_the_store(
    office: Office, feed_server: FeedServer
) -> None:
    now = datetime.now(UTC) - timedelta(minutes=5)
    url = feed_server.put("q.geojson", quakes([Quake("q1", 7.4, now)]))
    office.environ["MONITOR_ALLOW_HOSTS"] = feed_server.host
    said = json_of(office, "check", url, "--polls", "2")
    first, second = said["polls"]
    assert [first["state"], second["state"]] == ["ok", "not_modified"]
    for poll in (first, second):
        assert poll.keys() == {
            "items", "error", "state", "next_poll_s", "new_url", "gone", "stale",
        }  # fmt: skip
        (item,) = poll["items"]
        assert item.keys() == {
            "id", "title", "link", "summary", "published", "language", "categories", "level",
            "alert", "why",
        }  # fmt: skip
        assert (item["level"], item["alert"], item["categories"]) == ("FLASH", True, ["natural"])
        assert item["published"] == int(now.timestamp())
        assert poll["error"] is None
        assert poll["next_poll_s"] > 0
    assert feed_server.asked["q.geojson"] == 2
    assert not office.database.exists()


def test_check_exits_one_and_prints_the_error_when_the_last_poll_failed(
    office: Office, feed_server: FeedServer
) -> None:
    office.environ["MONITOR_ALLOW_HOSTS"] = feed_server.host
    (poll,) = json_of(office, "check", feed_server.url("missing"), code=1)["polls"]
    assert poll["state"] == "http_4xx"
    assert poll["error"]
    assert poll["items"] == []


def test_feeds_list_has_every_feed_with_its_state(busy: Office) -> None:
    said = json_of(busy, "feeds", "list")
    assert [(each["name"], each["state_key"], each["failures"]) for each in said] == [
        ("Quakes", "ok", 0),
        ("Wire", "ok", 0),
    ]
    assert {"name", "kind", "url", "state", "last_news", "next_poll", "error"} <= said[0].keys()


def test_rules_check_lists_rules_and_faults(office: Office) -> None:
    said = json_of(office, "rules", "check")
    assert said["faults"] == []
    assert {"id", "name", "teams", "shadow", "enabled"} <= said["rules"][0].keys()


def test_incidents_are_listed_and_shown_with_their_reasons(busy: Office) -> None:
    (short,) = json_of(busy, "incidents", "list")
    assert (short["level"], short["hazard"], short["countries"]) == ("FLASH", "EQ", ["MM"])
    whole = json_of(busy, "incidents", "show", short["number"])
    assert whole["number"] == short["number"]
    assert "items" in whole
    assert json_of(busy, "incidents", "list", "--level", "flash") == [short]


def test_an_incident_is_taken_once_and_given_back(busy: Office) -> None:
    (short,) = json_of(busy, "incidents", "list")
    number = short["number"]
    assert "is taken by night desk" in busy.monitor("ack", number, "--by", "night desk").ok()
    assert "already" in busy.monitor("ack", number, "--by", "day desk").ok()
    (taken,) = json_of(busy, "incidents", "list")
    assert taken["acknowledged_by"] == "night desk"
    assert "open again" in busy.monitor("ack", number, "--undo").ok()
    assert "nobody has acknowledged" in busy.monitor("ack", number, "--undo").refusal()


def test_db_check_reports_problems_as_a_list(busy: Office) -> None:
    assert json_of(busy, "db", "check") == {"problems": []}


def test_doctor_lists_findings_and_hides_secrets(busy: Office) -> None:
    busy.environ["MONITOR_SMTP_URL"] = "smtp://desk:hush-hush@mail.example:587"
    done = busy.monitor("doctor", "--json")
    said = json.loads(done.ok())
    assert {each["verdict"] for each in said["findings"]} <= {"ok", "advice", "fault"}
    assert {"what", "verdict", "text"} == said["findings"][0].keys()
    assert "mail.example" in said["settings"]["smtp_url"]
    assert "hush-hush" not in done.out + done.err


def test_doctor_exits_one_when_something_is_at_fault(office: Office) -> None:
    office.feeds.write_text("feeds: 5", encoding="utf-8")
    said = json_of(office, "doctor", code=1)
    assert [each["what"] for each in said["findings"] if each["verdict"] == "fault"] == ["feeds"]


def test_model_info_is_the_card_of_the_model(office: Office) -> None:
    card = json_of(office, "model", "info")
    assert {"built_at", "corpus", "key", "languages", "lines"} <= card.keys()


def test_run_once_prints_what_it_did(office: Office, feed_server: FeedServer) -> None:
    now = datetime.now(UTC) - timedelta(minutes=5)
    office.environ["MONITOR_ALLOW_HOSTS"] = feed_server.host
    office.list_feeds(
        {"name": "Floods", "url": feed_server.put("f.xml", cap("f1", now))},
    )
    said = json_of(office, "run", "--once")
    assert (said["feeds"], said["states"], said["items"]) == (1, {"ok": 1}, 1)
    assert said["incidents"]["FLASH"] == 1
    assert said["notices"] >= 1
    assert (said["sent"], said["failed"]) == (said["notices"] + said["digests"], 0)
    assert len(list(office.outbox.glob("*.eml"))) == said["sent"]


def test_parse_prints_one_object_per_entry_of_standard_input(office: Office) -> None:
    at = datetime(2026, 3, 28, 6, 20, tzinfo=UTC)
    stories = [Story("1", "Flood in Laos", at, "Roads cut."), Story("2", "Budget debate", at)]
    done = office.monitor(
        "parse", "-", "--url", "https://wire.example/rss", stdin=news(stories).encode()
    )
    first, second = map(json.loads, done.ok().splitlines())
    assert first.keys() >= {
        "id", "title", "summary", "link", "published", "updated", "language", "authors",
        "source_categories", "places", "hazard", "status", "message_type", "references", "expires",
    }  # fmt: skip
    assert (first["title"], first["published"]) == ("Flood in Laos", "2026-03-28T06:20:00Z")
    assert (second["title"], second["summary"]) == ("Budget debate", "")


def test_parse_reads_the_hazard_of_an_alert(office: Office) -> None:
    at = datetime(2026, 3, 28, 6, 20, tzinfo=UTC)
    (line,) = office.monitor("parse", stdin=cap("f1", at).encode()).ok().splitlines()
    said = json.loads(line)
    assert said["hazard"]["severity"] == "Extreme"
    assert said["hazard"]["urgency"] == "Immediate"
    assert said["expires"] == "2026-03-28T18:20:00Z"


@pytest.mark.parametrize("keywords", [True, False], ids=["keywords", "model"])
def test_classify_answers_line_for_line(office: Office, keywords: bool) -> None:
    lines = ["Earthquake kills 120 in Myanmar", "", "Parliament debates the budget"]
    arguments = ["classify", *(["--keywords"] if keywords else [])]
    done = office.monitor(*arguments, stdin="\n".join(lines).encode())
    said = [json.loads(line) for line in done.ok().splitlines()]
    assert len(said) == len(lines)
    for each in said:
        assert each.keys() >= {
            "labels", "probabilities", "hazard", "language", "countries", "nationals",
            "communication", "level", "why",
        }  # fmt: skip
    assert (said[0]["labels"], said[0]["hazard"], said[0]["countries"]) == (
        ["natural"],
        "EQ",
        ["MM"],
    )
    assert said[0]["level"] == "FLASH"
    assert said[2]["labels"] == []


def test_classify_takes_json_lines_with_odd_values(office: Office) -> None:
    lines = [
        json.dumps({"title": "น้ำท่วมเชียงใหม่ เสียชีวิต 12 ราย", "language": "th", "feed_kind": "news"}),
        "",
        json.dumps({"title": None, "summary": 4, "language": 5, "feed_kind": ["x"]}),
    ]
    done = office.monitor("classify", "--jsonl", "--keywords", stdin="\n".join(lines).encode())
    said = [json.loads(line) for line in done.ok().splitlines()]
    assert [each["labels"] for each in said] == [["natural"], []]
    assert "Traceback" not in done.err


def test_a_reader_that_stops_reading_is_no_fault(office: Office) -> None:
    at = datetime(2026, 3, 28, tzinfo=UTC)
    feed = office.folder / "long.xml"
    feed.write_text(news(Story(str(n), "word " * 40, at) for n in range(3000)), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "monitor", "parse", str(feed)],
        cwd=office.folder, env=office.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 0
        assert process.stderr.read() == b""

"""Writes docs/feeds-walkthrough.md from real runs: `python -m tests.walkthrough [MODEL_DIR]`.

An officer adds a ministry's feed that is served on this machine, looks, tunes and takes back. The
commands and what they print are those of the program; only addresses are made readable.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.documents import Quake, Story, news, quakes
from tests.feedserver import FeedServer, feedserver
from tests.office import ROOT, Office

OUT = ROOT / "docs" / "feeds-walkthrough.md"
SITE = "https://www.ministry.example"
STORIES = (
    (
        1,
        "Ministry advises nationals to avoid the northern provinces after flash floods kill 14",
    ),
    (5, "Minister receives the new ambassador"),
    (26, "Statement on the earthquake in the neighbouring country: condolences and offer of aid"),
    (49, "Cultural week opens"),
)


@dataclass(slots=True)
class Walk:
    """The transcript in the making."""

    office: Office
    server: FeedServer
    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """A remark between the commands."""
        self.lines += ["", text, ""]

    def run(self, command: str, *, stdin: str = "") -> None:
        """One command and what it printed."""
        done = self.office.monitor(*shlex.split(command)[1:], stdin=stdin.encode())
        said = [line for line in done.err.splitlines() if not line[:4].isdigit()]  # no log
        shown = [f"$ {command}", *done.out.splitlines(), *said]
        self.lines += ["```", *(self._plain(line) for line in shown), "```"]

    def _plain(self, line: str) -> str:
        known = line.replace(self.server.url("").rstrip("/"), SITE)
        return known.replace(str(self.office.folder) + "/", "").rstrip()


def walk(model_dir: Path, folder: Path, server: FeedServer) -> str:
    """The whole document."""
    now = datetime.now(UTC)
    stories = [Story(str(n), title, now - timedelta(hours=n)) for n, title in STORIES]
    server.put("feed.xml", news(stories, title="Ministry news"))
    server.put("quakes.geojson", quakes([Quake("q1", 5.1, now - timedelta(hours=2))]))
    server.put(
        "", '<!doctype html><html><head><title>Ministry</title><link rel="alternate" '
        f'type="application/rss+xml" href="{server.url("feed.xml")}"></head></html>',
        content_type="text/html",
    )  # fmt: skip
    office = Office(folder, model_dir, {"MONITOR_ALLOW_HOSTS": server.host})
    (folder / "alerts.yaml").write_bytes((ROOT / "alerts.yaml").read_bytes())
    (folder / "missions.yaml").write_bytes((ROOT / "missions.yaml").read_bytes())
    office.feeds.write_text(
        "# Our feeds. Ask the information desk before changing anything.\n"
        "defaults: {every: 15m, timezone: UTC}\nfeeds:\n"
        "  # --- earthquakes ---\n"
        f"  - name: Quakes     # read often\n    url: {server.url('quakes.geojson')}\n"
        "    kind: hazard\n    every: 5m\n    coverage: [asean]\n",
        encoding="utf-8",
    )  # fmt: skip
    go = Walk(office, server)
    go.say("Somebody names the web page of a ministry. What would come of it? Nothing is stored.")
    go.run(f"monitor feeds preview {server.url('')} --country MM --kind ministry")
    go.say("It looks right, so it is added: what was not said is found by looking.")
    who = '--by "feed desk"'
    go.run(
        f'monitor feeds add {server.url("")} --name "Ministry of Example" --kind ministry '
        f'--country MM {who} --why "asked for by the department"'
    )
    go.say("Comments and order of the file are as they were.")
    go.lines += ["```", "$ cat feeds.yaml"]
    go.lines += [go._plain(line) for line in office.feeds.read_text("utf-8").splitlines()]
    go.lines += ["```"]
    go.say("Read once; then the list says how every feed stands.")
    go.run("monitor run --once")
    go.run("monitor feeds list")
    go.say("It shall be heard sooner, and it gets its own name.")
    go.run(f'monitor feeds edit "Ministry of Example" --every 15m {who} --why "heard too late"')
    go.run(f'monitor feeds edit "Ministry of Example" --name "MOFA Example" {who}')
    go.say("A mistake: an interval that is none, and a region that nobody knows.")
    go.run('monitor feeds edit "MOFA Example" --every soon')
    go.run('monitor feeds edit "MOFA Example" --coverage asaen')
    go.say("It is switched off for a while, in Thai.")
    go.run(
        'monitor feeds disable "MOFA Example" --until 2642-01-01 --reason "ปรับปรุงเว็บไซต์" '
        f"{who} --lang th"
    )
    go.say("Who did what? And back again.")
    go.run("monitor feeds history")
    go.run(f"monitor feeds undo {who}")
    go.run("monitor feeds history --limit 1 --lang th")
    go.say("A colleague's list: first what an import would do, then the export of ours.")
    (folder / "theirs.csv").write_text(
        "name,url,kind,country\nObservatory,https://observatory.example/rss,hazard,LA\n"
        "Broken,htp://nowhere,news,\n",
        encoding="utf-8",
    )
    go.run("monitor feeds import theirs.csv")
    go.run("monitor feeds export --csv")
    go.say("What is each feed worth?")
    go.run("monitor feeds stats")
    head = [
        "# Tuning the feed list: a walk",
        "",
        "Made by `python -m tests.walkthrough` from real runs over feeds served on one machine;",
        "only addresses are made readable. The words of each command: [feeds.md](feeds.md).",
    ]
    return "\n".join([*head, *go.lines, ""])


def main() -> int:
    """Write the document."""
    model_dir = Path(sys.argv[1] if len(sys.argv) > 1 else "var/model").resolve()
    with tempfile.TemporaryDirectory() as folder, feedserver() as server:
        OUT.write_text(walk(model_dir, Path(folder), server), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

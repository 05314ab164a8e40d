"""Every sample document of real feeds, read by the whole program: `python -m tests.shared_feeds`.

The documents are no part of the project: they stand beside it, in `../shared/feeds`.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.feedserver import feedserver
from tests.office import ROOT, Office

FOLDER = ROOT.parent / "shared" / "feeds"
MOST_NEW = 500  # entries that one poll of one feed takes; the rest comes with the next polls
HAZARD = ("cap", "geojson", "jma", "gdacs", "quake", "emsc", "bmkg", "usgs", "nws", "ptwc", "ntwc",
          "meteoalarm", "dfes", "trinet", "alert-index")  # fmt: skip
ADVICE = ("travel",)
TYPES = {".json": "application/json", ".geojson": "application/geo+json"}
HARMLESS = frozenset(
    ["ok", "not_modified", "unchanged", "partly_parsed", "flood", "stale", "no_entries"]
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One document, and how many entries its index expects (None where it names no number)."""

    name: str
    expected: int | None

    @property
    def kind(self) -> str:
        """The kind of feed it stands for."""
        if any(part in self.name for part in ADVICE):
            return "advice"
        return "hazard" if any(part in self.name for part in HAZARD) else "news"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one pass over all documents gave."""

    code: int
    said: dict[str, Any]
    stderr: str
    expected: int
    digest_mails: int
    alert_mails: int


def samples() -> list[Sample]:
    """The documents of the index, in its order; none when the folder is absent."""
    index = FOLDER / "INDEX.tsv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8", newline="") as rows:
        return [
            Sample(row["file"], _number(row["expected_entries"]))
            for row in csv.DictReader(rows, delimiter="\t")
            if (FOLDER / row["file"]).is_file()
        ]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdigit() else None


def run(office: Office) -> Outcome:
    """Serve every document, poll each once, decide, deliver to files."""
    found = samples()
    with feedserver() as server:
        for sample in found:
            suffix = Path(sample.name).suffix
            server.put(
                sample.name, (FOLDER / sample.name).read_bytes(),
                content_type=TYPES.get(suffix, "application/xml"),
            )  # fmt: skip
        office.environ["MONITOR_ALLOW_HOSTS"] = server.host
        office.list_feeds(
            *(
                {"name": each.name, "kind": each.kind, "url": server.url(each.name)}
                for each in found
            ),
            every="15m",
        )
        done = office.monitor("run", "--once", "--json", timeout_s=600)
    said = json.loads(done.out) if done.out.startswith("{") else {}
    mails = Counter("DIGEST" in path.name.upper() for path in office.outbox.glob("*.eml"))
    expected = sum(min(each.expected or 0, MOST_NEW) for each in found)
    return Outcome(done.code, said, done.err, expected, mails[True], mails[False])


@contextmanager
def _office() -> Iterator[Office]:
    with tempfile.TemporaryDirectory(prefix="monitor-samples-") as folder:
        model = os.environ.get("MONITOR_MODEL_DIR", str(ROOT / "var" / "model"))
        office = Office(Path(folder), Path(model))
        shutil.copyfile(ROOT / "alerts.yaml", office.folder / "alerts.yaml")
        yield office


def main() -> int:
    """Print the numbers of one pass; 2 when there are no documents."""
    if not samples():
        sys.stderr.write(f"there are no sample documents in {FOLDER}\n")
        return 2
    with _office() as office:
        outcome = run(office)
    said = outcome.said
    lines = [
        f"feeds      {said.get('feeds')}: {said.get('states')}",
        f"items      {said.get('items')} (the index expects {outcome.expected})",
        f"tags       {said.get('tagged')}",
        f"incidents  {said.get('incidents')}",
        f"alerts     {said.get('notices')} notices, {outcome.alert_mails} mails",
        f"digest     {said.get('digests')} notices, {outcome.digest_mails} mails",
        f"seconds    {said.get('seconds')}",
    ]
    for poll in said.get("polls", []):
        if poll["state"] not in ("ok", "stale"):
            lines.append(f"  {poll['feed']}: {poll['state']} {poll['detail']}".rstrip())
    if not said:
        lines.append(outcome.stderr)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if said and "Traceback" not in outcome.stderr else 1


if __name__ == "__main__":
    sys.exit(main())

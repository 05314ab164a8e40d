"""Writes docs/feeds-coverage.md from the shipped list: `python -m tests.coverage_page`."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from alerts import words
from monitor.config.together import read_together
from monitor.tuning.coverage import coverage_of
from monitor.tuning.coverage_show import coverage_text

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "feeds-coverage.md"
NOW = datetime(2026, 11, 23, tzinfo=UTC)  # no shipped feed is off until a day: any moment will do


def page() -> str:
    """The whole document."""
    words.load(None)
    feedlist, policy = read_together(ROOT / "feeds.yaml", ROOT / "alerts.yaml", {})
    off = Counter(feed.kind for feed in feedlist.feeds if not feed.enabled)
    on = Counter(feed.kind for feed in feedlist.enabled)
    doubtful = sum("unconfirmed" in feed.tags for feed in feedlist.enabled)
    kinds = [
        f"| {words.say(f'kind.{kind}', 'en')} | {on[kind]} | {off[kind]} |" for kind in sorted(on)
    ]
    return "\n".join([
        "# What the shipped list covers",
        "",
        "Made by `python -m tests.coverage_page`; a test compares it with the list. No address was",
        "tested live by us.",
        "",
        "| kind | read | off, with the reason in the list |",
        "| --- | --- | --- |",
        *kinds,
        f"| **together** | **{len(feedlist.enabled)}** | **{off.total()}** |",
        "",
        f"{doubtful} of those that are read are tagged `unconfirmed`: lists disagree on the",
        "address, or nobody confirms it.",
        "",
        "```",
        "$ monitor feeds coverage",
        *(line.rstrip() for line in
          coverage_text(coverage_of(feedlist, policy, None, now=NOW), "en").splitlines()),
        "```",
        "",
    ])  # fmt: skip


def main() -> int:
    """Write the document."""
    OUT.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

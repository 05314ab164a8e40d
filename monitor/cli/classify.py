"""`monitor classify`: lines of text in, one JSON object with labels and reasons per line out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from classifiers.tags import Text
    from monitor.classifying import Classifiers

BATCH = 256


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "classify", help="classify lines of text (or JSON Lines) and print labels with reasons"
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument(
        "--jsonl", action="store_true", help="lines are JSON: title, summary, language, feed_kind"
    )
    parser.add_argument(
        "--keywords", action="store_true", help="use keyword rules only, build no model"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Classify every line, in order; an unreadable JSON line is a fault with its number."""
    from monitor.classify import described
    from monitor.classifying import Classifiers

    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    lines = common.read_input(args.file).decode("utf-8", "replace").splitlines()
    classifiers = Classifiers(settings.model_dir, policy.home_country)
    if not args.keywords:
        take_model(classifiers)
    classifier = classifiers.current()
    now = datetime.now(UTC)
    texts = _texts(lines, jsonl=args.jsonl)
    while batch := list(islice(texts, BATCH)):
        for text, tags in zip(batch, classifier.classify(batch), strict=True):
            common.print_line(described(text, tags, policy, now))
    sys.stdout.flush()
    return 0


def take_model(classifiers: Classifiers) -> None:
    """Load the model, building a missing one; a damaged one is told and keyword rules stay."""
    from classifiers.errors import ModelError

    if classifiers.load() and classifiers.is_settled():
        return
    fault = classifiers.detail
    if classifiers.state != "failed":
        try:
            classifiers.build_here(lambda line: print(line, file=sys.stderr))
            return
        except ModelError as error:
            fault = str(error)
    print(f"monitor: {fault}; keyword rules are in force", file=sys.stderr)


def _texts(lines: list[str], *, jsonl: bool) -> Iterator[Text]:
    from classifiers.tags import Text
    from monitor.errors import MonitorError

    for number, line in enumerate(lines, 1):
        if not jsonl:
            yield Text(line)
            continue
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            yield Text(
                title=str(said.get("title") or ""),
                summary=str(said.get("summary") or ""),
                language=str(said.get("language") or "") or None,
                feed_kind=str(said.get("feed_kind") or "") or None,
            )
        except (json.JSONDecodeError, AttributeError) as error:
            raise MonitorError(
                f'line {number} is no JSON object: write {{"title": …, "summary": …}}'
            ) from error

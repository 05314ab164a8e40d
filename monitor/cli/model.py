"""`monitor model train / evaluate / info`: the classifier."""

from __future__ import annotations

import argparse
import shutil
import sys
from typing import Any

from monitor.cli import common


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("model", help="the classifier")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    train = what.add_parser("train", help="build the model from the corpus")
    train.add_argument("--force", action="store_true", help="build it even if it is there")
    train.set_defaults(run=run_train)
    evaluate = what.add_parser("evaluate", help="measure it on a labelled file")
    evaluate.add_argument("file", metavar="FILE.tsv", help="columns id, lang, text, labels, …")
    evaluate.add_argument("--keywords", action="store_true", help="measure the keyword rules alone")
    common.add_json(evaluate)
    evaluate.set_defaults(run=run_evaluate)
    info = what.add_parser("info", help="the card of the model in use")
    common.add_json(info)
    info.set_defaults(run=run_info)


def _progress(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def run_train(args: argparse.Namespace) -> int:
    """Build the model, or say that it is there."""
    from datetime import UTC, datetime

    from classifiers.cache import folder_of
    from classifiers.train import ensure
    from monitor.errors import MonitorError

    settings = common.settings()
    try:
        settings.model_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MonitorError(
            f"cannot make the folder {settings.model_dir} ({error.strerror or error}): "
            "set MONITOR_MODEL_DIR to another folder"
        ) from error
    if args.force:
        shutil.rmtree(folder_of(settings.model_dir), ignore_errors=True)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    model = ensure(settings.model_dir, progress=_progress, built_at=today)
    print(f"{model.version} is ready in {settings.model_dir}")
    return 0


def run_evaluate(args: argparse.Namespace) -> int:
    """Print the figures, per label, language and slice."""
    from pathlib import Path

    from classifiers.evaluate import evaluate, read_rows
    from monitor.classifying import Classifiers
    from monitor.errors import MonitorError

    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    path = Path(args.file)
    if not path.is_file():
        raise MonitorError(f"there is no file {path}")
    classifiers = Classifiers(settings.model_dir, policy.home_country)
    if not args.keywords:
        classifiers.build_here(_progress)
    scores = evaluate(classifiers.current(), read_rows(path))
    if args.json:
        common.print_json(scores.as_json())
    else:
        print(scores.as_text())
    return 0


def run_info(args: argparse.Namespace) -> int:
    """Print the card, or say that no model is built yet."""
    from classifiers.cache import card_of
    from monitor.errors import MonitorError

    settings = common.settings()
    card = card_of(settings.model_dir)
    if card is None:
        raise MonitorError(
            f"no model is built in {settings.model_dir} yet: `monitor model train` builds it"
        )
    if args.json:
        common.print_json(card)
    else:
        for key, value in card.items():
            print(f"{key}: {value}")
    return 0

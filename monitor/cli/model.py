"""`monitor model train / evaluate / info / list / use / rollback / card`: the classifier."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli import common
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from classifiers.building import Outcome
    from classifiers.cache import Version
    from monitor.config.settings import Settings
    from monitor.teaching import Taught


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("model", help="the classifier")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    train = what.add_parser(
        "train", help="build a model from corpus and corrections; it takes over if not worse"
    )
    train.add_argument(
        "--force", action="store_true", help="build it even if it is there; with --note, take it"
    )
    train.add_argument("--note", default="", help="why a worse model is taken (with --force)")
    train.add_argument("--by", help="who says so, an office or a login (default: yours)")
    train.set_defaults(run=run_train)
    evaluate = what.add_parser("evaluate", help="measure it on a labelled file")
    evaluate.add_argument("file", metavar="FILE.tsv", help="columns id, lang, text, labels, …")
    evaluate.add_argument("--keywords", action="store_true", help="measure the keyword rules alone")
    evaluate.add_argument(
        "--picture", metavar="FILE.svg", help="draw threshold curves and calibration"
    )
    common.add_json(evaluate)
    evaluate.set_defaults(run=run_evaluate)
    info = what.add_parser("info", help="the card of the model in use")
    common.add_json(info)
    info.set_defaults(run=run_info)
    listing = what.add_parser("list", help="the versions that are kept")
    common.add_json(listing)
    listing.set_defaults(run=run_list)
    use = what.add_parser("use", help="put a kept version in force")
    use.add_argument("version", metavar="VERSION", help="its name, as `list` shows it")
    back = what.add_parser("rollback", help="put the version in force that was before")
    for each, run in ((use, run_use), (back, run_rollback)):
        each.add_argument("--note", default="", help="why, for those who come after")
        each.add_argument("--by", help="who says so, an office or a login (default: yours)")
        each.set_defaults(run=run)
    card = what.add_parser("card", help="the card of the model in use as a page")
    card.set_defaults(run=run_card)


def _progress(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def run_train(args: argparse.Namespace) -> int:
    """Build the model, or say that it is there; exit 1 if it is worse and not taken."""
    from classifiers.building import Order, admitted, challenge, is_built, key_of
    from classifiers.meaning import is_installed
    from classifiers.model import version_of

    settings = common.settings()
    try:
        settings.model_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MonitorError(
            f"cannot make the folder {settings.model_dir} ({error.strerror or error}): "
            "set MONITOR_MODEL_DIR to another folder"
        ) from error
    taught = _taught(settings)
    if taught is not None:
        _progress(taught.as_text())
    lessons = admitted(taught.lessons if taught else ())
    if not args.force and is_built(settings.model_dir, lessons):
        version = version_of(key_of(lessons), meaning=is_installed())
        print(f"{version} is ready in {settings.model_dir}")
        return 0
    order = Order(
        built_at=f"{datetime.now(UTC):%Y-%m-%d}",
        by=args.by or getpass.getuser(),
        note=args.note.strip(),
        force=args.force,
    )
    outcome = challenge(settings.model_dir, lessons, order, progress=_progress)
    return _told(outcome, settings, force=args.force)


def _told(outcome: Outcome, settings: Settings, *, force: bool) -> int:
    if outcome.comparison is not None:
        print(outcome.comparison.as_text())
    if outcome.removed:
        print(f"removed older versions: {', '.join(outcome.removed)}")
    if outcome.taken:
        print(f"{outcome.version} is ready in {settings.model_dir}: {outcome.why}")
        return 0
    how = "--note TEXT must say why" if force else "--force --note TEXT takes it all the same"
    print(f"{outcome.version} is not taken, for it is {outcome.why}; {how}")
    return 1


def _taught(settings: Settings) -> Taught | None:
    """What the desk has to teach; None where there is no database yet."""
    from monitor.teaching import gather

    path = settings.sqlite_path
    if path is not None and not path.exists():
        return None
    feedlist = common.feedlist(settings)
    with common.database(settings) as database, database.read() as conn:
        return gather(conn, feedlist)


def run_evaluate(args: argparse.Namespace) -> int:
    """Print the figures: per label, language and slice, confusion and calibration."""
    from classifiers.evaluate import read_rows
    from classifiers.picture import picture
    from classifiers.scorecard import scorecard
    from monitor.classifying import Classifiers

    settings = common.settings()
    policy = common.policy(settings)
    common.quiet_logs()
    path = Path(args.file)
    if not path.is_file():
        raise MonitorError(f"there is no file {path}")
    if args.picture and not args.picture.lower().endswith(".svg"):
        raise MonitorError(f"--picture {args.picture}: pictures are SVG, write a name ending .svg")
    classifiers = Classifiers(settings.model_dir, policy.home_country)
    if not args.keywords:
        classifiers.build_here(_progress)
    found = scorecard(classifiers.current(), read_rows(path))
    if args.picture:
        limits = {} if args.keywords else _thresholds(settings)
        try:
            Path(args.picture).write_text(picture(found, limits), encoding="utf-8")
        except OSError as error:
            raise MonitorError(f"cannot write {args.picture}: {error.strerror or error}") from error
    if args.json:
        common.print_json(found.as_json())
    else:
        print(found.as_text())
    return 0


def _thresholds(settings: Settings) -> dict[str, tuple[float, float]]:
    from classifiers.cache import card_of
    from classifiers.meaning import is_installed
    from classifiers.tags import CATEGORIES

    voices = (card_of(settings.model_dir) or {}).get("voices", {})
    decides = voices.get("both" if is_installed() else "words") or voices.get("words") or {}
    limits = decides.get("thresholds", [])
    return {name: (float(low), float(high)) for name, (low, high) in zip(CATEGORIES, limits)}  # noqa: B905


def run_info(args: argparse.Namespace) -> int:
    """Print the card, or say that no model is built yet."""
    card = _card(common.settings())
    if args.json:
        common.print_json(card)
    else:
        for key, value in card.items():
            print(f"{key}: {value}")
    return 0


def run_card(args: argparse.Namespace) -> int:
    """Print the card as a page of Markdown."""
    from classifiers.modelcard import page

    print(page(_card(common.settings())), end="")
    return 0


def _card(settings: Settings) -> dict[str, Any]:
    from classifiers.cache import card_of

    card = card_of(settings.model_dir)
    if card is None:
        raise MonitorError(
            f"no model is built in {settings.model_dir} yet: `monitor model train` builds it"
        )
    return card


def run_list(args: argparse.Namespace) -> int:
    """Print the versions, the one in force first."""
    from classifiers.cache import turns, versions

    settings = common.settings()
    found = versions(settings.model_dir)
    known = {turn.folder: turn for turn in turns(settings.model_dir)}
    if args.json:
        common.print_json(
            [
                {
                    "version": each.version,
                    "state": each.state,
                    "built_at": each.built_at,
                    "lines": each.card.get("lines"),
                    "lessons": each.card.get("lessons"),
                    "fixed_test": each.card.get("fixed_test"),
                    "by": known[each.folder].by if each.folder in known else None,
                    "note": known[each.folder].note if each.folder in known else "",
                    "chosen": each.folder in known and known[each.folder].pinned,
                }
                for each in found
            ]
        )
        return 0
    rows = [
        (
            each.version,
            each.state.replace("_", " "),
            each.built_at or "-",
            _macro(each),
            known[each.folder].by if each.folder in known else "-",
            known[each.folder].note if each.folder in known else "never in force",
        )
        for each in found
    ]
    print(common.table(rows, ("version", "state", "built", "F1", "by", "why")))
    return 0


def _macro(of: Version) -> str:
    figures = of.card.get("fixed_test")
    value = figures.get("macro") if isinstance(figures, dict) else None
    return f"{value:.3f}" if isinstance(value, float) else "-"


def run_use(args: argparse.Namespace) -> int:
    """Put a version in force; a running program takes it up within seconds."""
    return _use(args, args.version)


def run_rollback(args: argparse.Namespace) -> int:
    """Put the one before in force."""
    from classifiers.cache import before

    return _use(args, before(common.settings().model_dir))


def _use(args: argparse.Namespace, name: str) -> int:
    from classifiers.building import locked
    from classifiers.cache import use

    settings = common.settings()
    if not settings.model_dir.is_dir():
        raise MonitorError(f"no model is built in {settings.model_dir} yet")
    try:
        with locked(settings.model_dir, _progress):
            version = use(
                settings.model_dir,
                name,
                since=f"{datetime.now(UTC):%Y-%m-%d}",
                by=args.by or getpass.getuser(),
                note=args.note.strip() or "chosen by hand",
            )
    except OSError as error:
        raise MonitorError(f"cannot change {settings.model_dir}: {error}") from error
    print(f"{version.version} is in force until another is chosen or `monitor model train` wins")
    return 0

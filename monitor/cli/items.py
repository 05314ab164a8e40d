"""`monitor items review / show / correct`: what the machine read, and what officers say of it."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.cli import common
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from storage.records import Correction, Incident, Item, Judgement

NONE = "none"
MOST_BY, MOST_NOTE = 100, 2_000  # characters


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("items", help="items for review, and officers' corrections")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    review = what.add_parser("review", help="items that wait for an officer's look")
    review.add_argument("--days", type=float, default=7.0, help="how far back (default 7)")
    review.add_argument("--corrected", action="store_true", help="list what was corrected instead")
    common.add_json(review)
    review.set_defaults(run=run_review)
    show = what.add_parser("show", help="one item: what was read from it, and its corrections")
    show.add_argument("id", metavar="ID", type=int, help="its number, as `review` shows it")
    common.add_json(show)
    show.set_defaults(run=run_show)
    correct = what.add_parser("correct", help="set an item's categories, hazard or countries")
    correct.add_argument("id", metavar="ID", type=int, help="its number, as `review` shows it")
    correct.add_argument(
        "--categories", metavar="LIST", help="natural, health, human_made, or none: no crisis"
    )
    correct.add_argument("--hazard", metavar="KEY", help="a hazard's key or English name, or none")
    correct.add_argument("--countries", metavar="LIST", help="two-letter codes, or none")
    correct.add_argument("--note", default="", help="why, for those who come after")
    correct.add_argument("--by", help="who says so, an office or a login (default: yours)")
    common.add_json(correct)
    correct.set_defaults(run=run_correct)


def run_review(args: argparse.Namespace) -> int:
    """List the items that wait, or the corrections."""
    from storage import corrections, itemreads

    settings = common.settings()
    common.policy(settings)
    if not 0 < args.days <= 3650:
        raise MonitorError("--days must be above 0 and at most 3650")
    since = datetime.now(UTC) - timedelta(days=args.days)
    with common.database(settings) as database, database.read() as conn:
        if args.corrected:
            made = [each for each in corrections.listing(conn, limit=1000) if each.at >= since]
            return _print_corrections(made, as_json=args.json)
        found = itemreads.waiting(conn, limit=1000, since=since)
    if args.json:
        common.print_json([_short(each) for each in found])
        return 0
    rows = [
        (
            each.id,
            each.first_seen_at.strftime("%Y-%m-%d %H:%M"),
            ", ".join(f"{tag.label} {tag.score:.0%}" for tag in each.reading.tags if not tag.sure),
            each.publisher[:24],
            _cut(each.values.title),
        )
        for each in found
    ]
    print(common.table(rows, ("item", "seen (UTC)", "perhaps", "publisher", "headline")))
    print(f"{len(found)} items wait; `monitor items correct ID --categories …` settles one")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print one item."""
    from storage import corrections, itemreads

    settings = common.settings()
    common.policy(settings)
    with common.database(settings) as database, database.read() as conn:
        item = itemreads.get(conn, args.id)
        made = corrections.of_item(conn, item.id)
    if args.json:
        said = {**_short(item), "corrections": [_correction(each) for each in made]}
        common.print_json(said)
        return 0
    print(f"item {item.id}, revision {item.revision}, {item.publisher}: {item.values.title}")
    print(f"  {_told(corrections.judgement_of(item.reading))}")
    for tag in item.reading.tags:
        sure = "" if tag.sure else " (unsure)"
        print(f"  {tag.label} {tag.score:.0%}{sure}: {', '.join(tag.evidence)}")
    for each in made:
        print(
            f"  {each.at:%Y-%m-%d %H:%M} UTC {each.by}: "
            f"{_told(each.before)} → {_told(each.after)} {each.note}".rstrip()
        )
    return 0


def run_correct(args: argparse.Namespace) -> int:
    """Keep the correction and work its incident out again; works beside a running program."""
    from alerts import clean
    from monitor.correcting import Ask, correct

    settings = common.settings()
    policy = common.policy(settings)
    ask = Ask(
        categories=_categories(args.categories),
        hazard=_hazard(args.hazard),
        countries=_countries(args.countries),
    )
    by = clean.one_line(args.by or "", MOST_BY) or getpass.getuser()
    note = clean.one_line(args.note, MOST_NOTE)
    with common.database(settings) as database, database.write() as conn:
        done = correct(conn, policy, args.id, ask, by=by, note=note, now=datetime.now(UTC))
    if args.json:
        common.print_json(
            {
                **_correction(done.correction),
                "incident": done.after.number if done.after else None,
                "level_before": done.before.level.name if done.before else None,
                "level": done.after.level.name if done.after else None,
            }
        )
        return 0
    print(
        f"item {done.item.id}: {_told(done.correction.before)} → {_told(done.correction.after)}, "
        f"by {by}; no classifier changes it any more"
    )
    print(_moved(done.before, done.after))
    return 0


def _moved(before: Incident | None, after: Incident | None) -> str:
    if after is None:
        return "it belongs to no incident"
    if before is None:
        return f"it is now part of {after.number} ({after.level.name}): {after.title_en}"
    if before.level != after.level:
        return f"{after.number} goes from {before.level.name} to {after.level.name}"
    return f"{after.number} stays {after.level.name}: {after.title_en}"


def _categories(given: str | None) -> tuple[str, ...] | None:
    from classifiers.tags import CATEGORIES

    names = _listed(given)
    if names is None:
        return None
    if set(names) - set(CATEGORIES):
        raise MonitorError(f"--categories: write {', '.join(CATEGORIES)}, or none for no crisis")
    return tuple(name for name in CATEGORIES if name in names)


def _hazard(given: str | None) -> str | None:
    from alerts import words

    if given is None:
        return None
    wanted = given.strip().casefold()
    if wanted == NONE:
        return ""
    for key in words.current().hazards:
        if wanted in (key.casefold(), words.hazard(key, "en").casefold()):
            return key
    raise MonitorError(f"--hazard {given!r}: write a key such as EQ, FL or bombing, or none")


def _countries(given: str | None) -> tuple[str, ...] | None:
    from monitor.parse.countries import iso2

    codes = _listed(given)
    if codes is None:
        return None
    upper = tuple(code.upper() for code in codes)
    if any(iso2(code) != code for code in upper):
        raise MonitorError(f"--countries {given!r}: write two-letter codes such as TH,MM, or none")
    return upper


def _listed(given: str | None) -> list[str] | None:
    """The parts of a list with commas; empty for `none`, None when nothing was given."""
    if given is None:
        return None
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not parts:
        raise MonitorError("an empty list says nothing: write none if there is none")
    if NONE not in (part.casefold() for part in parts):
        return list(dict.fromkeys(parts))
    if len(parts) > 1:
        raise MonitorError(f"{given!r}: none stands alone")
    return []


def _print_corrections(made: list[Correction], *, as_json: bool) -> int:
    if as_json:
        common.print_json([_correction(each) for each in made])
        return 0
    rows = [
        (
            each.item_id or "-",
            each.at.strftime("%Y-%m-%d %H:%M"),
            each.by,
            f"{_told(each.before)} → {_told(each.after)}",
            _cut(each.title),
        )
        for each in made
    ]
    print(common.table(rows, ("item", "when (UTC)", "who", "what", "headline")))
    print(f"{len(made)} corrections; `monitor model train` learns them")
    return 0


def _told(of: Judgement) -> str:
    kinds = [*of.categories, *(f"{each}?" for each in of.unsure)]
    parts = [", ".join(kinds) or "no crisis", of.hazard, ",".join(of.countries)]
    return " · ".join(part for part in parts if part)


def _cut(title: str) -> str:
    return title if len(title) <= 70 else title[:69] + "…"


def _short(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.values.title,
        "publisher": item.publisher,
        "first_seen_at": item.first_seen_at.isoformat(),
        "categories": item.reading.categories,
        "unsure": item.reading.unsure,
        "probabilities": {tag.label: round(tag.score, 4) for tag in item.reading.tags},
        "hazard": item.reading.hazard,
        "countries": item.reading.countries,
        "classifier": item.reading.classifier,
        "corrected": item.reading.corrected,
        "corrected_by": item.reading.corrected_by,
    }


def _correction(of: Correction) -> dict[str, Any]:
    from storage.codec import encode

    return {
        "item": of.item_id,
        "at": of.at.isoformat(),
        "by": of.by,
        "note": of.note,
        "title": of.title,
        "corrected": of.corrected,
        "before": encode(of.before),
        "after": encode(of.after),
    }

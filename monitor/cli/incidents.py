"""`monitor incidents list` and `show N`: what is going on, and why it alerted or did not.

The commands with which officers change incidents stand in `incident_deeds`.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.cli import common, incident_deeds, incident_picture, incident_voices

if TYPE_CHECKING:
    from storage.oncall import Care
    from storage.records import Incident

HEADS = ("number", "level", "what", "sources", "last_item", "taken_by", "care", "state")


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("incidents", help="incidents, their sources and reasons")
    what = parser.add_subparsers(
        dest="what", metavar="WHAT", required=True, parser_class=type(parser)
    )
    listing = what.add_parser("list", help="open incidents, highest level first")
    listing.add_argument("--all", action="store_true", help="closed and quiet ones too")
    listing.add_argument("--level", default="WATCH", help="lowest level to list (default WATCH)")
    listing.add_argument("--lang", choices=("th", "en"), default="en")
    common.add_json(listing)
    listing.set_defaults(run=run_list)
    show = what.add_parser("show", help="one incident with everything known of it")
    show.add_argument("number", metavar="N", help="its number, for example 2026-0042")
    show.add_argument("--all", action="store_true", help="every line of every list")
    show.add_argument("--lang", choices=("th", "en"), default="en")
    common.add_json(show)
    show.set_defaults(run=run_show)
    incident_deeds.add(what)
    incident_voices.add(what)
    incident_picture.add(what)


def run_list(args: argparse.Namespace) -> int:
    """Print the incidents."""
    from alerts import clean, dates, phrases, words
    from monitor.errors import MonitorError
    from monitor.oncall.care import care_said
    from storage import incidents, oncall
    from storage.records import Level

    settings = common.settings()
    policy, now, language = common.policy(settings), datetime.now(UTC), args.lang
    if args.level.upper() not in Level.__members__:
        raise MonitorError("--level must be FLASH, ALERT, WATCH or INFO")
    with common.database(settings) as database, database.read() as conn:
        found = incidents.listing(
            conn,
            states=None if args.all else ("open",),
            min_level=Level[args.level.upper()],
            limit=1000,
        )
        cares = oncall.cares(conn)
    if args.json:
        common.print_json(
            [
                incident_deeds.short(each) | _care_json(each, cares.get(each.id), now)
                for each in found
            ]
        )
        return 0
    rows: list[tuple[str, ...]] = [
        (
            each.number,
            words.say(f"level.{each.level.name}", language),
            clean.one_line(each.title_th if language == "th" else each.title_en, 120),
            f"{each.independent_sources}/{each.sources}",
            common.when(each.last_item_at, policy, language),
            phrases.office(each.acknowledged_by, language, policy) if each.acknowledged_by else "-",
            " · ".join(care_said(each, cares.get(each.id), policy, language, now)) or "-",
            words.say_or(f"incident.{each.state}", language, each.state),
        )
        for each in found
    ]
    if not args.all:  # all of them are open
        rows = [row[:-1] for row in rows]
    print(common.table(rows, common.heads(language, *(HEADS if args.all else HEADS[:-1]))))
    clock, level = dates.zone_label(ZoneInfo(policy.timezone), language), args.level.upper()
    print(words.say("list_end.incidents", language, count=len(found), level=level, clock=clock))
    return 0


def _care_json(of: Incident, care: Care | None, now: datetime) -> dict[str, Any]:
    until = care.snoozed(now, of.level) if care else None
    return {
        "assigned_to": care.assigned_to if care else None,
        "snoozed_until": until.isoformat() if until else None,
    }


def run_show(args: argparse.Namespace) -> int:
    """Print one incident."""
    from monitor.errors import MonitorError
    from monitor.incidents.show import dossier
    from monitor.incidents.showjson import as_json
    from storage import incidents

    settings = common.settings()
    policy, now = common.policy(settings), datetime.now(UTC)
    with common.database(settings) as database, database.read() as conn:
        incident = incidents.by_number(conn, args.number)
        if incident is None:
            raise MonitorError(
                f"there is no incident {args.number}: `monitor incidents list --all` shows all"
            )
        found = dossier(conn, incident, policy, now=now)
    if args.json:
        common.print_json(as_json(found, policy))
    else:
        from monitor.desk.incidenttext import as_text

        print(as_text(found, policy, args.lang, now, whole=args.all))
    return 0

"""`monitor incidents open`, `merge`, `split`, `move`, `rename`, `close`, `reopen` and `note`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from monitor.incidents.officer import Deed
    from storage.records import Incident, Level

NUMBER = "its number, for example 2026-0042"
_CLOSED = "is closed"
LONGEST_TITLE = 200  # characters
CLOCKS_DIFFER = timedelta(minutes=5)


def add(what: Any) -> None:
    """Describe the commands."""
    opened = _command(what, "open", run_open, "open one by hand; later items join it")
    opened.add_argument("--source", required=True, help="who told us: a telephone call, a mission")
    opened.add_argument("--hazard", help="its kind, for example FL or road_accident")
    opened.add_argument(
        "--country", action="append", default=[], help="name or ISO code; may be repeated"
    )
    opened.add_argument(
        "--category", action="append", default=[], choices=("natural", "health", "human_made")
    )
    opened.add_argument("--place", help="where, in words")
    opened.add_argument("--point", help="latitude,longitude in degrees")
    opened.add_argument("--at", help="when it happened, with zone: 2026-03-14T06:00+07:00")
    opened.add_argument("--level", help="its least level (default WATCH)")
    opened.add_argument("--exercise", action="store_true", help="it is a drill")
    _titles(opened, "its title (default: made from kind, country and place)")
    merged = _command(what, "merge", run_merge, "let one live on in another")
    merged.add_argument("number", metavar="N", help=f"the one that ends; {NUMBER}")
    merged.add_argument("into", metavar="INTO", help="the one that lives on")
    split = _command(what, "split", run_split, "make a new one of some of its items")
    split.add_argument("number", metavar="N", help=NUMBER)
    split.add_argument("items", metavar="ITEM", nargs="+", type=int, help="items, as `show` lists")
    _titles(split, "title of the new one")
    moved = _command(what, "move", run_move, "put an item into another incident")
    moved.add_argument("item", metavar="ITEM", type=int, help="the item, as `show` lists it")
    moved.add_argument("number", metavar="N", help=f"where it belongs; {NUMBER}")
    renamed = _command(what, "rename", run_rename, "give it another title, which stays")
    renamed.add_argument("number", metavar="N", help=NUMBER)
    _titles(renamed, "the title")
    for name, run, told in (
        ("close", run_close, "close it; those who were told get a stand-down"),
        ("reopen", run_reopen, "open it again; it stays open until an officer closes it"),
    ):
        stands = _command(what, name, run, told)
        stands.add_argument("number", metavar="N", help=NUMBER)
        stands.add_argument("--reason", required=True, help="why, in words")
    assigned = _command(what, "assign", run_assign, "name who looks after it; he gets a mail")
    assigned.add_argument("number", metavar="N", help=NUMBER)
    assigned.add_argument("person", metavar="PERSON", help="an id of alerts.yaml, or the office")
    snoozed = _command(what, "snooze", run_snooze, "put its reminders and updates off")
    snoozed.add_argument("number", metavar="N", help=NUMBER)
    length = snoozed.add_mutually_exclusive_group(required=True)
    length.add_argument("--for", dest="length", metavar="TIME", help="for example 4h or 30m")
    length.add_argument("--until", metavar="TIME", help="with zone: 2026-03-14T20:00+07:00")
    length.add_argument("--end", action="store_true", help="end the snooze now")
    called = _command(what, "escalate", run_escalate, "tell the next in line now")
    called.add_argument("number", metavar="N", help=NUMBER)
    noted = _command(what, "note", run_note, "write a note into its timeline")
    noted.add_argument("number", metavar="N", help=NUMBER)
    noted.add_argument("text", help="the note; no names of victims")


def run_open(args: argparse.Namespace) -> int:
    """Open an incident by hand."""
    from monitor.errors import MonitorError
    from monitor.incidents.officer import Told, open_by_hand
    from monitor.refusal import NotDone

    if not args.country and not args.en and not args.th:
        raise MonitorError("write --country, or a title with --en or --th: what is it about?")
    event_at = moment(args.at, "--at") if args.at else None
    if event_at and event_at > datetime.now(UTC) + CLOCKS_DIFFER:
        raise NotDone("future", at=args.at)
    source = needed(args.source, "--source", 500)
    told = Told(
        title_en=_title(args.en),
        title_th=_title(args.th),
        hazard=hazard(args.hazard),
        categories=tuple(dict.fromkeys(args.category)),
        countries=tuple(dict.fromkeys(country(code) for code in args.country)),
        place=_text(args.place),
        **point(args.point),
        event_at=event_at,
        level=_level(args.level),
        exercise=args.exercise,
    )
    return act(args, lambda deed: open_by_hand(deed, told, source), "is open")


def run_merge(args: argparse.Namespace) -> int:
    """Merge one incident into another."""
    from monitor.incidents.officer import find, merge

    def work(deed: Deed) -> Incident:
        return merge(deed, find(deed.conn, args.number), find(deed.conn, args.into))

    return act(args, work, f"has taken over {args.number}")


def run_split(args: argparse.Namespace) -> int:
    """Split items off."""
    from monitor.incidents.officer import find, split

    def work(deed: Deed) -> Incident:
        of = find(deed.conn, args.number)
        return split(deed, of, args.items, en=_title(args.en), th=_title(args.th))

    return act(args, work, f"was split from {args.number}")


def run_move(args: argparse.Namespace) -> int:
    """Move an item."""
    from monitor.incidents.officer import find, move

    def work(deed: Deed) -> Incident:
        return move(deed, args.item, find(deed.conn, args.number))

    return act(args, work, f"has item {args.item}")


def run_rename(args: argparse.Namespace) -> int:
    """Rename an incident."""
    from monitor.errors import MonitorError
    from monitor.incidents.officer import find, rename

    en, th = _title(args.en), _title(args.th)
    if not en and not th:
        raise MonitorError("write the title with --en, with --th, or both")

    def work(deed: Deed) -> Incident:
        return rename(deed, find(deed.conn, args.number), en=en, th=th)

    return act(args, work, "has its new title", thai=not en)


def run_close(args: argparse.Namespace) -> int:
    """Close an incident."""
    from monitor.incidents.officer import close, find

    reason = needed(args.reason, "--reason", 500)
    return act(args, lambda deed: close(deed, find(deed.conn, args.number), reason), _CLOSED)


def run_reopen(args: argparse.Namespace) -> int:
    """Reopen an incident."""
    from monitor.incidents.officer import find, reopen

    reason = needed(args.reason, "--reason", 500)
    return act(
        args, lambda deed: reopen(deed, find(deed.conn, args.number), reason), "is open again"
    )


def run_assign(args: argparse.Namespace) -> int:
    """Assign an incident."""
    from monitor.incidents.officer import find
    from monitor.oncall import deeds, letters

    settings = common.settings()

    def work(deed: Deed) -> Incident:
        of = find(deed.conn, args.number)
        person = deeds.assign(deed, of, args.person)
        letters.tell_assigned(deed, of, person, settings)
        return of

    return act(args, work, f"is assigned to {args.person}")


def run_snooze(args: argparse.Namespace) -> int:
    """Snooze an incident, or end that."""
    from monitor.config.duration import parse_duration
    from monitor.errors import MonitorError
    from monitor.incidents.officer import find
    from monitor.oncall import deeds

    until = moment(args.until, "--until") if args.until else None
    try:
        length = parse_duration(args.length) if args.length else None
    except ValueError as error:
        raise MonitorError(f"--for: {error}") from error

    def work(deed: Deed) -> Incident:
        of = find(deed.conn, args.number)
        if args.end:
            deeds.unsnooze(deed, of)
        elif length is not None:
            deeds.snooze(deed, of, deed.now + length)
        elif until is not None:
            deeds.snooze(deed, of, until)
        return of

    return act(args, work, "is no longer snoozed" if args.end else "is snoozed")


def run_escalate(args: argparse.Namespace) -> int:
    """Call the next in line."""
    from alerts import phrases
    from monitor.incidents.officer import find
    from monitor.oncall import deeds

    names: list[str] = []

    def work(deed: Deed) -> Incident:
        of = find(deed.conn, args.number)
        called = deeds.call_next(deed, of)
        names.extend(phrases.office(each, "en", deed.policy) for each in called)
        return of

    return act(args, work, lambda: f"calls now: {', '.join(names)}")


def run_note(args: argparse.Namespace) -> int:
    """Note something."""
    from monitor.errors import MonitorError
    from monitor.incidents.officer import find, note

    text = _text(args.text)
    if not text:
        raise MonitorError("the note is empty: write what is to be kept")

    def work(deed: Deed) -> Incident:
        of = find(deed.conn, args.number)
        note(deed, of, text)
        return of

    return act(args, work, "has the note")


def act(
    args: argparse.Namespace,
    work: Callable[[Deed], Incident],
    said: str | Callable[[], str],
    *,
    thai: bool = False,
    notes: Sequence[str] = (),
) -> int:
    """Do an officer's deed in one transaction; it works beside a running program.

    The line that is printed ends with the English title, or the `thai` one. `said` may be made of
    what the deed found out, `notes` are what it has to say beside it, on standard error.
    """
    from monitor.incidents.officer import Deed

    settings = common.settings()
    policy = common.policy(settings)
    by = common.who(args)
    with common.database(settings) as database, database.write() as conn:
        done = work(Deed(conn, policy, by, datetime.now(UTC)))
    told = said if isinstance(said, str) else said()
    for each in notes:
        print(f"monitor: {each}", file=sys.stderr)
    if args.json:
        common.print_json(short(done))
    else:
        print(f"{done.number} {told}: {done.title_th if thai else done.title_en}")
        if done.state == "closed" and told != _CLOSED:
            print(f"It is closed and stays so: `monitor incidents reopen {done.number}` opens it.")
    return 0


def short(incident: Incident) -> dict[str, Any]:
    """An incident in a few values."""
    return {
        "number": incident.number,
        "level": incident.level.name,
        "title_en": incident.title_en,
        "title_th": incident.title_th,
        "state": incident.state,
        "exercise": incident.exercise,
        "categories": incident.categories,
        "hazard": incident.hazard,
        "countries": incident.countries,
        "opened_at": incident.opened_at.isoformat(),
        "last_item_at": incident.last_item_at.isoformat(),
        "sources": incident.sources,
        "independent_sources": incident.independent_sources,
        "acknowledged_by": incident.acknowledged_by,
    }


def moment(text: str, option: str) -> datetime:
    """A time with its zone; a Buddhist year is read and said to be. Raises NoDate."""
    from monitor.typeddate import typed_time

    return common.read_as(typed_time(text, option)).at.astimezone(UTC)


def _command(what: Any, name: str, run: Callable[..., int], told: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = what.add_parser(name, help=told)
    common.by_whom(parser)
    parser.set_defaults(run=run)
    return parser


def _titles(parser: argparse.ArgumentParser, told: str) -> None:
    parser.add_argument("--en", metavar="TITLE", help=f"{told}, in English")
    parser.add_argument("--th", metavar="TITLE", help=f"{told}, in Thai")


def needed(value: str, option: str, most: int) -> str:
    """What was written, on one line. Raises NotDone for nothing but blanks."""
    from alerts import clean
    from monitor.refusal import NotDone

    found = clean.one_line(value, most)
    if not found:
        raise NotDone("blank", option=option)
    return found


def in_both(key: str, **values: object) -> list[str]:
    """A sentence of `[oncall.said]` in English and Thai."""
    from alerts import words

    return [
        words.say(f"oncall.said.{key}", language, zone=None, **values) for language in ("en", "th")
    ]


def _text(value: str | None) -> str | None:
    from alerts import clean

    return (clean.one_line(value, 500) or None) if value else None


def _title(value: str | None) -> str | None:
    """A title on one line. Raises MonitorError for one that no subject and no page has room for."""
    from alerts import clean
    from monitor.errors import MonitorError

    found = clean.one_line(value or "")
    if len(found) > LONGEST_TITLE:
        raise MonitorError(
            f"the title has {len(found):,} characters, at most {LONGEST_TITLE} have room: "
            "write what, where, and how grave"
        )
    return found or None


def country(text: str) -> str:
    """The ISO code of a country given by its code or name. Raises ConfigError."""
    from monitor.countryname import country_code

    return country_code(text)


def hazard(key: str | None) -> str | None:
    """The key of a hazard given by its key or a name. Raises MonitorError naming near ones."""
    from monitor.config.policyrefs import hazard_keys, hazard_named
    from monitor.config.words_near import near
    from monitor.errors import MonitorError

    if key is None or (found := hazard_named(key)) is not None:
        return key and found
    raise MonitorError(f"{key!r} is no known hazard{near(key, hazard_keys())}")


def _level(name: str | None) -> Level | None:
    from monitor.errors import MonitorError
    from storage.records import Level

    if name is None:
        return None
    if name.upper() not in Level.__members__:
        raise MonitorError("--level must be FLASH, ALERT, WATCH or INFO")
    return Level[name.upper()]


def point(text: str | None) -> dict[str, float]:
    """Latitude and longitude under `lat` and `lon`, empty for None. Raises MonitorError."""
    from monitor.errors import MonitorError

    if text is None:
        return {}
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        lat = lon = 999.0
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise MonitorError(f"--point {text!r} is no place: write latitude,longitude: 21.9,95.9")
    return {"lat": lat, "lon": lon}

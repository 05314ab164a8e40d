"""`monitor incidents spoke` and `nationals`: what officers hear where no feed of ours reads."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.cli import common, incident_deeds
from monitor.cli.incident_deeds import NUMBER

if TYPE_CHECKING:
    from monitor.incidents.officer import Deed
    from storage.records import Incident

KINDS = (
    "travel_advice", "consular", "statement", "condolence", "aid_offer", "entry_health",
    "departure", "nationals_status", "clarification", "other",
)  # fmt: skip
STATUSES = ("unknown", "none_reported", "reported", "confirmed", "none_checked")
_CLOCKS_DIFFER = timedelta(minutes=5)
COUNTED = ("dead", "injured", "missing", "unreached", "held", "safe")


def add(what: Any) -> None:
    """Describe the commands."""
    spoke: argparse.ArgumentParser = what.add_parser(
        "spoke", help="record that a ministry spoke on a channel that no feed carries"
    )
    spoke.add_argument("number", metavar="N", help=NUMBER)
    spoke.add_argument("--country", required=True, help="who spoke, name or ISO code; ours too")
    spoke.add_argument("--kind", required=True, choices=KINDS)
    spoke.add_argument("--channel", required=True, help="where: a page, a briefing, a call")
    spoke.add_argument("--at", help="when, with zone: 2026-03-14T13:20+07:00 (default: now)")
    spoke.add_argument("--link", help="where it can be read")
    spoke.add_argument("--title", help="what was said, in a line")
    spoke.add_argument("--publisher", help="the office (default: the country's ministry)")
    common.by_whom(spoke)
    spoke.set_defaults(run=run_spoke)
    back: argparse.ArgumentParser = what.add_parser(
        "unspoke", help="take back what was recorded with `spoke` by mistake; the line stays"
    )
    back.add_argument("number", metavar="N", help=NUMBER)
    back.add_argument("entry", metavar="ENTRY", nargs="?", type=int, help="which, if several are")
    back.add_argument("--reason", required=True, help="why, in words")
    common.by_whom(back)
    back.set_defaults(run=run_unspoke)
    nationals: argparse.ArgumentParser = what.add_parser(
        "nationals", help="say what is known of our people; no source changes it from then on"
    )
    nationals.add_argument("number", metavar="N", help=NUMBER)
    nationals.add_argument("status", choices=STATUSES)
    nationals.add_argument("--source", required=True, help="who says so: a mission, the police")
    nationals.add_argument("--at", help="as of when, with zone (default: now)")
    nationals.add_argument("--note", default="", help="anything else; never names")
    for kind in COUNTED:
        nationals.add_argument(f"--{kind}", type=int, metavar="COUNT", help="with confirmed")
    common.by_whom(nationals)
    nationals.set_defaults(run=run_nationals)


def run_spoke(args: argparse.Namespace) -> int:
    """Record a communication."""
    from alerts import clean, words
    from monitor.communications.recorded import is_early, record
    from monitor.errors import MonitorError
    from monitor.incidents.officer import find

    country = incident_deeds.country(args.country)
    link = clean.link(args.link) if args.link else None
    if args.link and link is None:
        raise MonitorError(f"--link {args.link!r} is no web address: write https://…")

    channel = incident_deeds.needed(args.channel, "--channel", 80)
    notes: list[str] = []

    def work(deed: Deed) -> Incident:
        of, at = find(deed.conn, args.number), _at(args.at)
        if is_early(of, at):
            start = min(of.event_at or of.opened_at, of.opened_at)
            notes.extend(_dated("early", deed, at=at, start=start))
        return record(
            deed,
            of,
            at=at,
            country=country,
            publisher=clean.one_line(args.publisher or words.country(country, "en"), 80),
            channel=channel,
            kind=args.kind,
            title=clean.one_line(args.title or "", 200),
            link=link,
        )

    return incident_deeds.act(
        args, work, f"has what {words.country(country, 'en')} said", notes=notes
    )


def run_unspoke(args: argparse.Namespace) -> int:
    """Take a recorded communication back."""
    from monitor.communications.recorded import take_back
    from monitor.incidents.officer import find

    reason = incident_deeds.needed(args.reason, "--reason", 300)

    def work(deed: Deed) -> Incident:
        return take_back(deed, find(deed.conn, args.number), args.entry, reason)

    return incident_deeds.act(args, work, "no longer has that entry")


def run_nationals(args: argparse.Namespace) -> int:
    """Set the status of nationals."""
    from alerts import clean
    from monitor.communications.recorded import kept_beside, set_nationals
    from monitor.errors import MonitorError
    from monitor.incidents.officer import find

    counts = {kind: getattr(args, kind) for kind in COUNTED if getattr(args, kind) is not None}
    if counts and args.status != "confirmed":
        raise MonitorError(
            "numbers stand only with confirmed: write `confirmed`, or leave them out"
        )
    if args.status == "confirmed" and not any(counts.values()):
        raise MonitorError("confirmed needs a number: for example --injured 2")
    if any(count < 0 for count in counts.values()):
        raise MonitorError("a number of people is 0 or more")

    source = incident_deeds.needed(args.source, "--source", 120)
    notes: list[str] = []
    kept: list[str] = []

    def work(deed: Deed) -> Incident:
        of, at = find(deed.conn, args.number), _at(args.at)
        note = clean.one_line(args.note, 300)
        after = set_nationals(deed, of, args.status, counts, source=source, note=note, at=at)
        if (newer := kept_beside(deed, after, at)) is not None:
            kept.extend(_dated("older_kept", deed, at=newer))
        if after.level < of.level:
            old, new = of.level.name, after.level.name
            notes.extend(incident_deeds.in_both("lowered", old=old, new=new))
        return after

    def said() -> str:
        notes.extend(kept)
        return f"keeps the record {args.status}" if kept else f"has the status {args.status}"

    return incident_deeds.act(args, work, said, notes=notes)


def _dated(key: str, deed: Deed, **times: datetime) -> list[str]:
    """A sentence of `[oncall.said]` in English and Thai, its times at home."""
    from alerts import words

    return [
        words.say(
            f"oncall.said.{key}", language,
            zone=None,
            **{name: common.when(at, deed.policy, language) for name, at in times.items()},
        )
        for language in ("en", "th")
    ]  # fmt: skip


def _at(text: str | None) -> datetime:
    """When it was said; never in the future. Raises NotDone."""
    from monitor.refusal import NotDone

    now = datetime.now(UTC)
    found = incident_deeds.moment(text, "--at") if text else now
    if found > now + _CLOCKS_DIFFER:
        raise NotDone("future", at=text)
    return found

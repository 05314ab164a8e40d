"""`monitor rules test`: one made-up incident, which rules hold, who is told when, and why."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from alerts.policy import Policy
    from monitor.rules.trying import Tried

_LISTS = ("category", "country", "tag")


def add(what: Any) -> None:
    """Describe the command."""
    parser = what.add_parser("test", help="which rules hold for an example, who is told, and when")
    parser.add_argument("--file", metavar="JSON", help="the example as a file; options replace it")
    parser.add_argument("--title", help="a headline, for rules that look for words")
    parser.add_argument("--hazard", help="kind, for example EQ")
    parser.add_argument("--country", action="append", help="ISO code; may be repeated")
    parser.add_argument("--category", action="append", help="natural, health or human_made")
    parser.add_argument("--level", help="its level (default: what the level rules make of it)")
    parser.add_argument(
        "--figure", action="append", default=[], metavar="KIND=N", help="dead=12, magnitude=6.5, …"
    )
    parser.add_argument("--nationals", help="unknown, reported, harmed, confirmed, …")
    parser.add_argument("--point", help="latitude,longitude in degrees")
    for name in ("severity", "urgency", "certainty"):
        parser.add_argument(f"--{name}", help="in CAP's word")
    parser.add_argument("--sources", type=int, help="how many independent sources")
    parser.add_argument("--change", help="what happened to it (default: opened)")
    parser.add_argument("--feed", help="name of the feed")
    parser.add_argument("--feed-kind", help="hazard, health, news, ministry, …")
    parser.add_argument("--tier", help="official, un, wire, media or other")
    parser.add_argument("--communication", help="travel_advice, consular, …")
    parser.add_argument("--advice", help="a ministry's wording, for the step of advice")
    parser.add_argument("--probability", type=float, help="of its category, 0 to 1")
    parser.add_argument("--tag", action="append", help="a word the source files it under")
    parser.add_argument("--exercise", action="store_true", help="it is a drill")
    parser.add_argument("--at", help="when, with zone (default: now): 2026-04-13T02:00+07:00")
    parser.add_argument("--alerts", type=Path, help="another alerts.yaml than the one in force")
    parser.add_argument("--lang", choices=("th", "en"), default="en")
    common.add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what the rules say; exit 0 whether somebody is told or not."""
    from monitor.cli.incident_deeds import moment
    from monitor.rules.trying import example, tried

    settings = common.settings()
    policy = common.written_policy(settings, args.alerts)
    now = moment(args.at, "--at") if args.at else datetime.now(UTC)
    found = tried(example(_given(args), policy, now), policy, now)
    if args.json:
        common.print_json(_as_json(found))
    else:
        _print(found, policy, args.lang)
    return 0


def _given(args: argparse.Namespace) -> dict[str, Any]:
    from monitor.cli import incident_deeds
    from monitor.errors import MonitorError
    from storage.records import Level

    given = _file(args.file) if args.file else {}
    for name in (
        "title", "nationals", "severity", "urgency", "certainty", "sources", "change", "feed",
        "feed_kind", "tier", "communication", "advice", "probability", "hazard", "level",
    ):  # fmt: skip
        if getattr(args, name) is not None:
            given[name] = getattr(args, name)
    for name, many in (("category", "categories"), ("country", "countries"), ("tag", "tags")):
        if getattr(args, name):
            given[many] = getattr(args, name)
    if args.exercise:
        given["exercise"] = True
    if args.point:
        point = incident_deeds.point(args.point)
        given["point"] = (point["lat"], point["lon"])
    for part in args.figure:
        kind, _, value = part.partition("=")
        try:
            given.setdefault("figures", {})[kind] = float(value)
        except ValueError as error:
            raise MonitorError(f"--figure {part!r}: write for example dead=12") from error
    if given.get("level") is not None:
        given["level"] = str(given["level"]).upper()
        if given["level"] not in Level.__members__:
            raise MonitorError("--level must be FLASH, ALERT, WATCH or INFO")
    given["hazard"] = incident_deeds.hazard(given.get("hazard"))
    given["countries"] = [incident_deeds.country(code) for code in given.get("countries", ())]
    return given


def _file(name: str) -> dict[str, Any]:
    from monitor.errors import MonitorError

    try:
        found = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MonitorError(f"{name}: cannot be read as JSON ({error})") from error
    if not isinstance(found, dict):
        raise MonitorError(f'{name}: write one object, for example {{"hazard": "EQ"}}')
    return found


def _print(found: Tried, policy: Policy, language: str) -> None:
    from zoneinfo import ZoneInfo

    from alerts import dates, phrases, words

    zone = ZoneInfo(policy.timezone)
    incident = found.asked.incident
    print(f"[{phrases.level_word(incident.level, language)}] {phrases.title(incident, language)}")
    for line in words.reasons(incident.level_why, language, zone=zone):
        print(f"  {line}")
    print()
    rows = [
        (
            each.rule,
            words.say(f"rule_said.{each.outcome}", language),
            ", ".join(each.teams) if each.outcome in ("tells", "shadow") else "",
            " · ".join(words.reasons(each.why, language, zone=zone)),
        )
        for each in found.rules
    ]
    print(common.table(rows, common.heads(language, "rule", "says", "tells", "why")))
    print()
    for tell in found.tells:
        at = dates.moment(tell.at, language, zone=zone)
        word = words.say(f"rule_said.when.{tell.kind}", language)
        why = words.reasons(tell.why, language, zone=zone)
        shown = f" · {why[0]}" if tell.kind == "waits" and why else ""
        whom = phrases.office(tell.person, language, policy)
        print(f"{at}  {word}: {whom} ({tell.person}){shown}")
    if not found.tells:
        why = words.reasons(found.nobody, language, zone=zone)
        print(words.say("rule_said.nobody", language, why=" · ".join(why) or "–"))


def _as_json(found: Tried) -> dict[str, Any]:
    from alerts import words

    incident = found.asked.incident
    return {
        "level": incident.level.name,
        "level_why": list(words.reasons(incident.level_why, "en")),
        "title": {"en": incident.title_en, "th": incident.title_th},
        "rules": [
            {"rule": each.rule, "says": each.outcome, "teams": each.teams,
             "why": list(words.reasons(each.why, "en"))}
            for each in found.rules
        ],
        "tells": [
            {"at": each.at.isoformat(), "person": each.person, "kind": each.kind,
             "why": list(words.reasons(each.why, "en"))}
            for each in found.tells
        ],
        "nobody": list(words.reasons(found.nobody, "en")),
    }  # fmt: skip

"""`monitor feeds import` and `export`: lists of other programs, in and out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from monitor.cli import common
from monitor.cli.feed_edits import desk_of
from monitor.cli.feed_fields import add_who


def add(what: Any) -> None:
    """Describe the commands."""
    told = "take feeds over from an OPML or CSV file: a trial first, --write makes it so"
    taken = what.add_parser("import", help=told, description=told)
    taken.add_argument("file", metavar="FILE", help="an OPML or CSV file, or - for standard input")
    taken.add_argument("--write", action="store_true", help="do it (default: only show)")
    taken.add_argument(
        "--kind", default="news", choices=("hazard", "health", "human_made", "ministry", "advice",
        "news"), help="of entries that name none (default news)",
    )  # fmt: skip
    taken.add_argument(
        "--enabled", action="store_true", help="read new feeds at once (default: switched off)"
    )
    add_who(taken)
    common.add_json(taken)
    taken.set_defaults(run=run_import)
    told = "print the list as OPML or CSV, every key with it"
    given = what.add_parser("export", help=told, description=told)
    form = given.add_mutually_exclusive_group(required=True)
    form.add_argument("--opml", action="store_true", help="as OPML 2.0")
    form.add_argument("--csv", action="store_true", help="as a table")
    given.set_defaults(run=run_export)


def run_import(args: argparse.Namespace) -> int:
    """Show what an import would do, or do it; exit 1 if lines cannot be taken."""
    from alerts import words
    from monitor.tuning import deeds, listfile
    from monitor.tuning.editing import entries_of
    from monitor.tuning.exchange import read_file, tried

    raw = common.read_input(args.file)
    entries, bad = read_file(raw, args.file)
    with desk_of(args) as desk:
        desk.current()
        here = entries_of(listfile.look(desk.settings.feeds).text)
        trial = tried(entries, bad, here, kind=args.kind)
        done = None
        if args.write and trial.edits:
            why = args.why or f"import of {Path(args.file).name}"
            done = deeds.take_over(desk, trial, enabled=args.enabled, why=why)
    if args.json:
        common.print_json(
            {
                "new": [
                    {"line": each.line, "name": each.values["name"], "url": each.values["url"]}
                    for each in trial.new
                ],
                "changed": [
                    {"line": each.line, "name": name, "keys": list(differs)}
                    for name, each, differs in trial.changed
                ],
                "same": trial.same,
                "bad": [{"line": each.line, "why": each.why} for each in trial.bad],
                "change": done.number if done else None,
            }
        )
        return 1 if trial.bad else 0
    for each in trial.new:
        print(f"+ {each.values['name']}  {each.values['url']}")
    for name, _, differs in trial.changed:
        print(f"~ {name}  ({', '.join(differs)})")
    for fault in trial.bad:
        print(f"! {args.file}:{fault.line}: {fault.why}")
    key = "tuning.imported" if done else "tuning.import_trial"
    print(words.say(key, args.lang, new=len(trial.new), changed=len(trial.changed),
                    same=trial.same, bad=len(trial.bad)))  # fmt: skip
    if done:
        print(words.say("tuning.undo_by", args.lang, number=done.number))
    elif trial.edits:
        print(words.say("tuning.import_write", args.lang))
    return 1 if trial.bad else 0


def run_export(args: argparse.Namespace) -> int:
    """Print the list."""
    from monitor.tuning import listfile
    from monitor.tuning.editing import entries_of
    from monitor.tuning.exchange import to_csv, to_opml

    settings = common.settings()
    common.feedlist(settings)  # a faulty list is told, not exported
    entries = entries_of(listfile.look(settings.feeds).text)
    text = to_opml(entries) if args.opml else to_csv(entries)
    sys.stdout.buffer.write(text.encode("utf-8"))
    return 0

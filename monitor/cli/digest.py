"""`monitor digest`: looked at, changed before it goes out, sent again, compared."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli import common

if TYPE_CHECKING:
    from alerts.digest.content import DigestContent
    from alerts.policy import DigestPlan, Policy
    from monitor.config.settings import Settings
    from storage.database import Connection

DEEDS = ("show", "edit", "send", "test", "resend", "compare")


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser("digest", help="the daily digest and the weekly report")
    parser.add_argument(
        "deed", metavar="WHAT", nargs="?", choices=DEEDS, default="show",
        help="show (default) · edit: change the next issue before it goes out · send: an issue "
        "now · test: the next issue to one person, marked as a test · resend: a past issue again · "
        "compare: two days",
    )  # fmt: skip
    parser.add_argument(
        "--date", metavar="D", help="YYYY-MM-DD, the day it is issued (default: the next)"
    )
    parser.add_argument("--with", metavar="D", dest="other", help="compare: the other day")
    parser.add_argument(
        "--format", choices=("text", "html", "json", "eml", "pdf"), default="text",
        help="text of the onward edition is a cable",
    )  # fmt: skip
    parser.add_argument(
        "--edition", choices=("desk", "onward"), default="desk",
        help="desk: everything · onward: what may be forwarded, one A4 page",
    )  # fmt: skip
    parser.add_argument("--lang", choices=("th", "en", "both"), default="both")
    parser.add_argument(
        "--digest", metavar="ID", help="which one of alerts.yaml (default: the first)"
    )
    parser.add_argument("--out", metavar="FILE", help="write to this file instead of the terminal")
    parser.add_argument("--to", metavar="ID", help="test, resend: one person of alerts.yaml")
    parser.add_argument("--by", help="edit: who changes it, an office or a login (default: yours)")
    parser.add_argument("--bottom-line-th", metavar="TEXT", help="edit: the bottom line in Thai")
    parser.add_argument("--bottom-line-en", metavar="TEXT", help="edit: … in English")
    parser.add_argument("--hide", metavar="N", nargs="+", help="edit: leave these incidents out")
    parser.add_argument("--pick", metavar="N", nargs="+", help="edit: put these first, in order")
    parser.add_argument("--show", metavar="N", nargs="+", help="edit: back to where they were")
    parser.add_argument("--clear", action="store_true", help="edit: take all changes back")
    parser.add_argument("--send", action="store_true", help="the same as WHAT send")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do the one that was asked for."""
    from monitor.errors import MonitorError

    settings = common.settings()
    policy = common.policy(settings)
    plan = next((each for each in policy.digests if args.digest in (None, each.id)), None)
    if plan is None:
        raise MonitorError(f"{settings.alerts} plans no digest of that name")
    now = datetime.now(UTC)
    day, other = _days(args, plan, policy, settings, now)
    deed = "send" if args.send else args.deed
    if deed == "edit":
        return _edit(args, plan, policy, settings, now)
    if deed in ("test", "resend"):
        return _again(args, deed, plan, policy, settings, day, now)
    if deed == "compare":
        return _compare(args, plan, policy, settings, (day, other), now)
    if deed == "send":
        return _send(plan, policy, settings, day, now)
    return _show(args, plan, policy, settings, day, now)


def _days(
    args: argparse.Namespace, plan: DigestPlan, policy: Policy, settings: Settings, now: datetime
) -> tuple[date | None, date | None]:
    """The issues that --date and --with mean; None: the next one."""
    from monitor.digest.date import issue_day
    from monitor.typeddate import typed_day

    given = [
        common.read_as(typed_day(text, flag)).day if text else None
        for text, flag in ((args.date, "--date"), (args.other, "--with"))
    ]
    if given == [None, None]:
        return None, None
    with common.database(settings) as database, database.read() as conn:
        found = [issue_day(conn, plan, policy, day, now=now) if day else None for day in given]
    return found[0], found[1]


def _content(
    conn: Connection, plan: DigestPlan, policy: Policy, day: date | None, now: datetime
) -> DigestContent:
    """What was sent for that day, or what it would say."""
    from monitor.digest import daily

    found = daily.stored(conn, plan, day) if day else None
    return found or daily.content_for(conn, plan, policy, now=now, local_date=day)


def _show(
    args: argparse.Namespace, plan: DigestPlan, policy: Policy, settings: Settings,
    day: date | None, now: datetime,
) -> int:  # fmt: skip
    from alerts.digest.onward import onward
    from monitor.digest import daily

    with common.database(settings) as database, database.read() as conn:
        content = _content(conn, plan, policy, day, now)
    if args.format == "json":
        if args.edition == "onward":
            content = onward(content, policy.home_country)
        return _written(args, common.as_json_text(daily.as_json(content)).encode())
    if args.format == "pdf":
        return _written(args, _pdf(args, content, plan, policy, now))
    drawn = daily.drawn_for(content, args.lang, policy) if args.format in ("html", "eml") else None
    shown = daily.shown(
        content, plan, policy, settings,
        language=args.lang, now=now, edition=args.edition, drawn=drawn,
    )  # fmt: skip
    if args.format == "eml":
        return _written(args, shown.mime)
    text = shown.html if args.format == "html" else shown.text
    return _written(args, f"{text}\n".encode())


def _pdf(
    args: argparse.Namespace, content: DigestContent, plan: DigestPlan, policy: Policy,
    now: datetime,
) -> bytes:  # fmt: skip
    from alerts.errors import PictureError
    from monitor.digest import daily
    from monitor.digest.printing import as_pdf
    from monitor.errors import MonitorError

    reader = daily.reader_of(plan, policy, args.lang, now)
    drawn = daily.drawn_for(content, args.lang, policy, every=True)
    try:
        return as_pdf(content, reader, policy, edition=args.edition, drawn=drawn, made_at=now)
    except PictureError as error:
        raise MonitorError(f"{error}; the other formats can still be had") from error


def _written(args: argparse.Namespace, what: bytes) -> int:
    from monitor.errors import MonitorError

    if args.out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(what)
        sys.stdout.buffer.flush()
        return 0
    try:
        Path(args.out).write_bytes(what)
    except OSError as error:
        raise MonitorError(f"cannot write {args.out}: {error.strerror or error}") from error
    return 0


def _send(
    plan: DigestPlan, policy: Policy, settings: Settings, day: date | None, now: datetime
) -> int:
    from monitor.digest import daily

    with common.database(settings) as database:
        with database.read() as conn:
            ready = daily.ready_now(conn, plan, policy, settings, now=now, local_date=day)
        with database.write() as conn:
            queued = daily.settle(conn, ready, now=now)
    print(f"{queued} notices are in the outbox; the running program delivers them.")
    return 0


def _edit(
    args: argparse.Namespace, plan: DigestPlan, policy: Policy, settings: Settings, now: datetime
) -> int:
    import getpass

    from monitor.digest import edit

    by = args.by or getpass.getuser()
    with common.database(settings) as database, database.write() as conn:
        done = edit.edit(
            conn, plan, policy,
            wanted=edit.Wanted(
                args.bottom_line_th, args.bottom_line_en, args.hide, args.pick, args.clear,
                args.show,
            ),
            by=by, now=now,
        )  # fmt: skip
    print(done)
    return 0


def _again(
    args: argparse.Namespace, deed: str, plan: DigestPlan, policy: Policy, settings: Settings,
    day: date | None, now: datetime,
) -> int:  # fmt: skip
    from monitor.digest import daily
    from monitor.errors import MonitorError
    from storage import outbox

    person = policy.people.get(args.to or "")
    if args.to and person is None:
        raise MonitorError(
            f"--to {args.to!r} is nobody of {settings.alerts}: write one of "
            + ", ".join(policy.people)
        )
    if deed == "test" and person is None:
        raise MonitorError("digest test: say to whom, for example --to head-of-desk")
    if deed == "resend" and args.date is None:
        raise MonitorError("digest resend: say which issue, for example --date 2026-03-28")
    with common.database(settings) as database:
        with database.read() as conn:
            content = (
                (daily.stored(conn, plan, day) if day else None) if deed == "resend"
                else daily.content_for(conn, plan, policy, now=now, local_date=day)
            )  # fmt: skip
        if content is None:
            raise MonitorError(
                f"no issue of {plan.id} was sent for {args.date}: `monitor digest` shows the next"
            )
        readers = [person] if person else daily.readers_of(plan, policy, now)
        notices = [
            daily.notice_for(
                content, each, plan, f"{plan.id} {deed} {now.isoformat()}", policy, settings,
                now=now, edition=args.edition, test=deed == "test",
                drawn=daily.drawn_for(content, each.language, policy),
            )
            for each in readers
        ]  # fmt: skip
        with database.write() as conn:
            for notice in notices:
                outbox.enqueue(conn, notice, now)
    names = ", ".join(each.person for each in notices)
    print(f"{len(notices)} in the outbox, to {names}; the running program delivers them.")
    return 0


def _compare(
    args: argparse.Namespace, plan: DigestPlan, policy: Policy, settings: Settings,
    days: tuple[date | None, date | None], now: datetime,
) -> int:  # fmt: skip
    from alerts.digest.compare import compare
    from monitor.errors import MonitorError

    if args.other is None:
        raise MonitorError("digest compare: say with which day, for example --with 2026-03-27")
    with common.database(settings) as database, database.read() as conn:
        pair = [_content(conn, plan, policy, day, now) for day in days]
    pair.sort(key=lambda each: each.end)
    for language in ("th", "en") if args.lang == "both" else (args.lang,):
        section = compare(pair[0], pair[1], language)
        print(section.title)
        for entry in section.entries:
            print(f"- {entry.text} {entry.number}".rstrip())
    return 0

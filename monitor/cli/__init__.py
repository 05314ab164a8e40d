"""The command line: a stable contract that scripts rely on.

Exit code 0 on success, 1 when the work found failures, 2 on wrong use or bad input, with one
plain sentence on standard error. Each command is a module; what it needs is imported when it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from monitor import __version__
from monitor.errors import MonitorError

COMMANDS = (
    "run", "poll", "check", "parse", "classify", "link", "feeds", "rules", "incidents", "items",
    "ack", "advice", "communications", "digest", "model", "test_alert", "db", "doctor", "demo",
    "roster", "export",
    "silence", "mode",
)  # fmt: skip


class Parser(argparse.ArgumentParser):
    """Says what was wrong in one sentence, without the usage block in front."""

    def error(self, message: str) -> NoReturn:
        """Print the fault in plain words and how to get help; exit 2."""
        from monitor.cli.usage import plain

        self.exit(2, f"{self.prog}: {plain(message)} (try: {self.prog} --help)\n")


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="monitor",
        description="Watches ministries and hazard agencies and tells the duty desk.",
    )
    parser.add_argument("--version", action="version", version=f"monitor {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser
    )
    for name in COMMANDS:
        import_module(f"monitor.cli.{name}").add(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args))
    except MonitorError as error:
        thai = getattr(args, "lang", "") == "th"
        return _sorry(error.in_("th") if thai else error.in_both())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _plain(error):
            raise
        return _sorry(str(error))


def _plain(error: Exception) -> bool:
    """True for the faults of the other packages whose texts are for people."""
    from alerts.errors import WordsFileError
    from classifiers.errors import CorpusError, ModelError
    from storage.errors import StorageError

    return isinstance(error, StorageError | ModelError | CorpusError | WordsFileError)


def _sorry(text: str) -> int:
    print(f"monitor: {text}", file=sys.stderr)
    return 2


def entry() -> NoReturn:
    """What the `monitor` script calls."""
    sys.exit(main())

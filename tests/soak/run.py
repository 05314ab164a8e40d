"""One run from the first process to the report."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.mailserver import MailServer, mailserver
from tests.office import Office
from tests.soak import verdicts
from tests.soak.plan import Source, feed_list, sources
from tests.soak.playing import NETS, FeedServer, Program, feed_server, make_office, program
from tests.soak.processes import MIB
from tests.soak.samples import Sample, table, trend
from tests.soak.verdicts import Ended, Verdict

SAMPLE_EVERY_S = 10.0
MARK_EVERY_S = 60.0
WARM_UP_S, WARM_UP_SHARE = 600.0, 0.5
CHECKED_WITHIN_S = 600.0  # each, after the end, however busy the machine is
PAGES = ("/", "/feeds", "/healthz")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run has shown."""

    feeds: int
    seconds: float
    warm_up_s: float
    samples: tuple[Sample, ...]
    verdicts: tuple[Verdict, ...]
    told: dict[str, Any]

    @property
    def ok(self) -> bool:
        """True when every limit held."""
        return all(each.ok for each in self.verdicts)

    def as_text(self) -> str:
        """The report for a person."""
        steady = [each for each in self.samples if each.at_s >= self.warm_up_s]
        asked, cpu_s = self.told["asked"], self.samples[-1].cpu_s if self.samples else 0.0
        waited_s = self.samples[-1].main_waited_s if self.samples else 0.0
        load = statistics.fmean(each.load for each in self.samples) if self.samples else 0.0
        pages = trend(steady, lambda each: each.page_ms)
        growing = trend(steady, lambda each: each.database_mib)
        return "\n".join((
            f"{self.feeds} feeds for {self.seconds / 60:.1f} min, "
            f"the first {self.warm_up_s / 60:.1f} min are warm-up",
            f"{asked} visits, {100 * self.told['unchanged'] / max(asked, 1):.0f} % answered 304; "
            f"{cpu_s:.0f} s CPU, {1000 * cpu_s / max(asked, 1):.1f} ms a visit; slowest page "
            f"{pages.middle:.0f} ms on average; database {growing.per_hour:+.0f} MiB an hour",
            f"threads of the main process waited {waited_s:.0f} s in all for a processor; load of "
            f"the machine {load:.1f} on average, with {os.cpu_count()} processors",
            "",
            "main, tree: MiB of memory (PSS), of the main process and of all; own: of the main "
            "process, written by itself; sock, estab, c_wait: its sockets; load: of the machine",
            table(self.samples),
            "",
            *(each.line() for each in self.verdicts),
            "",
            "all limits held" if self.ok else "LIMITS BROKEN",
        ))  # fmt: skip


def run(
    out: Path,
    *,
    minutes: float,
    feeds: int,
    model_dir: Path,
    mark_every_s: float = MARK_EVERY_S,
    sample_every_s: float = SAMPLE_EVERY_S,
    say: Say = lambda line: None,
) -> Report:
    """Play the plan for so long; the report, which is also left in `out` as JSON and text."""
    planned = sources(feeds)
    with (
        feed_server(str(feeds), "--mark-every", str(mark_every_s)) as network,
        mailserver() as mail,
    ):
        office = make_office(out, model_dir, feed_list(planned, network.port))
        office.environ.update(
            MONITOR_ALLOW_HOSTS=NETS,
            MONITOR_SMTP_URL=mail.url,
            MONITOR_MAIL_FROM="alerts@ministry.example",
        )
        with program(office) as running:
            say(f"{feeds} feeds; the page is at {running.url}; the log is {running.said}")
            began = time.monotonic()
            samples: list[Sample] = []
            try:
                while (at_s := time.monotonic() - began) < minutes * 60:
                    if (sample := _sample(at_s, running, network, mail, office)) is None:
                        say("the program has ended")
                        break
                    samples.append(sample)
                    if len(samples) % 6 == 1:
                        say(table(samples[-2:], rows=1).splitlines()[-1 if samples[1:] else 0])
                    time.sleep(max(0.0, sample_every_s - (time.monotonic() - began - at_s)))
            except KeyboardInterrupt:
                say("interrupted: judging what there is")
            seconds = time.monotonic() - began
            told, ended_s = network.told(visits=True), time.time()
            code, took_s, left = running.stop()
        told_after = network.told()
        listed = json.loads(
            office.monitor("feeds", "list", "--json", timeout_s=CHECKED_WITHIN_S).ok()
        )
        checked = office.monitor("db", "check", timeout_s=CHECKED_WITHIN_S)
        ended = Ended(
            code, took_s, len(left), told_after["open"] - 1,
            running.said.read_text(encoding="utf-8", errors="replace"),
            checked.out or checked.err,
        )  # fmt: skip
        warm_up_s = min(WARM_UP_S, seconds * WARM_UP_SHARE)
        report = Report(
            feeds, seconds, warm_up_s, tuple(samples),
            (
                *verdicts.judge_samples(
                    samples, warm_up_s, min(verdicts.filled_s(told["ages"], seconds), seconds / 2)
                ),
                *verdicts.judge_visits(planned, told["ages"], seconds - warm_up_s),
                *verdicts.judge_marks(told["marks"], mail.taken, office.database, ended_s),
                *verdicts.judge_states(planned, listed),
                verdicts.judge_identities(planned, office.database),
                *verdicts.judge_end(ended),
            ),
            told,
        )  # fmt: skip
    _keep(out, report, planned, listed)
    return report


def _sample(
    at_s: float, running: Program, network: FeedServer, mail: MailServer, office: Office
) -> Sample | None:
    """The program now; None when it has ended."""
    found = running.look()
    if not found or found[0].zombie:
        return None
    main = found[0]
    told = network.told()
    return Sample(
        at_s=at_s,
        pss_mib=sum(each.pss_mib for each in found),
        own_mib=sum(each.own_mib for each in found),
        processes=len(found),
        zombies=sum(each.zombie for each in found),
        threads=sum(each.threads for each in found),
        fds=sum(each.fds for each in found),
        cpu_s=sum(each.cpu_s for each in found),
        main_pss_mib=main.pss_mib,
        main_own_mib=main.own_mib,
        main_waited_s=main.waited_s,
        main_fds=main.fds,
        main_threads=main.threads,
        sockets=dict(main.sockets),
        pss_by_pid={each.pid: round(each.pss_mib, 2) for each in found},
        database_mib=_size(office.database),
        wal_mib=_size(office.database.with_name(office.database.name + "-wal")),
        asked=told["asked"],
        open=told["open"] - 1,  # ours
        mails=len(mail.taken),
        page_ms=max(running.page_ms(path) for path in PAGES),
        load=os.getloadavg()[0],
    )


def _size(path: Path) -> float:
    return path.stat().st_size / MIB if path.exists() else 0.0


def _keep(
    out: Path, report: Report, planned: Sequence[Source], listed: Sequence[dict[str, Any]]
) -> None:
    (out / "report.txt").write_text(report.as_text() + "\n", encoding="utf-8")
    hostile = {each.name for each in planned if each.hostile}
    kept = {
        "feeds": report.feeds,
        "seconds": report.seconds,
        "warm_up_s": report.warm_up_s,
        "ok": report.ok,
        "verdicts": [asdict(each) for each in report.verdicts],
        "samples": [asdict(each) for each in report.samples],
        "server": report.told,
        "hostile": {row["name"]: row for row in listed if row["name"] in hostile},
    }
    (out / "report.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")


def say(line: str) -> None:
    """To the person who waits."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()

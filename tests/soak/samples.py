"""What is measured every few seconds, and the arithmetic on rows of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The program at one moment; the first numbers are of all its processes together."""

    at_s: float  # since the start
    pss_mib: float
    own_mib: float  # see `processes.Process`
    processes: int
    zombies: int
    threads: int
    fds: int
    cpu_s: float  # used so far
    main_pss_mib: float
    main_own_mib: float
    main_waited_s: float  # so far, for a processor
    main_fds: int
    main_threads: int
    sockets: dict[str, int]  # of the main process, by state
    pss_by_pid: dict[int, float]
    database_mib: float
    wal_mib: float
    asked: int  # of the server, so far
    open: int  # connections at the server
    mails: int
    page_ms: float  # the slowest of the pages looked at
    load: float  # of the machine: programs that ran or wanted to, over the last minute


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line through measurements: where it runs in the middle, and its slope an hour."""

    middle: float
    per_hour: float

    def over(self, seconds: float) -> float:
        """By how much the line rises in this time."""
        return self.per_hour * seconds / HOUR_S


def trend(samples: Sequence[Sample], value: Callable[[Sample], float]) -> Trend:
    """The line of least squares; level when there are fewer than three samples."""
    values = [value(each) for each in samples]
    if len(values) < 3:
        return Trend(statistics.fmean(values) if values else 0.0, 0.0)
    line = statistics.linear_regression([each.at_s / HOUR_S for each in samples], values)
    return Trend(statistics.fmean(values), line.slope)


def growth(samples: Sequence[Sample], value: Callable[[Sample], float]) -> float:
    """The median of the last third less that of the first: blind to what comes and goes."""
    values = [value(each) for each in samples]
    third = len(values) // 3
    if not third:
        return 0.0
    return statistics.median(values[-third:]) - statistics.median(values[:third])


def table(samples: Sequence[Sample], rows: int = 30) -> str:
    """About so many samples as lines of text, the last one among them."""
    heads = ("min", "main", "tree", "own", "proc", "thr", "fd", "sock", "estab", "c_wait", "cpu%",
             "polls/s", "db", "wal", "mails", "page", "load")  # fmt: skip
    every = max(1, len(samples) // rows)
    chosen = list(samples[every - 1 :: every])
    if samples and chosen[-1] is not samples[-1]:
        chosen.append(samples[-1])
    lines = [" ".join(f"{head:>7}" for head in heads)]
    before = samples[0] if samples else None
    for each in chosen:
        assert before is not None
        took = (each.at_s - before.at_s) or 1.0
        cells = (
            f"{each.at_s / 60:.1f}", f"{each.main_pss_mib:.1f}", f"{each.pss_mib:.1f}",
            f"{each.main_own_mib:.1f}", each.processes, each.threads, each.fds,
            sum(each.sockets.values()), each.sockets.get("ESTABLISHED", 0),
            each.sockets.get("CLOSE_WAIT", 0),
            f"{100 * (each.cpu_s - before.cpu_s) / took:.0f}",
            f"{(each.asked - before.asked) / took:.1f}",
            f"{each.database_mib:.1f}", f"{each.wal_mib:.1f}", each.mails, f"{each.page_ms:.0f}",
            f"{each.load:.1f}",
        )  # fmt: skip
        lines.append(" ".join(f"{cell:>7}" for cell in cells))
        before = each
    return "\n".join(lines)

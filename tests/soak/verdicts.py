"""What a run has shown, held against its limits."""

from __future__ import annotations

import re
import sqlite3
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.mailserver import Mail
from tests.soak.hostility import STORIES
from tests.soak.plan import Source
from tests.soak.samples import Sample, growth, trend

MEMORY_MIB_PER_HOUR = 5.0
MEMORY_NOISE_MIB = 4.0  # what the main process may grow by in a short run in all
PARSERS_NOISE_MIB = 12.0  # the same with the parsers, which grow until they are replaced
TREE_MIB = 500.0  # of all processes, as a rule
PARSER_MIB = 512.0  # that one hostile document may cost on top for a moment
LATE_PRIORITY_S = 5.0  # beyond the interval
LATE_S = 60.0  # beyond the interval and its jitter, for all others
JITTER = 1.1
ALERT_WITHIN_S = 30.0  # of an item's publication on a priority feed
FILLED_S = 300.0  # after the first visit to the last feed, what is remembered of each is there
SETTLED_S = 60.0  # a mark this close to the end need not have arrived
HANDLES = 8.0  # that may come on top: of files, of sockets, of threads
PAGE_MS = 3000.0  # 19 of 20 times, for the slowest of the pages
STOP_S = 5.0
NEVER_S = 1e6
_TOKEN = re.compile(r"Mark(\d{4})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One limit: what was found, what was allowed, and whether it held."""

    name: str
    ok: bool
    found: str
    limit: str

    def line(self) -> str:
        """For the report."""
        return f"{'ok  ' if self.ok else 'FAIL'} {self.name}: {self.found} (limit: {self.limit})"


@dataclass(frozen=True, slots=True)
class Ended:
    """How the program ended, and what it left behind."""

    code: int | None
    took_s: float
    left: int  # processes that outlived it
    open: int  # connections at the server
    log: str
    check: str  # of the database


def judge_samples(
    samples: Sequence[Sample], warm_up_s: float, filled_s: float = 0.0
) -> list[Verdict]:
    """Memory, files, sockets, threads and processes after the warm-up.

    Memory only from `filled_s` on, where that is later: a busy machine may need longer than the
    warm-up to read every feed once.
    """
    steady = [each for each in samples if each.at_s >= warm_up_s]
    filled = [each for each in steady if each.at_s >= filled_s]
    if len(filled) < 3:
        return [Verdict("samples", False, f"{len(filled)} after the warm-up", "3 or more")]
    hours = (filled[-1].at_s - filled[0].at_s) / 3600
    found = []
    for name, noise_mib, value in (
        ("memory of the main process", MEMORY_NOISE_MIB, _main_mib),
        ("memory of all processes", PARSERS_NOISE_MIB, _tree_mib),
    ):
        allowed = max(MEMORY_MIB_PER_HOUR, noise_mib / hours)
        line = trend(filled, value)
        # Workers are replaced now and then, so their sum goes up and down like a saw.
        rise = min(line.per_hour, growth(filled, value) * 1.5 / hours)
        found.append(Verdict(
            name, rise <= allowed,
            f"{rise:+.1f} MiB an hour around {line.middle:.0f} MiB, from minute "
            f"{filled[0].at_s / 60:.0f} on",
            f"{allowed:.1f} an hour",
        ))  # fmt: skip
    sizes = sorted(each.pss_mib for each in samples)
    usual, peak = sizes[int(0.95 * (len(sizes) - 1))], sizes[-1]
    found += [
        Verdict("usual memory", usual <= TREE_MIB, f"{usual:.0f} MiB", f"{TREE_MIB:.0f}"),
        Verdict(
            "peak memory", peak <= TREE_MIB + PARSER_MIB, f"{peak:.0f} MiB",
            f"{TREE_MIB + PARSER_MIB:.0f}, with a hostile document in a parser",
        ),
    ]  # fmt: skip
    found += [
        _flat("open files", steady, lambda each: each.fds),
        _flat("sockets", steady, lambda each: sum(each.sockets.values())),
        _flat("sockets in CLOSE_WAIT", steady, lambda each: each.sockets.get("CLOSE_WAIT", 0)),
        _flat("connections at the server", steady, lambda each: each.open),
        _flat("threads", steady, lambda each: each.threads),
        _flat("processes", steady, lambda each: each.processes, allowed=0),
        _flat("write-ahead log, MiB", steady, lambda each: each.wal_mib),
    ]
    slow = sorted(each.page_ms for each in steady)[int(0.95 * (len(steady) - 1))]
    found.append(Verdict("pages of the desk", slow <= PAGE_MS, f"{slow:.0f} ms", f"{PAGE_MS:.0f}"))
    zombies = sum(each.zombies > 0 for each in steady)
    lasting = any(one.zombies and two.zombies for one, two in pairwise(steady))
    found.append(Verdict("zombies", not lasting, f"in {zombies} samples", "in no two in a row"))
    return found


def _main_mib(sample: Sample) -> float:
    return sample.main_own_mib


def _tree_mib(sample: Sample) -> float:
    return sample.own_mib


def _flat(
    name: str,
    samples: Sequence[Sample],
    value: Callable[[Sample], float],
    *,
    allowed: float = HANDLES,
) -> Verdict:
    rise = growth(samples, value)
    values = [value(each) for each in samples]
    found = f"{rise:+.0f}, between {min(values):.0f} and {max(values):.0f}"
    return Verdict(name, rise <= allowed, found, f"+{allowed:.0f}")


def filled_s(ages: Mapping[str, Sequence[float]], seconds: float) -> float:
    """When memory may be judged: some time after the last feed was visited for the first time.

    `ages` as for `judge_visits`; `seconds` is how long the run took.
    """
    first = [visits[0] for visits in ages.values() if visits]
    return seconds - min(first) + FILLED_S if first else 0.0


def judge_visits(
    planned: Sequence[Source], ages: Mapping[str, Sequence[float]], steady_s: float
) -> list[Verdict]:
    """No feed was left alone for longer than it should have been.

    `ages` says how many seconds ago each feed was visited; the last `steady_s` seconds are
    judged apart from the warm-up, in which every document is new.
    """
    early: list[tuple[float, str]] = []
    late: dict[bool, list[tuple[float, str]]] = {False: [], True: []}
    unseen: list[str] = []
    for source in planned:
        if source.hostile:
            continue
        visits = ages.get(str(source.number), [])
        if not visits or visits[0] <= steady_s:
            unseen.append(source.name)
        due_s = source.every_s if source.priority else source.every_s * JITTER
        for before, after in pairwise([*visits, 0.0]):
            gap = before - after - due_s, source.name
            if before <= steady_s:
                late[source.priority].append(gap)
            elif source.priority:
                early.append(gap)
    return [
        Verdict(
            "feeds first read in the warm-up", not unseen,
            f"all but {len(unseen)}: {', '.join(unseen[:5])}" if unseen else "all", "all",
        ),
        _late("priority feeds in the warm-up", early, LATE_PRIORITY_S),
        _late("priority feeds after the warm-up", late[True], LATE_PRIORITY_S),
        _late("the other healthy feeds after the warm-up", late[False], LATE_S),
    ]  # fmt: skip


def _late(whose: str, found: Sequence[tuple[float, str]], limit_s: float) -> Verdict:
    worst, name = max(found, default=(0.0, "none"))
    over = sum(late_s > limit_s for late_s, _ in found)
    return Verdict(
        f"lateness of {whose}", worst <= limit_s,
        f"at most {worst:+.1f} s ({name}), {over} of {len(found)} visits too late",
        f"{limit_s:.0f} s beyond the interval",
    )  # fmt: skip


def judge_marks(
    marks: Mapping[str, str], mails: Sequence[Mail], database: Path, ended_s: float
) -> list[Verdict]:
    """Every marked item was stored, and told exactly once, soon."""
    published = {int(mark): datetime.fromisoformat(at).timestamp() for mark, at in marks.items()}
    due = {mark for mark, at_s in published.items() if at_s < ended_s - SETTLED_S}
    told: Counter[int] = Counter()
    waits: dict[int, float] = {}
    others = 0
    for mail in mails:
        about = {int(found) for found in _TOKEN.findall(mail.body("plain"))}
        others += not about
        for mark in about:
            told[mark] += 1
            waits.setdefault(mark, mail.at_s - published.get(mark, mail.at_s))
    stored = _stored(database)
    keeps = {mark: stored[mark] - at_s for mark, at_s in published.items() if mark in stored}
    missing, twice = sorted(due - told.keys()), sorted(m for m, n in told.items() if n > 1)
    return [
        Verdict(
            "marked items told exactly once", not missing and not twice and bool(due),
            f"{len(told)} of {len(published)} told in {len(mails)} mails ({others} about others), "
            f"missing {missing[:10]}, more than once {twice[:10]}",
            f"all {len(due)} that were published {SETTLED_S:.0f} s before the end, once",
        ),
        _soon("from publication to mail", waits.values(), ALERT_WITHIN_S),
        _soon("from publication to database", keeps.values(), ALERT_WITHIN_S),
    ]  # fmt: skip


def _soon(name: str, waits: Any, limit_s: float) -> Verdict:
    values = sorted(waits) or [float("inf")]
    found = f"median {statistics.median(values):.1f} s, at most {values[-1]:.1f} s"
    return Verdict(name, values[-1] <= limit_s, found, f"{limit_s:.0f} s")


def _stored(database: Path) -> dict[int, float]:
    """Mark → when the program first saw it."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as conn:
        rows = conn.execute(
            "SELECT title, first_seen_at FROM item WHERE title LIKE '%Mark____%'"
        ).fetchall()
    conn.close()
    found: dict[int, float] = {}
    for title, at in rows:
        if token := _TOKEN.search(title):
            found[int(token[1])] = datetime.fromisoformat(at).timestamp()
    return found


def judge_states(planned: Sequence[Source], rows: Sequence[Mapping[str, Any]]) -> list[Verdict]:
    """Every feed is in a state that fits it."""
    states = {row["name"]: row["state_key"] for row in rows}
    found = []
    for hostile, name in ((False, "healthy feeds that are well"), (True, "hostile feeds named")):
        concerned = [each for each in planned if each.hostile is hostile]
        wrong = [
            f"{each.name}: {states.get(each.name)}"
            for each in concerned
            if states.get(each.name) not in each.states
        ]
        found.append(Verdict(
            name, not wrong,
            f"{len(concerned) - len(wrong)} of {len(concerned)}"
            + (f"; not so: {', '.join(wrong[:12])}" if wrong else ""),
            "all",
        ))  # fmt: skip
    return found


def judge_identities(planned: Sequence[Source], database: Path) -> Verdict:
    """Feeds whose guids change with every visit have brought each story once."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as conn:
        rows = conn.execute(
            "SELECT feed.name, count(*) FROM item JOIN feed ON feed.id = item.feed_id"
            " WHERE feed.name LIKE 'Hostile%' GROUP BY feed.name"
        ).fetchall()
    conn.close()
    counts = dict(rows)
    concerned = [each.name for each in planned if each.form in ("new_guids", "edited")]
    most = max((counts.get(name, 0) for name in concerned), default=0)
    return Verdict(
        "items of a feed with new guids or titles at every visit", most <= STORIES,
        f"at most {most}", f"{STORIES}",
    )  # fmt: skip


def judge_end(ended: Ended) -> list[Verdict]:
    """It stopped when told to, and left nothing running, open or broken."""
    tracebacks = ended.log.count("Traceback (most recent call last)")
    return [
        Verdict("exit code", ended.code == 0, str(ended.code), "0"),
        Verdict("time to stop", ended.took_s <= STOP_S, f"{ended.took_s:.1f} s", f"{STOP_S:.0f}"),
        Verdict("processes left behind", ended.left == 0, str(ended.left), "0"),
        Verdict("connections left open", ended.open == 0, str(ended.open), "0"),
        Verdict("tracebacks in the log", tracebacks == 0, str(tracebacks), "0"),
        Verdict("database", "sound" in ended.check, ended.check.strip()[:200], "sound"),
    ]

"""The judge of the soak finds what it is there to find."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.mailserver import Mail
from tests.soak import processes, verdicts
from tests.soak.plan import sources
from tests.soak.samples import Sample, growth, table, trend
from tests.soak.verdicts import Ended, Verdict

FIRST = Sample(
    at_s=0, pss_mib=400, own_mib=380, processes=4, zombies=0, threads=16, fds=70, cpu_s=0,
    main_pss_mib=300, main_own_mib=290, main_waited_s=0, main_fds=60, main_threads=12,
    sockets={"ESTABLISHED": 20}, pss_by_pid={1: 300}, database_mib=1, wal_mib=4, asked=0, open=20,
    mails=0, page_ms=20, load=1,
)  # fmt: skip
PUBLISHED = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ENDED_S = PUBLISHED.timestamp() + 600


def hour(**rises: float) -> list[Sample]:
    """An hour of samples in which these numbers rise by so much."""
    return [
        replace(
            FIRST, at_s=10.0 * step,
            **{name: getattr(FIRST, name) + rise * step / 360 for name, rise in rises.items()},
        )
        for step in range(361)
    ]  # fmt: skip


def broken(found: Sequence[Verdict]) -> set[str]:
    return {each.name for each in found if not each.ok}


def test_a_line_through_rising_numbers_has_their_slope() -> None:
    line = trend(hour(pss_mib=12), lambda each: each.pss_mib)
    assert line.per_hour == pytest.approx(12)
    assert line.middle == pytest.approx(406)
    assert line.over(1800) == pytest.approx(6)


def test_growth_is_blind_to_what_comes_and_goes() -> None:
    jagged = [replace(each, fds=70 + step % 7) for step, each in enumerate(hour())]
    assert growth(jagged, lambda each: each.fds) == 0
    assert growth(hour(fds=30), lambda each: each.fds) == pytest.approx(20, abs=0.5)


def test_a_level_hour_breaks_no_limit() -> None:
    assert broken(verdicts.judge_samples(hour(), 600)) == set()


@pytest.mark.parametrize(
    ("rises", "name"),
    [
        ({"main_own_mib": 8}, "memory of the main process"),
        ({"own_mib": 20}, "memory of all processes"),
        ({"pss_mib": 200}, "usual memory"),
        ({"pss_mib": 2000}, "peak memory"),
        ({"fds": 30}, "open files"),
        ({"threads": 30}, "threads"),
        ({"processes": 2}, "processes"),
        ({"open": 30}, "connections at the server"),
        ({"wal_mib": 30}, "write-ahead log, MiB"),
        ({"page_ms": 9000}, "pages of the desk"),
    ],
)
def test_a_leak_is_named(rises: dict[str, float], name: str) -> None:
    assert name in broken(verdicts.judge_samples(hour(**rises), 600))


@pytest.mark.parametrize(
    "leaked",
    [
        lambda minute: minute / 3,
        lambda minute: float(minute // 3),
        lambda minute: 10.0 * (minute >= 20) + 10.0 * (minute >= 40),
    ],
    ids=["steadily", "a MiB at a time", "ten MiB at a time"],
)
def test_a_leak_of_twenty_mib_an_hour_is_named_however_it_comes(
    leaked: Callable[[float], float],
) -> None:
    leaking = [
        replace(each, main_own_mib=290 + 3 * (step * 7919 % 11) / 10 + leaked(each.at_s / 60))
        for step, each in enumerate(hour())
    ]
    assert broken(verdicts.judge_samples(leaking, 600)) == {"memory of the main process"}


def test_memory_is_judged_from_when_every_feed_has_been_read() -> None:
    ages = {"1": [3590.0, 3000.0, 10.0], "2": [2100.0, 20.0], "3": []}
    assert verdicts.filled_s(ages, 3600) == 1500 + verdicts.FILLED_S
    filling = [replace(each, main_own_mib=290 + 30 * min(each.at_s / 1500, 1.0)) for each in hour()]
    memory = {"memory of the main process"}
    assert broken(verdicts.judge_samples(filling, 300)) == memory
    assert broken(verdicts.judge_samples(filling, 300, 1800)) == set()
    assert broken(verdicts.judge_samples(hour(main_own_mib=20), 300, 1800)) == memory


def test_libraries_that_fewer_other_programs_share_are_no_leak() -> None:
    alone = hour(main_pss_mib=26, pss_mib=26)
    assert broken(verdicts.judge_samples(alone, 600)) == set()


def test_sockets_that_pile_up_are_named() -> None:
    leaking = [replace(each, sockets={"CLOSE_WAIT": step // 6}) for step, each in enumerate(hour())]
    assert broken(verdicts.judge_samples(leaking, 600)) == {"sockets", "sockets in CLOSE_WAIT"}


def test_a_zombie_that_stays_is_named_and_one_that_goes_is_not() -> None:
    passing = hour()
    passing[200] = replace(passing[200], zombies=1)
    assert broken(verdicts.judge_samples(passing, 600)) == set()
    passing[201] = replace(passing[201], zombies=1)
    assert broken(verdicts.judge_samples(passing, 600)) == {"zombies"}


def test_a_run_that_ended_at_once_has_shown_nothing() -> None:
    assert broken(verdicts.judge_samples([], 600)) == {"samples"}


ON_TIME = [float(age) for age in range(500, 0, -10)]


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        (ON_TIME, set()),
        ([age for age in ON_TIME if age not in (450, 440)],
         {"lateness of priority feeds in the warm-up"}),
        ([age for age in ON_TIME if age not in (50, 40)],
         {"lateness of priority feeds after the warm-up"}),
        (ON_TIME[:-5], {"lateness of priority feeds after the warm-up"}),
        (ON_TIME[30:], {"feeds first read in the warm-up"}),
        ([], {"feeds first read in the warm-up"}),
    ],
    ids=["never", "in the warm-up", "later", "in the end", "at first", "always"],
)  # fmt: skip
def test_a_priority_feed_that_is_late_is_named_with_when_it_was(
    visits: list[float], expected: set[str]
) -> None:
    planned = [each for each in sources(100) if each.priority][:1]
    ages = {str(planned[0].number): visits}
    assert broken(verdicts.judge_visits(planned, ages, 300)) == expected


def test_the_other_feeds_may_be_a_minute_late() -> None:
    planned = [each for each in sources(100) if not each.priority][:1]
    every_s = planned[0].every_s * verdicts.JITTER
    for late_s, expected in ((59, set()), (61, {"the other healthy feeds after the warm-up"})):
        resumed = 290 - every_s - late_s
        visits = [500.0, 290.0, *(resumed - 30 * step for step in range(int(resumed // 30) + 1))]
        ages = {str(planned[0].number): visits}
        found = broken(verdicts.judge_visits(planned, ages, 300))
        assert {name.removeprefix("lateness of ") for name in found} == expected


def mail(words: str, after_s: float = 12) -> Mail:
    message = EmailMessage()
    message.set_content(words)
    return Mail(("duty@ministry.example",), message, PUBLISHED.timestamp() + after_s)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE feed (id INTEGER, name TEXT)")
        conn.execute("CREATE TABLE item (feed_id INTEGER, title TEXT, first_seen_at TEXT)")
        conn.execute("INSERT INTO item VALUES (1, 'M 7.2 - Mark0003 Town', '2026-11-22T08:30:09Z')")
    conn.close()
    return path


@pytest.mark.parametrize(
    ("mails", "expected"),
    [
        ([mail("M 7.2 - Mark0003 Town"), mail("the digest")], set()),
        ([mail("M 7.2 - Mark0003 Town", 90)], {"from publication to mail"}),
        ([mail("Mark0003"), mail("Mark0003")], {"marked items told exactly once"}),
        ([], {"marked items told exactly once", "from publication to mail"}),
    ],
    ids=["once", "late", "twice", "never"],
)
def test_every_marked_item_must_be_told_once_and_soon(
    mails: list[Mail], expected: set[str], database: Path
) -> None:
    marks = {"3": PUBLISHED.isoformat()}
    assert broken(verdicts.judge_marks(marks, mails, database, ENDED_S)) == expected


def test_an_item_that_was_published_just_before_the_end_need_not_have_arrived(
    database: Path,
) -> None:
    late = datetime.fromtimestamp(ENDED_S - 5, UTC).isoformat()
    marks = {"3": PUBLISHED.isoformat(), "4": late}
    assert broken(verdicts.judge_marks(marks, [mail("Mark0003")], database, ENDED_S)) == set()


def test_a_feed_in_a_state_that_does_not_fit_is_named() -> None:
    planned = sources(100)
    rows = [{"name": each.name, "state_key": min(each.states)} for each in planned]
    assert broken(verdicts.judge_states(planned, rows)) == set()
    drip = next(at for at, each in enumerate(planned) if each.form == "drip")
    rows[drip]["state_key"], rows[0]["state_key"] = "ok", "timed_out"
    assert len(broken(verdicts.judge_states(planned, rows))) == 2


def test_an_end_with_something_left_is_named() -> None:
    well = Ended(0, 1.0, 0, 0, "", "The database is sound.")
    assert broken(verdicts.judge_end(well)) == set()
    ill = Ended(None, 10.0, 2, 1, "Traceback (most recent call last):\n", "damaged")
    assert len(broken(verdicts.judge_end(ill))) == 6


def test_the_table_has_a_line_per_chosen_sample_and_ends_with_the_last() -> None:
    lines = table(hour(), rows=10).splitlines()
    assert 11 <= len(lines) <= 13
    assert lines[-1].split()[0] == "60.0"


@pytest.mark.skipif(not processes.PROC.joinpath("self").exists(), reason="needs /proc")
def test_a_process_is_found_with_what_it_holds() -> None:
    (own, *_) = processes.tree(os.getpid())
    assert own.pss_mib > 1
    assert own.own_mib > 1
    assert own.threads >= 1
    assert own.fds >= 3
    assert own.cpu_s > 0
    assert processes.alive(own)
    assert not processes.alive(replace(own, began=own.began + 1))
    assert processes.tree(2**22 + 1) == []


@pytest.mark.skipif(not processes.PROC.joinpath("self").exists(), reason="needs /proc")
def test_what_a_process_has_written_is_its_own() -> None:
    before = processes.tree(os.getpid())[0].own_mib
    written = bytearray(b"x") * (32 * processes.MIB)
    after = processes.tree(os.getpid())[0].own_mib
    assert len(written) / processes.MIB == pytest.approx(after - before, abs=4)

"""What a tree of processes holds, as Linux tells it in /proc."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MIB = 2**20
TCP_STATES = {
    "01": "ESTABLISHED", "02": "SYN_SENT", "03": "SYN_RECV", "04": "FIN_WAIT1",
    "05": "FIN_WAIT2", "06": "TIME_WAIT", "07": "CLOSE", "08": "CLOSE_WAIT",
    "09": "LAST_ACK", "0A": "LISTEN", "0B": "CLOSING",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Process:
    """One process at one moment.

    `pss_mib`: all its memory, shared pages divided among sharers, whoever they are: it moves when
    another program that uses the same libraries starts or ends. `own_mib`: what it has written
    itself, also where that was swapped out. Only this tells of a leak. `waited_s`: how long its
    threads, those that live, could have run while the processors were others'.
    """

    pid: int
    parent: int
    began: int  # in ticks since boot: tells a process from a later one of the same number
    zombie: bool
    threads: int
    cpu_s: float  # its own and that of the children it has waited for
    waited_s: float
    pss_mib: float
    own_mib: float
    fds: int
    sockets: Counter[str]


def tree(root: int, *, held: bool = True) -> list[Process]:
    """The process `root` and all that descend from it, root first; [] when it is gone.

    Without `held` their memory, files and waiting are not looked up.
    """
    stats = {each[0]: each for each in _stats()}
    if root not in stats:
        return []
    wanted, found = [root], []
    states = _socket_states() if held else {}
    while wanted:
        pid = wanted.pop(0)
        found.append(_process(stats[pid], states, held=held))
        wanted += sorted(other for other, each in stats.items() if each[2] == pid)
    return found


def alive(process: Process) -> bool:
    """Whether this very process still runs."""
    stat = _stat(process.pid)
    return stat is not None and stat[5] == process.began and stat[1] != "Z"


def _stats() -> Iterator[tuple[int, str, int, int, float, int]]:
    for entry in os.listdir(PROC):
        if entry.isdigit() and (stat := _stat(int(entry))) is not None:
            yield stat


def _stat(pid: int) -> tuple[int, str, int, int, float, int] | None:
    """Number, state, parent, threads, processor time and beginning; proc(5)."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    cpu_s = sum(int(ticks) for ticks in fields[11:15]) / TICKS
    return pid, fields[0], int(fields[1]), int(fields[17]), cpu_s, int(fields[19])


def _process(
    stat: tuple[int, str, int, int, float, int], states: dict[str, str], *, held: bool
) -> Process:
    pid, state, parent, threads, cpu_s, began = stat
    memory = _memory(pid) if held else {}
    written = memory.get("Anonymous", 0)  # where Linux is older than 5.4
    fds, sockets = _files(pid, states) if held else (0, Counter[str]())
    return Process(
        pid=pid,
        parent=parent,
        began=began,
        zombie=state == "Z",
        threads=threads,
        cpu_s=cpu_s,
        waited_s=_waited_s(pid) if held else 0.0,
        pss_mib=memory.get("Pss", 0) / 1024,
        own_mib=(memory.get("Pss_Anon", written) + memory.get("SwapPss", 0)) / 1024,
        fds=fds,
        sockets=sockets,
    )


def _memory(pid: int) -> dict[str, int]:
    """KiB by name, summed over all mappings; {} for a process that is gone."""
    found: dict[str, int] = {}
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, _, rest = line.partition(":")
            found[name] = int(rest.split()[0])
    return found


def _waited_s(pid: int) -> float:
    """The second number of each thread's schedstat; 0 for a process that is gone."""
    found = 0
    with suppress(OSError):
        for entry in os.scandir(PROC / str(pid) / "task"):
            with suppress(OSError):
                found += int(Path(entry.path, "schedstat").read_text(encoding="ascii").split()[1])
    return found / 1e9


def _files(pid: int, states: dict[str, str]) -> tuple[int, Counter[str]]:
    count, sockets = 0, Counter[str]()
    with suppress(OSError):
        for entry in os.scandir(PROC / str(pid) / "fd"):
            with suppress(OSError):
                target = os.readlink(entry.path)
                count += 1
                if target.startswith("socket:["):
                    sockets[states.get(target[8:-1], "other")] += 1
    return count, sockets


def _socket_states() -> dict[str, str]:
    """Inode → state of every TCP socket of this machine."""
    found: dict[str, str] = {}
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / "net" / name).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                found[fields[9]] = TCP_STATES.get(fields[3], fields[3])
    return found

"""What this process and its children have cost: processor time and memory."""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def cpu_s() -> float:
    """CPU seconds, user and system, of this process and of its children, the living ones too.

    Where there is no /proc, children count once they have ended.
    """
    own, ended = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    spent = sum(each.ru_utime + each.ru_stime for each in (own, ended))
    return spent + sum(map(_cpu_of, _children()))


def memory_mib() -> float:
    """Memory of this process and its children now, in MiB, shared pages shared out (PSS).

    0 where there is no /proc.
    """
    return sum(map(_pss_of, (os.getpid(), *_children()))) / 1024


def _children() -> Iterable[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


def _cpu_of(pid: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _pss_of(pid: int) -> int:
    """KiB."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0

"""What the C library keeps of memory that is free again; decision 0010 has the measurements.

glibc opens a heap for every thread, gives little of what is free in them back to the system, and
with each large block that is freed raises the size from which blocks are given back at once. Of
what the start needs for a moment, a program of many threads then holds a good part for ever.

Nothing is changed where the C library is another one, or where the operator has set one of its
variables.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Mapping

MIB = 2**20
# Numbers of mallopt(3) in glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_HEAPS = 2
_OPERATORS = (
    "MALLOC_ARENA_MAX",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_",
    "GLIBC_TUNABLES",
)


def begin(environ: Mapping[str, str]) -> bool:
    """Two heaps for all threads, and what is freed goes back at once; whether that is so now.

    To be called before the first thread: a heap that is there stays.
    """
    return _set(
        environ,
        (_M_ARENA_MAX, _HEAPS),
        (_M_MMAP_THRESHOLD, MIB // 8),
        (_M_TRIM_THRESHOLD, MIB // 8),
    )


def go_on(environ: Mapping[str, str]) -> bool:
    """Keep what reading a few texts takes, some 5 MiB, once all is loaded; whether that is so now.

    To fetch it anew for each batch would cost a third of the processor time of the reading.
    """
    return _set(environ, (_M_MMAP_THRESHOLD, 4 * MIB), (_M_TRIM_THRESHOLD, 8 * MIB))


def leave_alone() -> None:
    """What is loaded by now stays to the end: the collector of cycles looks at it no more.

    Each of its large rounds went through all modules and word lists, 0.1 s in which every thread
    stood still; they are 4 % of the processor time of a pass that brings items.
    """
    gc.collect()
    gc.freeze()


def _set(environ: Mapping[str, str], *settings: tuple[int, int]) -> bool:
    if any(name in environ for name in _OPERATORS):
        return False
    try:
        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018 - AttributeError where it is not glibc
        mallopt = library.mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return all(mallopt(number, value) == 1 for number, value in settings)

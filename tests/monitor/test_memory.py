"""The settings of the C library, each in a process of its own: they cannot be taken back."""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from monitor import memory, service
from monitor.app import Program
from monitor.cli import run
from monitor.errors import MonitorError

VARIABLES = (
    "MALLOC_ARENA_MAX",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_",
    "GLIBC_TUNABLES",
)
PLAY = """
import ctypes, sys, threading
from monitor import memory

told, *settings = sys.argv[1:]
for name in settings:
    assert getattr(memory, name)({})
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = libc.fclose.argtypes = [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]

def come_and_go(size, count):
    blocks = [libc.malloc(size) for _ in range(count)]
    libc.malloc(900_000)  # lies behind them, so that the heap cannot shrink
    for block in blocks:
        libc.free(block)

come_and_go(2**20, 32)
come_and_go(2**20, 32)  # from the first time the library learns that such blocks come and go
come_and_go(6 * 2**20, 4)
at_once = threading.Barrier(6)

def work():
    libc.malloc(64)
    at_once.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
for each in threads:
    each.start()
for each in threads:
    each.join()
file = libc.fopen(told.encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
"""
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")


def held(folder: Path, *settings: str) -> tuple[int, float]:
    """How many heaps a process has after the play, and how many MiB are in them."""
    told = folder / "told.xml"
    environ = {name: text for name, text in os.environ.items() if name not in VARIABLES}
    subprocess.run([sys.executable, "-c", PLAY, str(told), *settings], env=environ, check=True)
    text = told.read_text(encoding="ascii")
    sizes = re.findall(r'<system type="current" size="(\d+)"/>', text)
    return text.count("<heap "), int(sizes[-1]) / memory.MIB


@glibc
def test_what_was_freed_goes_back_and_threads_share_two_heaps(tmp_path: Path) -> None:
    heaps, mib = held(tmp_path)
    assert heaps > 2
    assert mib > 32
    heaps, mib = held(tmp_path, "begin")
    assert heaps == 2
    assert mib < 8


@glibc
def test_later_blocks_of_a_mib_are_kept_and_larger_ones_are_not(tmp_path: Path) -> None:
    heaps, mib = held(tmp_path, "begin", "go_on")
    assert heaps == 2
    assert 32 < mib < 45


@pytest.mark.parametrize("name", VARIABLES)
def test_what_the_operator_has_set_stays(name: str) -> None:
    assert not memory.begin({name: "4"})
    assert not memory.go_on({name: "4"})


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert not memory.begin({})
    assert not memory.go_on({})


def test_monitor_run_begins_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(environ: Mapping[str, str]) -> bool:
        raise MonitorError("called")

    monkeypatch.setattr(memory, "begin", stop)
    with pytest.raises(MonitorError, match="called"):
        run.run(argparse.Namespace(json=False, once=False))


@pytest.mark.asyncio
async def test_it_goes_on_once_all_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    async def load(*_: object) -> None:
        done.append("loaded")

    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(memory, "go_on", lambda environ: done.append("go on"))
    program = SimpleNamespace(classifiers=SimpleNamespace(ensure=load), warm=load)
    await service._get_ready(cast(Program, program))
    assert done == ["loaded", "loaded", "collect", "freeze", "go on"]

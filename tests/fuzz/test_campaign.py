"""The long form of the fuzz campaign: every target under atheris, for under a minute each."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.campaign import TARGETS
from tests.fuzz.seeds import ROOT

SECONDS = 50


@pytest.mark.campaign
@pytest.mark.parametrize("name", TARGETS)
def test_a_guided_fuzz_run_finds_nothing(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed; it has wheels for Linux on x86-64 only")
    command = [sys.executable, "-m", "tests.fuzz.campaign", name, f"--seconds={SECONDS}"]
    ended = subprocess.run(
        [*command, "--keep", str(tmp_path)], cwd=ROOT, capture_output=True, check=False
    )
    said = ended.stderr.decode(errors="replace")
    found = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.glob("*.txt"))]
    print(*[line for line in said.splitlines() if "stat::" in line], sep="\n")  # noqa: T201
    assert not found, "\n\n".join(found)
    assert ended.returncode == 0, said[-3000:]
    assert "stat::number_of_executed_units" in said

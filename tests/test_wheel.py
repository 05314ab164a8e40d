"""A wheel built from the tree works outside it: nothing that it needs stayed behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.documents import Story, news
from tests.office import ROOT

PARTS = ("monitor", "alerts", "storage", "classifiers")
BESIDE = (
    "pyproject.toml", "README.md", "LICENSE", "feeds.yaml", "alerts.yaml", "missions.yaml",
    "holidays.yaml",
)  # fmt: skip
NEEDED = (
    "monitor/defaults/feeds.yaml",
    "monitor/defaults/alerts.yaml",
    "monitor/defaults/missions.yaml",
    "monitor/defaults/holidays.yaml",
    "monitor/desk/templates/",
    "alerts/templates/",
    "alerts/words.toml",
    "classifiers/corpus/",
    "classifiers/lexicon/",
    "classifiers/places_data/",
    "classifiers/nationals.toml",
    "storage/migrations/versions/0001_first.py",
    "storage/migrations/versions/0002_lost_entries.py",
    "storage/migrations/versions/0003_corrections.py",
    "storage/migrations/versions/0004_communications.py",
    "storage/migrations/versions/0007_notice_order.py",
    "alerts/geography/countries-50m.json",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree without network."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / part, tree / part, ignore=ignored)
    for name in BESIDE:
        if (ROOT / name).exists():
            shutil.copyfile(ROOT / name, tree / name)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*build, "--no-index", "--quiet", "--wheel-dir", str(out), str(tree)],
        capture_output=True, text=True, check=False, cwd=out,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def monitor(installed: Path, folder: Path, *arguments: str, stdin: str = "") -> str:
    """What a command of the installed program prints, run in `folder`."""
    libraries = sysconfig.get_paths()["purelib"]  # without its .pth files: not the tree's packages
    program = (
        f"import sys; sys.path[:0] = [{str(installed)!r}]; sys.path.append({libraries!r})\n"
        "import monitor\n"
        f"assert monitor.__file__.startswith({str(installed)!r}), monitor.__file__\n"
        "from monitor.cli import entry; entry()"
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MONITOR_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, *arguments],
        cwd=folder, env=kept, input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("needed", NEEDED)
def test_the_wheel_has_what_the_program_reads(wheel: Path, needed: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert any(name.startswith(needed) and not name.endswith("/") for name in names)


def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for part in PARTS
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert ours - names == set()


def test_the_installed_program_works_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    at = datetime(2026, 3, 28, 6, 20, tzinfo=UTC)
    parsed = monitor(installed, tmp_path, "parse", stdin=news([Story("1", "Flood in Laos", at)]))
    assert json.loads(parsed)["title"] == "Flood in Laos"
    read = monitor(
        installed, tmp_path, "classify", "--keywords", stdin="Earthquake kills 120 in Myanmar\n"
    )
    assert json.loads(read)["labels"] == ["natural"]
    assert "Applied" in monitor(installed, tmp_path, "db", "upgrade")
    assert (tmp_path / "var" / "monitor.db").is_file()
    assert "sound" in monitor(installed, tmp_path, "db", "check")
    listed = json.loads(monitor(installed, tmp_path, "feeds", "list", "--json"))
    assert len(listed) > 100
    assert "is sound" in monitor(installed, tmp_path, "rules", "check")

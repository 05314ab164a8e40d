"""The import contract holds, and each of its rules notices what it forbids."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.office import ROOT

PACKAGES = ("monitor", "alerts", "storage", "classifiers")
PLANTS = {  # contract → a module and the import that breaks it
    "imports point downwards": ("storage/records/basics.py", "import monitor.errors"),
    "alerts decides on plain values": ("alerts/rules.py", "import storage.outbox"),
    "only storage talks to the database": ("monitor/notify.py", "import sqlalchemy"),
    "only the fetch module speaks HTTP": ("monitor/ingest/pipeline.py", "import httpx"),
    "parser workers stay light": ("monitor/parse/text.py", "import classifiers.text"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the check over the packages in `folder`."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--cache-dir", str(folder / ".lint")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages' modules."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=_all_but_modules)
    return folder


def _all_but_modules(folder: str, names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name == "__pycache__" or not (name.endswith(".py") or Path(folder, name).is_dir())
    ]


def test_the_tree_keeps_its_contract(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(PLANTS)} kept, 0 broken" in done.stdout


def test_every_contract_has_a_planted_violation_below() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {each["name"] for each in config["tool"]["importlinter"]["contracts"]} == set(PLANTS)


@pytest.mark.parametrize("contract", PLANTS)
def test_a_planted_import_breaks_its_contract(tree: Path, contract: str) -> None:
    name, planted = PLANTS[contract]
    module = tree / name
    clean = module.read_text(encoding="utf-8")
    module.write_text(f"{clean}\n{planted}\n", encoding="utf-8")
    try:
        done = lint(tree)
    finally:
        module.write_text(clean, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in done.stdout
    source = name.removesuffix(".py").replace("/", ".")
    assert f"{source} -> {planted.removeprefix('import ')}" in done.stdout

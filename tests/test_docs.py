"""What the program offers is told somewhere a person will look."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from alerts import words
from classifiers.tags import CATEGORIES
from monitor.cli import COMMANDS
from monitor.config.settings import read_settings
from storage.records import Level

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
FEEDS = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
LEVELS = (ROOT / "docs" / "levels.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command: str) -> None:
    assert f"monitor {command.replace('_', '-')}" in README


def test_every_setting_stands_in_the_operations_guide() -> None:
    named = {name.lower() for name in re.findall(r"MONITOR_([A-Z_]+)", OPERATIONS)}
    wanted = {each.name for each in fields(read_settings({}))}
    assert wanted - named == set()


def test_every_feed_state_stands_in_the_feed_guide() -> None:
    states = {key.split(".")[0] for key in words.current().section("feed")}
    missing = {state for state in states if not re.search(rf"\b{state}\b", FEEDS)}
    assert missing == set()


def test_levels_and_categories_are_explained() -> None:
    for level in Level:
        assert f"| {level.name} |" in LEVELS
    for category in CATEGORIES:
        assert category in (ROOT / "classifiers" / "corpus" / "README.md").read_text("utf-8")


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_project_speaks_of_itself_alone() -> None:
    paths = re.compile(r"/(?:root|work|home)/\w|/tmp/bash")
    for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        assert not paths.search(document.read_text(encoding="utf-8")), document.name

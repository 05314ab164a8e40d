"""The missions file is read strictly; the shipped one says what is not confirmed yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.missionsfile import path_beside, read_missions
from monitor.config.policyfile import read_policy
from monitor.errors import ConfigError

ROOT = Path(__file__).parents[3]
GOOD = """missions:
  - id: yangon
    name: {th: ก, en: Embassy}
    city: Yangon
    country: MM
    at: [16.8, 96.1]
    covers: [MM]
"""


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "missions.yaml"
    path.write_text(text, encoding="utf-8")
    return read_missions(path, ("asean",))


def test_the_shipped_file_names_missions_without_contacts_all_to_be_confirmed() -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    assert len(policy.missions) > 80
    assert {each.contact for each in policy.missions} == {""}
    assert not any(each.confirmed for each in (*policy.missions, *policy.departments))
    assert all(each.at is not None and each.whole + each.parts for each in policy.missions)
    assert not policy.registered


def test_every_neighbour_and_asean_country_has_a_mission_and_a_department() -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    for code in policy.countries_of(("asean", "neighbours", "bali21")) - {"TH"}:
        assert any(code in each.whole for each in policy.missions), code
        assert any(code in policy.countries_of(each.countries) for each in policy.departments), code


def test_no_country_has_two_embassies() -> None:
    policy = read_policy(ROOT / "alerts.yaml")
    covered = [code for each in policy.missions for code in each.whole]
    assert len(covered) == len(set(covered))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("covers: [MM]", "covers: [XX]"), "'XX' is no country"),
        (("at: [16.8, 96.1]", "at: [168, 96.1]"), "is no place"),
        (("at: [16.8, 96.1]", "at: [16.8]"), "at"),
        (("    city: Yangon\n", ""), "missing"),
        (("    city: Yangon\n", "    city: Yangon\n    hotline: x\n"), "unknown key"),
        (("    covers: [MM]\n", ""), "write covers"),
        (("missions:", "registered: {MM: {count: -1}}\nmissions:"), "out of bounds"),
        (
            (
                "missions:",
                "departments: [{id: a, name: {th: ก, en: A}, countries: [asia]}]\nmissions:",
            ),
            "no region of alerts.yaml",
        ),
    ],
    ids=["country", "degrees", "one number", "no city", "key", "no country", "count", "region"],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as told:
        read(tmp_path, GOOD.replace(*change))
    assert said in str(told.value)
    assert "missions.yaml:" in str(told.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = GOOD + GOOD.removeprefix("missions:\n")
    with pytest.raises(ConfigError, match="'yangon' stands twice"):
        read(tmp_path, twice)


def test_the_file_stands_beside_alerts_yaml_or_is_the_shipped_one(tmp_path: Path) -> None:
    alerts = tmp_path / "alerts.yaml"
    assert path_beside(alerts, "missions.yaml").samefile(ROOT / "missions.yaml")
    (tmp_path / "missions.yaml").write_text(GOOD, encoding="utf-8")
    assert path_beside(alerts, "missions.yaml") == tmp_path / "missions.yaml"
    assert path_beside(alerts, "other.yaml") == tmp_path / "other.yaml"

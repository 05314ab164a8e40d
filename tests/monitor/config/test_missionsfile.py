"""The missions file is read strictly; the shipped one says what is not confirmed yet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alerts import missions
from classifiers import gazetteer
from monitor.config.missionsfile import path_beside, read_missions
from monitor.config.policyfile import read_policy
from monitor.errors import ConfigError
from tests.alerts.policies import incident

ROOT = Path(__file__).parents[3]
ALERTS = ROOT / "alerts.yaml"
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


def _lines() -> list[tuple[str, bool, list[str]]]:
    """The gazetteer's lines for one place each: country, whether it has a point, names."""
    found = []
    for file in ("regions.tsv", "provinces.tsv", "cities.tsv"):
        for line in (gazetteer.FOLDER / file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                country, lat, _, names = line.split("\t")
                found.append((country, bool(lat), [each.strip() for each in names.split("|")]))
    return found


def test_a_place_has_one_country_and_one_mission_by_its_thai_and_its_english_name() -> None:
    policy = read_policy(ALERTS)
    known = {gazetteer.fold(each.name): each for each in gazetteer.places()}
    countries = {part.country for each in policy.missions for part in each.parts}
    pairs = missions_by_part = 0
    for country, has_point, names in _lines():
        thai = [name for name in names if "\u0e00" <= name[0] <= "\u0e7f"]
        if not thai or not has_point:
            continue
        for name in thai:
            place = known[gazetteer.fold(name)]
            if place.country == country and place.kind == "city":  # not of its name alone
                pairs += 1
                assert place.lat is not None, name
        if country not in countries:
            continue
        english = next((each for each in names if each.isascii()), None)
        if english is None:
            continue
        base = replace(incident(), countries=(country,), lat=None, lon=None,
                       title_en="x", title_th="x")  # fmt: skip
        expected = missions.responsible(replace(base, place=english), policy)
        for name in thai:
            where = replace(base, place=name)
            found = missions.responsible(where, policy)
            assert [(each.mission.id, each.part) for each in found] == [
                (each.mission.id, each.part) for each in expected
            ], f"{name} is {english}"
            missions_by_part += any(each.part for each in found)
            told = replace(base, place=None, title_th=f"เหตุระเบิดใน{name}มีผู้บาดเจ็บ")
            assert missions.responsible(told, policy) == found, "Thai puts no space between words"
    assert pairs > 1000
    assert missions_by_part > 40


@pytest.mark.parametrize(
    ("language", "said"), [("th", "เขตอาณา เกดะห์"), ("en", "looks after Kedah")]
)
def test_the_part_that_a_mission_looks_after_is_named_in_the_readers_language(
    language: str, said: str
) -> None:
    policy = read_policy(ALERTS)
    where = replace(incident(), countries=("MY",), place="เคดาห์", lat=6.1, lon=100.4)
    lines = missions.lines(where, policy, language)
    assert said in lines[0]

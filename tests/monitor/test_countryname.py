"""Officers write countries by code or by name, in Thai or English."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from monitor.cli.feed_fields import add_fields, fields_of
from monitor.config.policyfile import read_policy
from monitor.countryname import country_code, country_or_region
from monitor.errors import ConfigError
from monitor.tuning.preview import _trial, entry_for

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("MM", "MM"), ("mm", "MM"), ("Myanmar", "MM"), ("burma", "MM"), ("พม่า", "MM"),
        ("เมียนมา", "MM"), ("ประเทศลาว", "LA"), ("Viet Nam", "VN"), ("UK", "GB"),
        ("สหรัฐอเมริกา", "US"), (" ไทย ", "TH"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_code_and_by_its_names(said: str, code: str) -> None:
    assert country_code(said) == code


@pytest.mark.parametrize("said", ["Ruritania", "world", "asean", "อาเซียน", "", "12"])
def test_what_is_no_country_is_told_with_what_to_write(said: str) -> None:
    with pytest.raises(ConfigError, match="for example Myanmar or MM"):
        country_code(said)


def test_regions_stay_what_they_are_beside_countries() -> None:
    for region in read_policy(ROOT / "alerts.yaml").regions:
        assert country_or_region(region) == region
    assert [country_or_region(each) for each in ("world", "MM", "Myanmar", "ลาว")] == [
        "world", "MM", "MM", "LA",
    ]  # fmt: skip


def test_what_is_given_is_looked_at_as_it_would_be_written() -> None:
    parser = argparse.ArgumentParser()
    add_fields(parser)
    url = "https://agency.example/rss"
    for said, coverage in (
        (["--country", "Myanmar", "--kind", "hazard"], ("MM",)),
        (["--country", "Myanmar", "--kind", "ministry"], ("world",)),
        (["--country", "MM", "--coverage", "พม่า,asean", "--kind", "ministry"], ("MM", "asean")),
    ):
        given = fields_of(parser.parse_args(said))
        assert given["country"] == "MM"
        feed = _trial(url, given)
        assert (feed.country, feed.coverage) == ("MM", coverage)
        assert "coverage" in entry_for(url, given, None) or "--coverage" not in said

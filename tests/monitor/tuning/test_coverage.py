"""What the list covers: countries by kinds, by what works, and what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from monitor.config.feedlist import read_feedlist
from monitor.config.policyfile import read_policy
from monitor.tuning.coverage import coverage_of
from monitor.tuning.coverage_show import coverage_svg, coverage_text

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, tzinfo=UTC)
POLICY = read_policy(ROOT / "alerts.yaml")
LIST = """\
feeds:
  - {name: A, url: https://a.example/, kind: ministry, country: MM, coverage: [world]}
  - {name: B, url: https://b.example/, kind: hazard, organisation: X, coverage: [asean]}
  - {name: C, url: https://c.example/, kind: news, country: LA, coverage: [LA], enabled: false}
  - {name: D, url: https://d.example/, kind: news, organisation: Y}
  - {name: E, url: https://e.example/, kind: ministry, country: TH, home: true}
"""


def test_own_voices_regions_and_the_whole_world_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(LIST, encoding="utf-8")
    listed = read_feedlist(path)
    found = coverage_of(listed, POLICY, None, now=NOW)
    rows = {row.country: row for row in found.rows}
    assert rows["MM"].missing == ("advice", "health", "news")
    assert rows["LA"].missing == ("ministry", "advice", "health", "news")
    assert rows["LA"].cells["news"].listed == 1
    assert found.world["news"].listed == 1
    assert found.rows[0].country == "TH"
    assert found.home.read == 1
    assert not rows["CN"].heard
    assert found.rows[1].weight >= found.rows[2].weight
    dead = coverage_of(listed, POLICY, {"A": False, "B": True}, now=NOW)
    assert "ministry" in {row.country: row for row in dead.rows}["MM"].missing
    assert dead.share < found.share


def test_the_shipped_list_is_drawn_and_tabled_in_both_languages() -> None:
    found = coverage_of(read_feedlist(ROOT / "feeds.yaml"), POLICY, None, now=NOW)
    assert {row.country for row in found.rows if row.group in ("home", "bali21")} >= {
        "AU", "BN", "KH", "CL", "CN", "FJ", "FI", "IN", "ID", "JP", "KR", "LA", "MY", "NZ", "PH",
        "SG", "ZA", "TH", "GB", "US", "VN",
    }  # fmt: skip
    for language, name in (("th", "เมียนมา"), ("en", "Myanmar")):
        text = coverage_text(found, language)
        assert name in text
        picture = etree.fromstring(coverage_svg(found, language).encode())
        assert name in "".join(picture.itertext())
        assert picture.find("{*}title").text

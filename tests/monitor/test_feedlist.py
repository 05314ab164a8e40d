"""The feed list forgives nothing silently: each fault is told with line, key and remedy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.feedlist import identities, read_feedlist
from storage.records import FeedState

GOOD = """\
defaults: {every: 20m, timezone: Asia/Bangkok}
feeds:
  - name: Alpha  # officers read this
    url: https://alpha.example/rss
    kind: hazard
    country: TH
  - name: Beta
    url: https://beta.example/rss
    kind: ministry
    every: 5m
    priority: true
    id: beta-1
    headers: {Authorization: "env:BETA_TOKEN"}
"""


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_defaults_fill_what_a_feed_leaves_out(tmp_path: Path) -> None:
    found = read_feedlist(written(tmp_path, GOOD), {"BETA_TOKEN": "s3cret"})
    alpha, beta = found.feeds
    assert (alpha.every, alpha.timezone, alpha.publisher) == (
        timedelta(minutes=20),
        "Asia/Bangkok",
        "Alpha",
    )
    assert (beta.every, beta.priority, beta.communicates) == (timedelta(minutes=5), True, True)
    assert beta.headers == {"Authorization": "s3cret"}
    assert (alpha.line, beta.line) == (3, 7)


def test_the_shipped_list_is_sound_and_covers_the_bali_message() -> None:
    root = Path(__file__).parents[2]
    found = read_feedlist(root / "feeds.yaml", {})
    assert len(found.feeds) >= 120
    kinds = {feed.kind for feed in found.enabled}
    assert kinds == {"hazard", "health", "human_made", "ministry", "advice", "news"}
    text = (root / "feeds.yaml").read_text(encoding="utf-8")
    for country in (
        "Australia", "Brunei", "Cambodia", "Chile", "China", "Fiji", "Finland", "India",
        "Indonesia", "Japan", "Lao PDR", "Malaysia", "New Zealand", "Philippines",
        "Republic of Korea", "Singapore", "South Africa", "Thailand", "United States",
        "United Kingdom", "Viet Nam",
    ):  # fmt: skip
        assert f"# ===== {country} " in text, country


BAD = {
    "empty": (b"", ["feeds.yaml: the file is empty"]),
    "tab": (b"feeds:\n\t- name: A\n", ["feeds.yaml:2:", "tab", "spaces"]),
    "nul": (b"feeds:\n  - name: A\0\n", ["feeds.yaml:2:", "NUL"]),
    "not utf-8": (b"feeds:\n  - name: \xff\xfe\n", ["feeds.yaml:2:", "UTF-8"]),
    "alias bomb": (b"a: &a [x]\nb: [*a, *a]\nfeeds: []\n", ["feeds.yaml:2:", "alias"]),
    "python object": (
        b"feeds: !!python/object/apply:os.system ['true']\n",
        ["feeds.yaml:1:", "tag"],
    ),
    "duplicate key": (
        b"feeds:\n  - name: A\n    name: B\n    url: https://a.example\n    kind: news\n",
        ["feeds.yaml:3:", "'name'", "twice"],
    ),
    "duplicate name": (
        b"feeds:\n  - {name: A, url: https://a.example/1, kind: news}\n"
        b"  - {name: a, url: https://a.example/2, kind: news}\n",
        ["feeds.yaml:3:", "name", "line 2"],
    ),
    "duplicate url": (
        b"feeds:\n  - {name: A, url: https://a.example/1, kind: news}\n"
        b"  - {name: B, url: https://a.example/1, kind: news}\n",
        ["feeds.yaml:3:", "url", "line 2"],
    ),
    "unknown key": (
        b"feeds:\n  - name: A\n    url: https://a.example\n    kind: news\n    evry: 5m\n",
        ["feeds.yaml:5:", "evry", "unknown key"],
    ),
    "wrong kind": (
        b"feeds:\n  - name: A\n    url: https://a.example\n    kind: weather\n",
        ["feeds.yaml:4:", "kind", "'hazard'"],
    ),
    "missing url": (b"feeds:\n  - name: A\n    kind: news\n", ["feeds.yaml:2:", "url", "missing"]),
    "not http": (
        b"feeds:\n  - {name: A, url: 'file:///etc/passwd', kind: news}\n",
        ["feeds.yaml:2:", "url", "https://"],
    ),
    "wrong type": (
        b"feeds:\n  - {name: A, url: https://a.example, kind: news, priority: 3}\n",
        ["feeds.yaml:2:", "priority", "true or false"],
    ),
    "wrong interval": (
        b"feeds:\n  - {name: A, url: https://a.example, kind: news, every: soon}\n",
        ["feeds.yaml:2:", "every", "15m"],
    ),
    "wrong zone": (
        b"feeds:\n  - {name: A, url: https://a.example, kind: news, timezone: Bangkok}\n",
        ["feeds.yaml:2:", "timezone", "Asia/Bangkok"],
    ),
    "header from nowhere": (
        b"feeds:\n  - name: A\n    url: https://a.example\n    kind: news\n"
        b"    headers: {X-Key: 'env:NO_SUCH'}\n",
        ["feeds.yaml:2:", "X-Key", "NO_SUCH"],
    ),
    "list instead of keys": (b"- name: A\n", ["feeds.yaml:1:", "feeds:"]),
    "cut off": (b"feeds:\n  - name: A\n    url: 'https://a.exa", ["feeds.yaml:"]),
    "colon in text": (b"feeds:\n  - name: A: B\n    kind: news\n", ["feeds.yaml:2:", "quotation"]),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_names_file_line_key_and_remedy(tmp_path: Path, fault: str) -> None:
    body, wanted = BAD[fault]
    with pytest.raises(ConfigError) as told:
        read_feedlist(written(tmp_path, body), {})
    for part in wanted:
        assert part in str(told.value)
    assert "Traceback" not in str(told.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        read_feedlist(tmp_path / "feeds.yaml", {})


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    found = read_feedlist(written(tmp_path, "\ufeff" + GOOD), {"BETA_TOKEN": "x"})
    assert len(found.feeds) == 2


def test_a_feed_is_found_by_name_or_id_and_a_near_miss_is_named(tmp_path: Path) -> None:
    found = read_feedlist(written(tmp_path, GOOD), {"BETA_TOKEN": "x"})
    assert found.named("alpha").name == "Alpha"
    assert found.named("beta-1").name == "Beta"
    with pytest.raises(ConfigError, match="did you mean Alpha"):
        found.named("alp")


def test_a_renamed_feed_keeps_the_key_of_its_history(tmp_path: Path) -> None:
    found = read_feedlist(written(tmp_path, GOOD), {"BETA_TOKEN": "x"})
    old = FeedState(
        id=1, key="old-alpha", name="Old Alpha", url="https://alpha.example/rss", kind="hazard",
        publisher="Alpha", country="TH", tier="other", home=False, priority=False, listed=True,
    )  # fmt: skip
    assert list(identities(found.feeds, [old])) == ["old-alpha", "beta-1"]

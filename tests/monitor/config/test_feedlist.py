"""The feed list forgives nothing silently: each fault is told with line, key and remedy."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.faults import FileFault
from monitor.config.feedlist import identities, read_feedlist
from monitor.config.policyfile import read_policy
from monitor.config.together import check_together, read_together
from monitor.errors import ConfigError
from storage.records import FeedState
from tests.signing import Signer

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
    root = Path(__file__).parents[3]
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
        ["feeds.yaml:4:", "kind", "hazard, health"],
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
        ["feeds.yaml:5:", "X-Key", "NO_SUCH"],
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


def two(first: str, second: str, more: str = "") -> bytes:
    """A list of two feeds, each on a line of its own."""
    return (
        f"feeds:\n  - {{name: {first}, url: https://a.example/1, kind: news}}\n"
        f"  - {{name: {second}, url: https://a.example/2, kind: news{more}}}\n"
    ).encode()


@pytest.mark.parametrize(("first", "second"), [("GDACS!", "GDACS"), ("A  b", "a-B")])
def test_two_names_with_one_key_are_refused_naming_both_lines(
    tmp_path: Path, first: str, second: str
) -> None:
    with pytest.raises(ConfigError) as told:
        read_feedlist(written(tmp_path, two(first, second)), {})
    for part in ("feeds.yaml:3:", "line 2", repr(first), repr(second), "same key"):
        assert part in str(told.value)


def test_two_names_with_one_key_on_one_line_are_refused(tmp_path: Path) -> None:
    body = (
        b"feeds: [{name: A, url: 'https://a.example/1', kind: news},"
        b" {name: a, url: 'https://a.example/2', kind: news}]\n"
    )
    with pytest.raises(ConfigError, match="line 1"):
        read_feedlist(written(tmp_path, body), {})


def test_the_id_of_one_feed_may_not_be_the_key_of_another(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="same key"):
        read_feedlist(written(tmp_path, two("GDACS", "Other", ", id: gdacs")), {})


@pytest.mark.parametrize(("first", "second"), [("ข้าว", "ข่าว"), ("ข่าว", "ขาว"), ("की", "का")])
def test_marks_tell_names_apart(tmp_path: Path, first: str, second: str) -> None:
    found = read_feedlist(written(tmp_path, two(first, second)), {})
    assert len(identities(found.feeds, [])) == 2


def test_a_name_without_letter_or_digit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="neither letter nor digit"):
        read_feedlist(written(tmp_path, two("'!!'", "B")), {})


@pytest.mark.parametrize("sign", [r"\n", r"\u202E", r"\x07", r"\u2028"])
def test_a_name_with_a_sign_that_cannot_be_seen_is_refused(tmp_path: Path, sign: str) -> None:
    with pytest.raises(ConfigError, match="cannot be seen"):
        read_feedlist(written(tmp_path, two(f'"A{sign}B"', "C")), {})


@pytest.mark.parametrize("header", ["X-Key: ก", "'X Key': a", 'X-Key: "a\\x01"'])
def test_a_header_that_cannot_be_sent_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(ConfigError, match="headers"):
        read_feedlist(written(tmp_path, two("A", "B", f", headers: {{{header}}}")), {})


def test_a_star_inside_a_text_is_no_alias(tmp_path: Path) -> None:
    body = two("A", "B") + b"    # rated 5 *star\n"
    body = body.replace(b"kind: news}\n  -", b"kind: news, note: rated 5 *star}\n  -")
    found = read_feedlist(written(tmp_path, body), {})
    assert found.feeds[0].note == "rated 5 *star"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"feeds: &x []\n? *x\n", 2),
        (b"a: &a\n  b: c\nfeeds:\n  - <<: *a\n", 4),
        (b"feeds:\n  - name: *star\n", 2),
    ],
)
def test_an_alias_is_refused_where_it_stands(tmp_path: Path, body: bytes, line: int) -> None:
    with pytest.raises(ConfigError, match=f"feeds.yaml:{line}: a YAML alias"):
        read_feedlist(written(tmp_path, body), {})


def test_a_tag_on_a_value_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.yaml:2: a tag"):
        read_feedlist(written(tmp_path, b"feeds:\n  - name: !secret A\n"), {})


def test_a_fault_names_the_feed_and_one_remedy(tmp_path: Path) -> None:
    body = two("A", "B").replace(b"https://a.example/2", b"ftp://b.example/2")
    with pytest.raises(ConfigError) as told:
        read_feedlist(written(tmp_path, body), {})
    assert "(feed 'B')" in str(told.value)
    assert str(told.value).count("https://") == 1


def test_a_file_that_no_person_wrote_is_refused_by_its_size(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="2 MiB"):
        read_feedlist(written(tmp_path, GOOD + "# much\n" * 400_000), {"BETA_TOKEN": "x"})


def test_a_long_comment_takes_no_longer_than_its_length(tmp_path: Path) -> None:
    comments = "# - a,*b: [c]" * 40_000 + "\n" + "# *a\n" * 100_000
    began = time.process_time()
    found = read_feedlist(written(tmp_path, comments + GOOD), {"BETA_TOKEN": "x"})
    assert len(found.feeds) == 2
    assert time.process_time() - began < 5


POLICY = read_policy(Path(__file__).parents[3] / "alerts.yaml")


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("asaen", "did you mean asean"), ("QX", "'QX'"), ("Thailand", "no country code")],
)
def test_an_unknown_coverage_is_refused_with_a_near_match(
    tmp_path: Path, word: str, wanted: str
) -> None:
    found = read_feedlist(written(tmp_path, two("A", "B", f", coverage: [{word}]")), {})
    with pytest.raises(ConfigError) as told:
        check_together(found, POLICY, tmp_path / "alerts.yaml")
    assert "feeds.yaml:3:" in str(told.value)
    assert wanted in str(told.value)


def test_the_shipped_files_fit_together() -> None:
    root = Path(__file__).parents[3]
    feedlist, policy = read_together(root / "feeds.yaml", root / "alerts.yaml", {})
    assert feedlist.enabled
    assert policy.rules


def test_a_list_that_watches_nothing_and_rules_that_tell_nobody_are_refused(
    tmp_path: Path,
) -> None:
    disabled = two("A", "B").replace(b"news}", b"news, enabled: false}")
    off = read_feedlist(written(tmp_path, disabled))
    empty = read_feedlist(written(tmp_path, "feeds: []\n"))
    silent = replace(POLICY, rules=())
    for feedlist in (off, empty):
        with pytest.raises(ConfigError) as told:
            check_together(feedlist, silent, tmp_path / "alerts.yaml")
        assert "nothing would be watched" in str(told.value)
        assert "nobody would be told" in str(told.value)


def test_two_broken_files_are_both_told(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("feeds: 5\n", encoding="utf-8")
    (tmp_path / "alerts.yaml").write_text("home: 5\n", encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        read_together(tmp_path / "feeds.yaml", tmp_path / "alerts.yaml", {})
    assert "feeds.yaml:1:" in str(told.value)
    assert "alerts.yaml:1:" in str(told.value)


def signed_list(tmp_path: Path, names: str) -> Path:
    return written(
        tmp_path,
        "feeds:\n  - name: A\n    url: https://a.example\n    kind: hazard\n"
        f"    certificates:\n      - ok.pem\n      - {names}\n",
    )


def test_certificates_are_read_from_beside_the_list(tmp_path: Path) -> None:
    one, two = Signer("one").pem, Signer("two").pem
    (tmp_path / "keys").mkdir()
    (tmp_path / "ok.pem").write_bytes(one)
    (tmp_path / "keys" / "both.pem").write_bytes(one + two)
    (feed,) = read_feedlist(signed_list(tmp_path, "keys/both.pem"), {}).feeds
    assert feed.certificates == (one, one + two)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (None, "cannot be read"),
        (b"", "no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificate"),
        (b"x" * 100_000, "no certificate"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "private key"),
    ],
    ids=["missing", "empty", "nonsense", "too large", "private key"],
)
def test_a_wrong_certificate_is_told_with_file_line_and_remedy(
    tmp_path: Path, body: bytes | None, told: str
) -> None:
    (tmp_path / "ok.pem").write_bytes(Signer("one").pem)
    if body is not None:
        (tmp_path / "bad.pem").write_bytes(body)
    with pytest.raises(ConfigError) as caught:
        read_feedlist(signed_list(tmp_path, "bad.pem"), {})
    for part in ("feeds.yaml:7:", "certificates", "bad.pem", told):
        assert part in str(caught.value)


def test_certificates_must_be_a_list(tmp_path: Path) -> None:
    body = GOOD.replace("    country: TH", "    certificates: a.pem")
    with pytest.raises(ConfigError, match=r"feeds.yaml:6:.*certificates"):
        read_feedlist(written(tmp_path, body), {"BETA_TOKEN": "x"})


@pytest.mark.parametrize(
    ("line", "thai"),
    [
        ("url: wire.example", "ไม่ใช่ที่อยู่เว็บ"),
        ("every: soon", "ไม่ใช่ระยะเวลา"),
        ("every: 30d", "สั้นหรือยาวเกินไป"),
        ("timezone: Bangkok", "ไม่ใช่เขตเวลา"),
        ("encoding: tis", "ไม่ใช่รหัสอักขระ"),
        ("until: soon", "ไม่ใช่วันหรือเวลา"),
        ("until: 0001-01-01", "ปีที่ไม่น่าจะถูกต้อง"),
        ("until: 2026-12-01", "ฟีดนี้เปิดใช้อยู่"),
        ("format: page", "ต้องมี 'selector'"),
        ("selector: a", "เฉพาะกับ 'format: page'"),
        ("headers: {X: 'env:NO_SUCH'}", "ไม่มีตัวแปร NO_SUCH"),
        ("certificates: [none.pem]", "อ่านไฟล์ none.pem ไม่ได้"),
        ("kindd: news", "หมายถึง kind"),
    ],
)
def test_what_is_wrong_in_a_feed_is_said_in_thai_with_file_line_and_feed(
    tmp_path: Path, line: str, thai: str
) -> None:
    path = tmp_path / "feeds.yaml"
    url = "" if line.startswith("url") else "    url: https://a.example/\n"
    path.write_text(f"feeds:\n  - name: Wire\n    kind: news\n{url}    {line}\n", encoding="utf-8")
    with pytest.raises(FileFault) as told:
        read_feedlist(path, {})
    said = told.value.in_("th", short=True)
    assert thai in said
    assert said.startswith("feeds.yaml:")
    assert "(ฟีด 'Wire')" in said


def test_a_feed_that_is_misspelt_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "feeds:\n  - {name: Reuters World, url: 'https://a.example/', kind: news}\n",
        encoding="utf-8",
    )
    listed = read_feedlist(path, {})
    with pytest.raises(ConfigError, match="did you mean Reuters World"):
        listed.named("Ruters World")
    with pytest.raises(ConfigError, match="monitor feeds list"):
        listed.named("zzzz")

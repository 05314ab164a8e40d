"""The catalogue: complete in both languages, found by every key that the code uses."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts import words
from alerts.errors import UnknownWord, WordsFileError
from storage.records import Level, Why

ROOT = Path(__file__).resolve().parents[2]
FEED_STATES = (
    "ok not_modified unchanged empty no_entries not_a_feed json_not_feed login_page"
    " challenge_page cannot_resolve refused timed_out tls http_4xx http_5xx rate_limited too_large"
    " truncated bad_encoding redirect_refused blocked_address moved gone parse_error partly_parsed"
    " flood lost stale silent disabled recovered new config_error unasked_304 feed_found"
    " tls_expired tls_wrong_name tls_untrusted http_401 http_403 http_451"
    " bad_length not_http bad_coding"
)
GLIDE = "EQ TS VO FL FF TC EC ST VW TO SS LS MS AV DR HT CW WF IN EP FR AC CE OT ET SL WV FA"


def _sources() -> Iterator[Path]:
    for package in ("alerts", "monitor", "classifiers", "storage"):
        yield from (ROOT / package).rglob("*.py")


def _literal_calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value, node


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


def test_every_reason_code_in_the_code_has_its_sentence() -> None:
    used = {
        code: f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in _sources()
        for code, call in _literal_calls(path)
        if _name(call) in ("Why", "records.Why")
    }
    missing = {code: at for code, at in used.items() if not words.current().has(f"why.{code}")}
    assert "no_rule" in used
    assert missing == {}, "add these reasons to alerts/words.toml under [why]"


def test_every_key_said_in_the_code_is_in_the_catalogue() -> None:
    used = {
        key: f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in _sources()
        for key, call in _literal_calls(path)
        if _name(call) in ("words.say", "words.text")
    }
    missing = {key: at for key, at in used.items() if not words.current().has(key)}
    assert used
    assert missing == {}, "add these keys to alerts/words.toml"


def test_every_key_said_in_a_template_is_in_the_catalogue() -> None:
    said = re.compile(r"""\bsay\(\s*["']([a-z_]+(?:\.\w+)+)["']""")
    used = {
        key: path.name
        for package in ("alerts", "monitor")
        for path in (ROOT / package).rglob("templates/**/*")
        if path.suffix in (".html", ".txt", ".j2")
        for key in said.findall(path.read_text(encoding="utf-8"))
    }
    missing = {key: at for key, at in used.items() if not words.current().has(key)}
    assert missing == {}, "add these keys to alerts/words.toml"


def test_both_languages_take_the_same_values() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    uneven = [
        key
        for key, entry in words.current().texts.items()
        if fields(entry["th"]) != fields(entry["en"])
    ]
    assert uneven == []


def test_thai_entries_are_in_thai_or_have_a_reason_not_to_be() -> None:
    thai = re.compile("[\u0e00-\u0e7f]")
    same_in_both = re.compile(
        r"^(level\.\w+\.shape|page\.other_language|mail\.escalation_step|mail\.extra\.english_below|title\.whole|whom\..*"
        r"|.*\.(arrow|separator))$"
    )
    without = [
        key
        for key, entry in words.current().texts.items()
        if not thai.search(entry["th"])
        and re.search("[A-Za-z]", re.sub(r"\{[^}]*\}", "", entry["th"]))
        and not same_in_both.match(key)
    ]
    assert without == []


@pytest.mark.parametrize("state", FEED_STATES.split())
def test_every_feed_state_says_what_why_and_what_to_do(state: str) -> None:
    for language in words.LANGUAGES:
        for part in ("", ".cause", ".remedy"):
            assert words.say(f"feed.{state}{part}", language).strip()


def test_every_glide_code_is_known_and_says_its_category() -> None:
    hazards = words.current().hazards
    assert {key for key, hazard in hazards.items() if hazard.glide} == set(GLIDE.split())
    assert all(hazard.categories for hazard in hazards.values())
    assert {hazard.within for hazard in hazards.values()} - {None} <= hazards.keys()


def test_every_level_has_word_shape_and_deed() -> None:
    for level in Level:
        for language in words.LANGUAGES:
            assert words.say(f"level.{level.name}", language)
            assert words.say(f"level.{level.name}.do", language)
            assert words.say(f"level.{level.name}.shape", language)
    assert words.say("level.FLASH", "th") == "วิกฤต"


@pytest.mark.parametrize(
    "wrong",
    ["สาธารณภัย", "ริกเตอร์", "ห้ามเดินทาง", "รับทราบ", "พม่า", "เขมร", "ด่วนที่สุด", "เตือนภัย", "เวลาอินโดจีน"],
)
def test_words_that_look_right_and_are_wrong_are_not_printed(wrong: str) -> None:
    printed = [key for key, entry in words.current().texts.items() if wrong in entry["th"]]
    assert printed == []


def test_evacuation_is_named_only_as_the_kind_of_a_communication() -> None:
    printed = [key for key, entry in words.current().texts.items() if "อพยพ" in entry["th"]]
    assert printed == ["communication.departure"]


@pytest.mark.parametrize(
    ("code", "thai", "english"),
    [
        ("MM", "เมียนมา", "Myanmar"),
        ("FJ", "ฟีจี", "Fiji"),
        ("KR", "สาธารณรัฐเกาหลี", "Republic of Korea"),
        ("LA", "สปป. ลาว", "Lao PDR"),
        ("PS", "ปาเลสไตน์", "Palestine"),
        ("IR", "อิหร่าน", "Iran"),
        ("QQ", "QQ", "QQ"),
        (None, "ไม่ทราบประเทศ", "country unknown"),
    ],
    ids=["ours", "spelling", "full", "short form", "not Babel's", "Babel's", "no country", "none"],
)
def test_countries_are_named_as_the_ministry_names_them(
    code: str | None, thai: str, english: str
) -> None:
    assert words.country(code, "th") == thai
    assert words.country(code, "en") == english


def test_a_chip_takes_the_short_name() -> None:
    assert words.country("US", "th", short=True) == "สหรัฐฯ"
    assert words.country("MM", "th", short=True) == "เมียนมา"
    assert words.category("health", "en", short=True) == "Health"


def test_a_reason_is_told_in_the_readers_language() -> None:
    rule = {"rule": "r", "rule_th": "กฎหนึ่ง", "rule_en": "one"}
    why = Why("below_level", {"level": "WATCH", "threshold": "ALERT", **rule})
    assert words.reason(why, "th") == 'ระดับเฝ้าระวัง ต่ำกว่าเกณฑ์ของกฎ "กฎหนึ่ง" (เร่งด่วน)'
    assert words.reason(why, "en") == 'Level WATCH is below the rule "one" (ALERT)'


def test_times_and_figures_in_a_reason_are_written_out() -> None:
    until = "2025-03-28T06:20:00+00:00"
    silenced = Why("silenced", {"owner": "head", "until": until, "because": "drill"})
    assert words.reason(silenced, "th").startswith("ระงับการแจ้งโดยhead ถึง ศ. 28 มี.ค. 2568 13.20 น.")
    toll = Why("casualties", {"figures": "dead=1200,injured=3"})
    assert words.reason(toll, "en") == "Figures reported: 1,200 dead, 3 injured"


def test_a_reason_from_outside_the_catalogue_is_shown_bare_and_never_lost() -> None:
    assert words.reason(Why("from_the_future", {"a": 1}), "th") == "from_the_future (a: 1)"
    assert words.reason(Why("dead", {"dead": 12}), "en") == "12 dead, at or above –"
    assert words.reason(Why("silenced", {"owner": "x", "until": "never", "because": "y"}), "en")


def test_a_value_that_looks_like_a_placeholder_is_shown_as_typed() -> None:
    why = Why("match_word", {"found": "{rule.__class__} {0}"})
    assert words.reason(why, "en") == 'Contains "{rule.__class__} {0}"'


def test_a_missing_key_and_a_missing_value_are_told_apart() -> None:
    with pytest.raises(UnknownWord, match=r"no entry \[page.nowhere\]"):
        words.say("page.nowhere", "th")
    with pytest.raises(UnknownWord, match=r"needs a value for \{number\}"):
        words.say("message.update", "en")


def test_a_ministry_may_replace_a_word_without_code(tmp_path: Path) -> None:
    extra = tmp_path / "words.toml"
    extra.write_text('[level]\nFLASH = {th = "สูงสุด", en = "TOP"}\n', encoding="utf-8")
    overlaid = words.read(extra)
    assert overlaid.text("level.FLASH", "th") == "สูงสุด"
    assert overlaid.text("level.FLASH.do", "th") == "ดำเนินการทันที"
    assert words.say("level.FLASH", "th") == "วิกฤต"


def test_one_of_a_kind_is_told_in_the_singular() -> None:
    assert words.say("digest.feeds_down", "en", count=1) == "1 feed down"
    assert words.say("digest.feeds_down", "en", count=2) == "2 feeds down"
    one, two = (words.reason(Why("leave_call", {"count": count}), "en") for count in (1, 2))
    assert one == "1 ministry newly says leave or avoid all travel"
    assert two == "2 ministries newly say leave or avoid all travel"


def test_a_word_that_a_ministry_replaced_keeps_no_shipped_singular(tmp_path: Path) -> None:
    extra = tmp_path / "words.toml"
    extra.write_text('[digest]\nfeeds_down = {th = "ล่ม {count}", en = "{count} out"}\n', "utf-8")
    assert words.read(extra).say("digest.feeds_down", "en", None, {"count": 1}) == "1 out"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[level\n", "line 1"),
        ('[level]\nNEW = {th = "ใหม่"}\n', "needs a text for `en`"),
        ('level = "x"\n', "must be a table"),
        ('[level.FLASH]\nth = 3\nen = "x"\n', "needs a text for `th`"),
    ],
    ids=["no TOML", "one language", "no table", "no text"],
)
def test_a_faulty_words_file_is_refused_with_its_fault(
    tmp_path: Path, text: str, fault: str
) -> None:
    extra = tmp_path / "words.toml"
    extra.write_text(text, encoding="utf-8")
    with pytest.raises(WordsFileError, match=re.escape(fault)):
        words.read(extra)


def test_an_absent_words_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WordsFileError, match=r"absent\.toml"):
        words.read(tmp_path / "absent.toml")


def test_a_source_keeps_its_own_level_with_its_owner() -> None:
    assert words.source_level("GDACS: Orange", "th") == "GDACS: สีส้ม (Orange)"
    assert words.source_level("GDACS: Orange", "en") == "GDACS: Orange"
    assert words.source_level("JMA: 震度6", "th") == "JMA: 震度6"


def test_printing_a_word_loads_no_list_of_the_worlds_countries() -> None:
    program = (
        "import sys; from alerts import words; words.say('level.FLASH', 'th'); "
        "words.country('MM', 'th'); sys.exit('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_an_unknown_hazard_is_shown_as_given() -> None:
    assert words.hazard("EQ", "th") == "แผ่นดินไหว"
    assert words.hazard("XX", "th") == "XX"
    assert words.hazard(None, "en") == "unknown"

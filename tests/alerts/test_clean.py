"""Hostile text made fit for headers, bodies and links."""

from __future__ import annotations

import unicodedata

import pytest

from alerts import clean

HOSTILE = {
    "line breaks": "Flood\r\nBcc: all@ministry.example",
    "unicode breaks": "Flood\u2028in\u2029two\u0085rivers",
    "encoded word hiding a break": "=?utf-8?b?Rmxvb2QNCkJjYzogYUBiLmV4YW1wbGU=?=",
    "nested encoded mark": "=?=?utf-8?q?x?=",
    "encoded mark split by a zero-width sign": "=\u200b?utf-8?q?a=0D=0Ab?=",
    "half a surrogate pair": "Flood \ud800 here",
    "NUL and bells": "Fl\x00oo\x07d",
    "direction override": "Flood \u202egnp.exe",
    "unassigned": "Flood \U000e0fff",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_title_becomes_one_harmless_line(text: str) -> None:
    line = clean.header(text)
    assert line
    assert "=?" not in line
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in line)
    assert not any(sign in line for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068")
    line.encode("utf-8")


def test_letters_of_every_script_stay_as_they_are() -> None:
    for text in ("น้ำท่วมฉับพลัน", "地震", "زلزال", "می‌خواهم", "क्‍ष", "🌊 flood"):
        assert clean.one_line(text) == text


@pytest.mark.parametrize("limit", range(1, 40))
def test_a_cut_never_tears_a_mark_from_its_letter(limit: int) -> None:
    text = "ผู้บาดเจ็บน้ำท่วมที่เมืองแก้วเก่าและไม่ได้รับความช่วยเหลือ"
    cut = clean.shorten(text, limit)
    assert len(cut) <= limit
    assert cut.endswith("…")
    kept = cut[:-1]
    assert text.startswith(kept)
    following = text[len(kept)]
    assert unicodedata.category(following) != "Mn"
    assert following != "ำ"
    assert not kept.endswith(("เ", "แ", "โ", "ใ", "ไ"))


def test_a_cut_prefers_the_end_of_a_word() -> None:
    assert clean.shorten("Strong earthquake near the town", 27) == "Strong earthquake near the…"
    assert clean.shorten("Strong earthquake", 17) == "Strong earthquake"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://agency.example/a?b=1#c", "https://agency.example/a?b=1#c"),
        ("http://agency.example:8080/a b", "http://agency.example:8080/a%20b"),
        ("https://agency.example@evil.example/", "https://evil.example/"),
        ("https://user:secret@agency.example/x", "https://agency.example/x"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//agency.example/x", None),
        ("https://", None),
        ("https://[bad", None),
        ("https://agency.example:99999/", None),
        ("https://agency.example/" + "a" * 3000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_may_be_clicked(url: str | None, wanted: str | None) -> None:
    assert clean.link(url) == wanted


def test_the_host_is_shown_in_clear() -> None:
    assert clean.host("https://agency.example/x") == "agency.example"
    assert clean.host("https://аgency.example/") == "xn--gency-3ve.example"  # Cyrillic а
    assert clean.host("https://paypal.example@evil.example/") == "evil.example"
    assert clean.host("mailto:a@b.example") == ""
    assert clean.host("http://[2001:db8::1]/") == "[2001:db8::1]"


def test_right_to_left_text_is_isolated_and_other_text_is_not() -> None:
    assert clean.isolated("زلزال") == "\u2068زلزال\u2069"
    assert clean.isolated("แผ่นดินไหว M7") == "แผ่นดินไหว M7"


def test_a_body_keeps_its_lines() -> None:
    assert clean.body("a\r\nb\rc\n\td\x00\ud800\u2028e") == "a\nb\nc\n\td \ufffd\ne"


@pytest.mark.parametrize(
    "dirty",
    [
        "\x1b[31mFlood\x1b[0m in Laos",
        "\x9b1;4mFlood in Laos",
        "\x1b]0;a title of the window\x07Flood in Laos",
        "\x1b]8;;https://a.example\x1b\\Flood in Laos\x1b]8;;\x1b\\",
        "\x1b(BFlood in Laos\x1bM",
    ],
)
def test_what_a_terminal_obeys_goes_as_a_whole(dirty: str) -> None:
    assert clean.one_line(dirty) == "Flood in Laos"
    assert clean.body(dirty) == "Flood in Laos"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/incidents", "http://localhost/", "http://[::1]/", "http://10.0.0.1/",
        "http://192.168.1.1/admin", "http://169.254.169.254/latest", "http://2130706433/",
        "http://127.1/", "http://0x7f.0.0.0x1/", "http://printer/", "https://desk.internal/",
        "http://[::ffff:127.0.0.1]/", "http://localhost./", "http://a@127.0.0.1/",
        "javascript:alert(1)", None,
    ],
)  # fmt: skip
def test_a_source_never_leads_inside_the_house(url: str | None) -> None:
    assert clean.outward(url) is None


@pytest.mark.parametrize("url", ["https://news.example/1", "http://8.8.8.8/", "https://ก.example/"])
def test_a_source_outside_may_be_clicked(url: str) -> None:
    assert clean.outward(url) == clean.link(url)

from __future__ import annotations

import codecs

import pytest

from monitor.parse.document import parse
from monitor.parse.encoding import codec_for, decode
from monitor.parse.entry import Hints, NotAFeed

THAI = "เกิดแผ่นดินไหวรุนแรงในเมียนมา กระทรวงการต่างประเทศกำลังตรวจสอบ"
SENTENCES = {
    "cp874": THAI,
    "gb18030": "缅甸发生强烈地震，中国救援队已经出发，外交部说没有中国公民伤亡的报告",
    "big5": "緬甸發生強烈地震，救援隊已經出發，外交部說沒有傷亡的報告",
    "cp949": "미얀마에서 강한 지진이 발생하여 외교부는 교민 피해를 확인하고 있다",
    "euc-jp": "ミャンマーで強い地震が発生し、外務省は邦人の被害を確認しています",
    "cp932": "ミャンマーで強い地震が発生し、外務省は邦人の被害を確認しています",
    "cp1251": "Сильное землетрясение в Мьянме, сведений о пострадавших нет",
    "koi8-r": "Сильное землетрясение в Мьянме, сведений о пострадавших нет",
    "cp1256": "زلزال قوي في ميانمار ووزارة الخارجية تتابع الوضع",
    "cp1255": "רעידת אדמה חזקה במיאנמר, משרד החוץ בודק",
    "cp1252": "Séisme au Népal : pas de victimes françaises à déplorer",
    "utf-8": THAI,
}


def rss(title: str, declaration: str = "") -> str:
    return f"{declaration}<rss><channel><item><title>{title}</title></item></channel></rss>"


def title(body: bytes, hints: Hints | None = None) -> str:
    return parse(body, hints or Hints()).entries[0].values.title


@pytest.mark.parametrize("codec", SENTENCES)
def test_an_undeclared_encoding_is_guessed(codec: str) -> None:
    assert title(rss(SENTENCES[codec]).encode(codec)) == SENTENCES[codec]


@pytest.mark.parametrize(
    "label", ["TIS-620", "tis620", "windows-874", "ISO-8859-11", "x-windows-874"]
)
def test_thai_labels_all_mean_windows_874(label: str) -> None:
    declared = f"<?xml version='1.0' encoding='{label}'?>"
    assert title(rss(THAI, declared).encode("cp874")) == THAI
    assert (
        title(rss(THAI).encode("cp874"), Hints(content_type=f"text/xml; charset={label}")) == THAI
    )


def test_python_itself_knows_windows_874_afterwards() -> None:
    assert codecs.lookup("windows-874").name == "cp874"


@pytest.mark.parametrize(
    "codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig"]
)
def test_wide_encodings_are_read_with_and_without_mark(codec: str) -> None:
    assert title(rss(THAI, "<?xml version='1.0'?>").encode(codec)) == THAI


def test_the_feed_lists_setting_beats_a_wrong_declaration() -> None:
    body = rss(THAI, "<?xml version='1.0' encoding='iso-8859-1'?>").encode("cp874")
    assert title(body, Hints(encoding="tis-620")) == THAI


def test_utf_8_declared_as_latin_1_is_still_read_as_utf_8() -> None:
    body = rss(THAI, "<?xml version='1.0' encoding='iso-8859-1'?>").encode("utf-8")
    document = parse(body, Hints())
    assert document.entries[0].values.title == THAI
    assert any("UTF-8" in note for note in document.notes)


def test_windows_1252_bytes_inside_utf_8_do_not_spoil_the_rest() -> None:
    body = rss("Café in Malmö").encode().replace("ö".encode(), b"\xf6")
    assert title(body) == "Café in Malmö"


def test_many_stray_bytes_take_linear_time() -> None:
    decoded = decode(b"<rss>" + ("é".encode() + b"\x93") * 200_000 + b"</rss>", Hints())
    assert decoded.encoding == "utf-8"
    assert "é“" in decoded.text


def test_a_doubly_encoded_byte_order_mark_is_dropped() -> None:
    assert title("ï»¿".encode() + rss("x").encode()) == "x"


@pytest.mark.parametrize("label", ["rot13", "zip", "unicode_escape", "idna", "base64", "utf-7"])
def test_pythons_odd_codecs_are_no_encodings(label: str) -> None:
    assert codec_for(label) is None


def test_binary_data_is_named_as_such() -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(b"\x89PNG\r\n" + b"\x00\x01" * 500, Hints())
    assert caught.value.state == "bad_encoding"


LABELS = {
    "cp874": "tis-620", "gb18030": "gb2312", "big5": "big5", "cp949": "euc-kr",
    "euc-jp": "euc-jp", "cp932": "shift_jis", "cp1251": "windows-1251", "koi8-r": "koi8-r",
    "cp1256": "windows-1256", "cp1255": "windows-1255", "cp1252": "iso-8859-1", "utf-8": "utf-8",
}  # fmt: skip


@pytest.mark.parametrize("codec", SENTENCES)
def test_a_declared_encoding_is_read(codec: str) -> None:
    declared = f"<?xml version='1.0' encoding='{LABELS[codec]}'?>"
    header = Hints(content_type=f"text/xml; charset={LABELS[codec]}")
    assert title(rss(SENTENCES[codec], declared).encode(codec)) == SENTENCES[codec]
    assert title(rss(SENTENCES[codec]).encode(codec), header) == SENTENCES[codec]


@pytest.mark.parametrize("lie", ["utf-8", "iso-8859-1", "windows-1252", "us-ascii"])
@pytest.mark.parametrize("codec", SENTENCES)
def test_a_server_or_declaration_that_lies_does_not_make_garbage(codec: str, lie: str) -> None:
    """Servers send one charset for all files; programs declare what they always declare."""
    sentence = SENTENCES[codec]
    false = f"<?xml version='1.0' encoding='{lie}'?>"
    true = f"<?xml version='1.0' encoding='{LABELS[codec]}'?>"
    header = Hints(content_type=f"text/xml; charset={lie}")
    assert title(rss(sentence, false).encode(codec)) == sentence
    assert title(rss(sentence, true).encode(codec), header) == sentence


def test_a_second_look_at_a_western_label_is_told() -> None:
    body = rss(THAI, "<?xml version='1.0' encoding='iso-8859-1'?>").encode("cp874")
    assert parse(body, Hints()).notes == ("declared iso-8859-1, but read as cp874",)


@pytest.mark.parametrize(
    "text",
    ["Größe der Überschwemmung in Österreich", "Déjà vu à l’Élysée – «cœur»", "¡Atención! ÁÉÍÓÚ",
     "Größe " * 20 + "ÄÖÜ",
     "ÆØÅ i Tromsø"],
)  # fmt: skip
def test_western_text_under_a_western_label_stays(text: str) -> None:
    declared = "<?xml version='1.0' encoding='windows-1252'?>"
    assert title(rss(text, declared).encode("cp1252")) == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("start", ["", " \r\n\t", "\ufeff"], ids=["bare", "blank", "mark"])
def test_wide_text_is_known_by_its_shape(codec: str, start: str) -> None:
    label = codec.rpartition("-")[0]
    for declared in ("", f"<?xml version='1.0' encoding='{label}'?>"):
        assert title((start + rss(THAI, declared)).encode(codec)) == THAI
    wrong = "<?xml version='1.0' encoding='utf-8'?>"  # converted on the way, not declared anew
    assert title((start + rss(THAI, wrong)).encode(codec)) == THAI


def test_wide_json_is_known_by_its_shape() -> None:
    feed = (
        '{"version": "https://jsonfeed.org/version/1.1",'
        f' "items": [{{"id": "1", "title": "{THAI}"}}]}}'
    )
    for codec in ("utf-16", "utf-16-be", "utf-32-le", "utf-8-sig"):
        assert title(feed.encode(codec)) == THAI


def test_half_a_character_at_the_end_loses_no_entry() -> None:
    assert title(rss(THAI).encode("utf-16-le")[:-1]) == THAI


def test_japanese_in_escapes_is_read_whatever_is_declared() -> None:
    sentence = SENTENCES["cp932"]
    for declared in ("", "<?xml version='1.0' encoding='utf-8'?>",
                     "<?xml version='1.0' encoding='iso-2022-jp'?>"):  # fmt: skip
        assert title(rss(sentence, declared).encode("iso2022_jp")) == sentence


def test_windows_quotation_marks_under_a_thai_label_are_quotation_marks() -> None:
    text = "แผ่นดินไหว “ด่วน” – เมียนมา…"
    assert title(rss(text, "<?xml version='1.0' encoding='TIS-620'?>").encode("cp874")) == text


def test_bytes_that_thai_does_not_have_spoil_only_themselves() -> None:
    body = rss(THAI, "<?xml version='1.0' encoding='TIS-620'?>").encode("cp874")
    broken = body.replace(b"</title>", b" \x81\xdb\xff</title>")
    found = title(broken)
    assert found.startswith(THAI)
    assert set(found[len(THAI) :]) <= {" ", "\ufffd"}

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

"""What fuzzing found once, by its smallest input: it stays mended."""

from __future__ import annotations

import json
import time

import pytest

from monitor.parse.advice.titles import add_advice
from monitor.parse.bounds import MAX_ALIKE
from monitor.parse.draft import Draft
from monitor.parse.entry import Document, NotAFeed
from monitor.parse.jsonparts import MAX_OBJECTS
from monitor.parse.links import opened
from monitor.parse.text import plain
from monitor.parse.xmlsafe import read_xml, repair
from tests.fuzz.building import alert, item, rss
from tests.fuzz.heavy import HEAVY
from tests.fuzz.invariants import check, outcome


def read(body: bytes) -> Document:
    found = check(body)
    assert isinstance(found, Document), found
    return found


def seconds(body: bytes) -> float:
    begun = time.process_time()
    outcome(body)
    return time.process_time() - begun


def test_a_control_character_before_an_address_does_not_stay_in_it() -> None:
    assert opened("\x00https://a.example/&#0;?x=[y", "feed:x") == "https://a.example/&#0;?x=[y"
    assert opened("\x01 javascript:alert(1)") is None


@pytest.mark.parametrize(
    "body",
    [
        b"<Report xmlns='http://xml.kishou.go.jp/jmaxml1/'><Control><Title>a\n\tb</Title></Control>"
        b"<Head/></Report>",
        b'{"type":"FeatureCollection","features":[],"title":"a\\n\\u202eb"}',
        b'{"schema_name":"travel_advice_index","title":"a\\n b","links":{"children":[]}}',
    ],
    ids=["jma", "geojson", "govuk"],
)
def test_the_title_of_a_document_is_one_clean_line(body: bytes) -> None:
    assert read(body).title in ("a b", "a")


@pytest.mark.parametrize("blank", [" ", "\t\n", "\u2003"])
def test_an_id_of_blanks_is_no_identity(blank: str) -> None:
    feature = {"id": blank, "properties": {"title": "Fire", "capurl": blank}}
    (entry,) = read(
        json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    ).entries
    assert all(key.value.strip() for key in (*entry.keys, *entry.events))


def test_a_long_fact_of_travel_advice_is_cut() -> None:
    body = json.dumps({"data": {"LA": {"advisory-state": "3" * 10_000}}}).encode()
    (entry,) = read(body).entries
    assert entry.values.advice is not None
    assert len(entry.values.advice.level or "") <= 500


@pytest.mark.parametrize(
    "before", ["<!DOCTYPE a>", "<!-- " + "x" * 21_000 + " -->", "<?a b?><!DOCTYPE b [ <!-- --> ]>"]
)
def test_no_document_type_hides_behind_another_or_behind_a_comment(before: str) -> None:
    hidden = "<!DOCTYPE rss [<!ATTLIST item x CDATA 'added'><!ENTITY e 'expanded'>]>"
    text = f"{before}{hidden}<rss><channel><item><title>t&e;</title></item></channel></rss>"
    assert "<!DOCTYPE" not in repair(text)
    (found,) = [part for part in read_xml(text).root.iter() if part.tag == "item"]
    assert not found.attrib
    (entry,) = read(text.encode()).entries
    assert entry.values.title == "t"


def test_a_document_type_in_the_middle_is_only_text() -> None:
    text = (
        "<rss><channel><item><title>t</title></item><!DOCTYPE a [<!ENTITY b 'c'>]></channel></rss>"
    )
    assert "<!DOCTYPE" not in repair(text)
    assert len(read(text.encode()).entries) == 1


@pytest.mark.parametrize(
    "inside",
    [
        f"<title>x{' ' * 60_000}- x</title>",
        f"<link>https://www.tsunami.gov/events/</link><description>Category:{' ' * 60_000}."
        f"Magnitude:{' ' * 60_000}.</description>",
        "<link>https://www.tsunami.gov/events/</link><description><![CDATA["
        + "Category: </" * 6000
        + "]]></description>",
        f"<g:severity xmlns:g='http://www.gdacs.org'>depth{' ' * 60_000}x</g:severity>",
    ],
    ids=["norwegian title", "tsunami blanks", "tsunami tags", "gdacs depth"],
)
def test_a_pattern_does_not_go_over_the_same_text_again_and_again(inside: str) -> None:
    assert seconds(rss(item(inside))) < 1.0


def test_a_norwegian_title_is_still_read() -> None:
    draft = Draft(title="Laos - reiseinformasjon ")
    add_advice(draft, read_xml("<item/>").root)
    assert draft.advice is not None
    assert draft.advice.country == "LA"


@pytest.mark.parametrize("part", ["aaaa<b/>", "<![CDATA[a]]>a<b/>", "<name>aaaa</name>"])
@pytest.mark.parametrize("end", ["</channel></rss>", ""], ids=["whole", "cut off"])
def test_an_author_in_many_parts_costs_no_square(part: str, end: str) -> None:
    body = rss(item(f"<author>{part * 6000}</author>")).removesuffix(b"</channel></rss>")
    assert seconds(body + end.encode()) < 2.0


def test_thousands_of_categories_cost_no_square_and_the_first_stay() -> None:
    many = "".join(f"<category>c{n}</category>" for n in range(20 * MAX_ALIKE))
    assert seconds(rss(item(many))) < 2.0
    (entry,) = read(rss(item(many))).entries
    assert entry.values.source_categories[:2] == ("c0", "c1")


def test_nested_base_addresses_cost_no_square() -> None:
    entries = "".join(f"<entry xml:base='{n}/'/>" for n in range(6000)).replace("/>", ">")
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}".encode()
    assert seconds(body) < 3.0


def test_texts_of_many_blocks_cost_no_square() -> None:
    blocks = "".join(f"<info><description>d{n}</description></info>" for n in range(4000))
    assert seconds(alert(blocks)) < 2.0


def test_a_telegram_of_many_areas_costs_no_square() -> None:
    small, large = (HEAVY["CAP and others: a JMA telegram of areas"](n) for n in (3 * 10**5, 10**6))
    seconds(small)
    assert seconds(large) < 8 * max(seconds(small), 0.1)


def test_nested_markup_of_a_title_costs_no_square() -> None:
    begun = time.process_time()
    for _ in range(5):
        assert plain("<div>" * 12_000 + "x") in ("", "x")
    assert time.process_time() - begun < 1.0


def test_a_page_of_opened_titles_costs_no_square() -> None:
    assert seconds(b"<html>" + b"<title " * 25_000) < 1.0


def test_a_list_beyond_all_measure_is_read_in_part_and_says_so() -> None:
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1",
            "items": [{"id": str(n), "title": "t"} for n in range(MAX_OBJECTS + 1)],
        }
    ).encode()
    found = outcome(body)
    assert not isinstance(found, NotAFeed)
    assert len(found.entries) == MAX_OBJECTS
    assert found.partly
    assert any("only the first" in note for note in found.notes)

"""An item as a line of a list: what the row says of a CAP alert's signature."""

from __future__ import annotations

from dataclasses import replace

import jinja2
import pytest

from alerts import phrases
from monitor.desk.itemrows import row, rows
from monitor.desk.voice import Voice
from storage import incidents, itemreads
from storage.database import Connection
from storage.records import Hazard, ItemValues
from tests.alerts import policies
from tests.monitor.desk.world import NOW
from tests.storage import make

WORDS = {
    "unsigned": ("unsigned", "ไม่มีลายเซ็นดิจิทัล"),
    "signed": ("signed, signature not checked", "มีลายเซ็นดิจิทัล ยังไม่ได้ตรวจ"),
    "signature_verified": ("signature verified", "ลายเซ็นดิจิทัลถูกต้อง"),
    "signature_bad": ("SIGNATURE NOT CONFIRMED", "ลายเซ็นดิจิทัลไม่ผ่านการตรวจ"),
}


def drawn(language: str, *flags: str) -> str:
    voice = Voice(language, policies.policy(), NOW)
    item = policies.item()
    item = replace(item, values=replace(item.values, flags=flags))
    environment = jinja2.Environment(loader=jinja2.PackageLoader("monitor.desk"), autoescape=True)
    environment.filters["sentence"] = phrases.sentence
    macros = environment.from_string('{% import "macros.html" as m %}{{ m.item(row, say) }}')
    return macros.render(row=row(item, voice, None), say=voice.say)


@pytest.mark.parametrize("flag", WORDS)
def test_the_line_says_how_the_signature_stands(flag: str) -> None:
    english, thai = WORDS[flag]
    assert f"· {english}" in drawn("en", flag)
    assert f"· {thai}" in drawn("th", flag)


def test_the_line_of_another_source_says_nothing_of_signatures() -> None:
    plain = drawn("en", "buddhist_year")
    assert not any(f"· {english}" in plain for english, _ in WORDS.values())


@pytest.mark.parametrize(("language", "ended"), [("en", "Cancelled by"), ("th", "ยกเลิกแล้วโดย")])
def test_what_a_publisher_takes_back_of_one_event_ends_nothing_of_its_others(
    conn: Connection, language: str, ended: str
) -> None:
    feed = make.feed_id(conn, NOW)

    def comes(title: str, of: int | None, kind: str = "alert") -> int:
        values = ItemValues(title, hazard=Hazard(type="EQ"), message_type=kind, published_at=NOW)
        item_id = make.item_id(conn, feed, NOW, title=title, values=values)
        if of is not None:
            incidents.add_item(conn, of, item_id, why=(), now=NOW)
        return item_id

    luzon, mandalay = make.incident(conn, NOW).id, make.incident(conn, NOW).id
    great = comes("M 7.4 - Mandalay", mandalay)
    withdrawn = comes("M 6.3 - northern Luzon", luzon)
    loose = comes("M 4.4 - Fiji", None)
    comes("M 6.3 - northern Luzon, deleted", luzon, "cancel")
    after = comes("M 5.6 - aftershock", mandalay)
    voice = Voice(language, policies.policy(), NOW)
    drawn = {each.id: each.ended for each in rows(conn, itemreads.recent(conn, limit=9), voice)}
    assert ended in (drawn[withdrawn] or "")
    assert [drawn[each] for each in (great, loose, after)] == [None, None, None]

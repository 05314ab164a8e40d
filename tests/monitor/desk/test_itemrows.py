"""An item as a line of a list: what the row says of a CAP alert's signature."""

from __future__ import annotations

from dataclasses import replace

import jinja2
import pytest

from alerts import phrases
from monitor.desk.itemrows import row
from monitor.desk.voice import Voice
from tests.alerts import policies
from tests.monitor.desk.world import NOW

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

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.hazards import find_hazard
from classifiers.keywords import KeywordClassifier, look
from classifiers.reader import Reader
from classifiers.tags import Tags, Text

READER = Reader(KeywordClassifier())


def read(title: str, summary: str = "", feed_kind: str | None = None) -> Tags:
    return READER.classify([Text(title, summary, feed_kind=feed_kind)])[0]


def test_one_text_gives_everything_at_once() -> None:
    tags = read("แรงงานไทยเสียชีวิต 2 รายในอิสราเอล หลังถูกโจมตีทางอากาศ")
    assert tags.labels == ("human_made",)
    assert tags.hazard == "strike"
    assert tags.hazard_evidence == ("โจมตีทางอากาศ",)
    assert tags.countries == ("IL",)
    assert tags.language == "th"
    assert tags.nationals == "harmed"
    assert [(figure.kind, figure.value) for figure in tags.figures] == [("dead", 2.0)]
    assert tags.classifier == READER.version


@pytest.mark.parametrize(
    ("title", "hazard"),
    [
        ("Tsunami warning after magnitude 8 earthquake, coast evacuated", "TS"),
        ("Typhoon brings floods, 3 dead", "TC"),
        ("ดินถล่มทับหมู่บ้าน ตาย 4", "LS"),
        ("Bird flu outbreak: 40,000 chickens culled, one patient dead", "animal_disease"),
        ("Coup in Niger: soldiers seize power, curfew", "coup"),
        ("ปิดด่านชายแดนไทย-กัมพูชา หลังปะทะตามแนวชายแดน", "border_clash"),
        ("Ferry capsizes off Bohol, 12 dead", "transport_accident"),
        ("Thai and Cambodian troops exchange fire at border", "border_clash"),
        ("F-16 โจมตีฐานทหารกัมพูชา", "strike"),
        ("Air strike on hospital kills 30", "strike"),
        ("ระเบิดที่ตลาดปัตตานี เสียชีวิต 5 ราย", "explosion"),
        ("Dam breach in Laos kills 12", "dam_failure"),
        ("เขื่อนแตกในลาว สูญหาย 30 ราย", "dam_failure"),
        ("Army seizes power in Niger", "coup"),
        ("Martial law declared, curfew in the capital", "emergency_rule"),
        ("ประกาศกฎอัยการศึกใน 8 จังหวัด", "emergency_rule"),
        ("Mpox outbreak a public health emergency of international concern", "pheic"),
    ],
)
def test_the_hazard_that_carries_the_event_is_named(title: str, hazard: str) -> None:
    assert read(title).hazard == hazard


def test_a_hazard_of_the_given_category_comes_first() -> None:
    looked = look(Text("Flood and cholera outbreak in Bangladesh"))
    assert find_hazard(looked.prepared, looked.hits, ("health",))[0] == "EP"
    assert find_hazard(looked.prepared, looked.hits, ("natural",))[0] == "FL"


def test_news_of_our_own_people_is_at_least_a_question() -> None:
    tags = read("พบศพหญิงไทยในโรงแรมโซล")
    assert (tags.labels, tags.nationals) == ((), "harmed")
    assert tags.unsure == ("human_made",)
    assert tags.evidence == {"human_made": tags.nationals_evidence}
    looking_back = read("รำลึก 20 ปีสึนามิ คนไทยเสียชีวิต 5,000 คน")
    assert (looking_back.flags, looking_back.unsure) == (("retrospective",), ())


def test_a_text_that_is_no_crisis_has_no_hazard() -> None:
    tags = read("Landslide victory in Fiji")
    assert tags.labels == ()
    assert tags.hazard is None


def test_order_is_kept_and_nothing_in_gives_nothing_out() -> None:
    texts = [Text("Flood in Fiji kills 3"), Text("Cup final tonight"), Text("Cholera outbreak")]
    assert [tags.labels for tags in READER.classify(texts)] == [("natural",), (), ("health",)]
    assert READER.classify([]) == []


@pytest.mark.parametrize("title", ["", "   ", "🙂🔥🚒", "\x00\x07", "\ud800", "\u200b" * 50])
def test_texts_without_words_are_nothing_in_no_language(title: str) -> None:
    tags = read(title)
    assert tags.labels == tags.unsure == tags.countries == ()
    assert tags.language == "und"


@pytest.mark.parametrize("unit", ["น้ำท่วม", "flood ", "地震", "(((((", "12 dead ", "ก", "1,", "a.b"])
def test_a_megabyte_of_anything_is_read_in_bounded_time(unit: str) -> None:
    huge = unit * (1_000_000 // len(unit))
    assert read(huge, huge).classifier == READER.version


@settings(max_examples=150, deadline=None)
@given(title=st.text(max_size=200), summary=st.text(max_size=200), language=st.text(max_size=6))
def test_no_text_whatever_makes_it_fail(title: str, summary: str, language: str) -> None:
    (tags,) = READER.classify([Text(title, summary, language, "ministry")])
    assert set(tags.labels) <= {"natural", "health", "human_made"}
    assert all(figure.value >= 0 for figure in tags.figures)
    # a user's name is no word of any language
    said = re.sub(r"@\w+", " ", f"{title}\n{summary}")
    assert tags.language != "und" or not any("a" <= char <= "z" for char in said)


def test_a_weak_word_names_the_hazard_when_people_were_hurt() -> None:
    looked = look(Text("Dam in Laos collapses, hundreds missing"))
    assert find_hazard(looked.prepared, looked.hits, ("human_made",))[0] == "dam_failure"
    assert find_hazard(looked.prepared, looked.hits, ("health",))[0] is None
    looked = look(Text("Minister visits the dam"))
    assert find_hazard(looked.prepared, looked.hits, ("human_made",))[0] is None


def test_coming_ashore_alone_is_no_cyclone() -> None:
    assert read("เรือผู้อพยพขึ้นฝั่งที่อินโดนีเซีย").hazard is None


def test_a_hoax_is_no_bombing() -> None:
    assert read("Bomb hoax delays flight").labels == ()
    assert read("Bomb threat at airport turns out to be hoax").flags == ("all_clear",)


def test_the_name_of_a_storm_is_one_word() -> None:
    looked = look(Text("พายุไต้ฝุ่นยางิถล่มเวียดนาม"))
    cut = [looked.prepared.folded[word.start : word.end] for word in looked.prepared.words]
    assert "ยา" not in cut


def test_an_embassy_that_orders_departure_communicates_departure() -> None:
    title = "Embassy orders departure of staff from Niger"
    assert read(title, feed_kind="ministry").communication == "departure"

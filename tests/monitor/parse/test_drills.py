"""A drill is known by its label in any of our languages; a mention of one silences nothing."""

from __future__ import annotations

import pytest

from monitor.parse.document import parse
from monitor.parse.drills import labelled
from monitor.parse.entry import Hints

LABELS = {
    "en": ["EXERCISE: Tsunami warning for the coast", "TEST - Flood warning", "*** TEST *** Flood",
           "Tsunami warning [EXERCISE]", "Exercise exercise exercise: evacuate", "DRILL! Leave now",
           "This is only a test of the warning system", "(Test message) Severe storm"],
    "th": ["ฝึกซ้อม: คลื่นสึนามิฝั่งอันดามัน",
           "[ทดสอบ] แจ้งน้ำท่วมฉับพลัน",
           "ประกาศคลื่นสึนามิ (ฝึกซ้อม)",
           "นี่คือการทดสอบระบบแจ้งข่าว"],
    "ja": ["【訓練】大津波警報", "津波警報（訓練）", "これは訓練です。大津波警報",
           "訓練報：緊急地震速報"],
    "zh": ["【演习】海啸警报", "演練：土石流警戒", "[測試] 大雨特報"],
    "ko": ["[훈련] 지진해일 경보", "모의훈련: 지진 발생"],
    "vi": ["Diễn tập: cảnh báo sóng thần", "[THỬ NGHIỆM] Tin bão khẩn cấp"],
    "id": ["LATIHAN: Peringatan dini tsunami", "[Uji coba] Peringatan banjir"],
    "ms": ["Latihan - Amaran tsunami", "(UJIAN) Amaran banjir"],
    "fil": ["PAGSASANAY: Babala sa tsunami"],
    "lo": ["ຝຶກຊ້ອມ: ເຕືອນນ້ຳຖ້ວມ"],
    "km": ["[សមយុទ្ធ] ការព្រមានទឹកជំនន់"],
    "my": ["လေ့ကျင့်မှု - ဆူနာမီသတိပေးချက်"],
    "fr": ["EXERCICE : alerte tsunami", "[Essai] Alerte aux crues"],
    "es": ["SIMULACRO: alerta de tsunami", "Prueba - Aviso de inundación"],
    "de": ["ÜBUNG: Hochwasserwarnung", "*** Probealarm *** Sturmwarnung"],
    "pt": ["SIMULADO: alerta de tsunami", "[Teste] Aviso de cheia"],
    "ar": ["تمرين: تحذير من تسونامي"],
    "ru": ["Учения: предупреждение о цунами", "[ТЕСТ] Штормовое предупреждение"],
    "hi": ["मॉक ड्रिल: सुनामी चेतावनी"],
}  # fmt: skip
REAL = [
    "Earthquake hits during evacuation exercise in Sendai",
    "Tests positive: cholera outbreak in the capital",
    "North Korea tests missile - evacuation ordered",
    "Nuclear test detected",
    "Military exercise ends as typhoon nears",
    "Contest: flood photographs",
    "Tsunami warning: exercise caution on the coast",
    "แผ่นดินไหวรุนแรงระหว่างการฝึกซ้อมอพยพ",
    "Gempa kuat saat latihan evakuasi di Aceh",
    "大津波警報",
    "防災訓練中に震度６強の地震",
]


@pytest.mark.parametrize("language", LABELS)
def test_a_label_is_known_in_every_language(language: str) -> None:
    assert [text for text in LABELS[language] if not labelled(text)] == []


@pytest.mark.parametrize("headline", REAL)
def test_a_mention_is_no_label(headline: str) -> None:
    assert not labelled(headline)


def test_all_our_languages_are_covered() -> None:
    assert len(LABELS) == 19


def test_a_drill_marked_actual_is_flagged_and_its_status_stays_as_given() -> None:
    body = (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier>'
        "<status>Actual</status><info><headline>【訓練】大津波警報</headline></info></alert>"
    )
    values = parse(body.encode(), Hints()).entries[0].values
    assert values.status == "actual"
    assert "drill_words" in values.flags

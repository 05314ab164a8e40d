"""Headlines that label a message as a drill or a test, whatever its status field says.

Only a label counts: the word stands first and is set off, in brackets, or three times. A mere
mention does not ("earthquake hits during evacuation exercise"), since taking a real alert for a
drill would silence it; for mentions see the classifiers' flags.
"""

from __future__ import annotations

import re

# Drill, exercise, test: one line per language or two.
_WORDS = (
    "exercise exercise_only test test_message test_only drill mock_drill simulation "
    "exercice essai simulacro ejercicio prueba simulado exercício teste übung probealarm "
    "учения учение тренировка учебная_тревога тест "
    "تمرين تدريب اختبار تجربة अभ्यास मॉक_ड्रिल परीक्षण "
    "ฝึกซ้อม การฝึกซ้อม ซ้อม ซ้อมแผน ทดสอบ ทดสอบระบบ ຝຶກຊ້ອມ ທົດສອບ សមយុទ្ធ ហាត់សម សាកល្បង "
    "လေ့ကျင့်မှု လေ့ကျင့် စမ်းသပ် စမ်းသပ်မှု ဇာတ်တိုက်လေ့ကျင့် "
    "latihan simulasi uji_coba ujian gladi pagsasanay pagsubok diễn_tập thử_nghiệm "
    "訓練 訓練報 試験 試験報 テスト 演习 演習 演练 演練 测试 測試 훈련 모의훈련 시험 테스트"
)
_WORD = "|".join(
    re.escape(word).replace("_", r"[\s_-]+")
    for word in sorted(_WORDS.split(), key=len, reverse=True)
)
_OPEN, _CLOSE = r"[\[(<{＜〈《【［（〔*#=]", r"[\])>}＞〉》】］）〕*#=]"
_FIRST = re.compile(
    rf"\W*(?:{_WORD})\s*(?:[:：!！|/*]|[-–—]{{1,3}}\s|\.{{2,}})"  # EXERCISE: …, TEST - …
    rf"|\W*({_WORD})(?:[\s,.!*/-]+\1){{2}}(?!\w)",  # EXERCISE EXERCISE EXERCISE
    re.I,
)
_BRACKET = re.compile(_OPEN)
_SET_OFF = re.compile(rf"{_OPEN}+\s*(?:{_WORD})\s*{_CLOSE}+", re.I)  # [TEST] …, …【訓練】
_SENTENCE = re.compile(
    r"\bth(?:is|e following) is (?:only )?an? (?:\w+ )?(?:exercise|drill|test)\b"
    r"|これは訓練|이것은 훈련|นี่คือการ(?:ฝึกซ้อม|ทดสอบ)|เป็นการ(?:ฝึกซ้อม|ทดสอบระบบ)",
    re.I,
)
# One of these stands in every such sentence.
_SENTENCE_WORDS = (
    "this is", "the following is", "これは訓練", "이것은 훈련", "นี่คือการ", "เป็นการ",
)  # fmt: skip


def labelled(headline: str) -> bool:
    """Whether the headline says of itself that it is a drill or a test."""
    text = headline[:500]
    folded = text.casefold()
    if _FIRST.match(text) or (
        any(words in folded for words in _SENTENCE_WORDS) and _SENTENCE.search(text)
    ):
        return True
    return _BRACKET.search(text) is not None and _SET_OFF.search(text) is not None

"""Month names, words for parts of the day, zone letters and era names as feeds write them."""

from __future__ import annotations

import re
import unicodedata

# Of twenty languages. Arabic has two sets of names, Persian its own spelling; `_` is a blank.
_MONTHS: tuple[str, ...] = (
    "january jan januari janvier janv enero ene janeiro januar jänner jän gennaio gen января янв "
    "январь มกราคม มกรา มค ม.ค. ມັງກອນ មករា ဇန်နဝါရီ जनवरी يناير كانون_الثاني جانفي ژانویه",
    "february feb februari februar février févr fév fevrier febrero fevereiro fev febbraio "
    "pebruari peb pebrero února февраля фев февр февраль กุมภาพันธ์ กุมภา กพ ก.พ. ກຸມພາ កុម្ភៈ កុម្ភះ "
    "ဖေဖော်ဝါရီ फरवरी फ़रवरी فبراير شباط فيفري فوریه",
    "march mar maret mac mars marzo março marco märz maerz mär mrz maart marso марта мар март "
    "มีนาคม มีนา มีค มี.ค. ມີນາ មីនា မတ်လ मार्च مارس آذار",
    "april apr avril avr abril abr aprile апреля апр апрель เมษายน เมษา เมย เม.ย. ເມສາ មេសា ဧပြီ "
    "अप्रैल أبريل ابريل نيسان أفريل آوریل",
    "may mei mai mayo maio maggio mag мая май พฤษภาคม พฤษภา พค พ.ค. ພຶດສະພາ ឧសភា မေလ मई مايو أيار "
    "ماي مه",
    "june jun juni juin junio junho giugno giu hunyo июня июн июнь มิถุนายน มิถุนา มิย มิ.ย. ມິຖຸນາ "
    "មិថុនា ဇွန် जून يونيو حزيران جوان ژوئن",
    "july jul juli julai juillet juil julio julho luglio lug hulyo июля июл июль กรกฎาคม กรกฎา กค "
    "ก.ค. ກໍລະກົດ កក្កដា ဇူလိုင် जुलाई يوليو تموز جويلية ژوئیه",
    "august aug agustus agt agu ags agst ogos août aout aoû agosto ago августа авг август สิงหาคม "
    "สิงหา สค ส.ค. ສິງຫາ សីហា ဩဂုတ် သြဂုတ် अगस्त أغسطس اغسطس آب أوت اوت",
    "september sep sept septembre septiembre setiembre setembro settembre set setyembre сентября "
    "сен сент сентябрь กันยายน กันยา กย ก.ย. ກັນຍາ កញ្ញា စက်တင်ဘာ सितंबर सितम्बर سبتمبر أيلول "
    "سپتامبر",
    "october oct oktober okt octobre octubre outubro out ottobre ott oktubre октября окт октябрь "
    "ตุลาคม ตุลา ตค ต.ค. ຕຸລາ តុលា အောက်တိုဘာ अक्टूबर अक्तूबर أكتوبر اكتوبر تشرين_الأول اکتبر",
    "november nov nop nopember novembre noviembre novembro nobyembre ноября ноя нояб ноябрь "
    "พฤศจิกายน พฤศจิกา พย พ.ย. ພະຈິກ វិច្ឆិកា နိုဝင်ဘာ नवंबर नवम्बर نوفمبر تشرين_الثاني نوامبر",
    "december dec desember des disember dis décembre déc decembre diciembre dic dezembro dez "
    "dezember dicembre disyembre декабря дек декабрь ธันวาคม ธันวา ธค ธ.ค. ທັນວາ ធ្នូ ဒီဇင်ဘာ दिसंबर "
    "दिसम्बर ديسمبر كانون_الأول دسامبر",
)


def _form(word: str) -> str:
    return unicodedata.normalize("NFKC", word.replace("_", " "))


MONTHS: dict[str, int] = {
    _form(word): number for number, words in enumerate(_MONTHS, start=1) for word in words.split()
}
_UNSPACED = re.compile("[\u0600-\u06ff\u0900-\u097f\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_SHORTEST = 3  # without its full stops a short Thai form is any two letters
# Scripts whose words stand without blanks around them, or are cut by their vowel signs.
MONTH_INSIDE = re.compile(
    "|".join(
        re.escape(word)
        for word in sorted(MONTHS, key=len, reverse=True)
        if _UNSPACED.match(word) and len(word) >= _SHORTEST
    )
)
THAI = re.compile("[\u0e00-\u0e7f]")

# Words that stand before an hour, and what they mean for hours up to twelve.
MORNING = frozenset(("午前", "上午", "早上", "凌晨", "清晨", "오전", "새벽"))
AFTERNOON = frozenset(("午後", "下午", "晚上", "傍晚", "中午", "오후", "저녁", "밤"))

# Minutes east of UTC. Letters that two places share have the reading of the wider press; the
# feed's own zone decides first (see dates.py).
ZONES: dict[str, int] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "trt": 180,
    "wat": 60,    "cat": 120, "sast": 120,
    "eat": 180, "ast": -240, "adt": -180, "nst": -210, "ndt": -150,
    "est": -300, "edt": -240, "hne": -300, "hae": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "sst": -660,
    "brt": -180, "art": -180, "clt": -240, "clst": -180, "pet": -300, "cot": -300,
    "gst": 240, "irst": 210, "aft": 270, "pkt": 300, "uzt": 300, "ist": 330, "npt": 345,
    "btt": 360, "mmt": 390, "ict": 420, "wib": 420, "wita": 480, "wit": 540, "hkt": 480,
    "sgt": 480, "myt": 480, "pht": 480, "phst": 480, "awst": 480, "ulat": 480, "jst": 540,
    "kst": 540, "tlt": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "chst": 600,
    "pgt": 600, "sbt": 660, "vut": 660, "nct": 660, "nzst": 720, "fjt": 720, "nzdt": 780,
    "fjst": 780, "tot": 780,
}  # fmt: skip

# Letters that mean the local time of a place, summer time or not.
LOCAL_ZONES: dict[str, str] = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "akt": "America/Anchorage", "aet": "Australia/Sydney",
}  # fmt: skip

# First year of each Japanese era, in words and letters, and of the Republic of China; 元 (first)
# stands for 1.
ERAS: dict[str, int] = {
    "令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912, "r": 2019, "h": 1989, "s": 1926,
    "民國": 1912, "民国": 1912,
}  # fmt: skip

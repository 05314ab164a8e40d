"""Month names, zone letters and era names as feeds write them."""

from __future__ import annotations

_MONTHS: tuple[str, ...] = (
    "january jan januari janvier janv enero ene janeiro januar jänner gennaio gen januar января "
    "มกราคม มค ม.ค. ມັງກອນ",
    "february feb februari februar février févr fevrier febrero fevereiro fev februar febbraio "
    "pebruari února февраля กุมภาพันธ์ กพ ก.พ. ກຸມພາ",
    "march mar maret mac mars marzo março marco märz maerz maart марта มีนาคม มีค มี.ค. ມີນາ",
    "april apr avril avr abril abr aprile апреля เมษายน เมย เม.ย. ເມສາ",
    "may mei mai mayo maio maggio mag мая พฤษภาคม พค พ.ค. ພຶດສະພາ",
    "june jun juni juin junio junho giugno giu июня มิถุนายน มิย มิ.ย. ມິຖຸນາ",
    "july jul juli julai juillet juil julio julho luglio lug июля กรกฎาคม กค ก.ค. ກໍລະກົດ",
    "august aug agustus ogos août aout agosto ago августа สิงหาคม สค ส.ค. ສິງຫາ",
    "september sep sept septembre septiembre setembro settembre set сентября กันยายน กย ก.ย. ກັນຍາ",
    "october oct oktober okt octobre octubre outubro out ottobre ott октября ตุลาคม ตค ต.ค. ຕຸລາ",
    "november nov novembre noviembre novembro ноября พฤศจิกายน พย พ.ย. ພະຈິກ",
    "december dec desember des disember dis décembre decembre diciembre dic dezembro dez dezember "
    "dicembre декабря ธันวาคม ธค ธ.ค. ທັນວາ",
)
MONTHS: dict[str, int] = {
    word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()
}
THAI_MONTH_ORDER = sorted(
    (word for word in MONTHS if "\u0e00" <= word[0] <= "\u0e7f"), key=len, reverse=True
)

# Minutes east of UTC. Letters that two places share have the reading of the wider press; the
# feed's own zone decides first (see dates.py).
ZONES: dict[str, int] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "trt": 180, "wat": 60,
    "cat": 120, "sast": 120, "eat": 180, "ast": -240, "adt": -180, "nst": -210, "ndt": -150,
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

# First year of each Japanese era; 元 (first) stands for 1.
ERAS: dict[str, int] = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912}

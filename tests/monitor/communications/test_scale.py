"""Every ministry's own words on the common scale of four, and what must not be read as a step."""

from __future__ import annotations

import pytest

from monitor.communications.scale import Scaled, scaled
from storage.records import Advice

CASES = {
    "US normal": ("US", "1", "Exercise Normal Precautions", 1, ()),
    "US caution": ("US", "2", "Exercise Increased Caution", 2, ()),
    "US reconsider": ("US", "3", "Reconsider Travel; ordered departure", 3, ()),
    "US do not": ("US", "4", "Do Not Travel", 4, ()),
    "AU normal": ("AU", "1", "Exercise normal safety precautions", 1, ()),
    "AU caution": ("AU", "2", "Exercise a high degree of caution", 2, ()),
    "AU reconsider": ("AU", "4/5", "Reconsider your need to travel", 3, ()),
    "AU do not": ("AU", "5/5", "Do not travel", 4, ()),
    "CA starts at 0": ("CA", "0", "Exercise normal security precautions", 1, ()),
    "CA 1": ("CA", "1", "Exercise a high degree of caution (with regional advisories)", 2, ()),
    "CA 2": ("CA", "2", "AVOID NON-ESSENTIAL TRAVEL; see also regional advisories.", 3, ()),
    "CA 3": ("CA", "3", "Avoid all travel", 4, ()),
    "CA French": ("CA", "2", "Éviter tout voyage non essentiel", 3, ()),
    "CA French 4": ("CA", "3", "Éviter tout voyage", 4, ()),
    "NZ": ("NZ", None, "Avoid non-essential travel", 3, ()),
    "GB all but": ("GB", None, "FCDO advises against all but essential travel to Laos", 3, ()),
    "GB all": ("GB", None, "FCDO advises against all travel to Laos", 4, ()),
    "DE warning": ("DE", "warning", "Reisewarnung", 4, ()),
    "DE none is not normal": ("DE", "none", "Reise- und Sicherheitshinweise", None, ()),
    "FR sauf": ("FR", None, "Déconseillé sauf raison impérative", 3, ()),
    "FR red": ("FR", None, "Formellement déconseillé", 4, ()),
    "JP 1": ("JP", "1", "十分注意してください。", 2, ()),
    "JP 2": ("JP", "2", "不要不急の渡航は止めてください。", 3, ()),
    "JP 3": ("JP", "3", "渡航は止めてください。（渡航中止勧告）", 4, ()),
    "JP 4": ("JP", "4", "退避してください。渡航は止めてください。（退避勧告）", 4, ("leave",)),
    "JP 0": ("JP", "0", "危険情報なし", 1, ()),
    "KR 1": ("KR", "1", "여행유의", 2, ()),
    "KR 2": ("KR", "2", "여행자제", 3, ()),
    "KR special": ("KR", "special", "특별여행주의보", 3, ()),
    "KR 3": ("KR", "3", "출국권고", 4, ("leave",)),
    "KR 4": ("KR", "4", "여행금지", 4, ("leave", "forbidden")),
    "NO": ("NO", None, "fraråder reiser som ikke er strengt nødvendige", 3, ()),
    "NO all": ("NO", None, "fraråder alle reiser til", 4, ()),
    "TH": ("TH", None, "งดการเดินทาง", 4, ()),
    "number alone": ("CA", "2", None, 3, ("by_number",)),
    "number alone, JP 4": ("JP", "4", "", 4, ("leave", "by_number")),
    "number alone, KR 4": ("KR", "4", None, 4, ("leave", "forbidden", "by_number")),
    "number of an unknown scale": ("PE", "4", None, None, ()),
    "words that say no step": ("US", "4", "Worldwide caution", None, ()),
    "nothing": ("GB", None, None, None, ()),
    "leave now": ("US", "4", "Do Not Travel; leave immediately", 4, ("leave",)),
}


@pytest.mark.parametrize(
    ("speaker", "level", "wording", "step", "flags"), CASES.values(), ids=CASES.keys()
)
def test_own_words_come_before_own_numbers(
    speaker: str, level: str | None, wording: str | None, step: int | None, flags: tuple[str, ...]
) -> None:
    assert scaled(Advice("LA", level, wording), speaker) == Scaled(step, flags)


def test_a_step_for_a_part_of_the_country_says_so() -> None:
    found = scaled(Advice("LA", "partialWarning", "Teilreisewarnung", partial=True), "DE")
    assert found == Scaled(4, ("partial",))


def test_worse_parts_do_not_raise_the_whole_country() -> None:
    both = "avoid_all_but_essential_travel_to_whole_country, avoid_all_travel_to_parts"
    words = (
        "FCDO advises against all but essential travel to Laos; "
        "FCDO advises against all travel to parts of Laos"
    )
    assert scaled(Advice("LA", both, words), "GB") == Scaled(3)

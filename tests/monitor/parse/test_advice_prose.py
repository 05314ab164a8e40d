"""Advice told in sentences: the words decide, a part is a part, what is taken back is none."""

from __future__ import annotations

import pytest

from alerts import phrases
from monitor.communications.scale import scaled
from monitor.incidents.take import advice_change
from monitor.parse.advice.prose import told_in
from storage.records import Advice

SAID = {
    "part of": ("FCDO advises against all but essential travel to part of Laos.", 3, True),
    "a province": ("We advise against all but essential travel to Champasak, Laos.", 3, True),
    "whole": ("FCDO advises against all but essential travel to Laos.", 3, False),
    "all": ("FCDO now advises against all travel to Laos due to fighting.", 4, False),
    "the whole of": ("FCDO advises against all travel to the whole of Laos, with Pakse.", 4, False),
    "no place": ("FCDO advises against all travel.", 4, False),
    "parts, worse first": (
        "FCDO advises against all but essential travel to parts of Laos and against all travel "
        "to within 2 km of the border.", 4, True,
    ),
    "whole and parts in one sentence": (
        "FCDO advises against all but essential travel to Laos and against all travel to parts of "
        "the north.", 3, False,
    ),
    "whole, parts worse": (
        "FCDO advises against all but essential travel to Laos. FCDO advises against all travel "
        "to parts of the north.", 3, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "step", "partial"), SAID.values(), ids=SAID.keys())
def test_a_sentence_gives_its_step_and_whether_it_is_a_part(
    text: str, step: int, partial: bool
) -> None:
    told = told_in(("Laos", f"Latest update: {text} Take care."), "LA")
    assert told is not None
    found = scaled(Advice("LA", ", ".join(told.levels), told.wording, told.partial), "GB")
    assert (found.step, "partial" in found.flags) == (step, partial)


@pytest.mark.parametrize(
    "text",
    [
        "FCDO no longer advises against all but essential travel to Laos.",
        "We have removed the advice against all travel to parts of Laos.",
        "FCDO no longer advises against all travel to Pakse and against all but essential travel "
        "to parts of Laos.",
        "Information about buses. Follow the advice of local authorities.",
        "",
    ],
)
def test_what_is_taken_back_or_advises_nothing_is_no_advice(text: str) -> None:
    assert told_in(("Laos", text), "LA") is None


def test_the_country_is_found_behind_the_part_where_the_page_names_none() -> None:
    told = told_in(("Storm", "We advise against all travel to the coast of Viet Nam."))
    assert told is not None
    assert (told.country, told.partial) == ("VN", True)


def test_no_key_of_the_ministrys_interface_is_shown_beside_its_words() -> None:
    told = told_in(
        ("Laos", "FCDO advises against all but essential travel to Laos and against all travel to "
                 "parts of the north."), "LA",
    )  # fmt: skip
    assert told is not None
    assert len(told.levels) == 2
    said = Advice("LA", ", ".join(told.levels), told.wording, told.partial)
    change = advice_change(Advice("LA"), said)
    assert change is not None
    for shown in (phrases.advice(said, "en"), change[1]):
        assert "_" not in shown
        assert shown.startswith("advises against all but essential travel to Laos")

"""Which language letters are likely to be, for a page that cannot show them."""

from __future__ import annotations

import pytest

from alerts.scripts import language_of


@pytest.mark.parametrize(
    ("run", "whole", "language"),
    [
        ("津波", "津波警報が出ました", "ja"),
        ("津波", "津波 M7.2", "zh"),
        ("지진", "지진 M5", "ko"),
        ("ငလျင်", "ငလျင် M7.7", "my"),
        ("زلزال", "زلزال", "ar"),
        ("ຝົນ", "ຝົນ", "lo"),
        ("☃ 7.7", "☃ 7.7", None),
        ("", "", None),
    ],
)
def test_a_run_is_of_the_language_that_its_letters_tell(
    run: str, whole: str, language: str | None
) -> None:
    assert language_of(run, whole) == language

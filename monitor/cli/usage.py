"""What argparse says of wrong use, in plain words and both languages."""

from __future__ import annotations

import re

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (key, re.compile(pattern, re.DOTALL))
    for key, pattern in (
        ("whole_number", r"argument (?P<what>.+?): invalid int value: (?P<given>.+)"),
        ("number", r"argument (?P<what>.+?): invalid float value: (?P<given>.+)"),
        ("choice", r"argument (?P<what>.+?): invalid choice: (?P<given>.+?),? "
                   r"\((?:maybe you meant .+? )?choose from (?P<known>.+)\)"),
        ("no_value", r"argument (?P<what>.+?): expected (?:at least )?(?:one|\d+) arguments?"),
        ("not_both", r"argument (?P<what>.+?): not allowed with argument (?P<given>.+)"),
        ("one_of", r"one of the arguments (?P<known>.+) is required"),
        ("missing", r"the following arguments are required: (?P<known>.+)"),
        ("too_much", r"unrecognized arguments: (?P<given>.+)"),
        ("ambiguous", r"ambiguous option: (?P<given>.+?) could match (?P<known>.+)"),
    )
)  # fmt: skip
_LONGEST = 200


def plain(message: str) -> str:
    """The fault in English and Thai, on one line; argparse's own words where they are not known."""
    from alerts import clean, words

    said = clean.one_line(message)
    for key, pattern in _FORMS:
        found = pattern.fullmatch(said)
        if found is None:
            continue
        values = {name: _short(value) for name, value in found.groupdict().items()}
        return " · ".join(
            words.say(f"usage.{key}", each, zone=None, **values) for each in ("en", "th")
        )
    return said


def _short(value: str) -> str:
    from alerts import clean

    return clean.shorten(value.replace("'", ""), _LONGEST)

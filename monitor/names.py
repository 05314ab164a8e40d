"""What people may write for names, codes and mail addresses in the configuration files."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_HIDDEN = frozenset("\u061c\u200e\u200f\u2028\u2029\ufeff")
_HIDDEN |= frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
# Codes that Babel has names for although they are no country or territory.
_NO_COUNTRY = frozenset(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"])


def one_visible_line(text: str) -> str:
    """The text as it is; raises ValueError where it holds what cannot be seen in one line.

    Joiners and zero-width spaces stay: several scripts are written with them.
    """
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _HIDDEN:
            from monitor.config.faults import Wrong

            raise Wrong("hidden", sign=f"U+{ord(sign):04X}")
    return text


def known_country(code: str) -> bool:
    """Whether the code is that of a country or territory; XK (Kosovo) counts as one."""
    from alerts import words

    if not re.fullmatch("[A-Z]{2}", code) or code in _NO_COUNTRY:
        return False
    return words.country(code, "en") != code


def key_form(name: str) -> str:
    """The name as a key: letters, digits and marks of every script, the rest as one hyphen each.

    Marks tell Thai, Lao or Hindi words apart as letters do, so they stay. Empty when the name
    holds no letter, digit or mark.
    """
    kept = (
        sign if sign == "_" or unicodedata.category(sign)[0] in "LNM" else " "
        for sign in unicodedata.normalize("NFC", name.casefold())
        if unicodedata.category(sign) != "Cf"
    )
    return "-".join("".join(kept).split())


def _country(text: str) -> str:
    """The code, also of a country that is written by its name: พม่า, Myanmar, UK."""
    if known_country(text):
        return text
    from monitor.config.faults import Wrong
    from monitor.countryname import code_of_name, codes_of

    if (code := code_of_name(text)) is not None:
        return code
    found = codes_of(text)
    if 1 <= len(found) <= 5:
        raise Wrong("country_meant", given=repr(text), codes=", ".join(found))
    raise Wrong("no_country", given=repr(text))


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(one_visible_line),
]
Code = Annotated[str, AfterValidator(_country)]

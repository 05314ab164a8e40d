"""What officers write for a country: its name in Thai or English, or its ISO code."""

from __future__ import annotations

import unicodedata
from functools import cache

from monitor.errors import ConfigError
from monitor.names import known_country


def country_code(said: str) -> str:
    """The ISO code of a code or of a name, in Thai or English: mm, Myanmar, พม่า.

    Raises ConfigError where it is neither, or the name fits several countries.
    """
    found = codes_of(said)
    if len(found) == 1:
        return found[0]
    codes = f" fits {', '.join(found)}" if 1 < len(found) <= 5 else " is no country"
    raise ConfigError(
        f"{said!r}{codes}: write its name in Thai or English, or its ISO code, for example Myanmar "
        "or MM"
    )


def code_of_name(said: str) -> str | None:
    """The ISO code of the one country that a name means, None for none or several.

    In Latin letters only a whole name counts: africa and americas are regions.
    """
    text = said.strip()
    found = () if text.isascii() else _named(text)
    return found[0] if len(found) == 1 else _exactly(text)


def codes_of(said: str) -> tuple[str, ...]:
    """The ISO codes of the countries that a code or a name may mean; none where it is none."""
    text = said.strip()
    return (text.upper(),) if known_country(text.upper()) else _named(text)


def country_or_region(said: str) -> str:
    """The ISO code where the text is a country's name, else as it is: it may be a region."""
    return code_of_name(said) or said.strip()


def _named(text: str) -> tuple[str, ...]:
    """The countries that the text may mean, however short it is."""
    from monitor.incidents.places import is_country

    if exact := _exactly(text):
        return (exact,)
    return tuple(code for code in _codes() if is_country(text, (code,)))


def _exactly(text: str) -> str | None:
    from alerts import words
    from monitor.parse.countries import country_named

    if found := country_named(text):
        return found
    thai = (
        (code, words.country(code, "th", short=short))
        for code in _codes()
        for short in (True, False)
    )
    wanted = "" if text.isascii() else _letters(text)  # สปป.ลาว is สปป. ลาว
    return next((code for code, name in thai if wanted and _letters(name) == wanted), None)


def _letters(name: str) -> str:
    return "".join(sign for sign in name if unicodedata.category(sign)[0] in "LM")


@cache
def _codes() -> tuple[str, ...]:
    from babel import Locale

    return tuple(code for code in map(str, Locale("en").territories) if known_country(code))

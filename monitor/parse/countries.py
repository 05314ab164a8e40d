"""Country names and codes of publishers to ISO 3166 alpha-2 codes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

# Folded names (see _folded) that are not the English names of CLDR.
_ALIASES = {
    "uae": "AE",
    "antigua": "AG",
    "antarctica british antarctic territory": "AQ",
    "saint barthelemy": "BL",
    "brunei darussalam": "BN",
    "bolivia plurinational state of": "BO",
    "bonaire": "BQ",
    "bonaire sint eustatius and saba": "BQ",
    "bonaire st eustatius saba": "BQ",
    "bahamas": "BS",
    "congo democratic republic": "CD",
    "congo democratic republic of the": "CD",
    "dem rep of congo": "CD",
    "dem rep of the congo": "CD",
    "democratic republic of congo": "CD",
    "democratic republic of the congo": "CD",
    "drc": "CD",
    "congo": "CG",
    "congo republic of the": "CG",
    "republic of the congo": "CG",
    "cote d ivoire": "CI",
    "ivory coast": "CI",
    "mainland china": "CN",
    "mainland china hong kong and macau": "CN",
    "peoples republic of china": "CN",
    "cabo verde": "CV",
    "cape verde": "CV",
    "netherlands antilles": "CW",
    "czech republic": "CZ",
    "kingdom of denmark": "DK",
    "falkland islands malvinas": "FK",
    "federated states of micronesia": "FM",
    "micronesia": "FM",
    "micronesia federated states of": "FM",
    "france": "FR",
    "england": "GB",
    "great britain": "GB",
    "uk": "GB",
    "united kingdom of great britain and northern ireland": "GB",
    "gambia": "GM",
    "french west indies": "GP",
    "south georgia and the south sandwich islands": "GS",
    "hong kong": "HK",
    "hong kong sar": "HK",
    "israel the west bank and gaza": "IL",
    "israel west bank and gaza": "IL",
    "iran islamic republic of": "IR",
    "islamic republic of iran": "IR",
    "saint kitts and nevis": "KN",
    "democratic peoples republic of korea": "KP",
    "korea democratic peoples republic of": "KP",
    "korea north": "KP",
    "korea": "KR",
    "korea republic of": "KR",
    "korea south": "KR",
    "republic of korea": "KR",
    "lao pdr": "LA",
    "lao peoples democratic republic": "LA",
    "saint lucia": "LC",
    "moldova republic of": "MD",
    "saint martin": "MF",
    "st martin and st barthelemy": "MF",
    "macedonia": "MK",
    "republic of north macedonia": "MK",
    "burma": "MM",
    "burma myanmar": "MM",
    "myanmar": "MM",
    "myanmar burma": "MM",
    "macao": "MO",
    "macao sar": "MO",
    "macau sar": "MO",
    "macau": "MO",
    "saint pierre and miquelon": "PM",
    "pitcairn": "PN",
    "pitcairn island": "PN",
    "gaza": "PS",
    "gaza strip": "PS",
    "occupied palestinian territories": "PS",
    "occupied palestinian territory": "PS",
    "palestine": "PS",
    "the occupied palestinian territories": "PS",
    "west bank": "PS",
    "west bank and gaza": "PS",
    "reunion island": "RE",
    "russian federation": "RU",
    "saint helena ascension and tristan da cunha": "SH",
    "st helena ascension and tristan da cunha": "SH",
    "st maarten": "SX",
    "syrian arab republic": "SY",
    "swaziland": "SZ",
    "east timor": "TL",
    "turkey": "TR",
    "turkiye": "TR",
    "taiwan province of china": "TW",
    "tanzania united republic of": "TZ",
    "united states of america": "US",
    "us": "US",
    "usa": "US",
    "holy see": "VA",
    "vatican": "VA",
    "saint vincent and the grenadines": "VC",
    "st vincent and the grenadines": "VC",
    "venezuela bolivarian republic of": "VE",
    "u s virgin islands": "VI",
    "viet nam": "VN",
    "wallis and futuna islands": "WF",
}
_NOT_A_COUNTRY = frozenset(("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"))


def iso2(code: str | None) -> str | None:
    """The alpha-2 code for an alpha-2 or alpha-3 code; None when it is neither."""
    if not code:
        return None
    wanted = code.strip().upper()
    if wanted == "UK":
        return "GB"
    if len(wanted) == 2 and wanted in _territories() and wanted not in _NOT_A_COUNTRY:
        return wanted
    if len(wanted) == 3 and wanted.isalpha():
        if wanted in ("XKX", "XKO"):
            return "XK"
        known = get_global("territory_aliases").get(wanted)
        if known and known[0] in _territories():
            return str(known[0])
    return None


def country_named(name: str | None, language: str = "en") -> str | None:
    """The alpha-2 code of a country's name as ministries and agencies write it.

    `language` is that of the name; the English names and our aliases count in any.
    """
    if not name:
        return None
    found = _by_name().get(_folded(name))
    if found is None and language != "en":
        found = _in_language(language).get(name.strip().casefold())
    return found


def countries_in(names: str) -> tuple[str, ...]:
    """Codes of a list such as "China, India and Viet Nam", in order, each once."""
    whole = country_named(names)
    if whole:
        return (whole,)
    parts = re.split(r"[,;/]| and (?=[A-Z])", names)
    found = [country_named(part) for part in parts]
    return tuple(dict.fromkeys(code for code in found if code))


@lru_cache(maxsize=1)
def _territories() -> dict[str, str]:
    return {code: str(name) for code, name in Locale("en").territories.items() if len(code) == 2}


@lru_cache(maxsize=8)
def _in_language(language: str) -> dict[str, str]:
    """Names of one language as they are spelled: folding would ruin other scripts."""
    names = Locale.parse(language).territories.items()
    return {
        str(name).casefold(): code
        for code, name in names
        if len(code) == 2 and code not in _NOT_A_COUNTRY
    }


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    table: dict[str, str] = {}
    for code, name in _territories().items():
        if code in _NOT_A_COUNTRY:
            continue
        table[_folded(name)] = code
        outside = re.sub(r"\s*\([^)]*\)", "", name)  # Myanmar (Burma)
        table.setdefault(_folded(outside), code)
    table.update(_ALIASES)
    return table


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("’", "").replace("'", ""))
    text = "".join(char for char in text if not unicodedata.combining(char)).casefold()
    text = re.sub(r"\bst\b\.?", "st", text.replace("&", " and "))
    text = " ".join(re.findall(r"[a-z0-9]+", text))
    return text.removeprefix("the ").removesuffix(" the")


def country_numbered(digits: str) -> str | None:
    """The alpha-2 code for an ISO 3166 numeric code, as in WMO identifiers."""
    known = get_global("territory_aliases").get(digits)
    return iso2(known[0]) if known else None

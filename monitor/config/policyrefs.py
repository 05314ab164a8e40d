"""Names in `alerts.yaml` that point elsewhere: each must point at something.

Countries and hazards may be written by their names; they are read as their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.config import policyschema as schema
from monitor.config.faults import Fault, FileFault, Said, hint, said
from monitor.config.feedschema import KINDS, TIERS
from monitor.config.missionsfile import Missions
from monitor.config.yamlfile import fault_at
from monitor.names import known_country

Location = tuple[str | int, ...]


def settle_references(path: Path, data: Any, parsed: schema.File) -> None:
    """Look every name up; names of countries and hazards in `parsed` become their codes.

    Raises FileFault with all that point at nothing.
    """
    found: list[Fault] = []

    def wrong(what: Said, *location: str | int) -> None:
        found.extend(fault_at(path, data, location, what).faults)

    people = {each.id: _names(each.role) for each in parsed.people}
    teams = {each.id: _names(each.name) for each in parsed.teams}
    for section in ("people", "teams", "rules", "digests"):
        ids = [each.id for each in getattr(parsed, section)]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                wrong(said("twice_id", name=repr(name)), section, index)

    def known(name: str, choice: Mapping[str, str], what: str, *location: str | int) -> None:
        if name not in choice:
            wrong(said(f"no_{what}", given=repr(name), hint=hint(name, choice, choice)), *location)

    for index, team in enumerate(parsed.teams):
        for number, member in enumerate(team.members):
            known(member, people, "person", "teams", index, "members", number)
        if team.head:
            known(team.head, people, "person", "teams", index, "head")
        for section, entries in (("overrides", team.overrides), ("roster", team.roster)):
            for number, each in enumerate(entries):
                for key in ("primary", "backup"):
                    if holder := getattr(each, key):
                        known(holder, people, "person", "teams", index, section, number, key)
    for index, digest in enumerate(parsed.digests):
        for number, name in enumerate(digest.to):
            known(name, teams, "team", "digests", index, "to", number)
        for number, name in enumerate(digest.onward):
            known(name, people, "person", "digests", index, "onward", number)
    for index, rule in enumerate(parsed.rules):
        for number, name in enumerate(rule.notify):
            known(name, teams, "team", "rules", index, "notify", number)
    _settle_codes(parsed, wrong)
    if found:
        raise FileFault(*found[:20])


def check_missions(path: Path, data: Any, parsed: schema.File, found: Missions) -> None:
    """A mission that a rule names must be in the missions file. Raises FileFault."""
    choice = {"any": "", **{each.id: each.city for each in found.missions}}
    for index, rule in enumerate(parsed.rules):
        for condition, where in _walk(rule.when):
            for number, each in enumerate(condition.near):
                if each.mission is not None and each.mission not in choice:
                    location = ("rules", index, "when", *where, "near", number, "mission")
                    what = said(
                        "no_mission",
                        given=repr(each.mission),
                        hint=hint(each.mission, choice, choice),
                    )
                    raise fault_at(path, data, location, what)


def hazard_keys() -> tuple[str, ...]:
    """The hazards that the catalogue of words knows."""
    from alerts import words

    return tuple(words.current().hazards)


def hazard_names() -> dict[str, str]:
    """Each hazard with its names, Thai and English."""
    from alerts import words

    return {
        key: " / ".join(words.hazard(key, language) for language in ("th", "en"))
        for key in hazard_keys()
    }


def hazard_named(text: str) -> str | None:
    """The key of a hazard by its key or a whole name, in Thai or English; None for none."""
    wanted = text.strip().casefold()
    for key, names in hazard_names().items():
        if wanted in (key.casefold(), *(name.casefold() for name in names.split(" / "))):
            return key
    return None


def _names(both: schema.Both) -> str:
    return f"{both.th} / {both.en}"


def _settle_codes(parsed: schema.File, wrong: Callable[..., None]) -> None:
    regions = dict.fromkeys(("home", *parsed.regions), "")

    def places(names: list[str], *location: str | int) -> None:
        from monitor.countryname import code_of_name

        for number, name in enumerate(names):
            if name in regions or known_country(name):
                continue
            code = code_of_name(name)
            if code is None:
                what = said("no_place_name", given=repr(name), hint=hint(name, regions))
                wrong(what, *location, number)
            else:
                names[number] = code

    def hazards(names: list[str], *location: str | int) -> None:
        keys = hazard_keys()
        for number, name in enumerate(names):
            if name in keys:
                continue
            key = hazard_named(name)
            if key is None:
                what = said("no_hazard", given=repr(name), hint=hint(name, keys, hazard_names()))
                wrong(what, *location, number)
            else:
                names[number] = key

    places(parsed.levels.exposure, "levels", "exposure")
    places(parsed.levels.coasts, "levels", "coasts")
    hazards(parsed.levels.grave_hazards, "levels", "grave_hazards")
    choices: Mapping[str, tuple[str, ...]] = {
        "feed_kinds": KINDS,
        "tiers": TIERS,
        "communications": schema.COMMUNICATIONS,
        "changes": schema.CHANGES,
        "figures": schema.FIGURES,
    }
    for index, rule in enumerate(parsed.rules):
        for condition, where in _walk(rule.when):
            at: Location = ("rules", index, "when", *where)
            places(condition.countries, *at, "countries")
            hazards(condition.hazards, *at, "hazards")
            for key, choice in choices.items():
                for number, name in enumerate(getattr(condition, key)):
                    if name not in choice:
                        below = name if key == "figures" else number
                        what = said("no_choice", given=repr(name), hint=hint(name, choice))
                        wrong(what, *at, key, below)
            if (magnitude := condition.figures.get("magnitude", 0)) > 10:
                what = said("no_magnitude", given=f"{magnitude:g}")
                wrong(what, *at, "figures", "magnitude")


def _walk(condition: schema.Condition) -> Iterator[tuple[schema.Condition, Location]]:
    """A condition and all inside it, each with where it stands below the first."""
    yield condition, ()
    for key in ("any", "all", "none"):
        inner: Iterable[schema.Condition] = getattr(condition, key)
        for number, each in enumerate(inner):
            for found, where in _walk(each):
                yield found, (key, number, *where)

"""The holidays file that `alerts.yaml` names: days on which the night's thresholds hold."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ValidationError

from alerts.hours import Holidays
from monitor.config.faults import Wrong
from monitor.config.policyschema import Both, Strict
from monitor.config.yamlfile import faults_of, plain, read_yaml

# The word of [fault.remedy] that says what to write, by the name of the key.
_REMEDIES = {"on": "on", "name": "both", "th": "thai", "en": "english"}


def _yearly(value: object) -> tuple[int, int]:
    found = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
    try:
        if found is None:
            raise ValueError
        day = date(2024, int(found[1]), int(found[2]))  # a leap year: 29 February is a day
    except ValueError as error:
        raise Wrong("no_year_day", given=repr(value)) from error
    return day.month, day.day


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        found = value
    else:
        try:
            found = date.fromisoformat(str(value))
        except ValueError as error:
            raise Wrong("no_date", given=repr(value)) from error
    if found.year >= 2400:
        raise Wrong("buddhist", year=str(found.year), wanted=str(found.year - 543))
    return found


class Yearly(BaseModel):
    model_config = Strict
    on: Annotated[tuple[int, int], BeforeValidator(_yearly)]
    name: Both
    confirmed: bool = False


class Dated(BaseModel):
    model_config = Strict
    on: Annotated[date, BeforeValidator(_date)]
    name: Both
    confirmed: bool = False


class File(BaseModel):
    model_config = Strict
    every_year: list[Yearly] = []
    dated: list[Dated] = []


def read_holidays(path: Path) -> Holidays:
    """The holidays file. Raises ConfigError naming file, line, key and remedy."""
    data = read_yaml(path)
    try:
        parsed = File.model_validate(plain(data))
    except ValidationError as error:
        raise faults_of(path, data, error, _REMEDIES, File) from error
    return Holidays(
        yearly={each.on: {"th": each.name.th, "en": each.name.en} for each in parsed.every_year},
        dated={each.on: {"th": each.name.th, "en": each.name.en} for each in parsed.dated},
        unconfirmed=[
            *(each.confirmed for each in parsed.every_year),
            *(each.confirmed for each in parsed.dated),
        ].count(False),
    )

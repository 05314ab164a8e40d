"""Notices of an advice feed that tell their advice in sentences only, made advice of a country."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitor.config.feedlist import Feed
from monitor.parse.advice.prose import LAST_CHANGE, told_in
from monitor.parse.countries import country_named
from monitor.parse.entry import Entry
from storage.records import Advice, ItemValues


def with_prose(entries: Iterable[Entry], feed: Feed) -> list[Entry]:
    """The entries; those of an advice feed with what their sentences advise."""
    if feed.kind != "advice":
        return list(entries)
    return [replace(each, values=_advised(each.values)) for each in entries]


def _advised(values: ItemValues) -> ItemValues:
    if values.advice is not None:
        return values
    about = country_named(values.title.partition(":")[0].strip())
    told = told_in((values.title, values.summary), about)
    if told is None or told.country is None:
        return values
    advice = Advice(told.country, ", ".join(told.levels), told.wording, told.partial)
    return replace(values, advice=advice, flags=(*values.flags, LAST_CHANGE))

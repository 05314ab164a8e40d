"""What the classifiers and the source say of one entry, as storage keeps it."""

from __future__ import annotations

from dataclasses import replace

from classifiers.tags import Classifier, Tags, Text
from monitor.config.feedlist import Feed
from monitor.incidents.hazards import category_of
from monitor.incidents.outbreaks import diseases_in
from monitor.parse.countries import iso2
from monitor.parse.entry import Entry
from storage.records import Category, Figure, ItemValues, Place, Reading, Tag


def reading_of(tags: Tags) -> Reading:
    """The classifiers' tags as storage keeps them."""
    return Reading(
        tags=tuple(
            Tag(label, tags.probabilities.get(label, 0.0), tags.evidence.get(label, ()), sure)
            for labels, sure in ((tags.labels, True), (tags.unsure, False))
            for label in labels
        ),
        hazard=tags.hazard,
        hazard_evidence=tags.hazard_evidence,
        language=tags.language,
        countries=tags.countries,
        places=tuple(Place(hit.name, hit.country, hit.lat, hit.lon) for hit in tags.places),
        figures=tuple(Figure(each.kind, each.value, each.words) for each in tags.figures),
        nationals=tags.nationals,
        nationals_evidence=tags.nationals_evidence,
        communication=tags.communication,
        flags=tags.flags,
        flags_evidence=tags.flags_evidence,
        classifier=tags.classifier,
        claimed_by=tags.claimed_by,
    )


def settled_by_source(reading: Reading, values: ItemValues, feed: Feed) -> Reading:
    """The reading with what the source itself settles, and what its feed does.

    An authority's warning that names no country is for the one that its feed covers.
    """
    known = settled(reading, values, feed.category, feed.kind)
    if not known.countries and _placeless(values) and (country := _whose(feed)):
        known = replace(known, countries=(country,))
    return known


def settled(
    reading: Reading, values: ItemValues, category: str | None = None, feed_kind: str = "news"
) -> Reading:
    """The reading with what the source itself settles.

    A health body's notice that names a disease and a country tells of an outbreak, however short.

    A hazard in the source's own fields gives its category for sure; a feed of one purpose, whose
    `category` it is, settles one that the classifier was unsure of. The source's own word for the
    event stands as the evidence where the text held none. A drill by its label and an all-clear
    by its fields are such whatever the text reads like.
    """
    given = category_of(values.hazard.type if values.hazard else None)
    sure = {label for label in (given, category) if label}
    if feed_kind == "health" and reading.countries and _names_disease(values, reading):
        given = given or Category.HEALTH.value
        sure.add(Category.HEALTH.value)
    event = values.hazard.event if values.hazard else None
    word = (event,) if event else ()
    tags = [
        replace(tag, sure=True, evidence=tag.evidence or word) if tag.label in sure else tag
        for tag in reading.tags
    ]
    if given and given not in {tag.label for tag in tags}:
        tags.append(Tag(given, 1.0, word, sure=True))
    flags, evidence = reading.flags, reading.flags_evidence
    for flag, source_flag in (("exercise", "drill_words"), ("all_clear", "all_clear")):
        if source_flag in values.flags and flag not in flags:
            said = values.title[:60] if flag == "exercise" else (event or values.title[:60])
            flags, evidence = (*flags, flag), (*evidence, said)
    return replace(reading, tags=tuple(tags), flags=flags, flags_evidence=evidence)


def _names_disease(values: ItemValues, reading: Reading) -> bool:
    return "all_clear" not in reading.flags and bool(diseases_in(values.title))


def text_of(entry: Entry, feed: Feed) -> Text:
    values = entry.values
    said = (values.summary, *(_areas(values) if _placeless(values) else ()))
    summary = "\n".join(part for part in said if part)
    return Text(values.title, summary, values.language or feed.language, feed.kind)


def _placeless(values: ItemValues) -> bool:
    """A hazard in the source's own fields without a country: its area may name one in words."""
    return values.hazard is not None and not any(place.country for place in values.places)


def _areas(values: ItemValues) -> list[str]:
    return [place.name for place in values.places if place.name]


def _whose(feed: Feed) -> str | None:
    """The one country that an authority's hazard feed is about, None when it covers more.

    `country` is where the publisher sits; only a coverage of one country says where events are.
    """
    if feed.kind != "hazard" or feed.tier != "official" or len(feed.coverage) != 1:
        return None
    (only,) = feed.coverage
    return only if iso2(only) == only else None


def read_late(entry: Entry, feed: Feed, classifier: Classifier) -> Reading:
    """For an entry that another program changed between the two steps."""
    tags = classifier.classify([text_of(entry, feed)])[0]
    return settled_by_source(reading_of(tags), entry.values, feed)

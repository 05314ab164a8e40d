"""A digest's content in words: one mail for one reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from alerts import clean, dates, message, templating, words
from alerts.context import languages_of
from alerts.digest.cable import cable
from alerts.digest.content import DigestContent
from alerts.digest.onward import onward
from alerts.digest.sections import issue
from alerts.digest.voice import Issue, Limits, Notes
from alerts.message import SUBJECT_LIMIT, Message
from alerts.pictures import Picture
from alerts.policy import Person, Policy
from storage.records import Level

HTML_LIMIT = 60_000  # bytes after encoding
# How far every list is cut, until the mail is small enough.
LIMITS = (
    Limits(),
    Limits(changes=6, top=4, headlines=1, categories=8, health=4, speakers=6, unalerted=5),
    Limits(
        changes=4,
        ahead=3,
        deeds=3,
        top=3,
        headlines=1,
        categories=5,
        health=3,
        speakers=4,
        unalerted=3,
        feeds=4,
    ),
    Limits(
        changes=3,
        ahead=2,
        deeds=2,
        top=2,
        headlines=0,
        categories=3,
        health=2,
        speakers=3,
        unalerted=2,
        feeds=3,
    ),
    Limits(
        changes=2,
        ahead=1,
        deeds=1,
        top=1,
        headlines=0,
        categories=2,
        health=1,
        speakers=2,
        advice=2,
        unalerted=1,
        feeds=2,
    ),
    Limits(
        changes=1,
        ahead=1,
        deeds=1,
        top=1,
        headlines=0,
        categories=1,
        health=1,
        speakers=1,
        advice=1,
        unalerted=1,
        feeds=1,
    ),
)


DESK, ONWARD = "desk", "onward"
Drawn = Mapping[str, Mapping[str, Picture]]  # pictures by language, then by name


def subject(
    content: DigestContent, language: str, *, edition: str = DESK, draft: bool = False
) -> str:
    """`[DIGEST] Sat 29 Mar 2025 – 1 FLASH, 3 ALERT, 9 WATCH · 2 feeds down`."""
    tag = words.say("message.digest", language)
    if content.week is not None:
        tag = words.say("digest.extra.weekly", language)
    if edition == ONWARD:
        tag = f"{tag} · {words.say('digest.extra.onward_tag', language)}"
    if draft or content.preview:
        key = "draft_tag" if draft else "preview_tag"
        tag = f"{words.say(f'digest.extra.{key}', language)} {tag}"
    counts = [
        words.say(
            "digest.extra.level_count",
            language,
            level=level.name,
            count=content.open_levels.get(level.name, 0),
        )
        for level in (Level.FLASH, Level.ALERT, Level.WATCH)
    ]
    joined = " ".join(counts) if language == "th" else ", ".join(counts)
    line = f"[{tag}] {dates.day(content.local_date, language)} – {joined}"
    down = content.feeds_total - content.feeds_healthy
    if down and edition == DESK:
        line += " · " + words.say("digest.feeds_down", language, count=down)
    return clean.header(line, SUBJECT_LIMIT)


def render_digest(
    content: DigestContent,
    person: Person,
    policy: Policy,
    *,
    base_url: str = "",
    edition: str = DESK,
    drawn: Drawn | None = None,
    notes: Notes | None = None,
    draft: bool = False,
) -> Message:
    """The digest for one person: Thai, English, or Thai with the main parts in English below.

    `edition` is `desk` (everything) or `onward` (what may leave the desk). `drawn` are its
    pictures; without them it has none. `notes` stand above everything, once.
    """
    for limits in LIMITS:
        blocks = issues(
            content, person, policy, base_url=base_url, edition=edition, drawn=drawn, limits=limits
        )
        blocks = (replace(blocks[0], notes=notes), *blocks[1:])
        line = subject(content, blocks[0].language, edition=edition, draft=draft)
        made = _message(content, blocks, line, policy if edition == ONWARD else None)
        if encoded_size(made.html) <= HTML_LIMIT:
            break
    return made


def encoded_size(html: str) -> int:
    """The bytes of an HTML body after encoding."""
    return message.encoded(html).size


def issues(
    content: DigestContent,
    person: Person,
    policy: Policy,
    *,
    base_url: str = "",
    edition: str = DESK,
    drawn: Drawn | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    mirror: bool = True,
) -> tuple[Issue, ...]:
    """The digest worded, one block for each of the person's languages.

    With `mirror` the second has the main parts only, as a mail has room for; without it, all.
    """
    if edition == ONWARD:
        content = onward(content, policy.home_country)
    return tuple(
        issue(
            content,
            language,
            person=person,
            policy=policy,
            zone=ZoneInfo(policy.timezone),
            base_url=clean.link(base_url) or "",
            limits=limits,
            whole=place == 0 or not mirror,
            onward=edition == ONWARD,
            pictures=(drawn or {}).get(language) if place == 0 or not mirror else None,
        )
        for place, language in enumerate(languages_of(person))
    )


def _message(
    content: DigestContent, blocks: tuple[Issue, ...], line: str, cabled_by: Policy | None
) -> Message:
    shown = {
        each.name: each for block in blocks for part in block.sections for each in part.pictures
    }
    return Message(
        subject=line,
        text=templating.text("digest.txt", blocks=blocks)
        if cabled_by is None
        else cable(
            blocks,
            [line, *(subject(content, each.language, edition=ONWARD) for each in blocks[1:])],
            cabled_by,
            issued_at=content.issued_at,
            zone=ZoneInfo(cabled_by.timezone),
        ),
        html=templating.html("digest.html", blocks=blocks, subject=line),
        headers={
            "X-Crisis-Kind": "digest",
            "X-Crisis-Digest": content.local_date.isoformat(),
            "Precedence": "list",
        },
        list_name="digest",
        languages=tuple(block.language for block in blocks),
        pictures=tuple(message.Enclosure(each.cid, each.png) for each in shown.values()),
    )
